"""Writing an index: documents in by id, out by id, and one atomic commit at the end.

Until `commit` returns, readers see the index as it was; a writer that is cancelled, fails or dies
leaves it so. A new index, and a rebuilt one, is written under a new name and becomes current when
`searchd.json` names it.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex, LockError, clean_files
from whoosh.writing import SegmentWriter

from analyzers import Analyzer
from analyzers.analysis import Terms
from analyzers.characters import fold
from indexer import metadata, schema, stored
from indexer.document import Document, FieldValue
from indexer.errors import IndexBusyError, IndexerError, IndexMismatchError
from indexer.fields import FieldMap, FieldType
from indexer.metadata import IndexMetadata

DEFAULT_MEMORY_MB = 256
"""Memory for postings before they are written to temporary files, in MB (about)."""

KEYWORD_SEPARATOR = "\x1f"

_LOCK = "searchd.lock"
_INDEX_FILE = re.compile(r"_?(index\d+)_")


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


class IndexWriter:
    """Adds, replaces and deletes documents of the index in one directory.

        with IndexWriter(Path("index")) as writer:
            writer.upsert(Document("1", "نص"))
            writer.commit()

    Leaving the block without `commit` changes nothing. `fields` are needed for a new index; with
    an existing one they must be the same, or None. Raises IndexBusyError where another writer is
    at work and IndexMismatchError for another analysis, format or set of fields.
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
        directory.mkdir(parents=True, exist_ok=True)
        self._storage = FileStorage(str(directory))
        self._lock = self._storage.lock(_LOCK)
        if not self._lock.acquire():
            raise IndexBusyError(
                f"another process is writing to the index at {directory}; wait for it to end"
            )
        try:
            self._metadata, self._is_new = self._prepare(fields, rebuild=rebuild)
            self._index = self._open_index()
            self._segments = _Segments(self._index, memory_mb)
            self._reader = self._segments.reader()
        except LockError:
            self._lock.release()
            raise IndexBusyError(f"the index at {directory} is locked by another program") from None
        except BaseException:
            self._lock.release()
            raise
        self._hashes: Any = None
        self._written: dict[str, int] = {}
        self._changes = 0
        self._open = True

    def _prepare(self, fields: FieldMap | None, *, rebuild: bool) -> tuple[IndexMetadata, bool]:
        if metadata.exists(self._directory) and not rebuild:
            current = metadata.read(self._directory)
            current.check_analysis(self._analyzer.fingerprint, self._directory)
            _check_fields(current, fields, self._directory)
            return (replace(current, fields=fields) if fields else current), False
        if fields is None and rebuild:
            fields = _fields_of_old(self._directory)
        taken = {int(name[5:]) for name in self._index_names()}
        return IndexMetadata(
            name=f"index{max(taken, default=0) + 1}",
            analysis=self._analyzer.fingerprint,
            fields=fields or FieldMap(),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
        ), True

    def _index_names(self) -> set[str]:
        found = (_INDEX_FILE.match(name) for name in self._storage.list())
        return {match[1] for match in found if match}

    def _open_index(self) -> FileIndex:
        whoosh_schema = schema.whoosh_schema(self._metadata.fields.extra)
        if self._is_new:
            return FileIndex.create(self._storage, whoosh_schema, self._metadata.name)
        return FileIndex(self._storage, whoosh_schema, self._metadata.name)

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

        A document whose content is what the index holds already is not written.
        """
        digest = document.content_hash()
        in_this_run = self._written.get(document.id)
        old = None if in_this_run is not None else self._find(document.id)
        if old is not None and self._hash_of(old) == digest:
            return "unchanged"
        values = self._whoosh_document(document, digest)
        number = self._segments.docnum
        self._segments.add_document(**values)
        if in_this_run is not None:
            self._segments.superseded.add(in_this_run)
        if old is not None:
            self._segments.delete_document(old)
        self._written[document.id] = number
        self._changes += 1
        return "added" if old is None and in_this_run is None else "replaced"

    def delete(self, document_id: str) -> bool:
        """Delete the document with this id; tell whether there was one."""
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
        self._reader.close()
        self._open = False
        try:
            if self._changes or self._is_new or optimize:
                self._segments.commit(optimize=optimize)
            else:
                self._cancel_segments()
            if self._is_new or self._metadata != metadata.read(self._directory):
                metadata.write(self._directory, self._metadata)
            self._remove_other_indexes()
        finally:
            self._lock.release()

    def cancel(self) -> None:
        """Drop every change of this writer and close it. Closing it twice does nothing."""
        if not self._open:
            return
        self._open = False
        try:
            self._reader.close()
            self._cancel_segments()
            if self._is_new:
                self._remove_files(self._metadata.name)
        finally:
            self._lock.release()

    def _cancel_segments(self) -> None:
        """Drop the segment that was being written, and its files, which Whoosh leaves behind."""
        self._segments.cancel()
        toc = TOC.read(self._storage, self._metadata.name, schema=self._index.schema)
        clean_files(self._storage, self._metadata.name, toc.generation, toc.segments)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.cancel()

    def _find(self, document_id: str) -> int | None:
        """Return the number of the live document of the old generation with this id."""
        if (schema.ID_FIELD, document_id) not in self._reader:
            return None
        matcher = self._reader.postings(schema.ID_FIELD, document_id)
        while matcher.is_active():
            number = int(matcher.id())
            if not self._segments.is_deleted(number):
                return number
            matcher.next()
        return None

    def _hash_of(self, number: int) -> bytes:
        if self._hashes is None:
            self._hashes = self._reader.column_reader(schema.HASH_FIELD)
        return bytes(self._hashes[number])

    def _whoosh_document(self, document: Document, digest: bytes) -> dict[str, Any]:
        """Return the values of every Whoosh field of a document, analysed once."""
        title = self._analyzer.terms(document.title)
        text = self._analyzer.terms(document.text)
        values: dict[str, Any] = {
            schema.ID_FIELD: document.id,
            schema.HASH_FIELD: digest,
            schema.LENGTH_FIELD: float(schema.TITLE_WEIGHT * len(title) + len(text)),
            schema.STORED_FIELD: stored.pack(document),
        }
        _add_levels(values, "", title, text)
        _add_levels(values, "title", title, ())
        if document.date is not None:
            values[schema.column_field("date")] = stored.to_milliseconds(document.date)
        for spec in self.fields.extra:
            value = document.fields.get(spec.name)
            if value is None:
                continue
            if spec.type is FieldType.TEXT:
                _add_levels(values, spec.name, (), self._analyzer.terms(str(value)))
            else:
                values[schema.column_field(spec.name)] = _column_value(value)
        return values

    def _remove_other_indexes(self) -> None:
        """Delete the files of indexes that are not current: replaced ones, and failed attempts."""
        for name in self._index_names() - {self._metadata.name}:
            self._remove_files(name)

    def _remove_files(self, name: str) -> None:
        for file in self._storage.list():
            match = _INDEX_FILE.match(file)
            if match and match[1] == name:
                path = self._directory / file
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)


def _add_levels(
    values: dict[str, Any], field: str, title: Sequence[Terms], text: Sequence[Terms]
) -> None:
    for level in schema.LEVELS:
        name = schema.text_field(field, level) if field else level
        values[name] = schema.LevelTerms(
            [getattr(terms, level) for terms in title], [getattr(terms, level) for terms in text]
        )


def _column_value(value: FieldValue) -> bytes | float:
    """Return a value as its column holds it; keywords folded, so filters meet every spelling."""
    if isinstance(value, datetime):
        return stored.to_milliseconds(value)
    if isinstance(value, float | int):
        return float(value)
    keywords = (value,) if isinstance(value, str) else value
    return KEYWORD_SEPARATOR.join(map(fold_keyword, keywords)).encode()


def fold_keyword(keyword: str) -> str:
    """Return the form in which keywords are compared: folded word by word, spaces single.

    >>> fold_keyword("الرِّياضة  المحلية") == fold_keyword("الرياضه المحليه")
    True
    """
    return " ".join(map(fold, keyword.split()))


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
