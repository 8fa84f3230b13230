"""Errors of the operating system, reported as those of the index that was written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.errors import IndexAccessError
from indexer.segment.write.temporary_files import TemporaryFileError


@contextmanager
def reporting_access_errors(directory: Path) -> Iterator[None]:
    """Raise IndexAccessError in place of an error of the operating system, and of no memory."""
    try:
        yield
    except MemoryError as error:
        raise IndexAccessError(
            f"the memory ran out while the index at {directory} was written, which is as it was; "
            f"give less to documents with --memory, use fewer processes, or free memory"
        ) from error
    except TemporaryFileError as error:
        raise IndexAccessError(
            f"temporary files of the index at {directory} cannot be written ({error}); make room "
            f"there, or name another folder for them in the environment variable TMPDIR"
        ) from error
    except OSError as error:
        raise IndexAccessError(
            f"the index at {directory} cannot be read or written ({error}); make sure that its "
            f"directory may be written to and the disk has room, or choose another with --index"
        ) from error
