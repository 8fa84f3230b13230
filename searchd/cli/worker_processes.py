"""`searchd serve --workers`: several processes over one listening socket. Needs the extra `serve`.

Each has a Unix socket beside it, in a folder that only this user may enter: the others ask it for
its metrics there, and hand changes over to the one that writes. The sockets are made once, so that
what is sent to a process that is just started anew waits for it.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from fastapi import FastAPI

from indexer.temporary_folder import TemporaryFolder
from searchd.cli.http_server import has_terminal
from searchd.cli.supervisor import ALIVE, READY, RELOADED, Child, Supervisor, Worker
from searchd.service.conditional import renew_tags
from searchd.service.workers.forwarding import hand_over_changes
from searchd.service.workers.internal import InternalRequests
from searchd.service.workers.peers import WRITER, Peers

_LONGEST_PATH = 90
"""The bytes that the path of a Unix socket may have: 104 on macOS, with room for the name."""

_BACKLOG = 256


@dataclass(frozen=True, slots=True)
class WorkerRole:
    """What one process of several does: it listens on `sockets`.

    `peers` are all processes. Changes are handed over to `writer`; None where this one makes them, or
    nobody does.
    """

    name: str
    sockets: Sequence[socket.socket]
    peers: Peers
    writer: Path | None
    child: Child

    @property
    def is_writer(self) -> bool:
        """Whether this process makes the changes. It answers no clients."""
        return self.name == WRITER

    def prepare(self, app: FastAPI) -> None:
        """Let an application ask the other processes, and answer them."""
        app.state.gather_metrics = self.peers.metrics
        if self.writer is not None:
            hand_over_changes(app, self.writer)
        app.add_middleware(InternalRequests, metrics=app.state.metrics.text)
        if not self.child.is_first:
            renew_tags()  # its words may be others than those that the first processes had

    def announce(self) -> None:
        """Tell the supervisor that requests are answered."""
        self.child.tell(READY)

    def tell_reloaded(self) -> None:
        """Tell the supervisor that options were read again."""
        self.child.tell(RELOADED)

    def tell_alive(self) -> None:
        """Tell the supervisor that the event loop runs."""
        self.child.tell(ALIVE)


def run_workers(
    count: int,
    listener: socket.socket,
    serve: Callable[[WorkerRole], None],
    announce: Callable[[], None],
    *,
    writable: bool,
) -> int:
    """Serve in `count` processes, and in one more that writes where `writable`; return the status.

    `serve` runs in each process. This one must have no threads.
    """
    names = [*map(str, range(1, count + 1)), *([WRITER] if writable else [])]
    in_terminal = has_terminal()
    with _sockets(names) as (folder, sockets):
        paths = {name: folder / name for name in names}

        def serve_as(name: str, child: Child) -> None:
            is_writer = name == WRITER
            for other, each in sockets.items():
                if other != name:
                    each.close()
            if is_writer:
                listener.close()
            listened = [sockets[name]] if is_writer else [listener, sockets[name]]
            writer = paths[WRITER] if writable and not is_writer else None
            serve(WorkerRole(name, listened, Peers(name, paths), writer, child))

        workers = [Worker(name, partial(serve_as, name), is_last=name == WRITER) for name in names]
        return Supervisor(workers, announce, lambda: in_terminal and not has_terminal()).run()


@contextmanager
def _sockets(names: Sequence[str]) -> Iterator[tuple[Path, dict[str, socket.socket]]]:
    """Yield a folder, and a listening Unix socket of each name in it."""
    made = TemporaryFolder()
    if len(str(made.path).encode()) > _LONGEST_PATH:
        made.close()
        made = TemporaryFolder(Path("/tmp"))
    sockets = {}
    try:
        for name in names:
            sockets[name] = socket.socket(socket.AF_UNIX)
            sockets[name].bind(str(made.path / name))
            sockets[name].listen(_BACKLOG)
        yield made.path, sockets
    finally:
        for each in sockets.values():
            each.close()
        made.close()
