"""Batches: documents on their way to a segment, built here or by another process."""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

from analyzers import Analyzer
from indexer.document import Document
from indexer.fields import FieldSpec
from indexer.segment.columns import column_values
from indexer.segment.write.segment_writer import CHARACTERS_A_WORD, SegmentWriter
from indexer.segment.write.term_ids import TermIds

_CHARACTERS_AT_ONCE = 1 << 18
"""Documents are sent to another process together up to this size."""


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
        self, vocabulary: TermIds, extra: Sequence[FieldSpec], open_files: ExitStack
    ) -> None:
        super().__init__()
        self._builder = SegmentWriter(vocabulary, extra)
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
    """Hands documents to another process, which inverts them as they come."""

    def __init__(self, pool: ProcessPoolExecutor, extra: Sequence[FieldSpec]) -> None:
        super().__init__()
        self._pool = pool
        self._extra = extra
        self._characters = 0
        self._unsent: list[tuple[Document, bytes]] = []
        self._unsent_characters = 0
        self._sent: deque[Future[None]] = deque()

    def _take(self, document: Document, digest: bytes) -> int:
        values = column_values(document, self._extra)  # tells what is wrong here, not over there
        texts = (document.title, document.text, *values.texts.values())
        characters = sum(map(len, texts))
        self._characters += characters
        self._unsent.append((document, digest))
        self._unsent_characters += characters
        if self._unsent_characters >= _CHARACTERS_AT_ONCE:
            self._send()
        return int(self._characters / CHARACTERS_A_WORD)

    def _send(self) -> None:
        """Send the documents at hand; raise what went wrong with those before."""
        while self._sent and self._sent[0].done():
            self._sent.popleft().result()
        self._sent.append(self._pool.submit(_add, self._unsent, self._extra))
        self._unsent = []
        self._unsent_characters = 0

    def start(self, path: Path) -> None:
        self._send()
        self._sent.append(self._pool.submit(_write, path))

    def finish(self) -> None:
        while self._sent:
            self._sent.popleft().result()


class Batches(Protocol):
    """Makes batches. `max_in_flight` is how many may be written at once, beside the one filled."""

    max_in_flight: int

    def new(self) -> Batch:
        """Return an empty batch."""
        ...

    def close(self) -> None:
        """Let go of files and processes; what is not finished is dropped."""
        ...


class LocalBatches:
    """Batches that are inverted in this process."""

    max_in_flight = 0

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
    """Batches that are inverted by a number of processes in turn; this one only reads and sends."""

    def __init__(self, analyzer: Analyzer, extra: Sequence[FieldSpec], processes: int) -> None:
        self.max_in_flight = processes - 1
        self._extra = extra
        # A pool for each process, as all documents of a batch must go to the same one. A fork would
        # copy the locks of other threads (tqdm has one) in any state.
        context = multiprocessing.get_context("spawn")
        self._pools = deque(
            ProcessPoolExecutor(1, context, _start, (analyzer,)) for _ in range(processes)
        )

    def new(self) -> Batch:
        """Return an empty batch."""
        self._pools.rotate(-1)
        return _SentBatch(self._pools[-1], self._extra)

    def close(self) -> None:
        """End the processes."""
        for pool in self._pools:
            pool.shutdown(cancel_futures=True)


class _Words:
    """The vocabulary of batch after batch, until it is full."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._vocabulary = TermIds(analyzer)

    def vocabulary(self) -> TermIds:
        """Return a vocabulary with room for more words."""
        if self._vocabulary.is_full:
            self._vocabulary = TermIds(self._analyzer)
        return self._vocabulary


_words: _Words | None = None
"""The words of a process of a pool."""

_builder: SegmentWriter | None = None
"""The segment that it makes of the documents sent so far."""


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


def _add(documents: Sequence[tuple[Document, bytes]], extra: Sequence[FieldSpec]) -> None:
    """Take the next documents of a batch, in a process of a pool."""
    global _builder
    if _builder is None:
        words = _words or _Words(Analyzer())
        _builder = SegmentWriter(words.vocabulary(), extra)
    for document, digest in documents:
        _builder.add(document, digest)


def _write(path: Path) -> None:
    """Write the documents of a batch as a segment, in a process of a pool."""
    global _builder
    builder, _builder = _builder, None
    if builder is not None:
        try:
            builder.write(path)
        finally:
            builder.close()
