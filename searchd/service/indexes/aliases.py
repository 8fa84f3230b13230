"""Aliases: other names of indexes, which a service and its clients use in place of theirs.

They are stored in one JSON file of the folder of the indexes. Each change replaces the file, so that
every process sees either the old aliases or the new ones.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from indexer.durable_directories import sync_directory
from indexer.errors import IndexAccessError, IndexDamagedError
from searchd.service.indexes.names import is_name

ALIAS_FILE = "aliases.json"
_MAX_BYTES = 1 << 24

Stamp = tuple[int, int, int]


class AliasTable:
    """The index of each alias of a folder. Threads and processes may share it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / ALIAS_FILE
        self._lock = threading.Lock()
        self._stamp: Stamp | None = None
        self._read: Mapping[str, str] = {}

    def read(self) -> Mapping[str, str]:
        """Return the name of the index of each alias, as it is stored now.

        Raises IndexAccessError, and IndexDamagedError for a file that holds something else.
        """
        with self._lock:
            stamp = self._current_stamp()
            if stamp != self._stamp:
                self._read = self._load() if stamp is not None else {}
                self._stamp = stamp
            return self._read

    def store(self, table: Mapping[str, str]) -> None:
        """Replace the table, durably and at once. One thread of one process may do so at a time.

        Raises IndexAccessError.
        """
        try:
            self._replace(table)
        except OSError as error:
            raise IndexAccessError(
                f"{self._path} cannot be written ({error}); make sure that its folder may be written "
                f"to and the disk has room"
            ) from error

    def _current_stamp(self) -> Stamp | None:
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._access_error(error) from error
        return status.st_ino, status.st_mtime_ns, status.st_size

    def _load(self) -> dict[str, str]:
        try:
            with self._path.open("rb") as file:
                data = file.read(_MAX_BYTES)
        except OSError as error:
            raise self._access_error(error) from error
        try:
            values = json.loads(data)
            aliases = {str(name): str(index) for name, index in values["aliases"].items()}
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise IndexDamagedError(
                f"{self._path} is not what searchd writes ({type(error).__name__}: {error}); put it "
                f"back from a copy, or delete it and set the aliases again"
            ) from error
        return {name: index for name, index in aliases.items() if is_name(name) and is_name(index)}

    def _replace(self, table: Mapping[str, str]) -> None:
        data = json.dumps({"aliases": dict(sorted(table.items()))}, indent=1).encode()
        draft = self._folder / f".{ALIAS_FILE}.new"
        draft.unlink(missing_ok=True)  # a link in its place is not followed
        try:
            with draft.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileNotFoundError):  # a stamp never repeats, whatever the clock does
                before, now = self._path.stat().st_mtime_ns, draft.stat().st_mtime_ns
                if now <= before:
                    os.utime(draft, ns=(before + 1, before + 1))
            draft.replace(self._path)
            sync_directory(self._folder)
        finally:
            draft.unlink(missing_ok=True)

    def _access_error(self, error: OSError) -> IndexAccessError:
        return IndexAccessError(f"{self._path} cannot be read ({error}); check its permissions")
