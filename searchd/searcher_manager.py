"""The searcher of the newest generation of an index, for every search."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from indexer.snapshot import Snapshot
from searchd.errors import EngineClosedError
from searchd.search.index_searcher import IndexSearcher


class SearcherManager:
    """Hands out searchers of the index in a directory to any number of threads.

    A search keeps the searcher that it began with, whatever is committed meanwhile; the files of a
    replaced generation are closed with the last search that uses them.
    """

    def __init__(
        self, directory: Path, analysis: str, new_searcher: Callable[[Snapshot], IndexSearcher]
    ) -> None:
        """Open the index, which must be made by this analysis. Raises what `Snapshot` raises."""
        self._directory = directory
        self._analysis = analysis
        self._new_searcher = new_searcher
        self._lock = threading.Lock()
        self._newest: IndexSearcher | None = new_searcher(Snapshot(directory, analysis=analysis))

    def acquire(self) -> IndexSearcher:
        """Return the searcher of the newest generation.

        Raises EngineClosedError, and what opening a new generation raises.
        """
        searcher = self._newest
        if searcher is not None and searcher.snapshot.is_current():
            return searcher
        with self._lock:
            searcher = self._newest
            if searcher is None:
                raise EngineClosedError("the engine was closed; open another with searchd.open")
            if not searcher.snapshot.is_current():
                previous = searcher.snapshot
                searcher = self._new_searcher(
                    Snapshot(self._directory, analysis=self._analysis, previous=previous)
                )
                self._newest = searcher
            return searcher

    def close(self) -> None:
        """Hand out no more searchers."""
        with self._lock:
            self._newest = None
