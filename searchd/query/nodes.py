"""The nodes of the syntax tree of a query.

Every leaf has its `text` as typed and its `position`, a code point offset in the query.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

OPERATORS = ("AND", "OR", "NOT")
"""The words that are operators, in capital letters alone."""

MIN_BOOST, MAX_BOOST = 0.001, 1000
"""The bounds of a boost, and of those that multiply each other."""


class Occur(Enum):
    """How a clause counts: it adds to the score, must match, or must not."""

    SHOULD = "should"
    MUST = "must"
    MUST_NOT = "must not"


@dataclass(frozen=True, slots=True)
class FreeText:
    """Text without operators; analysis may find one word in it, or several, or none."""

    text: str
    position: int


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in this order, clitics free: `"..."`; up to `slop` other words between: `"..."~2`.

    In any order where not `ordered`: `"..."~~2`.
    """

    text: str
    position: int
    slop: int = 0
    ordered: bool = True


@dataclass(frozen=True, slots=True)
class Exact:
    """Words with exactly these surface forms: `="..."` or `=word`; `slop` and `ordered` as above."""

    text: str
    position: int
    slop: int = 0
    ordered: bool = True


@dataclass(frozen=True, slots=True)
class Wildcard:
    """A word as written with `*` for any letters and `?` for one: `كتا*`, `wild?card`."""

    text: str
    position: int


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """A word or one that differs by at most `distance` letters: `word~`, `word~2`."""

    text: str
    position: int
    distance: int = 1


@dataclass(frozen=True, slots=True)
class MatchAll:
    """Every document: `*`."""

    position: int


class Comparison(NamedTuple):
    """A comparison of the field around it with a value: `date>=2021`, `price!=5`.

    `operator` is `=`, `!=`, `<`, `<=`, `>` or `>=`, and `sign` its position. `text` is the value.
    """

    operator: str
    text: str
    position: int
    sign: int


class RangeEnd(NamedTuple):
    """One end of a range: a value, and whether it belongs to the range itself."""

    text: str
    position: int
    inclusive: bool


class Range(NamedTuple):
    """Values of the field around it, from one to another: `date:[2020 TO 2021]`; None is open."""

    lower: RangeEnd | None
    upper: RangeEnd | None
    position: int


class Boost(NamedTuple):
    """A node whose score is multiplied: `word^2`. `position` is that of the `^`."""

    node: Node
    factor: float
    position: int


@dataclass(frozen=True, slots=True)
class Field:
    """A node that is searched in one field: `title:word`, `title:(one two)`."""

    name: str
    node: Node
    position: int


@dataclass(frozen=True, slots=True)
class And:
    """Every node must match."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one node must match."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The node must not match."""

    node: Node


@dataclass(frozen=True, slots=True)
class Clause:
    """One member of a list of clauses, and how it counts."""

    node: Node
    occur: Occur = Occur.SHOULD


@dataclass(frozen=True, slots=True)
class Clauses:
    """Clauses without an operator between them.

    Where one must match, those that need not only add to the score; else one of them must match.
    """

    clauses: tuple[Clause, ...]


Condition = Comparison | Range
"""A condition on the values of a field."""

Node = (
    FreeText
    | Phrase
    | Exact
    | Wildcard
    | Fuzzy
    | MatchAll
    | Condition
    | Boost
    | Field
    | And
    | Or
    | Not
    | Clauses
)
