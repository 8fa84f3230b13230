"""The searcher of one snapshot: resolves a plan, scores, rescores and explains."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from analyzers import Analyzer
from analyzers.synonyms import Synonyms
from indexer.segment.cache import CacheRegion
from indexer.segment.segment import DEFAULT_FIELD
from indexer.snapshot import Snapshot
from searchd.query import parse, parse_plain
from searchd.ranking import Ranking
from searchd.results import Contribution
from searchd.search.bm25 import BM25Similarity
from searchd.search.collector import Page, ScoredDoc, collect
from searchd.search.plan import Query
from searchd.search.planner import plan_query
from searchd.search.query_resolver import QueryResolver
from searchd.search.rescorer import Rescorer
from searchd.search.resolved_query import ResolvedQuery

if TYPE_CHECKING:
    from searchd.facets import FacetCounts
    from searchd.filter_tree import Filter
    from searchd.refinement import Refinement
    from searchd.search.filter_masks import FilterMasks
    from searchd.search.grouping import GroupedPage
    from searchd.search.refining import Refiner
    from searchd.search.sorting import SortOrder
    from searchd.searched_condition import SearchedCondition

_PLAN_BYTES = 300
"""Bytes of a plan for each character of its query, at most: those of words of one letter."""


class TopDocs(NamedTuple):
    """The answer of a searcher: a page of documents, and the query as it was resolved.

    `scored` is whether the order depends on scores; `rescorer` is None without a second stage.
    `conditions` are those on fields; only filled where no document matches. `grouped` is None
    without groups; `group_field` is the field they go by.
    """

    page: Page
    resolved: ResolvedQuery
    scored: bool
    rescorer: Rescorer | None
    conditions: tuple[SearchedCondition, ...] = ()
    facets: tuple[FacetCounts, ...] = ()
    grouped: GroupedPage | None = None
    group_field: str = ""


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
        fields = self.snapshot.fields
        tree = parse_plain(query) if syntax == "plain" else parse(query, fields)
        plan = plan_query(query, tree, self._analyzer, fields.get)
        return _CachedPlan(plan, _PLAN_BYTES * len(query))

    def search(
        self,
        plan: Query,
        *,
        limit: int,
        offset: int = 0,
        filters: Sequence[str | Filter] = (),
        sort: str | None = None,
        refinement: Refinement | None = None,
    ) -> TopDocs:
        """Return the page of documents that match a plan, from `offset`.

        `filters` and `sort` are as in `Engine.search`; `refinement` asks for facets and groups.
        Raises QuerySyntaxError and FilterSyntaxError.
        """
        resolved = self._resolver.resolve(plan)
        order = self._parse_sort(sort) if sort else None
        rescorer = None
        if order is None and self._ranking.rescores:
            rescorer = Rescorer.of(self.snapshot, self._similarity, self._ranking, resolved)
        trees = self._filters.parse(filters) if filters else []
        if refinement is not None:
            return self._refined(plan, resolved, trees, refinement, limit, offset, order, rescorer)
        page = collect(
            resolved.weight,
            self.snapshot,
            limit=limit,
            offset=offset,
            filters=[self._filters.mask(tree) for tree in trees],
            sort=order,
            rescorer=rescorer,
            candidates=self._ranking.candidates,
        )
        scored = order is None or order.uses_scores
        conditions = () if page.total else self._conditions(plan, trees)
        return TopDocs(page, resolved, scored, rescorer, conditions)

    def _refined(
        self,
        plan: Query,
        resolved: ResolvedQuery,
        trees: list[Filter],
        refinement: Refinement,
        limit: int,
        offset: int,
        order: SortOrder | None,
        rescorer: Rescorer | None,
    ) -> TopDocs:
        """Return a page like `search`, with its facets and groups."""
        refiner = self._refiner
        facets = refiner.resolve(refinement.facets)
        chosen = self._filters.parse(refinement.facet_filters)
        masks = [self._filters.mask(tree) for tree in trees]
        counts = refiner.count(facets, resolved.weight, masks, chosen)
        scored = order is None or order.uses_scores
        paging: dict[str, Any] = {
            "limit": limit,
            "offset": offset,
            "filters": [*masks, *(self._filters.mask(tree) for tree in chosen)],
            "sort": order,
            "rescorer": rescorer,
            "candidates": self._ranking.candidates,
        }
        grouped, name = None, ""
        if refinement.group_by is None:
            page = collect(resolved.weight, self.snapshot, **paging)
        else:
            from searchd.search.grouping import collect_groups

            name = refiner.group_field(refinement.group_by)
            codes = refiner.group_codes(name)
            size = refinement.group_size
            grouped = collect_groups(resolved.weight, self.snapshot, codes, size=size, **paging)
            page = grouped.page
        conditions = () if page.total else self._conditions(plan, [*trees, *chosen])
        return TopDocs(page, resolved, scored, rescorer, conditions, counts, grouped, name)

    def _conditions(self, plan: Query, filters: Sequence[Filter]) -> tuple[SearchedCondition, ...]:
        from searchd.search.condition_hints import searched_conditions

        return searched_conditions(plan, filters, self.snapshot)

    @cached_property
    def _filters(self) -> FilterMasks:
        from searchd.search.filter_masks import FilterMasks  # few queries have filters

        return FilterMasks(self.snapshot)

    @cached_property
    def _refiner(self) -> Refiner:
        from searchd.search.refining import Refiner

        return Refiner(self.snapshot, self._filters)

    def _parse_sort(self, sort: str) -> SortOrder:
        from searchd.search.sorting import parse_sort

        return parse_sort(sort, self.snapshot)

    def explain(self, found: TopDocs, document: ScoredDoc, rank: int) -> tuple[Contribution, ...]:
        """Return what each term added to the score of a document at a rank, counted from 1."""
        from searchd.search.explanation import explain

        rescorer = found.rescorer if rank <= self._ranking.candidates else None
        return explain(found.resolved.weight, document, self.snapshot, self._similarity, rescorer)

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
