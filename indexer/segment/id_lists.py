"""Id lists: the documents with each term, by their numbers in the segment.

`NAME.ids` has the ascending ids of each list, one list after the other. Of more than 65,536 documents it
has only the two low bytes, and the rest is stored by chunks: the ids of a list that agree in it (after
Chambi, Lemire, Kaser and Godin, "Better bitmap performance with Roaring bitmaps", 2016).

`NAME.id_chunks`: uint32 [chunks], what the ids of a chunk have above their two low bytes, times 65,536,
plus the number of these ids, less one.
`NAME.id_chunk_starts`: [lists + 1], the number of chunks before those of each list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.segment.array_file import AnyArray, ArrayFile, ArrayFileWriter, narrow
from indexer.segment.packed_values import Indexes, steps
from indexer.segment.recent_lists import RecentLists
from indexer.segment.sorted_arrays import AnyIds, UnsignedArray, begins_run, contains

_LOW_BITS = 16
_LOW = (1 << _LOW_BITS) - 1
_HIGH = np.uint32(0xFFFF_0000)

_LONG = 8192
"""Where a list is as long, joining a few of its ids takes less time than joining all."""

_FEW_CHUNKS, _IDS_OF_CHUNK = 4, 4096
"""Ids are joined chunk by chunk where there are so few, or so many ids in each; else all at once."""

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
    chunk_starts = np.zeros(starts.size, np.int64)
    chunks = _chunks(ids, starts.astype(np.int64), chunk_starts)
    writer.add_parts(f"{name}.id_chunks", np.uint32, chunks)
    writer.add(f"{name}.id_chunk_starts", narrow(chunk_starts))


def _chunks(
    ids: UnsignedArray, starts: npt.NDArray[np.int64], chunk_starts: npt.NDArray[np.int64]
) -> Iterator[AnyArray]:
    """Yield the chunks of some lists in parts, and set where those of each list begin."""
    first = written = 0
    begun = np.empty(0, np.int64)  # the place and the higher part of a chunk that may go on
    high = np.empty(0, np.int64)
    for part in steps(ids, _LOW_BITS):
        begins = begins_run(part)
        begins[0] = not high.size or part[0] != high[-1]
        lists = slice(*starts.searchsorted((first, first + part.size)).tolist())
        begins[starts[lists] - first] = True
        places = begins.nonzero()[0]
        begun = np.concatenate((begun, places + first))
        high = np.concatenate((high, part[places].astype(np.int64)))
        chunk_starts[lists] = written + begun.searchsorted(starts[lists])
        yield (high[:-1] << _LOW_BITS) + np.diff(begun) - 1
        written += begun.size - 1
        begun, high, first = begun[-1:], high[-1:], first + part.size
    yield (high << _LOW_BITS) + ids.size - begun - 1
    chunk_starts[starts == ids.size] = written + begun.size


def read_chunks(array_file: ArrayFile, name: str) -> tuple[AnyArray, AnyArray, AnyArray] | None:
    """Return the starts, higher parts and sizes of all chunks of a field; None where there are none.

    Each is int64. Raises IndexDamagedError.
    """
    if f"{name}.id_chunks" not in array_file:
        return None
    chunks = array_file.array(f"{name}.id_chunks").all().astype(np.int64)
    starts = array_file.array(f"{name}.id_chunk_starts").all().astype(np.int64)
    return starts, chunks >> _LOW_BITS, (chunks & _LOW) + 1


class IdList:
    """The ids of one list. Threads may share it.

    Reading them raises ValueError where the chunks have another number of ids.
    """

    __slots__ = ("__weakref__", "_ids", "_recent", "chunks", "low", "size")

    def __init__(
        self,
        low: UnsignedArray,
        chunks: UnsignedArray | None = None,
        recent: RecentLists | None = None,
    ) -> None:
        """The ids, or the two low bytes of each and the chunks."""
        self.size = low.size
        self.low = low
        self.chunks = chunks
        self._recent = recent
        self._ids: UnsignedArray | None = None

    @property
    def nbytes(self) -> int:
        """The bytes that are not those of a file, without those that `RecentLists` bounds."""
        return 4 * self.size if self.chunks is not None and self.size <= _SHORT else 0

    def all(self) -> UnsignedArray:
        """Return every id."""
        ids = self._ids
        if ids is not None or self.chunks is None:
            return self.low if ids is None else ids
        ids = _joined(self.low, self.chunks, np.uint32)
        ids.flags.writeable = False  # what is kept is shared
        if self.size <= _SHORT:
            self._ids = ids
        elif self._recent is not None:
            self._ids = ids
            self._recent.keep(self, ids.nbytes)
        return ids

    def int64(self) -> npt.NDArray[np.int64]:
        """Return every id as int64, a copy."""
        ids = self._ids
        if ids is None and self.chunks is not None:
            return _joined(self.low, self.chunks, np.int64)
        return (self.low if ids is None else ids).astype(np.int64)

    def at(self, rows: Indexes) -> UnsignedArray:
        """Return the ids at some indexes."""
        chunks = self.chunks
        if chunks is None or self._ids is not None or self.size < _LONG:
            return self.all().take(rows)
        ends = _sizes(chunks, self.size).cumsum()
        ids: UnsignedArray = (chunks & _HIGH).take(ends.searchsorted(rows, "right"))
        ids |= self.low.take(rows)
        return ids

    def forget(self) -> None:
        """Forget what can be read again."""
        self._ids = None


NO_IDS = IdList(np.empty(0, np.uint16))


def concatenated(lists: Sequence[IdList]) -> Indexes:
    """Return the ids of at least one list, one list after the other. Raises ValueError as they do."""
    ids = np.concatenate([each.low for each in lists], dtype=np.intp)
    chunks = _concatenated_chunks(lists)
    if chunks is not None:
        highs, ends = chunks
        ids += highs.repeat(np.diff(ends, prepend=0))
    return ids


def ids_among(lists: Sequence[IdList], documents: AnyIds) -> tuple[Indexes, Indexes]:
    """Return which ids of at least one list are some ascending documents; intp [n].

    The first are indexes in the lists, one after the other, the second are these ids. Raises ValueError
    as the lists do.
    """
    low = np.concatenate([each.low for each in lists])
    lowest = low.astype(np.uint16, copy=False)
    is_asked = np.zeros(1 << _LOW_BITS, np.bool_)
    is_asked[documents.astype(np.uint16)] = True
    rows = is_asked.take(lowest).nonzero()[0]
    ids = low.take(rows).astype(np.intp)
    chunks = _concatenated_chunks(lists)
    if chunks is not None:
        highs, ends = chunks
        ids += highs.take(ends.searchsorted(rows, "right"))
    elif low.itemsize <= lowest.itemsize:
        return rows, ids
    held = contains(documents, ids)  # others agree in the low bytes
    return rows[held], ids[held]


def _concatenated_chunks(lists: Sequence[IdList]) -> tuple[Indexes, Indexes] | None:
    """Return what the ids of each chunk of some lists have in common, and where each chunk ends.

    The lists are of one segment; None where they have no chunks.
    """
    parts = [each.chunks for each in lists if each.chunks is not None]
    if not parts:
        return None
    chunks = np.concatenate(parts)
    ends = ((chunks & _LOW).astype(np.intp) + 1).cumsum()
    last = np.cumsum([part.size for part in parts]) - 1
    if not np.array_equal(ends.take(last), np.cumsum([each.size for each in lists])):
        raise ValueError("lists have another number of ids than their chunks")
    return (chunks & _HIGH).astype(np.intp), ends


def _sizes(chunks: UnsignedArray, size: int) -> Indexes:
    """Return the number of ids in each chunk of a list. Raises ValueError where they are not `size`.

    Without that a damaged chunk would ask for memory that has nothing to do with the segment.
    """
    sizes = (chunks & _LOW).astype(np.intp) + 1
    found = int(sizes.sum())
    if found != size:
        raise ValueError(f"there are {size} ids, and {found} in chunks")
    return sizes


def _joined(low: UnsignedArray, chunks: UnsignedArray, dtype: type[np.integer[Any]]) -> AnyArray:
    """Return ids from their parts. Raises ValueError."""
    sizes = _sizes(chunks, low.size)
    ids = low.astype(dtype)
    if chunks.size > _FEW_CHUNKS + low.size // _IDS_OF_CHUNK:
        ids += (chunks & _HIGH).astype(dtype).repeat(sizes)
        return ids
    first = 0
    for chunk, size in zip(chunks.tolist(), sizes.tolist(), strict=True):
        ids[first : first + size] += chunk & ~_LOW
        first += size
    return ids


class IdLists:
    """Reads the lists of one text field. Raises IndexDamagedError."""

    def __init__(self, array_file: ArrayFile, name: str, recent: RecentLists | None = None) -> None:
        self._low = array_file.array(f"{name}.ids")
        self._has_chunks = f"{name}.id_chunks" in array_file
        self._recent = recent
        if self._has_chunks:
            self._chunks = array_file.array(f"{name}.id_chunks")
            self._chunk_starts = array_file.array(f"{name}.id_chunk_starts")

    def of(self, number: int, start: int, stop: int) -> IdList:
        """Return a list by number, of which the ids are those from `start` to before `stop`."""
        low = self._low.slice(start, stop)
        if not self._has_chunks:
            return IdList(low)
        first, last = self._chunk_starts.slice(number, number + 2).tolist()
        return IdList(low, self._chunks.slice(first, last), self._recent)

    def range(self, first: int, last: int, start: int, stop: int) -> UnsignedArray:
        """Return the ids of the lists from `first` to before `last`, as in `of`. Raises ValueError."""
        low = self._low.slice(start, stop)
        if not self._has_chunks:
            return low
        begin, end = self._chunk_starts.item(first), self._chunk_starts.item(last)
        return IdList(low, self._chunks.slice(begin, end)).all()

    def several(self, numbers: Indexes, bounds: Sequence[tuple[int, int]]) -> list[IdList]:
        """Return several lists by their numbers; `bounds` are as in `of`."""
        low = self._low.slices(bounds)
        if not self._has_chunks:
            return [IdList(ids) for ids in low]
        starts = self._chunk_starts.take(numbers).tolist()
        stops = self._chunk_starts.take(numbers + 1).tolist()
        return list(map(IdList, low, self._chunks.slices(zip(starts, stops, strict=True))))
