"""Reading stored documents back: one by its id, or all of a query one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Self

import numpy as np
import numpy.typing as npt

from indexer.document import Document
from indexer.segment.segment import Segment
from indexer.segment.sorted_arrays import FloatArray, IdArray
from indexer.segment.stored_fields import StoredFields
from indexer.snapshot import Snapshot
from searchd.cursors import Place, cursor_after, encode
from searchd.listing import Listing, PageEnd
from searchd.search.collector import ScoredDoc, locate
from searchd.search.damaged_index import explaining_damage

_DOCUMENTS_PER_STEP = 256
"""Documents whose stored fields are read together; their texts are read one by one."""


class DocumentStream(Iterator[Document]):
    """Stored documents in an order, read as they are asked for.

    `total` is the number of all that match, on every page. A stream reads the generation that it
    began with, whatever is committed meanwhile, and holds one text at a time, and 20 bytes or so for
    each document of the index that matches.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        ids: IdArray,
        scores: FloatArray,
        *,
        total: int,
        listing: Listing,
        before: int = 0,
        more: bool = False,
        text_length: int | None = None,
    ) -> None:
        """Read the documents `ids`, which are numbered over the whole snapshot, in their order.

        `scores` are theirs. `before` is how many of the listing come before them, and `more` whether
        there are others after them. `text_length` is how much of each text is read, None for all.
        """
        self.total = total
        self._snapshot = snapshot
        self._ids = ids
        self._listing = listing
        self._before = before
        self._more = more
        self._text_length = text_length
        self._scores = scores
        self._read = 0
        self._last: StoredFields | None = None
        self._documents = self._iterate()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Document:
        """Return the next document. Raises IndexDamagedError."""
        with explaining_damage(self._snapshot):
            return next(self._documents)

    @property
    def cursor(self) -> str | None:
        """The cursor after the last document that was read, for `after`.

        None where no other comes after it, and where none was read.
        """
        if self._last is None or (self._read == self._ids.size and not self._more):
            return None
        end = PageEnd(self._listing, self._before + self._read)
        if self._listing.keys:
            return cursor_after(end, self._last, float(self._scores[self._read - 1]))
        place = Place(end.before, (float(self._ids[self._read - 1]),))
        return encode(self._listing, place)

    def _iterate(self) -> Iterator[Document]:
        for first in range(0, self._ids.size, _DOCUMENTS_PER_STEP):
            step = slice(first, first + _DOCUMENTS_PER_STEP)
            located = locate(self._ids[step], self._scores[step], self._snapshot)
            for segment, group in groupby(located, key=attrgetter("segment")):
                for stored, document in read_documents(segment, list(group), self._text_length):
                    self._read += 1
                    self._last = stored
                    yield document


def read_documents(
    segment: Segment, places: list[ScoredDoc], text_length: int | None = None
) -> Iterator[tuple[StoredFields, Document]]:
    """Yield documents of one segment in order, each with its stored fields."""
    numbers = [place.number for place in places]
    fields = segment.documents.stored_fields(numbers)
    texts = segment.documents.texts(numbers, text_length)
    for number, stored, text in zip(numbers, fields, texts, strict=True):
        text_places = segment.documents.places(number)
        yield stored, Document(text=text, places=text_places, **stored._asdict())


def after_number(ids: npt.NDArray[np.int64], place: Place) -> int:
    """Return how many of some ascending documents come up to a place in the order of the index."""
    number = place.values[0]
    assert isinstance(number, float | None)
    return 0 if number is None else int(ids.searchsorted(int(number), side="right"))
