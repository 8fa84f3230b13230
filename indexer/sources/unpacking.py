"""Unpacking: the files of an archive with those of the archives in it, each as a copy to read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from indexer.errors import SourceError
from indexer.sources.archives import (
    ARCHIVE_FAILURES,
    Allowance,
    Unpacker,
    describe_archive_failure,
)
from indexer.sources.kinds import ARCHIVES
from indexer.sources.limits import MAX_NESTING
from indexer.sources.opening import open_input
from indexer.sources.records import BadRecord
from indexer.sources.source_file import SourceFile


@dataclass(frozen=True, slots=True)
class Leaf:
    """A file to read that is no archive.

    `stored` is how many bytes of its archive it takes, None for a file of its own. `copy` is a
    temporary file that is deleted when it was read.
    """

    file: SourceFile
    stored: int | None = None
    copy: Path | None = None

    def delete(self) -> None:
        """Delete the temporary file, if it is one."""
        if self.copy is not None:
            self.copy.unlink(missing_ok=True)


def unpacked(
    file: SourceFile,
    stdin: BinaryIO | None,
    unpacker: Unpacker,
    allowance: Allowance,
    depth: int = 1,
) -> Iterator[Leaf | BadRecord]:
    """Yield the files of an archive, and of those in it; the caller deletes each after reading it."""
    if depth > MAX_NESTING:
        yield BadRecord(
            file.origin,
            f"it is the archive number {depth} within others; unpack them and index the folder",
        )
        return
    left = (file.size or 0) if depth == 1 else 0
    try:
        with open_input(file, stdin) as source:
            for member in unpacker.members(source, allowance):
                if isinstance(member, BadRecord):
                    left -= (size := min(member.size, left))
                    yield replace(member, size=size)
                    continue
                left -= (size := min(member.stored, left))
                leaf = Leaf(member.file, size, member.file.path)
                if member.file.kind not in ARCHIVES:
                    yield leaf
                    continue
                try:
                    yield from unpacked(member.file, None, unpacker, allowance, depth + 1)
                finally:
                    leaf.delete()
    except SourceError as error:
        yield BadRecord(file.origin, str(error))
    except ARCHIVE_FAILURES as error:
        yield BadRecord(file.origin, describe_archive_failure(error, file.kind))
