"""Explaining a score: what each term of a plan added to it, on each level."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

import numpy as np

from searchd.execution.bm25 import shares
from searchd.execution.collecting import Ranked
from searchd.execution.matching import SegmentRun
from searchd.execution.plan import Any, Every, Leaf, Plan, Required
from searchd.results import Contribution


def explain(plan: Plan, ranked: Ranked, mean_length: float) -> tuple[Contribution, ...]:
    """Return every contribution to the score of a document; their scores sum to it."""
    return tuple(_Explainer(ranked, mean_length).contributions(plan))


class _Explainer:
    def __init__(self, ranked: Ranked, mean_length: float) -> None:
        self._ranked = ranked
        self._mean_length = mean_length
        self._run = SegmentRun(ranked.segment, ranked.segment_number, mean_length)

    def contributions(self, plan: Plan) -> Iterator[Contribution]:
        """Yield what the leaves of a plan added; the other parts only choose documents."""
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
        number = self._ranked.number
        matched = sum(number in self._run.run(member).ids for member in plan.plans)
        return float((matched / len(plan.plans)) ** plan.coordination)

    def _of_leaf(self, leaf: Leaf) -> Iterator[Contribution]:
        for level in leaf.levels:
            postings = level.postings[self._ranked.segment_number]
            place = int(np.searchsorted(postings.ids, self._ranked.number))
            if place < postings.ids.size and postings.ids[place] == self._ranked.number:
                share = shares(postings, self._ranked.segment, self._mean_length)[place]
                yield Contribution(
                    field=level.field,
                    level=level.name,
                    terms=level.terms,
                    frequency=float(postings.weights[place]),
                    idf=level.idf,
                    score=float(share) * level.weight * level.idf,
                )
