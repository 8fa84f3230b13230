"""A client of HTTP/1.1 over Unix sockets, for requests between the processes of one service."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import h11

Headers = Sequence[tuple[bytes, bytes]]

_READ_BYTES = 64 * 1024
_HEAD_BYTES = 1024 * 1024
"""The largest head of a response: more than any request had, whose address it may repeat."""


class PeerError(Exception):
    """The other process cannot be reached, or ended before it had answered."""


@dataclass(frozen=True, slots=True)
class PeerResponse:
    """A response: its status, its headers, and what yields the parts of its body."""

    status: int
    headers: Headers
    body: AsyncIterator[bytes]


NextPart = Callable[[], Awaitable[bytes | None]]
"""Returns the next part of the body of a request, None at its end."""


@asynccontextmanager
async def sent(
    path: Path, method: str, target: bytes, headers: Headers, next_part: NextPart | None = None
) -> AsyncIterator[PeerResponse]:
    """Send a request to the process that listens at `path`, and yield its response.

    The body is sent while the response is read: who is refused need not send it all. `headers` has
    Host, and Content-Length or Transfer-Encoding where there is a body. Raises PeerError, also
    while the body of the response is read, and what `next_part` raises.
    """
    try:
        reader, writer = await asyncio.open_unix_connection(path)
    except OSError as error:
        raise PeerError(f"the process at {path} cannot be reached: {error}") from error
    connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEAD_BYTES)
    sending = asyncio.create_task(
        _send(
            connection,
            writer,
            h11.Request(method=method, target=target, headers=[*headers]),
            next_part,
        )
    )
    try:
        yield await _read_head(connection, reader, sending)
    finally:
        sending.cancel()
        writer.transport.abort()


async def _send(
    connection: h11.Connection,
    writer: asyncio.StreamWriter,
    request: h11.Request,
    next_part: NextPart | None,
) -> None:
    writer.write(connection.send(request) or b"")
    while next_part is not None and (part := await next_part()) is not None:
        writer.write(connection.send(h11.Data(data=part)) or b"")
        try:
            await writer.drain()
        except OSError:
            return  # the response, if there is one, says why
    writer.write(connection.send(h11.EndOfMessage()) or b"")


async def _read_head(
    connection: h11.Connection, reader: asyncio.StreamReader, sending: asyncio.Task[None]
) -> PeerResponse:
    reading = asyncio.create_task(_next_event(connection, reader))
    await asyncio.wait({reading, sending}, return_when=asyncio.FIRST_COMPLETED)
    if not reading.done() and sending.done() and sending.exception() is not None:
        reading.cancel()
        sending.result()  # raises
    event = await reading
    if not isinstance(event, h11.Response):
        raise PeerError("the process ended before it had answered")
    return PeerResponse(event.status_code, event.headers.raw_items(), _parts(connection, reader))


async def _parts(connection: h11.Connection, reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while isinstance(event := await _next_event(connection, reader), h11.Data):
        yield bytes(event.data)
    if not isinstance(event, h11.EndOfMessage):
        raise PeerError("the process ended within its answer")


async def _next_event(connection: h11.Connection, reader: asyncio.StreamReader) -> object:
    """Return the next event, None where the process is gone."""
    try:
        while (event := connection.next_event()) is h11.NEED_DATA or isinstance(
            event, h11.InformationalResponse
        ):
            if event is h11.NEED_DATA:
                connection.receive_data(await reader.read(_READ_BYTES))
    except (OSError, h11.RemoteProtocolError):
        return None
    return event
