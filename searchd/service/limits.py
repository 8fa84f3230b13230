"""The limits of the service: what it does at once, and how long it waits for its clients."""

from __future__ import annotations

import os
from dataclasses import dataclass, field


def default_searches() -> int:
    """Return how many searches run at once unless a number is given: the cores, from 2 to 4.

    One long search must leave room for others. More threads than four only wait for each other,
    because Python runs one at a time outside of numpy.
    """
    return max(2, min(4, os.cpu_count() or 1))


@dataclass(frozen=True, slots=True)
class ServiceLimits:
    """What the service does at once, and for how long. Times are in seconds.

    `searches` run at the same time, `queue` more wait for up to `queue_seconds`, and others are
    refused. A search that takes longer than `search_seconds` is answered with an error.
    At most `connections` are open. A client has `client_seconds` to send a request, and as long to
    take more of a response. A connection without a request is closed after `idle_seconds`.
    """

    searches: int = field(default_factory=default_searches)
    queue: int = 256
    queue_seconds: float = 0.75
    search_seconds: float = 2
    connections: int = 2048
    client_seconds: float = 10
    idle_seconds: int = 5
