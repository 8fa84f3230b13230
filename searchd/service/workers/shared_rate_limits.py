"""Rate limits that hold for all worker processes together: token buckets in shared memory.

To divide a rate by the number of workers would be wrong for clients that keep one connection: all
of their requests reach the same worker, so they would have a part of what they may.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import secrets
import struct
import tempfile
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

from searchd.service.rate_limits import BURST_SECONDS

_SETS = 4096
_WAYS = 8
_BUCKET = struct.Struct("=Qdd")
_SET = struct.Struct("=" + "Qdd" * _WAYS)


class SharedBuckets:
    """A table of token buckets that processes share which are forked from this one.

    It has room for 32,768 callers (0.8 MB). A caller may have one of eight places; where all are
    taken, the bucket that was used least lately makes room, as in `RateLimiter`. The lock is one of
    the system, which releases it where a process dies.
    """

    def __init__(self, sets: int = _SETS) -> None:
        self._sets = sets
        self._memory = mmap.mmap(-1, sets * _SET.size)
        self._secret = secrets.token_bytes(16)  # so that nobody can choose whose place he takes
        self._lock, path = tempfile.mkstemp(prefix="searchd-lock-")
        Path(path).unlink()
        self.close = weakref.finalize(self, os.close, self._lock)

    def take(self, caller: str, now: float, rate: float, burst: float) -> float:
        """Take a token of a caller at the time `now`; return 0.0, or the seconds until there is one."""
        digest = blake2b(caller.encode("utf-8", "replace"), digest_size=8, key=self._secret)
        key = int.from_bytes(digest.digest(), "little") or 1
        start = key % self._sets * _SET.size
        with self._locked():
            buckets = _SET.unpack_from(self._memory, start)
            keys, filled = buckets[::3], buckets[2::3]
            way = keys.index(key) if key in keys else filled.index(min(filled))
            tokens = burst
            if keys[way] == key:
                elapsed = max(
                    now - filled[way], 0.0
                )  # another process may have read its clock later
                tokens = min(burst, buckets[3 * way + 1] + elapsed * rate)
            wait = 0.0 if tokens >= 1 else (1 - tokens) / rate
            left = tokens if wait else tokens - 1
            place = start + way * _BUCKET.size
            _BUCKET.pack_into(self._memory, place, key, left, max(now, filled[way]))
        return wait

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep the other processes out; one that dies meanwhile keeps nobody out."""
        fcntl.lockf(self._lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.lockf(self._lock, fcntl.LOCK_UN)


class SharedRateLimiter:
    """Counts the requests of each caller like `RateLimiter`, for all processes that share `buckets`.

    For use by one thread of each process.
    """

    def __init__(
        self, rate: float, buckets: SharedBuckets, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.rate = rate
        self.burst = max(1.0, rate * BURST_SECONDS)
        self._buckets = buckets
        self._clock = clock

    def wait_of(self, caller: str) -> float:
        """Count a request; return 0.0, or the seconds until the caller may send it again."""
        return self._buckets.take(caller, self._clock(), self.rate, self.burst)
