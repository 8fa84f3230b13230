"""ASGI middleware: the id of each request, and what the logs and metrics keep of it.

Queries are in the access log only where `LogSettings.queries` asks for it, addresses never.
"""

from __future__ import annotations

import logging
import re
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from searchd.query_log import QueryLog
from searchd.service.logs import REQUEST_ID

if TYPE_CHECKING:
    from searchd.service.metrics import Metrics

_ACCESS = logging.getLogger("searchd.access")
_SLOW = logging.getLogger("searchd.slow")

_SANE_ID = re.compile(r"[A-Za-z0-9._:/+=-]{1,128}")

_CLOSED = 499
"""The status, nginx's, of a request whose client went away before there was an answer."""

_NO_SEARCHES = ("/health", "/ready", "/metrics", "/openapi.json", "/static", "other")
"""Routes whose requests are never slow queries."""

_METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")


@dataclass(slots=True)
class LogSettings:
    """What is logged of requests; it may be changed while the service runs.

    `access` writes a line for each request. `queries` adds what was searched. Requests that take
    `slow_seconds` or longer are logged. `query_log` keeps queries with the number of their results.
    """

    access: bool = False
    queries: bool = False
    slow_seconds: float | None = None
    query_log: QueryLog | None = None


def note_search(request: Request, query: str, total: int) -> None:
    """Keep for the logs of a request what was searched, and how much was found.

    For the first page alone: the next ones are no searches of their own.
    """
    request.state.searched = (query, total)


class RequestLog:
    """Gives each request an id, measures it, and logs it. The outermost middleware.

    An id that the client sends in X-Request-ID is kept if it is short and plain; the answer has it.
    Times are until the beginning of the answer, so that slow readers do not count.
    """

    def __init__(
        self, app: ASGIApp, settings: LogSettings, metrics: Metrics | None = None, index: str = ""
    ) -> None:
        self._app = app
        self._settings = settings
        self._metrics = metrics
        self._index = index

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application, and log what it did."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(Headers(scope=scope).get("x-request-id", ""))
        method: str = scope["method"]
        scope.setdefault("state", {})["request_id"] = request_id
        status, started, seconds = _CLOSED, time.perf_counter(), None

        async def send_with_id(message: Message) -> None:
            nonlocal status, seconds
            if message["type"] == "http.response.start":
                status, seconds = message["status"], time.perf_counter() - started
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        token = REQUEST_ID.set(request_id)
        try:
            await self._app(scope, receive, send_with_id)
        finally:
            took = time.perf_counter() - started if seconds is None else seconds
            self._record(scope, method, status, took)
            REQUEST_ID.reset(token)

    def _record(self, scope: Scope, method: str, status: int, seconds: float) -> None:
        settings, route = self._settings, route_of(scope)
        if self._metrics is not None:
            self._metrics.observe(method if method in _METHODS else "other", route, status, seconds)
        searched = scope["state"].get("searched")
        if settings.query_log is not None and searched is not None and method == "GET":
            query, total = searched
            settings.query_log.add(query, total, seconds)
        is_slow = (
            settings.slow_seconds is not None
            and seconds >= settings.slow_seconds
            and route not in _NO_SEARCHES
        )
        if not (settings.access or is_slow):
            return
        fields: dict[str, Any] = {
            "method": method,
            "route": route,
            "status": status,
            "duration": round(seconds, 6),
            "index": scope["state"].get("index", self._index),
        }
        if scope["state"].get("api_key_id"):
            fields["key"] = scope["state"]["api_key_id"]
        if settings.queries and (asked := _query_of(scope)):
            fields["query"] = asked
        if settings.access:
            _ACCESS.info("request", extra={"fields": fields})
        if is_slow:
            _SLOW.warning("slow query", extra={"fields": fields})


def route_of(scope: Scope) -> str:
    """Return the route of a request, such as `/documents/{id:path}`: never what a client made up."""
    path: str | None = getattr(scope.get("route"), "path", None)
    if path is not None:
        return path
    return "/static" if scope["path"].startswith("/static/") else "other"


def _request_id(given: str) -> str:
    return given if _SANE_ID.fullmatch(given) else uuid.uuid4().hex


def _query_of(scope: Scope) -> str:
    text: str = scope["query_string"].decode("latin-1")
    return parse_qs(text).get("q", [""])[0][:1000]
