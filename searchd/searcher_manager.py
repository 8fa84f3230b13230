"""The searcher of the newest generation of an index, for every search."""

from __future__ import annotations

import threading
from collections.abc import Callable

from indexer.snapshot import Snapshot
from searchd.errors import EngineClosedError
from searchd.search.index_searcher import IndexSearcher


class SearcherManager:
    """Hands out searchers of the index in a directory to any number of threads.

    A search keeps the searcher that it began with, whatever is committed meanwhile; the files of a
    replaced generation are closed with the last search that uses them.
    """

    def __init__(
        self,
        open_snapshot: Callable[[Snapshot | None], Snapshot],
        new_searcher: Callable[[Snapshot], IndexSearcher],
    ) -> None:
        """Open the index.

        `open_snapshot` opens the current generation, given an older snapshot whose open segments it
        may share; its errors are raised here and by `acquire`.
        """
        self._open_snapshot = open_snapshot
        self._new_searcher = new_searcher
        self._lock = threading.Lock()
        self._newest: IndexSearcher | None = new_searcher(open_snapshot(None))

    def acquire(self) -> IndexSearcher:
        """Return the searcher of the newest generation.

        Raises EngineClosedError, and the errors of opening a new generation.
        """
        searcher = self._newest
        if searcher is not None and searcher.snapshot.is_current():
            return searcher
        with self._lock:
            searcher = self._newest
            if searcher is None:
                raise EngineClosedError("the engine was closed; open another with searchd.open")
            if not searcher.snapshot.is_current():
                searcher = self._new_searcher(self._open_snapshot(searcher.snapshot))
                self._newest = searcher
            return searcher

    def close(self) -> None:
        """Hand out no more searchers."""
        with self._lock:
            self._newest = None
