"""Compile the word lists of the light stemmer from word frequencies.

    python -m analyzers.compile.protected_words

It needs the package wordfreq (the extra `lexicon`) and writes three lists to `data/`:
- `protected_starts` and `protected_ends`: words where frequencies say that a cut of the stemmer's
  rules would be wrong, because what is left is not a word in its own right (وزارة without و) or
  because the whole takes the article (اللجنة), which a word behind a preposition never does;
- `prefixed`: words that begin with a proclitic where the rules, with those lists, do not see one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import wordfreq

from analyzers.normalization.folding import fold
from analyzers.stemming.light_stemmer import (
    NEVER_DEFINITE,
    PRONOUNS,
    Protection,
    explain,
    first_ending,
    first_proclitic,
    owner_of_start,
)
from analyzers.stemming.stopwords import is_stopword
from analyzers.word_files import DATA, read_words

LEAST_FREQUENCY = 1e-7
"""Rarer words are left to the rules: their counts say too little."""

LEAST_SHARE = 0.1
"""How frequent the rest must be, as a share of the whole word, for a cut to be believed."""

ARTICLE_SHARE = 0.02
"""A word whose form with the article has this share of its frequency begins with its own letter."""

UNSEEN_SHARE = 0.003
"""Below this share, what follows ال is not a word (التزم is no تزم with the article)."""

SURE_SHARE = {"ب": 0.3, "ل": 0.3, "ك": 0.3, "ال": 0.1, "و": 2.0, "ف": 2.0}
"""How frequent the rest must be where a proclitic is cut against the rules."""

_LETTERS = re.compile("[\u0621-\u064a]{2,}")


class Frequencies(dict[str, float]):
    """The frequency (share of running words) of surface forms; 0 for a form not seen."""

    def __missing__(self, surface: str) -> float:
        return 0.0

    def with_article(self, word: str) -> float:
        """Return how frequent a word is behind the article."""
        return self["ال" + word] + self["لل" + word]

    def family(self, word: str) -> float:
        """Return how frequent a word is with and without the article."""
        return self[word] + self["ال" + word]

    def takes_article(self, word: str) -> bool:
        """Tell whether a word is a noun or an adjective, by its use with the article."""
        return self.with_article(word) >= ARTICLE_SHARE * self[word]


def surface_frequencies() -> Frequencies:
    """Return the frequencies of wordfreq, summed over the spellings of a surface form."""
    frequencies = Frequencies()
    for word, frequency in wordfreq.get_frequency_dict("ar", wordlist="best").items():
        surface = fold(word)
        if _LETTERS.fullmatch(surface):
            frequencies[surface] += frequency
    return frequencies


def own_starts(frequencies: Frequencies) -> Iterator[str]:
    """Yield the words whose first letters look like a proclitic and are not."""
    for word in {*frequencies, *(word[2:] for word in frequencies if word.startswith("ال"))}:
        frequency = frequencies[word]
        if frequencies.family(word) < LEAST_FREQUENCY or len(word) < 3:
            continue
        cut = first_proclitic(word)
        rest = word[len(cut) :]
        if not cut:
            # Too short for the rules, yet found before a pronoun: بيتهم is بيت + هم.
            own = word[0] in "وفبلك" and frequencies.takes_article(word)
        elif cut == "ال":
            after_preposition = frequencies.with_article(word) + frequencies["ل" + word]
            seen = frequencies[rest] + frequencies["لل" + rest] + frequencies["بال" + rest]
            own = seen < UNSEEN_SHARE * frequency or (
                after_preposition >= ARTICLE_SHARE * frequency and frequencies[rest] < frequency
            )
        elif cut == "لل":
            own = False
            if len(word) > 3 and frequencies["ال" + word[1:]] > frequencies["ال" + rest]:
                yield word[1:]  # للغة holds لغة, not غة
        elif cut.endswith("ال"):
            own = (
                frequencies.takes_article(word)  # البالون
                or frequencies["ال" + rest] < LEAST_SHARE * frequency
            )
        else:
            own = (
                frequencies.takes_article(word)
                or frequencies.family(rest) < LEAST_SHARE * frequency
            )
        if own:
            yield word


def hidden_proclitics(frequencies: Frequencies, protection: Protection) -> Iterator[str]:
    """Yield the words that begin with a proclitic where the rules do not see one."""
    for word, frequency in frequencies.items():
        if frequency < LEAST_FREQUENCY or word in protection.starts or is_stopword(word):
            continue
        cut = first_proclitic(word, short=True)
        rest = word[len(cut) :]
        owner = owner_of_start(word[1:] if cut == "لل" else word, protection)
        if cut == "لل":
            # للأزمة looks like ل + اللازمة
            if owner and frequencies["ال" + rest] > frequencies.family(word[1:]):
                yield word
        elif (
            cut in SURE_SHARE
            and not explain(word, protection).proclitics
            and not frequencies.takes_article(word)
            and frequencies.family(rest) >= SURE_SHARE[cut] * frequency
            and (not owner or frequencies.family(rest) > frequencies.family(owner))
            and (len(rest) > 3 or frequencies.with_article(rest) >= LEAST_SHARE * frequencies[rest])
        ):
            yield word


def own_ends(frequencies: Frequencies, protection: Protection) -> Iterator[str]:
    """Yield the words whose last letters look like a pronoun or an ending and are not."""
    for word in frequencies:
        frequency = frequencies.family(word)
        rare = frequency < LEAST_FREQUENCY or len(word) < 3
        if rare or explain(word, protection).proclitics:
            continue
        base, ending = first_ending(word)
        takes_article = frequencies["ال" + word] >= ARTICLE_SHARE * frequency
        if word.endswith("ت") and not word.endswith("ات"):
            # A ت behind the article is no teh marbuta before a pronoun: صوته is صوت + ه.
            takes_article = takes_article and frequencies.family(word[:-1] + "ه") < frequency
            if takes_article:
                yield word
        elif word.endswith("اه"):  # حياه, and not a slip for a plural: سياراه
            takes_article = takes_article and frequencies.family(word[:-1] + "ت") < frequency
        if len(word) == 3 and word.endswith("ه") and takes_article:
            if frequencies.family(word[:-1] + "ات") < frequency:
                yield word  # the rules need three letters before ات: لغات is the plural of لغة
        elif ending == "نا" and _has_tanween(word, frequencies):
            noun = word[:-1]
            if not first_ending(noun)[1]:  # else the noun has its own turn
                yield noun
        elif ending and _is_own(ending, base, word, frequencies, takes_article=takes_article):
            yield word


def _has_tanween(word: str, frequencies: Frequencies) -> bool:
    """Tell whether a word in نا is a noun in ن with tanween: معدنا is معدن."""
    others = max(frequencies.family(word), frequencies.family(word[:-2]))
    return frequencies.family(word[:-1]) > others


def _is_own(
    ending: str, base: str, word: str, frequencies: Frequencies, *, takes_article: bool
) -> bool:
    """Tell whether an ending belongs to the word."""
    if takes_article and (
        ending in NEVER_DEFINITE or (ending == "ه" and base.endswith(("ا", "و")))
    ):
        return True
    # A noun is more frequent than its form with tanween, a name in ا than what it would leave.
    share = 1.0 if ending == "ا" else LEAST_SHARE
    kept = sum(map(frequencies.family, _without(ending, base)))
    return kept < share * frequencies.family(word)


def _without(ending: str, base: str) -> set[str]:
    """Return the words that may stand before an ending, in the spellings they have alone."""
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


def main() -> None:
    """Write the lists."""
    frequencies = surface_frequencies()
    by_hand = read_words("protected_words.txt")
    starts = frozenset(own_starts(frequencies))
    protection = Protection(starts | by_hand, frozenset())
    prefixed = frozenset(hidden_proclitics(frequencies, protection))
    protection = Protection(starts | by_hand, frozenset(), prefixed)
    ends = frozenset(own_ends(frequencies, protection))
    _write("protected_starts.txt", "Words whose starts no stemming rule may cut", starts)
    _write("protected_ends.txt", "Words whose ends no stemming rule may cut", ends)
    _write("prefixed.txt", "Words that begin with a proclitic the rules do not see", prefixed)


def _write(name: str, title: str, words: frozenset[str]) -> None:
    lines = [
        f"# {title}; compiled by compile_protected.py",
        "# from wordfreq (data CC BY-SA 4.0, see NOTICE). Surface forms, sorted.",
        *sorted(words),
    ]
    (DATA / name).write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
