"""Traces: a span for each request, and the stages of a search below it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from searchd.service import create_app
from searchd.service.authorization import Authorization
from searchd.service.telemetry import Telemetry
from tests.searchd.service.conftest import FailingEngine, TestClient, client_over

if TYPE_CHECKING:
    from searchd.engine import Engine


@pytest.fixture
def exporter() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def telemetry(exporter: InMemorySpanExporter) -> Iterator[Telemetry]:
    made = Telemetry(processor=SimpleSpanProcessor(exporter))
    yield made
    made.close()


@pytest.fixture
def client(engine: Engine, telemetry: Telemetry) -> TestClient:
    authorization = Authorization(index="news")
    return TestClient(create_app(engine, telemetry=telemetry, authorization=authorization))


def spans(exporter: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {span.name: span for span in exporter.get_finished_spans()}


def test_a_search_and_its_stages(client: TestClient, exporter: InMemorySpanExporter) -> None:
    assert client.get("/search?q=العدس", headers={"X-Request-ID": "r-7"}).status_code == 200
    found = spans(exporter)
    assert set(found) == {"GET /search", "queue", "search"}
    request = found["GET /search"]
    assert request.attributes == {
        "http.request.method": "GET",
        "http.route": "/search",
        "http.response.status_code": 200,
        "searchd.index": "news",
        "searchd.request_id": "r-7",
    }
    for name in ("queue", "search"):
        parent = found[name].parent
        assert parent is not None
        assert request.context is not None
        assert parent.span_id == request.context.span_id
    times = [request.start_time, found["queue"].start_time, found["search"].start_time]
    assert None not in times
    assert times == sorted(times, key=lambda time: time or 0)
    assert found["queue"].end_time == found["search"].start_time


def test_a_trace_goes_on(client: TestClient, exporter: InMemorySpanExporter) -> None:
    trace, parent = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
    client.get("/health", headers={"traceparent": f"00-{trace}-{parent}-01"})
    span = spans(exporter)["GET /health"]
    assert span.context is not None
    assert span.parent is not None
    assert (span.context.trace_id, span.parent.span_id) == (int(trace, 16), int(parent, 16))


def test_what_a_client_made_up_is_in_no_span(
    client: TestClient, exporter: InMemorySpanExporter
) -> None:
    client.get("/made/up?q=secret")
    (span,) = exporter.get_finished_spans()
    assert span.name == "GET other"
    assert "secret" not in span.to_json()


def test_failures_are_errors(telemetry: Telemetry, exporter: InMemorySpanExporter) -> None:
    app = create_app(FailingEngine(ZeroDivisionError()), telemetry=telemetry)  # type: ignore[arg-type]
    assert TestClient(app).get("/search?q=x").status_code == 500
    span = spans(exporter)["GET /search"]
    assert span.status.status_code.name == "ERROR"


def test_without_telemetry_nothing_is_told() -> None:
    app = client_over(FailingEngine(ZeroDivisionError())).app
    assert app.state.admission.on_stages is None  # type: ignore[attr-defined]
