"""Snapshots: one generation of an index, opened for reading and safe to share between threads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

import numpy as np

from indexer import generation as generations
from indexer.damage import reporting_damage
from indexer.errors import IndexDamagedError
from indexer.fields import STANDARD_FIELDS, FieldSpec, FieldType
from indexer.generation import Generation
from indexer.lookups import Lookup
from indexer.segment.cache import CacheRegion, no_bytes
from indexer.segment.layout import check_fields
from indexer.segment.postings_reader import LevelTerm
from indexer.segment.reader_memory import ReaderMemory
from indexer.segment.segment import Segment
from indexer.segment.term_scan import Pause, TermShape, no_pause

_MINIMUM_CAPACITY = 32_000_000
_CAPACITY_PER_DOCUMENT = 1700
"""Bytes of the cache: its minimum, and the bytes for each document of the index."""


class Snapshot:
    """The segments of one generation, which stay readable whatever is committed later.

    `segments` are those with live documents, in the order of the index; `bases` has the number of
    documents in the segments before each. `memory` is shared with the
    snapshots of earlier and later generations of the same directory.
    """

    def __init__(
        self,
        directory: Path,
        *,
        analysis: str | None = None,
        title_weight: int | None = None,
        previous: Snapshot | None = None,
        memory_limit: int | None = None,
    ) -> None:
        """Open the current generation.

        Where `analysis` (a fingerprint) or `title_weight` is given, the index must be made with it.
        Segments that are open in `previous`, an older snapshot of the same directory, are shared.
        `memory_limit` bounds what is cached, in bytes; by default it grows with the index.
        Raises IndexMissingError, IndexMismatchError, IndexDamagedError or IndexAccessError.
        """
        self.directory = directory
        self.memory: ReaderMemory = previous.memory if previous else ReaderMemory(_MINIMUM_CAPACITY)
        while True:
            self._commit_stamp = generations.commit_stamp(directory)
            self.generation = generations.read(directory)
            if analysis is not None:
                self.generation.check_analysis(analysis, directory)
            if title_weight is not None:
                self.generation.check_title_weight(title_weight, directory)
            try:
                self.segments = _open(directory, self.generation, previous, self.memory)
                break
            except FileNotFoundError as error:
                if self.is_current():
                    raise generations.missing_file_error(directory, error) from error
                # A writer replaced the generation while it was being opened.
        self._was_examined = False
        self._damage: IndexDamagedError | None = None
        counts = [segment.document_count for segment in self.segments]
        self.bases: list[int] = np.cumsum([0, *counts])[:-1].tolist()
        cache = self.memory.cache
        usual = max(_MINIMUM_CAPACITY, _CAPACITY_PER_DOCUMENT * sum(counts))
        cache.capacity = usual if memory_limit is None else memory_limit
        self._frequencies: CacheRegion[LevelTerm, int] = cache.region(no_bytes)

    @cached_property
    def document_count(self) -> int:
        """The number of live documents."""
        return sum(int(segment.live_ids.size) for segment in self.segments)

    @cached_property
    def mean_length(self) -> float:
        """The mean length of live documents in words; a title's words count title weight times."""
        total = sum(
            float(segment.lengths[segment.live].sum(dtype=np.float64)) for segment in self.segments
        )
        return total / self.document_count if self.document_count else 0.0

    @property
    def extra_fields(self) -> tuple[FieldSpec, ...]:
        """The fields besides title, text and date."""
        return self.generation.fields.extra

    @cached_property
    def fields(self) -> Mapping[str, FieldType]:
        """The fields that a query may name, with their types."""
        standard = ("title", "text", "date", "id")
        extra = {spec.name: spec.type for spec in self.extra_fields}
        return {name: STANDARD_FIELDS[name] for name in standard} | extra

    def field_type(self, name: str) -> FieldType | None:
        """Return the type of a field that can be searched, filtered or sorted by, or None."""
        if name in ("title", "text"):
            return FieldType.TEXT
        if name == "date":
            return FieldType.DATE
        return next((spec.type for spec in self.extra_fields if spec.name == name), None)

    def document_frequency(self, field: str, level: str, term: str) -> int:
        """Return the number of live documents that contain a term."""
        return self._frequencies.get_or_compute(
            (field, level, term),
            lambda: sum(
                segment.postings.document_frequency(field, level, term) for segment in self.segments
            ),
        )

    def documents_with(self, lookup: Lookup, counted: int) -> int:  # noqa: ARG002
        """Return the number of documents of the whole index that a lookup finds.

        `counted` are those in the open segments, which are all of an index in a directory.
        """
        return counted

    def stems_like(self, field: str, stem: str, least: float) -> Mapping[str, float] | None:  # noqa: ARG002
        """Return the other stems with a likeness of `least` or more, None where segments have them."""
        return None

    def terms_of_shape(
        self, field: str, level: str, shape: TermShape, pause: Pause = no_pause
    ) -> Iterator[str]:
        """Yield the terms of a field that may have a shape; a term may come more than once.

        Terms that only deleted documents contain are among them until their segment is merged.
        `pause` is called every few milliseconds, and may raise.
        """
        for segment in self.segments:
            yield from segment.postings.terms_of_shape(field, level, shape, pause)

    def terms_near(
        self, field: str, level: str, word: str, distance: int, pause: Pause = no_pause
    ) -> Iterator[str]:
        """Yield the terms of a field that may be within an edit distance of a word, as above."""
        for segment in self.segments:
            yield from segment.postings.terms_near(field, level, word, distance, pause)

    def find_document(self, document_id: str) -> tuple[int, int] | None:
        """Return the place of the live document with an id, None where there is none.

        The first is the index of its segment, the second its number in that.
        """
        wanted = document_id.encode("utf-8", "surrogatepass")  # no index holds a lone surrogate
        for number, segment in enumerate(self.segments):
            for found in segment.find_live(wanted):
                return number, found
        return None

    def find_damage(self) -> IndexDamagedError | None:
        """Return what is damaged in the files of the open segments, None for nothing.

        It reads all of them, once: to be asked after an error that nothing else explains.
        """
        if not self._was_examined:
            from indexer.check.index_check import find_damage

            self._damage = find_damage(self.generation, self.segments)
            self._was_examined = True
        return self._damage

    def is_current(self) -> bool:
        """Return whether no newer generation has been committed."""
        return generations.commit_stamp(self.directory) == self._commit_stamp


def _open(
    directory: Path, generation: Generation, previous: Snapshot | None, memory: ReaderMemory
) -> list[Segment]:
    shared = {segment.entry: segment for segment in previous.segments} if previous else {}
    segments = []
    for entry in generation.segments:
        if entry.documents > entry.deleted:
            found = shared.get(entry)
            if found is None:
                with reporting_damage(directory / entry.name):
                    found = Segment(
                        directory, entry, title_weight=generation.title_weight, memory=memory
                    )
                    check_fields(found.array_file, generation.fields)
            segments.append(found)
    return segments
