"""The index in a directory as a Whoosh Index."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, NoReturn

from whoosh.fields import Schema
from whoosh.index import Index
from whoosh.reading import EmptyReader, IndexReader, MultiReader, SegmentReader

from analyzers import Analyzer
from indexer import generation as generations
from indexer.generation import SegmentEntry
from indexer.snapshot import Snapshot
from indexer.whoosh.codec import read_only
from indexer.whoosh.schema import make_schema
from indexer.whoosh.segment import ArraySegment


def open_whoosh_index(directory: Path | str, *, analyzer: Analyzer | None = None) -> ArrayIndex:
    """Open the index in a directory for Whoosh. Raises like ArrayIndex."""
    return ArrayIndex(directory, analyzer=analyzer)


class ArrayIndex(Index):  # type: ignore[misc]  # Whoosh has no types
    """A searchd index that Whoosh searches. Threads may share it, and its searchers.

    `reader` and `searcher` return one of the newest generation, which it keeps whatever is
    committed later. `analyzer` must be the one that the index was built with, where that is not
    the default. Raises IndexMissingError, IndexMismatchError, IndexDamagedError and
    IndexAccessError.
    """

    def __init__(self, directory: Path | str, *, analyzer: Analyzer | None = None) -> None:
        self._directory = Path(directory)
        self._analyzer = analyzer or Analyzer()
        self._lock = threading.Lock()
        self._segments: list[ArraySegment] = []
        self._open(None)

    def _open(self, previous: Snapshot | None) -> None:
        """Open the current generation; unchanged segments are shared with the previous snapshot."""
        snapshot = Snapshot(self._directory, analysis=self._analyzer.fingerprint, previous=previous)
        fields = snapshot.generation.fields
        known: dict[SegmentEntry, ArraySegment] = {}
        if previous is not None and previous.generation.fields == fields:
            known = {segment.data.entry: segment for segment in self._segments}
        else:
            self._schema = make_schema(fields, self._analyzer)
        self._segments = [
            known.get(data.entry) or ArraySegment(data, fields, self._schema, self._analyzer)
            for data in snapshot.segments
        ]
        self._snapshot = snapshot

    def __repr__(self) -> str:
        return f"ArrayIndex({str(self._directory)!r})"

    @property
    def schema(self) -> Schema:
        """The fields of the index, as `indexer.whoosh.schema` lists them."""
        return self._schema

    def latest_generation(self) -> int:
        """Return the number of the current generation on disk."""
        return generations.read(self._directory).number

    def last_modified(self) -> float:
        """Return the time of the last commit, in seconds since 1970."""
        return generations.commit_stamp(self._directory)[1] / 1e9

    def up_to_date(self) -> bool:
        """Return whether nothing was committed since the index or its last reader was opened."""
        return self._snapshot.is_current()

    def refresh(self) -> ArrayIndex:
        """Return this index where it is up to date, else a new one."""
        return self if self.up_to_date() else ArrayIndex(self._directory, analyzer=self._analyzer)

    def is_empty(self) -> bool:
        """Return whether the index has no live document."""
        return not self._snapshot.segments

    def reader(self, reuse: IndexReader | None = None) -> IndexReader:  # noqa: ARG002
        """Return a reader of the newest generation. Readers are cheap, so `reuse` is ignored."""
        with self._lock:
            if not self._snapshot.is_current():
                self._open(self._snapshot)
            schema, segments = self._schema, self._segments
            number = self._snapshot.generation.number
        readers = [SegmentReader(None, schema, found, generation=number) for found in segments]
        if not readers:
            return _EmptyReader(schema, number)
        return readers[0] if len(readers) == 1 else MultiReader(readers, generation=number)

    def writer(self, **_options: Any) -> NoReturn:
        """Raise ReadOnlyError: `indexer.writer.IndexWriter` writes."""
        raise read_only("write documents")

    def optimize(self) -> NoReturn:
        """Raise ReadOnlyError: `IndexWriter.commit(optimize=True)` merges segments."""
        raise read_only("merge segments")


class _EmptyReader(EmptyReader):  # type: ignore[misc]  # Whoosh has no types
    """Whoosh's reader of an index without documents, with the number of the generation."""

    def __init__(self, schema: Schema, number: int) -> None:
        super().__init__(schema)
        self._number = number

    def generation(self) -> int:
        """Return the number of the generation that was read."""
        return self._number
