"""Changed files: a file that is written while it is read must not be indexed half old, half new."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import NamedTuple

from indexer.sources.records import BadRecord, Record
from indexer.sources.source_file import SourceFile

CHANGED_REASON = (
    "the file changed while it was read, so that what was read may be half old, half new; index it "
    "again when nothing writes to it"
)


class FileStatus(NamedTuple):
    """What tells a change of a file: its inode, size in bytes, and time of change in ns."""

    inode: int
    size: int
    mtime_ns: int

    def is_rewritten(self, now: FileStatus | None) -> bool:
        """Return whether the file itself is another one now.

        One that is gone, or in whose place another one was put, was read as it was.
        """
        return now is not None and now.inode == self.inode and now != self

    def is_extended(self, now: FileStatus | None) -> bool:
        """Return whether the file may only have become longer, like a log."""
        return now is not None and now.inode == self.inode and now.size > self.size


def file_status(file: SourceFile) -> FileStatus | None:
    """Return the status of a file as it is now, None for one that is none or not there."""
    if file.path is None or file.size is None:
        return None
    try:
        status = file.path.stat()
    except OSError:
        return None
    return FileStatus(status.st_ino, status.st_size, status.st_mtime_ns)


def checked_for_changes(
    file: SourceFile,
    items: Iterator[Record | BadRecord],
    before: FileStatus,
    read_again: Callable[[], Iterator[Record | BadRecord]],
) -> Iterator[Record | BadRecord]:
    """Yield the records of a file, and what is wrong where it has changed since `before`.

    A file of one record is read again, once. Records of a file of many are taken from it one after
    the other, so that one which has only become longer is no error.
    """
    first = list(_first_two(items))
    if len(first) > 1:
        yield from chain(first, items)
        now = file_status(file)
        if before.is_rewritten(now) and not before.is_extended(now):
            yield BadRecord(file.origin, CHANGED_REASON)
        return
    if before.is_rewritten(now := file_status(file)):
        first = list(read_again())
        if now is not None and now.is_rewritten(file_status(file)):
            first = [BadRecord(file.origin, CHANGED_REASON, sum(item.size for item in first))]
    yield from first


def _first_two(items: Iterator[Record | BadRecord]) -> Iterator[Record | BadRecord]:
    for _, item in zip(range(2), items, strict=False):
        yield item
