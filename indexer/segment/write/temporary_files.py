"""Temporary files of a writer, whose errors tell their folder from that of the index."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO


class TemporaryFileError(OSError):
    """A temporary file cannot be written. `filename` is the folder of temporary files."""


@contextmanager
def reporting_temporary_files() -> Iterator[None]:
    """Raise TemporaryFileError in place of another error of the operating system."""
    try:
        yield
    except OSError as error:
        folder = tempfile.tempdir or "the folder of temporary files"
        raise TemporaryFileError(error.errno, error.strerror, str(folder)) from error


def temporary_file() -> IO[bytes]:
    """Return a new temporary file, which goes when it is closed. Raises TemporaryFileError."""
    with reporting_temporary_files():
        return tempfile.TemporaryFile()
