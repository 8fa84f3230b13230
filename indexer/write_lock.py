"""The write lock: at most one writer at a time for the index in a directory."""

from __future__ import annotations

from pathlib import Path

from indexer.errors import IndexBusyError
from indexer.file_lock import FileLock, acquire_lock

LOCK_FILE = "searchd.lock"

MERGE_LOCK_FILE = "searchd.merge.lock"
"""The lock of the process that merges segments in the background: `indexer.background_merge`."""

_MERGE_SECONDS = 2.0
"""How long such a merge may hold the write lock for its last step."""


class WriteLock:
    """The lock of one writer for the index in a directory.

    It does not wait for other writers, but for the last step of a merge in the background.

    It is that of a file, which ends with the process and which any thread may release
    (`indexer.file_lock`).
    Raises IndexBusyError where another writer holds the lock, and OSError where the lock file
    cannot be opened or the file system has no locks.
    """

    def __init__(self, directory: Path) -> None:
        self.path = directory / LOCK_FILE
        self._locks = [self._acquire()]
        self._identity = self._identity_of_file()

    @property
    def is_held(self) -> bool:
        """Whether the locked file is still there, so that it keeps other writers out."""
        return self._identity is not None and self._identity_of_file() == self._identity

    def renew(self) -> None:
        """Lock the file of today where the locked one was removed or replaced.

        Raises like the constructor.
        """
        if not self.is_held:
            self._locks.append(self._acquire())
            self._identity = self._identity_of_file()

    def release(self) -> None:
        """Let other writers in."""
        for lock in self._locks:
            lock.release()

    def _acquire(self) -> FileLock:
        merges = (self.path.parent / MERGE_LOCK_FILE).exists()
        lock = acquire_lock(self.path, wait_seconds=_MERGE_SECONDS if merges else 0.0)
        if lock is None:
            raise IndexBusyError(
                f"another writer is at work on the index at {self.path.parent}; wait for it to end"
            )
        return lock

    def _identity_of_file(self) -> tuple[int, int] | None:
        try:
            status = self.path.stat(follow_symlinks=False)
        except OSError:
            return None
        return status.st_dev, status.st_ino
