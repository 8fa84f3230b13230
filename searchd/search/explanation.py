"""Explaining a score: what each term of a plan added to it, on each level."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from searchd.results import Contribution
from searchd.search import bm25
from searchd.search.collector import ScoredDoc
from searchd.search.plan import AllOf, AnyOf, Plan, Required, TermWeight
from searchd.search.rescorer import Rescorer
from searchd.search.segment_scorer import SegmentScorer


def explain(
    plan: Plan, ranked: ScoredDoc, mean_length: float, rescorer: Rescorer | None
) -> tuple[Contribution, ...]:
    """Return every contribution to the score of a document; their scores sum to it.

    The refinement is None where the document is not one of the best.
    """
    found = list(_Explainer(ranked, mean_length).contributions(plan))
    if rescorer is not None:
        found += rescorer.contributions(ranked.segment_number, ranked.number)
    return tuple(found)


class _Explainer:
    def __init__(self, ranked: ScoredDoc, mean_length: float) -> None:
        self._ranked = ranked
        self._mean_length = mean_length
        self._run = SegmentScorer(ranked.segment, ranked.segment_number)

    def contributions(self, plan: Plan) -> Iterator[Contribution]:
        """Yield what the leaves of a plan added; the other parts only choose documents."""
        if not self._matches(plan):
            return  # a word of it may stand in the document all the same: a in (+a +b)
        match plan:
            case TermWeight():
                yield from self._of_leaf(plan)
            case AnyOf():
                factor = self._coordination(plan)
                for part in chain.from_iterable(map(self.contributions, plan.plans)):
                    yield replace(part, score=part.score * factor)
            case AllOf():
                for member in plan.plans:
                    yield from self.contributions(member)
            case Required():
                yield from self.contributions(plan.plan)
                yield from self.contributions(plan.optional)

    def _coordination(self, plan: AnyOf) -> float:
        if not plan.coordination:
            return 1.0
        matched = sum(map(self._matches, plan.plans))
        return float((matched / len(plan.plans)) ** plan.coordination)

    def _matches(self, plan: Plan) -> bool:
        return self._ranked.number in self._run.run(plan).ids

    def _of_leaf(self, term_weight: TermWeight) -> Iterator[Contribution]:
        counts = term_weight.counts(self._ranked.segment).of_document(self._ranked.number)
        norms = bm25.norms(self._ranked.segment, self._mean_length, counts.ids)
        for level, column in zip(term_weight.levels, counts.frequencies, strict=True):
            for frequency, share in zip(column, bm25.saturation(column, norms), strict=True):
                if frequency:
                    yield Contribution(
                        field=term_weight.field,
                        level=level.name,
                        terms=level.terms,
                        frequency=float(frequency),
                        idf=level.idf,
                        score=float(share) * level.weight * level.idf,
                    )
