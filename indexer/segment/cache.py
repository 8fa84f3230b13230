"""What an index remembers of the words that were asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Hashable
from typing import TypeVar

_Value = TypeVar("_Value")

_OVERHEAD = 400
"""Bytes that a key and the objects of a value take, beside its arrays."""


def _name_of(key: Hashable) -> object:
    return key[0] if isinstance(key, tuple) else key


class _Entry:
    """A value that is remembered, its size in bytes, and whether it was asked for again."""

    __slots__ = ("size", "used", "value")

    def __init__(self, value: object, size: int) -> None:
        self.value = value
        self.size = size
        self.used = False


class SizedCache:
    """Values by key, up to a summed size in bytes; what was not asked for lately is forgotten.

    The values stand in a queue. What reaches its end is forgotten, unless it was asked for since
    it was put there: then it goes back to the beginning (the CLOCK algorithm of Corbató, "A Paging
    Experiment with the Multics System", 1968). Threads may share a memory. At worst two compute
    the same value.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self._lock = threading.Lock()
        self._entries: dict[Hashable, _Entry] = {}
        self._size = 0

    def get_or_compute(
        self, key: Hashable, compute: Callable[[], _Value], size: Callable[[_Value], int]
    ) -> _Value:
        """Return the value of a key, computed where it is not remembered; `size` is in bytes."""
        found = self._entries.get(key)
        if found is not None:
            found.used = True
            return found.value  # type: ignore[return-value]
        value = compute()
        self._keep(key, _Entry(value, size(value) + _OVERHEAD))
        return value

    def retain(self, names: Collection[str]) -> None:
        """Forget the values of every key whose first part is none of some names.

        What is remembered of a segment holds its file open.
        """
        with self._lock:
            for key in [key for key in self._entries if _name_of(key) not in names]:
                self._size -= self._entries.pop(key).size

    def _keep(self, key: Hashable, entry: _Entry) -> None:
        with self._lock:
            if key not in self._entries:
                self._entries[key] = entry
                self._size += entry.size
            while self._size > self.capacity and len(self._entries) > 1:
                oldest = next(iter(self._entries))
                found = self._entries.pop(oldest)
                if found.used:
                    found.used = False
                    self._entries[oldest] = found
                else:
                    self._size -= found.size
