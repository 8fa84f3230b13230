"""Batches: documents on their way to a segment, built here or by another process."""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
from abc import ABC, abstractmethod
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

from analyzers import Analyzer
from indexer.document import Document
from indexer.fields import FieldSpec
from indexer.segment.building import SegmentBuilder
from indexer.segment.inversion import Vocabulary
from indexer.segment.values import column_values

_BYTES_A_WORD = 9
"""Bytes of UTF-8 for a word of Arabic and the space after it (about)."""


class Batch(ABC):
    """The documents of one segment to be: where each id is, and which were replaced since."""

    def __init__(self) -> None:
        self.numbers: dict[bytes, int] = {}
        self.hashes: list[bytes] = []
        self.deleted: set[int] = set()
        self.words = 0

    @property
    def count(self) -> int:
        """The number of documents taken so far."""
        return len(self.hashes)

    def add(self, document: Document, digest: bytes) -> None:
        """Take the next document. Raises RecordError for one that cannot be stored."""
        self.words = self._take(document, digest)
        self.numbers[document.id.encode()] = self.count
        self.hashes.append(digest)

    @abstractmethod
    def _take(self, document: Document, digest: bytes) -> int:
        """Take a document; return the words of all so far."""

    @abstractmethod
    def start(self, path: Path) -> None:
        """Begin to write the segment."""

    @abstractmethod
    def finish(self) -> None:
        """Return when the segment is written; raise what writing it raised."""


class _LocalBatch(Batch):
    """Inverts documents as they come."""

    def __init__(
        self, vocabulary: Vocabulary, extra: Sequence[FieldSpec], open_files: ExitStack
    ) -> None:
        super().__init__()
        self._builder = SegmentBuilder(vocabulary, extra)
        open_files.callback(self._builder.close)

    def _take(self, document: Document, digest: bytes) -> int:
        self._builder.add(document, digest)
        return self._builder.words

    def start(self, path: Path) -> None:
        self._builder.write(path)
        self._builder.close()

    def finish(self) -> None:
        pass  # `start` has written it


class _SentBatch(Batch):
    """Collects documents for a process of a pool."""

    def __init__(self, pool: ProcessPoolExecutor, extra: Sequence[FieldSpec]) -> None:
        super().__init__()
        self._pool = pool
        self._extra = extra
        self._documents: list[tuple[Document, bytes]] = []
        self._writing: Future[None] | None = None

    def _take(self, document: Document, digest: bytes) -> int:
        column_values(document, self._extra)  # says what is wrong here, not in another process
        self._documents.append((document, digest))
        return self.words + (2 * len(document.title) + 2 * len(document.text)) // _BYTES_A_WORD

    def start(self, path: Path) -> None:
        self._writing = self._pool.submit(_build, path, self._documents, self._extra)
        self._documents = []

    def finish(self) -> None:
        if self._writing is not None:
            self._writing.result()


class Batches(Protocol):
    """Makes batches. `most_waiting` is how many may be written at once, beside the one filled."""

    most_waiting: int

    def new(self) -> Batch:
        """Return an empty batch."""
        ...

    def close(self) -> None:
        """Let go of files and processes; what is not finished is dropped."""
        ...


class LocalBatches:
    """Batches that are inverted in this process."""

    most_waiting = 0

    def __init__(self, analyzer: Analyzer, extra: Sequence[FieldSpec]) -> None:
        self._words = _Words(analyzer)
        self._extra = extra
        self._open_files = ExitStack()

    def new(self) -> Batch:
        """Return an empty batch."""
        return _LocalBatch(self._words.vocabulary(), self._extra, self._open_files)

    def close(self) -> None:
        """Let go of temporary files."""
        self._open_files.close()


class ProcessBatches:
    """Batches that are inverted by a number of processes; this one only reads and sends."""

    def __init__(self, analyzer: Analyzer, extra: Sequence[FieldSpec], processes: int) -> None:
        self.most_waiting = processes
        self._extra = extra
        # A fork would copy the locks of other threads (tqdm has one) in any state.
        self._pool = ProcessPoolExecutor(
            processes, multiprocessing.get_context("spawn"), _start, (analyzer,)
        )

    def new(self) -> Batch:
        """Return an empty batch."""
        return _SentBatch(self._pool, self._extra)

    def close(self) -> None:
        """End the processes."""
        self._pool.shutdown(cancel_futures=True)


class _Words:
    """The vocabulary of batch after batch, until it is full."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._vocabulary = Vocabulary(analyzer)

    def vocabulary(self) -> Vocabulary:
        """Return a vocabulary with room for more words."""
        if self._vocabulary.is_full:
            self._vocabulary = Vocabulary(self._analyzer)
        return self._vocabulary


_words: _Words | None = None
"""The words of a process of the pool."""


def _start(analyzer: Analyzer) -> None:
    global _words  # a process of a pool is given state in no other way
    _words = _Words(analyzer)
    gc.disable()  # documents and words make no cycles
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process when the writer's was killed: it would wait for work for ever.

    Each process of the pool holds both ends of the pipe that work comes through, so none of them
    sees it end.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _build(
    path: Path, documents: Sequence[tuple[Document, bytes]], extra: Sequence[FieldSpec]
) -> None:
    words = _words or _Words(Analyzer())
    builder = SegmentBuilder(words.vocabulary(), extra)
    try:
        for document, digest in documents:
            builder.add(document, digest)
        builder.write(path)
    finally:
        builder.close()
