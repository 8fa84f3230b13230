"""A cache with one bound in bytes for everything that an open index reads or computes.

Each kind of value has a `CacheRegion` with keys of one type, so keys of different kinds never
collide. All regions share the bound of their `SizedCache` and its one queue: the CLOCK algorithm
(Corbató, "A Paging Experiment with the Multics System", 1968). The entry that reaches the end of
the queue is evicted, unless it was read since it entered; then it goes back to the start once.
"""

from __future__ import annotations

import threading
import weakref
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")

_OVERHEAD = 400
"""Bytes that an entry takes besides the arrays of its value: key, objects, queue."""


class _Entry(Generic[_Value]):
    """A cached value, its size in bytes, and whether it was read since it entered the queue."""

    __slots__ = ("size", "used", "value")

    def __init__(self, value: _Value, size: int) -> None:
        self.value = value
        self.size = size
        self.used = False


@dataclass(frozen=True, slots=True)
class CacheStatistics:
    """What a cache holds, in bytes, and how often a value was found in it or computed.

    `hits` may be a little low where threads without a lock of Python race.
    """

    bytes: int
    capacity: int
    hits: int
    misses: int


class SizedCache:
    """The bound in bytes and the eviction queue that all regions of one open index share.

    Threads may share a cache; at worst two of them compute the same value. The size exceeds
    `capacity` only while a single entry is larger than it.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self._lock = threading.Lock()
        self._size = 0
        # Weak references: a region and the arrays of its segment are freed with the segment.
        self._queue: deque[tuple[weakref.ref[CacheRegion[Any, Any]], Hashable]] = deque()
        self._dropped: deque[tuple[int, int]] = deque()
        self._dead_entries = 0
        self.hits = 0
        self._misses = 0

    def region(self, size: Callable[[_Value], int]) -> CacheRegion[Any, _Value]:
        """Return a new region for values of one kind; `size` gives the bytes of a value."""
        return CacheRegion(self, size)

    @property
    def size(self) -> int:
        """The bytes of all entries, with what their keys and objects take."""
        with self._lock:
            self._account_for_dropped()
            return self._size

    @property
    def statistics(self) -> CacheStatistics:
        """The size of the cache, and its hits and misses since it was made."""
        return CacheStatistics(self.size, self.capacity, self.hits, self._misses)

    def admit(self, region: CacheRegion[_Key, _Value], key: _Key, entry: _Entry[_Value]) -> None:
        """Add an entry of a region, and evict others until the size is within the bound."""
        with self._lock:
            if self._dropped or self._dead_entries:
                self._account_for_dropped()
            self._misses += 1
            if key not in region.entries:
                region.entries[key] = entry
                self._size += entry.size
                self._queue.append((region.reference, key))
            while self._size > self.capacity and len(self._queue) > 1:
                self._evict_or_requeue()

    def drop(self, entries: int, size: int) -> None:
        """Note that a region was freed. Without the lock: the garbage collector may call it."""
        self._dropped.append((entries, size))

    def _evict_or_requeue(self) -> None:
        reference, key = self._queue.popleft()
        region = reference()
        if region is None:
            self._dead_entries -= 1
            return
        entry = region.entries[key]
        if entry.used:
            entry.used = False
            self._queue.append((reference, key))
        else:
            del region.entries[key]
            self._size -= entry.size

    def _account_for_dropped(self) -> None:
        while self._dropped:
            entries, size = self._dropped.popleft()
            self._dead_entries += entries
            self._size -= size
        if 2 * self._dead_entries > len(self._queue):
            self._queue = deque(item for item in self._queue if item[0]() is not None)
            self._dead_entries = 0


class CacheRegion(Generic[_Key, _Value]):
    """The cached values of one kind, by keys of one type.

    When the last reference to a region is gone, so are its values.
    """

    def __init__(self, cache: SizedCache, size: Callable[[_Value], int]) -> None:
        self._cache = cache
        self._size = size
        self.entries: dict[_Key, _Entry[_Value]] = {}
        self.reference = weakref.ref(self)

    def __del__(self) -> None:
        if self.entries:
            size = sum(entry.size for entry in self.entries.values())
            self._cache.drop(len(self.entries), size)

    def get(self, key: _Key) -> _Value | None:
        """Return the cached value of a key, None where there is none."""
        entry = self.entries.get(key)
        return None if entry is None else entry.value

    def get_or_compute(self, key: _Key, compute: Callable[[], _Value]) -> _Value:
        """Return the cached value of a key; compute and cache it on a miss."""
        entry = self.entries.get(key)
        if entry is not None:
            entry.used = True
            self._cache.hits += 1
            return entry.value
        value = compute()
        self._cache.admit(self, key, _Entry(value, self._size(value) + _OVERHEAD))
        return value

    def get_or_compute_all(
        self, keys: Sequence[_Key], compute: Callable[[list[_Key]], Iterable[_Value]]
    ) -> list[_Value]:
        """Return the cached values of keys; compute those on a miss together, and cache them.

        `compute` is given each key once, and returns the values in that order.
        """
        entries = [self.entries.get(key) for key in keys]
        missing = [key for key, entry in zip(keys, entries, strict=True) if entry is None]
        computed: dict[_Key, _Value] = {}
        if missing:
            asked = list(dict.fromkeys(missing))
            computed = dict(zip(asked, compute(asked), strict=True))
            for key, value in computed.items():
                self._cache.admit(self, key, _Entry(value, self._size(value) + _OVERHEAD))
        found = []
        for key, entry in zip(keys, entries, strict=True):
            if entry is None:
                found.append(computed[key])
            else:
                entry.used = True
                self._cache.hits += 1
                found.append(entry.value)
        return found


def no_bytes(_value: object) -> int:
    """Return 0: the size of a value that is a number or a view of a file."""
    return 0
