"""Rate limits: token buckets for callers of the service, in bounded memory."""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

_MAX_CALLERS = 20_000
"""Buckets that are kept, some 200 bytes each. The one that was used least lately is given up first:
it is the fullest, and a new bucket is full."""

BURST_SECONDS = 5
"""A bucket holds the tokens of so many seconds, one at least."""


class Limiter(Protocol):
    """Counts the requests of callers: `RateLimiter`, or one that several processes share."""

    def wait_of(self, caller: str) -> float:
        """Count a request; return 0.0, or the seconds until the caller may send it again."""
        ...


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled: float


class RateLimiter:
    """Counts the requests of each caller against `rate` requests per second, in a token bucket.

    A caller that was quiet may send `burst` requests at once, by default those of 5 seconds.
    For use by one thread.
    """

    def __init__(
        self,
        rate: float,
        burst: float | None = None,
        clock: Callable[[], float] = time.monotonic,
        max_callers: int = _MAX_CALLERS,
    ) -> None:
        self.rate = rate
        self.burst = max(1.0, rate * BURST_SECONDS if burst is None else burst)
        self._clock = clock
        self._max_callers = max_callers
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def __len__(self) -> int:
        """Return how many callers have a bucket."""
        return len(self._buckets)

    def wait_of(self, caller: str) -> float:
        """Count a request; return 0.0, or the seconds until the caller may send it again."""
        now = self._clock()
        bucket = self._buckets.pop(caller, None) or _Bucket(self.burst, now)
        bucket.tokens = min(self.burst, bucket.tokens + (now - bucket.filled) * self.rate)
        bucket.filled = now
        self._buckets[caller] = bucket
        if len(self._buckets) > self._max_callers:
            self._buckets.popitem(last=False)
        if bucket.tokens < 1:
            return (1 - bucket.tokens) / self.rate
        bucket.tokens -= 1
        return 0.0


def caller_of(address: str) -> str:
    """Return what an address counts as: of IPv6 its network of 64 bits, which one client may have whole.

    >>> caller_of("192.0.2.7"), caller_of("2001:db8:0:1::5"), caller_of("::ffff:192.0.2.7")
    ('192.0.2.7', '2001:db8:0:1::/64', '192.0.2.7')
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
