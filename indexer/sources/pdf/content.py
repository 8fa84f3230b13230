"""Content streams: the operators of a page with their operands, in order.

Only the syntax is read here (ISO 32000-1, 7.2 and 7.8.2). What is wrong in a stream is skipped, as
viewers do. Every byte is looked at a bounded number of times.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

Operand = float | bytes | str | list["Operand"] | dict[str, "Operand"]
"""A number, a string, a name without its slash, an array or a dictionary."""

_MAX_DEPTH = 8
"""Of arrays and dictionaries within each other, and of parentheses in a string."""

_MAX_OPERANDS = 1 << 16
"""Of one operator, or in one array; more are dropped."""


def _string_pattern() -> bytes:
    """Return a pattern for a string in parentheses that may have others within."""
    plain = rb"[^()\\]++|\\."
    inner = rb"\((?:" + plain + rb")*+\)"
    for _ in range(_MAX_DEPTH):
        inner = rb"\((?:" + plain + rb"|" + inner + rb")*+\)"
    return inner


_ARRAY_ITEM = rb"[+-]?(?:\d++\.?\d*+|\.\d++)(?=[\s\[\](<])|<[0-9A-Fa-f]*+>|" + _string_pattern()
_ITEM = re.compile(_ARRAY_ITEM, re.DOTALL)
_TOKEN = re.compile(
    rb"(?P<plain>(?:[+-]?(?:\d++\.?\d*+|\.\d++)\s++){1,6}+"
    rb"(?!true|false|null|ID\s)[A-Za-z][A-Za-z0-9*]*+)"
    rb"|(?P<shown>\[(?:" + _ARRAY_ITEM + rb"|\s++)*+\](?=\s*TJ))"
    rb"|(?P<number>[+-]*(?:\d+\.?\d*|\.\d+)(?:-\d+)?)"  # 12-34 is 12 for viewers
    rb"|(?P<string>" + _string_pattern() + rb")"
    rb"|(?P<operator>(?!ID\s)[A-Za-z'\"][A-Za-z0-9*]*)"
    rb"|(?P<name>/[^\x00\t\n\x0c\r ()<>\[\]{}/%]*)"
    rb"|(?P<hex><[0-9A-Fa-f\s]*>)"
    rb"|(?P<open><<|\[)|(?P<close>>>|\])"
    rb"|(?P<image>ID\s.{0,65536}?\sEI(?=\s|$))"
    rb"|(?P<skipped>%[^\r\n]*+|ID)",
    re.DOTALL,
)
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|(\r\n|.))", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_LINE_ENDS = (b"\n", b"\r", b"\r\n")
_NAME_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_CONSTANTS: dict[bytes, Operand] = {b"true": 1.0, b"false": 0.0, b"null": 0.0}


def operations(data: bytes) -> Iterator[tuple[bytes, list[Operand]]]:
    """Yield each operator of a content stream with its operands.

    >>> list(operations(b"BT /F1 12 Tf [(a\\\\051) -20 <62>] TJ ET"))[1:3]
    [(b'Tf', ['F1', 12.0]), (b'TJ', [[b'a)', -20.0, b'b']])]
    """
    operands: list[Operand] = []
    stack: list[tuple[list[Operand], bytes]] = []
    for found in _TOKEN.finditer(data):
        kind, token = found.lastgroup, found[0]
        value: Operand
        if kind == "plain":  # numbers and their operator at once, as most of a page is
            *numbers, token = token.split()
            if stack:
                operands, stack = stack[0][0], []
                numbers = []
            operands += map(float, numbers)
            yield token, operands[:_MAX_OPERANDS]
            operands = []
            continue
        if kind == "shown":
            value = [_item(item) for item in _ITEM.findall(token)]
        elif kind == "number":
            try:
                value = float(token)
            except ValueError:
                value = _number(token)
        elif kind == "string":
            value = literal_string(token)
        elif kind == "operator":
            if token in _CONSTANTS:
                value = _CONSTANTS[token]
            else:
                if stack:  # an array that does not end
                    operands, stack = stack[0][0], []
                yield token, operands
                operands = []
                continue
        elif kind == "name":
            value = _name(token)
        elif kind == "hex":
            value = _short_string(token) if len(token) <= _SHORT else hex_string(token)
        elif kind == "open":
            if len(stack) < _MAX_DEPTH:
                stack.append((operands, token))
                operands = []
            continue
        elif kind == "close":
            if not stack:
                continue
            outer, opened = stack.pop()
            value = operands if opened == b"[" else _dictionary(operands)
            operands = outer
        else:
            continue
        if len(operands) < _MAX_OPERANDS:
            operands.append(value)


def _item(token: bytes) -> Operand:
    """Return an item of an array that has strings and plain numbers alone."""
    first = token[:1]
    if first == b"<":
        return _short_string(token) if len(token) <= _SHORT else hex_string(token)
    return literal_string(token) if first == b"(" else float(token)


def _number(token: bytes) -> float:
    """Return a number with several signs, as viewers read it."""
    digits = token.lstrip(b"+-")
    sign = -1.0 if token.startswith(b"-") else 1.0
    return sign * float(digits.split(b"-")[0])


def literal_string(token: bytes) -> bytes:
    """Return the bytes of a string that is written in parentheses."""
    inner = token[1:-1]
    return _ESCAPE.sub(_unescape, inner) if b"\\" in inner else inner


def _unescape(found: re.Match[bytes]) -> bytes:
    octal, character = found.groups()
    if octal is not None:
        return bytes((int(octal, 8) & 0xFF,))
    if character in _LINE_ENDS:
        return b""
    return _ESCAPED.get(character, character)


def hex_string(token: bytes) -> bytes:
    """Return the bytes of a string that is written in hexadecimal digits, in angle brackets."""
    try:
        return bytes.fromhex(token[1:-1].decode("ascii"))
    except ValueError:
        digits = b"".join(token[1:-1].split())
    return bytes.fromhex((digits + b"0" if len(digits) % 2 else digits).decode("ascii"))


@lru_cache(maxsize=1 << 10)
def _name(token: bytes) -> str:
    if b"#" in token:
        token = _NAME_ESCAPE.sub(lambda found: bytes((int(found[1], 16),)), token)
    return token[1:].decode("utf-8", "replace")


_SHORT = 18
"""In bytes with brackets, a string of which a page has many, mostly of one glyph to four."""

_short_string = lru_cache(maxsize=1 << 14)(hex_string)


def _dictionary(values: list[Operand]) -> dict[str, Operand]:
    pairs = zip(values[::2], values[1::2], strict=False)
    return {key: value for key, value in pairs if isinstance(key, str)}
