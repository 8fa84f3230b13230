"""Batches: the documents of one new segment, inverted in this process or by a worker process."""

from __future__ import annotations

import multiprocessing
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Protocol

from analyzers import Analyzer
from indexer import worker
from indexer.document import Document
from indexer.errors import WorkerError
from indexer.fields import FieldSpec
from indexer.segment.columns import column_values
from indexer.segment.write.segment_writer import (
    CHARACTERS_PER_WORD,
    SegmentWriter,
    SegmentWriterFactory,
)

_CHARACTERS_PER_MESSAGE = 1 << 18
"""Documents are sent to a worker process together, up to about this many characters."""


_BYTES_PER_WORD = 30
"""Memory that a running word takes at most while a batch is inverted, in bytes; measured."""

_BYTES_PER_DOCUMENT = 500
"""Memory of the number, the id, the hash and the stored fields of a document; measured."""

_BYTES_PER_VALUE = 150
_BYTES_PER_CHARACTER = 4
"""Memory of the value of an extra field, and of a character of what is stored beside the text."""

_TERM_BYTES_OF_MEMORY = 5 / 8
_LEAST_TERM_BYTES = 16_000_000
"""The part of the memory of a batch that its table of term ids may have beside it, and the least."""


def term_bytes(memory: int) -> int:
    """Return the memory of the table of term ids of a process, of that of its batch; in bytes."""
    return max(int(memory * _TERM_BYTES_OF_MEMORY), _LEAST_TERM_BYTES)


class WrittenSegment(NamedTuple):
    """A segment that was written: its path, and how many documents it has."""

    path: Path
    document_count: int


class Batch(ABC):
    """The documents of one new segment, numbered from 0 in the order in which they were added.

    `numbers`: the number of the last document with each id (in UTF-8).
    `content_hashes`: the content hash of each document.
    `deleted`: the numbers of the documents that were replaced or deleted since.
    `memory`: about how many bytes the documents take until they are written, without the table of
    term ids.
    """

    def __init__(self) -> None:
        self.numbers: dict[bytes, int] = {}
        self.content_hashes: list[bytes] = []
        self.deleted: set[int] = set()
        self.memory = 0
        self._stored_bytes = 0

    @property
    def terms_are_full(self) -> bool:
        """Whether the table of term ids is full, so that the batch should be written."""
        return False

    @property
    def document_count(self) -> int:
        """The number of documents added so far, those deleted since among them."""
        return len(self.content_hashes)

    def add(self, document: Document, content_hash: bytes) -> None:
        """Add a document. Raises RecordError for one that cannot be stored."""
        words = self._add(document, content_hash)
        self._stored_bytes += _stored_bytes(document)
        self.memory = words * _BYTES_PER_WORD + self._stored_bytes
        self.numbers[document.id.encode()] = self.document_count
        self.content_hashes.append(content_hash)

    @abstractmethod
    def _add(self, document: Document, content_hash: bytes) -> int:
        """Add a document; return about how many words all documents have."""

    @abstractmethod
    def start_writing(self, path: Path) -> None:
        """Start to write the documents to `path` as a segment. No document is added after."""

    @abstractmethod
    def wait_until_written(self) -> list[WrittenSegment]:
        """Return the segments of the batch, in the order of its documents, when they are written.

        There are several where a worker process ran out of memory for terms. Raises what adding or
        writing raised.
        """


def ordinal_of(
    number: int, deleted: set[int], counts: Iterable[tuple[set[int], int]]
) -> int | None:
    """Return how many documents came before one, None where it is in none of some batches.

    It has `number` in its batch, which `deleted` is the set of. `counts` has the set of each batch in
    order, and how many documents it has.
    """
    for other, count in counts:
        if other is deleted:
            return number
        number += count
    return None


def _stored_bytes(document: Document) -> int:
    """Return about how many bytes a document takes in memory beside its words and its text."""
    size = _BYTES_PER_DOCUMENT
    characters = len(document.id) + len(document.title) + len(document.url)
    for value in document.fields.values():
        size += _BYTES_PER_VALUE
        match value:
            case str():
                characters += len(value)
            case tuple() | list():
                size += _BYTES_PER_VALUE * len(value)
                characters += sum(map(len, value))
    return size + characters * _BYTES_PER_CHARACTER


class _InProcessBatch(Batch):
    """Inverts documents in this process, as they are added."""

    def __init__(self, segment_writer: SegmentWriter) -> None:
        super().__init__()
        self._segment_writer = segment_writer
        self._written: list[WrittenSegment] = []

    def _add(self, document: Document, content_hash: bytes) -> int:
        self._segment_writer.add(document, content_hash)
        return self._segment_writer.words

    @property
    def terms_are_full(self) -> bool:
        return self._segment_writer.terms_are_full

    def start_writing(self, path: Path) -> None:
        self._segment_writer.write(path)
        self._segment_writer.close()
        self._written.append(WrittenSegment(path, self.document_count))

    def wait_until_written(self) -> list[WrittenSegment]:
        return self._written


class _WorkerBatch(Batch):
    """Sends documents to a worker process, which inverts them as they arrive."""

    def __init__(
        self, pool: ProcessPoolExecutor, extra: Sequence[FieldSpec], new_path: Callable[[], Path]
    ) -> None:
        super().__init__()
        self._pool = pool
        self._new_path = new_path
        self._extra = extra
        self._characters = 0
        self._unsent: list[tuple[Document, bytes]] = []
        self._unsent_characters = 0
        self._sent: deque[tuple[Path, Future[int]]] = deque()
        self._written: list[WrittenSegment] = []

    def _add(self, document: Document, content_hash: bytes) -> int:
        values = column_values(document, self._extra)  # raises RecordError here, not in the worker
        texts = (document.title, document.text, *values.texts.values())
        characters = sum(map(len, texts))
        self._characters += characters
        self._unsent.append((document, content_hash))
        self._unsent_characters += characters
        if self._unsent_characters >= _CHARACTERS_PER_MESSAGE:
            self._send()
        return int(self._characters / CHARACTERS_PER_WORD)

    def _send(self) -> None:
        """Send the documents at hand. Raises what went wrong with those sent before."""
        with _reporting_lost_processes():
            while self._sent and self._sent[0][1].done():
                self._receive()
            path = self._new_path()  # for the case that the terms are full
            self._sent.append((path, self._pool.submit(worker.add_documents, self._unsent, path)))
        self._unsent = []
        self._unsent_characters = 0

    def _receive(self) -> None:
        """Wait for the oldest answer: how many documents were written to the path that was sent."""
        path, answer = self._sent.popleft()
        count = answer.result()
        if count:
            self._written.append(WrittenSegment(path, count))

    def start_writing(self, path: Path) -> None:
        self._send()
        with _reporting_lost_processes():
            self._sent.append((path, self._pool.submit(worker.write_segment, path)))

    def wait_until_written(self) -> list[WrittenSegment]:
        with _reporting_lost_processes():
            while self._sent:
                self._receive()
        return self._written


@contextmanager
def _reporting_lost_processes() -> Iterator[None]:
    """Raise WorkerError where a worker process has ended."""
    try:
        yield
    except BrokenProcessPool as error:
        raise WorkerError(
            "a process that wrote a part of the index was killed, perhaps by the system for want of "
            "memory, or it could not start; nothing was changed; use less memory (--memory) or "
            "fewer processes (--processes), and guard the start of a program of your own with "
            "'if __name__ == \"__main__\"'"
        ) from error


class BatchFactory(Protocol):
    """Makes the batches of one writer.

    `max_in_flight` is how many batches may be written while the next one is filled.
    """

    max_in_flight: int

    def new(self) -> Batch:
        """Return an empty batch."""
        ...

    def close(self) -> None:
        """Close temporary files and end worker processes, abandoning unfinished batches."""
        ...


class InProcessBatches:
    """Makes batches that are inverted in this process."""

    max_in_flight = 0

    def __init__(
        self, analyzer: Analyzer, extra: Sequence[FieldSpec], title_weight: int, memory: int
    ) -> None:
        self._segment_writers = SegmentWriterFactory(
            analyzer, extra, title_weight=title_weight, term_bytes=term_bytes(memory)
        )
        self._last: SegmentWriter | None = None  # the others are written, and hold much memory

    def new(self) -> Batch:
        """Return an empty batch, after the last one was written."""
        self._last = self._segment_writers.new()
        return _InProcessBatch(self._last)

    def close(self) -> None:
        """Close temporary files."""
        if self._last is not None:
            self._last.close()


class WorkerBatches:
    """Makes batches that worker processes invert in turn; this process only reads and sends."""

    def __init__(
        self,
        new_path: Callable[[], Path],
        analyzer: Analyzer,
        extra: Sequence[FieldSpec],
        title_weight: int,
        memory: int,
        processes: int,
    ) -> None:
        self.max_in_flight = processes - 1
        self._new_path = new_path
        self._extra = extra
        # A pool for each process, because all documents of a batch must go to the same one. A
        # fork would copy the locks of other threads (tqdm has one) in whatever state they are.
        context = multiprocessing.get_context("spawn")
        state = (analyzer, extra, title_weight, term_bytes(memory))
        self._pools = deque(
            ProcessPoolExecutor(1, context, worker.initialize, state) for _ in range(processes)
        )

    def new(self) -> Batch:
        """Return an empty batch, for the next process in turn."""
        self._pools.rotate(-1)
        return _WorkerBatch(self._pools[-1], self._extra, self._new_path)

    def close(self) -> None:
        """End the worker processes, abandoning what they have not finished."""
        for pool in self._pools:
            pool.shutdown(cancel_futures=True)
