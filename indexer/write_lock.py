"""The write lock: at most one writer at a time for the index in a directory."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout

from indexer.errors import IndexBusyError

LOCK_FILE = "searchd.lock"


def acquire_write_lock(directory: Path) -> FileLock:
    """Lock the index in a directory for one writer, without waiting.

    The operating system holds the lock for the open file (flock, on Windows LockFileEx). So it is
    free again when the process dies, other processes and other writers of the same process are
    refused, and the file may stay where it is. Any thread may call `release` of what is returned.
    A process that is forked while the lock is held does not inherit it.
    Raises IndexBusyError where another writer holds the lock, and OSError where the lock file
    cannot be opened or the file system has no locks.
    """
    # A lock whose file is preserved is never replaced by a marker file, which would outlive a
    # killed process where the file system has no locks.
    lock = FileLock(directory / LOCK_FILE, timeout=0, thread_local=False, preserve_lock_file=True)
    try:
        lock.acquire()
    except Timeout:
        raise IndexBusyError(
            f"another writer is at work on the index at {directory}; wait for it to end"
        ) from None
    return lock
