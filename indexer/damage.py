"""Damage: files of an index that are not what a writer wrote.

Whatever a file holds, a reader raises IndexDamagedError with its path and what is wrong, and takes
no more memory than the size of the file allows for.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.errors import IndexDamagedError

REMEDY = "build the index again with 'searchd index --rebuild'"


def damaged(path: Path, reason: str) -> IndexDamagedError:
    """Return the error for a damaged file: its path, what is wrong, and what to do about it."""
    return IndexDamagedError(f"{path} is damaged: {reason}; {REMEDY}")


def regular_file_size(path: Path) -> int:
    """Return the size of a file in bytes, without opening it.

    To open a FIFO would wait for ever for a process at its other end; a device may have no end.
    Raises IndexDamagedError for anything that is no regular file, and OSError.
    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise damaged(path, "it is no regular file")
    return status.st_size


UNFIT = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RecursionError)
"""What Python and numpy raise for data that do not fit. Not every one of these tells of damage."""


@contextmanager
def reporting_damage(path: Path) -> Iterator[None]:
    """Raise IndexDamagedError in place of what Python and numpy raise for data that do not fit.

    For code that works on the files of an index alone, and on nothing that a user gave.
    """
    try:
        yield
    except (*UNFIT, MemoryError) as error:
        raise damaged(path, f"{type(error).__name__}: {error}") from error
