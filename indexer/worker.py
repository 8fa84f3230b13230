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

    def add(self, documents: Sequence[tuple[Document, bytes]], path: Path) -> int:
        if self._segment_writer is None:
            self._segment_writer = self._factory.new()
        for document, content_hash in documents:
            self._segment_writer.add(document, content_hash)
        return self.write(path) if self._segment_writer.terms_are_full else 0

    def write(self, path: Path) -> int:
        segment_writer, self._segment_writer = self._segment_writer, None
        if segment_writer is None:
            return 0
        try:
            segment_writer.write(path)
        finally:
            segment_writer.close()
        return segment_writer.count


_worker: _Worker | None = None


def initialize(
    analyzer: Analyzer, extra: Sequence[FieldSpec], title_weight: int, term_bytes: int
) -> None:
    """Prepare this process for `add_documents`. `extra` are the extra fields of the index.

    `term_bytes` is how much memory its table of term ids may take.
    """
    global _worker  # the initializer of a process pool cannot return anything
    _worker = _Worker(
        SegmentWriterFactory(analyzer, extra, title_weight=title_weight, term_bytes=term_bytes)
    )
    gc.disable()  # documents and terms make no reference cycles
    threading.Thread(target=exit_with_parent, daemon=True).start()


def add_documents(documents: Sequence[tuple[Document, bytes]], path: Path) -> int:
    """Add documents, each with its content hash, to the segment that is being built.

    Where its terms fill their memory, it is written to `path`. Returns the number of documents
    that it then has, 0 where it is not written.
    """
    return _initialized().add(documents, path)


def write_segment(path: Path) -> int:
    """Write the documents that are not written yet to `path` as a segment; return their number."""
    return _initialized().write(path)


def _initialized() -> _Worker:
    if _worker is None:
        raise RuntimeError("this process was not prepared by indexer.worker.initialize")
    return _worker


def exit_with_parent() -> None:
    """End this process when its parent was killed; it would wait for work for ever.

    Every process of a pool holds both ends of the pipe that work comes through, so none of them
    sees it closed.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
