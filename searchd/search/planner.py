"""Planner: the syntax tree of a query to a plan, with its words analysed. A pure function.

Stop words stay in the plan. The resolver leaves out those of `WordsQuery`; in a phrase, with an
operator or after `+` they count like other words.
"""

from __future__ import annotations

from collections.abc import Callable

from analyzers import Analyzer
from analyzers.analyzer import Terms
from indexer.fields import FieldType
from indexer.segment.postings_reader import DEFAULT_FIELD
from searchd.errors import QuerySyntaxError
from searchd.query import (
    And,
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
from searchd.search.plan import (
    BooleanQuery,
    ColumnQuery,
    FuzzyQuery,
    MatchAllQuery,
    PhraseQuery,
    Query,
    QueryWord,
    SurfaceQuery,
    TermQuery,
    WildcardQuery,
    WordsQuery,
)


def plan_query(
    query: str,
    tree: Clauses,
    analyzer: Analyzer,
    field_type: Callable[[str], FieldType | None],
) -> Query:
    """Return the plan of a query.

    `tree` is the syntax tree of `query`; `field_type` gives the type of a field by name.
    Raises QuerySyntaxError for a quotation or an operand without a word, and for a pattern over a
    field of whole values.
    """
    return _Planner(query, analyzer, field_type).plan(tree, DEFAULT_FIELD)


class _Planner:
    def __init__(
        self, query: str, analyzer: Analyzer, field_type: Callable[[str], FieldType | None]
    ) -> None:
        self._query = query
        self._analyzer = analyzer
        self._field_type = field_type

    def plan(self, node: Node, field: str) -> Query:
        """Return the plan of one node, searched in a field ("" for title and text)."""
        match node:
            case Clauses():
                return self._clauses(node, field)
            case And():
                return BooleanQuery(must=tuple(self._operand(each, field) for each in node.nodes))
            case Or():
                return BooleanQuery(should=tuple(self._operand(each, field) for each in node.nodes))
            case Not():
                return BooleanQuery(must_not=(self._operand(node.node, field),))
            case Field():
                return self._operand(node.node, node.name)
            case MatchAll():
                return MatchAllQuery()
        if self._is_column(field):
            return self._column(node, field)
        match node:
            case FreeText():
                return self._operand(node, field)
            case Phrase():
                return self._phrase(node, field, slop=node.slop, exact=False)
            case Exact():
                return self._phrase(node, field, slop=0, exact=True)
            case Wildcard():
                word = QueryWord(node.position, node.text, Terms(node.text, ""))
                return WildcardQuery(word, field, self._query)
            case Fuzzy():
                words = self._words(node)
                typed = QueryWord(node.position, node.text, _surfaces(words))
                return FuzzyQuery(words, typed, field, node.distance)

    def _clauses(self, node: Clauses, field: str) -> Query:
        should: list[Query] = []
        must: list[Query] = []
        must_not: list[Query] = []
        words: list[QueryWord] = []
        for clause in node.clauses:
            if clause.occur is Occur.MUST:
                must.append(self._operand(clause.node, field))
            elif clause.occur is Occur.MUST_NOT:
                must_not.append(self._operand(clause.node, field))
            elif isinstance(clause.node, FreeText) and not self._is_column(field):
                words += self._words(clause.node)
            else:
                should.append(self.plan(clause.node, field))
        if words:
            alone = not should and not must
            should.append(WordsQuery(tuple(words), field, alone))
        return BooleanQuery(tuple(should), tuple(must), tuple(must_not), coordinated=True)

    def _operand(self, node: Node, field: str) -> Query:
        """Return the plan of an operand: every word of it must match, even stop words."""
        if not isinstance(node, FreeText) or self._is_column(field):
            return self.plan(node, field)
        words = self._words(node)
        if not words:
            raise QuerySyntaxError(
                self._query, node.position, f"there is no word to search for in {node.text!r}"
            )
        terms = tuple(TermQuery(word, field) for word in words)
        return terms[0] if len(terms) == 1 else BooleanQuery(must=terms)

    def _phrase(self, node: Phrase | Exact, field: str, *, slop: int, exact: bool) -> Query:
        words = self._words(node)
        if not words:
            raise QuerySyntaxError(
                self._query, node.position, "there is no word between these quotation marks"
            )
        terms = _surfaces(words) if exact else _surfaces_and_stems(words)
        typed = QueryWord(node.position, node.text, terms)
        if len(words) > 1:
            return PhraseQuery(words, typed, field, slop, exact)
        return SurfaceQuery(typed, field) if exact else TermQuery(words[0], field)

    def _column(self, node: Node, field: str) -> Query:
        if not isinstance(node, FreeText | Phrase | Exact):
            raise QuerySyntaxError(
                self._query,
                getattr(node, "position", 0),
                f"the field {field!r} holds whole values; write {field}:value",
            )
        return ColumnQuery(field, node.text)

    def _is_column(self, field: str) -> bool:
        return bool(field) and self._field_type(field) is not FieldType.TEXT

    def _words(self, node: FreeText | Phrase | Exact | Fuzzy) -> tuple[QueryWord, ...]:
        """Return the words of a node as typed, with their terms."""
        text, start = node.text, node.position
        return tuple(
            QueryWord(start + token.start, text[token.start : token.end], terms)
            for token, terms in self._analyzer.query_terms(text, exact=isinstance(node, Exact))
        )


def _surfaces(words: tuple[QueryWord, ...]) -> Terms:
    """Return the surface forms of words as one term without a stem."""
    return _surfaces_and_stems(words)._replace(stem="")


def _surfaces_and_stems(words: tuple[QueryWord, ...]) -> Terms:
    """Return the surface forms and the stems of words as one term."""
    return Terms.joined([word.terms for word in words])
