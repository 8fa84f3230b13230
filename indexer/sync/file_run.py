"""One file of a run: it is as it was, was moved, or is read; then its row and its documents."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path, PurePosixPath

from indexer.document import Document
from indexer.errors import RecordError, SourceError
from indexer.file_table import (
    UNKNOWN_DIGEST,
    FileDocument,
    FileRow,
    FileState,
    file_digest,
)
from indexer.indexing import RecordRun, write_record
from indexer.mapping import ID_LIMIT
from indexer.passages import book_id
from indexer.scalars import clean
from indexer.segment.sorted_arrays import BoolArray
from indexer.sources.discovery import Scan, displayed, scan, with_options
from indexer.sources.reader_process import ReaderProcesses
from indexer.sources.reading import read_records
from indexer.sources.records import BadRecord, Record
from indexer.sources.source_file import SourceFile
from indexer.sync.claims import Claims
from indexer.sync.comparison import Candidate
from indexer.sync.folder_walk import FoundFile, status_of
from indexer.sync.report import SyncEvents, SyncOptions, SyncReport
from indexer.sync.sync_writer import SyncWriter

Written = tuple[FileRow, list[FileDocument]]

_TICK_NS = 50_000_000
"""Within this time of a change another one may not show in the time of a file."""

_COARSE_TICK_NS = 2_000_000_000
"""The same on a file system that keeps whole seconds, or two."""

_MAX_MOVED = 1000
"""A file of more documents, with ids that begin with its name, is read again when it is moved."""

_JOINERS = ("/", "#", "!", ":", "|")
"""What may follow the name of a file in the id of one of its documents."""


class FileRun:
    """Writes the documents of the files of one run.

    `is_intact` says of each row whether the index holds its documents; bool [files]. With `rereads`
    no content is compared. `readers` are open. `on_bad` takes each bad record, and may raise. `moved` are the rows whose
    documents were moved.
    """

    def __init__(
        self,
        writer: SyncWriter,
        claims: Claims,
        options: SyncOptions,
        events: SyncEvents,
        report: SyncReport,
        is_intact: BoolArray,
        on_bad: Callable[[BadRecord], None],
        readers: ReaderProcesses,
        *,
        rereads: bool,
    ) -> None:
        self._writer = writer
        self._table = writer.table
        self._claims = claims
        self._options = options
        self._events = events
        self._report = report
        self._is_intact = is_intact
        self._on_bad = on_bad
        self._readers = readers
        self._rereads = rereads
        self.moved: set[int] = set()

    def write(self, candidate: Candidate) -> Written:
        """Write the documents of a file that is new or may have changed; return its row."""
        found = candidate.found
        now = time.time_ns()
        self._claims.begin(displayed(found.path))
        if candidate.source is not None:
            moved = self._move(candidate.source, found, now)
            if moved is not None:
                self.moved.add(candidate.source)
                return moved
            self._claims.begin(displayed(found.path))
        try:
            digest = candidate.digest or file_digest(found.path)
        except OSError:
            digest = UNKNOWN_DIGEST  # reading it reports why
        if candidate.row is not None and self._has_content(candidate.row, digest):
            return self._keep(candidate.row, found, digest, now)
        return self._read(candidate, digest, now)

    def _has_content(self, row: int, digest: bytes) -> bool:
        """Return whether the documents of a row are those of a content."""
        known = self._table.row(row)
        is_read = known.state in (FileState.READ, FileState.UNSETTLED)
        return (
            is_read and known.digest == digest and bool(self._is_intact[row]) and not self._rereads
        )

    def _keep(self, row: int, found: FoundFile, digest: bytes, now: int) -> Written:
        documents = self._table.documents(row)
        self._claims.keep(documents)
        kept = self._claims.end()
        self._report.unchanged += len(kept)
        if len(kept) < len(documents):  # another file has taken one
            return _row(found, FileState.FAILED, UNKNOWN_DIGEST), kept
        return _row(found, _read_state(found, now), digest), kept

    def _move(self, source: int, found: FoundFile, now: int) -> Written | None:
        """Give the documents of a file the ids of its new name; None where it must be read."""
        known = self._table.row(source)
        prefix = self._options.id_prefix
        old, new = (prefix + clean(os.fsdecode(name)) for name in (known.name, found.name))
        if _kind_part(old) != _kind_part(new):
            return None
        renamed: list[Document] = []
        kept: list[FileDocument] = []
        for document in self._table.documents(source):
            if not document.is_named:
                if document.id == old or document.id.startswith(tuple(old + c for c in _JOINERS)):
                    return None
                kept.append(document)
                continue
            stored = self._renamed(document.id, old, new) if len(renamed) < _MAX_MOVED else None
            if stored is None:
                return None
            renamed.append(replace(stored, origin=displayed(found.path)))
        return self._write_moved(known, found, now, renamed, kept)

    def _renamed(self, document_id: str, old: str, new: str) -> Document | None:
        """Return a stored document under the id of a new name; None where it must be read."""
        if not document_id.startswith(old):
            return None
        stored = self._writer.stored(document_id)
        moved_id = new + document_id[len(old) :]
        path = PurePosixPath(old.removeprefix(self._options.id_prefix))
        if (
            stored is None
            or len(moved_id) > ID_LIMIT
            or stored.title in (str(path), path.name, path.stem)
        ):
            return None
        fields = {**stored.fields}
        if (book_field := self._options.book_field) and fields.get(book_field):
            fields[book_field] = book_id(moved_id)
        return replace(stored, id=moved_id, fields=fields)

    def _write_moved(
        self,
        known: FileRow,
        found: FoundFile,
        now: int,
        renamed: list[Document],
        kept: list[FileDocument],
    ) -> Written | None:
        self._claims.is_named = True
        try:
            for document in renamed:
                self._claims.upsert(document)
        except RecordError:
            return None  # reading it reports why
        self._claims.keep(kept)
        documents = self._claims.end()
        if len(documents) < len(renamed) + len(kept):
            return None
        self._report.moved += len(documents)
        self._report.files_moved += 1
        return _row(found, _read_state(found, now), known.digest), documents

    def _read(self, candidate: Candidate, digest: bytes, now: int) -> Written:
        found, report = candidate.found, self._report
        scanned = self._scan(found)
        if not scanned.files and not scanned.unreadable:
            report.skipped[found.path] = scanned.reasons.get(found.path, "")
            return _row(found, FileState.SKIPPED, digest), []
        bad_before = len(report.bad)
        report.files_read += 1
        skip = report.skipped.__setitem__
        with closing(
            read_records(
                scanned,
                readers=self._readers,
                check_changes=False,  # such a file is left for the next run
                on_skip=lambda origin, reason: skip(Path(origin), reason),
            )
        ) as records:
            for record in records:
                self._take(record)
        state = _read_state(found, now)
        if len(report.bad) > bad_before:
            report.files_failed += 1
            state = FileState.FAILED
        elif status_of(found.path) != found[2:]:
            report.postponed += 1
            state = FileState.FAILED
        if state is FileState.FAILED:
            digest = UNKNOWN_DIGEST
            if candidate.row is not None:
                self._claims.keep(self._table.documents(candidate.row))
        return _row(found, state, digest), self._claims.end()

    def _scan(self, found: FoundFile) -> Scan:
        """Return the file as `scan` sees it, under its name below the folder."""
        try:
            scanned = scan([found.path], format=self._options.format)
        except SourceError as error:
            if status_of(found.path) is None:
                return Scan((), unreadable=(BadRecord(displayed(found.path), str(error)),))
            return Scan((), (found.path,))
        folder = os.fsdecode(found.name)[: -len(found.path.name)]
        scanned = with_options(scanned, self._options.reading)
        return replace(scanned, files=tuple(_below(folder, file) for file in scanned.files))

    def _take(self, record: Record | BadRecord) -> None:
        """Write one record, like `index_records`."""
        report = self._report
        report.bytes_read += record.size
        self._claims.is_named = isinstance(record, Record) and record.is_named
        options, events = self._options, self._events
        run = RecordRun(
            report, options.repair, options.id_prefix, events.on_damage, options.book_field
        )
        bad = write_record(self._claims, record, run)
        if bad is not None:
            self._on_bad(bad)
        if self._events.progress is not None:
            self._events.progress(report)


def _below(folder: str, file: SourceFile) -> SourceFile:
    return replace(file, name=folder + file.name)


def _row(found: FoundFile, state: FileState, digest: bytes) -> FileRow:
    return FileRow(found.name, found.size, found.mtime_ns, found.inode, state, digest)


def _read_state(found: FoundFile, now: int) -> FileState:
    """Return the state of a file that was read from the time `now` on."""
    tick = _TICK_NS if found.mtime_ns % 1_000_000_000 else _COARSE_TICK_NS
    return FileState.UNSETTLED if abs(now - found.mtime_ns) < tick else FileState.READ


def _kind_part(name: str) -> list[str]:
    """Return what of a name may tell the kind of its file."""
    return [suffix.lower() for suffix in PurePosixPath(name).suffixes[-2:]]
