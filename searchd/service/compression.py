"""ASGI middleware: answers are compressed by zstd or gzip, where the client takes it.

Starlette's GZipMiddleware knows no zstd, which takes a third of the time, and compresses in the
event loop. Here only answers that are whole are compressed, at a fast level, and large ones in a thread.
"""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Mapping
from typing import Literal

import zstandard
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Encoding = Literal["zstd", "gzip"]

_LEAST_BYTES = 1000
"""Smaller answers fit in a packet anyway."""

_BYTES_IN_LOOP = 64 * 1024
"""What is compressed in the event loop: half a millisecond at most."""

_MOST_BYTES = 32 * 1024 * 1024
"""Larger answers are sent as they are, so that one costs less than a second."""

_GZIP_LEVEL = 4
_ZSTD_LEVEL = 3

_TYPES = ("application/json", "text/", "image/svg+xml", "application/javascript")


class Compression:
    """Compresses answers of 1,000 bytes or more that are text, and arrive in one piece."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application, and compress what it answers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        encoding = choose_encoding(Headers(scope=scope).get("accept-encoding", ""))
        held: Message | None = None

        async def send_compressed(message: Message) -> None:
            nonlocal held
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.add_vary_header("Accept-Encoding")
                if encoding is not None and _may_compress(message["status"], headers):
                    held = message
                    return
            elif held is not None and encoding is not None:
                start, held = held, None
                body = message.get("body", b"")
                if not message.get("more_body") and _LEAST_BYTES <= len(body) <= _MOST_BYTES:
                    message = {**message, "body": await _compressed(body, encoding)}
                    _set_headers(MutableHeaders(scope=start), encoding, len(message["body"]))
                await send(start)
            await send(message)

        await self._app(scope, receive, send_compressed)


def choose_encoding(accepted: str) -> Encoding | None:
    """Return the encoding for a header Accept-Encoding, None for none.

    >>> choose_encoding("gzip, deflate, br, zstd"), choose_encoding("gzip;q=1, zstd;q=0.5")
    ('zstd', 'gzip')
    >>> choose_encoding("*;q=0.1, zstd;q=0"), choose_encoding("identity")
    ('gzip', None)
    """
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        weights[name] = _weight(parameters)
    anything = weights.get("*", 0.0)
    names: Mapping[Encoding, float] = {
        "zstd": weights.get("zstd", anything),
        "gzip": weights.get("gzip", weights.get("x-gzip", anything)),
    }
    best = max(names, key=lambda name: names[name])  # zstd where both are equal
    return best if names[best] > 0 else None


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter[2:])
            except ValueError:
                return 0.0
    return 1.0


def _may_compress(status: int, headers: Headers) -> bool:
    return (
        status not in (204, 206, 304)
        and "content-encoding" not in headers
        and headers.get("content-type", "").startswith(_TYPES)
    )


def _set_headers(headers: MutableHeaders, encoding: Encoding, length: int) -> None:
    headers["Content-Encoding"] = encoding
    headers["Content-Length"] = str(length)
    tag = headers.get("etag", "")
    if tag and not tag.startswith("W/"):
        headers["ETag"] = f"W/{tag}"  # other bytes, the same content


async def _compressed(body: bytes, encoding: Encoding) -> bytes:
    if len(body) <= _BYTES_IN_LOOP:
        return _compress(body, encoding)
    return await asyncio.to_thread(_compress, body, encoding)


def _compress(body: bytes, encoding: Encoding) -> bytes:
    if encoding == "zstd":
        return zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(body)
    return gzip.compress(body, _GZIP_LEVEL, mtime=0)
