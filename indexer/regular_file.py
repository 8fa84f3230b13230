"""Files of an index are regular files: another kind in their place is damage, and never opened.

To open a FIFO would wait for ever for a process at its other end; a device may have no end.
"""

from __future__ import annotations

import stat
from pathlib import Path

from indexer.errors import IndexDamagedError

REMEDY = "build the index again with 'searchd index --rebuild'"


def damaged(path: Path, reason: str) -> IndexDamagedError:
    """Return the error for a damaged file: its path, what is wrong, and what to do about it."""
    return IndexDamagedError(f"{path} is damaged: {reason}; {REMEDY}")


def regular_file_size(path: Path) -> int:
    """Return the size of a file in bytes, without opening it.

    Raises IndexDamagedError for anything that is no regular file, and OSError.
    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise damaged(path, "it is no regular file")
    return status.st_size
