"""Query resolver: looks up the terms of a plan in a snapshot and combines them to a weight tree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from analyzers import Analyzer
from analyzers.synonyms import Synonyms
from indexer.snapshot import Snapshot
from searchd import budget
from searchd.ranking import Ranking
from searchd.search.bm25 import BM25Similarity
from searchd.search.plan import (
    AnyValueQuery,
    BooleanQuery,
    BoostQuery,
    ColumnQuery,
    FuzzyQuery,
    MatchAllQuery,
    PhraseQuery,
    Query,
    SurfaceQuery,
    TermQuery,
    WildcardQuery,
    WordsQuery,
    comparison_of,
)
from searchd.search.resolved_query import ResolvedLeaf, ResolvedQuery
from searchd.search.term_lookup import TermLookup
from searchd.search.term_weigher import TermWeigher
from searchd.search.weight_tree import AllOf, AnyOf, EveryDocument, Required, Weight, Without
from searchd.search.word_resolvers import TermResolver, WordsResolver

Resolve = Callable[[Any], ResolvedLeaf]
"""Looks up the terms of one kind of leaf."""


class QueryResolver:
    """Resolves query plans against one snapshot. Threads may share it."""

    def __init__(
        self,
        snapshot: Snapshot,
        similarity: BM25Similarity,
        analyzer: Analyzer,
        ranking: Ranking,
        synonyms: Synonyms,
    ) -> None:
        self._snapshot = snapshot
        self._ranking = ranking
        self._weigher = TermWeigher(snapshot, similarity)
        self._lookup = TermLookup(snapshot, similarity, self._weigher, analyzer, ranking)
        terms = TermResolver(self._lookup, ranking)
        words = WordsResolver(snapshot, self._lookup, terms, analyzer, ranking, synonyms)
        self._resolvers: dict[type, Resolve] = {
            WordsQuery: words.resolve,
            TermQuery: terms.resolve,
        }

    def resolve(self, plan: Query) -> ResolvedQuery:
        """Return the weight tree and the terms of a plan.

        Raises SearchBudgetError for a query that costs too much, QuerySyntaxError for a pattern that
        matches too many words, FilterSyntaxError for a column that cannot be compared with a value.
        """
        _count_patterns(plan)
        leaves: list[ResolvedLeaf] = []
        members = self._members(plan, leaves)
        terms = [term for leaf in leaves for term in leaf.terms]
        return ResolvedQuery(
            _any_of(members),
            tuple(sorted(terms, key=lambda term: term.word.position)),
            tuple(word for leaf in leaves for word in leaf.common),
            leaves[0].text if _is_text(plan) else (),
        )

    def _members(self, plan: Query, leaves: list[ResolvedLeaf], boost: float = 1.0) -> list[Weight]:
        """Return the weights of a plan, of which any may match; add its leaves to `leaves`.

        The scores are multiplied by `boost`.
        """
        if type(plan) is BooleanQuery:
            return [self._boolean(plan, leaves, boost)]
        budget.check(_shown(plan))
        match plan:
            case BoostQuery():
                return self._members(plan.query, leaves, boost * plan.factor)
            case MatchAllQuery():
                return [EveryDocument()]
            case ColumnQuery():
                from searchd.search.filters import column_filter

                found = column_filter(plan.field, plan.operator, plan.value, self._snapshot)
                return [found._replace(condition=comparison_of(plan))]
            case AnyValueQuery():
                from searchd.filter_tree import Exists
                from searchd.search.filters import any_value_filter

                having = any_value_filter(plan.field, self._snapshot)
                return [having._replace(condition=Exists(plan.field))]
        if type(plan) not in self._resolvers:
            self._add_expansion_resolvers()
        leaf = self._resolvers[type(plan)](plan).boosted(boost)
        leaves.append(leaf)
        return [term.weight for term in leaf.terms]

    def _add_expansion_resolvers(self) -> None:
        """Add the resolvers of all other leaves, which few queries have."""
        from searchd.search import expansion_resolvers as expansion

        surfaces = expansion.SurfaceResolver(self._weigher)
        phrases = expansion.PhraseResolver(self._lookup, self._ranking)
        wildcards = expansion.WildcardResolver(self._snapshot, surfaces, self._ranking)
        fuzzy = expansion.FuzzyResolver(self._snapshot, surfaces, self._ranking)
        self._resolvers |= {
            SurfaceQuery: surfaces.resolve,
            PhraseQuery: phrases.resolve,
            WildcardQuery: wildcards.resolve,
            FuzzyQuery: fuzzy.resolve,
        }

    def _boolean(self, plan: BooleanQuery, leaves: list[ResolvedLeaf], boost: float) -> Weight:
        must = [_any_of(self._members(member, leaves, boost)) for member in plan.must]
        should = [
            weight for member in plan.should for weight in self._members(member, leaves, boost)
        ]
        # Terms that must not match are neither highlighted nor reported.
        must_not = [_any_of(self._members(member, [])) for member in plan.must_not]
        weight: Weight
        if must:
            weight = Required(_all_of(must), _any_of(should)) if should else _all_of(must)
        elif should or not must_not:
            exponent = self._ranking.coordination_for(len(should)) if plan.coordinated else 0.0
            weight = _any_of(should, exponent)
        else:
            return Without(_any_of(must_not))
        return AllOf([weight, Without(_any_of(must_not))]) if must_not else weight


def _count_patterns(plan: Query) -> None:
    """Spend the patterns and fuzzy words of a plan, before any of them is looked for."""
    match plan:
        case BooleanQuery():
            for member in (*plan.should, *plan.must, *plan.must_not):
                _count_patterns(member)
        case BoostQuery():
            _count_patterns(plan.query)
        case WildcardQuery() | FuzzyQuery():
            budget.spend_pattern(_shown(plan))


def _shown(plan: Query) -> str:
    """Return the part of the query that a plan is, for the error of a search that costs too much."""
    match plan:
        case WordsQuery():
            return plan.words[0].text
        case TermQuery() | SurfaceQuery() | WildcardQuery():
            return plan.word.text
        case PhraseQuery() | FuzzyQuery():
            return plan.typed.text
        case ColumnQuery():
            return f"{plan.field}{plan.operator}{plan.value}"
        case BoostQuery():
            return _shown(plan.query)
    return "query"


def _is_text(plan: Query) -> bool:
    """Tell whether a plan is words of which any may match, and nothing else."""
    match plan:
        case BooleanQuery(should=(WordsQuery(words=words),), must=(), must_not=()):
            return all(word.boost == 1 for word in words)
    return False


def _all_of(members: list[Weight]) -> Weight:
    return members[0] if len(members) == 1 else AllOf(members)


def _any_of(members: list[Weight], coordination: float = 0.0) -> Weight:
    return members[0] if len(members) == 1 else AnyOf(members, coordination)
