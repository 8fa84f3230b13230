"""Parsing filters: a text to the tree of its conditions, by recursive descent.

    filter      := conjunction (("OR" | "||") conjunction)*
    conjunction := unary (("AND" | "&&") unary)*
    unary       := "NOT" unary | "(" filter ")" | "EXISTS" field | condition
    condition   := field ("=" | "!=" | "<" | "<=" | ">" | ">=" | ":") value
                 | field ":" ("*" | ("[" | "{") value "TO" value ("]" | "}"))
                 | field "NOT"? ("EXISTS" | "IN" "(" value ("," value)* ")")

A value reaches to the next operator, or to the end. Quotation marks are needed around one that holds
an operator, in a list one that holds a comma, in parentheses one whose own are not in pairs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NoReturn, TypeVar

from indexer.fields import FieldType
from searchd.errors import FilterSyntaxError, QuerySyntaxError
from searchd.filter_tree import (
    OPERATORS,
    Between,
    Compare,
    Condition,
    Exists,
    Filter,
    FilterAnd,
    FilterNot,
    FilterOr,
    In,
)
from searchd.query.conditions import SIGN, has_range, read_range
from searchd.query.field_names import resolve_field_name
from searchd.query.nodes import RangeEnd
from searchd.search.filter_check import check_condition

_T = TypeVar("_T")

MAX_NESTING = 50
"""How deep parentheses and NOT may go."""

_SPACE = re.compile(r"\s*")
_NAME = re.compile(r"[^\W\d][\w\u0640\u064b-\u0652]*")
_NOT = re.compile(r"NOT(?=[\s(])\s*")
_EXISTS_FIELD = re.compile(r"EXISTS\s+(?=[^\W\d])")
_OF_FIELD = re.compile(r"\s+(NOT\s+)?(EXISTS(?!\w)|IN\s*(?=\())")
_SIGN_OR_COLON = re.compile(rf"\s*({SIGN}|:\s*{SIGN}|:)\s*")
_AND = re.compile(r"(?:AND|&&)(?=[\s(]|\Z)\s*")
_OR = re.compile(r"(?:OR|\|\|)(?=[\s(]|\Z)\s*")
_END_OF_VALUE = re.compile(r"\s+(?:AND|OR|NOT|&&|\|\|)(?=[\s(]|\Z)")
_SIGNS = {"≥": ">=", "≤": "<=", "≠": "!=", "==": "=", ":": "="}
_TURNED = {"=>": ">=", "=<": "<=", "<>": "!=", "><": "!="}
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"|«([^»]*)»|“([^”]*)”|„([^“]*)“', re.DOTALL)
_ESCAPED = re.compile(r'\\(["\\])')
_COMMAS = ",،"
_SMALL_OPERATOR = re.compile(rf"\s(and|or|و|أو)\s+(?:not\s+)?([^\W\d]\w*)\s*(?:{SIGN}|\sIN\s)")


def parse_filter(text: str, fields: Mapping[str, FieldType]) -> Filter:
    """Return the tree of a filter such as `category IN (a, b) AND date >= 2024`.

    `fields` are those of the index, with their types. Raises FilterSyntaxError with the position of
    what cannot be understood, and for a field or a value that cannot be compared.
    """
    return _Parser(text, fields).parse()


class _Parser:
    def __init__(self, text: str, fields: Mapping[str, FieldType]) -> None:
        self._text = text
        self._fields = fields
        self._position = 0
        self._depth = 0
        """How many parentheses and NOT are open here."""
        self._groups = 0
        """How many parentheses are open here."""

    def parse(self) -> Filter:
        self._take(_SPACE)
        tree = self._disjunction()
        if self._position < len(self._text):
            self._fail(self._position, self._why_it_ends_here())
        return tree

    def _why_it_ends_here(self) -> str:
        if self._text.startswith(")", self._position):
            return "this parenthesis closes nothing; remove it or add an opening one"
        return (
            "write AND or OR between two conditions; a value that holds such a word goes in "
            'quotation marks: field="this AND that"'
        )

    def _fail(self, position: int, reason: str) -> NoReturn:
        raise FilterSyntaxError(reason, self._text, position)

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Match a pattern here, and go on after it."""
        match = pattern.match(self._text, self._position)
        if match:
            self._position = match.end()
        return match

    def _disjunction(self) -> Filter:
        members = [self._conjunction()]
        while self._take(_OR):
            members.append(self._conjunction())
        return members[0] if len(members) == 1 else FilterOr(tuple(members))

    def _conjunction(self) -> Filter:
        members = [self._unary()]
        while self._take(_AND):
            members.append(self._unary())
        return members[0] if len(members) == 1 else FilterAnd(tuple(members))

    def _unary(self) -> Filter:
        start = self._position
        if self._take(_NOT):
            return FilterNot(self._nested(start, self._unary))
        if self._text.startswith("(", start):
            self._position += 1
            self._groups += 1
            self._take(_SPACE)
            inner = self._nested(start, self._disjunction)
            if not self._text.startswith(")", self._position):
                missing = self._position == len(self._text)
                reason = "this parenthesis is not closed; add a )"
                self._fail(
                    *((start, reason) if missing else (self._position, self._why_it_ends_here()))
                )
            self._position += 1
            self._groups -= 1
            self._take(_SPACE)
            return inner
        leaf = self._condition()
        self._take(_SPACE)
        return leaf

    def _nested(self, start: int, rule: Callable[[], _T]) -> _T:
        self._depth += 1
        if self._depth > MAX_NESTING:
            self._fail(start, f"parentheses and NOT go deeper than {MAX_NESTING} levels")
        inner = rule()
        self._depth -= 1
        return inner

    def _condition(self) -> Filter:
        start = self._position
        operator = _AND.match(self._text, start) or _OR.match(self._text, start)
        if operator:
            self._fail(start, f"{operator[0].strip()} needs a condition before it")
        if self._take(_EXISTS_FIELD):
            return self._checked(Exists(self._field_name()), start, start)
        name = self._field_name()
        of_field = self._take(_OF_FIELD)
        if of_field:
            at = self._position
            leaf = Exists(name) if of_field[2] == "EXISTS" else In(name, self._list())
            found = self._checked(leaf, start, at)
            return FilterNot(found) if of_field[1] else found
        sign = self._take(_SIGN_OR_COLON)
        if not sign:
            self._fail(
                self._position,
                "write field=value, or another of != < <= > >=; field IN (one, other); "
                "EXISTS field",
            )
        return self._comparison(name, start, sign)

    def _field_name(self) -> str:
        name = self._take(_NAME)
        if not name:
            self._fail(
                self._position,
                "there is no condition here; write field=value, or another of != < <= > >=",
            )
        return resolve_field_name(name[0], self._fields) or name[0]

    def _comparison(self, name: str, start: int, match: re.Match[str]) -> Condition:
        written = match[1]
        sign = written.lstrip(": ") or ":"
        at = self._position
        if sign in _TURNED:
            self._fail(
                match.start(1), f"{sign} is no comparison; write {name} {_TURNED[sign]} value"
            )
        if written == ":" and self._text[at : at + 1] in ("[", "{") and has_range(self._text, at):
            return self._checked(self._range(name), start, at)
        value = self._value(of_list=False)
        if written == ":" and value == "*" and self._text[at] == "*":
            return self._checked(Exists(name), start, at)
        operator = _SIGNS.get(sign, sign)
        for known in OPERATORS:
            if operator == known:
                return self._checked(Compare(name, known, value), start, at)
        raise AssertionError(operator)  # the pattern has these signs alone

    def _range(self, name: str) -> Between:
        try:
            found, self._position = read_range(self._text, self._position, name)
        except QuerySyntaxError as error:
            self._fail(error.position, error.reason)
        lower, upper = found.lower or _OPEN, found.upper or _OPEN
        return Between(
            name,
            lower.text if found.lower else None,
            upper.text if found.upper else None,
            lower.inclusive,
            upper.inclusive,
        )

    def _list(self) -> tuple[str, ...]:
        opening = self._position
        self._position += 1
        self._groups += 1
        values = []
        while True:
            self._take(_SPACE)
            at = self._position
            values.append(self._value(of_list=True))
            if self._position == at:
                self._fail(at, "a value is missing here; write field IN (one, other)")
            self._take(_SPACE)
            end = self._text[self._position : self._position + 1]
            if not end:
                self._fail(opening, "this list is not closed; add a )")
            if end not in _COMMAS and end != ")":
                self._fail(
                    self._position,
                    "values are separated by commas; one that holds AND, OR or NOT goes in "
                    "quotation marks",
                )
            self._position += 1
            if end == ")":
                self._groups -= 1
                return tuple(values)

    def _value(self, *, of_list: bool) -> str:
        """Return the value that begins here, and go on after it."""
        start = self._position
        quoted = _QUOTED.match(self._text, start)
        if quoted and self._ends_value(quoted.end(), of_list=of_list):
            self._position = quoted.end()
            if quoted[1] is not None:
                return _ESCAPED.sub(r"\1", quoted[1])
            return next(part for part in quoted.groups() if part is not None)
        if self._text.startswith('"', start):
            self._fail(
                start,
                "after the closing quotation mark comes text; put all of the value inside"
                if quoted
                else 'this quotation mark has no partner; add a closing " or remove it',
            )
        self._position = self._end_of_value(start, of_list=of_list)
        value = self._text[start : self._position].rstrip()
        self._check_operators(value, start)
        return value

    def _ends_value(self, position: int, *, of_list: bool) -> bool:
        rest = self._text[position:]
        return (
            not rest.strip()
            or _END_OF_VALUE.match(rest) is not None
            or (self._groups > 0 and rest.lstrip().startswith(")"))
            or (of_list and rest.lstrip()[0] in _COMMAS)
        )

    def _end_of_value(self, start: int, *, of_list: bool) -> int:
        """Return where a value without quotation marks ends: its own parentheses are in pairs."""
        # Of a list the next sign comes first, else the next operator: whichever is near.
        end = self._next_sign(start, len(self._text), of_list=True) if of_list else len(self._text)
        operator = _END_OF_VALUE.search(self._text, start, end + 1)
        stop = operator.start() if operator else end
        return stop if of_list else self._next_sign(start, stop, of_list=False)

    def _next_sign(self, start: int, stop: int, *, of_list: bool) -> int:
        """Return where a value ends by a sign: a parenthesis, and in a list a comma; else `stop`."""
        depth = 0
        for position in range(start, stop):
            character = self._text[position]
            if character == "(":
                depth += 1
            elif character == ")":
                if not depth and self._groups:
                    return position
                depth = max(depth - 1, 0)
            elif of_list and not depth and character in _COMMAS:
                return position
        return stop

    def _check_operators(self, value: str, start: int) -> None:
        """Refuse a value that holds a condition after an operator in small letters or in Arabic."""
        small = _SMALL_OPERATOR.search(value)
        if small and resolve_field_name(small[2], self._fields):
            meant = "AND" if small[1] in ("and", "و") else "OR"
            self._fail(
                start + small.start(1),
                f"operators are written in capitals: {meant}; if {small[1]!r} is part of the value, "
                "put the value in quotation marks",
            )

    def _checked(self, leaf: Condition, start: int, value: int) -> Condition:
        """Return a condition that can be asked of its field. Raises FilterSyntaxError."""
        try:
            check_condition(leaf, self._fields)
        except LookupError as error:
            self._fail(start, str(error.args[0]))
        except ValueError as error:
            self._fail(value, str(error))
        return leaf


_OPEN = RangeEnd("", 0, inclusive=True)
"""The open end of a range."""
