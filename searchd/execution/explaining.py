"""Explaining a score: what each term of a plan added to it, on each level."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from searchd.execution import bm25
from searchd.execution.collecting import Ranked
from searchd.execution.matching import SegmentRun
from searchd.execution.plan import Any, Every, Leaf, Plan, Required
from searchd.execution.refining import Refinement
from searchd.results import Contribution


def explain(
    plan: Plan, ranked: Ranked, mean_length: float, refinement: Refinement | None
) -> tuple[Contribution, ...]:
    """Return every contribution to the score of a document; their scores sum to it.

    The refinement is None where the document is not one of the best.
    """
    found = list(_Explainer(ranked, mean_length).contributions(plan))
    if refinement is not None:
        found += refinement.contributions(ranked.segment_number, ranked.number)
    return tuple(found)


class _Explainer:
    def __init__(self, ranked: Ranked, mean_length: float) -> None:
        self._ranked = ranked
        self._mean_length = mean_length
        self._run = SegmentRun(ranked.segment, ranked.segment_number)

    def contributions(self, plan: Plan) -> Iterator[Contribution]:
        """Yield what the leaves of a plan added; the other parts only choose documents."""
        if not self._matches(plan):
            return  # a word of it may stand in the document all the same: a in (+a +b)
        match plan:
            case Leaf():
                yield from self._of_leaf(plan)
            case Any():
                factor = self._coordination(plan)
                for part in chain.from_iterable(map(self.contributions, plan.plans)):
                    yield replace(part, score=part.score * factor)
            case Every():
                for member in plan.plans:
                    yield from self.contributions(member)
            case Required():
                yield from self.contributions(plan.plan)
                yield from self.contributions(plan.optional)

    def _coordination(self, plan: Any) -> float:
        if not plan.coordination:
            return 1.0
        matched = sum(map(self._matches, plan.plans))
        return float((matched / len(plan.plans)) ** plan.coordination)

    def _matches(self, plan: Plan) -> bool:
        return self._ranked.number in self._run.run(plan).ids

    def _of_leaf(self, leaf: Leaf) -> Iterator[Contribution]:
        counts = leaf.counts(self._ranked.segment).row_of(self._ranked.number)
        norms = bm25.norms(self._ranked.segment, self._mean_length, counts.ids)
        for level, column in zip(leaf.levels, counts.columns, strict=True):
            for frequency, share in zip(column, bm25.saturation(column, norms), strict=True):
                if frequency:
                    yield Contribution(
                        field=leaf.field,
                        level=level.name,
                        terms=level.terms,
                        frequency=float(frequency),
                        idf=level.idf,
                        score=float(share) * level.weight * level.idf,
                    )
