"""A request whose body turns out to be no HTTP: one answer, the connection closed, nothing in the log."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from fastapi import APIRouter

from searchd.service.app import new_app
from searchd.service.errors import add_error_handlers
from searchd.service.writing.bodies import JsonRoute
from tests.searchd.service.test_connections import Application, rest, running, until

HEAD = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
BROKEN_CHUNK = b"zz\r\n"


class Recording(Application):
    """Records how its answers ended: with an error, or None."""

    def __init__(self) -> None:
        super().__init__()
        self.ended: list[Exception | None] = []

    async def __call__(self, *of_a_request: Any) -> None:
        try:
            await super().__call__(*of_a_request)
        except Exception as error:
            self.ended.append(error)
            raise
        self.ended.append(None)


@pytest.mark.parametrize(
    ("is_answered", "status"),
    [
        pytest.param(False, b"HTTP/1.1 400 ", id="with-the-request"),
        pytest.param(True, b"HTTP/1.1 200 ", id="after-the-answer"),
    ],
)
def test_a_broken_chunk(caplog: pytest.LogCaptureFixture, is_answered: bool, status: bytes) -> None:
    async def ask() -> bytes:
        application = Recording()
        async with running(application) as it:
            reader, writer = await it.connect(HEAD if is_answered else HEAD + BROKEN_CHUNK)
            before = await reader.readuntil(b"\r\n\r\n") if is_answered else b""
            writer.write(BROKEN_CHUNK)
            after = await rest(reader)
            await until(lambda: bool(application.ended))
            assert application.ended == [None]
            return before + after

    with caplog.at_level(logging.ERROR):
        answer = asyncio.run(ask())
    assert answer.startswith(status)
    assert answer.count(b"HTTP/1.1 ") == 1
    assert [record.getMessage() for record in caplog.records] == []


def test_a_body_that_breaks_while_it_is_read_is_no_failure_of_the_service() -> None:
    app = new_app()
    add_error_handlers(app)
    router = APIRouter(route_class=JsonRoute)
    router.post("/")(lambda: None)
    app.include_router(router)
    ended: list[Exception | None] = []

    async def application(*of_a_request: Any) -> None:
        try:
            await app(*of_a_request)
        except Exception as error:
            ended.append(error)
            raise
        ended.append(None)

    async def ask() -> bytes:
        head = HEAD.replace(b"\r\n\r\n", b"\r\nContent-Type: application/json\r\n\r\n")
        async with running(application) as it:
            reader, _ = await it.connect(head + b"1\r\n{\r\n" + BROKEN_CHUNK)
            answer = await rest(reader)
            await until(lambda: bool(ended))
            return answer

    assert asyncio.run(ask()).startswith(b"HTTP/1.1 400 ")
    assert ended == [None]
