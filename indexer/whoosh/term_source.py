"""Term sources: the interface to the terms of one field of a segment, whatever its type."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator

import numpy as np

from indexer.segment.postings import Postings
from indexer.segment.segment import Segment
from indexer.segment.sorted_arrays import IdArray
from indexer.segment.term_dictionary import TermDictionary


class TermPositions:
    """The positions of one term in the documents of a segment.

    `documents`: [documents of the term], ascending. `starts`: one longer, where the positions of
    each document begin in `positions`.
    """

    __slots__ = ("_documents", "_positions", "_starts")

    def __init__(self, documents: IdArray, starts: IdArray, positions: IdArray) -> None:
        self._documents = documents
        self._starts = starts
        self._positions = positions

    def in_document(self, document: int) -> list[int]:
        """Return the positions in a document, ascending."""
        index = int(np.searchsorted(self._documents, document))
        if index == self._documents.size or self._documents[index] != document:
            return []
        found: list[int] = self._positions[self._starts[index] : self._starts[index + 1]].tolist()
        return found


class TermSource(ABC):
    """The terms of one field of a segment, as bytes, in order.

    As in any Whoosh index, terms and statistics include deleted documents until a merge removes
    them; searches find live documents only.
    """

    def __init__(self, segment: Segment) -> None:
        self.segment = segment

    @property
    def lengths(self) -> IdArray | None:
        """The length of the field in each document, int64 [documents]; None where it has no lengths."""
        return None

    @abstractmethod
    def __contains__(self, term: object) -> bool: ...

    @abstractmethod
    def terms_from(self, term: bytes) -> Iterator[bytes]:
        """Yield the terms from this one on, in order."""

    @abstractmethod
    def postings(self, term: bytes) -> Postings:
        """Return the postings of a term, including deleted documents."""

    def live_postings(self, term: bytes) -> Postings:
        """Return the postings of a term in live documents."""
        found = self.postings(term)
        if not self.segment.entry.deletions:
            return found
        kept = self.segment.live[found.ids]
        return Postings(found.ids[kept], found.frequencies[kept])

    def positions(self, _term: bytes) -> TermPositions | None:
        """Return the positions of a term, including deleted documents; None in a field without them."""
        return None


def terms_of_dictionary(dictionary: TermDictionary, term: bytes) -> Iterator[bytes]:
    """Yield the terms of a dictionary from one on. They are read in steps of growing size."""
    start, size = dictionary.prefix_range(term).start, 16
    while start < dictionary.size:
        stop = min(start + size, dictionary.size)
        yield from dictionary.terms(range(start, stop))
        start, size = stop, min(2 * size, 4096)
