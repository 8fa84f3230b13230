"""Discovery: the files to read at the paths that a user gives, in a fixed order."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from indexer.errors import SourceError
from indexer.sources.detection import Detected, detect_file, kind_by_name
from indexer.sources.formats import SUFFIXES
from indexer.sources.kinds import ARCHIVES, Kind, kind_named
from indexer.sources.records import BadRecord
from indexer.sources.source_file import SourceFile

STDIN = "-"

_TO_READ_IT = "to read it, give it as a path of its own"
_SPECIAL = {
    stat.S_IFIFO: f"a pipe, which would wait for its writer; {_TO_READ_IT}",
    stat.S_IFCHR: f"a device, which may have no end; {_TO_READ_IT}",
    stat.S_IFBLK: f"a device, which is no file of documents; {_TO_READ_IT}",
    stat.S_IFSOCK: "a socket, which cannot be read as a file",
}
"""Why entries of a directory, and what links lead to, are not opened."""


@dataclass(frozen=True, slots=True)
class Scan:
    """The files to read, the files that are skipped, and the paths that cannot be read.

    `reasons` says why a file is skipped, of those that are not so for their unknown format.
    """

    files: tuple[SourceFile, ...]
    skipped: tuple[Path, ...] = ()
    unreadable: tuple[BadRecord, ...] = ()
    reasons: Mapping[Path, str] = field(default_factory=dict)

    @property
    def total_bytes(self) -> int | None:
        """The bytes on disk of all files, None where one of them is a pipe or standard input."""
        total = 0
        for file in self.files:
            if file.size is None:
                return None
            total += file.size
        return total


def scan(
    paths: Sequence[Path | str],
    *,
    format: str | None = None,  # noqa: A002 - named like the option
    stdin_format: str = "jsonl",
) -> Scan:
    """Find the files at `paths`: files, directories (walked in sorted order), `-` for stdin.

    The kind of a file is that of its content, and between kinds of text that of its name. Hidden
    entries of directories are left out. Files of unknown kind are `skipped`, and so are, for
    `reasons`, pictures and the like, pipes, sockets, devices and links to them. A directory that
    links reach twice is walked once. `format` sets the kind of every file, and of every file in an
    archive, whatever its name; compressed files are still uncompressed.
    Raises SourceError for a path that does not exist, a given file of unknown kind, or an unknown
    format.
    """
    forced = kind_named(format) if format is not None else None
    found = _Walk(forced)
    for path in paths:
        if path == "":
            raise SourceError("one of the paths is empty; write . for this directory")
        if str(path) == STDIN:
            found.add_stdin(forced or kind_named(stdin_format))
        else:
            found.add_path(Path(path))
    return Scan(tuple(found.files), tuple(found.skipped), tuple(found.unreadable), found.reasons)


def displayed(path: Path) -> str:
    """Return a path as text that can be printed, whatever bytes its name has."""
    return os.fsencode(path).decode("utf-8", "replace")


@dataclass(slots=True)
class _Walk:
    """One walk over the paths of a scan, and what it found so far.

    `forced` is the kind of every file where it was given. `walked` has the device and inode of each
    directory that was entered.
    """

    forced: Kind | None
    files: list[SourceFile] = field(default_factory=list)
    skipped: list[Path] = field(default_factory=list)
    unreadable: list[BadRecord] = field(default_factory=list)
    reasons: dict[Path, str] = field(default_factory=dict)
    walked: set[tuple[int, int]] = field(default_factory=set)

    @property
    def _members_kind(self) -> Kind | None:
        return None if self.forced in ARCHIVES else self.forced

    def add_stdin(self, kind: Kind) -> None:
        if any(file.path is None for file in self.files):
            raise SourceError("'-' is given twice; the standard input can be read only once")
        self.files.append(SourceFile(None, "stdin", kind, "stdin", None))

    def add_path(self, path: Path) -> None:
        try:
            mode = path.stat().st_mode
        except OSError as error:
            raise SourceError(
                f"cannot read {displayed(path)}: {error.strerror or error}; check the path"
            ) from error
        except ValueError:
            raise SourceError(f"{str(path)!r} is not a path; it holds a NUL character") from None
        if stat.S_ISDIR(mode):
            for entry in self._walk(path):
                self._add_entry(entry, entry.relative_to(path).as_posix())
            return
        name = displayed(Path(path.name))
        kind, reason = self._detected(path, name, is_regular=stat.S_ISREG(mode))
        if kind is None:
            raise SourceError(
                f"{displayed(path)} is {reason or 'of no kind that can be read'}; known are "
                f"{', '.join(SUFFIXES)} (.xml when it begins with <DOC>), each also compressed "
                f"(.gz .bz2 .xz .zst). Name its kind with --format {'|'.join(Kind)}"
            )
        self._add_file(path, path.name, kind)

    def _add_entry(self, path: Path, name: str) -> None:
        kind, reason = self._detected(path, name, is_regular=True)
        if kind is not None:
            self._add_file(path, name, kind)
        elif reason:
            self._skip(path, reason)
        else:
            self.skipped.append(path)

    def _detected(self, path: Path, name: str, *, is_regular: bool) -> Detected:
        """Return the kind of a file: the one that was given, except for archives of such files."""
        detected = detect_file(path, name) if is_regular else Detected(kind_by_name(name))
        if self.forced is None or detected.kind in ARCHIVES:
            return detected
        return Detected(self.forced)

    def _add_file(self, path: Path, name: str, kind: Kind) -> None:
        try:
            status = path.stat()
            size = status.st_size if stat.S_ISREG(status.st_mode) else None
        except OSError:
            size = 0  # reading it reports why
        self.files.append(SourceFile(path, name, kind, displayed(path), size, self._members_kind))

    def _walk(self, directory: Path) -> Iterator[Path]:
        """Yield the files below a directory in the order of their names. It does not recurse."""
        stack = [directory]
        while stack:
            path = stack.pop()
            try:
                mode = path.stat().st_mode
                if stat.S_ISDIR(mode):
                    stack += reversed(self._entries(path))
                elif stat.S_ISREG(mode):
                    yield path
                else:
                    self._skip(path, _SPECIAL.get(stat.S_IFMT(mode), "not a regular file"))
            except (FileNotFoundError, NotADirectoryError):
                if path.is_symlink():
                    yield path  # reading it reports that it leads nowhere
            except OSError as error:
                if error.errno == errno.ELOOP:
                    self._skip(path, "a link that leads to itself; remove it")
                    continue
                reason = f"cannot look into it: {error.strerror or error}; check its permissions"
                self.unreadable.append(BadRecord(displayed(path), reason))

    def _skip(self, path: Path, reason: str) -> None:
        self.skipped.append(path)
        self.reasons[path] = reason

    def _entries(self, directory: Path) -> list[Path]:
        status = directory.stat()
        identity = (status.st_dev, status.st_ino)
        if identity in self.walked:
            return []
        self.walked.add(identity)
        return sorted(path for path in directory.iterdir() if not path.name.startswith("."))
