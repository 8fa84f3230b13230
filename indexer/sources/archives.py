"""Archives: the files in a ZIP or TAR file, each copied to a temporary file to be read.

What is in an archive has the name `archive.zip/folder/file.txt`. Nothing is ever written under a
name from the archive, so a name that leads out of it does no harm.
"""

from __future__ import annotations

import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from indexer.errors import SourceError
from indexer.sources.bounded_reads import BoundedReads
from indexer.sources.detection import Detected, detect, detect_file
from indexer.sources.kinds import ARCHIVES, Kind
from indexer.sources.limits import MAX_EXPANSION, MAX_MEMBERS, MIN_EXPANDED
from indexer.sources.opening import READ_FAILURES, Input, describe_failure
from indexer.sources.records import BadRecord
from indexer.sources.signatures import HEAD_BYTES
from indexer.sources.source_file import SourceFile
from indexer.temporary_folder import TemporaryFolder

OnSkip = Callable[[str, str], None]
"""Called with the origin and the reason of each member that is not read."""

ARCHIVE_FAILURES = (
    *READ_FAILURES,
    zipfile.BadZipFile,
    tarfile.TarError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
"""The errors that an archive, or a member of it, may raise."""

NO_FILES = "an archive without files"

_COPY_BYTES = 1 << 18
_MEMBERS = "members"  # an attribute that the stubs of tarfile lack
_UTF8_NAME = 1 << 11
_ENCRYPTED = 1


class Allowance:
    """How many bytes an archive, with those in it, may expand to."""

    def __init__(self, stored: int | None) -> None:
        self._left = max(MIN_EXPANDED, MAX_EXPANSION * (stored or 0))

    def spend(self, count: int) -> None:
        """Take bytes from it. Raises SourceError where none are left."""
        self._left -= count
        if self._left < 0:
            raise SourceError(
                f"what is in the archive takes more than {MAX_EXPANSION} times its size; where it "
                f"is sound, unpack it and index the folder"
            )


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive: its copy, and how many bytes of the archive it takes."""

    file: SourceFile
    stored: int


class Unpacker:
    """Copies the members of archives to a folder, where the caller deletes each after reading it.

    `on_skip` is told of members that cannot be read, like pictures. Use it as a context manager,
    which deletes the folder at its end.
    """

    def __init__(self, on_skip: OnSkip) -> None:
        self.on_skip = on_skip
        self._folder: TemporaryFolder | None = None
        self._copies = 0

    def __enter__(self) -> Unpacker:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._folder is not None:
            self._folder.close()

    def members(self, source: Input, allowance: Allowance) -> Iterator[Member | BadRecord]:
        """Yield the files of an archive in their order, and what is wrong with others.

        A damaged archive yields what is before the damage; `on_skip` is told of one without files. Raises SourceError where it expands to
        more than is allowed, or has too many members.
        """
        file = source.file
        seen: dict[str, int] = {}
        is_empty = True
        seekable = None
        try:
            seekable = self.spool(source, allowance)
            with seekable.open("rb") if seekable else nullcontext(source.stream) as stream:
                scale = _scale(file.size, seekable)
                entries = _zip_entries if file.kind is Kind.ZIP else _tar_entries
                for number, entry in enumerate(entries(BoundedReads(stream))):
                    if number >= MAX_MEMBERS:
                        raise SourceError(
                            f"the archive holds more than {MAX_MEMBERS:,} files; unpack it and "
                            f"index the folder"
                        )
                    entry.name = _distinct(_within(entry.name), seen)
                    if _is_hidden(entry.name):
                        continue
                    is_empty = False
                    entry.stored = int(entry.stored * scale)
                    yield from self._member(file, entry, allowance)
            if is_empty:
                self.on_skip(file.origin, NO_FILES)
        except ARCHIVE_FAILURES as error:
            yield BadRecord(file.origin, describe_archive_failure(error, file.kind))
        finally:
            if seekable is not None:
                seekable.unlink(missing_ok=True)

    def spool(self, source: Input, allowance: Allowance | None) -> Path | None:
        """Copy an input that cannot be sought in to a file; None for one that can."""
        if source.is_seekable:
            return None
        path = self._new_path()
        with path.open("wb") as copy:
            _copy(source.stream, copy, allowance)
        return path

    def _new_path(self) -> Path:
        if self._folder is None:
            self._folder = TemporaryFolder()
        self._copies += 1
        return self._folder.path / str(self._copies)

    def _member(
        self, archive: SourceFile, entry: _Entry, allowance: Allowance
    ) -> Iterator[Member | BadRecord]:
        origin = f"{archive.origin}/{entry.name}"
        if entry.reason:
            self.on_skip(origin, entry.reason)
            return
        path = self._new_path()
        try:
            with entry.open() as stream:
                head = stream.read(HEAD_BYTES)
                detected = _detected(head, entry.name)
                if detected is not None and archive.members_kind is None and not detected.kind:
                    self.on_skip(origin, detected.reason)
                    return
                with path.open("wb") as copy:
                    allowance.spend(copy.write(head))
                    _copy(stream, copy, allowance)
        except ARCHIVE_FAILURES as error:
            path.unlink(missing_ok=True)
            yield BadRecord(origin, describe_archive_failure(error, archive.kind), entry.stored)
            return
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        kind, reason = detect_file(path, entry.name)
        if archive.members_kind is not None and kind not in ARCHIVES:
            kind = archive.members_kind
        if kind is None:
            path.unlink()
            self.on_skip(origin, reason)
            return
        name = f"{archive.name}/{entry.name}"
        size = path.stat().st_size
        yield Member(
            SourceFile(
                path,
                name,
                kind,
                origin,
                size,
                members_kind=archive.members_kind,
                options=archive.options,
            ),
            entry.stored,
        )


@dataclass(slots=True)
class _Entry:
    """A member as the archive lists it. `reason` says why it is not opened, where it is not."""

    name: str
    stored: int
    open: Callable[[], IO[bytes]]
    reason: str = ""


def _zip_entries(stream: BinaryIO) -> Iterator[_Entry]:
    with zipfile.ZipFile(stream) as archive:
        for info in archive.infolist():
            if info.is_dir() or info.filename.endswith("\\"):
                continue
            reason = ""
            if stat.S_ISLNK(info.external_attr >> 16):
                reason = "a link"
            elif info.flag_bits & _ENCRYPTED:
                reason = "it is encrypted; unpack the archive with its password"
            yield _Entry(_zip_name(info), info.compress_size, partial(archive.open, info), reason)


def _zip_name(info: zipfile.ZipInfo) -> str:
    """Return the name of a member, which old programs store without saying in which encoding.

    It is read as UTF-8, and else as the code page of Arabic in DOS, which Windows uses for names.
    """
    name = info.filename
    if info.flag_bits & _UTF8_NAME or name.isascii():
        return name
    for encoding in ("utf-8", "cp720"):
        with suppress(UnicodeError):
            return name.encode("cp437").decode(encoding)
    return name


def _tar_entries(stream: BinaryIO) -> Iterator[_Entry]:
    with tarfile.open(fileobj=stream, mode="r:", errors="surrogateescape") as archive:
        while (info := archive.next()) is not None:
            setattr(archive, _MEMBERS, [])  # it would keep every member that was read
            name = info.name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            if info.isdir():
                continue
            reason = "" if info.isreg() else "a link or a device"
            yield _Entry(name, info.size, partial(_extracted, archive, info), reason)
        _check_end(stream, archive.offset)


def _check_end(stream: BinaryIO, end: int) -> None:
    """Raise TarError where an archive goes on after its last header that can be read.

    The library takes a damaged header for the end, and what comes after it would be lost silently.
    """
    stream.seek(end)
    if stream.read(tarfile.BLOCKSIZE).strip(b"\0"):
        raise tarfile.ReadError(f"damaged {end:,} bytes from its start; the rest is lost")


def _extracted(archive: tarfile.TarFile, info: tarfile.TarInfo) -> IO[bytes]:
    stream = archive.extractfile(info)
    if stream is None:
        raise tarfile.TarError("it has no content")
    return stream


def _detected(head: bytes, name: str) -> Detected | None:
    """Return what the beginning of a member tells of its kind, None where it is too short."""
    try:
        return detect(BytesIO(head), name)
    except ARCHIVE_FAILURES:  # the end of a compressed file is missing here
        return None


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)


def _within(name: str) -> str:
    """Return the name of a member with `/` between its parts, and without those that lead out."""
    parts = name.replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", ".", ".."))


def _distinct(name: str, seen: dict[str, int]) -> str:
    """Return a name, for the second of the same name in an archive `name#2.txt`, and so on."""
    seen[name] = number = seen.get(name, 0) + 1
    if number == 1:
        return name
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.stem}#{number}{path.suffix}"))


def _scale(size: int | None, spooled: Path | None) -> float:
    """Return how many bytes of a compressed archive a byte of it takes."""
    if spooled is None or size is None:
        return 1
    return size / max(spooled.stat().st_size, 1)


def _copy(stream: IO[bytes], copy: IO[bytes], allowance: Allowance | None) -> None:
    while data := stream.read(_COPY_BYTES):
        if allowance is not None:
            allowance.spend(len(data))
        copy.write(data)


def describe_archive_failure(error: Exception, kind: Kind) -> str:
    """Return a message for the user: why an archive or a member of it cannot be read."""
    match error:
        case zipfile.BadZipFile() | tarfile.TarError() | ValueError():
            check = "unzip -t" if kind is Kind.ZIP else "tar -t -f"
            return f"not a sound {kind.upper()} file ({error}); check it with: {check}"
        case NotImplementedError() | RuntimeError():
            return f"it is stored in a way that cannot be read ({error}); unpack the archive"
        case _:
            return describe_failure(error)
