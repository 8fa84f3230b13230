"""Connections have time-outs and a bound, and new ones are let in while others are slow."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from searchd.cli.http_server import Server, listen
from searchd.service.connections import BoundedConnection, ConnectionLimits
from searchd.service.descriptors import RESERVED_DESCRIPTORS

SECONDS = 10.0
IDLE_SECONDS = 7
REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


class Application:
    """Answers with `size` bytes, at once or after `release` is set."""

    def __init__(self, size: int = 2) -> None:
        self.size = size
        self.asked = 0
        self.release = asyncio.Event()
        self.release.set()

    async def __call__(
        self, scope: Any, _receive: object, send: Callable[[dict[str, Any]], Awaitable[None]]
    ) -> None:
        assert scope["type"] == "http"
        self.asked += 1
        await self.release.wait()
        length = str(self.size).encode()
        headers = [(b"content-length", length)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"x" * self.size})


class Running:
    """A server in this event loop, whose clock the tests turn themselves."""

    def __init__(self, server: Server, port: int) -> None:
        self.server = server
        self.port = port
        self.writers: list[asyncio.StreamWriter] = []

    @property
    def connections(self) -> list[BoundedConnection]:
        found = self.server.server_state.connections
        return [each for each in found if isinstance(each, BoundedConnection)]

    async def connect(self, data: bytes = b"") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a connection and send; return when the server has taken it."""
        before = set(self.connections)
        reader, writer = await self.open(data)
        await until(lambda: bool(set(self.connections) - before))
        return reader, writer

    async def open(self, data: bytes = b"") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a connection and send."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writers.append(writer)
        writer.write(data)
        return reader, writer

    def after(self, seconds: float) -> None:
        """Close what is late so many seconds from now."""
        now = asyncio.get_running_loop().time() + seconds
        for each in self.connections:
            each.close_if_late(now)

    async def until_all_are_late(self) -> None:
        """Let `SECONDS` pass again and again until no connection is left."""
        async with asyncio.timeout(20):
            passed = 0.0
            while self.connections:
                passed += SECONDS
                self.after(passed)
                await asyncio.sleep(0.001)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.001)


@asynccontextmanager
async def running(application: Any, **limits: Any) -> AsyncIterator[Running]:
    settings: dict[str, Any] = {"connections": 100, "seconds": SECONDS} | limits
    listener = listen("127.0.0.1", 0)
    started = asyncio.Event()
    server = Server(application, ConnectionLimits(**settings), IDLE_SECONDS, started.set)
    server.config.lifespan = "off"
    task = asyncio.create_task(server.serve([listener]))
    await started.wait()
    it = Running(server, listener.getsockname()[1])
    try:
        yield it
    finally:
        for writer in it.writers:
            writer.transport.abort()
        server.should_exit = True
        await task


async def answer(reader: asyncio.StreamReader) -> bytes:
    """Return the head of a response; its body of two bytes is read too."""
    async with asyncio.timeout(20):
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(2)
        return head


async def rest(reader: asyncio.StreamReader) -> bytes:
    """Return what is read until the server has closed the connection."""
    async with asyncio.timeout(20):
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""


def test_responses_are_sent_at_once() -> None:
    async def ask() -> int:
        async with running(Application()) as it:
            await it.connect()
            (connection,) = it.connections
            accepted = connection.transport.get_extra_info("socket")
            found: int = accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            return found

    assert asyncio.run(ask()) != 0


def test_a_slow_header_ends_though_bytes_come_in() -> None:
    async def send_slowly() -> bytes:
        async with running(Application()) as it:
            reader, writer = await it.connect(REQUEST[:10])
            it.after(SECONDS - 1)
            writer.write(b"X")
            await asyncio.sleep(0.01)
            assert it.connections
            it.after(SECONDS)
            return await rest(reader)

    response = asyncio.run(send_slowly())
    assert response.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert b'"code":"request_timeout"' in response
    assert b"connection: close" in response.lower()


def test_a_slow_header_ends_on_a_kept_alive_connection_too() -> None:
    async def send_slowly() -> bytes:
        async with running(Application()) as it:
            reader, writer = await it.connect(REQUEST)
            await answer(reader)
            it.after(SECONDS)  # no byte of the next request has come, so none is late
            writer.write(REQUEST)
            await answer(reader)
            writer.write(REQUEST[:10])
            await it.until_all_are_late()
            return await rest(reader)

    assert asyncio.run(send_slowly()).startswith(b"HTTP/1.1 408 ")


def test_a_silent_connection_ends() -> None:
    async def connect() -> None:
        async with running(Application()) as it:
            reader, _writer = await it.connect()
            it.after(SECONDS)
            await rest(reader)

    asyncio.run(connect())


def test_a_slow_body_ends_after_the_answer() -> None:
    async def post() -> bytes:
        async with running(Application()) as it:
            head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n"
            reader, writer = await it.connect(head + b"x")
            assert (await answer(reader)).startswith(b"HTTP/1.1 200 ")
            writer.write(b"x")
            await asyncio.sleep(0.01)
            it.after(SECONDS)
            return await rest(reader)

    assert asyncio.run(post()) == b""


def test_a_request_at_work_is_not_late() -> None:
    async def work() -> bytes:
        application = Application()
        application.release.clear()
        async with running(application) as it:
            reader, _writer = await it.connect(REQUEST)
            await until(lambda: application.asked == 1)
            it.after(100 * SECONDS)
            application.release.set()
            return await answer(reader)

    assert asyncio.run(work()).startswith(b"HTTP/1.1 200 ")


def test_a_client_that_does_not_read_is_closed_and_one_that_reads_is_not() -> None:
    async def ask() -> tuple[int, int]:
        application = Application(size=4_000_000)
        async with running(application) as it:
            reader, _writer = await it.connect(REQUEST)
            await until(lambda: bool(it.connections[0].transport.get_write_buffer_size()))
            it.after(0)
            async with asyncio.timeout(20):
                await reader.readexactly(2_000_000)
            it.after(SECONDS)  # it has read on
            still = len(it.connections)
            await it.until_all_are_late()
            return still, len(it.connections)

    assert asyncio.run(ask()) == (1, 0)


def test_an_idle_connection_has_a_timer() -> None:
    async def ask() -> float:
        async with running(Application()) as it:
            reader, _writer = await it.connect(REQUEST)
            await answer(reader)
            timer = it.connections[0].timeout_keep_alive_task
            assert timer is not None
            return timer.when() - asyncio.get_running_loop().time()

    assert IDLE_SECONDS - 5 < asyncio.run(ask()) <= IDLE_SECONDS


def test_slow_clients_make_room_and_keep_nobody_out() -> None:
    async def crowd() -> None:
        async with running(Application(), connections=8) as it:
            kept, kept_writer = await it.connect(REQUEST)
            await answer(kept)
            for _ in range(50):
                await it.connect(REQUEST[:10])
                assert len(it.connections) <= 8
            new, _writer = await it.connect(REQUEST)
            assert (await answer(new)).startswith(b"HTTP/1.1 200 ")
            kept_writer.write(REQUEST)
            assert (await answer(kept)).startswith(b"HTTP/1.1 200 ")

    asyncio.run(crowd())


def test_a_connection_is_refused_where_all_others_are_at_work() -> None:
    async def crowd() -> bytes:
        application = Application()
        application.release.clear()
        async with running(application, connections=3) as it:
            clients = [await it.connect(REQUEST) for _ in range(3)]
            await until(lambda: application.asked == 3)
            refused, _writer = await it.open()
            found = await rest(refused)
            application.release.set()
            for reader, _writer in clients:
                assert (await answer(reader)).startswith(b"HTTP/1.1 200 ")
            return found

    response = asyncio.run(crowd())
    assert response.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
    assert b"retry-after: 1\r\n" in response.lower()
    assert b'"code":"overloaded"' in response


def test_descriptors_are_left_for_the_index() -> None:
    async def connect() -> bytes:
        async with running(Application(), descriptors=RESERVED_DESCRIPTORS) as it:
            refused, _writer = await it.open()
            return await rest(refused)

    assert asyncio.run(connect()).startswith(b"HTTP/1.1 503 ")


def limit_after_raising(soft: int, hard: int) -> str:
    program = (
        "import resource\n"
        "from searchd.service.descriptors import raise_descriptor_limit\n"
        f"resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))\n"
        "print(raise_descriptor_limit(), *resource.getrlimit(resource.RLIMIT_NOFILE))"
    )
    command = [sys.executable, "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_the_soft_limit_of_descriptors_is_raised_to_the_hard_one() -> None:
    assert limit_after_raising(256, 512) == "512 512 512"
    assert limit_after_raising(512, 512) == "512 512 512"
