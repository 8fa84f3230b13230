"""Where the terms of one field of a segment are found: what every kind of field gives."""

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

    `documents`: [n], ascending. `starts`: [n + 1], where those of each begin in `positions`.
    """

    __slots__ = ("_documents", "_positions", "_starts")

    def __init__(self, documents: IdArray, starts: IdArray, positions: IdArray) -> None:
        self._documents = documents
        self._starts = starts
        self._positions = positions

    def of(self, document: int) -> list[int]:
        """Return the positions in a document, ascending."""
        place = int(np.searchsorted(self._documents, document))
        if place == self._documents.size or self._documents[place] != document:
            return []
        found: list[int] = self._positions[self._starts[place] : self._starts[place + 1]].tolist()
        return found


class TermSource(ABC):
    """The terms of one field of a segment, as Whoosh wants them: in bytes, in their order.

    As in any Whoosh index, terms and statistics are those of all documents until a merge drops the
    deleted ones, and a search never finds these.
    """

    def __init__(self, segment: Segment) -> None:
        self.segment = segment

    @property
    def lengths(self) -> IdArray | None:
        """The length of the field in each document; None where lengths do not count."""
        return None

    @abstractmethod
    def __contains__(self, term: object) -> bool: ...

    @abstractmethod
    def terms_from(self, term: bytes) -> Iterator[bytes]:
        """Yield the terms that are not before this one, in order."""

    @abstractmethod
    def postings(self, term: bytes) -> Postings:
        """Return the postings of a term in all documents."""

    def live_postings(self, term: bytes) -> Postings:
        """Return the postings of a term in the documents that were not deleted."""
        found = self.postings(term)
        if not self.segment.entry.deletions:
            return found
        kept = self.segment.live[found.ids]
        return Postings(found.ids[kept], found.frequencies[kept])

    def places(self, _term: bytes) -> TermPositions | None:
        """Return the positions of a term; None where the field has none."""
        return None


def dictionary_from(dictionary: TermDictionary, term: bytes) -> Iterator[bytes]:
    """Yield the terms of a dictionary that are not before one, read in growing pieces."""
    start, size = dictionary.prefix_range(term).start, 16
    while start < dictionary.size:
        stop = min(start + size, dictionary.size)
        yield from dictionary.terms(range(start, stop))
        start, size = stop, min(2 * size, 4096)
