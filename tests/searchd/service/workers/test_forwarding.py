"""Changes that are handed over: what arrives at the process that writes, and what is answered."""

from __future__ import annotations

import asyncio
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from searchd.service.workers.forwarding import ForwardedChanges

if not hasattr(socket, "AF_UNIX"):
    pytest.skip("there are no Unix sockets here", allow_module_level=True)

Answer = Callable[[bytes], bytes]


@contextmanager
def socket_path() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="s") as folder:  # the path must be short
        yield Path(folder) / "w"


async def app(scope: Any, _receive: Any, send: Any) -> None:
    body = f"own {scope['path']}".encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


def with_state(inner: Any) -> Any:
    async def run(scope: Any, receive: Any, send: Any) -> None:
        scope.setdefault("state", {})["request_id"] = "id-1"
        await inner(scope, receive, send)
        routes.append(getattr(scope.get("route"), "path", None))

    routes: list[str | None] = []
    run.routes = routes  # type: ignore[attr-defined]
    return run


async def exchange(
    path: Path, until: bytes, answer: bytes, *requests: tuple[str, str, dict[str, Any]]
) -> tuple[bytes, list[httpx.Response], list[str | None]]:
    """Return what arrives at a Unix socket that answers when it has read `until`, and the answers."""
    arrived = bytearray()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while until not in arrived:
            if not (data := await reader.read(65536)):
                break
            arrived.extend(data)
        writer.write(answer)
        writer.close()

    outer = with_state(ForwardedChanges(app, path))
    transport = httpx.ASGITransport(outer, client=("192.0.2.7", 50))
    server = await asyncio.start_unix_server(serve, path) if until else None
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://h.example") as client:
            answers = [await client.request(m, target, **more) for m, target, more in requests]
    finally:
        if server is not None:
            server.close()
    return bytes(arrived), answers, outer.routes


def test_a_change_arrives_with_its_client_and_its_answer_returns() -> None:
    answer = (
        b"HTTP/1.1 202 OK\r\nLocation: /tasks/1\r\nX-Searchd-Route: /documents\r\n"
        b"Content-Length: 2\r\n\r\n{}"
    )
    headers = {"X-Searchd-Client": "127.0.0.1", "X-Api-Key": "secret", "Accept-Encoding": "gzip"}
    request = ("POST", "/documents?wait=false", {"content": b"[1]", "headers": headers})
    with socket_path() as path:
        arrived, (response,), routes = asyncio.run(exchange(path, b"[1]", answer, request))
    head = arrived.lower()
    assert head.startswith(b"post /documents?wait=false http/1.1\r\n")
    # What a client says of itself in this header is not believed.
    assert head.count(b"x-searchd-client:") == 1
    assert b"x-searchd-client: 192.0.2.7\r\n" in head
    assert b"x-api-key: secret\r\n" in head
    assert b"x-request-id: id-1\r\n" in head
    assert b"accept-encoding" not in head
    assert (response.status_code, response.content) == (202, b"{}")
    assert response.headers["Location"] == "/tasks/1"
    assert "x-searchd-route" not in response.headers
    assert routes == ["/documents"]


def test_a_body_in_parts_arrives_whole() -> None:
    async def parts() -> Any:
        for number in range(3):
            yield f"part {number};".encode()

    answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"
    with socket_path() as path:
        request = ("PATCH", "/documents", {"content": parts()})
        arrived, (response,), _ = asyncio.run(exchange(path, b"0\r\n\r\n", answer, request))
    assert [f"part {number};".encode() in arrived for number in range(3)] == [True] * 3
    assert response.content == b"ok"


def test_who_is_refused_need_not_send_all() -> None:
    answer = b"HTTP/1.1 413 Large\r\nContent-Length: 0\r\n\r\n"
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        while sent < 1_000_000:
            sent += 1
            yield bytes(65536)
            await asyncio.sleep(0)

    with socket_path() as path:
        request = ("POST", "/documents", {"content": endless()})
        _, (response,), _ = asyncio.run(exchange(path, b"\r\n\r\n", answer, request))
    assert response.status_code == 413
    assert sent < 1_000_000


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\n"], ids=["nothing", "half a head"])
def test_a_writer_that_ends_before_its_answer(answer: bytes) -> None:
    with socket_path() as path:
        _, (response,), _ = asyncio.run(
            exchange(path, b"\r\n\r\n", answer, ("DELETE", "/documents/1", {}))
        )
    assert response.status_code == 503
    assert response.json()["error"]["code"] == "writer_lost"


def test_a_writer_that_is_not_there() -> None:
    with socket_path() as path:
        requests = (("POST", "/documents", {"content": b"{}"}), ("GET", "/tasks", {}))
        _, answers, _ = asyncio.run(exchange(path, b"", b"", *requests))
    assert [each.status_code for each in answers] == [503, 503]


def test_searches_are_answered_here() -> None:
    requests = (
        ("GET", "/search?q=x", {}),
        ("HEAD", "/documents/1", {}),
        ("POST", "/multi-search", {"content": b"{}"}),
    )
    with socket_path() as path:
        _, answers, _ = asyncio.run(exchange(path, b"", b"", *requests))
    assert [each.status_code for each in answers] == [200, 200, 200]
    assert answers[2].text == "own /multi-search"
