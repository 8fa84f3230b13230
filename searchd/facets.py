"""Facets: which values the documents of a result have, and how many documents have each.

`Facet` asks for one, `FacetCounts` is its answer. Counts are exact, over all documents of the
result. `Engine.search(facets=[...])` takes facets and the texts that `parse_facet` understands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, NoReturn, get_args

from searchd.errors import FilterSyntaxError

CalendarUnit = Literal["year", "month", "day"]
FacetOrder = Literal["count", "value", "-value"]

CALENDAR_UNITS: tuple[CalendarUnit, ...] = get_args(CalendarUnit)
FACET_ORDERS: tuple[FacetOrder, ...] = get_args(FacetOrder)

MOST_FACET_VALUES = 10_000
"""The greatest `limit` of a facet."""

MOST_RANGES = 100
"""The most ranges of a facet."""

HOW_TO_WRITE = (
    "write field, date:year, date:month, date:day, price:100 for an interval, or "
    "price:[0 TO 100}[100 TO *] for ranges, and then ,limit=20 ,order=count|value|-value ,min=1 "
    ",prefix=..."
)


@dataclass(frozen=True, slots=True)
class Facet:
    """A request to count the values of a field.

    Keywords are counted by value, and so are numbers without an interval. `interval` makes a
    histogram: "year", "month" or "day" of a date, in UTC, or the width of the intervals of a number,
    which begin at its multiples. `ranges`, such as "[0 TO 100}", are counted each; they may overlap.

    `limit` is how many values are returned, the rest only numbered: by default 10, of a histogram
    1,000. `order` is "count", the most frequent first, "value" or "-value", by default "value"
    for a histogram and else "count"; keywords are ordered by the Arabic alphabet, without
    regard to hamzas and the article. Values of equal count keep the order of their folded form. With
    a `min_count` of 0 values that only other documents have are returned too. `prefix` leaves the
    keywords of which a word begins so, with or without the article.
    """

    field: str
    limit: int | None = None
    order: FacetOrder | None = None
    min_count: int = 1
    prefix: str = ""
    interval: CalendarUnit | float | None = None
    ranges: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the parts. Raises FilterSyntaxError."""
        object.__setattr__(self, "ranges", tuple(self.ranges))
        if not self.field:
            raise FilterSyntaxError(f"a facet needs a field; {HOW_TO_WRITE}")
        limit = self.limit
        if limit is not None and not (type(limit) is int and 0 <= limit <= MOST_FACET_VALUES):
            self._refuse("limit", limit, f"must be a whole number from 0 to {MOST_FACET_VALUES:,}")
        if self.order is not None and self.order not in FACET_ORDERS:
            self._refuse("order", self.order, f"is one of {', '.join(FACET_ORDERS)}")
        if type(self.min_count) is not int or self.min_count < 0:
            self._refuse("min_count", self.min_count, "must be a whole number from 0")
        if not isinstance(self.prefix, str):
            self._refuse("prefix", self.prefix, "must be a text")
        self._check_buckets()

    def _check_buckets(self) -> None:
        if self.interval is not None and self.ranges:
            self._refuse("interval", self.interval, "and ranges exclude each other; take one")
        if len(self.ranges) > MOST_RANGES:
            self._refuse("ranges", len(self.ranges), f"may be {MOST_RANGES} at most")
        interval = self.interval
        if interval is None or interval in CALENDAR_UNITS:
            return
        if isinstance(interval, str | bool) or not 0 < interval < float("inf"):
            units = ", ".join(CALENDAR_UNITS)
            self._refuse("interval", interval, f"must be {units}, or a number above 0")

    def _refuse(self, part: str, value: object, reason: str) -> NoReturn:
        raise FilterSyntaxError(f"the facet of {self.field!r}: {part} {value!r} {reason}")

    @property
    def is_histogram(self) -> bool:
        """Whether the values are intervals of numbers or dates."""
        return self.interval is not None

    @property
    def most_values(self) -> int:
        """How many values are returned at most."""
        if self.limit is not None:
            return self.limit
        return 1000 if self.is_histogram else 10

    @property
    def value_order(self) -> FacetOrder:
        """The order of the values, chosen or by default."""
        return self.order or ("value" if self.is_histogram else "count")


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value, the number of documents of the result that have it, and the filter that asks for it.

    A keyword is written as in a document that has it; of an interval `value` is its beginning.
    """

    value: str
    count: int
    filter: str


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """The values of one field in a result.

    `others` is the number of further values that the limit left out. `documents` are those that were
    counted: all of the result, and where facet filters choose values of this field also the
    documents that only these leave out. `missing` is how many of them have no value. `least` and
    `greatest` are the ends of the numbers or dates that were found, None of keywords and of nothing.
    """

    field: str
    values: tuple[FacetValue, ...]
    others: int
    documents: int
    missing: int
    least: str | None = None
    greatest: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "field": self.field,
            "values": [
                {"value": each.value, "count": each.count, "filter": each.filter}
                for each in self.values
            ],
            "others": self.others,
            "documents": self.documents,
            "missing": self.missing,
            "least": self.least,
            "greatest": self.greatest,
        }


_FACET = re.compile(
    r"\s*(?P<field>[^\W\d][\w\u0640\u064b-\u0652]*)\s*"
    r"(?::\s*(?P<spec>(?:[\[{][^\[\]{}]*[\]}][\s,]*)+|[^,\[\]{}]*))?"
    r"(?P<options>(?:,.*)?)",
    re.DOTALL,
)
_RANGES = re.compile(r"[\[{][^\[\]{}]*[\]}]")
_OPTION = re.compile(r"\s*(\w+)\s*=\s*(.*?)\s*", re.DOTALL)
_OPTIONS: Mapping[str, str] = MappingProxyType(
    {"limit": "limit", "order": "order", "min": "min_count", "prefix": "prefix"}
)


def parse_facet(text: str) -> Facet:
    """Return the facet that a text asks for. Raises FilterSyntaxError.

    >>> parse_facet("category,limit=20,order=value")
    ... # doctest: +ELLIPSIS
    Facet(field='category', limit=20, order='value', ...)
    >>> parse_facet("date:month").interval, parse_facet("price:[0 TO 9}[9 TO *]").ranges
    ('month', ('[0 TO 9}', '[9 TO *]'))
    """
    match = _FACET.fullmatch(text)
    if not match:
        raise FilterSyntaxError(f"the facet {text!r} cannot be understood; {HOW_TO_WRITE}")
    arguments: dict[str, Any] = {}
    for option in filter(str.strip, match["options"].split(",")):
        part = _OPTION.fullmatch(option)
        if not part or part[1] not in _OPTIONS:
            raise FilterSyntaxError(
                f"the facet {text!r} has the unknown part {option.strip()!r}; {HOW_TO_WRITE}"
            )
        arguments[_OPTIONS[part[1]]] = _option(text, part[1], part[2])
    spec = (match["spec"] or "").strip()
    if match["spec"] is not None and not spec:
        raise FilterSyntaxError(f"the facet {text!r} has nothing after its colon; {HOW_TO_WRITE}")
    if spec.startswith(("[", "{")):
        arguments["ranges"] = tuple(_RANGES.findall(spec))
    elif spec:
        arguments["interval"] = spec if spec in CALENDAR_UNITS else _interval(text, spec)
    return Facet(match["field"], **arguments)


def _option(text: str, name: str, value: str) -> object:
    if name not in ("limit", "min"):
        return value
    try:
        return int(value)
    except ValueError:
        raise FilterSyntaxError(
            f"the facet {text!r}: {name}={value} needs a whole number"
        ) from None


def _interval(text: str, spec: str) -> float:
    from indexer.scalars import parse_number

    try:
        return parse_number(spec, "interval")
    except ValueError:
        raise FilterSyntaxError(
            f"the facet {text!r} has {spec!r} after its colon, which is no interval; {HOW_TO_WRITE}"
        ) from None
