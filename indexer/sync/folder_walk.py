"""The walk over a folder: every file in it with what the system says of it, none of them opened."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from indexer.sources.discovery import displayed
from indexer.sources.records import BadRecord

_INODES = (1 << 64) - 1
"""Windows may have larger numbers of files, of which the lower half is kept."""


class FoundFile(NamedTuple):
    """A file in a folder: its name below it with `/`, as bytes, and what the system says of it.

    `mtime_ns` is -1 where the system says nothing, as of a link that leads nowhere.
    """

    name: bytes
    path: Path
    size: int
    mtime_ns: int
    inode: int


@dataclass(slots=True)
class FolderWalk:
    """One walk over a folder. What was left out is known when `files` has ended.

    `excluded` is the directory of the index, which may be in the folder. `skipped` are entries that
    are no files, with the reason; `unreadable` the directories that cannot be looked into, by their
    names below the folder, with the bad record of each.
    """

    root: Path
    excluded: Path
    skipped: dict[Path, str] = field(default_factory=dict)
    unreadable: dict[bytes, BadRecord] = field(default_factory=dict)
    _walked: set[tuple[int, int]] = field(default_factory=set)

    def files(self) -> Iterator[FoundFile]:
        """Yield the files in the order of `file_table.order_key`.

        Hidden entries are left out. A directory that links reach twice is walked once.
        Raises OSError where the folder itself cannot be looked into; one that is not there is empty.
        """
        if not self.root.is_dir():
            return
        excluded = _identity(self.excluded)
        if excluded is not None:
            self._walked.add(excluded)
        status = self.root.stat()
        self._walked.add((status.st_dev, status.st_ino))
        stack = self._entries(self.root, b"")
        while stack:
            path, name = stack.pop()
            try:
                status = path.stat()
            except FileNotFoundError:
                if path.is_symlink():
                    yield FoundFile(name, path, 0, -1, 0)  # reading it reports that
                continue
            except OSError as error:
                self._note(path, name, error)
                continue
            if stat.S_ISREG(status.st_mode):
                yield FoundFile(name, path, *_facts(status))
            elif not stat.S_ISDIR(status.st_mode):
                self.skipped[path] = "not a regular file"
            elif (status.st_dev, status.st_ino) not in self._walked:
                self._walked.add((status.st_dev, status.st_ino))
                try:
                    stack += self._entries(path, name + b"/")
                except FileNotFoundError:
                    continue
                except OSError as error:
                    self._note(path, name, error)

    def _entries(self, directory: Path, prefix: bytes) -> list[tuple[Path, bytes]]:
        """Return the entries of a directory, the last one first."""
        paths = [path for path in directory.iterdir() if not path.name.startswith(".")]
        names = sorted(((os.fsencode(path.name), path) for path in paths), reverse=True)
        return [(path, prefix + name) for name, path in names]

    def _note(self, path: Path, name: bytes, error: OSError) -> None:
        reason = f"cannot look into it: {error.strerror or error}; check its permissions"
        self.unreadable[name] = BadRecord(displayed(path), reason)

    def is_hidden_by_failure(self, name: bytes) -> bool:
        """Return whether a file may be in a directory that could not be looked into."""
        return any(
            name == directory or name.startswith(directory + b"/") for directory in self.unreadable
        )


def status_of(path: Path) -> tuple[int, int, int] | None:
    """Return size, time in ns and inode of a file, as FoundFile has them; None for no file."""
    try:
        return _facts(path.stat())
    except OSError:
        return None


def _facts(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_size, status.st_mtime_ns, status.st_ino & _INODES


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
