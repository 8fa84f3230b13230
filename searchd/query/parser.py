"""Building the tree of a query.

    query   := clause*
    clause  := ("+" | "-")? either
    either  := both ("OR" both)*
    both    := unary ("AND" unary)*
    unary   := "NOT" unary | atom
    atom    := field? ( "(" query ")" | "="? quotation | "="? word | pattern | word "~" | "*" )

Operators bind tighter than standing side by side: `a b OR c d` is a, (b or c), d.
A `NOT` that stands side by side with others is a `-`: `a NOT b` is `a -b`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from typing import NoReturn, TypeVar

from searchd.errors import QuerySyntaxError
from searchd.query.lexer import OPERATORS, QueryToken, TokenKind, tokenize
from searchd.query.nodes import (
    And,
    Clause,
    Clauses,
    Exact,
    Field,
    FreeText,
    Fuzzy,
    MatchAll,
    Node,
    Not,
    Occur,
    Or,
    Phrase,
    Wildcard,
)

_T = TypeVar("_T")

DEEPEST_NESTING = 50

_ATOM_STARTS = frozenset(
    {
        TokenKind.WORDS,
        TokenKind.QUOTED,
        TokenKind.WILDCARD,
        TokenKind.FUZZY,
        TokenKind.ALL,
        TokenKind.FIELD,
        TokenKind.OPEN,
        TokenKind.EXACT,
        TokenKind.NOT,
    }
)


def parse(query: str, fields: Container[str] = ()) -> Clauses:
    """Return the tree of a query. `fields` are the names that may stand before a colon.

    Raises QuerySyntaxError with the position of what cannot be understood.

    >>> parse('+حشد -"البيت الأبيض"').clauses[1].occur
    <Occur.MUST_NOT: 'must not'>
    """
    if _NO_SYNTAX.fullmatch(query):
        # Most queries are such, and reading them mark by mark takes several times as long.
        words = (FreeText(word[0], word.start()) for word in _WORD.finditer(query))
        return Clauses(tuple(map(Clause, words)))
    return _Parser(query, fields).parse()


_NO_SYNTAX = re.compile(rf"\s*+(?:(?!(?:{'|'.join(OPERATORS)})(?!\S))\w++(?:\s++|\Z))*+")
_WORD = re.compile(r"\w+")


def parse_plain(query: str) -> Clauses:
    """Return the tree of a text whose every character is prose: no syntax, no errors."""
    return Clauses((Clause(FreeText(query, 0)),))


class _Parser:
    def __init__(self, query: str, fields: Container[str]) -> None:
        self._query = query
        self._pieces = list(tokenize(query, fields))
        self._next = 0
        self._depth = 0

    def parse(self) -> Clauses:
        tree = self._clauses()
        if self._piece.kind is not TokenKind.END:
            self._fail(
                self._piece, "this parenthesis closes nothing; remove it or add an opening one"
            )
        return tree

    @property
    def _piece(self) -> QueryToken:
        return self._pieces[self._next]

    def _take(self) -> QueryToken:
        piece = self._piece
        self._next += 1
        return piece

    def _fail(self, piece: QueryToken, reason: str) -> NoReturn:
        raise QuerySyntaxError(self._query, piece.position, reason)

    def _clauses(self) -> Clauses:
        clauses = []
        while self._piece.kind not in (TokenKind.END, TokenKind.CLOSE):
            occur = Occur.SHOULD
            if self._piece.kind in (TokenKind.PLUS, TokenKind.MINUS):
                occur = Occur.MUST if self._take().kind is TokenKind.PLUS else Occur.MUST_NOT
            elif self._piece.kind in (TokenKind.AND, TokenKind.OR):
                self._fail(self._piece, f"{self._piece.text} needs something before it")
            node = self._either()
            if occur is Occur.SHOULD and isinstance(node, Not):
                node, occur = node.node, Occur.MUST_NOT
            clauses.append(Clause(node, occur))
        return Clauses(tuple(clauses))

    def _either(self) -> Node:
        nodes = [self._both()]
        while self._piece.kind is TokenKind.OR:
            self._take()
            nodes.append(self._both())
        return nodes[0] if len(nodes) == 1 else Or(tuple(nodes))

    def _both(self) -> Node:
        nodes = [self._unary()]
        while self._piece.kind is TokenKind.AND:
            self._take()
            nodes.append(self._unary())
        return nodes[0] if len(nodes) == 1 else And(tuple(nodes))

    def _unary(self) -> Node:
        if self._piece.kind not in _ATOM_STARTS:
            before = self._pieces[self._next - 1]
            self._fail(before, f"{before.text} needs something after it")
        if self._piece.kind is TokenKind.NOT:
            self._take()
            return Not(self._nested(self._unary))
        return self._atom()

    def _atom(self) -> Node:
        piece = self._take()
        match piece.kind:
            case TokenKind.FIELD:
                return Field(piece.text, self._nested(self._unary), piece.position)
            case TokenKind.OPEN:
                inner = self._nested(self._clauses)
                if self._piece.kind is not TokenKind.CLOSE:
                    self._fail(piece, "this parenthesis is not closed; add a )")
                closing = self._take().position
                empty = FreeText(self._query[piece.position : closing + 1], piece.position)
                return inner if inner.clauses else empty
            case TokenKind.EXACT:
                inner_piece = self._take()
                if inner_piece.kind not in (TokenKind.QUOTED, TokenKind.WORDS):
                    self._fail(piece, "= needs a word or a quotation after it")
                return Exact(inner_piece.text, inner_piece.position)
            case TokenKind.QUOTED:
                return Phrase(piece.text, piece.position, piece.number)
            case TokenKind.WILDCARD:
                return Wildcard(piece.text, piece.position)
            case TokenKind.FUZZY:
                return Fuzzy(piece.text, piece.position, piece.number)
            case TokenKind.ALL:
                return MatchAll(piece.position)
            case _:
                return FreeText(piece.text, piece.position)

    def _nested(self, rule: Callable[[], _T]) -> _T:
        self._depth += 1
        if self._depth > DEEPEST_NESTING:
            opening = self._pieces[self._next - 1]
            self._fail(opening, f"parentheses and NOT go deeper than {DEEPEST_NESTING} levels")
        inner = rule()
        self._depth -= 1
        return inner
