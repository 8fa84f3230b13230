"""The grammar of the query language: tokens to a syntax tree, by recursive descent.

    query        := clause*
    clause       := ("+" | "-")? disjunction
    disjunction  := conjunction (("OR" | "|" | "||") conjunction)*
    conjunction  := unary (("AND" | "&&") unary)*
    unary        := ("NOT" | "!") unary | atom ("^" number)?
    atom         := field ":" unary | field condition | "(" query ")" | "="? quotation slop?
                    | "="? word | pattern | word "~" distance? | "*" | condition
    slop         := "~" number? | "~~" number?
    condition    := (">=" | "<=" | ">" | "<" | "!=" | "=") value
                    | ("[" | "{") value "TO" value ("]" | "}")

A condition without a field of its own stands in the parentheses of one: `date:(>=2020 AND <2022)`.

Operators bind tighter than juxtaposition: `a b OR c d` is the three clauses a, (b or c), d.
A clause that begins with `NOT` is one with `-`: `a NOT b` is `a -b`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn, TypeVar

from searchd.errors import QuerySyntaxError
from searchd.query.lexer import Fields, tokenize
from searchd.query.nodes import (
    And,
    Boost,
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
from searchd.query.tokens import QueryToken, TokenKind

_T = TypeVar("_T")

MAX_NESTING = 50

_ATOM_STARTS = frozenset(
    {
        TokenKind.WORDS,
        TokenKind.QUOTED,
        TokenKind.WILDCARD,
        TokenKind.FUZZY,
        TokenKind.ALL,
        TokenKind.FIELD,
        TokenKind.CONDITION,
        TokenKind.OPEN,
        TokenKind.EXACT,
        TokenKind.NOT,
    }
)


class GrammarParser:
    """Parses one query by the grammar above."""

    def __init__(self, query: str, fields: Fields) -> None:
        """Split the query into tokens; `fields` are those that may be searched, with their types."""
        self._query = query
        self._tokens = list(tokenize(query, fields))
        self._index = 0
        self._depth = 0

    def parse(self) -> Clauses:
        """Return the tree. Raises QuerySyntaxError."""
        tree = self._clauses()
        if self._token.kind is not TokenKind.END:
            self._fail(
                self._token, "this parenthesis closes nothing; remove it or add an opening one"
            )
        return tree

    @property
    def _token(self) -> QueryToken:
        return self._tokens[self._index]

    def _advance(self) -> QueryToken:
        token = self._token
        self._index += 1
        return token

    def _fail(self, token: QueryToken, reason: str) -> NoReturn:
        raise QuerySyntaxError(self._query, token.position, reason)

    def _clauses(self) -> Clauses:
        clauses = []
        while self._token.kind not in (TokenKind.END, TokenKind.CLOSE):
            occur = Occur.SHOULD
            if self._token.kind in (TokenKind.PLUS, TokenKind.MINUS):
                occur = Occur.MUST if self._advance().kind is TokenKind.PLUS else Occur.MUST_NOT
            elif self._token.kind in (TokenKind.AND, TokenKind.OR):
                self._fail(self._token, f"{self._token.text} needs something before it")
            node = self._disjunction()
            if occur is Occur.SHOULD and isinstance(node, Not):
                node, occur = node.node, Occur.MUST_NOT
            clauses.append(Clause(node, occur))
        return Clauses(tuple(clauses))

    def _disjunction(self) -> Node:
        nodes = [self._conjunction()]
        while self._token.kind is TokenKind.OR:
            self._advance()
            nodes.append(self._conjunction())
        return nodes[0] if len(nodes) == 1 else Or(tuple(nodes))

    def _conjunction(self) -> Node:
        nodes = [self._unary()]
        while self._token.kind is TokenKind.AND:
            self._advance()
            nodes.append(self._unary())
        return nodes[0] if len(nodes) == 1 else And(tuple(nodes))

    def _unary(self) -> Node:
        if self._token.kind is TokenKind.BOOST:
            self._fail(self._token, "^ needs a word, quotation or group right before it")
        if self._token.kind not in _ATOM_STARTS:
            before = self._tokens[self._index - 1]
            self._fail(before, f"{before.text} needs something after it")
        if self._token.kind is TokenKind.NOT:
            self._advance()
            return Not(self._nested(self._unary))
        return self._boosted(self._atom())

    def _boosted(self, node: Node) -> Node:
        if self._token.kind is not TokenKind.BOOST:
            return node
        boost = self._advance()
        return Boost(node, boost.number, boost.position)

    def _atom(self) -> Node:
        token = self._advance()
        match token.kind:
            case TokenKind.FIELD:
                return Field(token.field, self._nested(self._unary), token.position)
            case TokenKind.CONDITION if token.condition is not None:
                return token.condition
            case TokenKind.OPEN:
                inner = self._nested(self._clauses)
                if self._token.kind is not TokenKind.CLOSE:
                    self._fail(token, "this parenthesis is not closed; add a )")
                closing = self._advance().position
                empty = FreeText(self._query[token.position : closing + 1], token.position)
                return inner if inner.clauses else empty
            case TokenKind.EXACT:
                operand = self._advance()
                if operand.kind not in (TokenKind.QUOTED, TokenKind.WORDS):
                    self._fail(
                        token,
                        "= needs a word or a quotation after it; a pattern is compared as written "
                        "without =",
                    )
                return Exact(operand.text, operand.position, *operand.slop)
            case TokenKind.QUOTED:
                return Phrase(token.text, token.position, *token.slop)
            case TokenKind.WILDCARD:
                return Wildcard(token.text, token.position)
            case TokenKind.FUZZY:
                return Fuzzy(token.text, token.position, int(token.number))
            case TokenKind.ALL:
                return MatchAll(token.position)
            case _:
                return FreeText(token.text, token.position)

    def _nested(self, rule: Callable[[], _T]) -> _T:
        self._depth += 1
        if self._depth > MAX_NESTING:
            opening = self._tokens[self._index - 1]
            self._fail(opening, f"parentheses and NOT go deeper than {MAX_NESTING} levels")
        inner = rule()
        self._depth -= 1
        return inner
