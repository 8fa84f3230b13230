"""Words near a word: for fuzzy search, and to suggest where nothing was found.

Loaded with the first such query: the library of edit distances would slow every start.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from indexer.segment.segment import DEFAULT_FIELD
from indexer.snapshot import Snapshot

MOST_NEAR_WORDS = 50


def near_words(snapshot: Snapshot, field: str, surface: str, distance: int) -> list[str]:
    """Return the terms of a field within an edit distance of a word, the nearest first.

    The distance is Levenshtein's: letters inserted, deleted or replaced.
    """
    terms = snapshot.vocabulary(field, "surface")
    found = process.extract(
        surface,
        terms,
        scorer=Levenshtein.distance,
        score_cutoff=distance,
        limit=MOST_NEAR_WORDS,
    )
    return [term for term, _distance, _index in found if term != surface]


def suggest(snapshot: Snapshot, surfaces: Sequence[str], limit: int = 5) -> list[str]:
    """Return words of the index near words that it does not hold, the likeliest first.

    A word may differ by one letter, a word of more than four letters by two. Among words at one
    distance those that more documents hold come first.
    """
    candidates: dict[str, tuple[int, int]] = {}
    for surface in surfaces:
        distance = 1 if len(surface) <= 4 else 2
        for word in near_words(snapshot, DEFAULT_FIELD, surface, distance):
            frequency = snapshot.document_frequency(DEFAULT_FIELD, "surface", word)
            if frequency:  # else only deleted documents hold it
                rank = (Levenshtein.distance(surface, word), -frequency)
                candidates[word] = min(rank, candidates.get(word, rank))
    return sorted(candidates, key=lambda word: (candidates[word], word))[:limit]
