"""Condition hints: why the conditions of a query and its filters let no document through.

For each condition the documents that meet it alone are counted, and where there are none the values
that the field has: of keywords those that are spelled like the one asked for, then the most
frequent; of numbers and dates the least and the greatest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

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
from searchd.search.filters import condition_mask
from searchd.search.plan import (
    AnyValueQuery,
    BooleanQuery,
    BoostQuery,
    ColumnQuery,
    Query,
    comparison_of,
)
from searchd.search.weight_tree import ColumnMask
from searchd.searched_condition import SearchedCondition

_MOST_VALUES = 5
_LEAST_LIKENESS = 0.5
"""How like a keyword is spelled to come before more frequent ones: 1 less the edits per letter."""


def searched_conditions(
    plan: Query, filters: Sequence[Filter], snapshot: Snapshot
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
    return tuple(_searched(*condition, snapshot) for condition in dict.fromkeys(conditions))


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


def _searched(written: str, condition: Condition, snapshot: Snapshot) -> SearchedCondition:
    name = condition.field
    documents = _count(condition_mask(condition, snapshot), snapshot)
    if documents or name == "id":
        return SearchedCondition(written, name, documents)
    match snapshot.fields[name]:
        case FieldType.KEYWORD:
            return SearchedCondition(written, name, 0, _keywords(condition, snapshot))
        case FieldType.NUMBER | FieldType.DATE as kind:
            values = _least_and_greatest(name, kind, snapshot)
            return SearchedCondition(written, name, 0, values, is_range=True)
        case _:
            return SearchedCondition(written, name, 0)


def _count(met: ColumnMask, snapshot: Snapshot) -> int:
    pairs = zip(met.masks, snapshot.segments, strict=True)
    return sum(int(np.count_nonzero(mask & segment.live)) for mask, segment in pairs)


def _keywords(condition: Condition, snapshot: Snapshot) -> tuple[str, ...]:
    """Return the values of a keyword field as written, those like one that is asked for first."""
    name = condition.field
    counts: Counter[str] = Counter()
    for segment in snapshot.segments:
        values = [value.decode() for value in segment.columns.keyword_values(name).all()]
        numbers = np.bincount(_live_codes(name, segment), minlength=len(values))
        counts.update(dict(zip(values, numbers.tolist(), strict=True)))
    wanted = [fold_keyword(written_value(value)) for value in _values(condition)]
    likeness = {
        value: max((Levenshtein.normalized_similarity(each, value) for each in wanted), default=0.0)
        for value in +counts
    }

    def rank(value: str) -> tuple[float, int, str]:
        like = likeness[value]
        return -like if like >= _LEAST_LIKENESS else 0.0, -counts[value], value

    best = sorted(likeness, key=rank)[:_MOST_VALUES]
    return tuple(_as_written(name, value, snapshot) for value in best)


def _values(condition: Condition) -> tuple[FilterValue, ...]:
    match condition:
        case Compare():
            return (condition.value,)
        case In():
            return condition.values
        case _:
            return ()


def _live_codes(name: str, segment: Segment) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    starts, codes = segment.columns.keyword_codes(name)
    return codes[np.repeat(segment.live, np.diff(starts))]


def _as_written(name: str, folded: str, snapshot: Snapshot) -> str:
    """Return a folded keyword as the first document that has it writes it."""
    for segment in snapshot.segments:
        found = np.flatnonzero(segment.columns.with_keyword(name, folded) & segment.live)
        if found.size:
            (stored,) = segment.documents.stored_fields([int(found[0])])
            held = stored.fields.get(name, ())
            written = (held,) if isinstance(held, str) else held
            if isinstance(written, tuple):
                return next((each for each in written if fold_keyword(each) == folded), folded)
    return folded


def _least_and_greatest(name: str, kind: FieldType, snapshot: Snapshot) -> tuple[str, ...]:
    numbers = np.concatenate(
        [segment.columns.numbers(name)[segment.live] for segment in snapshot.segments]
        or [np.empty(0)]
    )
    numbers = numbers[~np.isnan(numbers)]
    if not numbers.size:
        return ()
    ends = float(numbers.min()), float(numbers.max())
    return tuple(_date(end) if kind is FieldType.DATE else f"{end:.15g}" for end in ends)


def _date(milliseconds: float) -> str:
    date = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return f"{date:%Y-%m-%d}" if date.time() == datetime.min.time() else f"{date:%Y-%m-%dT%H:%M}"
