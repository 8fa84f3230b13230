"""Parsing: the text of a query to its syntax tree."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from indexer.fields import FieldType
from searchd.query.nodes import OPERATORS, Clause, Clauses, FreeText

_NO_FIELDS: Mapping[str, FieldType] = MappingProxyType({})


def parse(query: str, fields: Mapping[str, FieldType] = _NO_FIELDS) -> Clauses:
    """Return the syntax tree of a query. `fields` are those that may be searched, with their types.

    Raises QuerySyntaxError with the position of what cannot be understood.

    >>> parse('+حشد -"البيت الأبيض"').clauses[1].occur
    <Occur.MUST_NOT: 'must not'>
    """
    if _NO_SYNTAX.fullmatch(query):
        # Most queries are only words; without the lexer they are parsed several times as fast, and
        # the first of them need not load it.
        words = (FreeText(word[0], word.start()) for word in _WORD.finditer(query))
        return Clauses(tuple(map(Clause, words)))
    from searchd.query.grammar import GrammarParser

    return GrammarParser(query, fields).parse()


_NO_SYNTAX = re.compile(rf"\s*+(?:(?!(?:{'|'.join(OPERATORS)})(?!\S))\w++(?:\s++|\Z))*+")
_WORD = re.compile(r"\w+")


def parse_plain(query: str) -> Clauses:
    """Return the syntax tree of a text without operators; every character is prose."""
    return Clauses((Clause(FreeText(query, 0)),))
