"""Scratch arrays: zeros of the size of a segment, which a thread borrows and gives back as such.

Making such an array costs more than most of what is done with it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt


class Scratch(threading.local):
    """One array of a type for each thread."""

    def __init__(self, kind: npt.DTypeLike) -> None:
        self._array: npt.NDArray[Any] = np.zeros(0, kind)

    @contextmanager
    def lend(self, size: int) -> Iterator[npt.NDArray[Any]]:
        """Lend zeros, [size]; who borrows them sets to zero what was changed.

        After an error, which may have left something there, they are made anew.
        """
        array, self._array = self._array, self._array[:0]
        if array.size < size:
            array = np.zeros(size, array.dtype)
        yield array[:size]
        self._array = array
