"""Terms of text fields at one level, with weights, lengths and positions.

In a field of title and text, the positions of the text begin TITLE_GAP after those of the title, so
that no phrase matches across both. They begin at 0 where there is no title.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from heapq import merge
from itertools import groupby

import numpy as np

from indexer.segment.postings import Postings
from indexer.segment.segment import DEFAULT_FIELD, Segment
from indexer.segment.sorted_arrays import IdArray, distinct_values, run_starts
from indexer.whoosh.schema import TermField
from indexer.whoosh.term_source import TermPositions, TermSource, terms_of_dictionary

TITLE_GAP = 100
"""Like position_increment_gap of Lucene: larger than the slop of any sensible phrase."""


class TextLengths:
    """The lengths of the text fields of a segment, in words; int64 [documents] each."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment
        self._cached: dict[str, IdArray] = {}

    def of_field(self, field: str) -> IdArray:
        """Return the lengths of a field. In "" each word of the title counts `title_weight` times."""
        found = self._cached.get(field)
        if found is None:
            found = self._cached[field] = self._read(field)
        return found

    def _read(self, field: str) -> IdArray:
        if field == DEFAULT_FIELD:
            return self._segment.documents.lengths().astype(np.int64)
        return self._segment.postings.text_field(field).lengths().astype(np.int64)

    @cached_property
    def text_starts(self) -> IdArray:
        """The position of the first word of each text in a field of title and text; int64."""
        titles = self.of_field("title")
        return np.where(titles > 0, titles + TITLE_GAP, 0)


class TextTerms(TermSource):
    """The terms of one text field, or of title and text, at one level."""

    def __init__(self, segment: Segment, field: TermField, lengths: TextLengths) -> None:
        super().__init__(segment)
        self._field = field
        self._lengths = lengths
        self._fields = [segment.postings.text_field(name) for name in field.texts]
        self._dictionaries = [found.dictionary(field.level) for found in self._fields]

    @property
    def lengths(self) -> IdArray:
        """The weighted length of the field in each document; int64 [documents]."""
        return self._lengths.of_field(self._field.field)

    def __contains__(self, term: object) -> bool:
        return isinstance(term, bytes) and any(
            dictionary.find(term) is not None for dictionary in self._dictionaries
        )

    def terms_from(self, term: bytes) -> Iterator[bytes]:
        """Yield the terms from this one on, in order."""
        terms = [terms_of_dictionary(dictionary, term) for dictionary in self._dictionaries]
        if len(terms) == 1:
            return terms[0]
        return (found for found, _group in groupby(merge(*terms)))

    def live_postings(self, term: bytes) -> Postings:
        """Return the postings of a term in live documents."""
        if self._field.field == "title":  # the segment's are weighted, those of Whoosh are not
            return super().live_postings(term)
        return self.segment.postings.postings_of(
            self._field.field, self._field.level, term.decode()
        )

    def postings(self, term: bytes) -> Postings:
        """Return the postings of a term, including deleted documents."""
        if not self.segment.entry.deletions and self._field.field != "title":
            return self.live_postings(term)
        parts = [field.postings(self._field.level, term.decode()) for field in self._fields]
        lists = [found.int64() for found, _counts in parts]
        ids = distinct_values(np.concatenate(lists))
        weights = np.zeros(ids.size, np.float32)
        for found, (_ids, counts), weight in zip(lists, parts, self._weights, strict=True):
            weights[np.searchsorted(ids, found)] += counts.astype(np.float32) * weight
        return Postings(ids, weights)

    @property
    def _weights(self) -> tuple[int, ...]:
        """How many times a word counts in each of the fields."""
        return (1,) if len(self._fields) == 1 else (self.segment.title_weight, 1)

    def positions(self, term: bytes) -> TermPositions:
        """Return the positions of a term, including deleted documents."""
        found = [field.occurrences(self._field.level, term.decode()) for field in self._fields]
        documents = [part.documents().astype(np.int64) for part in found]
        positions = [part.positions.all().astype(np.int64) for part in found]
        if len(found) == 1:
            return _by_document(documents[0], positions[0])
        positions[1] += self._lengths.text_starts[documents[1]]
        # A stable sort keeps the positions of a title before those of its text.
        both = np.concatenate(documents)
        order = np.argsort(both, kind="stable")
        return _by_document(both[order], np.concatenate(positions)[order])


def _by_document(documents: IdArray, positions: IdArray) -> TermPositions:
    """Group positions by document. Both are [occurrences], ordered by document, then position."""
    starts = run_starts(documents)
    return TermPositions(documents[starts], np.append(starts, documents.size), positions)
