"""Answers that a client has already: ETag and If-None-Match, and requests of the method HEAD."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING

from fastapi import Request, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

if TYPE_CHECKING:
    from searchd.search_engine import SearchEngine

_PROCESS = secrets.token_hex(4)
"""A part of every tag: another process may search with other synonyms, or another version."""


def renew_tags() -> None:
    """Make tags that no process has given, in one that is forked from another and loads words anew."""
    global _PROCESS
    _PROCESS = secrets.token_hex(4)


def unless_known(
    request: Request, engine: SearchEngine, answer: Callable[[], Response]
) -> Response:
    """Return an answer with an ETag, or status 304 where the client has it already.

    Nothing is searched then. The tag names the generation of the index as it is before the search,
    so an answer is never newer than a client thinks. It is weak: the time that a search took differs.
    """
    tag = f'W/"{_PROCESS}-{engine.revision()}"'
    if _has(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers={"ETag": tag})
    response = answer()
    response.headers["ETag"] = tag
    return response


def _has(header: str, tag: str) -> bool:
    """Whether If-None-Match names a tag; weak and strong tags are compared alike (RFC 9110)."""
    names = {name.strip().removeprefix("W/") for name in header.split(",")}
    return "*" in names or tag.removeprefix("W/") in names


class HeadRequests:
    """Answers HEAD as GET, without the body: with the same status and headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application; of an answer to HEAD send the headers alone."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_headers(message: Message) -> None:
            if message["type"] == "http.response.body":
                if message.get("more_body"):
                    return
                message = {**message, "body": b""}
            await send(message)

        scope["method"] = "GET"  # the same scope, in which the router leaves the route for the log
        await self._app(scope, receive, send_headers)
