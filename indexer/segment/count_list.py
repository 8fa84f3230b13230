"""Count lists: how often a term occurs in each of its documents, and which occurrences these are.

The occurrences of a term are counted from 0, those of one document after those of the one before.
"""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from indexer.segment.packed_values import Indexes
from indexer.segment.sorted_arrays import AnyIds, UnsignedArray

_Integer = TypeVar("_Integer", bound=np.integer[Any])

_BLOCK = 256
"""The sum of so many values of one byte fits into two bytes."""

_SHORT = 1024
"""So few sums are kept as they are, because they are read in less time."""


class CountList:
    """The occurrences in each of a term's documents. Threads may share it.

    `values`: [n], above 0. `size` is n. Their sums are computed when they are first asked for; then
    ValueError is raised where a value is 0, or the last sum is not `total`. Without that a damaged value
    would ask for memory that has nothing to do with the segment.
    """

    __slots__ = ("_ends", "_low", "_starts", "_total", "size", "values")

    def __init__(self, values: UnsignedArray, total: int) -> None:
        self.values = values
        self.size = values.size
        self._total = total
        self._ends: AnyIds | None = None
        # Of a long list: the two low bytes of each sum, and the sum before each block.
        self._low: npt.NDArray[np.uint16] | None = None
        self._starts: Indexes | None = None

    @property
    def nbytes(self) -> int:
        """The bytes that its sums take, now or later."""
        return (2 if self._is_long else self._type.itemsize) * self.size

    def ends(self) -> AnyIds:
        """Return the sum of the values up to each document; uint32 or int64 [n]."""
        if self._ends is not None:
            return self._ends
        if self._low is None or self._starts is None:
            return self._sum()
        starts = self._starts.astype(np.uint32).repeat(_BLOCK)[: self.size]
        starts += self._low - starts.astype(np.uint16)
        return starts

    def rows_of(self, occurrences: Indexes) -> Indexes:
        """Return the index of the document of each of some occurrences."""
        ends = self.ends()
        return ends.searchsorted(occurrences.astype(ends.dtype), side="right")

    def repeat(self, of_documents: npt.NDArray[_Integer]) -> npt.NDArray[_Integer]:
        """Return the value of each occurrence's document; `of_documents` are those of all, [n]."""
        if self._ends is None and self._low is None:
            self._sum()  # checks them
        return of_documents.repeat(self.values)

    def occurrences_in(self, rows: Indexes) -> tuple[Indexes, Indexes]:
        """Return the occurrences in some documents, by their indexes, and the number in each."""
        sizes = self.values[rows].astype(np.intp)
        # Those in one document are consecutive.
        runs = self._ends_of(rows)
        runs -= sizes.cumsum()
        occurrences = runs.repeat(sizes)
        occurrences += np.arange(occurrences.size)
        return occurrences, sizes

    def _ends_of(self, rows: Indexes) -> Indexes:
        """Return the sums of the values up to some documents; a new array."""
        if self._low is None or self._starts is None:
            return self.ends()[rows].astype(np.intp)
        starts = self._starts.take(rows // _BLOCK)
        starts += self._low.take(rows) - starts.astype(np.uint16)
        return starts

    @property
    def _is_long(self) -> bool:
        return self.size > _SHORT and self.values.itemsize == 1

    @property
    def _type(self) -> np.dtype[Any]:
        """The type that holds every sum that there may be."""
        return np.dtype(np.uint32 if self.size << 8 * self.values.itemsize <= 1 << 32 else np.int64)

    def _sum(self) -> AnyIds:
        """Return what `ends` does, and keep it. Raises ValueError."""
        values = self.values
        ends: AnyIds = values.cumsum(dtype=self._type)
        found = int(ends[-1]) if ends.size else 0
        if values.min(initial=1) < 1:
            raise ValueError("a document has no occurrence of a term")
        if found != self._total:
            raise ValueError(f"there are {self._total} positions, and {found} are counted")
        if not self._is_long:
            self._ends = ends
            return ends
        starts = np.zeros(-(-self.size // _BLOCK), np.intp)
        starts[1:] = ends[_BLOCK - 1 :: _BLOCK][: starts.size - 1]
        self._starts = starts
        self._low = ends.astype(np.uint16)
        return ends
