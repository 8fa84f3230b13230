"""Terms that are whole values: the ids of documents, and the folded values of keyword fields."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property

import numpy as np

from indexer.segment.postings import Postings
from indexer.segment.segment import Segment
from indexer.segment.sorted_arrays import IdArray
from indexer.whoosh.term_source import TermSource, terms_of_dictionary


class IdTerms(TermSource):
    """The ids of documents. A deleted document may have the id of the one that replaced it."""

    def __contains__(self, term: object) -> bool:
        return isinstance(term, bytes) and bool(self.segment.documents.find(term))

    def terms_from(self, term: bytes) -> Iterator[bytes]:
        """Yield the ids from this one on, in order."""
        ids = self._sorted_ids
        return (ids[index] for index in range(bisect_left(ids, term), len(ids)))

    def postings(self, term: bytes) -> Postings:
        """Return the documents with an id, including deleted ones."""
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
        """Yield the values from this one on, in order."""
        return terms_of_dictionary(self._values, term)

    def postings(self, term: bytes) -> Postings:
        """Return the documents with a value, including deleted ones."""
        return unweighted(
            np.flatnonzero(self.segment.columns.with_keyword(self._name, term.decode()))
        )


def unweighted(ids: IdArray) -> Postings:
    """Return postings of weight 1."""
    return Postings(ids, np.ones(ids.size, np.float32))
