"""The tree of a filter: conditions on fields, and how they are combined.

`Engine.search(filters=[...])` takes such trees and the texts that they stand for. `str` of a tree is
a text that means the same:

>>> print(FilterAnd((In("category", ("سياسة", "شؤون محلية")), FilterNot(Exists("author")))))
category IN (سياسة, "شؤون محلية") AND NOT EXISTS author
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

FilterValue = str | int | float | date
"""A value to compare with: as a filter writes it, or a number or a date of Python."""

Operator = Literal["=", "!=", "<", "<=", ">", ">="]

_WORDS = ("AND", "OR", "NOT")
_PLAIN = re.compile(r"[\w.:+\-]+")
"""A value that needs no quotation marks."""

OPERATORS: tuple[Operator, ...] = ("=", "!=", "<", "<=", ">", ">=")


@dataclass(frozen=True, slots=True)
class Compare:
    """A field compares with a value: `price >= 5`. A date in part, as 2024, is all of that year."""

    field: str
    operator: Operator
    value: FilterValue

    def __str__(self) -> str:
        return f"{self.field} {self.operator} {_quoted(self.value)}"


@dataclass(frozen=True, slots=True)
class In:
    """A field has one of some values: `category IN (a, b)`."""

    field: str
    values: tuple[FilterValue, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", tuple(self.values))  # a list cannot be a cache key

    def __str__(self) -> str:
        return f"{self.field} IN ({', '.join(map(_quoted, self.values))})"


@dataclass(frozen=True, slots=True)
class Between:
    """A field is in a range: `date:[2020 TO 2021]`, `price:[0 TO 100}`; None is an open end."""

    field: str
    lower: FilterValue | None = None
    upper: FilterValue | None = None
    with_lower: bool = True
    with_upper: bool = True

    def __str__(self) -> str:
        return f"{self.field}:{self.range_text()}"

    def range_text(self) -> str:
        """Return the range without its field: `[0 TO 100}`."""
        ends = ["*" if end is None else _range_end(end) for end in (self.lower, self.upper)]
        opening, closing = "[" if self.with_lower else "{", "]" if self.with_upper else "}"
        return f"{opening}{ends[0]} TO {ends[1]}{closing}"


@dataclass(frozen=True, slots=True)
class Exists:
    """A field has any value; a text any word: `EXISTS author`."""

    field: str

    def __str__(self) -> str:
        return f"EXISTS {self.field}"


@dataclass(frozen=True, slots=True)
class FilterNot:
    """What the member lets through is left out, and nothing else."""

    member: Filter

    def __str__(self) -> str:
        return f"NOT {_nested(self.member)}"


@dataclass(frozen=True, slots=True)
class FilterAnd:
    """Every member must let a document through; without members all pass."""

    members: tuple[Filter, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "members", tuple(self.members))

    def __str__(self) -> str:
        return " AND ".join(map(_nested, self.members))


@dataclass(frozen=True, slots=True)
class FilterOr:
    """At least one member must let a document through; without members none passes."""

    members: tuple[Filter, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "members", tuple(self.members))

    def __str__(self) -> str:
        return " OR ".join(map(_nested, self.members))


Condition = Compare | In | Between | Exists
"""A leaf: a condition on one field."""

Filter = Condition | FilterNot | FilterAnd | FilterOr


def conditions_of(tree: Filter) -> list[tuple[Condition, bool]]:
    """Return the conditions of a tree in order, each with whether it is under an even number of NOT."""
    match tree:
        case FilterNot():
            return [(leaf, not positive) for leaf, positive in conditions_of(tree.member)]
        case FilterAnd() | FilterOr():
            return [found for member in tree.members for found in conditions_of(member)]
        case _:
            return [(tree, True)]


def check_tree(tree: object) -> object:
    """Return the first part that does not belong into a tree, None where all is as it must be."""
    match tree:
        case FilterNot(member):
            return check_tree(member)
        case FilterAnd(members) | FilterOr(members):
            return next(filter(None, map(check_tree, members)), None)
        case Compare(str(), _, value):
            parts = [value]
        case In(str(), values):
            parts = list(values)
        case Between(str(), lower, upper):
            parts = [end for end in (lower, upper) if end is not None]
        case Exists(str()):
            parts = []
        case _:
            return tree or repr(tree)
    return next((repr(part) for part in parts if not isinstance(part, FilterValue)), None)


def written_value(value: FilterValue) -> str:
    """Return a value as filters write it: 12.5, 2024-05-01, and texts as they are."""
    return value.isoformat() if isinstance(value, date) else str(value)


def _nested(member: Filter) -> str:
    return f"({member})" if isinstance(member, FilterAnd | FilterOr) else str(member)


def _quoted(value: FilterValue) -> str:
    if not isinstance(value, str) or (_PLAIN.fullmatch(value) and value not in _WORDS):
        return written_value(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _range_end(value: FilterValue) -> str:
    written = written_value(value)
    return f'"{written}"' if any(character in written for character in ' "[]{}()*') else written
