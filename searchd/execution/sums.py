"""Sums: the scores of the words of a query, added up over the documents of a segment."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from indexer.segment.counts import BoolArray, FloatArray, IdArray
from indexer.segment.scratch import Scratch
from searchd.execution.plan import Matches

_DENSE = 16
"""Where more than one in so many documents match, looking at every document is faster."""

_SORTED = 8
"""Where fewer than one in so many documents match, sorting them is faster than looking at all."""

_COLUMNS = 64
"""`largest` looks for a threshold among the maxima of so many values each."""


def best_of_words(
    words: Sequence[Matches],
    documents: int,
    count: int,
    coordination: float,
    allowed: BoolArray | None,
) -> tuple[Matches, int]:
    """Return at least the `count` best documents that hold any of some words, and the total.

    `documents` is the size of the segment. With a `coordination` each sum is multiplied by
    (words held / words) to this power.
    """
    if not words:
        return Matches(np.empty(0, np.int64), np.empty(0, np.float32)), 0
    if len(words) == 1:
        found = allow(words[0], allowed)
        return _largest_of(found, count), found.ids.size
    with _scores.lend(documents) as scores, _hits.lend(documents) as hits:
        lists = _add_up(scores, hits, words, coordination)
        factor = np.float32(len(words) ** -coordination)
        if sum(ids.size for ids in lists) * _DENSE > documents:
            if allowed is not None:
                scores *= allowed
            ids = largest(scores, count)
            total = int(np.count_nonzero(scores > 0))
            found = Matches(ids, scores[ids] * factor)
            scores.fill(0)
            return found, total
        ids = distinct(lists, scores)
        found = Matches(ids, scores[ids] * factor)
        scores[ids] = 0
    found = allow(found, allowed)
    return _largest_of(found, count), found.ids.size


def allow(matches: Matches, allowed: BoolArray | None) -> Matches:
    """Return those of some matches that are allowed; bool [documents], None for all."""
    if allowed is None:
        return matches
    kept = allowed[matches.ids]
    return Matches(matches.ids[kept], matches.scores[kept])


def _add_up(
    scores: FloatArray,
    hits: npt.NDArray[np.uint8],
    words: Sequence[Matches],
    coordination: float,
) -> list[IdArray]:
    """Add the scores of some words to those of their documents; return the ids of each word.

    With a coordination the sum of a document with n of the words is multiplied by n to its power.
    """
    lists: list[IdArray] = []
    again: list[IdArray] = []
    for found in words:
        # Indexing is fastest with this type. Words are added in the order of the query, so that
        # equal documents have equal scores in every segment.
        ids = found.ids.astype(np.intp)
        if coordination and lists:
            held = ids[scores[ids] > 0]
            hits[held] += 1
            again.append(held)
        np.add.at(scores, ids, found.scores)
        lists.append(ids)
    if coordination:
        powers = (np.arange(1, len(words) + 1) ** coordination).astype(np.float32)
        for held in again:
            scores[held] *= powers[hits[held]]
            hits[held] = 0  # so that each document is multiplied once
    return lists


def distinct(lists: Sequence[IdArray], sums: FloatArray) -> IdArray:
    """Return the ids in any of some ascending lists, ascending; `sums` is above 0 for each."""
    if sum(ids.size for ids in lists) * _SORTED > sums.size:
        return (sums > 0).nonzero()[0]
    ids = np.concatenate([ids.astype(np.uint32) for ids in lists])
    ids.sort()  # vectorised for this type
    first = np.ones(ids.size, np.bool_)
    np.not_equal(ids[1:], ids[:-1], out=first[1:])
    return ids[first].astype(np.int64)


_scores = Scratch(np.float32)
_hits = Scratch(np.uint8)


def _largest_of(matches: Matches, count: int) -> Matches:
    if matches.ids.size <= count:
        return matches
    chosen = largest(matches.scores, count)
    return Matches(matches.ids[chosen], matches.scores[chosen])


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
    chosen: BoolArray = values >= threshold if threshold > 0 else values != 0
    return chosen.nonzero()[0]
