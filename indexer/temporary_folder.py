"""Temporary folders for copies of people's files, and for sockets, which must not stay when a process is killed.

The folder of a process that was killed, by the system for its memory or by a power cut, is deleted by the
first process afterwards that makes one. A lock that ends with its process tells which folders are in use.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
import weakref
from contextlib import suppress
from functools import cache
from pathlib import Path

from indexer.file_lock import FileLock, acquire_lock

_PREFIX = "searchd-tmp-"
_LOCK = "in-use.lock"

_YOUNG_SECONDS = 60.0
"""A folder that changed within this time may have no lock yet."""


class TemporaryFolder:
    """A new folder in that of the system, or in `parent`, for this user alone, until it is closed.

    The first of a process in a parent deletes what killed processes left there, which may take a while. Use it as a context manager, which gives the path, or call `close`. Raises OSError where it cannot
    be made.
    """

    def __init__(self, parent: Path | None = None) -> None:
        parent = parent or Path(tempfile.gettempdir())
        _delete_abandoned_once(parent)
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
        lock = acquire_lock(self.path / _LOCK)
        if lock is None:
            raise FileExistsError(f"another process has taken the new folder {self.path}")
        self._delete = weakref.finalize(self, _delete, self.path, lock)

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Delete the folder with all that is in it. It may be gone."""
        self._delete()


def delete_abandoned_folders(parent: Path) -> None:
    """Delete the folders in `parent` of processes of this user that ended without deleting theirs."""
    with suppress(OSError), os.scandir(parent) as entries:
        for entry in entries:
            if entry.name.startswith(_PREFIX) and entry.is_dir(follow_symlinks=False):
                _delete_if_abandoned(Path(entry.path))


@cache
def _delete_abandoned_once(parent: Path) -> None:
    delete_abandoned_folders(parent)


def _delete_if_abandoned(folder: Path) -> None:
    with suppress(OSError):
        status = folder.stat(follow_symlinks=False)
        if hasattr(os, "getuid") and status.st_uid != os.getuid():
            return
        if time.time() - status.st_mtime < _YOUNG_SECONDS:
            return
        lock = acquire_lock(folder / _LOCK)
        if lock is not None:
            _delete(folder, lock)


def _delete(folder: Path, lock: FileLock) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    lock.release()
    shutil.rmtree(folder, ignore_errors=True)  # Windows deletes no file that is open
