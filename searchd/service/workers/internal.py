"""Requests that one process of a service sends another, over a Unix socket of its own.

The sockets are in a folder that only the user of the service may enter, so what is said of the
client is believed there, and only there.
"""

from __future__ import annotations

from collections.abc import Callable

from fastapi import Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from searchd.service.request_log import route_of

CLIENT = "x-searchd-client"
"""The header of a request with the address of the client, empty where it has none."""

ROUTE = "x-searchd-route"
"""The header of a response with the route of the request, for the log."""

INDEX = "x-searchd-index"
"""The header of a response with the name of the index of the request, for the log."""

KEY = "x-searchd-key"
"""The header of a response with the id of the API key of the request, for the log."""

METRICS_PATH = "/internal/metrics"


class InternalRequests:
    """The outermost application of a process: requests of other processes are told from clients'."""

    def __init__(self, app: ASGIApp, metrics: Callable[[], bytes]) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application; for another process in the name of the client."""
        if scope["type"] != "http" or not _is_internal(scope):
            await self._app(scope, receive, send)
        elif scope["path"] == METRICS_PATH:
            await Response(self._metrics(), media_type="text/plain")(scope, receive, send)
        else:
            await self._run_for_client(scope, receive, send)

    async def _run_for_client(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = Headers(scope=scope).get(CLIENT, "")
        scope["client"] = (address, 0) if address else None

        async def send_with_route(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers[ROUTE] = route_of(scope)
                if index := scope["state"].get("index"):
                    headers[INDEX] = index
                if key := scope["state"].get("api_key_id"):
                    headers[KEY] = key
            await send(message)

        await self._app(scope, receive, send_with_route)


def _is_internal(scope: Scope) -> bool:
    """Whether a request came over a Unix socket: its address has a path and no port."""
    server = scope.get("server")
    return server is not None and server[1] is None
