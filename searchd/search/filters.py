"""Filters: conditions on the columns of an index, parsed to a mask of documents.

A filter is `field=value`, `!=`, `<`, `<=`, `>` or `>=`. Keywords compare folded, so `رياضة` finds
`رياضه`; a date may be written in part, and `date=2024` is any moment of that year.
A document without a value passes `!=` alone.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from indexer.fields import FieldType
from indexer.scalars import parse_date, parse_number
from indexer.segment.columns import fold_keyword
from indexer.segment.sorted_arrays import BoolArray
from indexer.segment.stored_fields import to_milliseconds
from indexer.snapshot import Snapshot
from searchd.errors import FilterSyntaxError
from searchd.search.weight_tree import ColumnMask

_FILTER = re.compile(r"\s*([^\W\d]\w*)\s*(!=|<=|>=|=|<|>)(.*)", re.DOTALL)

_DATE_CHARACTER = re.compile(r"[\dWw]")

_Numbers = npt.NDArray[np.float64]


def parse_filter(text: str, snapshot: Snapshot) -> ColumnMask:
    """Return the documents that pass a filter such as `date>=2024`. Raises FilterSyntaxError."""
    match = _FILTER.fullmatch(text)
    if not match:
        raise FilterSyntaxError(
            f"the filter {text!r} cannot be understood; write field=value, "
            f"or another of != < <= > >="
        )
    name, operator, value = match[1], match[2], match[3].strip()
    return column_filter(name, operator, value, snapshot)


def column_filter(name: str, operator: str, value: str, snapshot: Snapshot) -> ColumnMask:
    """Return the documents whose column compares with a value. Raises FilterSyntaxError."""
    field_type = snapshot.field_type(name)
    if field_type is None or field_type is FieldType.TEXT:
        raise FilterSyntaxError(
            f"there is no field {name!r} to filter by; this index has {column_names(snapshot)}"
        )
    if field_type is FieldType.KEYWORD:
        return _keyword_filter(name, operator, value, snapshot)
    try:
        read = _date_range if field_type is FieldType.DATE else _number_range
        low, high = read(value, name)
    except ValueError as error:
        raise FilterSyntaxError(f"the filter {name}{operator}{value}: {error}") from None
    return ColumnMask(
        [
            _compare(segment.columns.numbers(name), operator, low, high)
            for segment in snapshot.segments
        ]
    )


def _keyword_filter(name: str, operator: str, value: str, snapshot: Snapshot) -> ColumnMask:
    if operator not in ("=", "!="):
        raise FilterSyntaxError(
            f"the field {name!r} holds keywords, which have no order; use {name}= or {name}!="
        )
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


def _number_range(value: str, name: str) -> tuple[float, float]:
    number = parse_number(value, name)
    return number, number


def _date_range(value: str, name: str) -> tuple[float, float]:
    """Return the first and last millisecond of a year, month, day or moment, since 1970 in UTC."""
    start = end = parse_date(value, name)
    characters = len(_DATE_CHARACTER.findall(value))
    if characters in (4, 6, 8):
        end = end.replace(hour=23, minute=59, second=59, microsecond=999_999)
    if characters <= 6:
        end = end.replace(day=calendar.monthrange(end.year, end.month)[1])
    if characters <= 4:
        end = end.replace(month=12, day=31)
    return to_milliseconds(start), to_milliseconds(end)


def column_names(snapshot: Snapshot) -> str:
    """Return the names of the columns of an index, for messages."""
    names = [spec.name for spec in snapshot.extra_fields if spec.type is not FieldType.TEXT]
    return ", ".join(["date", *names])
