"""Compiles the index of the synonym packs: the lines that have an entry with a given first word.

    python -m analyzers.compile.synonym_index

With this index a query parses only the lines that its words may be in, instead of every line of every
pack. Each line of `first_words.tsv` is a first word as it is looked up, a tab, and the lines that it
is in as `pack:number`, with spaces between.
"""

from __future__ import annotations

from analyzers.synonyms import PACK_DIR, PACK_INDEX, PACKS, first_words, parse_rules
from analyzers.word_files import read_word_file


def compile_pack_index() -> str:
    """Return the content of the index."""
    lines_of: dict[str, list[str]] = {}
    for pack in PACKS:
        for line in read_word_file(PACK_DIR / f"{pack}.txt"):
            for rule in parse_rules([line.text]):
                for first in first_words(rule):
                    lines_of.setdefault(first, []).append(f"{pack}:{line.number}")
    return "".join(f"{first}\t{' '.join(lines)}\n" for first, lines in sorted(lines_of.items()))


def main() -> None:
    """Write the index."""
    (PACK_DIR / PACK_INDEX).write_text(compile_pack_index(), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
