"""Sums: the scores of the words of a query, added up over the documents of a segment."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from indexer.segment.buffer_pool import ZeroedBufferPool
from indexer.segment.sorted_arrays import BoolArray, FloatArray, IdArray
from searchd.search.plan import Matches

_DENSE = 16
"""Where more than one in so many documents match, looking at every document is faster."""

_SORTED = 8
"""Where fewer than one in so many documents match, sorting them is faster than looking at all."""

_COLUMNS = 64
"""`top_k_indices` looks for a threshold among the maxima of so many values each."""


def top_k_union(
    words: Sequence[Matches],
    documents: int,
    count: int,
    coordination: float,
    allowed: BoolArray | None,
) -> tuple[Matches, int]:
    """Return at least the `count` best documents that hold any of some words, and the total.

    `documents` is the size of the segment. Two words may have a `coordination`: the sum of a
    document that holds one of them is multiplied by (1 / 2) to this power.
    """
    if not words:
        return Matches(np.empty(0, np.int64), np.empty(0, np.float32)), 0
    if len(words) == 1:
        found = apply_filter(words[0], allowed)
        return _largest_of(found, count), found.ids.size
    with _scores.borrow(documents) as scores:
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
            ids = top_k_indices(scores, count)
            total = int(np.count_nonzero(scores > 0))
            found = Matches(ids, scores.take(ids) * factor)
            scores.fill(0)
            return found, total
        ids = distinct(lists, scores)
        found = Matches(ids, scores.take(ids) * factor)
        scores[ids] = 0
    found = apply_filter(found, allowed)
    return _largest_of(found, count), found.ids.size


def _add_two(
    scores: FloatArray, lists: Sequence[IdArray], words: Sequence[Matches], factor: np.float32
) -> None:
    """Add the scores of two words; the sum of a document with both is multiplied by a factor."""
    scores[lists[0]] = words[0].scores
    sums = scores.take(lists[1])
    both = sums > 0
    sums += words[1].scores
    np.multiply(sums, factor, out=sums, where=both)
    scores[lists[1]] = sums


def apply_filter(matches: Matches, allowed: BoolArray | None) -> Matches:
    """Return those of some matches that are allowed; bool [documents], None for all."""
    if allowed is None:
        return matches
    kept = allowed[matches.ids]
    return Matches(matches.ids[kept], matches.scores[kept])


def distinct(lists: Sequence[IdArray], sums: FloatArray) -> IdArray:
    """Return the ids in any of some ascending lists, ascending; `sums` is above 0 for each."""
    if sum(ids.size for ids in lists) * _SORTED > sums.size:
        return (sums > 0).nonzero()[0]
    ids = np.concatenate([ids.astype(np.uint32) for ids in lists])
    ids.sort()  # vectorised for this type
    first = np.ones(ids.size, np.bool_)
    np.not_equal(ids[1:], ids[:-1], out=first[1:])
    return ids[first].astype(np.int64)


_scores = ZeroedBufferPool(np.float32)


def _largest_of(matches: Matches, count: int) -> Matches:
    if matches.ids.size <= count:
        return matches
    chosen = top_k_indices(matches.scores, count)
    return Matches(matches.ids[chosen], matches.scores[chosen])


def top_k_indices(values: FloatArray, count: int) -> npt.NDArray[np.intp]:
    """Return the indexes of at least the `count` largest values above 0, ascending, and ties.

    The count-th largest of the maxima of disjoint groups is not above the count-th largest of all
    values, so all that reach it hold the answer, and they are in the groups whose maxima do. For
    long arrays that is several times faster than a partition.
    """
    count = min(count, values.size)
    if count < 1:
        return np.empty(0, np.intp)
    groups = values.size // _COLUMNS
    if groups <= count:
        return _reaching(values, _threshold(values, count))
    table = values[: groups * _COLUMNS].reshape(_COLUMNS, groups)
    maxima, rest = table.max(axis=0), values[groups * _COLUMNS :]
    threshold = _threshold(np.concatenate((maxima, rest)), count)
    if threshold <= 0:
        return _reaching(values, threshold)
    high = _reaching(maxima, threshold)
    rows, columns = (table[:, high] >= threshold).nonzero()
    found = np.concatenate(
        (rows * groups + high[columns], _reaching(rest, threshold) + groups * _COLUMNS)
    )
    found.sort()
    return found


def _threshold(values: FloatArray, count: int) -> np.float32:
    """Return the count-th largest of some values, which are as many at least."""
    place = values.size - count
    threshold: np.float32 = np.partition(values, place)[place]
    return threshold


def _reaching(values: FloatArray, threshold: np.float32) -> npt.NDArray[np.intp]:
    """Return where values reach a threshold above 0, or are not 0."""
    chosen: BoolArray = values >= threshold if threshold > 0 else values != 0
    return chosen.nonzero()[0]
