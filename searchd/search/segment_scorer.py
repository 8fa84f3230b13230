"""Segment scorer: which documents of a segment match a weight tree, and their scores."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indexer.segment.segment import Segment
from indexer.segment.sorted_arrays import BoolArray, FloatArray, IdArray, contains
from indexer.snapshot import Snapshot
from searchd import budget
from searchd.search.term_weights import TermWeight
from searchd.search.top_k import Matches, TopK, apply_filter, top_k_of, top_k_union
from searchd.search.weight_tree import (
    AllOf,
    AnyOf,
    ColumnMask,
    EveryDocument,
    Required,
    Weight,
    Without,
)


class SegmentScorer:
    """Scores weight trees on one segment of a snapshot."""

    def __init__(self, snapshot: Snapshot, number: int) -> None:
        """Score the segment with this index among those of the snapshot."""
        self._segment: Segment = snapshot.segments[number]
        self._number = number
        self._sums = snapshot.memory.sums

    def top_k(self, weight: Weight, k: int, allowed: BoolArray | None = None) -> TopK:
        """Return at least the `k` best documents that match and are allowed.

        They are those of `score`, with the same scores, without sorting all others.
        """
        budget.check("scores")
        union = _as_union(weight)
        if union is None:
            return top_k_of(self.score(weight, allowed), k)
        matches = [
            word.matches[self._number] for word in union.members if isinstance(word, TermWeight)
        ]
        documents = self._segment.document_count
        return top_k_union(matches, documents, k, union.coordination, allowed, self._sums)

    def score(self, weight: Weight, allowed: BoolArray | None = None) -> Matches:
        """Return the live documents that match and are allowed, with their scores."""
        return apply_filter(self._score(weight), allowed)

    def matching(self, weight: Weight, allowed: BoolArray | None = None) -> IdArray:
        """Return the live documents that match and are allowed, ascending: those of `score`."""
        union = _as_union(weight)
        if union is None or len(union.members) < 2:
            return self.score(weight, allowed).ids
        budget.check("facets")
        matched = np.zeros(self._segment.document_count, np.bool_)
        for word in union.members:
            matched[self._score(word).ids] = True
        if allowed is not None:
            matched &= allowed
        return np.flatnonzero(matched)

    def _score(self, weight: Weight) -> Matches:
        budget.check("scores")
        match weight:
            case TermWeight():
                return weight.matches[self._number]
            case AnyOf():
                return self._any_of(weight)
            case AllOf():
                return self._all_of([self._score(member) for member in weight.members])
            case Required():
                return self._required(self._score(weight.required), self._score(weight.optional))
            case Without():
                left = self._segment.live.copy()
                left[self._score(weight.excluded).ids] = False
                return _unscored(left.nonzero()[0])
            case ColumnMask():
                return _unscored(np.flatnonzero(weight.masks[self._number] & self._segment.live))
            case EveryDocument():
                return _unscored(self._segment.live_ids)

    def _any_of(self, weight: AnyOf) -> Matches:
        members = [self._score(member) for member in weight.members]
        scores = np.zeros(self._segment.document_count, np.float32)
        for found in members:
            scores[found.ids] += found.scores  # the ids are distinct
        if all(isinstance(member, TermWeight) for member in weight.members):
            ids = (scores > 0).nonzero()[0]  # a term that matches scores above 0
        else:
            matched = np.zeros(self._segment.document_count, np.bool_)
            for found in members:
                matched[found.ids] = True
            ids = np.flatnonzero(matched)
        return Matches(ids, _coordinate(ids, scores[ids], members, weight.coordination))

    def _all_of(self, members: Sequence[Matches]) -> Matches:
        ids, *others = sorted((found.ids for found in members), key=len)
        for other in others:
            ids = ids[contains(other, ids)]
        # Summed in the order of the query, so that equal documents tie in every segment.
        scores = np.zeros(ids.size, np.float32)
        for found in members:
            scores += found.scores[np.searchsorted(found.ids, ids)]
        return Matches(ids, scores)

    def _required(self, required: Matches, optional: Matches) -> Matches:
        scores = required.scores.copy()
        also = contains(optional.ids, required.ids)
        rows = np.searchsorted(optional.ids, required.ids[also])
        scores[also] += optional.scores[rows]
        return Matches(required.ids, scores)


def _as_union(weight: Weight) -> AnyOf | None:
    """Return a weight as a union of terms that `top_k_union` can score, or None."""
    if isinstance(weight, TermWeight):
        return AnyOf((weight,))
    if (
        isinstance(weight, AnyOf)
        and (len(weight.members) == 2 or not weight.coordination)
        and all(isinstance(member, TermWeight) for member in weight.members)
    ):
        return weight
    return None


def _coordinate(
    ids: IdArray, scores: FloatArray, members: Sequence[Matches], exponent: float
) -> FloatArray:
    """Return scores times (members matched / members) ** exponent; float32 [ids]."""
    if not exponent:
        return scores
    matched = np.zeros(ids.size, np.intp)
    for found in members:
        matched += contains(found.ids, ids)
    factors = np.arange(len(members) + 1, dtype=np.float32) / len(members)
    return scores * (factors**exponent).astype(np.float32)[matched]


def _unscored(ids: IdArray) -> Matches:
    return Matches(ids, np.zeros(ids.size, np.float32))
