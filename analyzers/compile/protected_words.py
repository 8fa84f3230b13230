"""Compiles the lists of the light stemmer from word frequencies.

    python -m analyzers.compile.protected_words [FOLDER]

It needs the package wordfreq (the extra `lexicon`) and writes three lists to `data/`, or to FOLDER:

- `protected_starts` and `protected_ends`: words from which the rules of the stemmer would strip letters
  wrongly, according to frequencies: the rest is not a word of its own (وزارة without و), or the word
  takes the article (اللجنة), as no word after a preposition does;
- `prefixed`: words that begin with a proclitic which the rules, given those lists, do not strip.

Frequencies are shares of running text, as wordfreq has them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import wordfreq

from analyzers.compile.lexicon_sources import BROKEN_PLURAL_LIST, read_lemma_list
from analyzers.normalization.folding import fold
from analyzers.stemming.affixes import CONJUNCTIONS, INDEFINITE_ENDINGS, PRONOUNS
from analyzers.stemming.joined_words import split_joined_word
from analyzers.stemming.light_stemmer import (
    StemExplanation,
    explain,
    outermost_ending,
    outermost_proclitic,
    protected_start_of,
    stem,
)
from analyzers.stemming.protected_words import ProtectedWords
from analyzers.stemming.stopwords import is_stopword
from analyzers.word_files import DATA_DIR, read_word_list

MIN_FREQUENCY = 1e-7
"""The stemmer's rules decide on rarer words, whose frequencies are too uncertain."""

MIN_REST_SHARE = 0.1
"""An affix is real if the rest is at least this frequent, as a share of the whole word."""

MIN_ARTICLE_SHARE = 0.02
"""A word is a noun that begins with its own letters if its form with the article has this share."""

MAX_UNSEEN_SHARE = 0.003
"""Below this share of the whole, what follows ال is not a word: التزم is not تزم with the article."""

MIN_PREFIXED_SHARES = {"ب": 0.3, "ل": 0.3, "ك": 0.3, "ال": 0.1, "و": 2.0, "ف": 2.0}
"""How frequent the rest must be, as a share of the whole, to strip a proclitic against the rules."""

MIN_PRONOUN_SHARE = 0.02
"""A name is a preposition and a noun as well if its forms with pronouns have this share: باسمه tells of باسم."""

MIN_DEFINITE_LAM_SHARE = 0.004
"""A word in ال has the article, although it looks like a listed noun with a pronoun or an ending (الفهم like
ألفهم), if its form in لل has this share of its frequency."""

MAX_REST_SHARE = 20
"""How many times as frequent as such a word a noun may be that follows the article: الأنا has no انا."""

MIN_CONJOINED_SHARE = 20
"""A word in وال or فال begins with a conjunction if the rest is this many times as frequent: والدين."""

_LETTERS = re.compile("[\u0621-\u064a]{2,}")


class SurfaceFrequencies(dict[str, float]):
    """The frequencies of surface forms; 0 for a form that does not occur."""

    def __missing__(self, surface: str) -> float:
        return 0.0

    def with_article(self, word: str) -> float:
        """Return the frequency of a word after the article."""
        return self.get("ال" + word, 0.0) + self.get("لل" + word, 0.0)

    def with_or_without_article(self, word: str) -> float:
        """Return the frequency of a word alone and after ال."""
        return self.get(word, 0.0) + self.get("ال" + word, 0.0)

    def takes_article(self, word: str) -> bool:
        """Tell whether a word is a noun or an adjective, by its use with the article."""
        return self.with_article(word) >= MIN_ARTICLE_SHARE * self[word]


def surface_frequencies() -> SurfaceFrequencies:
    """Return the frequencies of wordfreq, summed over the spellings of each surface form."""
    frequencies = SurfaceFrequencies()
    for word, frequency in wordfreq.get_frequency_dict("ar", wordlist="best").items():
        surface = fold(word)
        if _LETTERS.fullmatch(surface):
            frequencies[surface] += frequency
    return frequencies


def find_protected_starts(frequencies: SurfaceFrequencies) -> Iterator[str]:
    """Yield the words whose first letters look like a proclitic and are not."""
    for word in {*frequencies, *(word[2:] for word in frequencies if word.startswith("ال"))}:
        frequency = frequencies[word]
        if frequencies.with_or_without_article(word) < MIN_FREQUENCY or len(word) < 3:
            continue
        proclitic = outermost_proclitic(word)
        rest = word[len(proclitic) :]
        if not proclitic:
            # Too short for the rules, yet the base of a word with a pronoun: بيتهم is بيت + هم.
            protect = word[0] in "وفبلك" and frequencies.takes_article(word)
        elif proclitic == "ال":
            after_preposition = frequencies.with_article(word) + frequencies["ل" + word]
            seen = frequencies[rest] + frequencies["لل" + rest] + frequencies["بال" + rest]
            protect = seen < MAX_UNSEEN_SHARE * frequency or (
                after_preposition >= MIN_ARTICLE_SHARE * frequency and frequencies[rest] < frequency
            )
        elif proclitic == "لل":
            protect = False
            if len(word) > 3 and frequencies["ال" + word[1:]] > frequencies["ال" + rest]:
                yield word[1:]  # للغة contains لغة, not غة
        elif proclitic.endswith("ال"):
            protect = (
                frequencies.takes_article(word)  # البالون
                or frequencies["ال" + rest] < MIN_REST_SHARE * frequency
            )
        else:
            protect = (
                frequencies.takes_article(word)
                or frequencies.with_or_without_article(rest) < MIN_REST_SHARE * frequency
            )
        if protect and not _is_conjoined(word, frequencies):
            yield word


def find_prefixed(frequencies: SurfaceFrequencies, protected: ProtectedWords) -> Iterator[str]:
    """Yield the words that begin with a proclitic which the rules do not strip."""
    for word, frequency in frequencies.items():
        if frequency < MIN_FREQUENCY or word in protected.starts or is_stopword(word):
            continue
        proclitic = outermost_proclitic(word, short=True)
        rest = word[len(proclitic) :]
        listed = protected_start_of(word[1:] if proclitic == "لل" else word, protected)
        if listed and _has_article(word, frequencies):
            yield word
            continue
        if proclitic == "لل":
            # للأزمة looks like ل + اللازمة
            definite = frequencies["ال" + rest]
            if listed and definite > frequencies.with_or_without_article(word[1:]):
                yield word
            continue
        rest_frequency = frequencies.with_or_without_article(rest)
        if (
            proclitic in MIN_PREFIXED_SHARES
            and not explain(word, protected).proclitics
            and not frequencies.takes_article(word)
            and rest_frequency >= MIN_PREFIXED_SHARES[proclitic] * frequency
            and (not listed or rest_frequency > frequencies.with_or_without_article(listed))
            and (
                len(rest) > 3
                or frequencies.with_article(rest) >= MIN_REST_SHARE * frequencies[rest]
            )
        ):
            yield word


def _has_article(word: str, frequencies: SurfaceFrequencies) -> bool:
    """Tell whether a word that looks like an inflected noun is one with the article.

    No noun with a pronoun follows ل and the article: للفهم tells that الفهم is not ألف with هم.
    """
    if _is_conjoined(word, frequencies):
        return True
    if not word.startswith("ال"):
        return False
    rest, frequency = word[2:], frequencies[word]
    if len(rest) < 3:
        return False
    nisba = word.endswith("ي")  # الصيني is more often an adjective than "my"
    return (
        frequencies["لل" + rest] > (0 if nisba else MIN_DEFINITE_LAM_SHARE * frequency)
        and MIN_REST_SHARE * frequency <= frequencies[rest] <= MAX_REST_SHARE * frequency
    )


def _is_conjoined(word: str, frequencies: SurfaceFrequencies) -> bool:
    """Tell whether a word in وال or فال is mostly و or ف and a word with the article: والدين."""
    return (
        len(word) > 5
        and word.startswith(("وال", "فال"))
        and frequencies[word[1:]] >= MIN_CONJOINED_SHARE * frequencies[word]
    )


def find_function_words(
    frequencies: SurfaceFrequencies, protected: ProtectedWords
) -> Iterator[tuple[str, str]]:
    """Yield function words that the rules cut wrongly, each with the conjunction before it or "".

    The rest is none: لدينا is not دين, ويكون not ويك, وإليها not والي.
    """
    words = {fold(word) for word in read_word_list("stopwords.txt")}
    nouns = {fold(word) for word in read_word_list("homographs.txt")}
    for word in sorted(words):
        explanation = explain(word, protected)
        article = word.startswith(("الذ", "الت", "الل", "بال", "لل"))
        if len(word) < 3 or article or split_joined_word(word) != [word]:
            continue
        if explanation.stem not in words | nouns and frequencies[word] >= MIN_FREQUENCY:
            yield word, ""
        for conjunction in CONJUNCTIONS:
            joined = conjunction + word
            if joined not in words and _begins_with_conjunction(joined, frequencies, protected):
                yield word, conjunction


def _begins_with_conjunction(
    word: str, frequencies: SurfaceFrequencies, protected: ProtectedWords
) -> bool:
    """Tell whether the rules cut the end of a word in و or ف and not the conjunction, wrongly.

    وهما may be a noun with tanween as well.
    """
    explanation = explain(word, protected)
    if explanation.proclitics or explanation.stem == word or frequencies.takes_article(word):
        return False
    if frequencies[word] < MIN_FREQUENCY:
        return False
    share = MIN_CONJOINED_SHARE if frequencies.takes_article(explanation.stem) else 1
    return frequencies[word[1:]] >= share * frequencies[word]


def find_prefixed_names(
    frequencies: SurfaceFrequencies, protected: ProtectedWords, names: frozenset[str]
) -> Iterator[str]:
    """Yield the protected names that are a preposition and a noun as well: باسم.

    The stemmer keeps them whole; a search for the noun covers them.
    """
    unprotected = protected._replace(starts=protected.starts - names)
    for word in names.intersection(find_prefixed(frequencies, unprotected)):
        inflected = sum(frequencies[word + pronoun] for pronoun in PRONOUNS)
        if inflected >= MIN_PRONOUN_SHARE * frequencies[word]:
            yield word


def find_protected_ends(
    frequencies: SurfaceFrequencies, protected: ProtectedWords
) -> Iterator[str]:
    """Yield the words whose last letters look like a pronoun or an ending and are not."""
    for word in frequencies:
        frequency = frequencies.with_or_without_article(word)
        rare = frequency < MIN_FREQUENCY or len(word) < 3
        if rare or explain(word, protected).proclitics:
            continue
        base, ending = outermost_ending(word)
        takes_article = frequencies["ال" + word] >= MIN_ARTICLE_SHARE * frequency
        if word.endswith("ت") and not word.endswith("ات"):
            # With the article a final ت is not a teh marbuta before a pronoun: صوته is صوت + ه.
            with_heh = frequencies.with_or_without_article(word[:-1] + "ه")
            takes_article = takes_article and with_heh < frequency
            if takes_article:
                yield word
        elif word.endswith("اه"):  # حياه, and not a misspelled plural: سياراه
            with_teh = frequencies.with_or_without_article(word[:-1] + "ت")
            takes_article = takes_article and with_teh < frequency
        if len(word) == 3 and word.endswith("ه") and takes_article:
            if frequencies.with_or_without_article(word[:-1] + "ات") < frequency:
                yield word  # the rules leave three letters before ات: لغات is the plural of لغة
        elif ending == "نا" and _has_tanween(word, frequencies):
            noun = word[:-1]
            if not outermost_ending(noun)[1]:  # else the noun is examined by itself
                yield noun
        elif ending and _is_part_of_word(
            ending, base, word, frequencies, takes_article=takes_article
        ):
            yield word


def find_listed(
    lemmas: Mapping[str, str], protected: ProtectedWords
) -> Iterator[tuple[str, StemExplanation]]:
    """Yield the words of a list that the rules cut otherwise than their lemmas, and how.

    A listed plural is a word of its own, whose last letters are no ending (أبيات of بيت), unless it has
    the stem of its lemma (مستشفيات).
    """
    for form, lemma in lemmas.items():
        explanation = explain(form, protected)
        if form == lemma or explanation.stem != stem(lemma, protected):
            yield form, explanation


def _has_tanween(word: str, frequencies: SurfaceFrequencies) -> bool:
    """Tell whether a word in نا is a noun in ن with tanween: معدنا is معدن."""
    others = max(map(frequencies.with_or_without_article, (word, word[:-2])))
    return frequencies.with_or_without_article(word[:-1]) > others


def _is_part_of_word(
    ending: str, base: str, word: str, frequencies: SurfaceFrequencies, *, takes_article: bool
) -> bool:
    """Tell whether an apparent ending is part of the word."""
    if takes_article and (
        ending in INDEFINITE_ENDINGS or (ending == "ه" and base.endswith(("ا", "و")))
    ):
        return True
    # A noun is more frequent than its form with tanween, a name in ا than the rest without it.
    share = 1.0 if ending == "ا" else MIN_REST_SHARE
    rest = sum(map(frequencies.with_or_without_article, _spellings_without(ending, base)))
    return rest < share * frequencies.with_or_without_article(word)


def _spellings_without(ending: str, base: str) -> set[str]:
    """Return the words that an ending may have been added to, as they are spelled alone."""
    words = {base}
    if ending in ("ت", "ات") or (base.endswith("ت") and ending in (*PRONOUNS, "ان", "ين")):
        words.add(base.removesuffix("ت") + "ه")
    if ending in PRONOUNS:
        if base.endswith(("اؤ", "ائ")):
            words.add(base[:-1] + "ء")
        if base.endswith("ا"):
            words.add(base[:-1] + "ي")
        if base.endswith("و"):
            words |= {base + "ا", base[:-1]}
    return words


def compile_lists(
    frequencies: SurfaceFrequencies, lemmas: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the content of each list by the name of its file.

    `lemmas` are the lemmas of listed forms, by default those of broken plurals. Of the lists that
    ship, only those written by hand have an influence: protected words, plurals, stop words.
    """
    if lemmas is None:
        listed = read_lemma_list(DATA_DIR / BROKEN_PLURAL_LIST)
        lemmas = {fold(form): fold(lemma) for form, lemma in listed.items()}
    by_hand = read_word_list("protected_words.txt")
    starts = frozenset(find_protected_starts(frequencies))
    protected = ProtectedWords(starts | by_hand, frozenset())
    prefixed = frozenset(find_prefixed(frequencies, protected))
    protected = ProtectedWords(starts | by_hand, frozenset(), prefixed)
    ends = frozenset(find_protected_ends(frequencies, protected))
    protected = protected._replace(ends=ends | by_hand)
    for word, explanation in find_listed(lemmas, protected):
        rest = frequencies.with_or_without_article(explanation.stem)
        other = rest > frequencies.with_or_without_article(word)
        if explanation.proclitics and explanation.proclitics[0].text != "ال" and not other:
            starts |= {word}  # with ال the word is more often another one: ألسنة, السنة
        ending = explanation.endings[0] if explanation.endings else None
        if ending and ending.text != "ه" and not (ending.rule == "pronoun" and other):
            ends |= {word}  # نسائك is also نساء with a pronoun
    for word, conjunction in find_function_words(frequencies, protected):
        if conjunction:
            prefixed |= {conjunction + word}
        else:
            starts |= {word}
            ends |= {word}
    prefixed -= starts
    prefixed |= frozenset(find_prefixed_names(frequencies, protected, by_hand))
    return {
        "protected_starts.txt": _format("Words whose starts no stemming rule may cut", starts),
        "protected_ends.txt": _format("Words whose ends no stemming rule may cut", ends),
        "prefixed.txt": _format("Words that begin with a proclitic the rules do not see", prefixed),
    }


def _format(title: str, words: frozenset[str]) -> str:
    # These comments are part of the fingerprint of every index: a change of them makes all of those
    # useless.
    lines = [
        f"# {title}; compiled by",
        "# analyzers.compile.protected_words from wordfreq (data CC BY-SA 4.0, see NOTICE), sorted.",
        *sorted(words),
    ]
    return "\n".join(lines) + "\n"


def main(folder: Path = DATA_DIR) -> None:
    """Write the lists to a folder."""
    for name, content in compile_lists(surface_frequencies()).items():
        (folder / name).write_text(content, "utf-8", newline="\n")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
