"""Requests for hosts that are not those of the service are refused."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from searchd.service import create_app
from searchd.service.hosts import hosts_of
from tests.searchd.service.conftest import FailingEngine, error_of


def client_for(*hosts: str) -> TestClient:
    engine: Any = FailingEngine(AssertionError("the engine is not asked"))
    return TestClient(create_app(engine, allowed_hosts=hosts))


@pytest.mark.parametrize("path", ["/", "/health", "/search?q=x", "/static/page.js", "/nothing"])
def test_a_wrong_host_gets_421_whatever_the_path(path: str) -> None:
    client = client_for("localhost")
    response = client.get(path, headers={"Host": "evil.example:8000"})
    assert response.status_code == 421
    error = error_of(response)
    assert error["code"] == "wrong_host"
    assert "'evil.example:8000'" in error["message"]
    assert "--allowed-host" in error["message"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("allowed", "header", "passes"),
    [
        ("localhost", "localhost", True),
        ("localhost", "localhost:8000", True),
        ("localhost", "LocalHost.:80", True),
        ("localhost", "localhost.evil.example", False),
        ("localhost", "evil.localhost", False),
        ("localhost", "", False),
        ("localhost", "127.0.0.1", False),
        ("127.0.0.1", "127.0.0.1:9", True),
        ("127.0.0.1", "127.0.0.1.evil.example", False),
        ("127.0.0.1", "evil.example@127.0.0.1", False),
        ("::1", "[::1]:8000", True),
        ("[::1]", "[0:0::1]", True),
        ("::1", "[::2]", False),
        ("*.example.org", "search.example.org", True),
        ("*.example.org", "a.b.example.org", True),
        ("*.example.org", "example.org", False),
        ("*.example.org", "badexample.org", False),
        ("بحث.example", "xn--ngbgf.example", True),
        ("*", "evil.example", True),
        ("*address*", "192.0.2.7:8000", True),
        ("*address*", "[2001:db8::1]", True),
        ("*address*", "evil.example", False),
        ("*address*", "*address*", True),
    ],
)
def test_names(allowed: str, header: str, passes: bool) -> None:
    response = client_for(allowed).get("/health", headers={"Host": header})
    assert response.status_code == (200 if passes else 421)


@pytest.mark.parametrize(
    ("host", "bound", "allowed", "refused"),
    [
        ("127.0.0.1", "127.0.0.1", ["127.0.0.1", "localhost", "[::1]"], ["192.0.2.7", "evil.org"]),
        ("localhost", "127.0.0.1", ["127.0.0.1", "localhost"], ["evil.org"]),
        ("::1", "::1", ["[::1]", "localhost"], ["evil.org"]),
        ("box.lan", "192.0.2.7", ["box.lan", "192.0.2.7"], ["localhost", "evil.org"]),
        ("0.0.0.0", "0.0.0.0", ["192.0.2.7", "localhost", "[2001:db8::1]"], ["evil.org"]),
        ("::", "::", ["192.0.2.7", "localhost"], ["evil.org"]),
        ("fe80::1%1", "fe80::1", ["[fe80::1]"], ["evil.org"]),
    ],
)
def test_hosts_of_a_listener(host: str, bound: str, allowed: list[str], refused: list[str]) -> None:
    client = client_for(*hosts_of(host, bound))
    for name in allowed:
        assert client.get("/health", headers={"Host": name}).status_code == 200, name
    for name in refused:
        assert client.get("/health", headers={"Host": name}).status_code == 421, name


def test_an_application_without_a_server_of_ours_answers_for_every_host() -> None:
    engine: Any = FailingEngine(AssertionError("the engine is not asked"))
    client = TestClient(create_app(engine))
    assert client.get("/health", headers={"Host": "any.example"}).status_code == 200
