"""Bodies of requests: what types are read, and how large those may be that are read whole."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.types import Message, Receive

from searchd.service.request_errors import BodyTooLargeError, UnsupportedBodyError
from searchd.service.writing.limits import MAX_JSON_BYTES

JSON_TYPES = ("application/json",)
LINES_TYPES = ("application/x-ndjson", "application/jsonl", "application/x-jsonlines")
FILE_TYPES = ("application/octet-stream",)

_Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class JsonRoute(APIRoute):
    """A route whose body is a small JSON document, which is read whole.

    A form of another site can send no body of this type without asking first.
    """

    def get_route_handler(self) -> _Handler:
        """Return the handler, which checks type and size before anything is parsed."""
        handle = super().get_route_handler()

        async def checked(request: Request) -> Response:
            media_type(request, JSON_TYPES)
            receive = bounded(request.receive, MAX_JSON_BYTES)
            body = await Request(request.scope, receive).body()
            try:
                body.decode()
            except UnicodeDecodeError as error:
                message = f"no UTF-8 at byte {error.start}"
                raise RequestValidationError(
                    [{"type": "utf8", "loc": ("body",), "msg": message}]
                ) from None
            return await handle(Request(request.scope, _replayed(body)))

        return checked


def media_type(request: Request, types: tuple[str, ...]) -> str:
    """Return the media type of a body, which is one of `types`.

    Raises UnsupportedBodyError for any other, and for none.
    """
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given not in types:
        found = f"is {given[:80]!r}" if given else "is missing"
        raise UnsupportedBodyError(
            f"the header Content-Type {found}; send {' or '.join(types)}", parameter="Content-Type"
        )
    return given


def bounded(receive: Receive, most: int | None) -> Receive:
    """Return what receives a body of at most so many bytes, and then raises BodyTooLargeError."""
    received = 0

    async def receive_bounded() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if most is not None and received > most:
            raise BodyTooLargeError(
                f"the body has more than {most:,} bytes, which is the most here; send it in parts"
            )
        return message

    return receive_bounded


def _replayed(body: bytes) -> Receive:
    """Return what receives a body that was read already."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
