"""Planning: the words of a query to terms, levels and postings of one snapshot.

A word is looked up by the stems of its lemma; its own stem and its exact surface form add to the
score. Stop words are dropped where the query has other words, but never inside quotation marks or
behind `+`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from analyzers import Analyzer, is_stopword
from analyzers.analyzer import Terms
from analyzers.synonyms import Synonyms
from indexer.fields import FieldType
from indexer.segment.segment import DEFAULT_FIELD
from indexer.snapshot import Snapshot
from searchd.errors import QuerySyntaxError
from searchd.highlighting.matchers import Matcher, PhraseMatcher, SurfaceMatcher, TermMatcher
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
from searchd.query.synonym_expansion import Alternative, SynonymExpansion, expand_synonyms
from searchd.ranking import Ranking
from searchd.results import SearchedTerm
from searchd.search import wildcards as vocabulary
from searchd.search.filters import column_filter
from searchd.search.plan import (
    AllOf,
    MatchAllPlan,
    Plan,
    Required,
    Without,
    all_of,
    any_of,
)
from searchd.search.rescorer import RankedWord
from searchd.search.term_resolver import ResolvedTerm, TermResolver, form_levels
from searchd.search.term_weights import union_of

_Listed = TypeVar("_Listed")

MOST_EXPANSIONS = 5000
"""A pattern that more words of the index match is refused."""


MOST_REFINED = 32
"""So many words of a query, the first ones, take part in the second stage."""


@dataclass(slots=True)
class Planned:
    """A plan, what to highlight, what was searched, and the stop words that were left out.

    `words` are those of the second stage, in the order of the query.
    """

    plan: Plan
    matchers: list[Matcher]
    terms: list[SearchedTerm]
    ignored: list[str]
    words: list[RankedWord]


def plan_query(
    query: str,
    tree: Clauses,
    snapshot: Snapshot,
    analyzer: Analyzer,
    ranking: Ranking,
    synonyms: Synonyms,
) -> Planned:
    """Look up every word of a query. Raises QuerySyntaxError, FilterSyntaxError."""
    planner = _Planner(query, snapshot, analyzer, ranking, synonyms)
    plan = planner.node(tree, DEFAULT_FIELD)
    words = _in_order(planner.words)[:MOST_REFINED]
    return Planned(plan, planner.matchers, _in_order(planner.terms), planner.ignored, words)


class _Typed(NamedTuple):
    """A word, phrase or pattern as it was typed: where in the query, and its terms."""

    position: int
    text: str
    terms: Terms


class _Planner:
    def __init__(
        self,
        query: str,
        snapshot: Snapshot,
        analyzer: Analyzer,
        ranking: Ranking,
        synonyms: Synonyms,
    ) -> None:
        self._synonyms = synonyms
        self._finder = TermResolver(snapshot, analyzer, ranking)
        self._ranking = ranking
        self._query = query
        self._snapshot = snapshot
        self._analyzer = analyzer
        self.matchers: list[Matcher] = []
        self.terms: list[tuple[int, SearchedTerm]] = []
        self.ignored: list[str] = []
        self.words: list[tuple[int, RankedWord]] = []

    def node(self, node: Node, field: str) -> Plan:
        """Return the plan of one node, searched in a field ("" for title and text)."""
        match node:
            case Clauses():
                return self._clauses(node, field)
            case And():
                return all_of([self._operand(member, field) for member in node.nodes])
            case Or():
                return any_of([self._operand(member, field) for member in node.nodes])
            case Not():
                return Without(self._negative(node.node, field))
            case Field():
                return self._operand(node.node, node.name)
            case MatchAll():
                return MatchAllPlan()
        if self._is_column(field):
            return self._column(node, field)
        match node:
            case FreeText():
                return self._operand(node, field)
            case Phrase():
                return self._phrase(node, field)
            case Exact():
                return self._exact(node, field)
            case Wildcard():
                return self._pattern(node, field)
            case Fuzzy():
                return self._fuzzy(node, field)

    def _clauses(self, node: Clauses, field: str) -> Plan:
        should: list[Plan] = []
        must: list[Plan] = []
        must_not: list[Plan] = []
        words: list[_Typed] = []
        for clause in node.clauses:
            if clause.occur is Occur.MUST:
                must.append(self._operand(clause.node, field))
            elif clause.occur is Occur.MUST_NOT:
                must_not.append(self._negative(clause.node, field))
            elif isinstance(clause.node, FreeText) and not self._is_column(field):
                words += self._words(clause.node)
            else:
                should.append(self.node(clause.node, field))
        should += self._any_words(words, field, alone=not should and not must)
        plan = _combine(should, must)
        if not must_not:
            return plan
        rest = MatchAllPlan() if not should and not must else plan
        return AllOf([rest, Without(any_of(must_not))])

    def _any_words(self, words: Sequence[_Typed], field: str, *, alone: bool) -> list[Plan]:
        """Return the plans of words of which any may match, without stop words.

        Stop words are searched where there is nothing else: where the words are `alone` and all
        of them are stop words.
        A word that no document holds is searched by those that look like it, if the index holds
        another of the words: alone it finds nothing, and `Results` suggests.
        """
        words = [
            word._replace(terms=part)
            for word in words
            for part in self._finder.parts(word.terms, field)
        ]
        chosen = [n for n, word in enumerate(words) if not is_stopword(word.terms.surface)]
        if alone and not chosen:
            chosen = list(range(len(words)))
        telling = frozenset(chosen)
        self.ignored += [word.text for n, word in enumerate(words) if n not in telling]
        synonyms: dict[int, tuple[Alternative, ...]] = {}
        for expansion in self._widenings([word.terms for word in words]):
            # What several words may be called stands for the first of them.
            first = next((n for n in chosen if expansion.start <= n < expansion.end), None)
            if first is not None:
                synonyms[first] = expansion.alternatives
        found = {
            number: self._finder.find(words[number].terms, field, synonyms.get(number, ()))
            for number in chosen
        }
        some = any(word.term_weight.documents for word in found.values())
        plans: list[Plan] = []
        for number, word in found.items():
            if some and not word.term_weight.documents and self._ranking.similar:
                plans.append(self._unknown_word(words[number], word, field))
            else:
                plans.append(self._add(words[number], word, field))
        return plans

    def _widenings(self, words: Sequence[Terms]) -> list[SynonymExpansion]:
        return (
            expand_synonyms(words, self._synonyms, self._analyzer) if self._ranking.synonym else []
        )

    def _operand(self, node: Node, field: str) -> Plan:
        """Return the plan of what an operator needs: every word of it, stop words too."""
        if not isinstance(node, FreeText) or self._is_column(field):
            return self.node(node, field)
        words = [self._word(word, field) for word in self._words(node)]
        if not words:
            raise QuerySyntaxError(
                self._query, node.position, f"there is no word to search for in {node.text!r}"
            )
        return all_of(words)

    def _negative(self, node: Node, field: str) -> Plan:
        """Return the plan of what must not match; nothing of it is highlighted or listed."""
        lists: list[list[Any]] = [self.matchers, self.terms, self.ignored, self.words]
        lengths = list(map(len, lists))
        plan = self._operand(node, field)
        for found, length in zip(lists, lengths, strict=True):
            del found[length:]
        return plan

    def _column(self, node: Node, field: str) -> Plan:
        if not isinstance(node, FreeText | Phrase | Exact):
            raise QuerySyntaxError(
                self._query,
                getattr(node, "position", 0),
                f"the field {field!r} holds whole values; write {field}:value",
            )
        return column_filter(field, "=", node.text, self._snapshot)

    def _is_column(self, field: str) -> bool:
        return bool(field) and self._snapshot.field_type(field) is not FieldType.TEXT

    def _words(self, node: FreeText | Phrase | Exact | Fuzzy) -> list[_Typed]:
        """Return the words of a node as typed, with their terms."""
        text, place = node.text, node.position
        return [
            _Typed(
                place + token.start,
                text[token.start : token.end],
                Terms(token.surface, token.stem),
            )
            for token in self._analyzer.analyze(text)
        ]

    def _word(self, word: _Typed, field: str) -> Plan:
        return self._add(word, self._finder.find(word.terms, field), field)

    def _add(self, typed: _Typed, word: ResolvedTerm, field: str) -> Plan:
        """Return the plan of a word that was found, and list it."""
        terms, widest = typed.terms, word.term_weight.levels[0]
        self.matchers += word.matchers
        self._list(typed, widest.documents, word.lemma, synonyms=word.synonyms)
        similar = None
        if self._ranking.similar and widest.documents:
            weight = self._ranking.similar * word.boost
            similar = partial(self._finder.find_similar, terms.stem, field, weight, widest.idf)
        idf = word.boost * widest.idf
        ranked = RankedWord(field, terms.stem, idf, word.term_weight, similar)
        self.words.append((typed.position, ranked))
        return word.term_weight

    def _unknown_word(self, typed: _Typed, word: ResolvedTerm, field: str) -> Plan:
        """Return the plan of a word that no document holds: those that look like it."""
        weight = max(weight for _level, weight in self._ranking.levels) * word.boost
        term_weight = self._finder.find_similar(typed.terms.stem, field, weight)
        stems = term_weight.levels[0].terms
        levels = dict.fromkeys(stems, "similar")
        self.matchers.append(TermMatcher(levels, "", field, term_weight.levels[0].idf))
        self._list(typed, 0, word.lemma, stems, word.synonyms)
        return term_weight

    def _pattern(self, node: Wildcard, field: str) -> Plan:
        found = vocabulary.expand_pattern(self._snapshot, field, node.text)
        if len(found) > MOST_EXPANSIONS:
            raise QuerySyntaxError(
                self._query,
                node.position,
                f"{len(found)} words of the index match {node.text!r}, more than "
                f"{MOST_EXPANSIONS}; write more letters of it",
            )
        typed = _Typed(node.position, node.text, Terms(node.text, ""))
        return self._expanded(typed, dict.fromkeys(found, 1.0), field)

    def _fuzzy(self, node: Fuzzy, field: str) -> Plan:
        from searchd.search.fuzzy import near_words

        surfaces = [word.terms.surface for word in self._words(node)]
        near = dict.fromkeys(surfaces, 1.0)
        for surface in surfaces:
            for word in near_words(self._snapshot, field, surface, node.distance):
                near.setdefault(word, vocabulary.VARIANT_FACTOR)
        typed = _Typed(node.position, node.text, Terms(" ".join(surfaces), ""))
        return self._expanded(typed, near, field)

    def _expanded(self, typed: _Typed, surfaces: dict[str, float], field: str) -> Plan:
        term_weight = union_of(self._snapshot, field, "surface", surfaces, name="surface")
        idf = term_weight.levels[0].idf
        self.matchers.append(SurfaceMatcher(form_levels(surfaces), field, idf))
        self._list(typed, term_weight.documents)
        return term_weight

    def _phrase(self, node: Phrase, field: str) -> Plan:
        words = self._quoted(node)
        if len(words) == 1:
            return self._word(words[0], field)
        terms = [word.terms for word in words]
        term_weight = self._finder.find_phrase(terms, field, node.slop, self._ranking.phrase_levels)
        widest = term_weight.levels[0]
        exact = widest.name == "surface"
        self.matchers.append(PhraseMatcher(tuple(terms), exact, node.slop, field, widest.idf))
        self._list(_Typed(node.position, node.text, _joined(terms)), widest.documents)
        return term_weight

    def _exact(self, node: Exact, field: str) -> Plan:
        words = self._quoted(node)
        terms = [word.terms for word in words]
        typed = _Typed(node.position, node.text, Terms(_joined(terms).surface, ""))
        if len(words) == 1:
            return self._expanded(typed, {typed.terms.surface: 1.0}, field)
        term_weight = self._finder.find_phrase(terms, field, 0, (("surface", 1.0),))
        level = term_weight.levels[0]
        self.matchers.append(PhraseMatcher(tuple(terms), True, 0, field, level.idf))
        self._list(typed, level.documents)
        return term_weight

    def _quoted(self, node: Phrase | Exact) -> list[_Typed]:
        words = self._words(node)
        if not words:
            raise QuerySyntaxError(
                self._query, node.position, "there is no word between these quotation marks"
            )
        return words

    def _list(
        self,
        typed: _Typed,
        documents: int,
        lemma: str = "",
        similar: tuple[str, ...] = (),
        synonyms: tuple[str, ...] = (),
    ) -> None:
        surface, stem = typed.terms.surface, typed.terms.stem
        term = SearchedTerm(typed.text, surface, stem, documents, lemma, similar, synonyms)
        self.terms.append((typed.position, term))


def _in_order(listed: Sequence[tuple[int, _Listed]]) -> list[_Listed]:
    """Return what was listed, in the order of the query."""
    return [item for _position, item in sorted(listed, key=itemgetter(0))]


def _joined(words: Sequence[Terms]) -> Terms:
    return Terms(" ".join(word.surface for word in words), " ".join(word.stem for word in words))


def _combine(should: list[Plan], must: list[Plan]) -> Plan:
    """Join clauses: all of `must`, to whose score `should` adds; or any of `should`."""
    if not must:
        return any_of(should, coordination(len(should)))
    required = all_of(must)
    return Required(required, any_of(should)) if should else required


def coordination(words: int) -> float:
    """Return how strongly a query of so many words favours documents with more of them.

    Two words favour documents that hold both. More of them are searched by the sum of their
    scores alone: any stronger rule lost where it was measured (docs/ranking.md).

    >>> [coordination(words) for words in (1, 2, 3, 9)]
    [0.0, 0.25, 0.0, 0.0]
    """
    return 0.25 if words == 2 else 0.0
