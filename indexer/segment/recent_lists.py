"""Recent lists: arrays that were computed for long lists, of which those used last are kept.

A search reads the same few lists several times, and the next one others. So these arrays take a bounded
part of memory, whatever the cache of an index holds.
"""

from __future__ import annotations

from collections import deque
from typing import Protocol
from weakref import ref

_MOST = 16
"""Each takes at most four bytes for every document of its segment."""


class Forgetful(Protocol):
    """A list that keeps an array, which can be computed again."""

    def forget(self) -> None:
        """Forget the array."""


class RecentLists:
    """The lists whose arrays are kept. Threads may share it."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        # Weak references: the file of a segment that was deleted is closed with its readers.
        self._kept: deque[ref[Forgetful]] = deque()

    def keep(self, computed: Forgetful) -> None:
        """Note that a list has computed its array; the oldest forgets its own."""
        self._kept.append(ref(computed))
        if len(self._kept) > self._most:
            oldest = self._kept.popleft()()  # each one atomic step, whatever other threads do
            if oldest is not None:
                oldest.forget()
