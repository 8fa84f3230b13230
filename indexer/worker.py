"""What runs in a worker process of a writer: it builds one segment at a time.

The process that writes the index reads the documents and sends them here. All state of a worker
lies in one module-level object, since a process pool can hand state to its processes in no other
way; it ends with the process.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
from collections.abc import Sequence
from pathlib import Path

from analyzers import Analyzer
from indexer.document import Document
from indexer.fields import FieldSpec
from indexer.segment.write.segment_writer import SegmentWriter, SegmentWriterFactory


class _Worker:
    """The segment that this process is building, and what makes the next one."""

    def __init__(self, factory: SegmentWriterFactory) -> None:
        self._factory = factory
        self._segment_writer: SegmentWriter | None = None

    def add(self, documents: Sequence[tuple[Document, bytes]]) -> None:
        if self._segment_writer is None:
            self._segment_writer = self._factory.new()
        for document, content_hash in documents:
            self._segment_writer.add(document, content_hash)

    def write(self, path: Path) -> None:
        segment_writer, self._segment_writer = self._segment_writer, None
        if segment_writer is not None:
            try:
                segment_writer.write(path)
            finally:
                segment_writer.close()


_worker: _Worker | None = None


def initialize(analyzer: Analyzer, extra: Sequence[FieldSpec], title_weight: int) -> None:
    """Prepare this process for `add_documents`. `extra` are the extra fields of the index."""
    global _worker  # the initializer of a process pool cannot return anything
    _worker = _Worker(SegmentWriterFactory(analyzer, extra, title_weight=title_weight))
    gc.disable()  # documents and terms make no reference cycles
    threading.Thread(target=_exit_with_parent, daemon=True).start()


def add_documents(documents: Sequence[tuple[Document, bytes]]) -> None:
    """Add documents, each with its content hash, to the segment that is being built."""
    _initialized().add(documents)


def write_segment(path: Path) -> None:
    """Write the documents added since the last call to `path` as a segment."""
    _initialized().write(path)


def _initialized() -> _Worker:
    if _worker is None:
        raise RuntimeError("this process was not prepared by indexer.worker.initialize")
    return _worker


def _exit_with_parent() -> None:
    """End this process when its parent was killed; it would wait for work for ever.

    Every process of a pool holds both ends of the pipe that work comes through, so none of them
    sees it closed.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
