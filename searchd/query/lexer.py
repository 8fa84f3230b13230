"""Lexer: the text of a query to tokens, which are operators, conditions and words.

A character is an operator only where it can act as one: `+`, `-`, `!` and `=` before a word or
quotation at the start of a clause, `~`, `*` and `^` at the end of a word, `:` and signs of
comparison after the name of a field. Elsewhere it is punctuation, as in `F-16`, `20/8`, `10:30`,
`3>2` or a dash between words. و is always a word. An operator in a place where it means nothing is
an error, since its operands would be searched as other words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from analyzers.normalization.folding import CONTROLS, MARKS, SPACES
from indexer.fields import FieldType
from searchd.errors import QuerySyntaxError
from searchd.query.conditions import SIGN, has_range, is_numeric, read_comparison, read_range
from searchd.query.field_names import resolve_field_name
from searchd.query.nodes import OPERATORS
from searchd.query.suffixes import read_boost, read_distance, read_slop
from searchd.query.tokens import QueryToken, TokenKind

CLOSING_QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»"}
_QUOTES = frozenset(CLOSING_QUOTES) | frozenset(CLOSING_QUOTES.values())

Fields = Mapping[str, FieldType]
"""The fields that may be searched, each with its type."""


_SPACE_BEFORE_MARK = f"[{SPACES}]+[{CONTROLS}]*[{MARKS}]"
_CHUNK = re.compile(
    rf"""(?:(?!&&)[^\s()"“”„«»|^])(?:{_SPACE_BEFORE_MARK}|(?!&&)[^\s()"“”„«»|^])*"""
)
"""A space before a mark is inside a word."""
_NAME = re.compile(r"[^\W\d][\w\u0640\u064b-\u0652]*")
_COLON = re.compile(r":(?=[^\s/:)])")
_SIGN = re.compile(SIGN)
_SPACED_SIGN = re.compile(rf"\s+({SIGN})\s*(\S)")
_SPACED_COLON = re.compile(r"\s+:(?=\w)")
_BARE_COMPARISON = re.compile(
    r"(?:!=|[<>]=|[≥≤≠])\s*[+\-−]?[.٫]?\d|(?!<3+(?!\w))[<>][+\-−]?[.٫]?\d"
)
_TILDE = re.compile(r"~~?\d*")
_PREFIXES = {
    "+": TokenKind.PLUS,
    "-": TokenKind.MINUS,
    "−": TokenKind.MINUS,
    "=": TokenKind.EXACT,
    "!": TokenKind.NOT,
}
_OPERAND = re.compile(r"""=?(?:["“„«(*]|(?![+\-−=!])[^\s()"“”„«»|]*\w)""")
_NO_PREFIX = re.compile(r"""==|=[<>]|!=(?!["“„«]|[^\W\d])|!!+""")
_OPERATOR = re.compile(r"\|\|?|&&")
_WILDCARD = re.compile(r"\*|(?<!\?)\?++(?=[\w*\u064b-\u065f])")
_PATTERN = re.compile(r"[\w*?\u064b-\u065f].*[\w*?\u064b-\u065f]", re.DOTALL)
_SEPARATOR = re.compile(rf"[^\w?{MARKS}{CONTROLS}]")
_STARS = re.compile(r"\?*\*[*?]*")
_NEAR = re.compile(r"NEAR/\d+")
_SMILEY = re.compile(r"[:;][-'o]?([()|]+)(?=\s|\Z)")
_SMILING = re.compile(r"[:;][-'o]?\Z")
_INVISIBLE = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Controls of the direction of writing, which copied text has before words and operators."""


def tokenize(query: str, fields: Fields) -> Iterator[QueryToken]:
    """Yield the tokens of a query, the last of kind END.

    `fields` are those that may be searched. Raises QuerySyntaxError for an unclosed quotation, an
    unknown field, a number out of range, and an operator in a place where it means nothing.
    """
    yield from _Lexer(query, fields).tokens()
    yield QueryToken(TokenKind.END, "", len(query))


class _Lexer:
    def __init__(self, query: str, fields: Fields) -> None:
        self._query = query
        self._fields = fields
        self._position = 0
        self._at_start = True
        """Whether a clause begins here, so that prefix operators are read."""
        self._field: QueryToken | None = None
        """The name of a field that ends here."""
        self._of_field = False
        """Whether no space came since the name of a field."""
        self._group: FieldType | None = None
        """The type of the field whose parentheses this is in: `date:(>=2020 AND <2022)`."""
        self._outside: list[tuple[bool, FieldType | None]] = []
        """For each open parenthesis, `_of_field` and `_group` as they were before it."""

    def tokens(self) -> Iterator[QueryToken]:
        query = self._query
        while self._position < len(query):
            character = query[self._position]
            field, self._field = self._field, None
            if character.isspace():
                self._position += 1
                self._at_start, self._of_field = True, False
            elif character in _INVISIBLE:
                self._position += 1
                self._field = field
            elif self._at_start and (smiley := self._smiley()):
                self._position = smiley
            elif character in "()":
                yield from self._parenthesis(field)
            elif character == "^":
                yield from self._boost()
            elif operator := _OPERATOR.match(query, self._position):
                yield self._operator(operator[0])
            elif self._at_start and (token := self._condition(field)):
                yield token
                self._at_start = False
            elif (
                self._at_start
                and character in _PREFIXES
                and not self._is_value(field, self._position)
            ):
                yield from self._prefix(character)
            elif character in _QUOTES:
                yield from self._quotation()
            elif self._at_start and (token := self._field_name()):
                self._field, self._of_field = token, True
                yield token
            else:
                yield self._chunk(field)
                self._at_start = False

    def _fail(self, position: int, reason: str) -> QuerySyntaxError:
        return QuerySyntaxError(self._query, position, reason)

    def _smiley(self) -> int:
        """Return the end of a smiley that stands alone, and whose sign closes nothing; 0 for none."""
        found = _SMILEY.match(self._query, self._position)
        return found.end() if found and not (self._outside and ")" in found[1]) else 0

    def _parenthesis(self, field: QueryToken | None) -> Iterator[QueryToken]:
        start = self._position
        self._position += 1
        self._at_start = self._query[start] == "("
        if self._at_start:
            self._outside.append((self._of_field, self._group))
            self._of_field = False
            self._group = self._fields[field.field] if field else self._group
            yield QueryToken(TokenKind.OPEN, "(", start)
        elif self._outside:
            self._of_field, self._group = self._outside.pop()
            yield QueryToken(TokenKind.CLOSE, ")", start)
        elif not _SMILING.search(self._query[max(start - 2, 0) : start]):
            yield QueryToken(TokenKind.CLOSE, ")", start)

    def _boost(self) -> Iterator[QueryToken]:
        start = self._position
        factor, self._position = read_boost(self._query, start, glued=not self._at_start)
        if factor is not None:
            text = self._query[start : self._position]
            yield QueryToken(TokenKind.BOOST, text, start, factor)

    def _operator(self, text: str) -> QueryToken:
        start, end = self._position, self._position + len(text)
        # Without spaces it looks as though both sides were of the field, and the last is not.
        if self._of_field and not self._query[end : end + 1].isspace():
            raise self._fail(
                start, f"put the alternatives of a field in parentheses: field:(one {text} other)"
            )
        self._position, self._at_start, self._of_field = end, True, False
        return QueryToken(TokenKind.AND if text == "&&" else TokenKind.OR, text, start)

    def _condition(self, field: QueryToken | None) -> QueryToken | None:
        """Return the condition that begins here: after the name of a field, or with a sign."""
        query, start = self._query, self._position
        if query[start] in "[{":
            if field is None and has_range(query, start):
                raise self._fail(
                    start, "a range needs a field before it; write date:[2020 TO 2021]"
                )
            if field is None or not (self._is_column(field) or has_range(query, start)):
                return None
            node, self._position = read_range(query, start, field.text)
            text = query[start : self._position]
            return QueryToken(TokenKind.CONDITION, text, start, condition=node)
        sign = _SIGN.match(query, start)
        if sign is None:
            return None
        before = query[field.position : start] if field else ""
        if sign[0] in _NO_CONDITION and (field is None or before.endswith(":")):
            return None  # of a word in its exact form, or an arrow
        if field or self._group not in (None, FieldType.TEXT):
            comparison, self._position = read_comparison(query, start, before.strip())
            text = query[start : self._position]
            return QueryToken(TokenKind.CONDITION, text, start, condition=comparison)
        if _BARE_COMPARISON.match(query, start):
            raise self._fail(
                start, f"{sign[0]} needs the name of a field before it; write date{sign[0]}2021"
            )
        return None

    def _is_value(self, field: QueryToken | None, start: int) -> bool:
        """Return whether a sign here is that of a number, not an operator: `price:-5`."""
        of_column = self._is_column(field) if field else self._group is FieldType.NUMBER
        return of_column and is_numeric(self._query[start : start + 3])

    def _is_column(self, field: QueryToken) -> bool:
        return self._fields[field.field] is not FieldType.TEXT

    def _prefix(self, character: str) -> Iterator[QueryToken]:
        # Before no word, among several dashes and in == it is punctuation.
        several = _NO_PREFIX.match(self._query, self._position)
        if not several and _OPERAND.match(self._query, self._position + 1):
            yield QueryToken(_PREFIXES[character], character, self._position)
        self._position = several.end() if several and character == "!" else self._position + 1

    def _quotation(self) -> Iterator[QueryToken]:
        """Yield the quotation that begins here.

        A typographic quotation mark without a partner is punctuation; a lone `"` is an error.
        """
        query, start = self._query, self._position
        opening = query[start]
        closing = CLOSING_QUOTES.get(opening)
        end = query.find(closing, start + 1) if closing else -1
        self._at_start = False
        self._position = start + 1
        if end >= 0:
            slop, self._position = read_slop(query, end + 1)
            yield QueryToken(TokenKind.QUOTED, query[start + 1 : end], start + 1, slop=slop)
        elif opening == '"':
            raise self._fail(
                start, 'this quotation mark has no partner; add a closing " or remove it'
            )

    def _field_name(self) -> QueryToken | None:
        """Return the name of a field with a colon or a comparison after it, or None for prose."""
        query, start = self._query, self._position
        name = _NAME.match(query, start)
        if name is None:
            return None
        field = resolve_field_name(name[0], self._fields)
        token = QueryToken(TokenKind.FIELD, name[0], start, field=field or "")
        if _COLON.match(query, name.end()):
            if field is None and not name[0].isascii():
                return None  # an Arabic word before a colon is prose
            if field is None:
                raise self._unknown_field(name, "write a space after the colon")
            self._position = name.end() + 1
            return token
        if field == name[0] and query.startswith("::", name.end()):
            raise self._fail(name.end(), f"one colon is enough: {field}:word")
        sign = _SIGN.match(query, name.end())
        if sign and self._compares(name, field, sign):
            self._position = sign.start()
            return token
        if field == name[0] and name[0].isascii() and _SPACED_COLON.match(query, name.end()):
            raise self._fail(name.end(), f"write {field}:word without a space before the colon")
        spaced = _SPACED_SIGN.match(query, name.end())
        # Arabic names of fields are common words, which may stand before any sign.
        if spaced and field and (field == name[0] or is_numeric(spaced[2])):
            self._position = spaced.start(1)
            return token
        return None

    def _compares(self, name: re.Match[str], field: str | None, sign: re.Match[str]) -> bool:
        """Return whether a sign right after a word compares a field. Raises QuerySyntaxError."""
        if field is not None:
            return True
        after = self._query[sign.end() : sign.end() + 3]
        if sign[0] in _NO_CONDITION or not after.strip():
            return False
        if sign[0] in "<>" and not (name[0].isascii() or is_numeric(after)):
            return False  # as in a line of links: الرئيسية>أخبار
        raise self._unknown_field(name, "put them in quotation marks")

    def _unknown_field(self, name: re.Match[str], way_out: str) -> QuerySyntaxError:
        names = ", ".join(self._fields) or "none"
        meant = next((each for each in self._fields if each.lower() == name[0].lower()), "")
        hint = f"write {meant}, or one of" if meant else "the fields are"
        return self._fail(
            name.start(),
            f"there is no field {name[0]!r} in this index; {hint} {names}; "
            f"to search the words themselves {way_out}",
        )

    def _chunk(self, field: QueryToken | None) -> QueryToken:
        """Return the token of text up to a space, quotation mark, parenthesis or operator."""
        query, start = self._query, self._position
        match = _CHUNK.match(query, start)
        assert match is not None  # every other character starts a branch of `tokens`
        text, self._position = match[0], match.end()
        closed = not self._at_start and query[start - 1] in _AFTER
        if text in OPERATORS:
            return QueryToken(TokenKind[text], text, start)
        if text[0] in "+-−" and self._is_value(field, start):
            return QueryToken(TokenKind.WORDS, text, start)
        if _NEAR.fullmatch(text):
            raise self._fail(
                start, f'write "one other"~~{text[5:]} for words near each other in any order'
            )
        if text[0] == "~" and (
            closed or (_TILDE.fullmatch(text) and self._follows_quotation(start))
        ):
            raise self._fail(start, "~ goes right after a word or a quotation")
        if text == "*:*":
            return QueryToken(TokenKind.ALL, text, start)
        if _STARS.fullmatch(text):
            if closed or query[self._position : self._position + 1] in _BEFORE:
                raise self._fail(
                    start, "* is part of a word, or stands alone for every document; add a space"
                )
            return QueryToken(TokenKind.ALL, text, start)
        body, distance = read_distance(query, text, start)
        if distance is not None:
            return QueryToken(TokenKind.FUZZY, body, start, distance)
        if _WILDCARD.search(text) and (pattern := _PATTERN.search(text)):
            if "*" not in pattern[0] and _SEPARATOR.search(pattern[0]):
                return QueryToken(TokenKind.WORDS, text, start)  # ? of an address
            return QueryToken(TokenKind.WILDCARD, pattern[0], start + pattern.start())
        return QueryToken(TokenKind.WORDS, text, start)

    def _follows_quotation(self, start: int) -> bool:
        """Return whether there is only space between the last quotation and an offset."""
        while start and self._query[start - 1].isspace():
            start -= 1
        return self._query[start - 1 : start] in _QUOTES


_AFTER = _QUOTES | {")"}
_BEFORE = (*CLOSING_QUOTES, "(")
_NO_CONDITION = ("=", "==", "=>", "=<", "<>", "><")
"""Signs that compare only after the name of a field; elsewhere they are arrows and the like."""
