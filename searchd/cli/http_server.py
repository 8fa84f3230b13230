"""The HTTP server of `searchd serve`: a listening socket and uvicorn. Needs the extra `serve`."""

from __future__ import annotations

import asyncio
import faulthandler
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType

import click
import uvicorn
from fastapi import FastAPI

from searchd.cli.systemd import notify
from searchd.service.app import MAX_REQUEST_LINE_BYTES
from searchd.service.connections import BoundedConfig, BoundedConnection, ConnectionLimits
from searchd.service.descriptors import (
    CONNECTIONS_AT_ONCE,
    RESERVED_DESCRIPTORS,
    raise_descriptor_limit,
)
from searchd.service.hosts import hosts_of
from searchd.service.limits import ServiceLimits

_GRACE_SECONDS = 3
"""How long running requests may take after SIGINT or SIGTERM."""

_STOP_SECONDS = 5
"""How long the process may take to end after the signal, whatever runs."""

_TICKS_PER_SIGN = 50
"""Calls of `Server.on_tick` for each sign of life of a worker: 5 seconds."""

_BACKLOG = 1024
"""Connections that the system completes before the event loop accepts them."""

_SEND_BUFFER_BYTES = 128 * 1024
"""What the system buffers for a client that reads slowly; Linux doubles it. Without a bound it takes
megabytes, and whether the client reads is seen late."""


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 chooses a free one.

    Raises ClickException if the address cannot be resolved or the port is taken.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=socket.AI_PASSIVE
        )[0]
        # asyncio sets TCP_NODELAY only where a socket has the number of its protocol, which those
        # of `socket.create_server` have not. Without it each response waits 40 ms for an ACK.
        listener = socket.socket(family, kind, protocol)
        try:
            if os.name == "posix":
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
            listener.bind(address)
            listener.listen(_BACKLOG)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        raise click.ClickException(
            f"cannot listen on {host} port {port}: {error.strerror or error}; "
            f"choose another with --host and --port"
        ) from None
    return listener


def address_of(listener: socket.socket, host: str) -> str:
    """Return the URL of the search page."""
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{listener.getsockname()[1]}"


def allowed_hosts(listener: socket.socket, host: str, allowed: tuple[str, ...]) -> list[str]:
    """Return the hosts that requests may name: those of the listener, and those the user allows."""
    return [*hosts_of(host, listener.getsockname()[0]), *allowed]


@dataclass(frozen=True, slots=True)
class Supervision:
    """What a worker process has of its supervisor.

    `parent` is a descriptor that can be read when the supervisor is gone. `tell_alive` is called by the
    event loop every 5 seconds.
    """

    parent: int
    tell_alive: Callable[[], None]


def run(
    app: FastAPI,
    limits: ServiceLimits,
    listeners: Sequence[socket.socket],
    announce: Callable[[], None],
    reload: Callable[[], None] | None = None,
    supervision: Supervision | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM, then let running requests finish and close the sockets.

    Calls `announce` when the server accepts requests, and `reload` in a thread for each SIGHUP. Searches that have not ended in time end
    with the process: nothing that a search does is kept. A worker process has a `supervision`: it stops
    when its supervisor is gone, and leaves SIGINT to it. Raises ClickException if the limit of open files leaves none for connections.
    """
    server = Server(
        app, _connection_limits(limits), limits.idle_seconds, announce, reload, supervision
    )
    # uvicorn raises the signal again after its shutdown; SIGTERM must not end the process then.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        server.run([*listeners])
    except KeyboardInterrupt:
        pass
    finally:
        for each in listeners:
            each.close()
    running = app.state.admission.running
    queue = getattr(app.state, "write_queue", None)
    changes = queue.stop() if queue is not None else 0
    if changes:
        click.echo(
            f"stopped while {changes} changes were being made, of which nothing is kept", err=True
        )
    if running or changes:
        # Python would wait for the threads, and the engine for their searches.
        if running:
            click.echo(f"stopped while {running} searches were still running", err=True)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)
    faulthandler.cancel_dump_traceback_later()


def _connection_limits(limits: ServiceLimits) -> ConnectionLimits:
    descriptors = raise_descriptor_limit()
    connections = limits.connections
    if descriptors is not None:
        if descriptors < 2 * RESERVED_DESCRIPTORS:
            raise click.ClickException(
                f"the limit of open files is {descriptors}, and the service needs "
                f"{2 * RESERVED_DESCRIPTORS}; raise it with 'ulimit -n'"
            )
        connections = min(connections, descriptors - RESERVED_DESCRIPTORS)
    return ConnectionLimits(connections, limits.client_seconds, descriptors)


def has_terminal() -> bool:
    """Whether standard input is a terminal; one that was closed is none."""
    with suppress(OSError, ValueError, AttributeError):
        return sys.stdin.isatty()
    return False


class Server(uvicorn.Server):
    """uvicorn with connections that have time-outs, which it applies every second."""

    def __init__(
        self,
        app: FastAPI,
        limits: ConnectionLimits,
        idle_seconds: int,
        announce: Callable[[], None],
        reload: Callable[[], None] | None = None,
        supervision: Supervision | None = None,
    ) -> None:
        config = BoundedConfig(
            app,
            limits,
            log_config=None,  # see `searchd.service.logs`
            # asyncio accepts so many connections at once; `startup` gives the system its own number.
            # Of several processes each takes one, so that they get the same number.
            backlog=CONNECTIONS_AT_ONCE if supervision is None else 1,
            h11_max_incomplete_event_size=MAX_REQUEST_LINE_BYTES,
            timeout_keep_alive=idle_seconds,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
        super().__init__(config)
        self._announce = announce
        self._reload = reload
        self._supervision = supervision
        self._in_terminal = supervision is None and has_terminal()
        self._reloading: set[asyncio.Task[None]] = set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept connections, and announce it."""
        await super().startup(sockets)
        for each in sockets or ():
            each.listen(_BACKLOG)
        if self._reload is not None and hasattr(signal, "SIGHUP"):
            asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self._begin_to_reload)
        if self._supervision is not None:
            parent = self._supervision.parent
            asyncio.get_running_loop().add_reader(parent, self._be_orphaned, parent)
        self._announce()
        notify("READY=1")

    def _be_orphaned(self, parent: int) -> None:
        """Stop: the supervisor was killed, and nobody would start or stop this process."""
        asyncio.get_running_loop().remove_reader(parent)
        self.should_exit = True

    def _begin_to_reload(self) -> None:
        if self._in_terminal and not has_terminal():
            self.should_exit = True  # the terminal was closed, which ends its programs
        elif self._reload is not None:
            task = asyncio.create_task(asyncio.to_thread(self._reload))
            self._reloading.add(task)
            task.add_done_callback(self._reloading.discard)

    async def on_tick(self, counter: int) -> bool:
        """Close connections that are late; uvicorn calls this ten times a second."""
        if counter % 10 == 0:
            now = asyncio.get_running_loop().time()
            for connection in list(self.server_state.connections):
                if isinstance(connection, BoundedConnection):
                    connection.close_if_late(now)
        if self._supervision is not None and counter % _TICKS_PER_SIGN == 0:
            self._supervision.tell_alive()
        return await super().on_tick(counter)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop, and see to it that the process ends in time."""
        if self._supervision is not None and sig == signal.SIGINT:
            return
        super().handle_exit(sig, frame)
        notify("STOPPING=1")
        # A thread without Python's lock does this, so nothing that runs can delay it. It needs a
        # standard error, which a service may lack.
        with suppress(RuntimeError, ValueError, OSError):
            faulthandler.dump_traceback_later(_STOP_SECONDS, exit=True)
