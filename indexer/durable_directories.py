"""Directories whose names outlive a crash of the machine."""

from __future__ import annotations

import errno
import os
from pathlib import Path

_NOT_SUPPORTED = {errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP}


def make_directory(directory: Path) -> None:
    """Make a directory and those above it that are missing, durably. Raises OSError."""
    missing = []
    while not directory.is_dir():
        missing.append(directory)
        directory = directory.parent
    for each in reversed(missing):
        each.mkdir(exist_ok=True)
        sync_directory(each.parent)


def sync_directory(directory: Path) -> None:
    """Make the names of the files in a directory durable, where the system can.

    Raises OSError, except where the system or the file system does not support it.
    """
    if os.name == "nt":
        return  # Windows cannot open a directory
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NOT_SUPPORTED:  # as by some network file systems
            raise
    finally:
        os.close(descriptor)
