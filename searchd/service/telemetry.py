"""Traces: a span of OpenTelemetry for each request, sent to a collector. Needs the extra `telemetry`.

A span has the route, status, index and id of the request, never a query or an address. Below the
span of a search are two: the time that it waited for a thread, and the time that it took there. A trace
that a proxy began (`traceparent`) goes on. What else OpenTelemetry knows, such as the share of requests that
is traced and headers for the collector, is set by its own environment variables (`OTEL_...`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from opentelemetry import propagate, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, StatusCode
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from searchd._version import __version__
from searchd.service.request_log import route_of

_FLUSH_MILLISECONDS = 1000
_EXPORT_SECONDS = 2.0
"""How long a collector is waited for, in a thread that nothing else waits for."""

_PROPAGATED = ("traceparent", "tracestate", "baggage")


class Telemetry:
    """The spans of one process. Make it in the process itself: it has a thread."""

    def __init__(self, endpoint: str | None = None, processor: SpanProcessor | None = None) -> None:
        """Send spans to the collector at `endpoint`, such as http://localhost:4318, in batches.

        A `processor` takes the spans instead, for programs with settings of their own.
        """
        if processor is None:
            address = None if endpoint is None else f"{endpoint.rstrip('/')}/v1/traces"
            processor = BatchSpanProcessor(
                OTLPSpanExporter(endpoint=address, timeout=_EXPORT_SECONDS)
            )
        resource = Resource.create({SERVICE_NAME: "searchd", SERVICE_VERSION: __version__})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("searchd", __version__)

    def close(self) -> None:
        """Send what is left, for a second at most."""
        self._provider.force_flush(_FLUSH_MILLISECONDS)
        self._provider.shutdown()

    def add_stages(self, queued: int, started: int, ended: int) -> None:
        """Add to the span of the current request when its search waited and ran; nanoseconds of the epoch."""
        for name, begin, end in (("queue", queued, started), ("search", started, ended)):
            self._tracer.start_span(name, start_time=begin).end(end_time=end)

    def middleware(self, app: ASGIApp, index: str = "") -> ASGIApp:
        """Return an application that has a span for each request."""
        return _Spans(app, self._tracer, index)


class _Spans:
    """ASGI middleware: one span for each request, named by its method and route."""

    def __init__(self, app: ASGIApp, tracer: trace.Tracer, index: str) -> None:
        self._app = app
        self._tracer = tracer
        self._index = index

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application within a span."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        method = scope["method"]
        with self._tracer.start_as_current_span(
            method, propagate.extract(_carrier(scope)), SpanKind.SERVER
        ) as span:
            try:
                await self._app(scope, receive, send_noted)
            finally:
                route = route_of(scope)
                span.update_name(f"{method} {route}")
                span.set_attributes(self._attributes(scope, method, route, status))
                if status >= 500:
                    span.set_status(StatusCode.ERROR)

    def _attributes(self, scope: Scope, method: str, route: str, status: int) -> Mapping[str, Any]:
        return {
            "http.request.method": method,
            "http.route": route,
            "http.response.status_code": status,
            "searchd.index": scope["state"].get("index", self._index),
            "searchd.request_id": scope["state"].get("request_id", ""),
        }


def _carrier(scope: Scope) -> dict[str, str]:
    return {
        name.decode("latin-1"): value.decode("latin-1")
        for name, value in scope["headers"]
        if name.decode("latin-1") in _PROPAGATED
    }
