"""Generations: the newest snapshot of an index for every search, each closed after its last."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.snapshot import Snapshot
from searchd.errors import EngineClosedError


class Generations:
    """Hands out snapshots of the index in a directory to any number of threads.

    A search keeps the snapshot that it began with, whatever is committed meanwhile.
    """

    def __init__(self, directory: Path, analysis: str) -> None:
        self._directory = directory
        self._analysis = analysis
        self._lock = threading.Lock()
        self._users: dict[Snapshot, int] = {}
        self._closed = False
        self._newest = Snapshot(directory, analysis=analysis)

    @contextmanager
    def newest(self) -> Iterator[Snapshot]:
        """Lend the newest generation. Raises EngineClosedError, and what opening it raises."""
        with self._lock:
            if self._closed:
                raise EngineClosedError("the engine was closed; open another with searchd.open")
            if not self._newest.is_current():
                replacement = Snapshot(self._directory, analysis=self._analysis)
                self._close_unused(self._newest)
                self._newest = replacement
            snapshot = self._newest
            self._users[snapshot] = self._users.get(snapshot, 0) + 1
        try:
            yield snapshot
        finally:
            with self._lock:
                self._users[snapshot] -= 1
                if not self._users[snapshot]:
                    del self._users[snapshot]
                    if self._closed or snapshot is not self._newest:
                        snapshot.close()

    def close(self) -> None:
        """Lend no more, and close what is not in use."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._close_unused(self._newest)

    def _close_unused(self, snapshot: Snapshot) -> None:
        if snapshot not in self._users:
            snapshot.close()
