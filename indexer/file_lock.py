"""Locks of files, which end with the process that holds them."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout

__all__ = ["FileLock", "acquire_lock"]


def acquire_lock(path: Path, *, wait_seconds: float = 0.0) -> FileLock | None:
    """Lock a file, which is made where it is missing; return None where another holds the lock.

    The operating system holds the lock for the open file (flock, on Windows LockFileEx). So it is
    free again when the process dies, other processes and others in the same process are refused, and
    the file may stay where it is. Any thread may release it. A process that is forked while the lock
    is held does not inherit it. Waits at most `wait_seconds` for another holder. Raises OSError where the
    file cannot be opened or the file system has no locks.
    """
    # A lock whose file is preserved is never replaced by a marker file, which would outlive a
    # killed process where the file system has no locks.
    lock = FileLock(path, timeout=wait_seconds, thread_local=False, preserve_lock_file=True)
    try:
        lock.acquire()
    except Timeout:
        return None
    return lock
