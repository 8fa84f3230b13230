"""Spelling suggestions: words of the index near a word that it lacks, without regard to others.

`searchd.search.word_correction` chooses among them by the words around, for a whole query.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from rapidfuzz.distance import OSA

from indexer.segment.segment import DEFAULT_FIELD
from indexer.snapshot import Snapshot
from searchd import budget
from searchd.search.fuzzy import near_terms

_SHORTEST = 3
_MOST_WORDS = 8
"""Suggestions are looked for so many words of a query, the first."""

ARTICLES = tuple(
    conjunction + article
    for conjunction in ("", "و", "ف")
    for article in ("ال", "بال", "كال", "لل")
)
"""The article with what may come before it."""

PROCLITICS = (
    *ARTICLES,
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

    A word may differ by one letter or by two that are swapped, a word of more than four letters by two if it begins alike; for
    a word of fewer than three there is no suggestion. Words are compared as they are written, so
    that no letter of a root passes for a particle: برلمن is nothing like رحمن. A word that
    documents contain only with an article or particle is suggested without it: برلمان where they
    have البرلمان or وبالبرلمان. Among words at one distance those in more documents come first.
    """
    ranks: dict[str, tuple[int, int]] = {}
    long_enough = dict.fromkeys(surface for surface in surfaces if len(surface) >= _SHORTEST)
    for surface in islice(long_enough, _MOST_WORDS):
        found = near_words(snapshot, DEFAULT_FIELD, surface)
        distances = {word: OSA.distance(surface, word) for word in found}
        nearest = min(distances.values(), default=0)
        for word, frequency in found.items():
            if distances[word] == nearest:
                rank = (nearest, -frequency)
                ranks[word] = min(rank, ranks.get(word, rank))
    return sorted(ranks, key=lambda word: (ranks[word], word))[:limit]


def near_words(snapshot: Snapshot, field: str, surface: str) -> dict[str, int]:
    """Return the words of a field that may be a word misspelled, and the documents with each.

    They are those of `suggest_spellings`, in no order.
    """
    distance = 1 if len(surface) <= 4 else 2

    def frequency(level: str, word: str) -> int:
        return snapshot.document_frequency(field, level, word)

    found = {
        word: frequency("surface", word)
        for word in (*near_terms(snapshot, field, surface, distance), *_swapped(surface))
        if _may_be_meant(surface, word)
    }
    for stem in near_terms(snapshot, field, surface, distance, "stem"):
        budget.check(surface)
        # Not every stem is a word: the rules cut بر from برلمان if they do not know it.
        if _may_be_meant(surface, stem) and (
            found.get(stem) or any(frequency("surface", each + stem) for each in PROCLITICS)
        ):
            found[stem] = frequency("stem", stem)
    # A word that only deleted documents contain has no frequency.
    return {word: documents for word, documents in found.items() if documents}


def _swapped(word: str) -> list[str]:
    """Return a word with each two letters next to each other swapped, which is one error."""
    return [
        word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        for at in range(len(word) - 1)
        if word[at] != word[at + 1]
    ]


def _may_be_meant(typed: str, word: str) -> bool:
    """Return whether a word may be another one misspelled: two slips rarely change its beginning.

    >>> _may_be_meant("برلمن", "برلمان"), _may_be_meant("برلمن", "رحمن")
    (True, False)
    """
    begins_alike = _without_article(typed)[0] == _without_article(word)[0]
    return begins_alike or OSA.distance(typed, word) < 2


def _without_article(word: str) -> str:
    """Return a word without its article; a single letter may be of the root and is kept."""
    for article in ARTICLES:
        if word.startswith(article) and len(word) > len(article):
            return word.removeprefix(article)
    return word
