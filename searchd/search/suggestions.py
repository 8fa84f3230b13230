"""Spelling suggestions: words of the index near those of a query that found nothing."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein

from indexer.segment.segment import DEFAULT_FIELD
from indexer.snapshot import Snapshot
from searchd.search.fuzzy import near_terms

_SHORTEST = 3


def suggest_spellings(snapshot: Snapshot, surfaces: Sequence[str], limit: int = 5) -> list[str]:
    """Return up to `limit` words of the index nearest to words that it lacks, the likeliest first.

    A word may differ by one letter, a word of more than four letters by two; for a word of fewer
    than three there is no suggestion. A word that documents contain only with an article is
    suggested without it: برلمان where they have البرلمان. Among words at one distance those in
    more documents come first.
    """
    ranks: dict[str, tuple[int, int]] = {}
    for surface in surfaces:
        if len(surface) < _SHORTEST:
            continue
        found = _near_words(snapshot, surface, 1 if len(surface) <= 4 else 2)
        distances = {word: Levenshtein.distance(surface, word) for word in found}
        nearest = min(distances.values(), default=0)
        for word, frequency in found.items():
            if distances[word] == nearest:
                rank = (nearest, -frequency)
                ranks[word] = min(rank, ranks.get(word, rank))
    return sorted(ranks, key=lambda word: (ranks[word], word))[:limit]


def _near_words(snapshot: Snapshot, surface: str, distance: int) -> dict[str, int]:
    """Return the words within an edit distance, and the number of documents with each."""

    def frequency(level: str, word: str) -> int:
        return snapshot.document_frequency(DEFAULT_FIELD, level, word)

    found = {
        word: frequency("surface", word)
        for word in near_terms(snapshot, DEFAULT_FIELD, surface, distance)
    }
    for stem in near_terms(snapshot, DEFAULT_FIELD, surface, distance, "stem"):
        # Not every stem is a word.
        if found.get(stem) or frequency("surface", f"ال{stem}"):
            found[stem] = frequency("stem", stem)
    # A word that only deleted documents contain has no frequency.
    return {word: documents for word, documents in found.items() if documents}
