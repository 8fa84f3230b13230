"""Discovery: the files to read at the paths that a user gives, in a fixed order."""

from __future__ import annotations

import errno
import gzip
import os
import re
import stat
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from indexer.errors import SourceError
from indexer.sources.options import DEFAULT_OPTIONS, ReadOptions
from indexer.sources.records import BadRecord
from indexer.sources.text_signatures import name_of_kind


class Kind(StrEnum):
    """The kinds of file that can be read; the values are the names of `--format`."""

    TXT = "txt"
    MD = "md"
    HTML = "html"
    JSONL = "jsonl"
    CSV = "csv"
    TSV = "tsv"
    TREC = "trec"
    EML = "eml"
    MBOX = "mbox"
    SRT = "srt"
    VTT = "vtt"
    MARC = "marc"
    XML = "xml"
    RIS = "ris"
    BIB = "bib"
    JSON = "json"
    OPENITI = "openiti"
    SQLITE = "sqlite"
    PARQUET = "parquet"


SUFFIXES = {
    ".txt": Kind.TXT,
    ".md": Kind.MD,
    ".markdown": Kind.MD,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".xhtml": Kind.HTML,
    ".jsonl": Kind.JSONL,
    ".ndjson": Kind.JSONL,
    ".csv": Kind.CSV,
    ".tsv": Kind.TSV,
    ".trec": Kind.TREC,
    ".sgml": Kind.TREC,
    ".sgm": Kind.TREC,
    ".xml": Kind.XML,
    ".tei": Kind.XML,
    ".nxml": Kind.XML,
    ".rss": Kind.XML,
    ".atom": Kind.XML,
    ".marcxml": Kind.XML,
    ".mrcx": Kind.XML,
    ".eml": Kind.EML,
    ".mbox": Kind.MBOX,
    ".mbx": Kind.MBOX,
    ".srt": Kind.SRT,
    ".vtt": Kind.VTT,
    ".mrc": Kind.MARC,
    ".marc": Kind.MARC,
    ".ris": Kind.RIS,
    ".bib": Kind.BIB,
    ".json": Kind.JSON,
    ".sqlite": Kind.SQLITE,
    ".sqlite3": Kind.SQLITE,
    ".db": Kind.SQLITE,
    ".parquet": Kind.PARQUET,
}
"""The kind of a file by the suffix of its name, without `.gz`. Of the names .xml, .txt and .db, and of
unknown ones, the content decides."""

STDIN = "-"

_TO_READ_IT = "to read it, give it as a path of its own"
_SPECIAL = {
    stat.S_IFIFO: f"a pipe, which would wait for its writer; {_TO_READ_IT}",
    stat.S_IFCHR: f"a device, which may have no end; {_TO_READ_IT}",
    stat.S_IFBLK: f"a device, which is no file of documents; {_TO_READ_IT}",
    stat.S_IFSOCK: "a socket, which cannot be read as a file",
}
"""Why entries of a directory, and what links lead to, are not opened."""

_HEAD_BYTES = 1 << 13
_UNSURE_SUFFIXES = frozenset({".xml", ".txt", ".db"})
_UNKNOWN_XML = (
    "XML of no known kind; to read it, name the kind and its records: --format xml --records "
    "PATH.TO.RECORD, or --records . for one document of all its text"
)
_DOC_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*<doc[\s>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to read.

    `path` is None for standard input. `name` is the path relative to the directory that was given,
    with `/` between its parts, or the name of the file that was given: the id of a file that is one
    document. `origin` is the path as messages show it. `size` is in bytes on disk, None where it is
    not known in advance (a pipe). `options` are those of the run.
    """

    path: Path | None
    name: str
    kind: Kind
    origin: str
    size: int | None
    options: ReadOptions = DEFAULT_OPTIONS


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

    Hidden entries of directories are left out. Files of unknown kind are `skipped`, and so are, for
    `reasons`, pipes, sockets, devices and links to them. A directory that links reach twice is
    walked once. `format` sets the kind of every file whatever its name;
    `.gz` still means compressed.
    Raises SourceError for a path that does not exist, a given file of unknown kind, or an unknown
    format.
    """
    forced = _kind_named(format) if format is not None else None
    found = _Walk(forced)
    for path in paths:
        if path == "":
            raise SourceError("one of the paths is empty; write . for this directory")
        if str(path) == STDIN:
            found.add_stdin(forced or _kind_named(stdin_format))
        else:
            found.add_path(Path(path))
    return Scan(tuple(found.files), tuple(found.skipped), tuple(found.unreadable), found.reasons)


def with_options(found: Scan, options: ReadOptions) -> Scan:
    """Return a scan whose files are read with some options."""
    files = tuple(replace(file, options=options) for file in found.files)
    return replace(found, files=files)


def displayed(path: Path) -> str:
    """Return a path as text that can be printed, whatever bytes its name has."""
    return os.fsencode(path).decode("utf-8", "replace")


def is_compressed(path: Path) -> bool:
    """Return whether a file is compressed, by its name."""
    return path.suffix.lower() == ".gz"


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
        kind = self.forced or _kind_of(path)
        if kind is None and _suffix(path) == ".xml":
            kind = Kind.XML
        if kind is None:
            raise SourceError(
                f"{displayed(path)} is of no kind that can be read; known are "
                f"{', '.join(SUFFIXES)}, each also with .gz. "
                f"Name its kind with --format {'|'.join(Kind)}"
            )
        self._add_file(path, path.name, kind)

    def _add_entry(self, path: Path, name: str) -> None:
        kind = self.forced or _kind_of(path)
        if kind is None and _suffix(path) == ".xml":
            self._skip(path, _UNKNOWN_XML)
        elif kind is None:
            self.skipped.append(path)
        else:
            self._add_file(path, name, kind)

    def _add_file(self, path: Path, name: str, kind: Kind) -> None:
        try:
            status = path.stat()
            size = status.st_size if stat.S_ISREG(status.st_mode) else None
        except OSError:
            size = 0  # reading it reports why
        self.files.append(SourceFile(path, name, kind, displayed(path), size))

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


def _kind_named(name: str) -> Kind:
    try:
        return Kind(name)
    except ValueError:
        raise SourceError(
            f"there is no format {name!r}; known formats are {', '.join(Kind)}"
        ) from None


def kind_of_content(head: bytes, name: str) -> Kind | None:
    """Return the kind of a file by its first bytes, uncompressed, and its name without `.gz`."""
    suffix = Path(name).suffix.lower()
    kind = SUFFIXES.get(suffix)
    if kind is Kind.XML and _DOC_START.match(head):
        return Kind.TREC
    if kind is not None and suffix not in _UNSURE_SUFFIXES:
        return kind
    found = name_of_kind(head, name, sure=kind is not None)
    if found:
        return Kind(found)
    return None if suffix in {".xml", ".db"} else kind


def _kind_of(path: Path) -> Kind | None:
    name = path.with_suffix("") if is_compressed(path) else path
    kind = SUFFIXES.get(name.suffix.lower())
    if kind is not None and name.suffix.lower() not in _UNSURE_SUFFIXES:
        return kind
    try:
        with gzip.open(path) if is_compressed(path) else path.open("rb") as stream:
            return kind_of_content(stream.read(_HEAD_BYTES), name.name)
    except (OSError, EOFError, zlib.error):
        return kind  # reading it reports what is wrong


def _suffix(path: Path) -> str:
    return (path.with_suffix("") if is_compressed(path) else path).suffix.lower()
