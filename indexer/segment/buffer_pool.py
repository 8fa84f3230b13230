"""Pools of zeroed arrays as long as a segment, which queries use as accumulators.

Allocating such an array costs more than most operations on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt


class ZeroedBufferPool:
    """A pool of arrays of one dtype, which grows to those in use at once. Threads may share it."""

    def __init__(self, dtype: npt.DTypeLike) -> None:
        self._dtype = dtype
        self._free: list[npt.NDArray[Any]] = []

    @contextmanager
    def borrow(self, size: int) -> Iterator[npt.NDArray[Any]]:
        """Yield an array of zeros, [size]; the borrower sets what it changed back to zero.

        After an error in the `with` block, which may leave other values, the array is discarded.
        """
        try:
            array = self._free.pop()  # one atomic step, whatever other threads do
        except IndexError:
            array = np.zeros(size, self._dtype)
        if array.size < size:
            array = np.zeros(size, self._dtype)
        yield array[:size]
        self._free.append(array)
