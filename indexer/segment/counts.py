"""How often a term stands in the documents of a segment."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

IdArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float32]
BoolArray = npt.NDArray[np.bool_]
AnyIds = npt.NDArray[np.integer[Any]]
AnyArray = npt.NDArray[Any]


class Postings(NamedTuple):
    """The documents that hold a term, in one segment.

    `ids`: int64 [n], document numbers within the segment, ascending.
    `weights`: float32 [n], occurrences, those in the title counted TITLE_WEIGHT times.
    """

    ids: IdArray
    weights: FloatArray


class Counts(NamedTuple):
    """The documents that hold a word on one of several levels, and how often on each of them.

    `ids`: int64 [n], document numbers within the segment, ascending.
    `columns`: for each level float32 [n], occurrences, those in the title with their weight.
    """

    ids: IdArray
    columns: tuple[FloatArray, ...]

    def of(self, kept: BoolArray) -> Counts:
        """Return the rows of some documents; bool [n]."""
        return Counts(self.ids[kept], tuple(column[kept] for column in self.columns))

    def row_of(self, number: int) -> Counts:
        """Return the row of one document, or none."""
        return self.of(self.ids == number)


def nowhere(levels: int) -> Counts:
    """Return the counts of a word that no document holds."""
    return Counts(np.empty(0, np.int64), (np.empty(0, np.float32),) * levels)


def add_counts(large: Counts, small: Counts) -> Counts:
    """Add the counts of one word in two places, such as text and title; `small` is the rarer."""
    if not small.ids.size:
        return large
    if not large.ids.size:
        return small
    places = large.ids.searchsorted(small.ids)
    there = large.ids.take(places, mode="clip") == small.ids
    found, more = places[there], there.nonzero()[0]
    columns = [column.copy() for column in large.columns]
    for column, added in zip(columns, small.columns, strict=True):
        column[found] += added[more]
    if more.size == small.ids.size:
        return Counts(large.ids, tuple(columns))
    new = (~there).nonzero()[0]
    places = places[new] + np.arange(new.size)
    old = np.ones(large.ids.size + new.size, np.bool_)
    old[places] = False

    def merge(one: AnyArray, other: AnyArray) -> AnyArray:
        merged = np.empty(old.size, one.dtype)
        merged[old] = one
        merged[places] = other[new]
        return merged

    return Counts(merge(large.ids, small.ids), tuple(map(merge, columns, small.columns)))


def contains(sorted_ids: AnyIds, ids: AnyIds) -> BoolArray:
    """Tell of each id whether it is among ascending ones, whose type must be able to hold it."""
    if not sorted_ids.size:
        return np.zeros(ids.size, np.bool_)
    ids = ids.astype(sorted_ids.dtype, copy=False)  # else the whole of the other would be cast
    places = sorted_ids.searchsorted(ids)
    places[places == sorted_ids.size] = 0
    found: BoolArray = sorted_ids[places] == ids
    return found


def run_starts(values: npt.NDArray[Any]) -> npt.NDArray[np.intp]:
    """Return where each run of equal values begins."""
    if not values.size:
        return np.empty(0, np.intp)
    return np.concatenate(([0], np.flatnonzero(values[1:] != values[:-1]) + 1))
