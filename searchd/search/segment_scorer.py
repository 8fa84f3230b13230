"""Running a plan on one segment: which documents match, and with what score."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from indexer.segment.segment import Segment
from indexer.segment.sorted_arrays import BoolArray, FloatArray, IdArray, contains
from searchd.search.plan import (
    AllOf,
    AnyOf,
    Column,
    MatchAllPlan,
    Matches,
    Plan,
    Required,
    TermWeight,
    Without,
)
from searchd.search.top_k import apply_filter, top_k_indices, top_k_union


class Best(NamedTuple):
    """The best documents of a segment, ascending, and how many matched in all."""

    matches: Matches
    total: int


class SegmentScorer:
    """Runs plans on one segment. `number` is its place among the segments of the snapshot."""

    def __init__(self, segment: Segment, number: int) -> None:
        self._segment = segment
        self._number = number

    def best(self, plan: Plan, count: int, allowed: BoolArray | None = None) -> Best:
        """Return at least the `count` best documents that match and are allowed.

        They are those of `run`, with the same scores, found without sorting out all the others.
        """
        words = _words(plan)
        if words is None:
            matches = self.run(plan, allowed)
            if matches.ids.size <= count:
                return Best(matches, matches.ids.size)
            chosen = top_k_indices(matches.scores, count)
            if chosen.size < count:
                chosen = np.arange(matches.ids.size)  # the others score nothing, and tie
            return Best(Matches(matches.ids[chosen], matches.scores[chosen]), matches.ids.size)
        leaves = [
            plan.matches[self._number] for plan in words.plans if isinstance(plan, TermWeight)
        ]
        documents = self._segment.document_count
        return Best(*top_k_union(leaves, documents, count, words.coordination, allowed))

    def run(self, plan: Plan, allowed: BoolArray | None = None) -> Matches:
        """Return the live documents that match a plan and are allowed, with their scores."""
        return apply_filter(self._run(plan), allowed)

    def _run(self, plan: Plan) -> Matches:
        match plan:
            case TermWeight():
                return plan.matches[self._number]
            case AnyOf():
                return self._any(plan)
            case AllOf():
                return self._every([self._run(member) for member in plan.plans])
            case Required():
                return self._required(self._run(plan.plan), self._run(plan.optional))
            case Without():
                return _unscored(np.setdiff1d(self._segment.live_ids, self._run(plan.plan).ids))
            case Column():
                return _unscored(np.flatnonzero(plan.masks[self._number] & self._segment.live))
            case MatchAllPlan():
                return _unscored(self._segment.live_ids)

    def _sum(self, plans: Sequence[Plan]) -> FloatArray:
        """Return the summed score of every document of the segment; float32 [documents]."""
        scores = np.zeros(self._segment.document_count, np.float32)
        for plan in plans:
            matches = self._run(plan)
            scores[matches.ids] += matches.scores  # the ids are distinct
        return scores

    def _any(self, plan: AnyOf) -> Matches:
        scores = self._sum(plan.plans)
        if all(isinstance(member, TermWeight) for member in plan.plans):
            ids = (scores > 0).nonzero()[0]  # as a leaf always scores
        else:
            matched = np.zeros(self._segment.document_count, np.bool_)
            for member in plan.plans:
                matched[self._run(member).ids] = True
            ids = np.flatnonzero(matched)
        return Matches(ids, self._coordinated(plan, ids, scores[ids]))

    def _coordinated(self, plan: AnyOf, ids: IdArray, scores: FloatArray) -> FloatArray:
        """Return scores times the share of members that each document matches, to a power."""
        if not plan.coordination:
            return scores
        members = np.zeros(ids.size, np.intp)
        for member in plan.plans:
            members += contains(self._ids(member), ids)
        factors = np.arange(len(plan.plans) + 1, dtype=np.float32) / len(plan.plans)
        return scores * (factors**plan.coordination).astype(np.float32)[members]

    def _ids(self, plan: Plan) -> IdArray:
        if isinstance(plan, TermWeight):
            return plan.matches[self._number].ids
        return self._run(plan).ids

    def _every(self, members: Sequence[Matches]) -> Matches:
        ids, *others = sorted((matches.ids for matches in members), key=len)
        for other in others:
            ids = ids[contains(other, ids)]
        # Summed in the order of the plan, so that equal documents tie in every segment.
        scores = np.zeros(ids.size, np.float32)
        for matches in members:
            scores += matches.scores[np.searchsorted(matches.ids, ids)]
        return Matches(ids, scores)

    def _required(self, required: Matches, optional: Matches) -> Matches:
        scores = required.scores.copy()
        also = contains(optional.ids, required.ids)
        found = np.searchsorted(optional.ids, required.ids[also])
        scores[also] += optional.scores[found]
        return Matches(required.ids, scores)


def _words(plan: Plan) -> AnyOf | None:
    """Return a plan as words of which any may match, or None where it is another kind of plan."""
    if isinstance(plan, TermWeight):
        return AnyOf((plan,))
    if (
        isinstance(plan, AnyOf)
        and (len(plan.plans) == 2 or not plan.coordination)
        and all(isinstance(member, TermWeight) for member in plan.plans)
    ):
        return plan
    return None


def _unscored(ids: IdArray) -> Matches:
    return Matches(ids, np.zeros(ids.size, np.float32))
