"""The connections of the server: how many there are, and how long each may take.

uvicorn bounds neither the time of a request's header and body nor that of a slow reader, and its
`limit_concurrency` would refuse `/health` too.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import h11
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from searchd.service.descriptors import RESERVED_DESCRIPTORS
from searchd.service.error_models import ErrorCode
from searchd.service.errors import RETRY_AFTER, error_response
from searchd.service.headers import HEADERS

_LOG = logging.getLogger("searchd.service")


BODY_STEP_BYTES = 64 * 1024
"""The bytes of a long body that a client must send in the time of a request, again and again."""


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """`connections` at most; `seconds` for a request to arrive, and for a response to be read on.

    Of a body `BODY_STEP_BYTES` must arrive in this time, so that one of any size can be sent.
    `descriptors` is the limit of open files of the process, None for none.
    """

    connections: int
    seconds: float
    descriptors: int | None = None


class BoundedConfig(uvicorn.Config):
    """The settings of a server whose connections are `BoundedConnection`."""

    def __init__(self, app: ASGIApp, connection_limits: ConnectionLimits, **settings: Any) -> None:
        super().__init__(_answer_cancelled(app), http=BoundedConnection, ws="none", **settings)
        self.connection_limits = connection_limits


def _answer_cancelled(app: ASGIApp) -> ASGIApp:
    """Return an application that answers 503 to requests which uvicorn cancels when it stops.

    uvicorn would answer 500 and log a traceback for each.
    """

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except asyncio.CancelledError:
            response = error_response(503, "closed", "the service was stopped", headers=HEADERS)
            await response(scope, receive, send)

    return answer


class BoundedConnection(H11Protocol):
    """One connection, with time-outs that `close_if_late` applies.

    Where there are too many connections, those that wait between two requests make room for new
    ones: first those that never had an answer, of these the oldest. So slow clients cannot keep
    others out. If all are at work, the new one is refused with 503.
    """

    def __init__(
        self,
        config: BoundedConfig,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._limits = config.connection_limits
        self._receiving_since: float | None = None
        self._body_bytes = 0
        self._waiting_since = 0.0
        self._answered = False
        self._unread = 0
        self._unread_since = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection, or refuse it where there are too many."""
        super().connection_made(transport)
        self._receiving_since = self._waiting_since = self.loop.time()
        crowd = self._crowd()
        if crowd and not make_room((c for c in self.connections if c is not self), crowd):
            _LOG.warning("refused a connection: all %d are at work", len(self.connections) - 1)
            self._close_with(503, "overloaded", "there are too many connections; try again")

    def data_received(self, data: bytes) -> None:
        """Take bytes; the time of a request begins with its first one, and anew with its body's steps."""
        if self._receiving_since is None:
            self._receiving_since = self.loop.time()
        super().data_received(data)
        if self.conn.their_state is h11.SEND_BODY:
            self._body_bytes += len(data)
            if self._body_bytes >= BODY_STEP_BYTES:
                self._body_bytes, self._receiving_since = 0, self.loop.time()
        if self.conn.their_state not in (h11.IDLE, h11.SEND_BODY):
            self._receiving_since = None

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        self._answered = True
        self._waiting_since = self.loop.time()
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer 400 to what is no HTTP, if the connection may still have an answer, and close.

        A request at work, whose body it broke, could not answer any more: it has lost its client.
        """
        may_answer = self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE)
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if may_answer:
            super().send_400_response(msg)
        else:
            self.transport.close()

    @property
    def is_waiting(self) -> bool:
        """Whether no request is at work: none has arrived whole, or the last one is answered."""
        return self.cycle is None or self.cycle.response_complete

    @property
    def worth(self) -> tuple[bool, float]:
        """What decides which waiting connection is dropped first: the lowest."""
        return self._answered, self._waiting_since

    def drop(self) -> None:
        """Close the connection now, without an answer."""
        self.connections.discard(self)
        self.transport.abort()

    def close_if_late(self, now: float) -> None:
        """Close the connection if its client has not sent or read enough in time.

        `now` is the time of the event loop in seconds; the server calls this every second.
        """
        unread = self.transport.get_write_buffer_size()
        if unread != self._unread:
            self._unread, self._unread_since = unread, now
        elif unread and now - self._unread_since >= self._limits.seconds:
            self.drop()
        if unread or self._receiving_since is None or self.transport.is_closing():
            return
        if self.flow.read_paused:
            self._receiving_since = now  # the service reads too slowly, not the client
        if now - self._receiving_since >= self._limits.seconds:
            if self.is_waiting and self.conn.their_state is h11.IDLE:
                message = f"the request did not arrive within {self._limits.seconds:g} s"
                self._close_with(408, "request_timeout", message)
            else:
                self.transport.close()

    def _crowd(self) -> int:
        """Return how many connections must go for this one to stay."""
        most = self._limits.connections
        if len(self.connections) > most:
            return 1 + most // 16  # many at once, so that the search for them is rare
        connected = self.transport.get_extra_info("socket")
        if self._limits.descriptors is not None and connected is not None:
            # The system gives the lowest free number, so it tells how many are in use.
            return int(connected.fileno() >= self._limits.descriptors - RESERVED_DESCRIPTORS)
        return 0

    def _close_with(self, status: int, code: ErrorCode, message: str) -> None:
        """Send an error outside of a request, and close."""
        retry = RETRY_AFTER if status == 503 else {}
        response = error_response(
            status, code, message, headers={**HEADERS, **retry, "Connection": "close"}
        )
        head = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}".encode()]
        head += [name + b": " + value for name, value in response.raw_headers]
        self.transport.write(b"\r\n".join([*head, b"", bytes(response.body)]))
        self.transport.close()


def make_room(connections: Iterable[Any], count: int) -> int:
    """Drop up to `count` of the connections that wait, the least worth first; return how many."""
    waiting = [each for each in connections if isinstance(each, BoundedConnection)]
    waiting = sorted((each for each in waiting if each.is_waiting), key=lambda each: each.worth)
    for each in waiting[:count]:
        each.drop()
    return len(waiting[:count])
