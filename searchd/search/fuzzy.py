"""Fuzzy search: the terms of a field within an edit distance of a word.

Imported with the first such query, because importing rapidfuzz would slow every start.
"""

from __future__ import annotations

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from indexer.snapshot import Snapshot
from searchd import budget

MAX_NEAR_TERMS = 50


def near_terms(
    snapshot: Snapshot, field: str, surface: str, distance: int, level: str = "surface"
) -> list[str]:
    """Return the terms of a field within an edit distance of a word, the nearest first.

    The distance is Levenshtein's: code points inserted, deleted or replaced. At most
    `MAX_NEAR_TERMS` terms are returned, never the word itself.
    """
    pause = budget.checking(surface)
    near = set(snapshot.terms_near(field, level, surface, distance, pause))
    found = process.extract(
        surface,
        sorted(near),
        scorer=Levenshtein.distance,
        score_cutoff=distance,
        limit=MAX_NEAR_TERMS,
    )
    return [term for term, _distance, _index in found if term != surface]
