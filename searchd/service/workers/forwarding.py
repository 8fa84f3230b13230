"""Forwarding: one process of a service writes, and the others hand changes over to it.

So an index has one writer, whichever process a client reaches; tasks are known to all; and the
indexing of documents takes no time from searches in the other processes.
"""

from __future__ import annotations

import logging
from pathlib import Path
from types import SimpleNamespace

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from searchd.service.errors import error_response
from searchd.service.request_errors import WriterLostError
from searchd.service.workers import internal
from searchd.service.workers.unix_client import PeerError, PeerResponse, sent

_LOG = logging.getLogger("searchd.service")

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_SEARCHES = frozenset({"/multi-search"})
"""Paths whose POST changes nothing."""

_NOT_FORWARDED = frozenset(
    {b"connection", b"expect", b"accept-encoding", b"keep-alive", b"upgrade", b"x-request-id"}
)
"""Headers about this connection alone. Answers are compressed by the process that the client reaches."""

_INTERNAL = b"x-searchd-"
_NOT_RETURNED = frozenset({b"connection", b"transfer-encoding", b"date", b"server", b"vary"})


def is_for_writer(method: str, path: str) -> bool:
    """Whether the process that writes answers a request: changes, and questions about tasks.

    >>> is_for_writer("POST", "/documents"), is_for_writer("GET", "/tasks/1")
    (True, True)
    >>> is_for_writer("GET", "/search"), is_for_writer("POST", "/multi-search")
    (False, False)
    """
    if path == "/tasks" or path.startswith("/tasks/"):
        return True
    return method not in _READING and path not in _SEARCHES


class ForwardedChanges:
    """ASGI middleware, the innermost: hands changes over to the process at a Unix socket."""

    def __init__(self, app: ASGIApp, writer: Path) -> None:
        self._app = app
        self._writer = writer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application, or answer what the other process answers.

        It answers 503 `writer_lost` where that ends before it has answered.
        """
        if scope["type"] != "http" or not is_for_writer(scope["method"], scope["path"]):
            await self._app(scope, receive, send)
            return
        started = False
        try:
            async with sent(
                self._writer,
                scope["method"],
                _target(scope),
                _headers(scope),
                _Body(receive).next_part,
            ) as response:
                await send(_start(scope, response))
                started = True
                async for part in response.body:
                    await send({"type": "http.response.body", "body": part, "more_body": True})
                await send({"type": "http.response.body", "body": b""})
        except ClientDisconnect:
            return  # the other process sees the body end early, and changes nothing
        except PeerError as error:
            _LOG.error("a change was not answered: %s", error)
            if started:
                raise
            await _lost()(scope, receive, send)


def hand_over_changes(app: FastAPI, writer: Path) -> None:
    """Let an application hand changes over to the process at a Unix socket."""
    # The first middleware of the list is the outermost one: of what this adds, nothing is done twice.
    app.user_middleware.append(Middleware(ForwardedChanges, writer=writer))


class _Body:
    """The body of a request, part after part."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._is_at_end = False

    async def next_part(self) -> bytes | None:
        """Return the next part, None after the last. Raises ClientDisconnect."""
        if self._is_at_end:
            return None
        message = await self._receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        self._is_at_end = not message.get("more_body", False)
        part: bytes = message.get("body", b"")
        return part


def _target(scope: Scope) -> bytes:
    path: bytes = scope["raw_path"]
    query: bytes = scope["query_string"]
    return path + b"?" + query if query else path


def _headers(scope: Scope) -> list[tuple[bytes, bytes]]:
    client = scope["client"][0] if scope.get("client") else ""
    forwarded = [
        (name, value)
        for name, value in scope["headers"]
        if name not in _NOT_FORWARDED and not name.startswith(_INTERNAL)
    ]
    given = Headers(scope=scope)
    if "host" not in given:  # HTTP/1.0 allows it, and HTTP/1.1, which is spoken here, does not
        forwarded.append((b"host", b"localhost"))
    if "content-length" in given and "transfer-encoding" in given:
        forwarded = [each for each in forwarded if each[0] != b"content-length"]
    forwarded.append((internal.CLIENT.encode(), client.encode("ascii", "replace")))
    forwarded.append((b"x-request-id", scope["state"]["request_id"].encode()))
    return forwarded


def _start(scope: Scope, response: PeerResponse) -> dict[str, object]:
    """Return the beginning of the answer, and note for the log what the other process knows."""
    own: list[tuple[bytes, bytes]] = []
    for raw_name, value in response.headers:
        name = raw_name.lower()
        if name == internal.ROUTE.encode():
            scope["route"] = SimpleNamespace(path=value.decode("latin-1"))
        elif name == internal.INDEX.encode():
            scope["state"]["index"] = value.decode("latin-1")
        elif name == internal.KEY.encode():
            scope["state"]["api_key_id"] = value.decode("latin-1")
        elif name not in _NOT_RETURNED:
            own.append((name, value))
    return {"type": "http.response.start", "status": response.status, "headers": own}


def _lost() -> ASGIApp:
    error = WriterLostError(
        "the process that writes ended before it had answered, and is started again; whether the "
        "change was made is not known: ask for the documents, or send it again"
    )
    return error_response(error.status, error.code, str(error))
