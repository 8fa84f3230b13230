"""Metrics of the service, in the text format of Prometheus.

prometheus-client keeps the counters: it is pure Python without dependencies, and knows the rules
of the format. Each application has a registry of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING

from fastapi import Depends, FastAPI, Request, Response
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

from indexer.errors import IndexerError
from searchd._version import __version__
from searchd.errors import EngineClosedError
from searchd.service.admission import Admission
from searchd.service.authorization import GUARDED, require

if TYPE_CHECKING:
    from searchd.search_engine import SearchEngine

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
"""The buckets of durations: a search takes milliseconds, and its time limit is seconds."""

Gather = Callable[[bytes], Awaitable[bytes]]
"""Puts the metrics of this process, given as text, together with those of others."""

_AVAILABLE = "Whether the index can be opened."


class Metrics:
    """The counters of one application; without an engine, as of several indexes, of no index."""

    def __init__(self, engine: SearchEngine | None, admission: Admission) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "searchd_requests",
            "Requests that were answered.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._durations = Histogram(
            "searchd_request_duration_seconds",
            "Seconds until the beginning of the answer.",
            ("route",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._registry.register(_State(engine, admission))
        ProcessCollector(registry=self._registry)  # memory, CPU time and open files, on Linux

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request. The values of `method` and `route` must be few."""
        self._requests.labels(method, route, str(status)).inc()
        self._durations.labels(route).observe(seconds)

    def text(self) -> bytes:
        """Return all metrics; those of the index are left out where it cannot be read."""
        return generate_latest(self._registry)


class _State(Collector):
    """What is read when the metrics are asked for: the load, the index and its cache."""

    def __init__(self, engine: SearchEngine | None, admission: Admission) -> None:
        self._engine = engine
        self._admission = admission

    def describe(self) -> list[Metric]:
        """Return nothing: the names need not be known before, and there may be no index yet."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics as they are now."""
        version = GaugeMetricFamily("searchd_build_info", "The version.", labels=("version",))
        version.add_metric([__version__], 1)
        yield version
        load = self._admission
        yield GaugeMetricFamily("searchd_searches_running", "Threads that search.", load.running)
        yield GaugeMetricFamily("searchd_searches_waiting", "Searches in the queue.", load.waiting)
        if self._engine is None:
            return
        try:
            info, cache = self._engine.info(), self._engine.cache_statistics()
        except (IndexerError, EngineClosedError):
            yield GaugeMetricFamily("searchd_index_available", _AVAILABLE, 0)
            return
        yield GaugeMetricFamily("searchd_index_available", _AVAILABLE, 1)
        gauges = (
            ("searchd_index_generation", "Number of the generation.", info.generation),
            ("searchd_index_documents", "Documents of the index.", info.documents),
            ("searchd_index_segments", "Segments of the index.", info.segments),
            ("searchd_index_bytes", "Size of the index on disk.", info.bytes),
            ("searchd_cache_bytes", "Size of what is cached.", cache.bytes),
            ("searchd_cache_limit_bytes", "What may be cached.", cache.capacity),
        )
        for name, meaning, value in gauges:
            yield GaugeMetricFamily(name, meaning, value)
        yield CounterMetricFamily("searchd_cache_hits", "Values found in the cache.", cache.hits)
        yield CounterMetricFamily("searchd_cache_misses", "Values computed.", cache.misses)


def add_metrics(app: FastAPI, counters: Metrics) -> None:
    """Add `GET /metrics`, for keys with the scope admin; without keys, for this machine.

    Where the state of the application has `gather_metrics`, that adds those of other processes.
    """
    app.state.metrics = counters

    @app.get(
        "/metrics",
        tags=["operation"],
        summary="Metrics",
        dependencies=[Depends(require("admin"))],
        response_class=Response,
        responses=GUARDED
        | {200: {"content": {"text/plain": {}}, "description": "The text of Prometheus."}},
    )
    async def metrics(request: Request) -> Response:
        """Return counters and gauges in the text format of Prometheus.

        Where several processes serve, each series has the label `worker`.
        """
        text = await asyncio.to_thread(counters.text)
        gather: Gather | None = getattr(request.app.state, "gather_metrics", None)
        if gather is not None:
            text = await gather(text)
        return Response(text, media_type=CONTENT_TYPE_PLAIN_0_0_4)
