"""Generations: the newest snapshot of an index for every search."""

from __future__ import annotations

import threading
from pathlib import Path

from indexer.snapshot import Snapshot
from searchd.errors import EngineClosedError


class SnapshotManager:
    """Hands out snapshots of the index in a directory to any number of threads.

    A search keeps the snapshot that it began with, whatever is committed meanwhile; the files of
    a replaced one are closed with the last search that holds it.
    """

    def __init__(self, directory: Path, analysis: str) -> None:
        self._directory = directory
        self._analysis = analysis
        self._lock = threading.Lock()
        self._newest: Snapshot | None = Snapshot(directory, analysis=analysis)

    def newest(self) -> Snapshot:
        """Return the newest generation. Raises EngineClosedError, and what opening it raises."""
        snapshot = self._newest
        if snapshot is not None and snapshot.is_current():
            return snapshot
        with self._lock:
            snapshot = self._newest
            if snapshot is None:
                raise EngineClosedError("the engine was closed; open another with searchd.open")
            if not snapshot.is_current():
                snapshot = Snapshot(self._directory, analysis=self._analysis, previous=snapshot)
                self._newest = snapshot
            return snapshot

    def close(self) -> None:
        """Hand out no more."""
        with self._lock:
            self._newest = None
