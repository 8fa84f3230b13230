"""Explanation of a score: what each term of a query added to it, on each level."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

import numpy as np

from indexer.snapshot import Snapshot
from searchd.results import Contribution
from searchd.search.bm25 import BM25Similarity, saturation
from searchd.search.collector import ScoredDoc
from searchd.search.rescorer import Rescorer
from searchd.search.segment_scorer import SegmentScorer
from searchd.search.term_weights import TermWeight
from searchd.search.weight_tree import AllOf, AnyOf, Required, Weight


def explain(
    weight: Weight,
    document: ScoredDoc,
    snapshot: Snapshot,
    similarity: BM25Similarity,
    rescorer: Rescorer | None,
) -> tuple[Contribution, ...]:
    """Return every contribution to the score of a document; their scores sum to it.

    The rescorer is None where the document was not rescored.
    """
    found = list(_Explainer(document, snapshot, similarity).contributions(weight))
    if rescorer is not None:
        found += rescorer.contributions(document.segment_number, document.number)
    return tuple(found)


class _Explainer:
    def __init__(self, document: ScoredDoc, snapshot: Snapshot, similarity: BM25Similarity) -> None:
        self._document = document
        self._similarity = similarity
        self._scorer = SegmentScorer(snapshot, document.segment_number)

    def contributions(self, weight: Weight) -> Iterator[Contribution]:
        """Yield what each term added; columns and exclusions add nothing."""
        if not self._matches(weight):
            return  # though it may contain one of the terms: a in (+a +b)
        match weight:
            case TermWeight():
                yield from self._of_term(weight)
            case AnyOf():
                factor = self._coordination(weight)
                for part in chain.from_iterable(map(self.contributions, weight.members)):
                    yield replace(part, score=part.score * factor)
            case AllOf():
                for member in weight.members:
                    yield from self.contributions(member)
            case Required():
                yield from self.contributions(weight.required)
                yield from self.contributions(weight.optional)

    def _coordination(self, weight: AnyOf) -> float:
        if not weight.coordination:
            return 1.0
        matched = sum(map(self._matches, weight.members))
        return float((matched / len(weight.members)) ** weight.coordination)

    def _matches(self, weight: Weight) -> bool:
        return self._document.number in self._scorer.score(weight).ids

    def _of_term(self, weight: TermWeight) -> Iterator[Contribution]:
        number = self._document.number
        found = weight.frequencies(self._document.segment).of_document(number)
        norms = self._similarity.norms(self._document.segment_number, np.array(found.ids))
        for level, frequencies in zip(weight.levels, found.frequencies, strict=True):
            for frequency, share in zip(frequencies, saturation(frequencies, norms), strict=True):
                if frequency:
                    yield Contribution(
                        field=weight.field,
                        level=level.level,
                        terms=level.terms,
                        frequency=float(frequency),
                        idf=level.idf,
                        score=float(share) * level.weight * level.idf,
                    )
