"""Top k: the documents of a segment with the highest sums of scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.segment.buffer_pool import ZeroedBufferPool, clear
from indexer.segment.sorted_arrays import BoolArray, FloatArray, IdArray, begins_run

_DENSE = 16
"""If more than one in this many documents match, a scan of all of them is faster."""

_SORTED = 8
"""If fewer than one in this many documents match, sorting their ids is faster than a scan."""

_GROUP_SIZE = 64
"""`top_k_indices` finds its threshold among the maxima of groups of this many values."""


class Matches(NamedTuple):
    """The matching documents of a segment and their scores.

    `ids`: int32 or int64 [n], ascending. `scores`: float32 [n].
    """

    ids: IdArray
    scores: FloatArray


class TopK(NamedTuple):
    """The best matches of a segment, ascending by id, and the number of all matches."""

    matches: Matches
    total: int


def top_k_union(
    words: Sequence[Matches],
    documents: int,
    k: int,
    coordination: float,
    allowed: BoolArray | None,
    sums: ZeroedBufferPool,
) -> TopK:
    """Return at least the `k` best documents that match any of some words.

    `documents` is the number of documents of the segment, `allowed`, bool [documents], filters them
    (None for all), `sums` is a pool of float32 arrays. With a `coordination` above 0 there
    are two words, and the sum of a document that matches only one is multiplied by
    (1 / 2) ** coordination.
    """
    if not words:
        return TopK(Matches(np.empty(0, np.int64), np.empty(0, np.float32)), 0)
    if len(words) == 1:
        found = apply_filter(words[0], allowed)
        return TopK(_top_k(found, k), found.ids.size)
    with sums.borrow(documents) as scores:
        # Indexing is fastest with this type.
        lists = [found.ids.astype(np.intp) for found in words]
        if coordination:
            _add_two(scores, lists, words, np.float32(2**coordination))
        else:
            # In the order of the query, so that equal documents have equal scores in any segment.
            for ids, found in zip(lists, words, strict=True):
                np.add.at(scores, ids, found.scores)
        factor = np.float32(len(words) ** -coordination)
        if sum(ids.size for ids in lists) * _DENSE > documents:
            if allowed is not None:
                scores *= allowed
            ids = top_k_indices(scores, k)
            total = int(np.count_nonzero(scores > 0))
            found = Matches(ids, scores.take(ids) * factor)
            scores.fill(0)
            return TopK(found, total)
        ids = distinct_ids(lists, scores)
        found = Matches(ids, scores.take(ids) * factor)
        clear(scores, ids)
    found = apply_filter(found, allowed)
    return TopK(_top_k(found, k), found.ids.size)


def _add_two(
    scores: FloatArray, lists: Sequence[IdArray], words: Sequence[Matches], factor: np.float32
) -> None:
    """Add the scores of two words; the sum of a document with both is multiplied by a factor."""
    scores[lists[0]] = words[0].scores
    both_scores = scores.take(lists[1])
    both = both_scores > 0
    both_scores += words[1].scores
    np.multiply(both_scores, factor, out=both_scores, where=both)
    scores[lists[1]] = both_scores


def apply_filter(matches: Matches, allowed: BoolArray | None) -> Matches:
    """Return the matches for which `allowed`, bool [documents], is true; None for all."""
    if allowed is None:
        return matches
    kept = allowed[matches.ids]
    return Matches(matches.ids[kept], matches.scores[kept])


def distinct_ids(lists: Sequence[IdArray], sums: FloatArray) -> IdArray:
    """Return the distinct ids of some ascending lists, ascending; int64 [n].

    `sums`, float32 [documents], is above 0 for each of these ids and 0 for every other.
    """
    if sum(ids.size for ids in lists) * _SORTED > sums.size:
        return (sums > 0).nonzero()[0]
    ids = np.concatenate([ids.astype(np.uint32) for ids in lists])
    ids.sort()  # vectorised for this type
    return ids[begins_run(ids)].astype(np.int64)


def top_k_of(matches: Matches, k: int) -> TopK:
    """Return at least the `k` best of some matches; those that score 0 tie."""
    total = matches.ids.size
    if total <= k:
        return TopK(matches, total)
    chosen = top_k_indices(matches.scores, k)
    if chosen.size < k:
        return TopK(matches, total)
    return TopK(Matches(matches.ids[chosen], matches.scores[chosen]), total)


def _top_k(matches: Matches, k: int) -> Matches:
    if matches.ids.size <= k:
        return matches
    chosen = top_k_indices(matches.scores, k)
    return Matches(matches.ids[chosen], matches.scores[chosen])


def top_k_indices(values: FloatArray, k: int) -> npt.NDArray[np.intp]:
    """Return the indexes of at least the `k` largest values above 0, ascending, with all ties.

    The k-th largest of the maxima of disjoint groups is at most the k-th largest of all values, so
    the values that reach it include the k largest, and are in the groups whose maxima reach it. For
    long arrays that is several times faster than a partition.
    """
    count = min(k, values.size)
    if count < 1:
        return np.empty(0, np.intp)
    groups = values.size // _GROUP_SIZE
    if groups <= count:
        return _reaching(values, _threshold(values, count))
    table = values[: groups * _GROUP_SIZE].reshape(_GROUP_SIZE, groups)
    maxima, rest = table.max(axis=0), values[groups * _GROUP_SIZE :]
    threshold = _threshold(np.concatenate((maxima, rest)), count)
    if threshold <= 0:
        return _reaching(values, threshold)
    high = _reaching(maxima, threshold)
    rows, columns = (table[:, high] >= threshold).nonzero()
    found = np.concatenate(
        (rows * groups + high[columns], _reaching(rest, threshold) + groups * _GROUP_SIZE)
    )
    found.sort()
    return found


def _threshold(values: FloatArray, count: int) -> np.float32:
    """Return the count-th largest of at least `count` values."""
    index = values.size - count
    threshold: np.float32 = np.partition(values, index)[index]
    return threshold


def _reaching(values: FloatArray, threshold: np.float32) -> npt.NDArray[np.intp]:
    """Return the indexes of values at or above a threshold; for a threshold of 0, of all but 0."""
    chosen: BoolArray = values >= threshold if threshold > 0 else values != 0
    return chosen.nonzero()[0]
