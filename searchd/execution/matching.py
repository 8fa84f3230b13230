"""Running a plan on one segment: which documents match, and with what score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indexer.snapshot import FloatArray, IdArray, Segment
from searchd.execution.bm25 import saturation
from searchd.execution.plan import (
    Any,
    Column,
    Every,
    Everything,
    Leaf,
    Plan,
    Required,
    Without,
)


@dataclass(frozen=True, slots=True)
class Matches:
    """The matching documents of a segment: int32 [n] ascending, and their float32 [n] scores."""

    ids: IdArray
    scores: FloatArray


class SegmentRun:
    """Runs plans on one segment. `number` is its place among the segments of the snapshot."""

    def __init__(self, segment: Segment, number: int, mean_length: float) -> None:
        self._segment = segment
        self._number = number
        self._mean_length = mean_length

    def run(self, plan: Plan) -> Matches:
        """Return the live documents that match a plan, with their scores."""
        match plan:
            case Leaf():
                return self._leaf(plan)
            case Any():
                return self._any(plan)
            case Every():
                return self._every([self.run(member) for member in plan.plans])
            case Required():
                return self._required(self.run(plan.plan), self.run(plan.optional))
            case Without():
                return _unscored(np.setdiff1d(self._segment.live_ids, self.run(plan.plan).ids))
            case Column():
                mask = plan.masks[self._number] & self._segment.live
                return _unscored(np.flatnonzero(mask).astype(np.int32))
            case Everything():
                return _unscored(self._segment.live_ids)

    def _leaf(self, leaf: Leaf) -> Matches:
        widest, *others = leaf.levels
        ids = widest.postings[self._number].ids
        scores = self._score(leaf, 0)
        for index, level in enumerate(others, start=1):
            # Every document of a narrower level is one of the widest.
            scores[np.searchsorted(ids, level.postings[self._number].ids)] += self._score(
                leaf, index
            )
        return Matches(ids, scores)

    def _score(self, leaf: Leaf, index: int) -> FloatArray:
        level = leaf.levels[index]
        postings = level.postings[self._number]
        lengths = self._segment.lengths[postings.ids]
        share = saturation(postings.weights, lengths, self._mean_length)
        return share * np.float32(level.weight * level.idf)

    def _any(self, plan: Any) -> Matches:
        scores = np.zeros(self._segment.document_count, np.float32)
        members = np.zeros(self._segment.document_count, np.int32)
        for matches in map(self.run, plan.plans):
            scores[matches.ids] += matches.scores
            members[matches.ids] += 1
        ids = np.flatnonzero(members).astype(np.int32)
        found = scores[ids]
        if plan.coordination:
            shares = np.arange(len(plan.plans) + 1, dtype=np.float32) / len(plan.plans)
            found *= (shares**plan.coordination)[members[ids]]
        return Matches(ids, found)

    def _every(self, members: Sequence[Matches]) -> Matches:
        ids, *others = sorted((matches.ids for matches in members), key=len)
        for other in others:
            ids = np.intersect1d(ids, other, assume_unique=True)
        # Summed in the order of the plan, so that equal documents tie in every segment.
        scores = np.zeros(ids.size, np.float32)
        for matches in members:
            scores += matches.scores[np.searchsorted(matches.ids, ids)]
        return Matches(ids, scores)

    def _required(self, required: Matches, optional: Matches) -> Matches:
        _, kept, found = np.intersect1d(
            required.ids, optional.ids, assume_unique=True, return_indices=True
        )
        scores = required.scores.copy()
        scores[kept] += optional.scores[found]
        return Matches(required.ids, scores)


def _unscored(ids: IdArray) -> Matches:
    return Matches(ids, np.zeros(ids.size, np.float32))
