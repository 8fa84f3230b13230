"""Costs of an index on a cluster that do not depend on what else a machine does.

The processor time of the nodes is what they say themselves (`_nodes/stats`), that of the client is the
system's for this process and for its children that have ended.
"""

from __future__ import annotations

import resource
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from unittest.mock import patch

from indexer.cluster.client import ClusterClient

_SAMPLED_SECONDS = 1.1
"""The nodes measure themselves once a second."""


class Costs(NamedTuple):
    """What was spent: processor seconds of all nodes and of the client, requests, and bytes.

    `sent` and `received` are the bytes of the bodies between the client and the cluster, `inner` those
    between the nodes.
    """

    nodes: float
    client: float
    requests: int
    sent: int
    received: int
    inner: int

    def since(self, earlier: Costs) -> Costs:
        """Return what was spent after an earlier state."""
        return Costs._make(now - before for now, before in zip(self, earlier, strict=True))


class CostMeter:
    """Reads what was spent by one cluster and its client, whose requests are counted."""

    def __init__(self, client: ClusterClient, traffic: Traffic) -> None:
        self._client = client
        self._traffic = traffic

    def read(self) -> Costs:
        """Return what was spent so far, when the merges of the cluster have ended."""
        while any(node["indices"]["merges"]["current"] for node in self._nodes("indices/merge")):
            time.sleep(1)
        time.sleep(_SAMPLED_SECONDS)
        counted = self._traffic.read()
        nodes = self._nodes("process,transport")
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return Costs(
            sum(node["process"]["cpu"]["total_in_millis"] for node in nodes) / 1000,
            time.process_time() + children.ru_utime + children.ru_stime,
            *counted,
            sum(node["transport"]["tx_size_in_bytes"] for node in nodes),
        )

    def _nodes(self, metrics: str) -> list[Any]:
        return list(self._client.request("GET", f"/_nodes/stats/{metrics}")["nodes"].values())


class Traffic:
    """Counts the requests to clusters and the bytes of their bodies. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts = (0, 0, 0)

    def read(self) -> tuple[int, int, int]:
        """Return the number of requests, the bytes sent, and the bytes received."""
        return self._counts

    def add(self, sent: int, received: int) -> None:
        """Count one request."""
        with self._lock:
            counts = self._counts
            self._counts = (counts[0] + 1, counts[1] + sent, counts[2] + received)


@contextmanager
def counted_traffic() -> Iterator[Traffic]:
    """Count the requests of all clients of this process."""
    from opensearchpy.connection import Urllib3HttpConnection

    traffic = Traffic()
    asked = Urllib3HttpConnection.perform_request

    def counting(self: Any, method: str, url: str, *arguments: Any, **options: Any) -> Any:
        answer = asked(self, method, url, *arguments, **options)
        body = options.get("body", arguments[1] if len(arguments) > 1 else None)
        traffic.add(_size(body), _size(answer[2]))
        return answer

    with patch.object(Urllib3HttpConnection, "perform_request", counting):
        yield traffic


def _size(body: str | bytes | None) -> int:
    return len(body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body or b"")
