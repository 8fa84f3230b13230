"""The searcher of one snapshot: resolves a plan, scores, rescores and explains."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from analyzers import Analyzer
from analyzers.synonyms import Synonyms
from indexer.segment.cache import CacheRegion
from indexer.segment.segment import DEFAULT_FIELD
from indexer.snapshot import Snapshot
from searchd.query import Clauses, parse, parse_plain
from searchd.ranking import Ranking
from searchd.results import Contribution, Correction, Suggestion
from searchd.search.bm25 import BM25Similarity
from searchd.search.collector import Page, ScoredDoc, collect
from searchd.search.plan import Query
from searchd.search.planner import plan_query
from searchd.search.query_resolver import QueryResolver
from searchd.search.rescorer import Rescorer
from searchd.search.resolved_query import ResolvedQuery

if TYPE_CHECKING:
    from searchd.search.sorting import SortOrder
    from searchd.search.weight_tree import ColumnMask
    from searchd.search.word_statistics import WordStatistics
    from searchd.searched_condition import SearchedCondition

_PLAN_BYTES = 300
"""Bytes of a plan for each character of its query, at most: those of words of one letter."""


class TopDocs(NamedTuple):
    """The answer of a searcher: a page of documents, and the query as it was resolved.

    `scored` is whether the order depends on scores; `rescorer` is None without a second stage.
    `conditions` are those on fields; only filled where no document matches.
    """

    page: Page
    resolved: ResolvedQuery
    scored: bool
    rescorer: Rescorer | None
    conditions: tuple[SearchedCondition, ...] = ()


class _CachedPlan(NamedTuple):
    plan: Query
    nbytes: int


class IndexSearcher:
    """Searches one snapshot with one ranking. Threads may share it."""

    def __init__(
        self, snapshot: Snapshot, analyzer: Analyzer, ranking: Ranking, synonyms: Synonyms
    ) -> None:
        self.snapshot = snapshot
        self._analyzer = analyzer
        self._ranking = ranking
        self._similarity = BM25Similarity(snapshot, k1=ranking.k1, b=ranking.b)
        self._resolver = QueryResolver(snapshot, self._similarity, analyzer, ranking, synonyms)
        self._plans: CacheRegion[tuple[str, str], _CachedPlan] = snapshot.memory.cache.region(
            attrgetter("nbytes")
        )

    def plan(self, query: str, syntax: str) -> Query:
        """Return the plan of a query: of its query language, or of a "plain" text.

        Raises QuerySyntaxError.
        """
        return self._plans.get_or_compute((query, syntax), lambda: self._plan(query, syntax)).plan

    def _plan(self, query: str, syntax: str) -> _CachedPlan:
        tree = self._parse(query, syntax)
        plan = plan_query(query, tree, self._analyzer, self.snapshot.fields.get)
        return _CachedPlan(plan, _PLAN_BYTES * len(query))

    def _parse(self, query: str, syntax: str) -> Clauses:
        return parse_plain(query) if syntax == "plain" else parse(query, self.snapshot.fields)

    def search(
        self,
        plan: Query,
        *,
        limit: int,
        offset: int = 0,
        filters: Sequence[str] = (),
        sort: str | None = None,
    ) -> TopDocs:
        """Return the page of documents that match a plan, from `offset`.

        `filters` and `sort` are as in `Engine.search`. Raises QuerySyntaxError and
        FilterSyntaxError.
        """
        resolved = self._resolver.resolve(plan)
        order = self._parse_sort(sort) if sort else None
        rescorer = None
        if order is None and self._ranking.rescores:
            rescorer = Rescorer.of(self.snapshot, self._similarity, self._ranking, resolved)
        page = collect(
            resolved.weight,
            self.snapshot,
            limit=limit,
            offset=offset,
            filters=self._parse_filters(filters) if filters else (),
            sort=order,
            rescorer=rescorer,
            candidates=self._ranking.candidates,
        )
        scored = order is None or order.uses_scores
        conditions = () if page.total else self._conditions(plan, filters)
        return TopDocs(page, resolved, scored, rescorer, conditions)

    def _conditions(self, plan: Query, filters: Sequence[str]) -> tuple[SearchedCondition, ...]:
        from searchd.search.condition_hints import searched_conditions

        return searched_conditions(plan, filters, self.snapshot)

    def _parse_filters(self, filters: Sequence[str]) -> list[ColumnMask]:
        from searchd.search.filters import parse_filter  # few queries have one

        return [parse_filter(condition, self.snapshot) for condition in filters]

    def _parse_sort(self, sort: str) -> SortOrder:
        from searchd.search.sorting import parse_sort

        return parse_sort(sort, self.snapshot)

    def explain(self, found: TopDocs, document: ScoredDoc, rank: int) -> tuple[Contribution, ...]:
        """Return what each term added to the score of a document at a rank, counted from 1."""
        from searchd.search.explanation import explain

        rescorer = found.rescorer if rank <= self._ranking.candidates else None
        return explain(found.resolved.weight, document, self.snapshot, self._similarity, rescorer)

    def term_weight(self, frequency: float, documents: int) -> float:
        """Return what a term tells about a document of mean length: its score by BM25.

        `frequency` is how often it occurs there, `documents` the number of documents with it.
        """
        return self._similarity.idf(documents) * frequency / (frequency + self._ranking.k1)

    def suggest(self, found: TopDocs) -> tuple[str, ...]:
        """Return words of the index near the words of a query that no document contains."""
        missing = [
            word
            for term in found.resolved.terms
            if not term.documents
            for word in term.word.terms.surface.split()
            if not self.snapshot.document_frequency(DEFAULT_FIELD, "surface", word)
        ]
        if not missing:
            return ()
        from searchd.search.suggestions import suggest_spellings

        return tuple(suggest_spellings(self.snapshot, missing))

    @cached_property
    def statistics(self) -> WordStatistics:
        """The counts of words and of pairs of words, for corrections and completions."""
        from searchd.search.word_statistics import WordStatistics

        return WordStatistics(self.snapshot, self._analyzer)

    def correction_of(
        self, found: TopDocs, query: str, syntax: str, correct: str
    ) -> Correction | None:
        """Return a much likelier query than one that was searched, where one is to be looked for.

        `correct` is as in `Engine.search`.
        """
        if correct == "never" or (
            correct == "auto"
            and found.page.total
            and all(term.documents for term in found.resolved.terms)
        ):
            return None
        return self.correct(query, syntax)

    def correct(self, query: str, syntax: str) -> Correction | None:
        """Return a much likelier query, None where there is none. Raises QuerySyntaxError."""
        from searchd.search.query_correction import correct_query

        return correct_query(
            query,
            self._parse(query, syntax),
            self._analyzer,
            self.snapshot.fields.get,
            self.statistics,
        )

    def complete(self, text: str, field: str, limit: int) -> list[Suggestion]:
        """Return texts that complete what was typed, as `Engine.suggest` does."""
        from searchd.search.completion import complete

        return complete(text, field, limit, self._analyzer, self.statistics)
