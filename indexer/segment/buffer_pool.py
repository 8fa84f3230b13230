"""Scratch arrays: zeros of the size of a segment, which are borrowed and given back as such.

Making such an array costs more than most of what is done with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt


class ZeroedBufferPool:
    """Arrays of one type. Threads may share it: there are as many as were ever lent at once."""

    def __init__(self, kind: npt.DTypeLike) -> None:
        self._kind = kind
        self._free: list[npt.NDArray[Any]] = []

    @contextmanager
    def borrow(self, size: int) -> Iterator[npt.NDArray[Any]]:
        """Lend zeros, [size]; who borrows them sets to zero what was changed.

        After an error, which may have left something there, they are not lent again.
        """
        try:
            array = self._free.pop()  # as one step, whatever other threads do
        except IndexError:
            array = np.zeros(size, self._kind)
        if array.size < size:
            array = np.zeros(size, self._kind)
        yield array[:size]
        self._free.append(array)
