"""Spelling suggestions: words of the index near those of a query that found nothing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from rapidfuzz.distance import Levenshtein

from indexer.segment.segment import DEFAULT_FIELD
from indexer.snapshot import Snapshot
from searchd import budget
from searchd.search.fuzzy import near_terms

_SHORTEST = 3
_MOST_WORDS = 8
"""Suggestions are looked for so many words of a query, the first."""

_ARTICLES = tuple(
    conjunction + article
    for conjunction in ("", "و", "ف")
    for article in ("ال", "بال", "كال", "لل")
)
"""The article with what may come before it."""

_PROCLITICS = (
    *_ARTICLES,
    *(
        proclitics
        for conjunction in ("", "و", "ف")
        for preposition in ("", "ب", "ك", "ل")
        if (proclitics := conjunction + preposition)
    ),
)
"""All that is written together with the beginning of a noun."""


def suggest_spellings(snapshot: Snapshot, surfaces: Sequence[str], limit: int = 5) -> list[str]:
    """Return up to `limit` words of the index nearest to words that it lacks, the likeliest first.

    A word may differ by one letter, a word of more than four letters by two if it begins alike; for
    a word of fewer than three there is no suggestion. Words are compared as they are written, so
    that no letter of a root passes for a particle: برلمن is nothing like رحمن. A word that
    documents contain only with an article or particle is suggested without it: برلمان where they
    have البرلمان or وبالبرلمان. Among words at one distance those in more documents come first.
    """
    ranks: dict[str, tuple[int, int]] = {}
    long_enough = dict.fromkeys(surface for surface in surfaces if len(surface) >= _SHORTEST)
    for surface in islice(long_enough, _MOST_WORDS):
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
        if _may_be_meant(surface, word)
    }
    for stem in near_terms(snapshot, DEFAULT_FIELD, surface, distance, "stem"):
        budget.check(surface)
        # Not every stem is a word: the rules cut بر from برلمان if they do not know it.
        if _may_be_meant(surface, stem) and (
            found.get(stem) or any(frequency("surface", each + stem) for each in _PROCLITICS)
        ):
            found[stem] = frequency("stem", stem)
    # A word that only deleted documents contain has no frequency.
    return {word: documents for word, documents in found.items() if documents}


def _may_be_meant(typed: str, word: str) -> bool:
    """Return whether a word may be another one misspelled: two slips rarely change its beginning.

    >>> _may_be_meant("برلمن", "برلمان"), _may_be_meant("برلمن", "رحمن")
    (True, False)
    """
    begins_alike = _without_article(typed)[0] == _without_article(word)[0]
    return begins_alike or Levenshtein.distance(typed, word) < 2


def _without_article(word: str) -> str:
    """Return a word without its article; a single letter may be of the root and is kept."""
    for article in _ARTICLES:
        if word.startswith(article) and len(word) > len(article):
            return word.removeprefix(article)
    return word
