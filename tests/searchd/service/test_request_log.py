"""Ids of requests, and what the logs and metrics keep of them."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from searchd.query_log import QueryLog
from searchd.service import create_app
from searchd.service.authorization import Authorization
from searchd.service.request_log import LogSettings
from tests.searchd.service.conftest import FailingEngine

if TYPE_CHECKING:
    from searchd.engine import Engine


def client_of(engine: Any, settings: LogSettings) -> TestClient:
    app = create_app(engine, logs=settings, authorization=Authorization(index="news"))
    return TestClient(app, client=("127.0.0.1", 1), raise_server_exceptions=False)


def lines(caplog: pytest.LogCaptureFixture, logger: str) -> list[dict[str, Any]]:
    return [record.fields for record in caplog.records if record.name == logger]  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _all_levels(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "searchd")


@pytest.mark.parametrize("given", ["abc-1.2:3", "x" * 128])
def test_a_sane_id_is_kept(engine: Engine, given: str) -> None:
    answer = client_of(engine, LogSettings()).get("/health", headers={"X-Request-ID": given})
    assert answer.headers["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "x" * 129, "a b", "a\tb", "é", "<script>"])
def test_others_are_made(engine: Engine, given: str) -> None:
    client = client_of(engine, LogSettings())
    made = {
        client.get("/health", headers={"X-Request-ID": given.encode()}).headers["X-Request-ID"]
        for _ in range(3)
    }
    assert len(made) == 3
    assert all(len(each) == 32 for each in made)


def test_a_line_for_each_request(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    client = client_of(engine, LogSettings(access=True))
    for url in (
        "/search?q=secret",
        "/documents/law",
        "/documents/none",
        "/static/page.css",
        "/x/y",
    ):
        client.get(url)
    client.head("/search?q=secret")
    found = lines(caplog, "searchd.access")
    assert [(each["method"], each["route"], each["status"]) for each in found] == [
        ("GET", "/search", 200),
        ("GET", "/documents/{id:path}", 200),
        ("GET", "/documents/{id:path}", 404),
        ("GET", "/static", 200),
        ("GET", "other", 404),
        ("HEAD", "/search", 200),
    ]
    assert all(each["duration"] > 0 and each["index"] == "news" for each in found)
    assert "secret" not in str(found) + caplog.text


def test_nothing_is_logged_by_default(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    assert client_of(engine, LogSettings()).get("/search?q=x").status_code == 200
    assert not [each for each in caplog.records if each.name.startswith("searchd")]


def test_queries_where_they_are_asked_for(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    client = client_of(engine, LogSettings(access=True, queries=True))
    client.get("/search", params={"q": "الحشد\nالشعبي"})
    client.get("/health")
    first, second = lines(caplog, "searchd.access")
    assert first["query"] == "الحشد\nالشعبي"
    assert "query" not in second


def test_slow_queries(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    settings = LogSettings(slow_seconds=1e-9)
    client = client_of(engine, settings)
    for url in ("/search?q=secret", "/health", "/metrics", "/?q=secret"):
        client.get(url)
    settings.slow_seconds = 1e9
    client.get("/search?q=secret")
    found = lines(caplog, "searchd.slow")
    assert [each["route"] for each in found] == ["/search", "/"]
    assert "secret" not in str(found)


def test_a_failure_has_the_id_of_its_request(caplog: pytest.LogCaptureFixture) -> None:
    from searchd.service.logs import JsonFormatter

    written: list[str] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(JsonFormatter().format(record))

    handler, logger = Handler(), logging.getLogger("searchd")
    logger.addHandler(handler)
    try:
        client = client_of(FailingEngine(ZeroDivisionError("x")), LogSettings(access=True))
        answer = client.get("/search?q=x", headers={"X-Request-ID": "the-id"})
    finally:
        logger.removeHandler(handler)
    assert answer.status_code == 500
    failure, access = (json.loads(line) for line in written)
    assert "ZeroDivisionError" in failure["exception"]
    assert failure["request_id"] == access["request_id"] == "the-id"
    assert access["status"] == 500


def test_what_people_search(engine: Engine, tmp_path: Path) -> None:
    log = QueryLog(tmp_path / "queries")
    client = client_of(engine, LogSettings(query_log=log))
    for url in (
        "/search?q=الحشد",
        "/search?q=زقورة",
        "/?q=الحشد",
        "/search?q=الحشد&offset=1",
        "/?q=الحشد&page=2",
        '/search?q="',
        "/suggest?q=الحشد",
        "/",
    ):
        client.get(url, headers={"X-Request-ID": "the-id"})
    log.close()
    text = (tmp_path / "queries").read_text("utf-8")
    found = [json.loads(line) for line in text.splitlines()]
    assert [(each["query"], each["total"]) for each in found] == [
        ("الحشد", 2),
        ("زقورة", 0),
        ("الحشد", 2),
    ]
    assert all(set(each) == {"time", "query", "total", "seconds"} for each in found)
    assert "127.0.0.1" not in text


def test_metrics(engine: Engine) -> None:
    client = client_of(engine, LogSettings())
    for url in ("/search?q=الحشد", "/search?q=الحشد", "/nothing", "/documents/none"):
        client.get(url)
    client.request("BREW", "/search?q=x")
    answer = client.get("/metrics")
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    values = dict(
        line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#")
    )
    requests = "searchd_requests_total"
    assert values[requests + '{method="GET",route="/search",status="200"}'] == "2.0"
    assert values[requests + '{method="GET",route="other",status="404"}'] == "1.0"
    assert values[requests + '{method="other",route="/search",status="405"}'] == "1.0"
    assert values['searchd_request_duration_seconds_count{route="/search"}'] == "3.0"
    assert values["searchd_index_available"] == "1.0"
    assert values["searchd_index_documents"] == "3.0"
    assert float(values["searchd_index_generation"]) == engine.info().generation
    assert float(values["searchd_cache_hits_total"]) > 0
    assert float(values["searchd_cache_misses_total"]) > 0
    assert values["searchd_searches_running"] == "0.0"


def test_metrics_without_an_index() -> None:
    from searchd.errors import IndexMissingError

    text = client_of(FailingEngine(IndexMissingError("gone")), LogSettings()).get("/metrics").text
    assert "searchd_index_available 0.0" in text
    assert "searchd_index_documents" not in text
    assert "searchd_searches_running 0.0" in text
