"""Errors of a search that come from a damaged index."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from analyzers.errors import AnalyzersError
from indexer.damage import UNFIT
from indexer.errors import IndexerError
from indexer.snapshot import Snapshot
from searchd.errors import SearchError


@contextmanager
def explaining_damage(snapshot: Snapshot) -> Iterator[None]:
    """Raise IndexDamagedError in place of an error that a damaged index causes.

    Checksums find what went wrong on a disk. Files whose checksums fit and whose content does not
    make Python or numpy raise an error; then the whole index is checked, once. Where nothing is
    damaged the error is raised as it is.
    """
    try:
        yield
    except (SearchError, IndexerError, AnalyzersError):
        raise
    except (*UNFIT, MemoryError, RuntimeWarning) as error:
        damage = snapshot.find_damage()
        if damage is not None:
            raise damage from error
        raise
