"""Pools of zeroed arrays as long as a segment, which queries use as accumulators.

Allocating such an array costs more than most operations on it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

_Array = npt.NDArray[Any]

_FILL_COST = 8
"""Setting a value by its index takes as long as setting so many in a row."""


def clear(array: _Array, indexes: npt.NDArray[np.integer[Any]]) -> None:
    """Set an array back to zeros, of which all others are 0 already."""
    if indexes.size * _FILL_COST > array.size:
        array.fill(0)
    else:
        array[indexes] = 0


class ZeroedBufferPool:
    """A pool of arrays of one dtype, which grows to those in use at once. Threads may share it."""

    def __init__(self, dtype: npt.DTypeLike) -> None:
        self._dtype = dtype
        self._free: list[_Array] = []

    def borrow(self, size: int) -> _Loan:
        """Return a context with an array of zeros, [size]; the borrower sets what it changed back.

        After an error in the `with` block, which may leave other values, the array is discarded.
        """
        try:
            array = self._free.pop()  # one atomic step, whatever other threads do
        except IndexError:
            array = np.zeros(size, self._dtype)
        if array.size < size:
            array = np.zeros(size, self._dtype)
        return _Loan(self._free, array, size)


class _Loan:
    """One array of a pool while it is borrowed. A class, which is entered in a fifth of the time."""

    __slots__ = ("_array", "_free", "_size")

    def __init__(self, free: list[_Array], array: _Array, size: int) -> None:
        self._free = free
        self._array = array
        self._size = size

    def __enter__(self) -> _Array:
        return self._array[: self._size]

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        if kind is None:
            self._free.append(self._array)
