"""BM25 as plainly as it can be written, and sums of scores."""

from __future__ import annotations

import math
from collections.abc import Sequence

from searchd.ranking import Ranking
from tests.searchd.search.reference_corpus import Corpus, Frequencies

Scores = dict[str, float]
"""What each document that matches scores, by id."""


class Bm25:
    """Scores the documents of a corpus by how often they hold something."""

    def __init__(self, corpus: Corpus, ranking: Ranking) -> None:
        self._corpus = corpus
        self._ranking = ranking

    def score(self, frequencies: Frequencies, weight: float, idf: float | None = None) -> Scores:
        """Return weight · idf · saturation for each document that holds something."""
        rarity = self.idf(len(frequencies)) if idf is None else idf
        return {i: weight * rarity * self.saturation(i, tf) for i, tf in frequencies.items()}

    def idf(self, holders: int) -> float:
        return math.log(1 + (len(self._corpus.ids) - holders + 0.5) / (holders + 0.5))

    def saturation(self, i: str, frequency: float) -> float:
        k1, b = self._ranking.k1, self._ranking.b
        norm = 1 - b + b * self._corpus.length(i) / self._corpus.mean_length
        return frequency / (frequency + k1 * norm)


def significant(score: float) -> float:
    """Return a score without the digits in which equal ones may differ."""
    return float(f"{score:.9e}")


def every(members: Sequence[Scores]) -> Scores:
    """Return the documents that are in all members, with the sum of their scores."""
    first, *others = members
    return {
        i: score + sum(other[i] for other in others)
        for i, score in first.items()
        if all(i in other for other in others)
    }


def either(members: Sequence[Scores]) -> Scores:
    """Return the documents that are in any member, with the sum of their scores."""
    total: Scores = {}
    for member in members:
        for i, score in member.items():
            total[i] = total.get(i, 0.0) + score
    return total
