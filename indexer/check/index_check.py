"""Verification of an index: every file is read back and checked.

A search checks the checksum of a page when it reads it. Verification reads every page, and also
checks that the content of the files is consistent. So it finds damage before a search does: after
a crash of the machine, on a disk in doubt, before a backup.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from indexer import generation as generations
from indexer.check.file_table_check import check_file_table
from indexer.check.segment_check import check_segment
from indexer.damage import damaged, regular_file_size, reporting_damage
from indexer.errors import IndexAccessError, IndexDamagedError
from indexer.file_table import FileTable
from indexer.generation import Generation, SegmentEntry
from indexer.segment.array_file import ArrayFile
from indexer.segment.document_store import DocumentStore
from indexer.segment.layout import check_layout
from indexer.segment.segment import Segment

Progress = Callable[[int, int], None]

_Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Verified:
    """What was verified: live documents, segments, and the bytes of all their files.

    `files` is the number of files in the table of files, 0 where no folder is kept in step.
    """

    documents: int
    segments: int
    bytes: int
    files: int = 0


@dataclass(frozen=True, slots=True)
class _OpenFile:
    """A file of an index: mapped into memory, and opened for reading from its start."""

    array_file: ArrayFile
    stream: BinaryIO


@dataclass(frozen=True, slots=True)
class _SegmentFiles:
    """The files of one segment; `deletions` is None where no document is deleted."""

    entry: SegmentEntry
    arrays: _OpenFile
    deletions: _OpenFile | None

    @property
    def all(self) -> tuple[_OpenFile, ...]:
        return (self.arrays, self.deletions) if self.deletions else (self.arrays,)


def verify_index(
    directory: Path, progress: Progress | None = None, *, content: bytes | None = None
) -> Verified:
    """Check every file of the current generation, and that the files are consistent.

    With `content`, of a generation that is not current yet, the files of that one are checked.
    `progress` is called with the bytes checked so far and with the bytes of all checks. A writer
    may be at work; a generation that it commits meanwhile is not checked.
    Raises IndexDamagedError, which names the file, and what `generation.read` raises.
    """
    with ExitStack() as files:
        generation, segments, table = _open_files(directory, files, content)
        counter = _ProgressCounter(segments, progress)
        file_count = _check_table(table) if table is not None else 0
        for segment in segments:
            for file in segment.all:
                file.array_file.verify(file.stream, counter.add)
        live = []
        for segment in segments:
            check_layout(segment.arrays.array_file, segment.entry.documents)
            with reporting_damage(segment.all[-1].array_file.path):
                live.append(_live_documents(segment))
        for segment in segments:
            array_file = segment.arrays.array_file
            with reporting_damage(array_file.path):
                check_segment(array_file, generation, counter.add)
            counter.finish(segment)
        with reporting_damage(directory):
            _check_ids_are_unique(segments, live)
        return Verified(
            documents=sum(int(found.sum()) for found in live),
            segments=len(segments),
            bytes=sum(file.array_file.size for segment in segments for file in segment.all),
            files=file_count,
        )


def find_damage(generation: Generation, segments: Sequence[Segment]) -> IndexDamagedError | None:
    """Return what is damaged in segments that are open, None for nothing."""
    for segment in segments:
        array_file = segment.array_file
        try:
            with reporting_damage(array_file.path):
                check_segment(array_file, generation, lambda _bytes: None)
        except IndexDamagedError as error:
            return error
    return None


class _ProgressCounter:
    """Counts the bytes that were checked: each of them twice, for its checksum and its content."""

    def __init__(self, segments: Sequence[_SegmentFiles], progress: Progress | None) -> None:
        self._progress = progress
        self._done = 0
        self._total = 2 * sum(file.array_file.size for found in segments for file in found.all)
        self._finished = self._total // 2

    def add(self, size: int) -> None:
        self._done += size
        if self._progress is not None:
            self._progress(self._done, self._total)

    def finish(self, segment: _SegmentFiles) -> None:
        """Count the bytes of a segment whose check did not report them."""
        self._finished += sum(file.array_file.size for file in segment.all)
        self.add(self._finished - self._done)


def _check_table(table: _OpenFile) -> int:
    """Check a table of files; return the number of its files."""
    table.array_file.verify(table.stream)
    with reporting_damage(table.array_file.path):
        found = FileTable(table.array_file)
        check_file_table(table.array_file, found)
    return found.file_count


def _open_files(
    directory: Path, files: ExitStack, content: bytes | None
) -> tuple[Generation, list[_SegmentFiles], _OpenFile | None]:
    """Open every file of the current generation; begin again where a writer has removed one."""
    while True:
        stamp = None if content is not None else generations.commit_stamp(directory)
        generation = (
            generations.read(directory)
            if content is None
            else generations.parse(directory, content)
        )
        try:
            segments = [
                _SegmentFiles(
                    entry,
                    _open_file(directory / entry.name, files),
                    _open_file(directory / entry.deletions, files) if entry.deletions else None,
                )
                for entry in generation.segments
            ]
            name = generation.files
            return generation, segments, _open_file(directory / name, files) if name else None
        except FileNotFoundError as error:
            if stamp is None or generations.commit_stamp(directory) == stamp:
                raise generations.missing_file_error(directory, error) from error
            files.close()


def _open_file(path: Path, files: ExitStack) -> _OpenFile:
    try:
        regular_file_size(path)
        file = files.enter_context(path.open("rb"))
    except FileNotFoundError:
        raise
    except OSError as error:
        raise IndexAccessError(f"{path} cannot be read ({error})") from error
    return _OpenFile(ArrayFile(path), file)


def _live_documents(segment: _SegmentFiles) -> npt.NDArray[np.bool_]:
    """Check the list of deleted documents; return which ones are live, bool [documents]."""
    entry = segment.entry
    path = segment.arrays.array_file.path
    live = np.ones(entry.documents, np.bool_)
    if segment.deletions is not None:
        array_file = segment.deletions.array_file
        deleted = array_file.array("documents").all()
        if array_file.dtype("documents") != "<u4":
            raise damaged(array_file.path, "documents: of another type")
        deleted = deleted.astype(np.int64)
        if int(deleted.max(initial=-1)) >= entry.documents or np.any(deleted[1:] <= deleted[:-1]):
            raise damaged(array_file.path, f"it lists documents that {entry.name} does not have")
        live[deleted] = False
    if int((~live).sum()) != entry.deleted:
        raise damaged(
            path, f"{int((~live).sum())} of its documents are deleted, not {entry.deleted}"
        )
    return live


def _check_ids_are_unique(
    segments: Sequence[_SegmentFiles], live: Sequence[npt.NDArray[np.bool_]]
) -> None:
    """Check that no two live documents have the same id."""
    hashes = [_id_hashes(found)[mask] for found, mask in zip(segments, live, strict=True)]
    every = np.sort(np.concatenate(hashes)) if hashes else np.empty(0, np.uint64)
    repeated = every[1:][every[1:] == every[:-1]]
    if not repeated.size:
        return
    seen = set[bytes]()
    for segment, mask in zip(segments, live, strict=True):
        documents = DocumentStore(segment.arrays.array_file)
        for number in np.flatnonzero(mask & np.isin(_id_hashes(segment), repeated)).tolist():
            document_id = documents.id(number)
            if document_id in seen:  # otherwise two ids happen to have one hash
                raise damaged(
                    segment.arrays.array_file.path, f"{document_id.decode()!r} is there twice"
                )
            seen.add(document_id)


def _id_hashes(segment: _SegmentFiles) -> _Hashes:
    """Return the hash of the id of each document; uint64 [documents]."""
    array_file = segment.arrays.array_file
    hashes = np.empty(segment.entry.documents, np.uint64)
    hashes[array_file.array("ids.documents").all()] = array_file.array("ids.hashes").all()
    return hashes
