"""Filters: the documents of a snapshot that meet a condition on a column, as a mask.

Keywords compare folded, so `رياضة` finds `رياضه`; a date may be written in part, and `date=2024` is
any moment of that year. A document without a value passes `!=` alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from indexer.fields import FieldType
from indexer.segment.columns import fold_keyword
from indexer.segment.segment import Segment
from indexer.segment.sorted_arrays import BoolArray
from indexer.snapshot import Snapshot
from searchd import budget
from searchd.errors import FilterSyntaxError
from searchd.filter_tree import Between, Compare, Condition, Exists, In, written_value
from searchd.search.field_values import value_range
from searchd.search.filter_check import check_tree_condition
from searchd.search.weight_tree import ColumnMask

_Numbers = npt.NDArray[np.float64]


def condition_mask(condition: Condition, snapshot: Snapshot) -> ColumnMask:
    """Return the documents that meet one condition of a filter. Raises FilterSyntaxError."""
    check_tree_condition(condition, snapshot.fields)
    match condition:
        case Compare(name, operator, value):
            return column_filter(name, operator, written_value(value), snapshot)
        case Exists(name):
            return any_value_filter(name, snapshot)
        case Between():
            return _between(condition, snapshot)
        case In(name, values):
            return _any_of(name, list(map(written_value, values)), snapshot)


def _between(condition: Between, snapshot: Snapshot) -> ColumnMask:
    ends = (
        (condition.lower, ">=" if condition.with_lower else ">"),
        (condition.upper, "<=" if condition.with_upper else "<"),
    )
    found = [
        column_filter(condition.field, operator, written_value(end), snapshot).masks
        for end, operator in ends
        if end is not None
    ]
    found = found or [any_value_filter(condition.field, snapshot).masks]
    return ColumnMask([np.logical_and.reduce(masks) for masks in zip(*found, strict=True)])


def _any_of(name: str, values: Sequence[str], snapshot: Snapshot) -> ColumnMask:
    if name != "id" and snapshot.field_type(name) is FieldType.KEYWORD:
        wanted = set(map(fold_keyword, values))
        return ColumnMask(
            [segment.columns.with_any_keyword(name, wanted) for segment in snapshot.segments]
        )
    found = [np.zeros(segment.document_count, np.bool_) for segment in snapshot.segments]
    for value in values:
        budget.check(f"{name} IN")
        for mask, more in zip(found, column_filter(name, "=", value, snapshot).masks, strict=True):
            mask |= more
    return ColumnMask(found)


def column_filter(name: str, operator: str, value: str, snapshot: Snapshot) -> ColumnMask:
    """Return the documents whose column compares with a value. Raises FilterSyntaxError."""
    if name == "id":
        return _id_filter(operator, value, snapshot)
    field_type = snapshot.field_type(name)
    if field_type is None or field_type is FieldType.TEXT:
        raise FilterSyntaxError(
            f"there is no field {name!r} to filter by; this index has {column_names(snapshot)}"
        )
    if field_type is FieldType.KEYWORD:
        return _keyword_filter(name, operator, value, snapshot)
    try:
        low, high = value_range(value, name, field_type)
    except ValueError as error:
        raise FilterSyntaxError(f"the filter {name}{operator}{value}: {error}") from None
    return ColumnMask(
        [
            _compare(segment.columns.numbers(name), operator, low, high)
            for segment in snapshot.segments
        ]
    )


def any_value_filter(name: str, snapshot: Snapshot) -> ColumnMask:
    """Return the documents with any value in a field; of a text, with any word."""
    return ColumnMask([_has_value(name, segment, snapshot) for segment in snapshot.segments])


def _has_value(name: str, segment: Segment, snapshot: Snapshot) -> BoolArray:
    match snapshot.fields[name]:
        case _ if name == "id":
            return np.ones(segment.document_count, np.bool_)
        case FieldType.TEXT:
            return segment.postings.text_field(name).lengths() > 0
        case FieldType.KEYWORD:
            starts, _codes = segment.columns.keyword_codes(name)
            return np.diff(starts) > 0
        case _:
            return ~np.isnan(segment.columns.numbers(name))


def _id_filter(operator: str, value: str, snapshot: Snapshot) -> ColumnMask:
    _check_order("id", operator)
    masks = []
    for segment in snapshot.segments:
        mask = np.zeros(segment.document_count, np.bool_)
        mask[segment.find_live(value.encode("utf-8", "surrogatepass"))] = True
        masks.append(mask if operator == "=" else ~mask)
    return ColumnMask(masks)


def _check_order(name: str, operator: str) -> None:
    if operator not in ("=", "!="):
        raise FilterSyntaxError(
            f"the field {name!r} holds keywords, which have no order; use {name}= or {name}!="
        )


def _keyword_filter(name: str, operator: str, value: str, snapshot: Snapshot) -> ColumnMask:
    _check_order(name, operator)
    wanted = fold_keyword(value)
    masks = [segment.columns.with_keyword(name, wanted) for segment in snapshot.segments]
    return ColumnMask(masks if operator == "=" else [~mask for mask in masks])


def _compare(numbers: _Numbers, operator: str, low: float, high: float) -> BoolArray:
    """Compare numbers, [documents], with the range [low, high] of values that the filter names.

    A document without a value (NaN) passes `!=` alone, as it does with keywords.
    """
    compare: dict[str, Callable[[], BoolArray]] = {
        "=": lambda: (numbers >= low) & (numbers <= high),
        "!=": lambda: ~((numbers >= low) & (numbers <= high)),
        "<": lambda: numbers < low,
        "<=": lambda: numbers <= high,
        ">": lambda: numbers > high,
        ">=": lambda: numbers >= low,
    }
    return compare[operator]()


def column_names(snapshot: Snapshot) -> str:
    """Return the names of the columns of an index, for messages."""
    names = [spec.name for spec in snapshot.extra_fields if spec.type is not FieldType.TEXT]
    return ", ".join(["date", *names])
