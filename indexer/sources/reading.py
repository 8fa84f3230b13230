"""Reading: the records of every file of a scan, in order, whatever is wrong with some files."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from indexer.sources.archives import (
    ARCHIVE_FAILURES,
    Allowance,
    OnSkip,
    Unpacker,
    describe_archive_failure,
)
from indexer.sources.changed_files import FileStatus, checked_for_changes, file_status
from indexer.sources.discovery import Scan, scan
from indexer.sources.file_reading import read_file
from indexer.sources.formats import format_of
from indexer.sources.kinds import ARCHIVES
from indexer.sources.opening import open_input
from indexer.sources.options import ReadLimits
from indexer.sources.reader_process import FileTask, ReaderProcesses
from indexer.sources.records import BadRecord, Record
from indexer.sources.source_file import SourceFile
from indexer.sources.unpacking import Leaf, unpacked


def read_records(
    source: Scan | Sequence[Path | str],
    *,
    format: str | None = None,  # noqa: A002 - named like the option
    stdin: BinaryIO | None = None,
    stdin_format: str = "jsonl",
    processes: int = 1,
    limits: ReadLimits | None = None,
    readers: ReaderProcesses | None = None,
    on_skip: OnSkip | None = None,
    on_file: Callable[[SourceFile], None] | None = None,
    check_changes: bool = True,
) -> Generator[Record | BadRecord, None, None]:
    """Yield the records of the files of a scan, or of the files at paths, in order.

    An entry or a whole file that cannot be read is a BadRecord; reading goes on after it.
    The sizes sum to `Scan.total_bytes`. `format` and `stdin_format` are for paths, as in `scan`.
    Files of binary formats and large pages are read in `processes` processes, each file within
    `limits`, or in `readers` that are open already and stay so. `on_skip` is called with the origin and the reason of each file within an archive that
    is of no kind that can be read, `on_file` with each file of which everything was read.
    With `check_changes` a file of one record that changes while it is read is read once more; what
    changes again, or has several records, is followed by a BadRecord.
    Raises SourceError like `scan`.
    """
    if not isinstance(source, Scan):
        source = scan(source, format=format, stdin_format=stdin_format)
    unpacker = Unpacker(on_skip or _ignore)
    opened = nullcontext(readers) if readers else ReaderProcesses(processes, limits or ReadLimits())
    items = _items(source, stdin, unpacker, opened, on_file, check_changes=check_changes)
    return _with_exact_sizes(source.unreadable, items)


def files_to_read(
    found: Scan, stdin: BinaryIO | None = None, on_skip: OnSkip | None = None
) -> Iterator[SourceFile | BadRecord]:
    """Yield the files of a scan, and those in its archives, which are unpacked for it, unread.

    A file within an archive is deleted when the next one is asked for.
    """
    with Unpacker(on_skip or _ignore) as unpacker:
        for step in _steps(found, stdin, unpacker):
            if isinstance(step, BadRecord):
                yield step
            elif isinstance(step, Leaf):
                yield step.file
                step.delete()


def total_bytes(paths: Sequence[Path | str]) -> int | None:
    """Return the bytes on disk of the files at `paths`, None where one of them is a pipe."""
    return scan(paths).total_bytes


@dataclass(frozen=True, slots=True)
class _End:
    """The end of a file of the scan, of which everything was read."""

    size: int | None


_Step = Leaf | BadRecord | _End


def _with_exact_sizes(
    unreadable: Sequence[BadRecord], items: Generator[Record | BadRecord | _End, None, None]
) -> Generator[Record | BadRecord, None, None]:
    """Yield all records, so that their sizes sum to the bytes of the files.

    The last record of a file also counts the bytes that belong to no record, so each record is
    held back until the next one is read. The bytes of a file without records are counted by the
    record before it, of another file.
    """
    yield from unreadable
    last: Record | BadRecord | None = None
    counted = uncounted = 0
    with closing(items):  # where the caller stops early, the processes end at once
        for item in items:
            if isinstance(item, _End):
                if item.size is not None:
                    uncounted += max(item.size - counted, 0)
                counted = 0
                if last is not None and uncounted:
                    last = replace(last, size=last.size + uncounted)
                    uncounted = 0
                continue
            if last is not None:
                yield last
            last = item
            counted += item.size
        if last is not None:
            yield last


def _items(
    found: Scan,
    stdin: BinaryIO | None,
    unpacker: Unpacker,
    opened: AbstractContextManager[ReaderProcesses],
    on_file: Callable[[SourceFile], None] | None,
    *,
    check_changes: bool,
) -> Generator[Record | BadRecord | _End, None, None]:
    """Yield the records of each file, while reader processes read the next ones already."""
    ahead: deque[tuple[_Step, FileTask | None, FileStatus | None]] = deque()
    with unpacker, opened as readers:

        def finish() -> Iterator[Record | BadRecord | _End]:
            step, task, before = ahead.popleft()
            if not isinstance(step, Leaf):
                yield step
                return
            items = (
                task.records()
                if task is not None
                else read_file(step.file, stdin, limits=readers.limits)
            )
            if before is not None:
                items = _checked(step.file, items, before, readers)
            yield from _finish(step, items, on_file)

        for step in _steps(found, stdin, unpacker):
            task = before = None
            if isinstance(step, Leaf):
                if check_changes and step.copy is None:
                    before = file_status(step.file)
                task = readers.submit(step.file) if _is_guarded(step.file) else None
            ahead.append((step, task, before))
            while len(ahead) > 4 * readers.count or (ahead and ahead[0][1] is None):
                yield from finish()
        while ahead:
            yield from finish()


def _checked(
    file: SourceFile,
    items: Iterator[Record | BadRecord],
    before: FileStatus,
    readers: ReaderProcesses,
) -> Iterator[Record | BadRecord]:
    """Yield the records of a file, and read it once more where it has changed meanwhile."""

    def read_again() -> Iterator[Record | BadRecord]:
        return (
            readers.read_alone(file)
            if _is_guarded(file)
            else read_file(file, limits=readers.limits)
        )

    return checked_for_changes(file, items, before, read_again)


def _finish(
    step: Leaf,
    items: Iterator[Record | BadRecord],
    on_file: Callable[[SourceFile], None] | None,
) -> Iterator[Record | BadRecord]:
    """Yield the records of one file, when the reader process that reads it has them."""
    try:
        if step.stored is None:
            yield from items
        else:
            size = step.stored
            for item in items:
                yield replace(item, size=size)
                size = 0
    finally:
        step.delete()
    if on_file is not None:
        on_file(step.file)


def _is_guarded(file: SourceFile) -> bool:
    return file.size is not None and file.size >= format_of(file.kind).guarded_from


def _steps(found: Scan, stdin: BinaryIO | None, unpacker: Unpacker) -> Iterator[_Step]:
    for file in found.files:
        if file.kind in ARCHIVES:
            yield from unpacked(file, stdin, unpacker, Allowance(file.size))
        elif file.size is None and format_of(file.kind).guarded_from == 0:
            yield from _spooled(file, stdin, unpacker)
        else:
            yield Leaf(file)
        yield _End(file.size)


def _spooled(file: SourceFile, stdin: BinaryIO | None, unpacker: Unpacker) -> Iterator[_Step]:
    """Yield a file that comes through a pipe as a copy, which a reader process can open."""
    try:
        with open_input(file, stdin) as source:
            copy = unpacker.spool(source, None)
    except ARCHIVE_FAILURES as error:
        yield BadRecord(file.origin, describe_archive_failure(error, file.kind))
        return
    if copy is not None:
        size = copy.stat().st_size
        yield Leaf(replace(file, path=copy, size=size), None, copy)


def _ignore(origin: str, reason: str) -> None:
    """Do nothing about a file that is skipped."""
