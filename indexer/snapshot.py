"""Snapshots: one generation of an index, opened for reading and safe to share between threads.

A snapshot gives postings as numpy arrays, one segment at a time. Postings are decoded when they are
first asked for and kept while the snapshot is in use. Whoosh's readers share one file position, so
every read through them holds a lock; the arrays need none.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.filedb.filestore import FileStorage
from whoosh.index import EmptyIndexError, FileIndex

from indexer import metadata, schema, stored
from indexer.errors import IndexDamagedError
from indexer.fields import FieldSpec, FieldType
from indexer.metadata import IndexMetadata
from indexer.stored import StoredDocument
from indexer.writer import KEYWORD_SEPARATOR

IdArray = npt.NDArray[np.int32]
FloatArray = npt.NDArray[np.float32]
PositionArray = npt.NDArray[np.int64]

CACHED_POSTINGS = 50_000_000
"""Postings that a segment keeps decoded, before it forgets those unused for longest."""

_OPENING_ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class Postings:
    """The live documents that hold a term, in one segment.

    `ids`: int32 [n], document numbers within the segment, ascending.
    `weights`: float32 [n], occurrences, those in the title counted TITLE_WEIGHT times.
    """

    ids: IdArray
    weights: FloatArray


class Segment:
    """One segment of a snapshot. `base` is the number of its first document in the snapshot."""

    def __init__(self, reader: Any, base: int, lock: threading.Lock) -> None:
        self._reader = reader
        self._lock = lock
        self.base = base
        self.document_count: int = reader.doc_count_all()
        with lock:
            self._ids = np.fromiter(reader.all_doc_ids(), np.int32)
        self.live = np.zeros(self.document_count, np.bool_)
        self.live[self._ids] = True
        self._postings: OrderedDict[tuple[str, str], Postings] = OrderedDict()
        self._cached = 0
        self._columns: dict[str, npt.NDArray[Any]] = {}
        self.lengths = self._numbers(schema.LENGTH_FIELD).astype(np.float32)

    @property
    def live_ids(self) -> IdArray:
        """The numbers of the documents that were not deleted; int32 [live], ascending."""
        return self._ids

    def postings(self, field: str, term: str) -> Postings:
        """Return the live postings of a term; empty arrays where it has none."""
        with self._lock:
            key = (field, term)
            found = self._postings.get(key)
            if found is None:
                found = self._decode(field, term)
                self._postings[key] = found
                self._cached += found.ids.size
                while self._cached > CACHED_POSTINGS and len(self._postings) > 1:
                    self._cached -= self._postings.popitem(last=False)[1].ids.size
            else:
                self._postings.move_to_end(key)
            return found

    def _decode(self, field: str, term: str) -> Postings:
        ids: list[int] = []
        weights: list[float] = []
        if (field, term) in self._reader:
            matcher = self._reader.postings(field, term)
            while matcher.is_active():
                ids.append(matcher.id())
                weights.append(matcher.weight())
                matcher.next()
        return Postings(np.array(ids, np.int32), np.array(weights, np.float32))

    def positions(self, field: str, term: str) -> PositionArray:
        """Return where a term stands: int64 [occurrences], document << 32 | position, ascending."""
        keys: list[int] = []
        with self._lock:
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
            with self._lock:
                column = self._reader.column_reader(field)
                values = (column[number] for number in range(self.document_count))
                self._columns[field] = np.fromiter(values, np.float64, self.document_count)
        return self._columns[field]

    def keywords(self, name: str) -> npt.NDArray[np.object_]:
        """Return a keyword column: a tuple of folded keywords for each document."""
        field = schema.column_field(name)
        if field not in self._columns:
            values = np.empty(self.document_count, np.object_)
            with self._lock:
                column = self._reader.column_reader(field)
                for number in range(self.document_count):
                    text = bytes(column[number]).decode()
                    values[number] = tuple(text.split(KEYWORD_SEPARATOR)) if text else ()
            self._columns[field] = values
        return self._columns[field]

    def document(self, number: int) -> StoredDocument:
        """Return the stored part of a document. Raises IndexDamagedError."""
        with self._lock:
            values = self._reader.stored_fields(number)
        return stored.unpack(values[schema.STORED_FIELD])

    def terms(self, field: str, prefix: str = "") -> Iterator[str]:
        """Return the terms of a field that begin with `prefix`, in code point order."""
        with self._lock:
            return iter([term.decode() for term in self._reader.expand_prefix(field, prefix)])


class Snapshot:
    """One generation of the index in a directory. Close it after use."""

    def __init__(self, directory: Path, *, analysis: str | None = None) -> None:
        """Open the current generation; where `analysis` is given the index must be made by it.

        Raises IndexMissingError, IndexMismatchError or IndexDamagedError.
        """
        self.directory = directory
        self.metadata, self._index, self._reader, self.generation = _open(directory, analysis)
        self._vocabularies: dict[str, list[str]] = {}
        lock = threading.Lock()
        self.segments: list[Segment] = []
        base = 0
        for leaf, _offset in self._reader.leaf_readers():
            if leaf.doc_count_all():
                self.segments.append(Segment(leaf, base, lock))
                base += leaf.doc_count_all()
        self.document_count = sum(segment.live_ids.size for segment in self.segments)
        total = sum(
            float(segment.lengths[segment.live].sum(dtype=np.float64)) for segment in self.segments
        )
        self.mean_length = total / self.document_count if self.document_count else 0.0

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
        name = metadata.read(self.directory).name
        return name == self.metadata.name and self._index.latest_generation() == self.generation

    def close(self) -> None:
        """Close the files of the snapshot."""
        self._reader.close()


def _open(directory: Path, analysis: str | None) -> tuple[IndexMetadata, FileIndex, Any, int]:
    """Open the current generation, again where a writer replaced it in between."""
    for attempt in range(_OPENING_ATTEMPTS):
        found = metadata.read(directory)
        if analysis is not None:
            found.check_analysis(analysis, directory)
        storage = FileStorage(str(directory))
        whoosh_schema = schema.whoosh_schema(found.fields.extra)
        try:
            index = FileIndex(storage, whoosh_schema, found.name)
            generation = index.latest_generation()
            reader = index.reader()
            if reader.generation() not in (generation, -1, None):
                reader.close()
                continue  # a writer committed between the two
        except (OSError, EmptyIndexError) as error:
            if attempt + 1 < _OPENING_ATTEMPTS:
                continue
            raise _damaged(directory, error) from error
        except Exception as error:
            raise _damaged(directory, error) from error
        return found, index, reader, generation
    raise IndexDamagedError(f"the index at {directory} changes too fast to be opened; try again")


def _damaged(directory: Path, error: Exception) -> IndexDamagedError:
    return IndexDamagedError(
        f"the index at {directory} cannot be opened ({type(error).__name__}: {error}); "
        f"build it again with 'searchd index --rebuild'"
    )
