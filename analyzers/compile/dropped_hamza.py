"""Compiles the list of words in اء that are written without their final hamza: الكهربا, الدوا.

    python -m analyzers.compile.dropped_hamza [FOLDER]

It needs the packages simplemma and wordfreq (the extra `lexicon`) and writes `dropped_hamza.txt` to
`data/`, or to FOLDER: each word without the hamza, after ال where only the article tells that it is
no other word. غدا is tomorrow, الغدا is lunch.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from analyzers.compile.lexicon import dictionary_entries
from analyzers.compile.protected_words import SurfaceFrequencies, surface_frequencies
from analyzers.morphology.lexicon import LexiconEntry
from analyzers.word_files import DATA_DIR

DROPPED_HAMZA_FILE = "dropped_hamza.txt"

MIN_WEIGHT = 20
"""The least weight of a word in اء."""

MAX_DEFINITE_SHARE = 0.09
"""With the article the word without its hamza is another one if it is more frequent than this share."""

MAX_INDEFINITE_SHARE = 0.25
"""The same without the article."""

MAX_NOUN_SHARE = 0.7
"""An alef is a case ending if the noun before it is more frequent than this share: أجرا is of أجر."""

_OTHER_WORDS = frozenset(
    ("انبا", "اثنا", "انا", "اعلا", "اقصا", "ادنا", "فصحا", "اغنا", "اعطا", "عدا", "حوا")
)
"""Words with another meaning after the article (الأنبا, a title), and misspelled ones (أعلا for أعلى)."""

# fmt: off
_AMBIGUOUS = frozenset((
    "رجا", "هجا", "سخا", "نما", "زكا", "قسا", "شفا", "وفا", "ندا", "ذكا", "ثرا", "سما", "حذا", "جزا",
    "اطفا", "اجرا", "بيضا", "سودا", "عشا", "مسا", "لحا", "نقا", "بقا", "ادا", "شهدا", "شركا", "ايذا", "نسا",
))
# fmt: on
"""Verbs, names and nouns with tanween, which only the article tells from the noun in اء."""


def find_dropped_hamzas(
    entries: Mapping[str, LexiconEntry], frequencies: SurfaceFrequencies
) -> Iterator[str]:
    """Yield the words in اء without their last letter, after the article where it must tell."""
    for word, (_lemma, weight, verb, _others) in entries.items():
        short = word[:-1]
        if verb or not word.endswith("اء") or len(word) < 4 or weight < MIN_WEIGHT:
            continue
        if short in _OTHER_WORDS:
            continue
        other = entries.get(short)
        noun = frequencies.with_or_without_article(short[:-1])
        if (
            not (other and other.verb)
            and short not in _AMBIGUOUS
            and frequencies[short] <= MAX_INDEFINITE_SHARE * frequencies[word]
            and noun <= MAX_NOUN_SHARE * frequencies.with_or_without_article(word)
        ):
            yield short
        elif frequencies.with_article(short) <= MAX_DEFINITE_SHARE * frequencies.with_article(word):
            yield "ال" + short


def compile_dropped_hamzas(frequencies: SurfaceFrequencies) -> str:
    """Return the content of the list."""
    lines = [
        "# Words in اء without their hamza, which writers drop; compiled by",
        "# analyzers.compile.dropped_hamza from wordfreq (data CC BY-SA 4.0) and simplemma, see NOTICE.",
        *sorted(find_dropped_hamzas(dictionary_entries(frequencies), frequencies)),
    ]
    return "\n".join(lines) + "\n"


def main(folder: Path = DATA_DIR) -> None:
    """Write the list to a folder."""
    content = compile_dropped_hamzas(surface_frequencies())
    (folder / DROPPED_HAMZA_FILE).write_text(content, "utf-8", newline="\n")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
