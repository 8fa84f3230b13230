"""Writing an index: documents are added, replaced and deleted by id, then committed at once.

Until `commit` returns, readers see the index as it was; a writer that is cancelled, fails or dies
leaves it so. New segments are written beside the old ones and become current together, when
`searchd.json` names them.
"""

from __future__ import annotations

from collections import deque
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from analyzers import Analyzer
from indexer import generation as generations
from indexer.access_errors import reporting_access_errors
from indexer.batch import Batch, BatchFactory, InProcessBatches, WorkerBatches, ordinal_of
from indexer.cluster.address import is_cluster
from indexer.damage import reporting_damage
from indexer.document import Document
from indexer.document_check import check_document, check_id_type
from indexer.durable_directories import make_directory
from indexer.errors import (
    NO_MEMORY_REASON,
    ClusterAddressError,
    DuplicateIdError,
    IndexAccessError,
    IndexerError,
    RecordError,
)
from indexer.fields import DEFAULT_TITLE_WEIGHT, FieldMap, check_title_weight
from indexer.generation import Generation, SegmentEntry
from indexer.pending_segment import PendingSegment, write_pending
from indexer.replica_mark import check_no_replica
from indexer.run_files import RunFiles
from indexer.segment.segment import SEGMENT_SUFFIX, Segment
from indexer.write_lock import WriteLock

DEFAULT_MEMORY_MB = 400
"""Memory for the documents of a batch before it is written as a segment, in MB (about)."""

WAS_COMMITTED = "the changes were committed"
"""The note of a KeyboardInterrupt that came after the new generation was written."""


@dataclass(frozen=True, slots=True)
class LiveDocument:
    """A live document: its number in its segment or batch, and its content hash.

    `deleted` is the set that its number joins when it is deleted or replaced.
    """

    number: int
    deleted: set[int]
    content_hash: bytes


class IndexWriter:
    """Adds, replaces and deletes documents of the index in one directory.

        with IndexWriter(Path("index")) as writer:
            writer.upsert(Document("1", "نص"))
            writer.commit()

    Leaving the block without `commit` changes nothing. With several `processes` this one only
    reads, and the others analyse and write. `memory_mb` bounds the memory for documents that are
    not written yet, of all processes together.

    `fields` and `title_weight` shape a new index: its extra fields, and how many times a word of
    the title counts, an integer of 1 or more (3 where none is given). An existing index keeps its
    own; others than these are refused. With `rebuild` the index is written anew: without `fields`
    with the same ones, and with the title weight that is given, or else 3.

    Raises IndexBusyError where another writer is at work or, by `commit`, where the index was
    changed while this writer was open, IndexMismatchError for an index of another analysis,
    format, set of fields or title weight, IndexDamagedError for one that cannot be read, and for
    segments without the `searchd.json` that names them, WorkerError where a worker process was
    killed, ReplicaError for a replica, and IndexAccessError where files cannot be written. Files that are not of this index
    are never removed.
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
        if is_cluster(directory):
            raise ClusterAddressError(
                "this writes to a directory; indexer.indexing.open_writer, given the address of "
                "an index on a cluster as parse_location reads it, writes there"
            )
        directory = self._directory = Path(directory)
        self._analyzer = analyzer or Analyzer()
        self._batch_memory = memory_mb * 1_000_000 // processes
        with reporting_access_errors(directory):
            make_directory(directory)
            check_no_replica(directory)
            self._lock = WriteLock(directory)
        try:
            with reporting_access_errors(directory):
                self._files = RunFiles(directory, self._lock)
        except BaseException:
            self._lock.release()
            raise
        self._open = True
        self._changes = 0
        self._resources = ExitStack()
        self._in_flight: deque[Batch] = deque()
        try:
            with reporting_access_errors(directory):
                self._old, self._generation = self._prepare(fields, title_weight, rebuild=rebuild)
            self._segments = [PendingSegment(found, set()) for found in self._open_segments()]
            self._old_count = len(self._segments)
            with reporting_access_errors(directory):
                self._batches = self._new_batches(processes)
                self._batch = self._batches.new()
        except BaseException:
            self._release()
            raise

    def _prepare(
        self, fields: FieldMap | None, title_weight: int | None, *, rebuild: bool
    ) -> tuple[Generation | None, Generation]:
        """Return the current generation, if it is extended, and the one that this writer extends.

        The second has no segments where there is no index, or where it is rebuilt.
        """
        old = _readable_generation(self._directory) if rebuild else None
        if generations.exists(self._directory) and not rebuild:
            old = generations.read(self._directory)
            old.check_analysis(self._analyzer.fingerprint, self._directory)
            old.check_fields(fields, self._directory)
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
            with reporting_access_errors(self._directory):
                return [self._open_segment(entry) for entry in self._generation.segments]
        except IndexAccessError as error:
            if isinstance(error.__cause__, FileNotFoundError):
                raise generations.missing_file_error(self._directory, error.__cause__) from error
            raise

    def _open_segment(self, entry: SegmentEntry) -> Segment:
        with reporting_damage(self._directory / entry.name):
            return Segment(self._directory, entry, title_weight=self._generation.title_weight)

    @property
    def fields(self) -> FieldMap:
        """The fields of the index, and the columns they are read from."""
        return self._generation.fields

    @property
    def changes(self) -> int:
        """How many documents were added, replaced or deleted so far."""
        return self._changes

    def upsert(self, document: Document, *, once: bool = False) -> str:
        """Add a document, or replace the one with its id.

        Returns "added" or "replaced", or "unchanged" where the index holds the same content, which
        is not written again. Raises RecordError for a document that cannot be stored, and with `once`
        DuplicateIdError for an id that it has added before. After any other error it is cancelled.
        """
        self._check_open()
        check_document(document, self.fields.extra)
        try:
            content_hash = document.content_hash()
        except MemoryError:
            raise RecordError(document.where, NO_MEMORY_REASON) from None
        found = self._find(document.id.encode())
        if found is not None and found.content_hash == content_hash:
            return "unchanged"
        if once and found is not None and (ordinal := self._ordinal(found)) is not None:
            raise DuplicateIdError(document.where, document.id, ordinal)
        batch = self._batch
        try:
            with reporting_access_errors(self._directory):
                batch.add(document, content_hash)
        except RecordError:
            raise
        except BaseException:
            self.cancel()  # the batch may hold half of the document
            raise
        if found is not None:
            found.deleted.add(found.number)
        self._changes += 1
        if batch.memory >= self._batch_memory or batch.terms_are_full:
            self._flush()
        return "added" if found is None else "replaced"

    def delete(self, document_id: str) -> bool:
        """Delete the document with this id. Returns whether there was one.

        Raises RecordError for an id of another type than str.
        """
        self._check_open()
        check_id_type(document_id)
        found = self._find(document_id.encode("utf-8", "surrogatepass"))
        if found is None:
            return False
        found.deleted.add(found.number)
        self._changes += 1
        return True

    def delete_older(self, document_id: str, book_id: str = "") -> bool:
        """Delete a document with this id that this writer has not added itself.

        With `book_id` only a passage of this book (`indexer.passages`), which has its id in a field.
        Returns whether there was one.
        """
        key = document_id.encode("utf-8", "surrogatepass")
        for pending in self._segments[: self._old_count]:
            for number in pending.segment.find_live(key):
                if number in pending.deleted:
                    continue
                with reporting_damage(pending.segment.array_file.path):
                    fields = pending.segment.documents.stored_fields([number])[0].fields
                if book_id and book_id not in fields.values():
                    return False
                pending.deleted.add(number)
                self._changes += 1
                return True
        return False

    def commit(self, *, optimize: bool = False) -> None:
        """Make every change of this writer visible at once, and close it.

        With `optimize` all segments become one, without the documents that were deleted.
        A KeyboardInterrupt that comes when this has happened carries the note WAS_COMMITTED.
        """
        self._check_open()
        try:
            if self._changes or self._old is None or optimize:
                self._flush()
                while self._in_flight:
                    self._wait_for_oldest_batch()
                # Several new segments are a large run: merging them would double its time.
                merge = len(self._segments) <= self._old_count + 1
                with (
                    reporting_access_errors(self._directory),
                    reporting_damage(self._directory),
                ):
                    entries = write_pending(
                        self._files, self._segments, merge=merge, optimize=optimize
                    )
                self._replace_generation(self._generation.next(tuple(entries)))
            elif self._generation != self._old:
                self._replace_generation(self._generation)
        except KeyboardInterrupt as interruption:
            if self._files.is_changed():
                interruption.add_note(WAS_COMMITTED)
            raise
        finally:
            self._release()

    def _replace_generation(self, generation: Generation) -> None:
        with reporting_access_errors(self._directory):
            self._files.prepare_commit()
            self._files.finish_commit(generations.write(self._directory, generation))

    def cancel(self) -> None:
        """Drop every change of this writer and close it. A closed writer stays as it is."""
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
        """Close batches, remove the files that no generation names, and release the lock."""
        self._open = False
        try:
            with suppress(OSError):  # a full disk may refuse the rest of a temporary file
                self._resources.close()
            self._segments = []
            self._files.end()
        finally:
            self._lock.release()

    def _find(self, key: bytes) -> LiveDocument | None:
        """Return the live document with an id, which is in UTF-8."""
        for batch in (self._batch, *self._in_flight):
            number = batch.numbers.get(key)
            if number is not None and number not in batch.deleted:
                return LiveDocument(number, batch.deleted, batch.content_hashes[number])
        for pending in self._segments:
            for number in pending.segment.find_live(key):
                if number not in pending.deleted:
                    content_hash = pending.segment.documents.content_hash(number)
                    return LiveDocument(number, pending.deleted, content_hash)
        return None

    def _ordinal(self, found: LiveDocument) -> int | None:
        """Return how many documents this writer added before one, None for an older document."""
        new = self._segments[self._old_count :]
        counts = [(each.deleted, each.segment.document_count) for each in new]
        counts += [(each.deleted, each.document_count) for each in (*self._in_flight, self._batch)]
        return ordinal_of(found.number, found.deleted, counts)

    def _new_batches(self, processes: int) -> BatchFactory:
        extra, title_weight = self.fields.extra, self._generation.title_weight
        batches: BatchFactory = (
            InProcessBatches(self._analyzer, extra, title_weight, self._batch_memory)
            if processes == 1
            else WorkerBatches(
                self._new_path, self._analyzer, extra, title_weight, self._batch_memory, processes
            )
        )
        self._resources.callback(batches.close)
        return batches

    def _new_path(self) -> Path:
        return self._files.new_path(SEGMENT_SUFFIX)

    def _flush(self) -> None:
        """Start to write the current batch as a segment, and begin a new batch."""
        if not self._batch.document_count:
            return
        with reporting_access_errors(self._directory):
            self._batch.start_writing(self._new_path())
        self._in_flight.append(self._batch)
        with reporting_access_errors(self._directory):
            self._batch = self._batches.new()
        while len(self._in_flight) > self._batches.max_in_flight:
            self._wait_for_oldest_batch()

    def _wait_for_oldest_batch(self) -> None:
        """Wait until the oldest batch in flight is written, and open its segments."""
        batch = self._in_flight[0]
        first = 0
        with reporting_access_errors(self._directory):
            for path, count in batch.wait_until_written():
                segment = self._open_segment(SegmentEntry(path.name, count))
                deleted = {n - first for n in batch.deleted if first <= n < first + count}
                self._segments.append(PendingSegment(segment, deleted))
                first += count
        self._in_flight.popleft()


def _readable_generation(directory: Path) -> Generation | None:
    """Return the generation to rebuild, None where there is none that can be read."""
    try:
        return generations.read(directory)
    except IndexerError:
        return None  # a rebuild is the way out of this very error
