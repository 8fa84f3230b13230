"""Lexer: the text of a query to tokens, which are operators and words.

A character is an operator only where it can act as one: `+`, `-` and `=` before a word or quotation
at the start of a clause, `~` and `*` at the end of a word, `:` after the name of a field. Elsewhere
it is punctuation, as in `F-16`, `20/8`, `10:30` or a dash between words. و is always a word.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from enum import Enum, auto
from typing import NamedTuple

from searchd.errors import QuerySyntaxError
from searchd.query.nodes import OPERATORS

CLOSING_QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»"}
_QUOTES = frozenset(CLOSING_QUOTES) | frozenset(CLOSING_QUOTES.values())


class TokenKind(Enum):
    """The kinds of token of a query."""

    WORDS = auto()
    QUOTED = auto()
    WILDCARD = auto()
    FUZZY = auto()
    ALL = auto()
    FIELD = auto()
    OPEN = auto()
    CLOSE = auto()
    PLUS = auto()
    MINUS = auto()
    EXACT = auto()
    AND = auto()
    OR = auto()
    NOT = auto()
    END = auto()


class QueryToken(NamedTuple):
    """One operator, word or quotation of a query.

    `position` is the code point offset of `text` in the query. `number` is the slop of a quotation
    or the edit distance of a fuzzy word.
    """

    kind: TokenKind
    text: str
    position: int
    number: int = 0


_CHUNK = re.compile(r"""[^\s()"“”„«»]+""")
_FIELD_NAME = re.compile(r"([^\W\d]\w*):(?=[^\s/:)])")
_PREFIXES = {"+": TokenKind.PLUS, "-": TokenKind.MINUS, "−": TokenKind.MINUS, "=": TokenKind.EXACT}
_OPERAND = re.compile(r"""=?(?:["“„«(*]|(?![+\-−=])[^\s()"“”„«»]*\w)""")
_TILDE = re.compile(r"~(\d*)(?![^\s)])")
_WILDCARD = re.compile(r"\*|\?(?=\?*[\w*\u064b-\u065f])")
_PATTERN = re.compile(r"[\w*?\u064b-\u065f].*[\w*?\u064b-\u065f]", re.DOTALL)
_STARS = re.compile(r"[*?]*\*[*?]*")

MAX_EDIT_DISTANCE = 2
MAX_SLOP = 99


def tokenize(query: str, fields: Container[str]) -> Iterator[QueryToken]:
    """Yield the tokens of a query, the last of kind END.

    `fields` are the names of fields that may be searched. Raises QuerySyntaxError for an unclosed
    quotation, an unknown field, or a distance that is too large.
    """
    position = 0
    at_start = True  # of a clause, where prefix operators are read
    while position < len(query):
        character = query[position]
        if character.isspace():
            position += 1
            at_start = True
        elif character in "()":
            yield QueryToken(
                TokenKind.OPEN if character == "(" else TokenKind.CLOSE, character, position
            )
            position += 1
            at_start = character == "("
        elif at_start and character in _PREFIXES:
            # Before no word, among several dashes and in == it is punctuation.
            if _OPERAND.match(query, position + 1) and not query.startswith("==", position):
                yield QueryToken(_PREFIXES[character], character, position)
            position += 1
        elif character in _QUOTES:
            token, position = _quotation(query, position)
            if token:
                yield token
            at_start = False
        elif (
            at_start
            and (name := _FIELD_NAME.match(query, position))
            and _is_field(query, name, fields)
        ):
            yield QueryToken(TokenKind.FIELD, name[1], position)
            position = name.end()
        else:
            chunk = _CHUNK.match(query, position)
            assert chunk is not None  # every other character starts a branch above
            yield _word(query, chunk[0], position)
            position = chunk.end()
            at_start = False
    yield QueryToken(TokenKind.END, "", len(query))


def _quotation(query: str, start: int) -> tuple[QueryToken | None, int]:
    """Return the quotation that begins at `start`, and the offset after it.

    A typographic quotation mark without a partner is punctuation, and the token None; a lone `"` is
    an error.
    """
    opening = query[start]
    closing = CLOSING_QUOTES.get(opening)
    end = query.find(closing, start + 1) if closing else -1
    if end < 0:
        if opening == '"':
            raise QuerySyntaxError(
                query, start, 'this quotation mark has no partner; add a closing " or remove it'
            )
        return None, start + 1
    tilde = _TILDE.match(query, end + 1)
    slop = _number(tilde[1]) if tilde else 0
    if slop > MAX_SLOP:
        raise QuerySyntaxError(
            query, end + 1, f"at most {MAX_SLOP} words may stand between those of a phrase"
        )
    token = QueryToken(TokenKind.QUOTED, query[start + 1 : end], start + 1, slop)
    return token, tilde.end() if tilde else end + 1


def _is_field(query: str, name: re.Match[str], fields: Container[str]) -> bool:
    """Return whether a word before a colon names a field. Raises QuerySyntaxError."""
    if name[1] in fields:
        return True
    if name[1].isascii():
        raise QuerySyntaxError(
            query,
            name.start(),
            f"there is no field {name[1]!r} in this index; "
            f"to search the words themselves write a space after the colon",
        )
    return False  # an Arabic word before a colon is prose


def _word(query: str, text: str, position: int) -> QueryToken:
    """Return the token of text without spaces, quotation marks or parentheses."""
    if text in OPERATORS:
        return QueryToken(TokenKind[text], text, position)
    body, tilde, digits = text.rpartition("~")
    if tilde and body and (not digits or digits.isdecimal()):
        distance = _number(digits)
        if distance > MAX_EDIT_DISTANCE:
            raise QuerySyntaxError(
                query,
                position + len(body),
                f"a word may differ by {MAX_EDIT_DISTANCE} letters at most",
            )
        return QueryToken(TokenKind.FUZZY, body, position, distance)
    if _STARS.fullmatch(text):
        return QueryToken(TokenKind.ALL, text, position)
    if _WILDCARD.search(text) and (pattern := _PATTERN.search(text)):
        return QueryToken(TokenKind.WILDCARD, pattern[0], position + pattern.start())
    return QueryToken(TokenKind.WORDS, text, position)


def _number(digits: str) -> int:
    """Return the number after a tilde, 1 where there is none; only four digits are read."""
    return int(digits[:4] or 1)
