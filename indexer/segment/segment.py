"""A segment of an index, opened for reading: its files and the readers over them."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from indexer.damage import damaged
from indexer.fields import DEFAULT_TITLE_WEIGHT
from indexer.generation import SegmentEntry
from indexer.segment.array_file import ArrayFile
from indexer.segment.document_store import DocumentStore
from indexer.segment.layout import check_layout
from indexer.segment.positions_reader import PositionsReader
from indexer.segment.postings_reader import DEFAULT_FIELD, PostingsReader
from indexer.segment.reader_memory import ReaderMemory
from indexer.segment.sorted_arrays import BoolArray, FloatArray, IdArray, UnsignedArray

if TYPE_CHECKING:
    from indexer.segment.column_reader import ColumnReader
    from indexer.segment.sort_keys import SortKeyReader

__all__ = ["DEFAULT_FIELD", "DELETIONS_SUFFIX", "SEGMENT_SUFFIX", "Segment"]

SEGMENT_SUFFIX = ".segment"
DELETIONS_SUFFIX = ".deletions"


class Segment:
    """A segment with its readers and its deleted documents.

    `documents` reads stored fields and texts, `columns` the values to filter and sort by,
    `postings` the documents of terms, `positions` phrases and proximity. `live` is bool
    [documents], false for deleted ones. Threads may share a segment.
    """

    def __init__(
        self,
        directory: Path,
        entry: SegmentEntry,
        *,
        title_weight: int = DEFAULT_TITLE_WEIGHT,
        memory: ReaderMemory | None = None,
    ) -> None:
        """Open the files of a segment; `title_weight` is that of the index.

        Raises IndexDamagedError, and FileNotFoundError where a file was removed.
        """
        self.entry = entry
        self.title_weight = title_weight
        self.array_file = ArrayFile(directory / entry.name)
        self.document_count = entry.documents
        check_layout(self.array_file, entry.documents)
        memory = memory or ReaderMemory()
        self._cache = memory.cache
        deleted = np.zeros(self.document_count, np.bool_)
        if entry.deletions:
            deleted[_read_deletions(directory / entry.deletions, entry)] = True
        self.live: BoolArray = ~deleted
        self.documents = DocumentStore(self.array_file)
        has_deletions = bool(entry.deletions)
        self.postings = PostingsReader(
            self.array_file, deleted if has_deletions else None, title_weight, memory
        )
        self.positions = PositionsReader(
            self.postings, self.live, has_deletions=has_deletions, memory=memory
        )

    @property
    def columns(self) -> ColumnReader:
        """The values of documents to filter and sort by."""
        return self.documents.columns

    @cached_property
    def sort_keys(self) -> SortKeyReader:
        """The keys of titles, ids and keywords to sort by."""
        from indexer.segment.sort_keys import SortKeyReader  # few searches sort

        return SortKeyReader(self.array_file, self.documents, self._cache)

    @cached_property
    def live_ids(self) -> IdArray:
        """The numbers of the live documents; int64, ascending."""
        return np.flatnonzero(self.live)

    @cached_property
    def lengths(self) -> FloatArray:
        """The length of each document in words, the title's times `title_weight`; float32."""
        return self.documents.lengths()

    def find_live(self, document_id: bytes) -> list[int]:
        """Return the numbers of the live documents with an id, which is in UTF-8.

        A committed index has at most one of each id.
        """
        return [number for number in self.documents.find(document_id) if self.live[number]]


def _read_deletions(path: Path, entry: SegmentEntry) -> UnsignedArray:
    """Return the numbers of the documents that are deleted from a segment."""
    array_file = ArrayFile(path)
    deleted: UnsignedArray = array_file.array("documents").all()
    if (
        array_file.dtype("documents") != "<u4"
        or deleted.size != entry.deleted
        or int(deleted.max(initial=0)) >= entry.documents
        or np.any(deleted[1:] <= deleted[:-1])
    ):
        raise damaged(path, f"it is not of the segment {entry.name}")
    return deleted
