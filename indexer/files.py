"""The files of an index directory: reading them safely, and removing those that are left over.

The directory holds `searchd.json` and the files of the Whoosh index that it names, say `index1`:
a table of contents for its generation, and one file for each segment. While a writer works there
are also those of the next generation or, for a rebuild, of `index2`. However a writer ends, only
what the current generation needs stays; what a killed writer left goes with the next one.
"""

from __future__ import annotations

import errno
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from indexer import metadata, schema
from indexer.errors import IndexAccessError, IndexDamagedError, IndexerError, IndexMissingError
from indexer.metadata import IndexMetadata

_ERRORS_OF_DAMAGE = (errno.ENOENT, errno.EINVAL)  # a file that is gone, an impossible offset
_INDEX_FILE = re.compile(r"_?(index[0-9]+)[_.]")


@contextmanager
def accessing(directory: Path) -> Iterator[None]:
    """Turn an error of the operating system into IndexAccessError."""
    try:
        yield
    except OSError as error:
        raise IndexAccessError(
            f"the index at {directory} cannot be read or written ({error}); see to it that its "
            f"directory may be written to and the disk has room, or choose another with --index"
        ) from error


@contextmanager
def reading(directory: Path) -> Iterator[None]:
    """Turn whatever Whoosh raises over a damaged or missing file into IndexDamagedError.

    Errors of the operating system that do not tell of damage become IndexAccessError.
    """
    with accessing(directory):
        try:
            yield
        except IndexerError:
            raise
        except Exception as error:
            if isinstance(error, OSError) and error.errno not in _ERRORS_OF_DAMAGE:
                raise
            raise IndexDamagedError(
                f"the index at {directory} cannot be read ({type(error).__name__}: {error}); "
                f"build it again with 'searchd index --rebuild'"
            ) from error


class TrackingStorage(FileStorage):  # type: ignore[misc]
    """Whoosh's storage, which can close the files that a failed read leaves open."""

    def __init__(self, directory: Path) -> None:
        super().__init__(str(directory))
        self._opened: list[Any] = []

    def open_file(self, name: str, **options: Any) -> Any:
        """Open a file for reading."""
        file = super().open_file(name, **options)
        self._opened.append(file)
        return file

    def close_files(self) -> None:
        """Close every file that is still open."""
        for file in self._opened:
            if not file.is_closed:
                file.close()
        self._opened.clear()


def latest_generation(directory: Path, name: str) -> int:
    """Return the number of the newest generation of an index, -1 where there is none."""
    return int(TOC._latest_generation(FileStorage(str(directory)), name))


def read_contents(storage: FileStorage, current: IndexMetadata, generation: int) -> TOC:
    """Return the table of contents of one generation of an index."""
    whoosh_schema = schema.whoosh_schema(current.fields.extra)
    return TOC.read(storage, current.name, generation, whoosh_schema)


def index_names(directory: Path) -> set[str]:
    """Return the names of all indexes of which a directory has files."""
    found = (_INDEX_FILE.match(path.name) for path in directory.iterdir())
    return {match[1] for match in found if match}


def remove_leftovers(directory: Path, attempt: str) -> None:
    """Delete the files of indexes and generations that are not current.

    `attempt` names the index that was being written. Where the current one cannot be read only
    files of the attempt go, as another version of this program may have a use for the others.
    A file that another process holds open may stay until the next writer ends.
    """
    doomed, needed = index_names(directory), set[str]()
    try:
        needed = _needed(directory)
    except IndexMissingError:
        pass  # then no file is needed
    except IndexerError:
        doomed = {attempt}
    for path in list(directory.iterdir()):
        match = _INDEX_FILE.match(path.name)
        if match and match[1] in doomed and path.name not in needed:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                with suppress(OSError):
                    path.unlink()


def _needed(directory: Path) -> set[str]:
    """Return the names of the Whoosh files of the current generation."""
    current = metadata.read(directory)
    generation = latest_generation(directory, current.name)
    storage = TrackingStorage(directory)
    try:
        with reading(directory):
            contents = read_contents(storage, current, generation)
    finally:
        storage.close_files()
    segments = {segment.make_filename(segment.COMPOUND_EXT) for segment in contents.segments}
    return {f"_{current.name}_{generation}.toc", f"{current.name}_WRITELOCK", *segments}
