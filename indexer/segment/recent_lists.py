"""Recent lists: arrays that were computed for long lists, of which the last are kept.

A search reads the same few lists several times, and the next one others.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import Protocol
from weakref import ref

from indexer.segment.cache import SizedCache

_MOST = 16
_SHARE = 16
"""The arrays take this part of the bytes that the cache of an index may have, beside these."""


class ComputedArray(Protocol):
    """A list that keeps an array, which can be computed again."""

    def forget(self) -> None:
        """Forget the array."""


class RecentLists:
    """The lists whose arrays are kept: `most` at most, and no more bytes than a part of a cache.

    Threads may share it.
    """

    def __init__(self, cache: SizedCache, most: int = _MOST) -> None:
        self._cache = cache
        self._most = most
        self._lock = threading.Lock()
        self._bytes = 0
        # Weak references: the file of a segment that was deleted is closed with its readers.
        self._kept: deque[tuple[ref[ComputedArray], int]] = deque()

    def keep(self, computed: ComputedArray, nbytes: int) -> None:
        """Note that a list has computed its array; the first that did so forget theirs."""
        with self._lock:
            self._kept.append((ref(computed), nbytes))
            self._bytes += nbytes
            while self._kept and (
                len(self._kept) > self._most or self._bytes * _SHARE > self._cache.capacity
            ):
                reference, size = self._kept.popleft()
                self._bytes -= size
                first = reference()
                if first is not None:
                    first.forget()
