"""Conditions on fields in a query: comparisons (`date>=2021`) and ranges (`date:[2020 TO 2021]`)."""

from __future__ import annotations

import re

from searchd.errors import QuerySyntaxError
from searchd.query.nodes import Comparison, Range, RangeEnd

_SIGNS = {"≥": ">=", "≤": "<=", "≠": "!="}
_TURNED = {"=>": ">=", "=<": "<=", "==": "=", "<>": "!=", "><": "!="}

SIGN = r"(?:!=|==|=>|=<|<>|><|<=|>=|[=<>≥≤≠])"
"""Every sign of comparison, and those that are written the wrong way round."""

_VALUE = r"""(?:(?!&&)[^\s()"“”„«»|^])+"""
_QUOTED = r'''"[^"]*"'''
_COMPARISON = re.compile(rf"({SIGN})(\s*)({_QUOTED}|{_VALUE})?")
_RANGE = re.compile(r'[\[{]((?:"[^"]{0,300}"|[^"\[\]{}()]){0,300})([\]}])')
_ENDS = re.compile(rf"\s*({_QUOTED}|\S+)\s+TO\s+({_QUOTED}|\S+)\s*")
_NUMBER = re.compile(r"[+\-−]?[.٫]?\d")


def read_comparison(query: str, start: int, field: str) -> tuple[Comparison, int]:
    """Return the comparison whose sign begins at `start`, and the offset after its value.

    `field` is the name before it as written, for messages. Raises QuerySyntaxError.
    """
    match = _COMPARISON.match(query, start)
    assert match is not None  # the lexer has seen the sign
    written, _space, value = match.groups()
    if written in _TURNED:
        raise QuerySyntaxError(
            query, start, f"{written} is no comparison; write {field}{_TURNED[written]}value"
        )
    if not value:
        raise QuerySyntaxError(
            query, start, f"{written} needs a value after it; write {field}{written}value"
        )
    position = match.start(3)
    if value.startswith('"'):
        value, position = value[1:-1], position + 1
    operator = _SIGNS.get(written, written)
    return Comparison(operator, value, position, start), match.end()


def is_numeric(text: str) -> bool:
    """Return whether a text begins like a number or a date.

    >>> is_numeric("-2.5"), is_numeric("٢٠٢١"), is_numeric("b>")
    (True, True, False)
    """
    return _NUMBER.match(text) is not None


def has_range(query: str, start: int) -> bool:
    """Return whether a range stands at `start`: two values with TO between them, in brackets."""
    match = _RANGE.match(query, start)
    return match is not None and _ENDS.fullmatch(match[1]) is not None


def read_range(query: str, start: int, field: str) -> tuple[Range, int]:
    """Return the range that begins at `start`, and the offset after it. Raises QuerySyntaxError."""
    match = _RANGE.match(query, start)
    if match is None:
        raise QuerySyntaxError(
            query,
            start,
            f"this range is not closed; write {field}:[from TO to], with }} for an end that is "
            "not to belong to it",
        )
    ends = _ENDS.fullmatch(match[1])
    if ends is None:
        raise QuerySyntaxError(
            query,
            start,
            f"a range needs two values with TO in capitals between them; "
            f"write {field}:[from TO to], with * for an open end",
        )
    inside = start + 1
    lower = _range_end(ends, 1, inside, inclusive=query[start] == "[")
    upper = _range_end(ends, 2, inside, inclusive=match[2] == "]")
    return Range(lower, upper, start), match.end()


def _range_end(ends: re.Match[str], group: int, offset: int, *, inclusive: bool) -> RangeEnd | None:
    value, position = ends[group], offset + ends.start(group)
    if value == "*":
        return None
    if value.startswith('"') and value.endswith('"') and len(value) > 1:
        value, position = value[1:-1], position + 1
    return RangeEnd(value, position, inclusive)
