"""Tokens of a query: operators, conditions, words and quotations, with their positions."""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple

from searchd.query.nodes import Condition
from searchd.query.suffixes import Slop


class TokenKind(Enum):
    """The kinds of token of a query."""

    WORDS = auto()
    QUOTED = auto()
    WILDCARD = auto()
    FUZZY = auto()
    ALL = auto()
    FIELD = auto()
    CONDITION = auto()
    OPEN = auto()
    CLOSE = auto()
    PLUS = auto()
    MINUS = auto()
    EXACT = auto()
    BOOST = auto()
    AND = auto()
    OR = auto()
    NOT = auto()
    END = auto()


class QueryToken(NamedTuple):
    """One operator, condition, word or quotation of a query.

    `position` is the code point offset of `text` in the query. `number` is the edit distance of a
    fuzzy word or the factor of a boost, `slop` that of a quotation, `field` the name of a field in
    the index, `condition` the node of a condition.
    """

    kind: TokenKind
    text: str
    position: int
    number: float = 0
    slop: Slop = Slop(0)
    field: str = ""
    condition: Condition | None = None
