"""Counting facets: the values of the documents of a result, the most frequent or first of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from indexer.fields import FieldType
from indexer.segment.cache import CacheRegion
from indexer.segment.columns import fold_keyword
from indexer.segment.sorted_arrays import IdArray
from indexer.snapshot import Snapshot
from searchd import budget
from searchd.errors import FilterSyntaxError
from searchd.facets import CALENDAR_UNITS, Facet, FacetCounts, FacetOrder, FacetValue
from searchd.filter_tree import Between, Compare
from searchd.query.field_names import resolve_field_name
from searchd.search.facet_columns import (
    Counted,
    FacetColumn,
    KeywordColumn,
    NumberColumn,
    Numbers,
    all_numbers,
    calendar_column,
    first_codes,
    interval_end,
    keyword_column,
    number_column,
)
from searchd.search.facet_ranges import facet_ranges, number_text
from searchd.search.filter_check import filterable
from searchd.search.top_k import top_k_indices

_CALENDAR = {"year": "Y", "month": "M", "day": "D"}
_DATE_FORMS = {"year": 4, "month": 7, "day": 10}
"""How many characters of 2024-05-01 name each unit."""

_PAUSE = 1000
"""After this many values in a loop the budget is asked."""


class _Name(NamedTuple):
    """A value as it is shown, and the filter that asks for it."""

    value: str
    filter: str


_Names = Callable[[IdArray], list[_Name]]
"""Returns the names of some codes."""


class FacetCounter:
    """Counts facets over results of one snapshot. Threads may share it.

    The columns are cached with the snapshot, and so are the names of values that were shown.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        cache = snapshot.memory.cache
        self._keywords: CacheRegion[str, KeywordColumn] = cache.region(lambda found: found.nbytes)
        self._intervals: CacheRegion[tuple[str, object], NumberColumn] = cache.region(
            lambda found: found.nbytes
        )
        self._arrays: CacheRegion[tuple[str, str], Any] = cache.region(lambda found: found.nbytes)
        self._names: CacheRegion[tuple[str, int], _Name] = cache.region(
            lambda name: 4 * len(name.value) + 4 * len(name.filter)
        )

    def resolve(self, facet: Facet) -> Facet:
        """Return a facet with the name that its field has in the index.

        Raises FilterSyntaxError for a field that does not exist or cannot be counted so.
        """
        fields = self._snapshot.fields
        name = resolve_field_name(facet.field, fields) or facet.field
        kind = self._snapshot.field_type(name)
        if kind is None or kind is FieldType.TEXT:
            raise FilterSyntaxError(
                f"there is no field {facet.field!r} to count by; this index has {filterable(fields)}"
            )
        problem = _problem(facet, kind)
        if problem:
            raise FilterSyntaxError(f"the facet of {facet.field!r}: {problem}")
        return replace(facet, field=name)

    def count(self, facet: Facet, ids: IdArray) -> FacetCounts:
        """Count a resolved facet over documents, which are numbered over the snapshot."""
        budget.check(f"facet {facet.field}")
        if self._snapshot.field_type(facet.field) is FieldType.KEYWORD:
            return self._count_keywords(facet, ids)
        numbers = self.numbers(facet.field).take(ids)
        least, greatest = (
            np.fmin.reduce(numbers, initial=np.nan),
            np.fmax.reduce(numbers, initial=np.nan),
        )
        is_date = self._snapshot.field_type(facet.field) is FieldType.DATE
        show = _moment_text if is_date else number_text
        ends = [None if np.isnan(end) else show(float(end)) for end in (least, greatest)]
        if facet.ranges:
            found = self._count_ranges(facet, numbers)
        else:
            found = self._count_intervals(facet, ids)
        return replace(found, least=ends[0], greatest=ends[1])

    def keyword_column(self, name: str) -> KeywordColumn:
        """Return a keyword field of the snapshot."""
        return self._keywords.get_or_compute(name, lambda: keyword_column(name, self._snapshot))

    def first_codes(self, name: str) -> IdArray:
        """Return the code of the first keyword of each document, -1 for none."""
        found: IdArray = self._arrays.get_or_compute(
            ("first", name), lambda: first_codes(name, self.keyword_column(name), self._snapshot)
        )
        return found

    def numbers(self, name: str) -> Numbers:
        """Return a number or date field of all documents of the snapshot."""
        found: Numbers = self._arrays.get_or_compute(
            ("numbers", name), lambda: all_numbers(name, self._snapshot)
        )
        return found

    def _count_keywords(self, facet: Facet, ids: IdArray) -> FacetCounts:
        keywords = self.keyword_column(facet.field)
        counted = self._with_zeros(facet, keywords.column, keywords.column.count_codes(ids))
        if facet.prefix:
            counted = _with_prefix(counted, keywords.values, facet.prefix)
        return self._answer(
            facet,
            ids,
            counted,
            lambda codes: self._keyword_names(facet.field, keywords, codes),
            lambda: self._ranks(facet.field, keywords),
        )

    def _count_intervals(self, facet: Facet, ids: IdArray) -> FacetCounts:
        name, interval = facet.field, facet.interval
        found = self._intervals.get_or_compute(
            (name, interval), lambda: self._interval_column(facet)
        )
        counted = self._with_zeros(facet, found.column, found.column.count_codes(ids))
        names = _interval_names(facet, found)
        return self._answer(facet, ids, counted, names, None)

    def _interval_column(self, facet: Facet) -> NumberColumn:
        numbers = self.numbers(facet.field)
        if facet.interval in CALENDAR_UNITS:
            return calendar_column(numbers, _CALENDAR[str(facet.interval)])
        interval = None if facet.interval is None else float(facet.interval)
        try:
            return number_column(numbers, interval)
        except ValueError as error:
            raise FilterSyntaxError(f"the facet of {facet.field!r}: {error}") from None

    def _with_zeros(self, facet: Facet, column: FacetColumn, counted: Counted) -> Counted:
        """Return the counts that are high enough, with 0 for values of other live documents."""
        if facet.min_count > 1:
            kept = counted.counts >= facet.min_count
            return Counted(counted.codes[kept], counted.counts[kept], counted.missing)
        if facet.min_count == 1:
            return counted
        live = np.concatenate([np.empty(0, np.bool_), *(s.live for s in self._snapshot.segments)])
        codes = column.count_codes(np.flatnonzero(live)).codes
        counts = np.zeros(codes.size, np.int64)
        counts[codes.searchsorted(counted.codes)] = counted.counts
        return Counted(codes, counts, counted.missing)

    def _answer(
        self,
        facet: Facet,
        ids: IdArray,
        counted: Counted,
        names: _Names,
        ranks: Callable[[], IdArray] | None,
    ) -> FacetCounts:
        """Return the first values in the order of a facet; `ranks` are of all codes, if not they."""
        rows = _first(counted, facet.value_order, facet.most_values, ranks)
        shown = names(counted.codes[rows])
        values = tuple(
            FacetValue(name.value, count, name.filter)
            for name, count in zip(shown, counted.counts[rows].tolist(), strict=True)
        )
        others = counted.codes.size - rows.size
        return FacetCounts(facet.field, values, others, ids.size, counted.missing)

    def _count_ranges(self, facet: Facet, numbers: Numbers) -> FacetCounts:
        found = []
        for each in facet_ranges(facet, self._snapshot.fields):
            budget.check(f"facet {facet.field}")
            count = each.count(numbers)
            if count >= facet.min_count:
                found.append(FacetValue(each.text, count, str(each.condition)))
        missing = int(np.count_nonzero(np.isnan(numbers)))
        if facet.order == "count":
            found.sort(key=lambda each: -each.count)
        elif facet.order == "-value":
            found.reverse()
        limit = len(found) if facet.limit is None else facet.limit
        shown, others = tuple(found[:limit]), len(found[limit:])
        return FacetCounts(facet.field, shown, others, numbers.size, missing)

    def _ranks(self, name: str, keywords: KeywordColumn) -> IdArray:
        """Return the rank of each value of a keyword field by the Arabic alphabet."""

        def ranked() -> IdArray:
            from analyzers.collation import collation_key

            keys = []
            for number, value in enumerate(keywords.values):
                if number % _PAUSE == 0:
                    budget.check(f"order of {name}")
                keys.append((collation_key(value.decode()), number))
            ranks = np.empty(len(keys), np.int64)
            ranks[[number for _key, number in sorted(keys)]] = np.arange(len(keys))
            return ranks

        found: IdArray = self._arrays.get_or_compute(("ranks", name), ranked)
        return found

    def _keyword_names(self, name: str, keywords: KeywordColumn, codes: IdArray) -> list[_Name]:
        """Return the names of keywords, as the first document that has each writes it."""

        def read(code: int) -> _Name:
            value = self._read_written(name, keywords, code)
            return _Name(value, str(Compare(name, "=", value)))

        return [
            self._names.get_or_compute((name, code), partial(read, code)) for code in codes.tolist()
        ]

    def _read_written(self, name: str, keywords: KeywordColumn, code: int) -> str:
        budget.check(f"values of {name}")
        folded = keywords.values[code].decode()
        holder = int(keywords.holders[code])
        if holder < 0:
            return folded
        bases = self._snapshot.bases
        owner = int(np.searchsorted(bases, holder, side="right")) - 1
        segment = self._snapshot.segments[owner]
        (stored,) = segment.documents.stored_fields([holder - bases[owner]])
        held = stored.fields.get(name, ())
        written = (held,) if isinstance(held, str) else held
        if isinstance(written, tuple):
            return next((each for each in written if fold_keyword(each) == folded), folded)
        return folded


def _problem(facet: Facet, kind: FieldType) -> str:
    """Return why a facet cannot be counted over a field of a type, "" where it can."""
    calendar = facet.interval in CALENDAR_UNITS
    match kind:
        case FieldType.KEYWORD if facet.interval is not None or facet.ranges:
            return "it holds keywords, which have no intervals; count it without"
        case FieldType.NUMBER if calendar:
            return "it holds numbers; give a number as the interval, such as :100"
        case FieldType.DATE if not (calendar or facet.ranges):
            return f"it holds dates; count by :{', :'.join(CALENDAR_UNITS)} or by ranges"
        case FieldType.NUMBER | FieldType.DATE if facet.prefix:
            return "only keywords have a prefix"
    return ""


def _first(
    counted: Counted,
    order: FacetOrder,
    limit: int,
    ranks: Callable[[], IdArray] | None,
) -> IdArray:
    """Return the indexes of the first counts in an order."""
    if order == "count":
        return _most_frequent(counted.counts, limit)
    keys = counted.codes if ranks is None else ranks()[counted.codes]
    rows = np.argsort(keys if order == "value" else -keys, kind="stable")
    return rows[:limit]


def _most_frequent(counts: IdArray, limit: int) -> IdArray:
    """Return the indexes of the greatest counts, falling; equal ones keep their order."""
    if counts.size > limit > 0 and counts.max():
        chosen = top_k_indices(counts.astype(np.float32), limit)
        if chosen.size >= limit:
            least = counts[chosen].min()
            more = chosen[counts[chosen] > least]
            chosen = np.concatenate((more, chosen[counts[chosen] == least][: limit - more.size]))
            return chosen[np.argsort(-counts[chosen], kind="stable")]
    return np.argsort(-counts, kind="stable")[:limit]


def _with_prefix(counted: Counted, values: Sequence[bytes], prefix: str) -> Counted:
    """Leave the values of which a word begins with a prefix, with or without the article."""
    begins = re.compile(rf"(?:^|(?<=\W))(?:ال)?{re.escape(fold_keyword(prefix))}")
    kept = []
    for row, code in enumerate(counted.codes.tolist()):
        if row % _PAUSE == 0:
            budget.check(f"facet prefix {prefix}")
        if begins.search(values[code].decode()):
            kept.append(row)
    rows = np.array(kept, np.int64)
    return Counted(counted.codes[rows], counted.counts[rows], counted.missing)


def _interval_names(facet: Facet, column: NumberColumn) -> _Names:
    name, interval = facet.field, facet.interval
    if interval in CALENDAR_UNITS:
        unit, characters = _CALENDAR[str(interval)], _DATE_FORMS[str(interval)]

        def dates(codes: IdArray) -> list[_Name]:
            begins = column.starts[codes].astype(f"datetime64[{unit}]").astype("datetime64[D]")
            texts = [text[:characters] for text in begins.astype(str).tolist()]
            return [_Name(text, str(Compare(name, "=", text))) for text in texts]

        return dates

    def condition(start: float) -> Compare | Between:
        text = number_text(start)
        if interval is None:
            return Compare(name, "=", text)
        end = number_text(interval_end(start, float(interval)))
        return Between(name, text, end, with_upper=False)

    def numbers(codes: IdArray) -> list[_Name]:
        starts = column.starts[codes].tolist()
        return [_Name(number_text(start), str(condition(start))) for start in starts]

    return numbers


def _moment_text(milliseconds: float) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat()
