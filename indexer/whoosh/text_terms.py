"""The words of text fields as terms, on one level, with weights, lengths and positions.

In a field of both, the text stands behind the title, and no phrase runs from one into the other:
its positions begin TITLE_GAP behind the last word of the title, or at 0 where there is no title.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from heapq import merge
from itertools import groupby

import numpy as np

from indexer.segment.postings import Postings
from indexer.segment.segment import DEFAULT_FIELD, Segment
from indexer.segment.sorted_arrays import IdArray, run_starts
from indexer.whoosh.schema import WordField
from indexer.whoosh.term_source import TermPositions, TermSource, dictionary_from

TITLE_GAP = 100
"""As Lucene's position_increment_gap: wider than any slop that is asked for."""


class TextLengths:
    """How many words each document of a segment has in each of its text fields."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment
        self._known: dict[str, IdArray] = {}

    def of(self, field: str) -> IdArray:
        """Return the lengths of a field; those of "" count words of the title with their weight."""
        found = self._known.get(field)
        if found is None:
            found = self._known[field] = self._count(field)
        return found

    def _count(self, field: str) -> IdArray:
        if field == DEFAULT_FIELD:
            return self._segment.documents.lengths().astype(np.int64)
        if field == "text":
            return self.of(DEFAULT_FIELD) - self._segment.title_weight * self.of("title")
        text = self._segment.postings.text_field(field)
        stems = text.occurrences_of_stems(0, text.stems.size)
        counts = np.bincount(stems.ids, stems.counts, self._segment.document_count)
        return counts.astype(np.int64)

    @cached_property
    def text_starts(self) -> IdArray:
        """The position of the first word of each text in a field of title and text."""
        titles = self.of("title")
        return np.where(titles > 0, titles + TITLE_GAP, 0)


class WordTerms(TermSource):
    """The words of one or both text fields, on one level."""

    def __init__(self, segment: Segment, field: WordField, lengths: TextLengths) -> None:
        super().__init__(segment)
        self._field = field
        self._lengths = lengths
        self._texts = [segment.postings.text_field(name) for name in field.texts]
        self._dictionaries = [text.dictionary(field.level) for text in self._texts]

    @property
    def lengths(self) -> IdArray:
        """The length of the field in each document, in words, counted with their weight."""
        return self._lengths.of(self._field.field)

    def __contains__(self, term: object) -> bool:
        return isinstance(term, bytes) and any(
            dictionary.find(term) is not None for dictionary in self._dictionaries
        )

    def terms_from(self, term: bytes) -> Iterator[bytes]:
        """Yield the terms that are not before this one, in order."""
        runs = [dictionary_from(dictionary, term) for dictionary in self._dictionaries]
        if len(runs) == 1:
            return runs[0]
        return (found for found, _again in groupby(merge(*runs)))

    def live_postings(self, term: bytes) -> Postings:
        """Return the postings in live documents, which the segment remembers."""
        found = self.segment.postings.postings_of(
            self._field.field, self._field.level, term.decode()
        )
        if self._field.field == "title":  # where the engine, not Whoosh, counts its words more
            return Postings(found.ids, found.frequencies / np.float32(self.segment.title_weight))
        return found

    def postings(self, term: bytes) -> Postings:
        """Return the postings in all documents."""
        if not self.segment.entry.deletions:
            return self.live_postings(term)
        parts = [text.postings(self._field.level, term.decode()) for text in self._texts]
        ids = np.unique(np.concatenate([found.astype(np.int64) for found, _counts in parts]))
        weights = np.zeros(ids.size, np.float32)
        for (found, counts), weight in zip(parts, self._weights, strict=True):
            weights[np.searchsorted(ids, found)] += counts.astype(np.float32) * weight
        return Postings(ids, weights)

    @property
    def _weights(self) -> tuple[int, ...]:
        """What a word counts in each of the texts."""
        return (1,) if len(self._texts) == 1 else (self.segment.title_weight, 1)

    def places(self, term: bytes) -> TermPositions:
        """Return the positions of a term in all documents."""
        found = [text.occurrences(self._field.level, term.decode()) for text in self._texts]
        documents = [part.documents().astype(np.int64) for part in found]
        positions = [part.positions.astype(np.int64) for part in found]
        if len(found) == 1:
            return _places(documents[0], positions[0])
        positions[1] += self._lengths.text_starts[documents[1]]
        # A stable sort keeps the positions of a title before those of its text.
        both = np.concatenate(documents)
        order = np.argsort(both, kind="stable")
        return _places(both[order], np.concatenate(positions)[order])


def _places(documents: IdArray, positions: IdArray) -> TermPositions:
    """Return the positions by document; both are [occurrences], ordered by document and place."""
    starts = run_starts(documents)
    return TermPositions(documents[starts], np.append(starts, documents.size), positions)
