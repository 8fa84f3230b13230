"""Numbers and dates as terms, made from a column of a segment.

Whoosh searches a range of numbers by terms: each number is a term at the shift 0, and with its
lowest bits shifted out at each larger shift, so a range is the union of few terms. A term is the
shift (one byte) and the shifted number (eight bytes, big-endian). The index stores only columns: the
documents of a term are adjacent in the sorted column.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from indexer.segment.postings import Postings
from indexer.segment.segment import Segment
from indexer.segment.sorted_arrays import distinct_values
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
"""The value of a document without a number in Whoosh's column; it is sorted first."""

NO_DATE = np.uint64((1 << 64) - 1)
"""The value of a document without a date in Whoosh's column; it is sorted last."""


def number_values(numbers: npt.NDArray[np.float64]) -> KeyArray:
    """Return a number column as Whoosh's sortable integers; uint64 [documents]."""
    return np.where(np.isnan(numbers), NO_NUMBER, number_keys(numbers))


def number_keys(numbers: npt.NDArray[np.float64]) -> KeyArray:
    """Return uint64 in the order of the numbers, as `whoosh.util.numeric.float_to_sortable_long`."""
    bits = numbers.view(np.int64)
    return np.where(bits < 0, bits ^ _MAGNITUDE, bits).view(np.uint64) ^ _SIGN


def date_values(milliseconds: npt.NDArray[np.float64]) -> KeyArray:
    """Return dates (milliseconds since 1970) as Whoosh's microseconds since the year 1; uint64.

    Dates are stored as float64, which is exact to the microsecond until about 2038.
    """
    missing = np.isnan(milliseconds)
    known = np.where(missing, 0.0, milliseconds)
    micros = np.rint(known * 1000).astype(np.int64) + _YEAR_ONE * 1_000_000
    return np.where(missing, NO_DATE, micros.astype(np.uint64))


def date_keys(milliseconds: npt.NDArray[np.float64]) -> KeyArray:
    """Return dates as the integers of their terms; Whoosh takes these as signed integers."""
    return date_values(milliseconds) ^ _SIGN


class NumberTerms(TermSource):
    """The numbers or dates of a column as terms, with shifts that are multiples of `step` bits.

    `keys`: uint64 [documents], in the order of the values. `present`: bool [documents], which
    documents have a value.
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
        return isinstance(term, bytes) and len(self._matching_range(term)) > 0

    def terms_from(self, term: bytes) -> Iterator[bytes]:
        """Yield the terms from this one on, in order: by shift, then by number."""
        first = term[0] if term else 0
        for shift in self._shifts:
            if shift < first:
                continue
            shifted = distinct_values(self._keys >> np.uint64(shift))
            if shift == first:
                bound = int.from_bytes(term[1:9].ljust(8, b"\0"), "big")
                shifted = shifted[np.searchsorted(shifted, np.uint64(bound)) :]
            for number in shifted.tolist():
                found = bytes([shift]) + number.to_bytes(8, "big")
                if found >= term:
                    yield found

    def postings(self, term: bytes) -> Postings:
        """Return the documents of a term."""
        found = self._matching_range(term)
        return unweighted(np.sort(self._documents[found.start : found.stop]))

    def _matching_range(self, term: bytes) -> range:
        """Return the range of the documents of a term in the sorted column."""
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
