"""Postings: the documents of a segment that contain a term, and how often."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from indexer.segment.sorted_arrays import AnyArray, BoolArray, FloatArray, IdArray


class Postings(NamedTuple):
    """The documents of one segment that contain a term.

    `ids`: int64 [n], document numbers within the segment, ascending.
    `frequencies`: float32 [n], occurrences; one in the title counts as often as the index's title
    weight says.
    """

    ids: IdArray
    frequencies: FloatArray


class PostingLists(NamedTuple):
    """The posting lists of several terms of one segment, one after the other.

    `ids`: intp [n], document numbers, ascending within each list. `frequencies`: float32 [n], as in
    `Postings`. `sizes` has the number of postings of each list, `owners` the index of its term
    among those asked for. `read` is the number of postings of all lists, those that were left out too.
    """

    ids: npt.NDArray[np.intp]
    frequencies: FloatArray
    sizes: list[int]
    owners: list[int]
    read: int


NO_LISTS = PostingLists(np.empty(0, np.intp), np.empty(0, np.float32), [], [], 0)


class LevelFrequencies(NamedTuple):
    """The documents of one segment that contain a word on some level, with a frequency per level.

    `ids`: int64 [n], document numbers within the segment, ascending.
    `frequencies`: for each level float32 [n], occurrences, weighted as in `Postings`.
    """

    ids: IdArray
    frequencies: tuple[FloatArray, ...]

    @classmethod
    def empty(cls, levels: int) -> Self:
        """Return the frequencies of a word that no document contains."""
        return cls(np.empty(0, np.int64), (np.empty(0, np.float32),) * levels)

    def filter(self, kept: BoolArray) -> LevelFrequencies:
        """Return the rows where `kept`, bool [n], is true."""
        return LevelFrequencies(
            self.ids[kept], tuple(frequency[kept] for frequency in self.frequencies)
        )

    def of_document(self, number: int) -> LevelFrequencies:
        """Return the row of one document; no row where it does not contain the word."""
        return self.filter(self.ids == number)


def add_frequencies(large: LevelFrequencies, small: LevelFrequencies) -> LevelFrequencies:
    """Add the frequencies of one word in two fields; `small` is the one with fewer documents."""
    if not small.ids.size:
        return large
    if not large.ids.size:
        return small
    rows = large.ids.searchsorted(small.ids)
    shared = large.ids.take(rows, mode="clip") == small.ids
    found, added_rows = rows[shared], shared.nonzero()[0]
    sums = [frequency.copy() for frequency in large.frequencies]
    for total, added in zip(sums, small.frequencies, strict=True):
        total[found] += added[added_rows]
    if added_rows.size == small.ids.size:
        return LevelFrequencies(large.ids, tuple(sums))
    new = (~shared).nonzero()[0]
    rows = rows[new] + np.arange(new.size)
    old = np.ones(large.ids.size + new.size, np.bool_)
    old[rows] = False

    def merge(one: AnyArray, other: AnyArray) -> AnyArray:
        merged = np.empty(old.size, one.dtype)
        merged[old] = one
        merged[rows] = other[new]
        return merged

    return LevelFrequencies(merge(large.ids, small.ids), tuple(map(merge, sums, small.frequencies)))
