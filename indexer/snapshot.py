"""Snapshots: one generation of an index, opened for reading and safe to share between threads.

A snapshot gives postings as numpy arrays, one segment at a time. Postings are decoded when they are
first asked for and kept while the snapshot is in use. Whoosh's readers share one file position, so
every read through them holds a lock; the arrays need none.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.reading import SegmentReader

from indexer import files, metadata, schema, stored
from indexer.errors import IndexDamagedError
from indexer.fields import FieldSpec, FieldType
from indexer.stored import StoredDocument
from indexer.whoosh_values import KEYWORD_SEPARATOR

IdArray = npt.NDArray[np.int32]
FloatArray = npt.NDArray[np.float32]
PositionArray = npt.NDArray[np.int64]

CACHED_POSTINGS = 25_000_000
"""Postings that a snapshot keeps decoded before it forgets those unused for longest: 200 MB."""


@dataclass(frozen=True, slots=True)
class Postings:
    """The live documents that hold a term, in one segment.

    `ids`: int32 [n], document numbers within the segment, ascending.
    `weights`: float32 [n], occurrences, those in the title counted TITLE_WEIGHT times.
    """

    ids: IdArray
    weights: FloatArray


class _Shelf:
    """The decoded postings of a snapshot, up to a number of them. Used by one thread at a time."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._size = 0
        self._postings: OrderedDict[tuple[int, str, str], Postings] = OrderedDict()

    def get(self, key: tuple[int, str, str]) -> Postings | None:
        found = self._postings.get(key)
        if found is not None:
            self._postings.move_to_end(key)
        return found

    def put(self, key: tuple[int, str, str], postings: Postings) -> None:
        self._postings[key] = postings
        self._size += postings.ids.size
        while self._size > self._capacity and len(self._postings) > 1:
            self._size -= self._postings.popitem(last=False)[1].ids.size


class Segment:
    """One segment of a snapshot. `base` is the number of its first document in the snapshot."""

    def __init__(
        self, reader: Any, base: int, directory: Path, lock: threading.Lock, shelf: _Shelf
    ) -> None:
        self._reader = reader
        self._directory = directory
        self._lock = lock
        self._shelf = shelf
        self._columns: dict[str, npt.NDArray[Any]] = {}
        self.base = base
        self.document_count: int = reader.doc_count_all()
        self._ids = np.fromiter(reader.all_doc_ids(), np.int32)
        self.live = np.zeros(self.document_count, np.bool_)
        self.live[self._ids] = True
        self.lengths = self._numbers(schema.LENGTH_FIELD).astype(np.float32)

    @property
    def live_ids(self) -> IdArray:
        """The numbers of the documents that were not deleted; int32 [live], ascending."""
        return self._ids

    def postings(self, field: str, term: str) -> Postings:
        """Return the live postings of a term; empty arrays where it has none."""
        key = (self.base, field, term)
        with self._lock:
            found = self._shelf.get(key)
            if found is None:
                found = self._decode(field, term)
                if found.ids.size:
                    self._shelf.put(key, found)
            return found

    def _decode(self, field: str, term: str) -> Postings:
        ids: list[int] = []
        weights: list[float] = []
        with files.reading(self._directory):
            if (field, term) in self._reader:
                matcher = self._reader.postings(field, term)
                while matcher.is_active():
                    ids.append(matcher.id())
                    weights.append(matcher.weight())
                    matcher.next()
        return Postings(np.array(ids, np.int32), np.array(weights, np.float32))

    def positions(self, field: str, term: str) -> PositionArray:
        """Return where a term stands in live documents.

        int64 [occurrences], document << 32 | position, ascending. The positions of a title start
        at TITLE_START, those of the text at 0.
        """
        keys: list[int] = []
        with self._lock, files.reading(self._directory):
            if (field, term) in self._reader:
                matcher = self._reader.postings(field, term)
                while matcher.is_active():
                    document = matcher.id() << 32
                    keys += [document | position for position in matcher.value_as("positions")]
                    matcher.next()
        return np.array(keys, np.int64)

    def numbers(self, name: str) -> npt.NDArray[np.float64]:
        """Return a number or date column: float64 [documents], NaN where a document has none."""
        return self._numbers(schema.column_field(name))

    def _numbers(self, field: str) -> npt.NDArray[np.float64]:
        if field not in self._columns:
            with self._lock, files.reading(self._directory):
                column = self._reader.column_reader(field)
                values = (column[number] for number in range(self.document_count))
                self._columns[field] = np.fromiter(values, np.float64, self.document_count)
        return self._columns[field]

    def keywords(self, name: str) -> npt.NDArray[np.object_]:
        """Return a keyword column: a tuple of folded keywords for each document."""
        field = schema.column_field(name)
        if field not in self._columns:
            values = np.empty(self.document_count, np.object_)
            with self._lock, files.reading(self._directory):
                column = self._reader.column_reader(field)
                for number in range(self.document_count):
                    text = bytes(column[number]).decode()
                    values[number] = tuple(text.split(KEYWORD_SEPARATOR)) if text else ()
            self._columns[field] = values
        return self._columns[field]

    def document(self, number: int) -> StoredDocument:
        """Return the stored part of a document. Raises IndexDamagedError."""
        with self._lock, files.reading(self._directory):
            return stored.unpack(self._reader.stored_fields(number)[schema.STORED_FIELD])

    def terms(self, field: str, prefix: str = "") -> list[str]:
        """Return the terms of a field that begin with `prefix`, in code point order."""
        with self._lock, files.reading(self._directory):
            return [term.decode() for term in self._reader.expand_prefix(field, prefix)]


class Snapshot:
    """One generation of the index in a directory. Close it after use."""

    def __init__(self, directory: Path, *, analysis: str | None = None) -> None:
        """Open the current generation; where `analysis` is given the index must be made by it.

        Raises IndexMissingError, IndexMismatchError, IndexDamagedError or IndexAccessError.
        """
        self.directory = directory
        self._vocabularies: dict[str, list[str]] = {}
        while True:
            self.metadata = metadata.read(directory)
            if analysis is not None:
                self.metadata.check_analysis(analysis, directory)
            self.generation = files.latest_generation(directory, self.metadata.name)
            try:
                self.segments, self._opened = self._open_segments()
                break
            except IndexDamagedError:
                if self.is_current():
                    raise
                # A writer replaced the generation while it was being opened.
        self.document_count = sum(segment.live_ids.size for segment in self.segments)
        total = sum(
            float(segment.lengths[segment.live].sum(dtype=np.float64)) for segment in self.segments
        )
        self.mean_length = total / self.document_count if self.document_count else 0.0

    def _open_segments(self) -> tuple[list[Segment], ExitStack]:
        """Return the segments that hold documents, and what closes their files."""
        segments: list[Segment] = []
        base = 0
        lock = threading.Lock()
        shelf = _Shelf(CACHED_POSTINGS)
        storage = files.TrackingStorage(self.directory)
        with files.reading(self.directory), ExitStack() as opened:
            opened.callback(storage.close_files)
            contents = files.read_contents(storage, self.metadata, self.generation)
            for found in contents.segments:
                reader = SegmentReader(storage, contents.schema, found)
                opened.callback(reader.close)
                if reader.doc_count_all():
                    segments.append(Segment(reader, base, self.directory, lock, shelf))
                    base += reader.doc_count_all()
            return segments, opened.pop_all()

    @property
    def extra_fields(self) -> tuple[FieldSpec, ...]:
        """The fields beside the standard ones."""
        return self.metadata.fields.extra

    def field_type(self, name: str) -> FieldType | None:
        """Return the type of a field that can be searched, filtered or sorted by, or None."""
        if name in ("title", "text"):
            return FieldType.TEXT
        if name == "date":
            return FieldType.DATE
        return next((spec.type for spec in self.extra_fields if spec.name == name), None)

    def document_frequency(self, field: str, term: str) -> int:
        """Return the number of live documents that hold a term."""
        return sum(segment.postings(field, term).ids.size for segment in self.segments)

    def terms(self, field: str, prefix: str = "") -> list[str]:
        """Return the distinct terms of a field that begin with `prefix`, in code point order."""
        if len(self.segments) == 1:
            return list(self.segments[0].terms(field, prefix))
        return sorted({term for segment in self.segments for term in segment.terms(field, prefix)})

    def vocabulary(self, field: str) -> list[str]:
        """Return all terms of a field, in code point order; they are read once."""
        if field not in self._vocabularies:
            self._vocabularies[field] = self.terms(field)
        return self._vocabularies[field]

    def is_current(self) -> bool:
        """Tell whether no newer generation has been committed."""
        return (
            metadata.read(self.directory) == self.metadata
            and files.latest_generation(self.directory, self.metadata.name) == self.generation
        )

    def close(self) -> None:
        """Close the files of the snapshot."""
        self._opened.close()
