"""The parts of an index on disk: how many bytes stored texts, positions and other arrays take."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from indexer import generation as generations
from indexer.segment.array_file import ArrayFile
from searchd.index_info import size_on_disk

OTHER = "other"
"""Checksums and directories of arrays, deletions, the table of files and searchd.json."""

_PARTS = (
    ("stored texts", r"texts\..*"),
    ("stored fields, ids and places", r"(stored_fields|ids|hashes|places|lengths)\b.*"),
    ("numbers, keywords and order", r"(numbers|keywords|sort)\..*"),
    ("positions", r".*\.positions(_high)?(\..*)?"),
    ("codes of written forms", r".*\.codes(\..*)?"),
    ("next-word filter", r".*\.next_term_hashes"),
    (
        "documents and counts of stems",
        r".*\.(ids|id_chunks|id_chunk_starts|counts|(posting|occurrence)_starts|lengths)",
    ),
    ("similar words (trigrams)", r".*\.trigrams\..*"),
    ("counts of words and pairs", r".*\.((large_)?form_counts|large_pair\w+|pair_\w+)(\..*)?"),
    ("dictionaries of stems and words", r".*\.(stems|surfaces|spellings|surface_\w+)\b.*"),
)
"""The parts of segments, each with a pattern for the names of its arrays; the first that fits."""


def part_sizes(directory: Path) -> list[tuple[str, int]]:
    """Return the parts of an index with the bytes that each takes on disk, the largest first.

    They sum to the size of the directory. Raises IndexMissingError, IndexMismatchError,
    IndexDamagedError, and FileNotFoundError where a writer removes a segment meanwhile.
    """
    arrays: Counter[str] = Counter()
    for entry in generations.read(directory).segments:
        arrays.update(ArrayFile(directory / entry.name).sizes())
    sizes: Counter[str] = Counter()
    for name, size in arrays.items():
        sizes[next((part for part, names in _PARTS if re.fullmatch(names, name)), OTHER)] += size
    sizes[OTHER] += max(0, size_on_disk(directory) - sizes.total())
    return sizes.most_common()
