"""Condition hints: why the conditions of a query and its filters let no document through.

For each condition the documents that meet it alone are counted, and where there are none the values
that the field has: of keywords those that are spelled like the one asked for, then the most
frequent; of numbers and dates the least and the greatest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol

import numpy as np
from rapidfuzz.distance import Levenshtein

from indexer.fields import FieldType
from indexer.segment.columns import fold_keyword
from indexer.segment.segment import Segment
from indexer.snapshot import Snapshot
from searchd.filter_tree import (
    Compare,
    Condition,
    Exists,
    Filter,
    FilterValue,
    In,
    conditions_of,
    written_value,
)
from searchd.search.facet_values import as_written
from searchd.search.filters import condition_mask
from searchd.search.plan import (
    AnyValueQuery,
    BooleanQuery,
    BoostQuery,
    ColumnQuery,
    Query,
    comparison_of,
)
from searchd.searched_condition import SearchedCondition

_MOST_VALUES = 5
_LEAST_LIKENESS = 0.5
"""How like a keyword is spelled to come before more frequent ones: 1 less the edits per letter."""


class FieldStatistics(Protocol):
    """What is asked of the values of the fields of an index."""

    def field_type(self, name: str) -> FieldType | None:
        """Return the type of a field."""

    def documents_with(self, condition: Condition) -> int:
        """Return the number of documents that meet a condition."""

    def keyword_counts(self, name: str) -> Mapping[str, int]:
        """Return the number of documents with each value of a keyword field, folded."""

    def written(self, name: str, folded: Sequence[str]) -> list[str]:
        """Return values of a keyword field as the first document that has each writes it."""

    def ends(self, name: str) -> tuple[float, float] | None:
        """Return the least and the greatest number of a field, None for none."""


def searched_conditions(
    plan: Query, filters: Sequence[Filter], statistics: FieldStatistics
) -> tuple[SearchedCondition, ...]:
    """Return the conditions of a plan and of some filters, without those that must not hold."""
    conditions: list[tuple[str, Condition]] = [
        (f"{each.field}:*", Exists(each.field))
        if isinstance(each, AnyValueQuery)
        else (_as_typed(each), comparison_of(each))
        for each in _conditions(plan)
    ]
    for tree in filters:
        conditions += [(_written(leaf), leaf) for leaf, holds in conditions_of(tree) if holds]
    return tuple(_searched(*condition, statistics) for condition in dict.fromkeys(conditions))


def _written(condition: Condition) -> str:
    if isinstance(condition, Compare):
        return f"{condition.field}{condition.operator}{written_value(condition.value)}"
    return str(condition)


def _conditions(plan: Query) -> Iterator[ColumnQuery | AnyValueQuery]:
    match plan:
        case ColumnQuery() | AnyValueQuery():
            yield plan
        case BoostQuery():
            yield from _conditions(plan.query)
        case BooleanQuery():
            for member in (*plan.must, *plan.should):
                yield from _conditions(member)


def _as_typed(condition: ColumnQuery) -> str:
    operator = ":" if condition.operator == "=" else condition.operator
    return f"{condition.field}{operator}{condition.value}"


def _searched(written: str, condition: Condition, statistics: FieldStatistics) -> SearchedCondition:
    name = condition.field
    documents = statistics.documents_with(condition)
    if documents or name == "id":
        return SearchedCondition(written, name, documents)
    match statistics.field_type(name):
        case FieldType.KEYWORD:
            best = _best_keywords(condition, statistics.keyword_counts(name))
            return SearchedCondition(written, name, 0, tuple(statistics.written(name, best)))
        case FieldType.NUMBER | FieldType.DATE as kind:
            show = _date if kind is FieldType.DATE else _number
            values = tuple(map(show, statistics.ends(name) or ()))
            return SearchedCondition(written, name, 0, values, is_range=True)
        case _:
            return SearchedCondition(written, name, 0)


def _best_keywords(condition: Condition, counts: Mapping[str, int]) -> list[str]:
    """Return the values of a keyword field that are named, those like one that is asked for first."""
    wanted = [fold_keyword(written_value(value)) for value in _values(condition)]
    likeness = {
        value: max((Levenshtein.normalized_similarity(each, value) for each in wanted), default=0.0)
        for value in counts
    }

    def rank(value: str) -> tuple[float, int, str]:
        like = likeness[value]
        return -like if like >= _LEAST_LIKENESS else 0.0, -counts[value], value

    return sorted(likeness, key=rank)[:_MOST_VALUES]


def _values(condition: Condition) -> tuple[FilterValue, ...]:
    match condition:
        case Compare():
            return (condition.value,)
        case In():
            return condition.values
        case _:
            return ()


class SnapshotStatistics:
    """The values of the fields of one snapshot, a `FieldStatistics`."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def field_type(self, name: str) -> FieldType | None:
        """Return the type of a field."""
        return self._snapshot.fields.get(name)

    def documents_with(self, condition: Condition) -> int:
        """Return the number of live documents that meet a condition."""
        met = condition_mask(condition, self._snapshot)
        pairs = zip(met.masks, self._snapshot.segments, strict=True)
        return sum(int(np.count_nonzero(mask & segment.live)) for mask, segment in pairs)

    def keyword_counts(self, name: str) -> Mapping[str, int]:
        """Return the number of live documents with each value, folded."""
        counts: Counter[str] = Counter()
        for segment in self._snapshot.segments:
            values = [value.decode() for value in segment.columns.keyword_values(name).all()]
            numbers = np.bincount(_live_codes(name, segment), minlength=len(values))
            counts.update(dict(zip(values, numbers.tolist(), strict=True)))
        return +counts

    def written(self, name: str, folded: Sequence[str]) -> list[str]:
        """Return values as the first live document that has each writes it."""
        return [self._written(name, value) for value in folded]

    def ends(self, name: str) -> tuple[float, float] | None:
        """Return the least and the greatest number of the live documents."""
        numbers = np.concatenate(
            [segment.columns.numbers(name)[segment.live] for segment in self._snapshot.segments]
            or [np.empty(0)]
        )
        numbers = numbers[~np.isnan(numbers)]
        return (float(numbers.min()), float(numbers.max())) if numbers.size else None

    def _written(self, name: str, folded: str) -> str:
        for segment in self._snapshot.segments:
            found = np.flatnonzero(segment.columns.with_keyword(name, folded) & segment.live)
            if found.size:
                (stored,) = segment.documents.stored_fields([int(found[0])])
                return as_written(stored.fields.get(name), folded)
        return folded


def _live_codes(name: str, segment: Segment) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    starts, codes = segment.columns.keyword_codes(name)
    return codes[np.repeat(segment.live, np.diff(starts))]


def _number(number: float) -> str:
    return f"{number:.15g}"


def _date(milliseconds: float) -> str:
    date = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return f"{date:%Y-%m-%d}" if date.time() == datetime.min.time() else f"{date:%Y-%m-%dT%H:%M}"
