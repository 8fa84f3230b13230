"""Running a plan on one segment: which documents match, and with what score."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indexer.segment.segment import BoolArray, FloatArray, IdArray, Segment, contains
from searchd.execution.bm25 import shares
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

_COLUMNS = 64
"""`largest` looks for a threshold among the maxima of so many values each."""


@dataclass(frozen=True, slots=True)
class Matches:
    """The matching documents of a segment: int64 [n] ascending, and their float32 [n] scores."""

    ids: IdArray
    scores: FloatArray


@dataclass(frozen=True, slots=True)
class Best:
    """The best documents of a segment, in no order, and how many matched in all."""

    matches: Matches
    total: int


class SegmentRun:
    """Runs plans on one segment. `number` is its place among the segments of the snapshot."""

    def __init__(self, segment: Segment, number: int, mean_length: float) -> None:
        self._segment = segment
        self._number = number
        self._mean_length = mean_length

    def best(self, plan: Plan, count: int, allowed: BoolArray | None = None) -> Best:
        """Return at least the `count` best documents that match and are allowed.

        They are those of `run`, with the same scores, found without sorting out all the others.
        """
        words = _words(plan)
        if words is None:
            matches = self.run(plan, allowed)
            if matches.ids.size <= count:
                return Best(matches, matches.ids.size)
            chosen = largest(matches.scores, count)
            if chosen.size < count:
                chosen = np.arange(matches.ids.size)  # the others score nothing, and tie
            return Best(Matches(matches.ids[chosen], matches.scores[chosen]), matches.ids.size)
        leaves = [plan for plan in words.plans if isinstance(plan, Leaf)]
        lists = self._scored_once(leaves, allowed)
        total = sum(int(matches.ids.size) for matches in lists)
        return Best(self._best_words(words, lists, count), total)

    def _scored_once(self, leaves: Sequence[Leaf], allowed: BoolArray | None) -> list[Matches]:
        """Return the documents of some words with their summed scores, each in one list only.

        Nothing is done for documents that hold none of the words: the scores are summed in an
        array that is all zeros before and after.
        """
        with _zeros(self._segment.document_count) as scores:
            for leaf in leaves:
                for index, level in enumerate(leaf.levels):
                    # The ids of a term are distinct, so this adds each of them once.
                    scores[level.postings[self._number].ids] += self._score(leaf, index)
            lists = []
            for number, leaf in enumerate(leaves):
                ids = leaf.levels[0].postings[self._number].ids
                found = scores[ids]
                scores[ids] = 0
                if allowed is not None:
                    found *= allowed[ids]
                if number or allowed is not None:
                    kept = found > 0  # the others were in an earlier list, or are not allowed
                    ids, found = ids[kept], found[kept]
                lists.append(Matches(ids, found))
        return lists

    def _best_words(self, words: Any, lists: Sequence[Matches], count: int) -> Matches:
        found = _joined([_largest_of(matches, count) for matches in lists])
        if not words.coordination or not found.ids.size:
            return found
        best = self._coordinated(words, found.ids, found.scores)
        if best.size < count:
            return Matches(found.ids, best)
        # A factor is 1 at most: who is below the count-th of these by its sum is below it.
        threshold = np.partition(best, best.size - count)[best.size - count]
        found = _joined([_reaching_of(matches, threshold) for matches in lists])
        return Matches(found.ids, self._coordinated(words, found.ids, found.scores))

    def run(self, plan: Plan, allowed: BoolArray | None = None) -> Matches:
        """Return the live documents that match a plan and are allowed, with their scores."""
        return self._allowed(self._run(plan), allowed)

    def _allowed(self, matches: Matches, allowed: BoolArray | None) -> Matches:
        if allowed is None:
            return matches
        kept = allowed[matches.ids]
        return Matches(matches.ids[kept], matches.scores[kept])

    def _run(self, plan: Plan) -> Matches:
        match plan:
            case Leaf():
                return self._leaf(plan)
            case Any():
                return self._any(plan)
            case Every():
                return self._every([self._run(member) for member in plan.plans])
            case Required():
                return self._required(self._run(plan.plan), self._run(plan.optional))
            case Without():
                return _unscored(np.setdiff1d(self._segment.live_ids, self._run(plan.plan).ids))
            case Column():
                return _unscored(np.flatnonzero(plan.masks[self._number] & self._segment.live))
            case Everything():
                return _unscored(self._segment.live_ids)

    def _leaf(self, leaf: Leaf) -> Matches:
        widest, *others = leaf.levels
        ids = widest.postings[self._number].ids
        scores = self._score(leaf, 0)
        for index, level in enumerate(others, start=1):
            # Every document of a narrower level is one of the widest.
            narrower = level.postings[self._number].ids
            scores[np.searchsorted(ids, narrower)] += self._score(leaf, index)
        return Matches(ids, scores)

    def _score(self, leaf: Leaf, index: int) -> FloatArray:
        level = leaf.levels[index]
        share = shares(level.postings[self._number], self._segment, self._mean_length)
        return share * np.float32(level.weight * level.idf)

    def _sum(self, plans: Sequence[Plan]) -> FloatArray:
        """Return the summed score of every document of the segment; float32 [documents]."""
        scores = np.zeros(self._segment.document_count, np.float32)
        for plan in plans:
            if isinstance(plan, Leaf):
                for index, level in enumerate(plan.levels):
                    # The ids of a term are distinct, so this adds each of them once.
                    scores[level.postings[self._number].ids] += self._score(plan, index)
            else:
                matches = self._run(plan)
                scores[matches.ids] += matches.scores
        return scores

    def _any(self, plan: Any) -> Matches:
        scores = self._sum(plan.plans)
        if all(isinstance(member, Leaf) for member in plan.plans):
            ids = np.flatnonzero(scores)  # a leaf always scores above 0
        else:
            matched = np.zeros(self._segment.document_count, np.bool_)
            for member in plan.plans:
                matched[self._run(member).ids] = True
            ids = np.flatnonzero(matched)
        return Matches(ids, self._coordinated(plan, ids, scores[ids]))

    def _coordinated(self, plan: Any, ids: IdArray, scores: FloatArray) -> FloatArray:
        """Return scores times the share of members that each document matches, to a power."""
        if not plan.coordination:
            return scores
        members = np.zeros(ids.size, np.intp)
        for member in plan.plans:
            members += contains(self._ids(member), ids)
        factors = np.arange(len(plan.plans) + 1, dtype=np.float32) / len(plan.plans)
        return scores * (factors**plan.coordination).astype(np.float32)[members]

    def _ids(self, plan: Plan) -> IdArray:
        if isinstance(plan, Leaf):
            return plan.levels[0].postings[self._number].ids
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


def _words(plan: Plan) -> Any | None:
    """Return a plan as words of which any may match, or None where it is another kind of plan."""
    if isinstance(plan, Leaf):
        return Any((plan,))
    if isinstance(plan, Any) and all(isinstance(member, Leaf) for member in plan.plans):
        return plan
    return None


def _largest_of(matches: Matches, count: int) -> Matches:
    chosen = largest(matches.scores, count)
    return Matches(matches.ids[chosen], matches.scores[chosen])


def _reaching_of(matches: Matches, threshold: float) -> Matches:
    chosen = matches.scores >= threshold
    return Matches(matches.ids[chosen], matches.scores[chosen])


def _joined(lists: Sequence[Matches]) -> Matches:
    if len(lists) == 1:
        return lists[0]
    if not lists:
        return _unscored(np.empty(0, np.int64))
    return Matches(
        np.concatenate([matches.ids for matches in lists]),
        np.concatenate([matches.scores for matches in lists]),
    )


_scratch = threading.local()


@contextmanager
def _zeros(size: int) -> Iterator[FloatArray]:
    """Lend an array of zeros that must be given back as such; each thread has its own."""
    array: FloatArray | None = getattr(_scratch, "array", None)
    if array is None or array.size < size:
        array = np.zeros(size, np.float32)
    _scratch.array = None
    yield array
    _scratch.array = array  # not after an error, which may have left scores in it


def largest(values: FloatArray, count: int) -> npt.NDArray[np.intp]:
    """Return the indexes of at least the `count` largest values above 0, ascending, and ties.

    The count-th largest of the maxima of disjoint groups is not above the count-th largest of all
    values, so all that reach it hold the answer; for long arrays that is several times faster than
    a partition.
    """
    rows = values.size // _COLUMNS
    if rows <= count:
        return _reaching(values, values, min(count, values.size))
    maxima = values[: rows * _COLUMNS].reshape(_COLUMNS, rows).max(axis=0)
    return _reaching(values, np.append(maxima, values[rows * _COLUMNS :]), count)


def _reaching(values: FloatArray, sample: FloatArray, count: int) -> npt.NDArray[np.intp]:
    if count < 1:
        return np.empty(0, np.intp)
    threshold = np.partition(sample, sample.size - count)[sample.size - count]
    return np.flatnonzero(values >= threshold) if threshold > 0 else np.flatnonzero(values)


def _unscored(ids: IdArray) -> Matches:
    return Matches(ids, np.zeros(ids.size, np.float32))
