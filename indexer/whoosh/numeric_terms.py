"""Numbers and dates as terms: Whoosh's sortable numbers, made of the column of a segment.

Whoosh finds a range of numbers through terms: each number is a term, and so is each number with
its last bits shifted out, a step more at a time, so that a range is few terms. A term is the shift
(one byte) and what is left of the number (eight bytes, the highest first). The index stores
columns alone, and the documents of every such term are a run of the sorted column.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from indexer.segment.postings import Postings
from indexer.segment.segment import Segment
from indexer.whoosh.keyword_terms import unweighted
from indexer.whoosh.term_source import TermSource

KeyArray = npt.NDArray[np.uint64]

_BITS = 64
_SIGN = np.uint64(1 << 63)
_MAGNITUDE = np.int64((1 << 63) - 1)
_YEAR_ONE = round(
    (datetime(1970, 1, 1, tzinfo=UTC) - datetime(1, 1, 1, tzinfo=UTC)).total_seconds()
)
NO_NUMBER = np.uint64(0)
"""What Whoosh's column of numbers holds for a document without one: it is sorted first."""

NO_DATE = np.uint64((1 << 64) - 1)
"""What Whoosh's column of dates holds for a document without one: it is sorted last."""


def number_values(numbers: npt.NDArray[np.float64]) -> KeyArray:
    """Return numbers as Whoosh's column of numbers holds them; uint64 [documents]."""
    return np.where(np.isnan(numbers), NO_NUMBER, number_keys(numbers))


def number_keys(numbers: npt.NDArray[np.float64]) -> KeyArray:
    """Return numbers as `whoosh.util.numeric.float_to_sortable_long` does; uint64 in their order."""
    bits = numbers.view(np.int64)
    return np.where(bits < 0, bits ^ _MAGNITUDE, bits).view(np.uint64) ^ _SIGN


def date_values(milliseconds: npt.NDArray[np.float64]) -> KeyArray:
    """Return dates in milliseconds since 1970 as Whoosh's microseconds since the year 1; uint64.

    The index keeps dates as float64, which tells microseconds apart until about 2038.
    """
    missing = np.isnan(milliseconds)
    known = np.where(missing, 0.0, milliseconds)
    micros = np.rint(known * 1000).astype(np.int64) + _YEAR_ONE * 1_000_000
    return np.where(missing, NO_DATE, micros.astype(np.uint64))


def date_keys(milliseconds: npt.NDArray[np.float64]) -> KeyArray:
    """Return dates as the numbers of their terms, which Whoosh counts from the middle of its range."""
    return date_values(milliseconds) ^ _SIGN


class NumberTerms(TermSource):
    """The numbers or dates of a column, in steps of `step` bits.

    `keys`: uint64 [documents], of which those where `present` is true count.
    """

    def __init__(
        self, segment: Segment, keys: KeyArray, present: npt.NDArray[np.bool_], step: int
    ) -> None:
        super().__init__(segment)
        documents = np.flatnonzero(present)
        order = np.argsort(keys[documents], kind="stable")
        self._documents = documents[order]
        self._keys = keys[self._documents]
        self._shifts = range(0, _BITS, step or _BITS)

    def __contains__(self, term: object) -> bool:
        return isinstance(term, bytes) and len(self._run(term)) > 0

    def terms_from(self, term: bytes) -> Iterator[bytes]:
        """Yield the terms that are not before this one, in order: by shift, and by number."""
        first = term[0] if term else 0
        for shift in self._shifts:
            if shift < first:
                continue
            left = np.unique(self._keys >> np.uint64(shift))
            if shift == first:
                bound = int.from_bytes(term[1:9].ljust(8, b"\0"), "big")
                left = left[np.searchsorted(left, np.uint64(bound)) :]
            for number in left.tolist():
                found = bytes([shift]) + number.to_bytes(8, "big")
                if found >= term:
                    yield found

    def postings(self, term: bytes) -> Postings:
        """Return the documents of a term."""
        run = self._run(term)
        return unweighted(np.sort(self._documents[run.start : run.stop]))

    def _run(self, term: bytes) -> range:
        """Return where the documents of a term are among the sorted ones."""
        if len(term) != 9 or term[0] not in self._shifts:
            return range(0)
        shift, number = term[0], int.from_bytes(term[1:], "big")
        if number >> (_BITS - shift):
            return range(0)
        first = np.uint64(number << shift)
        last = np.uint64((number << shift) | ((1 << shift) - 1))
        return range(
            int(np.searchsorted(self._keys, first, side="left")),
            int(np.searchsorted(self._keys, last, side="right")),
        )
