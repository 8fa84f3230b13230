"""Snapshots: one generation of an index, opened for reading and safe to share between threads."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import numpy as np

from indexer import generation as generations
from indexer.fields import FieldSpec, FieldType
from indexer.generation import Generation
from indexer.segment.cache import SizedCache
from indexer.segment.segment import Segment

_LEAST_MEMORY = 16_000_000
_SCORES_OF_A_DOCUMENT = 1200
_POSTINGS_OF_A_DOCUMENT = 500
"""Bytes for each document of what was computed and of what was read that are remembered."""


class Snapshot:
    """The segments of the current generation, which stay readable whatever is committed later.

    `segments` are those that hold documents, in order; `bases` has the number of the first
    document of each, counted over the whole snapshot. `memory` is for what a search computes of
    the whole snapshot, such as the scores of a word.
    """

    def __init__(
        self, directory: Path, *, analysis: str | None = None, previous: Snapshot | None = None
    ) -> None:
        """Open the current generation; where `analysis` is given the index must be made by it.

        Segments that `previous`, an older snapshot of the same directory, has open are shared.
        Raises IndexMissingError, IndexMismatchError, IndexDamagedError or IndexAccessError.
        """
        self.directory = directory
        self._memory: SizedCache = previous._memory if previous else SizedCache(_LEAST_MEMORY)
        while True:
            self._stamp = generations.commit_stamp(directory)
            self.generation = generations.read(directory)
            if analysis is not None:
                self.generation.check_analysis(analysis, directory)
            try:
                self.segments = _open(directory, self.generation, previous, self._memory)
                break
            except FileNotFoundError as error:
                if self.is_current():
                    raise generations.missing_file_error(directory, error) from error
                # A writer replaced the generation while it was being opened.
        self._memory.retain({segment.name for segment in self.segments})
        counts = [segment.document_count for segment in self.segments]
        self.bases: list[int] = np.cumsum([0, *counts])[:-1].tolist()
        documents = sum(counts)
        self._memory.capacity = max(_LEAST_MEMORY, _POSTINGS_OF_A_DOCUMENT * documents)
        self.memory = SizedCache(max(_LEAST_MEMORY, _SCORES_OF_A_DOCUMENT * documents))
        self._vocabularies: dict[tuple[str, str], list[str]] = {}

    @cached_property
    def document_count(self) -> int:
        """The number of live documents."""
        return sum(int(segment.live_ids.size) for segment in self.segments)

    @cached_property
    def mean_length(self) -> float:
        """The mean length of live documents in words, those of the title counted with weight."""
        total = sum(
            float(segment.lengths[segment.live].sum(dtype=np.float64)) for segment in self.segments
        )
        return total / self.document_count if self.document_count else 0.0

    @property
    def extra_fields(self) -> tuple[FieldSpec, ...]:
        """The fields beside the standard ones."""
        return self.generation.fields.extra

    def field_type(self, name: str) -> FieldType | None:
        """Return the type of a field that can be searched, filtered or sorted by, or None."""
        if name in ("title", "text"):
            return FieldType.TEXT
        if name == "date":
            return FieldType.DATE
        return next((spec.type for spec in self.extra_fields if spec.name == name), None)

    def document_frequency(self, field: str, level: str, term: str) -> int:
        """Return the number of live documents that hold a term."""
        return self.memory.get_or_compute(
            (field, level, term),
            lambda: sum(seg.document_frequency(field, level, term) for seg in self.segments),
            lambda _count: 0,
        )

    def terms(self, field: str, level: str, prefix: str = "") -> list[str]:
        """Return the distinct terms of a field that begin with `prefix`, in code point order.

        Terms that only deleted documents hold are among them until their segment is merged.
        """
        lists = [segment.terms(field, level, prefix) for segment in self.segments]
        return lists[0] if len(lists) == 1 else sorted(set().union(*lists))

    def vocabulary(self, field: str, level: str) -> list[str]:
        """Return all terms of a field, in code point order; they are read once."""
        key = (field, level)
        if key not in self._vocabularies:
            self._vocabularies[key] = self.terms(field, level)
        return self._vocabularies[key]

    def is_current(self) -> bool:
        """Tell whether no newer generation has been committed."""
        return generations.commit_stamp(self.directory) == self._stamp


def _open(
    directory: Path,
    generation: Generation,
    previous: Snapshot | None,
    memory: SizedCache,
) -> list[Segment]:
    shared = {segment.entry: segment for segment in previous.segments} if previous else {}
    weight = generation.title_weight
    return [
        shared.get(entry) or Segment(directory, entry, memory, title_weight=weight)
        for entry in generation.segments
        if entry.documents > entry.deleted
    ]
