"""Search turns: the threads of a process search one after the other, and beside a search that takes long.

Threads that search at once hand the lock of the interpreter to each other at every call of numpy, so
that two get through fewer searches than one. A search therefore waits for the one before it: until
that ends, or has taken `QUICK_SECONDS`, so that none waits long for a slow one. Searches begin in the
order in which they were asked for.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import deque
from contextlib import AbstractContextManager, nullcontext

QUICK_SECONDS = 0.02
"""How long a search has the turn. Nearly all are done by then."""


class SearchTurns:
    """Turns that threads wait for: `with turns:` around a search, which may be within another."""

    def __init__(self, seconds: float = QUICK_SECONDS) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._owner: object = None
        self._since = 0.0
        self._own = threading.local()

    def __enter__(self) -> None:
        depth = self._own.depth = getattr(self._own, "depth", 0) + 1
        if depth > 1:
            return
        self._own.turn = turn = threading.Lock()  # locked while its search waits
        with self._lock:
            if not self._waiting and self._is_free():
                self._give(turn)
                return
            turn.acquire()
            self._waiting.append(turn)
        try:
            self._wait(turn)
        except BaseException:  # an interruption of the main thread
            self._own.depth = 0
            self._leave(turn)
            raise

    def __exit__(self, *_error: object) -> None:
        self._own.depth -= 1
        if not self._own.depth:
            self._leave(self._own.turn)

    def _wait(self, turn: threading.Lock) -> None:
        """Wait until a search that ends gives the turn, or the one that has it is slow."""
        while True:
            with self._lock:
                left = self._since + self._seconds - time.perf_counter()
            # Where the one that has it is slow, others are before this one.
            if turn.acquire(timeout=left if left > 0 else self._seconds / 8):
                return
            with self._lock:
                if self._owner is turn:
                    return
                if self._waiting[0] is turn and self._is_free():
                    self._waiting.popleft()
                    self._give(turn)
                    return

    def _is_free(self) -> bool:
        """Whether no search has the turn, or only one that is slow."""
        return self._owner is None or time.perf_counter() - self._since >= self._seconds

    def _give(self, turn: threading.Lock) -> None:
        self._owner, self._since = turn, time.perf_counter()

    def _leave(self, turn: threading.Lock) -> None:
        """Give the turn of a search to the next that waits; a slow one may have it no more."""
        with self._lock:
            if turn in self._waiting:
                self._waiting.remove(turn)
            if self._owner is not turn:
                return
            if self._waiting:
                following = self._waiting.popleft()
                self._give(following)
                following.release()
            else:
                self._owner = None


def _has_lock() -> bool:
    """Whether only one thread of the interpreter runs at a time."""
    enabled = getattr(sys, "_is_gil_enabled", None)
    return enabled is None or bool(enabled())


_turns = SearchTurns()


def search_turn() -> AbstractContextManager[None]:
    """Return the turns of this process, in which each search is."""
    return _turns if _HAS_LOCK else _NO_TURNS


def _forget() -> None:
    global _turns
    _turns = SearchTurns()


_HAS_LOCK = _has_lock()
_NO_TURNS = nullcontext()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
