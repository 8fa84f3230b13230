"""Planner: the syntax tree of a query to a plan, with its words analysed. A pure function.

It only asks whether the search still has time.

Stop words stay in the plan. The resolver leaves out those of `WordsQuery`; in a phrase, with an
operator or after `+` they count like other words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from analyzers import Analyzer
from analyzers.analyzer import Terms
from indexer.fields import FieldType
from indexer.segment.postings_reader import DEFAULT_FIELD
from searchd import budget
from searchd.errors import QuerySyntaxError
from searchd.query import (
    And,
    Boost,
    Clauses,
    Comparison,
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
    Range,
    Wildcard,
)
from searchd.query.nodes import MAX_BOOST, MIN_BOOST
from searchd.query.particles import joined_particles, separate_particles
from searchd.search.pattern_words import words_of_pattern
from searchd.search.plan import (
    AnyValueQuery,
    BooleanQuery,
    BoostQuery,
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
    phrase_of,
    written_words,
)


def plan_query(
    query: str,
    tree: Clauses,
    analyzer: Analyzer,
    field_type: Callable[[str], FieldType | None],
) -> Query:
    """Return the plan of a query.

    `tree` is the syntax tree of `query`; `field_type` gives the type of a field by name.
    Raises QuerySyntaxError for a quotation or an operand without a word, for what a field of its
    type cannot be asked, and for boosts of what has no score or that multiply out of range.
    """
    return _Planner(query, analyzer, field_type).plan(tree, DEFAULT_FIELD)


class _Planner:
    def __init__(
        self, query: str, analyzer: Analyzer, field_type: Callable[[str], FieldType | None]
    ) -> None:
        self._query = query
        self._analyzer = analyzer
        self._field_type = field_type
        self._boost = 1.0

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
                return AnyValueQuery(field) if field else MatchAllQuery()
            case Boost():
                return self._boosted(node, field)
            case Comparison() | Range():
                return self._condition(node, field)
        if self._is_column(field):
            return self._column(node, field)
        match node:
            case FreeText():
                return self._operand(node, field)
            case Phrase():
                return self._phrase(node, field, exact=False)
            case Exact():
                return self._phrase(node, field, exact=True)
            case Wildcard():
                return self._pattern(node, field)
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
            budget.check("query")
            if clause.occur is Occur.MUST:
                must.append(self._operand(clause.node, field))
            elif clause.occur is Occur.MUST_NOT:
                must_not.append(self._operand(clause.node, field))
            elif isinstance(clause.node, FreeText) and not self._is_column(field):
                words += self._words(clause.node)
            elif (
                isinstance(clause.node, Boost)
                and isinstance(clause.node.node, FreeText)
                and not self._is_column(field)
            ):
                words += self._boosted_words(clause.node, clause.node.node)
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
        terms = tuple(
            TermQuery(word, field) if not others else phrase_of((word, *others), field)
            for word, *others in written_words(words)
        )
        return terms[0] if len(terms) == 1 else BooleanQuery(must=terms)

    def _boosted(self, node: Boost, field: str) -> Query:
        outside, self._boost = self._boost, self._boost * node.factor
        if not MIN_BOOST <= self._boost <= MAX_BOOST:
            raise QuerySyntaxError(
                self._query,
                node.position,
                f"multiplied, the numbers after ^ may be from {MIN_BOOST} to {MAX_BOOST} as well",
            )
        plan = self._operand(node.node, field)
        self._boost = outside
        if not _has_score(plan):
            raise QuerySyntaxError(
                self._query,
                node.position,
                "there is no score here that ^ could multiply; give it to a word",
            )
        return BoostQuery(plan, node.factor)

    def _boosted_words(self, node: Boost, text: FreeText) -> list[QueryWord]:
        """Return the words of a boosted text, of which any may match."""
        self._boosted(node, DEFAULT_FIELD)  # checks its factor
        return [word._replace(boost=node.factor) for word in self._words(text)]

    def _phrase(self, node: Phrase | Exact, field: str, *, exact: bool) -> Query:
        words = self._words(node)
        if not words:
            raise QuerySyntaxError(
                self._query, node.position, "there is no word between these quotation marks"
            )
        terms = _surfaces(words) if exact else _surfaces_and_stems(words)
        typed = QueryWord(node.position, node.text, terms)
        if len(words) == 1:
            return SurfaceQuery(typed, field) if exact else TermQuery(words[0], field)
        variants = () if exact else self._variants(words)
        phrases = tuple(variant for variant in variants if len(variant) > 1)
        phrase = PhraseQuery(words, typed, field, node.slop, exact, node.ordered, phrases)
        joined = tuple(
            TermQuery(typed._replace(terms=word), field)
            for variant in variants
            if len(variant) == 1
            for word in variant
        )
        return BooleanQuery(should=(*joined, phrase)) if joined else phrase

    def _variants(self, words: tuple[QueryWord, ...]) -> tuple[tuple[Terms, ...], ...]:
        """Return the phrase with its particles joined to the next word, and apart from it.

        Writers put a space after و, which is a part of the word by the rules: `السماء و الأرض`.
        """
        surfaces = [word.terms.surface for word in words]
        found = (
            joined_particles(surfaces),
            separate_particles(surfaces, self._analyzer.protected_words),
        )
        return (
            *(tuple(self._analyzer.terms(" ".join(each))) for each in found if each != surfaces),
            *self._with_kept_clitics(words),
        )

    def _with_kept_clitics(self, words: tuple[QueryWord, ...]) -> Iterator[tuple[Terms, ...]]:
        """Yield the phrase for each proclitic that the stem of its first word keeps.

        The stem of وأبي is not that of أبي, though the lexicon reads it as و and أبي.
        """
        first, *others = (word.terms for word in words)
        if first.stem != first.surface:
            return
        for stem in self._analyzer.lemma_expander.stems_with_kept_clitics(first.surface):
            yield (first._replace(stem=stem), *others)

    def _pattern(self, node: Wildcard, field: str) -> Query:
        """Return the plan of a pattern. Raises QuerySyntaxError for one of several words."""
        words = words_of_pattern(node.text, self._analyzer)
        if words != [node.text]:
            way_out = " ".join(f"+{word}" for word in words)
            raise QuerySyntaxError(
                self._query,
                node.position,
                f"a pattern is one word, and {node.text[:60]!r} is not; write {way_out}, or the "
                "text in quotation marks",
            )
        return WildcardQuery(
            QueryWord(node.position, node.text, Terms(node.text, "")), field, self._query
        )

    def _column(self, node: Node, field: str) -> Query:
        whole = isinstance(node, FreeText) or (
            isinstance(node, Phrase | Exact) and not node.slop and node.ordered
        )
        if not whole or not isinstance(node, FreeText | Phrase | Exact):
            raise QuerySyntaxError(
                self._query,
                getattr(node, "position", 0),
                f"the field {field!r} holds whole values; write {field}:value, or "
                f'{field}:"value" where it has spaces or signs',
            )
        self._check_value(field, node.text, node.position)
        return ColumnQuery(field, node.text)

    def _condition(self, node: Comparison | Range, field: str) -> Query:
        field_type = self._field_type(field)
        sign = node.sign if isinstance(node, Comparison) else node.position
        if field_type is FieldType.TEXT:
            raise QuerySyntaxError(
                self._query,
                sign,
                f"the field {field!r} holds words, which have no order; write {field}:word",
            )
        if field_type is FieldType.KEYWORD and (
            isinstance(node, Range) or node.operator not in ("=", "!=")
        ):
            raise QuerySyntaxError(
                self._query,
                sign,
                f"the values of the field {field!r} have no order; "
                f"write {field}:value or {field}!=value",
            )
        if isinstance(node, Comparison):
            self._check_value(field, node.text, node.position)
            return ColumnQuery(field, node.text, node.operator)
        return self._range(node, field)

    def _range(self, node: Range, field: str) -> Query:
        ends: list[Query] = []
        bounds = []
        for end, operator in ((node.lower, ">"), (node.upper, "<")):
            if end is not None:
                bounds.append(self._check_value(field, end.text, end.position))
                operator += "=" if end.inclusive else ""
                ends.append(ColumnQuery(field, end.text, operator))
        if len(bounds) == 2 and bounds[0][0] > bounds[1][1]:
            raise QuerySyntaxError(
                self._query,
                node.position,
                "nothing is in this range, which ends before it begins; write the lower value first",
            )
        return BooleanQuery(must=tuple(ends)) if ends else AnyValueQuery(field)

    def _check_value(self, field: str, value: str, position: int) -> tuple[float, float]:
        """Return the bounds of a value of a field. Raises QuerySyntaxError for no such value."""
        from searchd.search.field_values import value_range  # few queries have conditions

        try:
            return value_range(value, field, self._field_type(field))
        except ValueError as error:
            raise QuerySyntaxError(self._query, position, str(error)) from None

    def _is_column(self, field: str) -> bool:
        return bool(field) and self._field_type(field) is not FieldType.TEXT

    def _words(self, node: FreeText | Phrase | Exact | Fuzzy) -> tuple[QueryWord, ...]:
        """Return the words of a node as typed, with their terms."""
        text, start = node.text, node.position
        return tuple(
            QueryWord(start + token.start, text[token.start : token.end], terms)
            for token, terms in self._analyzer.query_terms(text, exact=isinstance(node, Exact))
        )


def _has_score(plan: Query) -> bool:
    """Return whether anything in a plan adds to the score of a document."""
    match plan:
        case BooleanQuery():
            return any(map(_has_score, (*plan.must, *plan.should)))
        case BoostQuery():
            return _has_score(plan.query)
        case ColumnQuery() | AnyValueQuery() | MatchAllQuery():
            return False
        case _:
            return True


def _surfaces(words: tuple[QueryWord, ...]) -> Terms:
    """Return the surface forms of words as one term without a stem."""
    return _surfaces_and_stems(words)._replace(stem="")


def _surfaces_and_stems(words: tuple[QueryWord, ...]) -> Terms:
    """Return the surface forms and the stems of words as one term."""
    return Terms.joined([word.terms for word in words])
