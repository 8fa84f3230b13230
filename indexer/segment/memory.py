"""What the segments of an index remember of the terms that were asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import TypeVar

_Value = TypeVar("_Value")

CAPACITY = 12_000_000
"""Postings that are remembered at most, in about 200 MB; a hundred queries take a tenth of it."""

_OVERHEAD = 16
"""What a key and the objects of a value take, counted as postings."""


class Memory:
    """Values by key, up to a summed size in postings; beyond it the oldest are forgotten.

    Threads may share it. At worst two compute the same value.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._lock = threading.Lock()
        self._values: dict[Hashable, tuple[object, int]] = {}
        self._size = 0

    def recall(
        self, key: Hashable, compute: Callable[[], _Value], size: Callable[[_Value], int]
    ) -> _Value:
        """Return the value of a key, computed where it is not remembered."""
        found = self._values.get(key)
        if found is not None:
            return found[0]  # type: ignore[return-value]
        value = compute()
        self._keep(key, value, size(value) + _OVERHEAD)
        return value

    def _keep(self, key: Hashable, value: object, size: int) -> None:
        with self._lock:
            if key not in self._values:
                self._values[key] = (value, size)
                self._size += size
            while self._size > self._capacity and len(self._values) > 1:
                self._size -= self._values.pop(next(iter(self._values)))[1]
