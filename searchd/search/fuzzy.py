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

_SHORTEST = 3


def near_words(
    snapshot: Snapshot, field: str, surface: str, distance: int, level: str = "surface"
) -> list[str]:
    """Return the terms of a field within an edit distance of a word, the nearest first.

    The distance is Levenshtein's: letters inserted, deleted or replaced.
    """
    terms = snapshot.vocabulary(field, level)
    found = process.extract(
        surface,
        terms,
        scorer=Levenshtein.distance,
        score_cutoff=distance,
        limit=MOST_NEAR_WORDS,
    )
    return [term for term, _distance, _index in found if term != surface]


def suggest(snapshot: Snapshot, surfaces: Sequence[str], limit: int = 5) -> list[str]:
    """Return words of the index nearest to words that it does not hold, the likeliest first.

    A word may differ by one letter, a word of more than four letters by two; for a word of fewer
    than three nothing is likely. Words that documents hold behind an article are among them
    without it: برلمان where they have البرلمان. Among words at one distance those that more
    documents hold come first.
    """
    ranks: dict[str, tuple[int, int]] = {}
    for surface in surfaces:
        if len(surface) < _SHORTEST:
            continue
        found = _near(snapshot, surface, 1 if len(surface) <= 4 else 2)
        distances = {word: Levenshtein.distance(surface, word) for word in found}
        nearest = min(distances.values(), default=0)
        for word, frequency in found.items():
            if distances[word] == nearest:
                rank = (nearest, -frequency)
                ranks[word] = min(rank, ranks.get(word, rank))
    return sorted(ranks, key=lambda word: (ranks[word], word))[:limit]


def _near(snapshot: Snapshot, surface: str, distance: int) -> dict[str, int]:
    """Return words near one, and how many documents hold each."""

    def frequency(level: str, word: str) -> int:
        return snapshot.document_frequency(DEFAULT_FIELD, level, word)

    found = {
        word: frequency("surface", word)
        for word in near_words(snapshot, DEFAULT_FIELD, surface, distance)
    }
    for stem in near_words(snapshot, DEFAULT_FIELD, surface, distance, "stem"):
        # Not every stem is a word.
        if found.get(stem) or frequency("surface", f"ال{stem}"):
            found[stem] = frequency("stem", stem)
    # What deleted documents alone hold has no frequency.
    return {word: documents for word, documents in found.items() if documents}
