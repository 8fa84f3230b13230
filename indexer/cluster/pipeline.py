"""The way of documents to a cluster: they are encoded in batches, here or in other processes, and sent.

The words of a batch are sent before its documents, and after those of all batches before it: what was
not sent because of an error lacks documents, never words. Documents of several batches are sent at the
same time.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import NamedTuple

from analyzers import Analyzer
from indexer.cluster.bulk import BulkSender, Operation
from indexer.cluster.encoding import DocumentEncoder, EncodedDocument, document_key
from indexer.cluster.mapping import words_index
from indexer.errors import ClusterError, WorkerError
from indexer.fields import FieldMap
from indexer.worker import exit_with_parent

REQUESTS = 4
"""Bulk requests of documents that are sent at the same time."""


class Addition(NamedTuple):
    """A document to send, and what becomes of it, as `ClusterWriter.upsert` says."""

    encoded: EncodedDocument
    outcome: str


class Operations(NamedTuple):
    """What is sent of a batch: its new words, and its documents."""

    words: list[Operation]
    documents: list[Operation]


class BatchEncoder:
    """Makes the operations of batches of documents for one index."""

    def __init__(self, analyzer: Analyzer, fields: FieldMap, title_weight: int, index: str) -> None:
        self._encoder = DocumentEncoder(analyzer, fields, title_weight)
        self._index = index
        self._words_action = f'{{"create":{{"_index":{json.dumps(words_index(index))},"_id":'

    def encode(self, batch: Sequence[Addition]) -> Operations:
        """Return the operations of a batch. Raises RecordError."""
        bodies = self._encoder.encode([each.encoded for each in batch])
        documents = []
        for each, body in zip(batch, bodies, strict=True):
            document = each.encoded.document
            action = {"index": {"_index": self._index, "_id": document_key(document.id)}}
            lines = as_line(action) + as_line(body)
            documents.append(Operation(lines, document.where, each.outcome))
        words = [
            Operation(
                f"{self._words_action}{json.dumps(word.key, ensure_ascii=False)}}}}}\n{word.entry}",
                "a word",
            )
            for word in self._encoder.take_words()
        ]
        return Operations(words, documents)


class Pipeline:
    """Encodes and sends batches, some of them at the same time. Not for several threads at once.

    With several `processes` they encode, else this one does.
    """

    def __init__(
        self,
        sender: BulkSender,
        analyzer: Analyzer,
        fields: FieldMap,
        title_weight: int,
        index: str,
        processes: int,
    ) -> None:
        self._sender = sender
        self._pool: ProcessPoolExecutor | None = None
        state = (analyzer, fields, title_weight, index)
        if processes > 1:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(processes, context, _initialize, state)
        else:
            self._encoder = BatchEncoder(*state)
        self._most = REQUESTS + processes
        self._of_words = ThreadPoolExecutor(1, "searchd-words")
        self._of_documents = ThreadPoolExecutor(REQUESTS, "searchd-bulk")
        self._under_way: deque[Future[Future[None]]] = deque()
        self._failed = threading.Event()

    def add(self, batch: Sequence[Addition], deletions: Sequence[Operation] = ()) -> None:
        """Encode and send a batch and some deletions, while the next is prepared.

        Raises RecordError, WorkerError, and the ClusterError of one that was sent before.
        """
        while len(self._under_way) >= self._most:
            self._finish_one()
        if self._pool is None:
            operations = self._encoder.encode(batch)
            encoded = lambda: operations  # noqa: E731
        else:
            encoded = self._pool.submit(_encode, list(batch)).result
        self._under_way.append(self._of_words.submit(self._send, encoded, list(deletions)))

    def wait(self) -> None:
        """Wait until everything has arrived. Raises like `add`."""
        while self._under_way:
            self._finish_one()

    def close(self) -> None:
        """Give up what is not sent yet, and end the processes and threads."""
        self._failed.set()
        self._sender.stop()
        self._of_words.shutdown(cancel_futures=True)
        self._of_documents.shutdown(cancel_futures=True)
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def _finish_one(self) -> None:
        try:
            self._under_way.popleft().result().result()
        except BrokenProcessPool as error:
            raise WorkerError(
                "a process that analysed documents was killed, perhaps by the system for want of "
                "memory, or it could not start; what was sent stays, and the same command sends the "
                "rest; use fewer processes (--processes), and guard the start of a program of your "
                "own with 'if __name__ == \"__main__\"'"
            ) from error

    def _send(self, encoded: Callable[[], Operations], deletions: list[Operation]) -> Future[None]:
        """Send the words of a batch, and begin with its documents. Runs in the thread of words."""
        try:
            operations = encoded()
            if self._failed.is_set():
                raise ClusterError("a batch before this one was not sent")
            self._sender.send(operations.words)
        except BaseException:
            self._failed.set()
            raise
        return self._of_documents.submit(self._sender.send, [*operations.documents, *deletions])


_encoder: BatchEncoder | None = None


def _initialize(analyzer: Analyzer, fields: FieldMap, title_weight: int, index: str) -> None:
    """Prepare a process for `_encode`."""
    global _encoder  # the initializer of a process pool cannot return anything
    _encoder = BatchEncoder(analyzer, fields, title_weight, index)
    gc.disable()  # documents and terms make no reference cycles
    threading.Thread(target=exit_with_parent, daemon=True).start()


def _encode(batch: Sequence[Addition]) -> Operations:
    assert _encoder is not None
    return _encoder.encode(batch)


def as_line(value: object) -> str:
    """Return a value as a line of JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
