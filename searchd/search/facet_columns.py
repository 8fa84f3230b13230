"""Facet columns: the values of a field over all segments of a snapshot, numbered from 0 in order.

Segments number their keywords each for itself; the common numbers (global ordinals) are made once
for a snapshot, as are the intervals of a histogram.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.segment.sorted_arrays import IdArray, distinct_values
from indexer.snapshot import Snapshot
from searchd import budget

Numbers = npt.NDArray[np.float64]

_SPARSE = 4
"""Where there are more than this many values for each document of a result, the codes are sorted."""


class Counted(NamedTuple):
    """The codes that some documents have, ascending, the documents of each, and those without any.

    `codes` and `counts` are int64 [n], each count above 0.
    """

    codes: IdArray
    counts: IdArray
    missing: int


class FacetColumn(NamedTuple):
    """The codes of all documents of a snapshot: numbers of values, from 0 to before `size`.

    With `starts`, int64 [documents + 1], `codes` of int64 has the codes of one document after the
    other; without, it has one for each document, which is `size` where there is no value.
    """

    codes: IdArray
    starts: IdArray | None
    size: int

    @property
    def nbytes(self) -> int:
        """The bytes of the arrays."""
        return self.codes.nbytes + (0 if self.starts is None else self.starts.nbytes)

    def count_codes(self, ids: IdArray) -> Counted:
        """Count the codes of some documents, which are distinct and numbered over the snapshot."""
        if self.starts is None:
            found = self.codes.take(ids)
            missing = -1
        else:
            first = self.starts.take(ids)
            lengths = self.starts.take(ids + 1) - first
            missing = ids.size - int(np.count_nonzero(lengths))
            before = lengths.cumsum() - lengths
            rows = np.repeat(first - before, lengths) + np.arange(int(lengths.sum()))
            found = self.codes.take(rows)
        if self.size > _SPARSE * found.size:
            codes, counts = np.unique(found, return_counts=True)
            if missing < 0:
                missing = int(counts[-1]) if codes.size and codes[-1] == self.size else 0
            kept = codes < self.size
            return Counted(codes[kept], counts[kept], missing)
        counts = np.bincount(found, minlength=self.size + 1)
        if missing < 0:
            missing = int(counts[self.size])
        codes = (counts[: self.size] > 0).nonzero()[0]  # several times as fast as of numbers
        return Counted(codes, counts.take(codes), missing)


class KeywordColumn(NamedTuple):
    """A keyword field: its column, its folded values in UTF-8, sorted, and who has each.

    `holders` has the first live document with each value, int64 [values], -1 where none has it.
    """

    column: FacetColumn
    values: list[bytes]
    holders: IdArray

    @property
    def nbytes(self) -> int:
        """The bytes of the arrays and values."""
        return (
            self.column.nbytes
            + self.holders.nbytes
            + sum(map(len, self.values))
            + 64 * len(self.values)
        )


class NumberColumn(NamedTuple):
    """A number or date field in intervals: its column, and what each code begins with.

    `starts` is float64 [codes] of numbers, and int64 of dates, calendar units since 1970.
    """

    column: FacetColumn
    starts: npt.NDArray[Any]

    @property
    def nbytes(self) -> int:
        """The bytes of the arrays."""
        return self.column.nbytes + self.starts.nbytes


def keyword_column(name: str, snapshot: Snapshot) -> KeywordColumn:
    """Return a keyword field; a document that has a value twice counts once."""
    values = _merged_values(name, snapshot)
    numbers = {value: number for number, value in enumerate(values)}
    all_codes, all_lengths = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for segment in snapshot.segments:
        budget.check(f"facet {name}")
        own = segment.columns.keyword_values(name).all()
        starts, codes = segment.columns.keyword_codes(name)
        if len(own) != len(values):
            ordinals = np.fromiter(map(numbers.__getitem__, own), np.int64, len(own))
            codes = ordinals[codes]
        all_codes.append(codes)
        all_lengths.append(np.diff(starts))
    codes, lengths = np.concatenate(all_codes), np.concatenate(all_lengths)
    owners = np.repeat(np.arange(lengths.size), lengths)
    column = _column(codes, lengths, owners, len(values))
    live = np.concatenate([np.empty(0, np.bool_), *(each.live for each in snapshot.segments)])
    return KeywordColumn(column, values, _first_holders(codes, owners, live, len(values)))


def _merged_values(name: str, snapshot: Snapshot) -> list[bytes]:
    lists = [segment.columns.keyword_values(name).all() for segment in snapshot.segments]
    return lists[0] if len(lists) == 1 else sorted(set().union(*lists))


def _column(codes: IdArray, lengths: IdArray, owners: IdArray, size: int) -> FacetColumn:
    if lengths.max(initial=0) <= 1:
        single = np.full(lengths.size, size, np.int64)
        single[owners] = codes
        return FacetColumn(single, None, size)
    pairs = distinct_values(owners * size + codes)
    owners, codes = np.divmod(pairs, size)
    starts = np.concatenate(([0], np.bincount(owners, minlength=lengths.size).cumsum()))
    return FacetColumn(codes, starts, size)


def _first_holders(
    codes: IdArray, owners: IdArray, live: npt.NDArray[np.bool_], size: int
) -> IdArray:
    holders = np.full(size, -1, np.int64)
    kept = live[owners]
    # Of several assignments to one place the last one stays.
    holders[codes[kept][::-1]] = owners[kept][::-1]
    return holders


def first_codes(name: str, keywords: KeywordColumn, snapshot: Snapshot) -> IdArray:
    """Return the code of the first keyword of each document, -1 for none; int64 [documents]."""
    column = keywords.column
    if column.starts is None:
        return np.where(column.codes == column.size, -1, column.codes)
    numbers = {value: number for number, value in enumerate(keywords.values)}
    found = [np.empty(0, np.int64)]
    for segment in snapshot.segments:
        budget.check(f"groups of {name}")
        values, firsts = segment.columns.first_keywords(name)
        ordinals = [numbers[value.encode()] for value in values]
        found.append(np.array([*ordinals, -1], np.int64)[firsts])  # index -1 is the last one
    return np.concatenate(found)


def all_numbers(name: str, snapshot: Snapshot) -> Numbers:
    """Return a number or date field of all documents; float64 [documents], NaN for none."""
    columns = [segment.columns.numbers(name) for segment in snapshot.segments]
    return np.concatenate([np.empty(0), *columns])


def interval_column(numbers: Numbers, interval: str | float | None) -> NumberColumn:
    """Return numbers in intervals, as `interval_starts` has them. Raises ValueError."""
    some = ~np.isnan(numbers)
    starts = interval_starts(numbers[some], interval)
    distinct, inverse = np.unique(starts, return_inverse=True)
    codes = np.full(numbers.size, distinct.size, np.int64)
    codes[some] = inverse
    return NumberColumn(FacetColumn(codes, None, distinct.size), distinct)


def interval_starts(numbers: Numbers, interval: str | float | None) -> npt.NDArray[Any]:
    """Return where the interval of each number begins, at a multiple of one; None: where it is.

    Of dates, in milliseconds since 1970, and a calendar unit it is an int64: the number of units
    since 1970 in UTC. Raises ValueError for an interval that is too small for the numbers.
    """
    if interval is None:
        return numbers
    if isinstance(interval, str):
        moments = np.floor(numbers).astype(np.int64).astype("datetime64[ms]")
        return moments.astype(f"datetime64[{calendar_unit(interval)}]").astype(np.int64)
    decimals = _decimals(interval)
    scale = 10.0**decimals
    width = round(interval * scale)
    steps = np.floor(numbers / (width / scale)) if width else numbers
    if not width or float(np.fmax.reduce(np.abs(steps), initial=0)) * width > 2.0**53:
        raise ValueError("this interval and the numbers of the field are too far apart")

    def begins(step: Numbers) -> Numbers:
        return step * width / scale  # the float nearest to the decimal number

    # Quotients are rounded: 0.3 / 0.1 is below 3.
    steps = np.where(numbers < begins(steps), steps - 1, steps)
    steps = np.where(numbers >= begins(steps + 1), steps + 1, steps)
    return begins(steps)


def calendar_unit(interval: str) -> str:
    """Return the unit of numpy for a year, a month or a day."""
    return {"year": "Y", "month": "M", "day": "D"}[interval]


def interval_end(start: float, interval: float) -> float:
    """Return where the interval ends that begins at a number."""
    scale = 10.0 ** _decimals(interval)
    width = round(interval * scale)
    return (round(start * scale / width) + 1) * width / scale


def _decimals(interval: float) -> int:
    """Return how many decimals an interval has, 15 at most."""
    for decimals in range(15):
        if round(interval, decimals) == interval:
            return decimals
    return 15
