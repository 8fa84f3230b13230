"""Fuzzy search: the terms of a field within an edit distance of a word.

Loaded with the first such query: the library of edit distances would slow every start.
"""

from __future__ import annotations

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from indexer.snapshot import Snapshot

MOST_NEAR_TERMS = 50


def near_terms(
    snapshot: Snapshot, field: str, surface: str, distance: int, level: str = "surface"
) -> list[str]:
    """Return the terms of a field within an edit distance of a word, the nearest first.

    The distance is Levenshtein's: letters inserted, deleted or replaced. At most
    `MOST_NEAR_TERMS` terms are returned, the word itself never.
    """
    found = process.extract(
        surface,
        snapshot.vocabulary(field, level),
        scorer=Levenshtein.distance,
        score_cutoff=distance,
        limit=MOST_NEAR_TERMS,
    )
    return [term for term, _distance, _index in found if term != surface]
