"""Compile the lists of words that the light stemmer keeps whole, from word frequencies.

    python -m analyzers.compile_protected

It needs the package wordfreq (the extra `lexicon`) and writes `data/protected_starts.txt` and
`data/protected_ends.txt`. A word is listed where frequencies say that a cut of the stemmer's rules
would be wrong: what is left is not a word in its own right (وزارة without و), or the whole takes
the article (اللجنة), which a word behind a preposition never does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import wordfreq

from analyzers.characters import fold
from analyzers.stemmer import (
    ARABIC_WORD,
    NEVER_DEFINITE,
    PRONOUNS,
    Protection,
    explain,
    first_ending,
    first_proclitic,
    restore_before_pronoun,
)

LEAST_FREQUENCY = 1e-7
"""Rarer words are left to the rules: their counts say too little."""

LEAST_SHARE = 0.1
"""How frequent the rest must be, as a share of the whole word, for a cut to be believed."""

ARTICLE_SHARE = 0.02
"""A word whose form with the article has this share of its frequency begins with its own letter."""

UNSEEN_SHARE = 0.003
"""Below this share, what follows ال is not a word (التزم is no تزم with the article)."""


def surface_frequencies() -> Counter[str]:
    """Return the frequency (share of running words) of every surface form of wordfreq."""
    frequencies: Counter[str] = Counter()
    for word, frequency in wordfreq.get_frequency_dict("ar", wordlist="best").items():
        surface = fold(word)
        if ARABIC_WORD.fullmatch(surface):
            frequencies[surface] += frequency
    return frequencies


def own_starts(frequencies: Counter[str]) -> Iterator[str]:
    """Yield the words whose first letters look like a proclitic and are not."""

    def with_article(word: str) -> float:
        return frequencies["ال" + word] + frequencies["لل" + word]

    for word, frequency in frequencies.items():
        if frequency < LEAST_FREQUENCY:
            continue
        takes_article = with_article(word) >= ARTICLE_SHARE * frequency
        cut = first_proclitic(word)
        rest = word[len(cut) :]
        if not cut:
            # Too short for the rules, yet found before a pronoun: بيتهم is بيت + هم.
            own = takes_article and word[0] in "وفبلك"
        elif cut == "ال":
            seen = frequencies[rest] + frequencies["لل" + rest] + frequencies["بال" + rest]
            own = (
                with_article(word) + frequencies["ل" + word] >= ARTICLE_SHARE * frequency
                or seen < UNSEEN_SHARE * frequency
            )
        elif cut == "لل":
            own = False
            if frequencies["ال" + word[1:]] > frequencies["ال" + rest]:
                yield word[1:]  # للغة holds لغة, not غة
        elif cut.endswith("ال"):
            own = frequencies["ال" + rest] < LEAST_SHARE * frequency
        else:
            own = takes_article or (
                frequencies[rest] + frequencies["ال" + rest] < LEAST_SHARE * frequency
            )
        if own:
            yield word


def own_ends(frequencies: Counter[str], starts: frozenset[str]) -> Iterator[str]:
    """Yield the words whose last letters look like a pronoun or an ending and are not."""

    def family(word: str) -> float:
        return frequencies[word] + frequencies["ال" + word]

    protection = Protection(starts, frozenset())
    for word in frequencies:
        frequency = family(word)
        if frequency < LEAST_FREQUENCY or explain(word, protection).proclitics:
            continue
        takes_article = frequencies["ال" + word] >= ARTICLE_SHARE * frequency
        base, ending = first_ending(word)
        if not ending:
            if len(word) == 3 and word.endswith("ت") and takes_article:
                yield word  # its ت is no teh marbuta before a pronoun: صوته is صوت + ه
            continue
        kept = family(base) + (family(base + "ه") if ending == "ات" else 0)
        if ending in PRONOUNS:
            kept += family(restore_before_pronoun(base, protection))
        # A pronoun or the alef of tanween never stands behind the article.
        if kept < LEAST_SHARE * frequency or (takes_article and ending in NEVER_DEFINITE):
            yield word


def main() -> None:
    """Write both lists."""
    frequencies = surface_frequencies()
    data = Path(__file__).parent / "data"
    starts = frozenset(own_starts(frequencies))
    for name, words in (("starts", starts), ("ends", own_ends(frequencies, starts))):
        lines = [
            f"# Words whose {name} no stemming rule may cut; compiled by compile_protected.py",
            "# from wordfreq (data CC BY-SA 4.0, see NOTICE). Surface forms, sorted.",
            *sorted(set(words)),
        ]
        (data / f"protected_{name}.txt").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
