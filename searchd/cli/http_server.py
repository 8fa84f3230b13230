"""The HTTP server of `searchd serve`: a listening socket and uvicorn. Needs the extra `serve`."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable

import click
import uvicorn
from fastapi import FastAPI

from searchd.service.app import MAX_REQUEST_LINE_BYTES

_SHUTDOWN_SECONDS = 5
"""How long running requests may take after SIGINT or SIGTERM."""


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 chooses a free one.

    Raises ClickException if the address cannot be resolved or the port is taken.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return socket.create_server(address[:2], family=family)
    except OSError as error:
        raise click.ClickException(
            f"cannot listen on {host} port {port}: {error.strerror or error}; "
            f"choose another with --host and --port"
        ) from None


def address_of(listener: socket.socket, host: str) -> str:
    """Return the URL of the search page."""
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{listener.getsockname()[1]}"


def run(app: FastAPI, listener: socket.socket, announce: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM, then let running requests finish and close the socket.

    Calls `announce` when the server accepts requests.
    """
    config = uvicorn.Config(
        app,
        log_level="warning",
        h11_max_incomplete_event_size=MAX_REQUEST_LINE_BYTES,
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
    )
    # uvicorn raises the signal again after its shutdown; SIGTERM must not end the process then.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        _Server(config, announce).run([listener])
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._announce()
