"""Id lists: the documents with each term, by their numbers in the segment.

`NAME.ids` has the ascending ids of each list, one list after the other. Of more than 65,536 documents it
has only the two low bytes, and the rest is stored by runs: the documents of a list that agree in it
(after Chambi, Lemire, Kaser and Godin, "Better bitmap performance with Roaring bitmaps", 2016).

`NAME.id_runs`: uint32 [runs], what the ids of a run have above their two low bytes, times 65,536, plus the
number of these ids, less one.
`NAME.id_run_starts`: [lists + 1], the number of runs before those of each list.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.segment.array_file import AnyArray, ArrayFile, ArrayFileWriter, narrow
from indexer.segment.packed_values import Indexes, steps
from indexer.segment.recent_lists import RecentLists
from indexer.segment.sorted_arrays import AnyIds, UnsignedArray, contains

_LOW_BITS = 16
_LOW = (1 << _LOW_BITS) - 1
_HIGH = np.uint32(0xFFFF_0000)

_LONG = 8192
"""Of so many ids a few are joined by themselves."""

_FEW_RUNS, _IDS_OF_RUN = 4, 4096
"""Ids are joined run by run where they have few runs, or so many ids in each; else all at once."""

_SHORT = 1024
"""So few ids are kept with the list."""


def id_type(documents: int) -> np.dtype[Any]:
    """Return the type that holds the number of every document of a segment."""
    return np.min_scalar_type(max(documents - 1, 0))


def write_id_lists(
    writer: ArrayFileWriter, name: str, ids: UnsignedArray, starts: npt.NDArray[Any]
) -> None:
    """Write the lists of the field `name`, which may be mapped from a file, of the type `id_type`.

    `starts` has where each list begins in `ids`, and where the last one ends.
    """
    if ids.itemsize <= 2:
        writer.add_parts(f"{name}.ids", ids.dtype, steps(ids))
        return
    writer.add_parts(f"{name}.ids", np.uint16, (part.astype(np.uint16) for part in steps(ids)))
    bounds, runs = [np.empty(0, np.int64)], [np.empty(0, np.uint32)]
    first, before = 0, -1
    for part in steps(ids, _LOW_BITS):
        begins = np.empty(part.size, np.bool_)
        begins[0] = part[0] != before
        np.not_equal(part[1:], part[:-1], out=begins[1:])
        inside = starts[starts.searchsorted(first) : starts.searchsorted(first + part.size)]
        begins[inside.astype(np.int64) - first] = True
        found = begins.nonzero()[0]
        bounds.append(found + first)
        runs.append((part[found] << _LOW_BITS).astype(np.uint32))
        first, before = first + part.size, int(part[-1])
    of_lists = np.concatenate(bounds)
    sizes = np.diff(of_lists, append=ids.size) - 1
    writer.add(f"{name}.id_runs", np.concatenate(runs) | sizes.astype(np.uint32))
    writer.add(f"{name}.id_run_starts", narrow(of_lists.searchsorted(starts)))


def read_runs(array_file: ArrayFile, name: str) -> tuple[AnyArray, AnyArray, AnyArray] | None:
    """Return the starts, higher parts and sizes of all runs of a field; None where there are none.

    Each is int64. Raises IndexDamagedError.
    """
    if f"{name}.id_runs" not in array_file:
        return None
    runs = array_file.array(f"{name}.id_runs").all().astype(np.int64)
    starts = array_file.array(f"{name}.id_run_starts").all().astype(np.int64)
    return starts, runs >> _LOW_BITS, (runs & _LOW) + 1


class IdList:
    """The ids of one list. Threads may share it."""

    __slots__ = ("__weakref__", "_ids", "_recent", "low", "runs", "size")

    def __init__(
        self,
        low: UnsignedArray,
        runs: UnsignedArray | None = None,
        recent: RecentLists | None = None,
    ) -> None:
        """The ids, or the two low bytes of each and the runs."""
        self.size = low.size
        self.low = low
        self.runs = runs
        self._recent = recent
        self._ids: UnsignedArray | None = None

    @property
    def nbytes(self) -> int:
        """The bytes that are not those of a file, without those that are forgotten soon."""
        return 4 * self.size if self.runs is not None and self.size <= _SHORT else 0

    def all(self) -> UnsignedArray:
        """Return every id. Raises ValueError where the runs have another number."""
        ids = self._ids
        if ids is not None or self.runs is None:
            return self.low if ids is None else ids
        ids = _joined(self.low, self.runs, np.uint32)
        if self.size <= _SHORT:
            self._ids = ids
        elif self._recent is not None:
            self._ids = ids
            self._recent.keep(self)
        return ids

    def int64(self) -> npt.NDArray[np.int64]:
        """Return every id as int64, a copy. Raises ValueError like `all`."""
        ids = self._ids
        if ids is None and self.runs is not None:
            return _joined(self.low, self.runs, np.int64)
        return (self.low if ids is None else ids).astype(np.int64)

    def at(self, rows: Indexes) -> UnsignedArray:
        """Return the ids at some indexes. Raises ValueError like `all`."""
        runs = self.runs
        if runs is None or self._ids is not None or self.size < _LONG:
            return self.all().take(rows)
        ends = ((runs & _LOW) + 1).cumsum()
        ids: UnsignedArray = (runs & _HIGH).take(ends.searchsorted(rows, "right"))
        ids |= self.low.take(rows)
        return ids

    def forget(self) -> None:
        """Forget what can be read again."""
        self._ids = None


NO_IDS = IdList(np.empty(0, np.uint16))


def concatenated(lists: Sequence[IdList]) -> Indexes:
    """Return the ids of at least one list, one list after the other."""
    ids = np.concatenate([each.low for each in lists], dtype=np.intp)
    runs = _concatenated_runs(lists)
    if runs is not None:
        ids += (runs & ~_LOW).repeat((runs & _LOW) + 1)
    return ids


def ids_among(lists: Sequence[IdList], documents: AnyIds) -> tuple[Indexes, Indexes]:
    """Return which ids of at least one list are some ascending documents; intp [n].

    The first are indexes in the lists, one after the other, the second are these ids.
    """
    low = np.concatenate([each.low for each in lists])
    lowest = low.astype(np.uint16, copy=False)
    is_asked = np.zeros(1 << _LOW_BITS, np.bool_)
    is_asked[documents.astype(np.uint16)] = True
    rows = is_asked.take(lowest).nonzero()[0]
    ids = low.take(rows).astype(np.intp)
    runs = _concatenated_runs(lists)
    if runs is not None:
        ends = ((runs & _LOW) + 1).cumsum()
        ids += (runs & ~_LOW).take(ends.searchsorted(rows, "right"))
    elif low.itemsize <= lowest.itemsize:
        return rows, ids
    held = contains(documents, ids)  # others agree in the low bytes
    return rows[held], ids[held]


def _concatenated_runs(lists: Sequence[IdList]) -> Indexes | None:
    """Return the runs of some lists of one segment, None where they have none."""
    if lists[0].runs is None:
        return None
    return np.concatenate([each.runs for each in lists if each.runs is not None], dtype=np.intp)


def _joined(low: UnsignedArray, runs: UnsignedArray, dtype: type[np.integer[Any]]) -> AnyArray:
    """Return ids from their parts."""
    ids = low.astype(dtype)
    if runs.size > _FEW_RUNS + low.size // _IDS_OF_RUN:
        ids += (runs & _HIGH).astype(dtype).repeat((runs & _LOW).astype(np.intp) + 1)
        return ids
    first = 0
    for run in runs.tolist():
        last = first + (run & _LOW) + 1
        ids[first:last] += run & ~_LOW
        first = last
    if first != low.size:
        raise ValueError(f"there are {low.size} ids, and {first} in runs")
    return ids


class IdLists:
    """Reads the lists of one text field. Raises IndexDamagedError."""

    def __init__(self, array_file: ArrayFile, name: str, recent: RecentLists | None = None) -> None:
        self._low = array_file.array(f"{name}.ids")
        self._has_runs = f"{name}.id_runs" in array_file
        self._recent = recent
        if self._has_runs:
            self._runs = array_file.array(f"{name}.id_runs")
            self._run_starts = array_file.array(f"{name}.id_run_starts")

    def of(self, number: int, start: int, stop: int) -> IdList:
        """Return a list by number, of which the ids are those from `start` to before `stop`."""
        low = self._low.slice(start, stop)
        if not self._has_runs:
            return IdList(low)
        first, last = self._run_starts.slice(number, number + 2).tolist()
        return IdList(low, self._runs.slice(first, last), self._recent)

    def range(self, first: int, last: int, start: int, stop: int) -> UnsignedArray:
        """Return the ids of the lists from `first` to before `last`, as in `of`."""
        low = self._low.slice(start, stop)
        if not self._has_runs:
            return low
        runs = self._runs.slice(self._run_starts.item(first), self._run_starts.item(last))
        return IdList(low, runs).all()

    def several(self, numbers: Indexes, bounds: Sequence[tuple[int, int]]) -> list[IdList]:
        """Return several lists by their numbers; `bounds` are as in `of`."""
        low = self._low.slices(bounds)
        if not self._has_runs:
            return [IdList(ids) for ids in low]
        starts = self._run_starts.take(numbers).tolist()
        stops = self._run_starts.take(numbers + 1).tolist()
        return list(map(IdList, low, self._runs.slices(zip(starts, stops, strict=True))))
