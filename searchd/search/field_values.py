"""Values of fields as they are written in filters and queries: the range of values that each means."""

from __future__ import annotations

import calendar
import re

from indexer.fields import FieldType
from indexer.scalars import parse_date, parse_number
from indexer.segment.stored_fields import to_milliseconds

_TWO_DATES = re.compile(r"(\d{4}(?:-\d\d){0,2})\s*(?:\.\.+|[-–—])\s*(\d{4}(?:-\d\d){0,2})")
_DATE_CHARACTER = re.compile(r"[\dWw]")


def value_range(value: str, name: str, field_type: FieldType | None) -> tuple[float, float]:
    """Return the least and the greatest value that is meant by a text.

    A date may be written in part: a year is every millisecond of it, since 1970 in UTC. A number is
    itself, and so are keywords, which have no order: (0, 0).
    Raises ValueError with a message for the user, which names the field `name`.

    >>> value_range("٥", "price", FieldType.NUMBER)
    (5.0, 5.0)
    """
    match field_type:
        case FieldType.DATE:
            return _date_range(value, name)
        case FieldType.NUMBER:
            number = parse_number(value, name)
            return number, number
        case _:
            return 0.0, 0.0


def _date_range(value: str, name: str) -> tuple[float, float]:
    """Return the first and last millisecond of a year, month, day or moment, since 1970 in UTC."""
    try:
        start = end = parse_date(value, name)
    except ValueError as error:
        if ends := _TWO_DATES.fullmatch(value):
            raise ValueError(f"{error}; a range is {name}:[{ends[1]} TO {ends[2]}]") from None
        raise
    characters = len(_DATE_CHARACTER.findall(value))
    if characters in (4, 6, 8):
        end = end.replace(hour=23, minute=59, second=59, microsecond=999_999)
    if characters <= 6:
        end = end.replace(day=calendar.monthrange(end.year, end.month)[1])
    if characters <= 4:
        end = end.replace(month=12, day=31)
    return to_milliseconds(start), to_milliseconds(end)
