"""Counting facets: the values of the documents of a result in a snapshot."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from indexer.fields import FieldType
from indexer.segment.cache import CacheRegion
from indexer.segment.sorted_arrays import IdArray
from indexer.snapshot import Snapshot
from searchd import budget
from searchd.errors import FilterSyntaxError
from searchd.facets import Facet, FacetCounts
from searchd.search.facet_columns import (
    Counted,
    FacetColumn,
    KeywordColumn,
    NumberColumn,
    Numbers,
    all_numbers,
    first_codes,
    interval_column,
    keyword_column,
)
from searchd.search.facet_ranges import facet_ranges
from searchd.search.facet_values import (
    ValueName,
    alphabet_ranks,
    as_written,
    facet_answer,
    first_rows,
    frequent_enough,
    interval_names,
    keyword_name,
    range_answer,
    with_ends,
    with_prefix,
    with_zeros,
)


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
        self._names: CacheRegion[tuple[str, int], ValueName] = cache.region(
            lambda name: 4 * len(name.value) + 4 * len(name.filter)
        )

    def count(self, facet: Facet, ids: IdArray) -> FacetCounts:
        """Count a resolved facet over documents, which are numbered over the snapshot."""
        budget.check(f"facet {facet.field}")
        if self._snapshot.field_type(facet.field) is FieldType.KEYWORD:
            return self._count_keywords(facet, ids)
        numbers = self.numbers(facet.field).take(ids)
        if facet.ranges:
            found = self._count_ranges(facet, numbers)
        else:
            found = self._count_intervals(facet, ids)
        return with_ends(
            found,
            self._snapshot.fields[facet.field],
            np.fmin.reduce(numbers, initial=np.nan),
            np.fmax.reduce(numbers, initial=np.nan),
        )

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
            counted = with_prefix(counted, keywords.values, facet.prefix)
        rows = first_rows(facet, counted, lambda: self._ranks(facet.field, keywords))
        names = self._keyword_names(facet.field, keywords, counted.codes[rows])
        return facet_answer(facet, counted, rows, names, ids.size)

    def _count_intervals(self, facet: Facet, ids: IdArray) -> FacetCounts:
        name, interval = facet.field, facet.interval
        found = self._intervals.get_or_compute(
            (name, interval), lambda: self._interval_column(facet)
        )
        counted = self._with_zeros(facet, found.column, found.column.count_codes(ids))
        rows = first_rows(facet, counted)
        names = interval_names(facet, found.starts[counted.codes[rows]])
        return facet_answer(facet, counted, rows, names, ids.size)

    def _interval_column(self, facet: Facet) -> NumberColumn:
        try:
            return interval_column(self.numbers(facet.field), facet.interval)
        except ValueError as error:
            raise FilterSyntaxError(f"the facet of {facet.field!r}: {error}") from None

    def _with_zeros(self, facet: Facet, column: FacetColumn, counted: Counted) -> Counted:
        """Return the counts that are high enough, with 0 for values of other live documents."""
        if facet.min_count:
            return frequent_enough(counted, facet.min_count)
        live = np.concatenate([np.empty(0, np.bool_), *(s.live for s in self._snapshot.segments)])
        return with_zeros(counted, column.count_codes(np.flatnonzero(live)).codes)

    def _count_ranges(self, facet: Facet, numbers: Numbers) -> FacetCounts:
        counted = []
        for each in facet_ranges(facet, self._snapshot.fields):
            budget.check(f"facet {facet.field}")
            counted.append((each, each.count(numbers)))
        missing = int(np.count_nonzero(np.isnan(numbers)))
        return range_answer(facet, counted, numbers.size, missing)

    def _ranks(self, name: str, keywords: KeywordColumn) -> IdArray:
        found: IdArray = self._arrays.get_or_compute(
            ("ranks", name), lambda: alphabet_ranks(name, keywords.values)
        )
        return found

    def _keyword_names(self, name: str, keywords: KeywordColumn, codes: IdArray) -> list[ValueName]:
        """Return the names of keywords, as the first document that has each writes it."""

        def read(code: int) -> ValueName:
            return keyword_name(name, self._read_written(name, keywords, code))

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
        return as_written(stored.fields.get(name), folded)
