"""Errors of a search that come from a damaged index."""

from __future__ import annotations

from analyzers.errors import AnalyzersError
from indexer.damage import UNFIT
from indexer.errors import IndexerError
from indexer.snapshot import Snapshot
from searchd.errors import SearchError

_OF_DAMAGE = (*UNFIT, MemoryError, RuntimeWarning)
_OF_USE = (SearchError, IndexerError, AnalyzersError)


class explaining_damage:  # noqa: N801 - a context manager, written like a function
    """Raise IndexDamagedError in place of an error that a damaged index causes.

    Checksums find what went wrong on a disk. Files whose checksums fit and whose content does not
    make Python or numpy raise an error; then the whole index is checked, once. Where nothing is
    damaged the error is raised as it is.
    """

    __slots__ = ("_snapshot",)

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def __enter__(self) -> None: ...

    def __exit__(self, _type: object, error: BaseException | None, _traceback: object) -> None:
        if isinstance(error, _OF_DAMAGE) and not isinstance(error, _OF_USE):
            damage = self._snapshot.find_damage()
            if damage is not None:
                raise damage from error
