"""Facets over an index on a cluster: the same counts, order and names as in a directory.

Keywords are counted each. Of numbers and dates the cluster counts intervals of about the width that is
asked for; where such an interval has numbers of several of those that are meant, these are counted by
their exact ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.fields import FieldType
from indexer.segment.stored_fields import unpack_stored_fields
from searchd.cluster.aggregations import (
    Counts,
    Searches,
    counts_between,
    counts_of,
    counts_of_queries,
    ends_of,
    first_with,
    intervals_of,
)
from searchd.cluster.cluster_snapshot import ClusterSnapshot
from searchd.cluster.requests import EVERYTHING, Query
from searchd.errors import FilterSyntaxError
from searchd.facets import Facet, FacetCounts
from searchd.search.facet_columns import Counted, calendar_unit, interval_end, interval_starts
from searchd.search.facet_ranges import FacetRange, facet_ranges
from searchd.search.facet_values import (
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
)

_DAY = 86_400_000.0
_WIDTHS = {"year": 365.25 * _DAY, "month": 365.25 / 12 * _DAY, "day": _DAY}
"""The mean width of each calendar unit in milliseconds."""


def count_facet(facet: Facet, query: Query, snapshot: ClusterSnapshot) -> Searches[FacetCounts]:
    """Count a resolved facet over the documents of a query. Raises FilterSyntaxError."""
    kind = snapshot.fields[facet.field]
    if kind is FieldType.KEYWORD:
        return (yield from _count_keywords(facet, query, snapshot))
    column = f"columns.{facet.field}"
    documents, missing, least, greatest = yield from ends_of(column, query)
    if facet.ranges:
        ranges = list(facet_ranges(facet, snapshot.fields))
        wanted = [_between(column, each) for each in ranges]
        counts = yield from counts_of_queries(query, wanted)
        pairs = list(zip(ranges, counts, strict=True))
        found = range_answer(facet, pairs, documents, missing)
    else:
        intervals = yield from _count_intervals(facet, query, least, greatest)
        if not facet.min_count:
            ends = yield from ends_of(column, EVERYTHING)
            others = yield from _count_intervals(facet, EVERYTHING, ends.least, ends.greatest)
            intervals = dict.fromkeys(others, 0) | intervals
        starts = np.array(sorted(intervals))
        numbers = [intervals[start] for start in starts.tolist()]
        counted = frequent_enough(_counted(numbers, missing), facet.min_count)
        rows = first_rows(facet, counted)
        names = interval_names(facet, starts[counted.codes[rows]]) if rows.size else []
        found = facet_answer(facet, counted, rows, names, documents)
    return with_ends(found, kind, least, greatest)


def written_keywords(
    name: str, values: Sequence[str], snapshot: ClusterSnapshot
) -> Searches[dict[str, str]]:
    """Return folded keywords as the first document that has each writes it; they are kept."""
    known = snapshot.answers.known
    new = [value for value in values if ("written", name, value) not in known]
    if new:
        stored = yield from first_with(f"columns.{name}", new)
        for value in new:
            # One whose last document was deleted a moment ago stays as it is.
            held = unpack_stored_fields(stored[value]).fields.get(name) if value in stored else None
            known["written", name, value] = as_written(held, value)
    return {value: known["written", name, value] for value in values}


def _count_keywords(facet: Facet, query: Query, snapshot: ClusterSnapshot) -> Searches[FacetCounts]:
    column = f"columns.{facet.field}"
    found: Counts = yield from counts_of(column, query)
    counts = found.values
    if not facet.min_count:
        everything = yield from counts_of(column, EVERYTHING)
        counts = dict.fromkeys(everything.values, 0) | counts
    folded = sorted(counts)  # code points sort like UTF-8
    values = [value.encode() for value in folded]
    numbers = [counts[value] for value in folded]
    counted = frequent_enough(_counted(numbers, found.missing), facet.min_count)
    if facet.prefix:
        counted = with_prefix(counted, values, facet.prefix)
    rows = first_rows(facet, counted, lambda: alphabet_ranks(facet.field, values))
    shown = [folded[code] for code in counted.codes[rows].tolist()]
    written = yield from written_keywords(facet.field, shown, snapshot)
    names = [keyword_name(facet.field, written[value]) for value in shown]
    return facet_answer(facet, counted, rows, names, found.documents)


def _counted(numbers: Sequence[int], missing: int) -> Counted:
    return Counted(np.arange(len(numbers)), np.array(numbers, np.int64), missing)


def _count_intervals(
    facet: Facet, query: Query, least: float, greatest: float
) -> Searches[dict[float, int]]:
    """Count the documents of each interval that has some, by its start."""
    if np.isnan(least):
        return {}
    column, interval = f"columns.{facet.field}", facet.interval
    if interval is None:
        found = yield from counts_of(column, query)
        return found.values
    _starts(facet, [least, greatest])  # which refuses what is too small
    width = _WIDTHS[interval] if isinstance(interval, str) else float(interval)
    rough = yield from intervals_of(column, query, width)
    firsts = _starts(facet, [each.least for each in rough]).tolist()
    lasts = _starts(facet, [each.greatest for each in rough]).tolist()
    counts: dict[float, int] = {}
    if firsts == lasts:
        for start, each in zip(firsts, rough, strict=True):
            counts[start] = counts.get(start, 0) + each.documents
        return counts
    starts: dict[float, None] = {}
    for start, last in zip(firsts, lasts, strict=True):
        while start < last:
            starts[start] = None
            start = _next(facet, start)
        starts[last] = None
    # From the start of each to that of the next, and to that of the one after it where these are apart.
    bounds = sorted({*starts, *(_next(facet, start) for start in starts)})
    exact = yield from counts_between(column, query, _numbers(facet, bounds))
    found_counts = zip(bounds, exact, strict=False)
    return {start: count for start, count in found_counts if count and start in starts}


def _starts(facet: Facet, numbers: Sequence[float]) -> npt.NDArray[Any]:
    try:
        return interval_starts(np.array(numbers, np.float64), facet.interval)
    except ValueError as error:
        raise FilterSyntaxError(f"the facet of {facet.field!r}: {error}") from None


def _next(facet: Facet, start: float) -> float:
    """Return the start of the interval after one."""
    interval = facet.interval
    if isinstance(interval, str):
        return start + 1
    assert interval is not None
    return interval_end(start, float(interval))


def _numbers(facet: Facet, starts: Sequence[float]) -> list[float]:
    """Return the numbers at which intervals begin: of dates the milliseconds since 1970."""
    if not isinstance(facet.interval, str):
        return list(starts)
    units = np.array(starts, np.int64).astype(f"datetime64[{calendar_unit(facet.interval)}]")
    return [float(each) for each in units.astype("datetime64[ms]").astype(np.int64).tolist()]


def _between(column: str, each: FacetRange) -> Query:
    ends = {
        name: end for name, end in (("gte", each.lower), ("lte", each.upper)) if np.isfinite(end)
    }
    return {"range": {column: ends}} if ends else {"exists": {"field": column}}
