"""Whole values as terms: the ids of documents, and the folded values of keyword fields."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property

import numpy as np

from indexer.segment.postings import Postings
from indexer.segment.segment import Segment
from indexer.segment.sorted_arrays import IdArray
from indexer.whoosh.term_source import TermSource, dictionary_from


class IdTerms(TermSource):
    """The ids of documents. A replaced document may share its id with the one in its place."""

    def __contains__(self, term: object) -> bool:
        return isinstance(term, bytes) and bool(self.segment.documents.find(term))

    def terms_from(self, term: bytes) -> Iterator[bytes]:
        """Yield the ids that are not before this one, in order."""
        ids = self._sorted_ids
        return (ids[place] for place in range(bisect_left(ids, term), len(ids)))

    def postings(self, term: bytes) -> Postings:
        """Return the documents with an id."""
        return unweighted(np.array(sorted(self.segment.documents.find(term)), np.int64))

    @cached_property
    def _sorted_ids(self) -> list[bytes]:
        documents = self.segment.documents
        return sorted({documents.id(number) for number in range(documents.count)})


class KeywordTerms(TermSource):
    """The values of a keyword field."""

    def __init__(self, segment: Segment, name: str) -> None:
        super().__init__(segment)
        self._name = name
        self._values = segment.columns.keyword_values(name)

    def __contains__(self, term: object) -> bool:
        return isinstance(term, bytes) and self._values.find(term) is not None

    def terms_from(self, term: bytes) -> Iterator[bytes]:
        """Yield the values that are not before this one, in order."""
        return dictionary_from(self._values, term)

    def postings(self, term: bytes) -> Postings:
        """Return the documents with a value."""
        return unweighted(
            np.flatnonzero(self.segment.columns.with_keyword(self._name, term.decode()))
        )


def unweighted(ids: IdArray) -> Postings:
    """Return postings that weigh 1 each."""
    return Postings(ids, np.ones(ids.size, np.float32))
