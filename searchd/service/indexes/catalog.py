"""The catalog: the indexes of a folder, each in a subfolder of its name, and their aliases."""

from __future__ import annotations

import secrets
import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from analyzers import Analyzer
from indexer import generation
from indexer.durable_directories import sync_directory
from indexer.errors import IndexAccessError, IndexMismatchError
from indexer.fields import FieldMap
from indexer.generation import DRAFT_FILE, GENERATION_FILE, Generation
from indexer.replica_mark import MARK_FILE
from indexer.run_files import NAMES_FILE
from indexer.write_lock import LOCK_FILE, WriteLock
from indexer.writer import IndexWriter
from searchd.service.indexes.aliases import AliasTable
from searchd.service.indexes.names import check_name, is_name
from searchd.service.request_errors import (
    AliasNotFoundError,
    ConflictError,
    IndexNotFoundError,
)

_DELETED = ".deleted-"
"""How folders begin whose index was deleted, and whose files are still to be removed."""

_OWN_FILES = frozenset({GENERATION_FILE, DRAFT_FILE, LOCK_FILE, MARK_FILE, NAMES_FILE})


class IndexCatalog:
    """Makes, finds and deletes the indexes of a folder. Threads and processes may share it.

    An index or alias that another process makes is seen at once. No index has the name of an alias.
    """

    def __init__(self, folder: Path, *, analyzer: Analyzer | None = None) -> None:
        """Use a folder, which exists. Raises IndexAccessError where it cannot be read."""
        self.folder = folder
        self.analyzer = analyzer
        self._aliases = AliasTable(folder)
        self._changes = threading.Lock()
        self.names()

    def names(self) -> list[str]:
        """Return the names of the indexes in order. Raises IndexAccessError."""
        try:
            entries = [each.name for each in self.folder.iterdir() if is_name(each.name)]
        except OSError as error:
            raise IndexAccessError(
                f"the folder of the indexes {self.folder} cannot be read ({error}); make it, or "
                f"name another with --indexes"
            ) from error
        return sorted(name for name in entries if generation.exists(self.folder / name))

    def aliases(self) -> Mapping[str, str]:
        """Return the index of each alias. Raises IndexAccessError and IndexDamagedError."""
        return self._aliases.read()

    def resolve(self, name: str) -> str:
        """Return the name of the index that has a name or an alias.

        Raises InvalidValueError and IndexNotFoundError.
        """
        found = self.aliases().get(check_name(name), name)
        if not self._has(found):
            through = f", which the alias {name!r} names" if found != name else ""
            raise IndexNotFoundError(
                f"there is no index {found!r}{through}; GET /indexes lists those that there are"
            )
        return found

    def directory(self, name: str) -> Path:
        """Return the directory of the index with a name. Raises InvalidValueError."""
        return self.folder / check_name(name)

    def create(self, name: str, fields: FieldMap, title_weight: int | None) -> bool:
        """Make an empty index; return False where there is one with these fields already.

        Raises InvalidValueError, ConflictError where the name is taken or the index has other fields,
        and like `IndexWriter`.
        """
        directory = self.directory(name)
        with self._changing():
            if name in self.aliases():
                raise ConflictError(f"{name!r} is an alias; delete it first, or take another name")
            if self._has(name):
                _check_shape(generation.read(directory), fields, title_weight, name)
                return False
            self._check_letters(name)
            with IndexWriter(
                directory, fields, analyzer=self.analyzer, title_weight=title_weight
            ) as writer:
                writer.commit()
        return True

    def delete(self, name: str) -> None:
        """Delete an index with all of its documents, at once for all who search.

        Raises InvalidValueError, IndexNotFoundError, ConflictError where an alias names it or its
        folder has other files than those of an index, IndexBusyError while it is written, and
        IndexAccessError.
        """
        directory = self.directory(name)
        with self._changing():
            if not self._has(name):
                raise IndexNotFoundError(f"there is no index {name!r}")
            named = sorted(alias for alias, index in self.aliases().items() if index == name)
            if named:
                raise ConflictError(
                    f"the alias {named[0]!r} names the index {name!r}; set it to another index, or "
                    f"delete it first"
                )
            self._delete(directory)

    def set_alias(self, alias: str, index: str) -> str | None:
        """Let an alias name an index, durably and at once; return what it named before.

        Raises InvalidValueError, IndexNotFoundError, and ConflictError where an index has its name.
        """
        check_name(alias)
        check_name(index)
        with self._changing():
            if self._has(alias):
                raise ConflictError(f"{alias!r} is an index; an alias takes a name of its own")
            if not self._has(index):
                raise IndexNotFoundError(f"there is no index {index!r}; make it first")
            table = dict(self.aliases())
            before = table.get(alias)
            self._aliases.store(table | {alias: index})
        return before

    def delete_alias(self, alias: str) -> str:
        """Delete an alias, and return the index that it named. Raises AliasNotFoundError."""
        with self._changing():
            table = dict(self.aliases())
            index = table.pop(check_name(alias), None)
            if index is None:
                raise AliasNotFoundError(f"there is no alias {alias!r}")
            self._aliases.store(table)
        return index

    def remove_deleted(self) -> None:
        """Remove the files of indexes whose deletion was cut off."""
        with suppress(OSError):
            for path in self.folder.glob(f"{_DELETED}*"):
                shutil.rmtree(path, ignore_errors=True)

    def _has(self, name: str) -> bool:
        return generation.exists(self.folder / name)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Keep other threads and processes from changing names. Raises IndexBusyError."""
        with self._changes:
            try:
                lock = WriteLock(self.folder)
            except OSError as error:
                raise IndexAccessError(
                    f"the folder of the indexes {self.folder} cannot be written to ({error})"
                ) from error
            try:
                yield
            finally:
                lock.release()

    def _check_letters(self, name: str) -> None:
        """Raise ConflictError for a name that some file systems do not tell from another."""
        for other in (*self.names(), *self.aliases()):
            if other.lower() == name.lower():
                raise ConflictError(f"{name!r} differs from {other!r} only in capitals")

    def _delete(self, directory: Path) -> None:
        gone = self.folder / f"{_DELETED}{secrets.token_hex(8)}"
        try:
            lock = WriteLock(directory)
            try:
                _check_own(directory)
                directory.rename(gone)  # what makes the index disappear at once
                sync_directory(self.folder)
            finally:
                lock.release()
        except OSError as error:
            raise IndexAccessError(
                f"the index at {directory} cannot be deleted ({error}); check its permissions"
            ) from error
        shutil.rmtree(gone, ignore_errors=True)


def _check_own(directory: Path) -> None:
    """Raise ConflictError where a directory has other files than those of an index."""
    known = _OWN_FILES | set(generation.segment_files(directory))
    others = sorted({each.name for each in directory.iterdir()} - known)
    if others or directory.is_symlink():
        what = f"holds {others[0]!r}" if others else "is a link"
        raise ConflictError(
            f"the folder of the index {directory.name!r} {what}, which is no file of an index; remove "
            f"it by hand"
        )


def _check_shape(found: Generation, fields: FieldMap, title_weight: int | None, name: str) -> None:
    """Raise ConflictError where an index has another shape than is asked for."""
    if found.fields != fields:
        raise ConflictError(
            f"there is an index {name!r} with other fields; delete it first, or make another and "
            f"let an alias name that"
        )
    try:
        if title_weight is not None:
            found.check_title_weight(title_weight, Path(name))
    except IndexMismatchError as error:
        raise ConflictError(str(error)) from None
