"""Candidates: documents that a cluster found, as a segment that is searched like any other."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

from analyzers import Analyzer
from indexer.cluster.encoding import decode
from indexer.generation import Generation, SegmentEntry
from indexer.segment.reader_memory import ReaderMemory
from indexer.segment.segment import SEGMENT_SUFFIX, Segment
from indexer.segment.write.segment_writer import SegmentWriterFactory
from indexer.segment.write.term_ids import WantedTerms

_TERM_BYTES = 64_000_000
"""Memory for the words of candidates of earlier searches, so that they need not be analysed again."""


class CandidateSegments:
    """Makes segments of the documents that a cluster found. Threads may share it."""

    def __init__(self, analyzer: Analyzer, generation: Generation) -> None:
        self._title_weight = generation.title_weight
        self._made_for = (analyzer, generation.fields, generation.title_weight)
        self._factory = SegmentWriterFactory(
            analyzer,
            generation.fields.extra,
            title_weight=generation.title_weight,
            term_bytes=_TERM_BYTES,
        )
        self._lock = threading.Lock()
        self._folder = tempfile.TemporaryDirectory(prefix="searchd-", ignore_cleanup_errors=True)
        self._numbers = count()

    def fits(self, analyzer: Analyzer, generation: Generation) -> bool:
        """Whether segments of an index are made like this."""
        return self._made_for == (analyzer, generation.fields, generation.title_weight)

    def make(
        self,
        sources: Sequence[Any],
        memory: ReaderMemory | None = None,
        wanted: WantedTerms | None = None,
    ) -> Segment:
        """Return a segment of stored documents, in this order, to look up all or `wanted` terms.

        Raises IndexDamagedError.
        """
        folder = Path(self._folder.name)
        name = f"{next(self._numbers)}{SEGMENT_SUFFIX}"
        with self._lock:
            writer = self._factory.new()
            try:
                for source in sources:
                    writer.add(*decode(source))
                writer.write(folder / name, durable=False, wanted=wanted)
            finally:
                writer.close()
        entry = SegmentEntry(name, len(sources))
        segment = Segment(folder, entry, title_weight=self._title_weight, memory=memory)
        with suppress(
            OSError
        ):  # where the map does not keep a file, the folder goes with the engine
            (folder / name).unlink()
        return segment

    def close(self) -> None:
        """Remove the folder of the segments; those that are open stay readable."""
        self._folder.cleanup()
