"""Writing an index: documents in by id, out by id, and one atomic commit at the end.

Until `commit` returns, readers see the index as it was; a writer that is cancelled, fails or dies
leaves it so. New segments are written beside the old ones and become current together, when
`searchd.json` names them.
"""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from analyzers import Analyzer
from indexer import generation as generations
from indexer.batch import Batch, BatchFactory, InProcessBatches, WorkerBatches
from indexer.document import Document
from indexer.errors import (
    IndexAccessError,
    IndexerError,
    IndexMismatchError,
    RecordError,
)
from indexer.fields import DEFAULT_TITLE_WEIGHT, FieldMap, FieldType, check_title_weight
from indexer.file_cleanup import remove_leftovers
from indexer.generation import Generation, SegmentEntry
from indexer.segment.array_file import ArrayFileWriter
from indexer.segment.segment import DELETIONS_SUFFIX, SEGMENT_SUFFIX, Segment
from indexer.segment.sorted_arrays import BoolArray
from indexer.segment.write.merge_policy import plan_merges
from indexer.segment.write.merger import Source, merge_segments
from indexer.write_lock import acquire_write_lock

DEFAULT_MEMORY_MB = 400
"""Memory for the words of documents before they are written as a segment, in MB (about)."""

BYTES_FOR_A_WORD = 30
"""What a running word takes while a batch is inverted, at the most; measured."""


@dataclass(frozen=True, slots=True)
class PendingSegment:
    """A segment of the generation to be, and documents to delete beside those deleted before."""

    segment: Segment
    deleted: set[int]

    def live(self) -> BoolArray:
        """Return which documents stay; bool [documents]."""
        live = self.segment.live.copy()
        live[list(self.deleted)] = False
        return live


@dataclass(frozen=True, slots=True)
class LiveDocument:
    """Where a live document is: its number, and the set that it joins when it is deleted."""

    number: int
    deleted: set[int]
    content_hash: bytes


WAS_COMMITTED = "the changes were committed"


class IndexWriter:
    """Adds, replaces and deletes documents of the index in one directory.

        with IndexWriter(Path("index")) as writer:
            writer.upsert(Document("1", "نص"))
            writer.commit()

    Leaving the block without `commit` changes nothing. With several `processes` this one only
    reads, and the others analyse and write.

    `fields` and `title_weight` shape a new index: its extra fields, and how many times a word of
    the title counts, an integer of 1 or more (3 where none is given). An existing index keeps its
    own; others than these are refused. With `rebuild` the index is written anew: without `fields`
    with the same ones, and with the title weight that is given, or else 3.

    Raises IndexBusyError where another writer is at work, IndexMismatchError for an index of
    another analysis, format, set of fields or title weight, and IndexAccessError where files
    cannot be written.
    """

    def __init__(
        self,
        directory: Path | str,
        fields: FieldMap | None = None,
        *,
        analyzer: Analyzer | None = None,
        title_weight: int | None = None,
        rebuild: bool = False,
        memory_mb: int = DEFAULT_MEMORY_MB,
        processes: int = 1,
    ) -> None:
        if processes < 1:
            raise ValueError(f"{processes} processes cannot write an index; use 1 or more")
        if title_weight is not None:
            check_title_weight(title_weight)
        directory = self._directory = Path(directory)
        self._analyzer = analyzer or Analyzer()
        self._words_at_once = memory_mb * 1_000_000 // BYTES_FOR_A_WORD // processes
        with _accessing(directory):
            if not directory.is_dir():
                directory.mkdir(parents=True, exist_ok=True)
                generations.sync_directory(directory.parent)
            self._lock = acquire_write_lock(directory)
        self._open = True
        self._changes = 0
        self._resources = ExitStack()
        self._waiting: deque[tuple[str, Batch]] = deque()
        try:
            with _accessing(directory):
                self._old, self._generation = self._prepare(fields, title_weight, rebuild=rebuild)
            self._segments = [PendingSegment(found, set()) for found in self._open_segments()]
            self._old_count = len(self._segments)
            with _accessing(directory):
                self._batches = self._new_batches(processes)
                self._batch = self._batches.new()
        except BaseException:
            self._release()
            raise

    def _prepare(
        self, fields: FieldMap | None, title_weight: int | None, *, rebuild: bool
    ) -> tuple[Generation | None, Generation]:
        """Return the generation that is there, None where there is none, and the one to add to."""
        old = _readable_generation(self._directory) if rebuild else None
        if generations.exists(self._directory) and not rebuild:
            old = generations.read(self._directory)
            old.check_analysis(self._analyzer.fingerprint, self._directory)
            _check_fields(old, fields, self._directory)
            if title_weight is not None:
                old.check_title_weight(title_weight, self._directory)
            return old, replace(old, fields=fields) if fields else old
        empty = Generation(
            number=old.number if old else 0,
            analysis=self._analyzer.fingerprint,
            fields=fields or (old.fields if old else FieldMap()),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            title_weight=title_weight or DEFAULT_TITLE_WEIGHT,
        )
        return None, empty

    def _open_segments(self) -> list[Segment]:
        try:
            with _accessing(self._directory):
                return [
                    Segment(self._directory, entry, title_weight=self._generation.title_weight)
                    for entry in self._generation.segments
                ]
        except IndexAccessError as error:
            if isinstance(error.__cause__, FileNotFoundError):
                raise generations.missing_file_error(self._directory, error.__cause__) from error
            raise

    @property
    def fields(self) -> FieldMap:
        """The fields of the index, and the columns they are read from."""
        return self._generation.fields

    @property
    def changes(self) -> int:
        """How many documents were added, replaced or deleted so far."""
        return self._changes

    def upsert(self, document: Document) -> str:
        """Write a document, in place of the one with its id; say `added`, `replaced`, `unchanged`.

        A document whose content is what the index holds already is not written. Raises
        RecordError for a document that cannot be stored; the writer can go on after it.
        """
        self._check_open()
        digest = document.content_hash()
        key = document.id.encode()
        place = self._find(key)
        if place is not None and place.content_hash == digest:
            return "unchanged"
        batch = self._batch
        try:
            with _accessing(self._directory):
                batch.add(document, digest)
        except RecordError:
            raise
        except BaseException:
            self.cancel()  # the batch may hold half of the document
            raise
        if place is not None:
            place.deleted.add(place.number)
        self._changes += 1
        if batch.words >= self._words_at_once:
            self._flush()
        return "added" if place is None else "replaced"

    def delete(self, document_id: str) -> bool:
        """Delete the document with this id; tell whether there was one."""
        self._check_open()
        key = document_id.encode("utf-8", "surrogatepass")
        place = self._find(key)
        if place is None:
            return False
        place.deleted.add(place.number)
        self._changes += 1
        return True

    def commit(self, *, optimize: bool = False) -> None:
        """Make every change of this writer visible at once, and close it.

        With `optimize` all segments become one, without the documents that were deleted.
        A KeyboardInterrupt that comes when this has happened carries the note WAS_COMMITTED.
        """
        self._check_open()
        before = generations.commit_stamp_or_none(self._directory)
        try:
            if self._changes or self._old is None or optimize:
                self._flush()
                while self._waiting:
                    self._collect()
                with _accessing(self._directory):
                    entries = self._merged(optimize=optimize)
                    generations.write(self._directory, self._generation.next(tuple(entries)))
            elif self._generation != self._old:
                with _accessing(self._directory):
                    generations.write(self._directory, self._generation)
        except KeyboardInterrupt as interruption:
            if generations.commit_stamp_or_none(self._directory) != before:
                interruption.add_note(WAS_COMMITTED)
            raise
        finally:
            self._release()

    def cancel(self) -> None:
        """Drop every change of this writer and close it. Closing it twice does nothing."""
        if self._open:
            self._release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.cancel()

    def _check_open(self) -> None:
        if not self._open:
            raise ValueError("this writer is closed; make another")

    def _release(self) -> None:
        """Let go of the lock and of every file that the current generation does not need."""
        self._open = False
        try:
            with suppress(OSError):  # what a full disk did not take of a temporary file
                self._resources.close()
            self._segments = []
            remove_leftovers(self._directory)
        finally:
            self._lock.release()

    def _find(self, key: bytes) -> LiveDocument | None:
        """Return where the live document with an id is."""
        for batch in (self._batch, *(batch for _name, batch in self._waiting)):
            number = batch.numbers.get(key)
            if number is not None and number not in batch.deleted:
                return LiveDocument(number, batch.deleted, batch.content_hashes[number])
        for written in self._segments:
            for number in written.segment.find_live(key):
                if number not in written.deleted:
                    content_hash = written.segment.documents.content_hash(number)
                    return LiveDocument(number, written.deleted, content_hash)
        return None

    def _new_batches(self, processes: int) -> BatchFactory:
        extra, title_weight = self.fields.extra, self._generation.title_weight
        batches: BatchFactory = (
            InProcessBatches(self._analyzer, extra, title_weight)
            if processes == 1
            else WorkerBatches(self._analyzer, extra, title_weight, processes)
        )
        self._resources.callback(batches.close)
        return batches

    def _flush(self) -> None:
        """Begin to write the documents at hand as a segment, and begin with the next ones."""
        if not self._batch.document_count:
            return
        name = f"{uuid.uuid4().hex}{SEGMENT_SUFFIX}"
        with _accessing(self._directory):
            self._batch.start_writing(self._directory / name)
        self._waiting.append((name, self._batch))
        with _accessing(self._directory):
            self._batch = self._batches.new()
        while len(self._waiting) > self._batches.max_in_flight:
            self._collect()

    def _collect(self) -> None:
        """Wait for the oldest batch, and take its segment among the others."""
        name, batch = self._waiting[0]
        with _accessing(self._directory):
            batch.wait_until_written()
            segment = Segment(
                self._directory,
                SegmentEntry(name, batch.document_count),
                title_weight=self._generation.title_weight,
            )
        self._waiting.popleft()
        self._segments.append(PendingSegment(segment, batch.deleted))

    def _merged(self, *, optimize: bool) -> Iterator[SegmentEntry]:
        """Merge segments as the policy says, and yield the entries of all that stay."""
        segments = [written for written in self._segments if written.live().any()]
        live = [int(written.live().sum()) for written in segments]
        documents = [written.segment.document_count for written in segments]
        if optimize:
            one_clean = len(segments) == 1 and live == documents
            merges = [] if one_clean else [range(len(segments))]
        elif len(self._segments) > self._old_count + 1:
            merges = []  # a run of several segments is large: merging them would double its time
        else:
            merges = plan_merges(live, documents)
        number = 0
        while number < len(segments):
            merge = next((found for found in merges if found.start == number), None)
            if merge is None:
                yield self._entry(segments[number])
                number += 1
            else:
                yield self._merge([segments[member] for member in merge])
                number = merge.stop

    def _merge(self, members: Sequence[PendingSegment]) -> SegmentEntry:
        name = f"{uuid.uuid4().hex}{SEGMENT_SUFFIX}"
        sources = [Source(written.segment.array_file, written.live()) for written in members]
        return SegmentEntry(name, merge_segments(sources, self._directory / name))

    def _entry(self, written: PendingSegment) -> SegmentEntry:
        """Return the entry of a segment that stays, with a new list of what is deleted from it."""
        entry = written.segment.entry
        if not written.deleted:
            return entry
        deleted = np.flatnonzero(~written.live()).astype(np.uint32)
        name = f"{uuid.uuid4().hex}{DELETIONS_SUFFIX}"
        with ArrayFileWriter(self._directory / name) as writer:
            writer.add("documents", deleted)
            writer.finish({})
        return replace(entry, deleted=int(deleted.size), deletions=name)


def _readable_generation(directory: Path) -> Generation | None:
    """Return the generation to rebuild, None where there is none that can be read."""
    try:
        return generations.read(directory)
    except IndexerError:
        return None  # a rebuild is the way out of this very error


@contextmanager
def _accessing(directory: Path) -> Iterator[None]:
    """Turn an error of the operating system into IndexAccessError."""
    try:
        yield
    except OSError as error:
        raise IndexAccessError(
            f"the index at {directory} cannot be read or written ({error}); see to it that its "
            f"directory may be written to and the disk has room, or choose another with --index"
        ) from error


def _check_fields(current: Generation, fields: FieldMap | None, directory: Path) -> None:
    if fields is None:
        return
    there = {(spec.name, spec.type) for spec in current.fields.extra}
    asked = {(spec.name, spec.type) for spec in fields.extra}
    if there != asked:
        raise IndexMismatchError(
            f"the index at {directory} has the fields {_names(there)}, not {_names(asked)}; leave "
            f"--field out to keep them, or build it again with 'searchd index --rebuild'"
        )


def _names(fields: set[tuple[str, FieldType]]) -> str:
    return ", ".join(f"{name}:{kind}" for name, kind in sorted(fields)) or "(no extra field)"
