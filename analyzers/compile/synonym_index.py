"""Compiles the index of the synonym packs: the lines that have an entry with a given first word.

    python -m analyzers.compile.synonym_index [FOLDER]

With this index a query parses only the lines that its words may be in, instead of every line of every
pack. It is written to `data/synonyms/first_words.tsv`, below FOLDER instead of `data` where one is
given. Each line is a first word as it is looked up, a tab, and the lines that it
is in as `pack:number`, with spaces between.
"""

from __future__ import annotations

import sys
from pathlib import Path

from analyzers.synonyms import PACK_DIR, PACK_INDEX, PACKS, first_words, parse_rules
from analyzers.word_files import DATA_DIR, read_word_file


def compile_pack_index() -> str:
    """Return the content of the index."""
    lines_of: dict[str, list[str]] = {}
    for pack in PACKS:
        for line in read_word_file(PACK_DIR / f"{pack}.txt"):
            for rule in parse_rules([line.text]):
                for first in first_words(rule):
                    lines_of.setdefault(first, []).append(f"{pack}:{line.number}")
    return "".join(f"{first}\t{' '.join(lines)}\n" for first, lines in sorted(lines_of.items()))


def main(folder: Path = DATA_DIR) -> None:
    """Write the index to the folder of synonyms in a folder."""
    path = folder / PACK_DIR.name / PACK_INDEX
    path.parent.mkdir(exist_ok=True)
    path.write_text(compile_pack_index(), "utf-8", newline="\n")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
