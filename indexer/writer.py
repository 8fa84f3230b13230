"""Writing an index: documents in by id, out by id, and one atomic commit at the end.

Until `commit` returns, readers see the index as it was; a writer that is cancelled, fails or dies
leaves it so. A new index, and a rebuilt one, is written under a new name and becomes current when
`searchd.json` names it.
"""

from __future__ import annotations

from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from whoosh.index import FileIndex, LockError
from whoosh.writing import SegmentWriter

from analyzers import Analyzer
from indexer import files, metadata, schema
from indexer.document import Document
from indexer.errors import IndexBusyError, IndexerError, IndexMismatchError
from indexer.fields import FieldMap, FieldType
from indexer.metadata import IndexMetadata
from indexer.whoosh_values import whoosh_values

DEFAULT_MEMORY_MB = 256
"""Memory for postings before they are written to temporary files, in MB (about)."""

_LOCK = "searchd.lock"


class _Segments(SegmentWriter):  # type: ignore[misc]
    """Whoosh's writer, which can also leave out a document that it was given before."""

    def __init__(self, index: FileIndex, limitmb: int) -> None:
        super().__init__(index, limitmb=limitmb)
        self.superseded: set[int] = set()

    def _finalize_segment(self) -> Any:
        segment = super()._finalize_segment()
        for document in self.superseded:
            segment.delete_document(document)
        return segment

    def _cleanup_on_error(self) -> None:
        with suppress(Exception):  # Whoosh leaves the files of the segment open
            self._close_segment()
        super()._cleanup_on_error()


class IndexWriter:
    """Adds, replaces and deletes documents of the index in one directory.

        with IndexWriter(Path("index")) as writer:
            writer.upsert(Document("1", "نص"))
            writer.commit()

    Leaving the block without `commit` changes nothing. `fields` describe a new index; with an
    existing one they must be the same, or None. `rebuild` begins a new index in place of one that
    is there, readable or not.

    Raises IndexBusyError where another writer is at work, IndexMismatchError for another analysis,
    format or set of fields, IndexDamagedError, and IndexAccessError.
    """

    def __init__(
        self,
        directory: Path,
        fields: FieldMap | None = None,
        *,
        analyzer: Analyzer | None = None,
        rebuild: bool = False,
        memory_mb: int = DEFAULT_MEMORY_MB,
    ) -> None:
        self._directory = directory
        self._analyzer = analyzer or Analyzer()
        self._hashes: Any = None
        self._written: dict[str, int] = {}
        self._changes = 0
        self._storage = files.TrackingStorage(directory)
        with files.accessing(directory), ExitStack() as opened:
            directory.mkdir(parents=True, exist_ok=True)
            self._acquire_lock(opened)
            self._metadata, self._is_new = self._prepare(fields, rebuild=rebuild)
            opened.callback(self._storage.close_files)
            self._segments = self._open_segments(memory_mb)
            opened.callback(files.remove_leftovers, directory, self._metadata.name)
            opened.callback(self._drop_segments)
            with files.reading(directory):
                self._reader = self._segments.reader()
            opened.callback(self._reader.close)
            self._opened = opened.pop_all()

    def _acquire_lock(self, opened: ExitStack) -> None:
        lock = self._storage.lock(_LOCK)
        if not lock.acquire():
            raise self._busy()
        opened.callback(lock.release)

    def _busy(self) -> IndexBusyError:
        return IndexBusyError(
            f"another process is writing to the index at {self._directory}; wait for it to end"
        )

    def _prepare(self, fields: FieldMap | None, *, rebuild: bool) -> tuple[IndexMetadata, bool]:
        if metadata.exists(self._directory) and not rebuild:
            current = metadata.read(self._directory)
            current.check_analysis(self._analyzer.fingerprint, self._directory)
            _check_fields(current, fields, self._directory)
            return (replace(current, fields=fields) if fields else current), False
        if fields is None and rebuild:
            fields = _fields_of_old(self._directory)
        taken = (int(name.removeprefix("index")) for name in files.index_names(self._directory))
        return IndexMetadata(
            name=f"index{max(taken, default=0) + 1}",
            analysis=self._analyzer.fingerprint,
            fields=fields or FieldMap(),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
        ), True

    def _open_segments(self, memory_mb: int) -> _Segments:
        whoosh_schema = schema.whoosh_schema(self._metadata.fields.extra)
        name = self._metadata.name
        if self._is_new:
            index = FileIndex.create(self._storage, whoosh_schema, name)
        else:
            with files.reading(self._directory):
                index = FileIndex(self._storage, whoosh_schema, name)
        try:
            return _Segments(index, memory_mb)
        except LockError:
            raise self._busy() from None

    @property
    def fields(self) -> FieldMap:
        """The fields of the index, and the columns they are read from."""
        return self._metadata.fields

    @property
    def changes(self) -> int:
        """How many documents were added, replaced or deleted so far."""
        return self._changes

    def upsert(self, document: Document) -> str:
        """Write a document, in place of the one with its id; say `added`, `replaced`, `unchanged`.

        A document whose content is what the index holds already is not written. Raises RecordError
        for one that cannot be stored; the writer can go on with others.
        """
        self._check_open()
        digest = document.content_hash()
        in_this_run = self._written.get(document.id)
        old = None if in_this_run is not None else self._find(document.id)
        if old is not None and self._hash_of(old) == digest:
            return "unchanged"
        number = self._segments.docnum
        self._add(whoosh_values(document, digest, self.fields.extra, self._analyzer))
        if in_this_run is not None:
            self._segments.superseded.add(in_this_run)
        if old is not None:
            self._segments.delete_document(old)
        self._written[document.id] = number
        self._changes += 1
        return "added" if old is None and in_this_run is None else "replaced"

    def delete(self, document_id: str) -> bool:
        """Delete the document with this id; tell whether there was one."""
        self._check_open()
        written = self._written.pop(document_id, None)
        if written is not None:
            self._segments.superseded.add(written)
            self._changes += 1
            return True
        number = self._find(document_id)
        if number is None:
            return False
        self._segments.delete_document(number)
        self._changes += 1
        return True

    def commit(self, *, optimize: bool = False) -> None:
        """Make every change of this writer visible at once, and close it."""
        self._check_open()
        with self._opened, files.reading(self._directory):  # a merge reads what is there
            if self._changes or self._is_new or optimize:
                self._segments.commit(optimize=optimize)
            if self._is_new or self._metadata != metadata.read(self._directory):
                metadata.write(self._directory, self._metadata)

    def cancel(self) -> None:
        """Drop every change of this writer and close it. Closing it twice does nothing."""
        self._opened.close()

    def _check_open(self) -> None:
        if self._segments.is_closed:
            raise ValueError("this writer is closed; make another")

    def _drop_segments(self) -> None:
        """Drop the segment that is being written, where it was not committed."""
        if not self._segments.is_closed:
            with suppress(Exception):  # it may be in any state, and its files are removed anyway
                self._segments.cancel()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.cancel()

    def _add(self, values: dict[str, Any]) -> None:
        try:
            with files.accessing(self._directory):
                self._segments.add_document(**values)
        except BaseException:
            self.cancel()  # else postings of half a document would stick to the next one
            raise

    def _find(self, document_id: str) -> int | None:
        """Return the number of the live document of the old generation with this id."""
        term = document_id.encode("utf-8", "surrogatepass")  # which no stored id can hold
        with files.reading(self._directory):
            if (schema.ID_FIELD, term) not in self._reader:
                return None
            matcher = self._reader.postings(schema.ID_FIELD, term)
            while matcher.is_active():
                number = int(matcher.id())
                if not self._segments.is_deleted(number):
                    return number
                matcher.next()
        return None

    def _hash_of(self, number: int) -> bytes:
        with files.reading(self._directory):
            if self._hashes is None:
                self._hashes = self._reader.column_reader(schema.HASH_FIELD)
            return bytes(self._hashes[number])


def _check_fields(current: IndexMetadata, fields: FieldMap | None, directory: Path) -> None:
    if fields is None:
        return
    there = {(spec.name, spec.type) for spec in current.fields.extra}
    asked = {(spec.name, spec.type) for spec in fields.extra}
    if there != asked:
        raise IndexMismatchError(
            f"the index at {directory} has the fields {_names(there)}, not {_names(asked)}; leave "
            f"--field out to keep them, or build it again with 'searchd index --rebuild'"
        )


def _fields_of_old(directory: Path) -> FieldMap | None:
    try:
        return metadata.read(directory).fields
    except IndexerError:
        return None  # nothing to keep: the rebuild is the way out of this very error


def _names(fields: set[tuple[str, FieldType]]) -> str:
    return ", ".join(f"{name}:{kind}" for name, kind in sorted(fields)) or "(no extra field)"
