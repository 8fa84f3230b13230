"""Compile the index of the packs of synonyms: in which lines entries begin with a word.

    python -m analyzers.compile.synonym_index

A search looks up a few words. With this index it reads the lines about them; without it, it would
have to read every line of every pack first. Each line of `first_words.tsv` is a word as it is looked
up, a tab, and the places of its entries: `pack:line`, with spaces between.
"""

from __future__ import annotations

from analyzers.synonyms import FIRST_WORDS, PACK_FOLDER, PACKS, first_words, parse_rules
from analyzers.word_files import read_lines


def compile_first_words() -> str:
    """Return the content of the index."""
    places: dict[str, list[str]] = {}
    for pack in PACKS:
        for line in read_lines(PACK_FOLDER / f"{pack}.txt"):
            for rule in parse_rules([line.text]):
                for first in first_words(rule):
                    places.setdefault(first, []).append(f"{pack}:{line.number}")
    return "".join(f"{first}\t{' '.join(found)}\n" for first, found in sorted(places.items()))


def main() -> None:
    """Write the index."""
    (PACK_FOLDER / FIRST_WORDS).write_text(compile_first_words(), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
