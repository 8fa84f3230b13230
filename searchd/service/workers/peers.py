"""The metrics of all processes of a service, in the answer of one.

Each series has the label `worker`, the number of the process or `writer`. The multiprocess mode of
prometheus-client was not taken: it has no metrics of processes (memory, open files) and none that are
read when they are asked for (the queue, the cache), is chosen for the whole program when it is
imported, and leaves a file for each process that ever lived. With a label a process that was
started anew begins its own counters at 0, which Prometheus understands; in a sum it would be lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from prometheus_client import CollectorRegistry
from prometheus_client.core import Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

from searchd.service.workers.internal import METRICS_PATH
from searchd.service.workers.unix_client import PeerError, sent

WRITER = "writer"
"""The name of the process that writes."""

_SECONDS = 2.0
"""How long another process is waited for."""

_OF_REQUESTS = ("searchd_requests", "searchd_request_duration_seconds")
"""What the process that writes counts too of requests that another has counted."""


@dataclass(frozen=True, slots=True)
class Peers:
    """The processes of a service: the Unix socket of each by its name, and the name of this one."""

    own_name: str
    sockets: Mapping[str, Path]

    async def metrics(self, own: bytes) -> bytes:
        """Return the metrics of all processes; `own` are those of this one.

        A process that does not answer in 2 seconds is left out: its `searchd_worker_up` is 0.
        """
        others = [name for name in self.sockets if name != self.own_name]
        answers = await asyncio.gather(*(_ask(self.sockets[name]) for name in others))
        texts = {self.own_name: own, **dict(zip(others, answers, strict=True))}
        return await asyncio.to_thread(merge, {name: texts[name] for name in self.sockets})


async def _ask(path: Path) -> bytes | None:
    try:
        async with (
            asyncio.timeout(_SECONDS),
            sent(path, "GET", METRICS_PATH.encode(), [(b"host", b"localhost")]) as response,
        ):
            return b"".join([part async for part in response.body])
    except (PeerError, TimeoutError):
        return None


def merge(texts: Mapping[str, bytes | None]) -> bytes:
    """Return the metrics of several processes as one text; None stands for one that is silent."""
    up = Metric("searchd_worker_up", "Whether the process answers.", "gauge")
    families = {up.name: up}
    for worker, text in texts.items():
        up.add_sample(up.name, {"worker": worker}, float(text is not None))
        for found in text_string_to_metric_families((text or b"").decode()):
            if worker == WRITER and found.name.startswith(_OF_REQUESTS):
                continue
            kind = (found.name, found.documentation, found.type)
            family = families.setdefault(found.name, Metric(*kind))
            for sample in found.samples:
                labels = {**sample.labels, "worker": worker}
                family.add_sample(sample.name, labels, sample.value, sample.timestamp)
    registry = CollectorRegistry()
    registry.register(_Families(list(families.values())))
    return generate_latest(registry)


class _Families(Collector):
    """A collector of metrics that are there already."""

    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> list[Metric]:
        """Return them."""
        return self._families
