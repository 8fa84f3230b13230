"""Facet values: which of the values that were counted an answer has, in which order, under which names.

Where documents are counted does not matter here: in a snapshot (`facet_counts`) or on a cluster.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from analyzers.collation import collation_key
from indexer.fields import FieldType
from indexer.segment.columns import fold_keyword
from indexer.segment.sorted_arrays import IdArray
from indexer.snapshot import Snapshot
from searchd import budget
from searchd.errors import FilterSyntaxError
from searchd.facets import CALENDAR_UNITS, Facet, FacetCounts, FacetValue
from searchd.filter_tree import Between, Compare
from searchd.query.field_names import resolve_field_name
from searchd.search.facet_columns import Counted, calendar_unit, interval_end
from searchd.search.facet_ranges import FacetRange, number_text
from searchd.search.filter_check import filterable
from searchd.search.top_k import top_k_indices

_DATE_FORMS = {"year": 4, "month": 7, "day": 10}
"""How many characters of 2024-05-01 name each unit."""

_PAUSE = 1000
"""After this many values in a loop the budget is asked."""


class ValueName(NamedTuple):
    """A value as it is shown, and the filter that asks for it."""

    value: str
    filter: str


def resolve_facet(facet: Facet, snapshot: Snapshot) -> Facet:
    """Return a facet with the name that its field has in the index.

    Raises FilterSyntaxError for a field that does not exist or cannot be counted so.
    """
    fields = snapshot.fields
    name = resolve_field_name(facet.field, fields) or facet.field
    kind = snapshot.field_type(name)
    if kind is None or kind is FieldType.TEXT:
        raise FilterSyntaxError(
            f"there is no field {facet.field!r} to count by; this index has {filterable(fields)}"
        )
    problem = _problem(facet, kind)
    if problem:
        raise FilterSyntaxError(f"the facet of {facet.field!r}: {problem}")
    return replace(facet, field=name)


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


def first_rows(
    facet: Facet, counted: Counted, ranks: Callable[[], IdArray] | None = None
) -> IdArray:
    """Return the rows of the first counts in the order of a facet.

    `ranks` are the places of all codes in the order of the values, if not they themselves.
    """
    order, limit = facet.value_order, facet.most_values
    if order == "count":
        return _most_frequent(counted.counts, limit)
    keys = counted.codes if ranks is None else ranks()[counted.codes]
    rows = np.argsort(keys if order == "value" else -keys, kind="stable")
    return rows[:limit]


def facet_answer(
    facet: Facet, counted: Counted, rows: IdArray, names: Sequence[ValueName], documents: int
) -> FacetCounts:
    """Return the counts at some rows, as `first_rows` chooses them, with their names."""
    values = tuple(
        FacetValue(name.value, count, name.filter)
        for name, count in zip(names, counted.counts[rows].tolist(), strict=True)
    )
    others = counted.codes.size - rows.size
    return FacetCounts(facet.field, values, others, documents, counted.missing)


def range_answer(
    facet: Facet, counted: Sequence[tuple[FacetRange, int]], documents: int, missing: int
) -> FacetCounts:
    """Return the counts of the ranges of a facet, in its order."""
    found = [
        FacetValue(each.text, count, str(each.condition))
        for each, count in counted
        if count >= facet.min_count
    ]
    if facet.order == "count":
        found.sort(key=lambda each: -each.count)
    elif facet.order == "-value":
        found.reverse()
    limit = len(found) if facet.limit is None else facet.limit
    return FacetCounts(facet.field, tuple(found[:limit]), len(found[limit:]), documents, missing)


def with_ends(found: FacetCounts, kind: FieldType, least: float, greatest: float) -> FacetCounts:
    """Return counts with the ends of their numbers or dates, NaN where there are none."""
    show = _moment_text if kind is FieldType.DATE else number_text
    ends = [None if np.isnan(end) else show(float(end)) for end in (least, greatest)]
    return replace(found, least=ends[0], greatest=ends[1])


def with_zeros(counted: Counted, all_codes: IdArray) -> Counted:
    """Return counts with 0 for those of all codes, ascending, that were not counted."""
    counts = np.zeros(all_codes.size, np.int64)
    counts[all_codes.searchsorted(counted.codes)] = counted.counts
    return Counted(all_codes, counts, counted.missing)


def frequent_enough(counted: Counted, least: int) -> Counted:
    """Leave the counts of at least so many documents."""
    if least == 1:
        return counted
    kept = counted.counts >= least
    return Counted(counted.codes[kept], counted.counts[kept], counted.missing)


def with_prefix(counted: Counted, values: Sequence[bytes], prefix: str) -> Counted:
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


def alphabet_ranks(name: str, values: Sequence[bytes]) -> IdArray:
    """Return the rank of each value of a keyword field by the Arabic alphabet; int64 [values]."""
    keys = []
    for number, value in enumerate(values):
        if number % _PAUSE == 0:
            budget.check(f"order of {name}")
        keys.append((collation_key(value.decode()), number))
    ranks = np.empty(len(keys), np.int64)
    ranks[[number for _key, number in sorted(keys)]] = np.arange(len(keys))
    return ranks


def keyword_name(field: str, value: str) -> ValueName:
    """Return the name of a keyword as it is written."""
    return ValueName(value, str(Compare(field, "=", value)))


def as_written(held: object, folded: str) -> str:
    """Return a folded keyword as the values of a document write it."""
    written = (held,) if isinstance(held, str) else held
    if isinstance(written, tuple):
        return next((each for each in written if fold_keyword(each) == folded), folded)
    return folded


def interval_names(facet: Facet, starts: npt.NDArray[Any]) -> list[ValueName]:
    """Return the names of intervals of numbers or dates with these beginnings."""
    name, interval = facet.field, facet.interval
    if isinstance(interval, str):
        moments = starts.astype(f"datetime64[{calendar_unit(interval)}]").astype("datetime64[D]")
        texts = [text[: _DATE_FORMS[interval]] for text in moments.astype(str).tolist()]
        return [ValueName(text, str(Compare(name, "=", text))) for text in texts]

    def condition(start: float) -> Compare | Between:
        text = number_text(start)
        if interval is None:
            return Compare(name, "=", text)
        end = number_text(interval_end(start, float(interval)))
        return Between(name, text, end, with_upper=False)

    return [ValueName(number_text(start), str(condition(start))) for start in starts.tolist()]


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


def _moment_text(milliseconds: float) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat()
