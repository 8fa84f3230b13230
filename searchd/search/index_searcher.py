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
from searchd.listing import Listing, PageEnd
from searchd.query import Clauses, parse, parse_plain
from searchd.ranking import Ranking
from searchd.results import Contribution, Correction, Suggestion
from searchd.search.bm25 import BM25Similarity
from searchd.search.collector import Page, ScoredDoc, collect
from searchd.search.encoded_queries import is_encoded
from searchd.search.plan import Query
from searchd.search.planner import plan_query
from searchd.search.query_resolver import QueryResolver
from searchd.search.rescorer import Rescorer
from searchd.search.resolved_query import ResolvedQuery

if TYPE_CHECKING:
    from searchd.cursors import Place
    from searchd.facets import FacetCounts
    from searchd.filter_tree import Filter
    from searchd.refinement import Refinement
    from searchd.search.filter_masks import FilterMasks
    from searchd.search.grouping import GroupedPage
    from searchd.search.refining import Refiner
    from searchd.search.sort_columns import SortColumns
    from searchd.search.sorting import SortOrder
    from searchd.search.top_k import Matches
    from searchd.search.word_statistics import WordStatistics
    from searchd.searched_condition import SearchedCondition

Asked = tuple[str, str, str, tuple[str, ...]]
"""What a listing is of: the method of the engine, the query, its syntax and the filters."""

_PLAN_BYTES = 300
"""Bytes of a plan for each character of its query, at most: those of words of one letter."""


_CORRECTION_BYTES = 50
"""Bytes of a correction, and of the query that it is of, for each character, at most."""


class TopDocs(NamedTuple):
    """The answer of a searcher: a page of documents, and the query as it was resolved.

    `scored` is whether the order depends on scores; `rescorer` is None without a second stage.
    `conditions` are those on fields; only filled where no document matches. `offset` is the number
    of documents before the page, of groups where there are some. `end` is its end, None where no
    document comes after it and for groups. `grouped` is None without groups; `group_field` is the
    field they go by. `searcher` is that of the documents, where it is not the one that was asked.
    """

    page: Page
    resolved: ResolvedQuery
    scored: bool
    rescorer: Rescorer | None
    conditions: tuple[SearchedCondition, ...] = ()
    offset: int = 0
    end: PageEnd | None = None
    facets: tuple[FacetCounts, ...] = ()
    grouped: GroupedPage | None = None
    group_field: str = ""
    searcher: IndexSearcher | None = None


class _CachedPlan(NamedTuple):
    plan: Query
    nbytes: int


class CachedCorrection(NamedTuple):
    """The correction of a query, None for none, and about its bytes in memory."""

    correction: Correction | None
    nbytes: int

    @classmethod
    def of(cls, query: str, correction: Correction | None) -> CachedCorrection:
        """Return the correction of a query."""
        return cls(correction, _CORRECTION_BYTES * (len(query) + 1))


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
        self._sort_columns: SortColumns | None = None
        self._plans: CacheRegion[tuple[str, str], _CachedPlan] = snapshot.memory.cache.region(
            attrgetter("nbytes")
        )
        self._corrections: CacheRegion[tuple[str, str], CachedCorrection] = (
            snapshot.memory.cache.region(attrgetter("nbytes"))
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
        filters: Sequence[str | Filter] = (),
        sort: str | None = None,
        query: tuple[str, str] = ("", ""),
        after: str | None = None,
        refinement: Refinement | None = None,
    ) -> TopDocs:
        """Return the page of documents that match a plan, from `offset` or after a cursor.

        `filters`, `sort` and `after` are as in `Engine.search`. `query` are the text and the syntax
        that the plan was made of, which its cursors are for. `refinement` asks for facets and groups.
        Raises QuerySyntaxError, FilterSyntaxError and CursorError.
        """
        resolved = self._resolver.resolve(plan)
        order = self.parse_sort(sort) if sort else None
        facet_filters = refinement.facet_filters if refinement is not None else ()
        asked = ("search", *query, tuple(map(str, (*filters, *facet_filters))))
        place = None if after is None else self.place(after, asked, order)
        if place is not None:
            offset = place.before
        rescorer = None
        if order is None and self._ranking.rescores:
            rescorer = Rescorer.of(self.snapshot, self._similarity, self._ranking, resolved)
        trees = self._filters.parse(filters) if filters else []
        paging: dict[str, Any] = {
            "limit": limit,
            "offset": 0 if place is not None and order is not None else offset,
            "filters": [self._filters.mask(tree) for tree in trees],
            "sort": order,
            "rescorer": rescorer,
            "candidates": self._ranking.candidates,
        }
        scored = order is None or order.uses_scores
        if refinement is not None:
            found = self._refined(plan, resolved, trees, refinement, paging, place)
        else:
            page = collect(resolved.weight, self.snapshot, **paging, after=place)
            conditions = () if page.total else self._conditions(plan, trees)
            found = TopDocs(page, resolved, scored, rescorer, conditions)
        end = None
        if found.page.more and found.page.documents:
            end = PageEnd(self.listing(asked, order), offset + len(found.page.documents))
        return found._replace(offset=offset, end=end)

    def _refined(
        self,
        plan: Query,
        resolved: ResolvedQuery,
        trees: list[Filter],
        refinement: Refinement,
        paging: dict[str, Any],
        place: Place | None,
    ) -> TopDocs:
        """Return a page like `search`, with its facets and groups."""
        refiner = self._refiner
        facets = refiner.resolve(refinement.facets)
        chosen = self._filters.parse(refinement.facet_filters)
        counts = refiner.count(facets, resolved.weight, paging["filters"], chosen)
        masks = [*paging["filters"], *(self._filters.mask(tree) for tree in chosen)]
        paging = {**paging, "filters": masks}
        grouped, name = None, ""
        if refinement.group_by is None:
            page = collect(resolved.weight, self.snapshot, **paging, after=place)
        else:
            from searchd.search.grouping import collect_groups

            name = refiner.group_field(refinement.group_by)
            codes = refiner.group_codes(name)
            size = refinement.group_size
            grouped = collect_groups(resolved.weight, self.snapshot, codes, size=size, **paging)
            page = grouped.page
        order: SortOrder | None = paging["sort"]
        return TopDocs(
            page,
            resolved,
            order is None or order.uses_scores,
            paging["rescorer"],
            () if page.total else self._conditions(plan, [*trees, *chosen]),
            facets=counts,
            grouped=grouped,
            group_field=name,
        )

    def resolve(self, plan: Query) -> ResolvedQuery:
        """Return a plan with its terms looked up in this snapshot."""
        return self._resolver.resolve(plan)

    def match_all(self, plan: Query, filters: Sequence[str | Filter] = ()) -> Matches:
        """Return every document that matches a plan, in the order of the index.

        Raises FilterSyntaxError.
        """
        from searchd.search.matching import match_all

        trees = self._filters.parse(filters) if filters else []
        masks = [self._filters.mask(tree) for tree in trees]
        return match_all(self.resolve(plan).weight, self.snapshot, masks)

    def listing(self, asked: Asked, order: SortOrder | None) -> Listing:
        """Return what the cursors of documents in an order belong to: only values outlast a commit."""
        if order is not None and not order.uses_scores:
            return Listing(*asked, order.written_keys, "")
        keys = order.written_keys if order else ()
        newest = self.snapshot.generation
        return Listing(*asked, keys, f"{newest.number} {newest.created}")

    def place(self, cursor: str, asked: Asked, order: SortOrder | None) -> Place:
        """Return the place that a cursor names in such a listing. Raises CursorError."""
        from searchd.cursors import decode

        # In the order of relevance the rank is the place, in that of the index the number.
        unsorted = () if asked[0] == "search" else (float,)
        return decode(cursor, self.listing(asked, order), order.kinds if order else unsorted)

    def _conditions(self, plan: Query, filters: Sequence[Filter]) -> tuple[SearchedCondition, ...]:
        from searchd.search.condition_hints import SnapshotStatistics, searched_conditions

        return searched_conditions(plan, filters, SnapshotStatistics(self.snapshot))

    @cached_property
    def _filters(self) -> FilterMasks:
        from searchd.search.filter_masks import FilterMasks  # few queries have filters

        return FilterMasks(self.snapshot)

    @cached_property
    def _refiner(self) -> Refiner:
        from searchd.search.refining import Refiner

        return Refiner(self.snapshot, self._filters)

    def parse_sort(self, sort: str) -> SortOrder:
        """Return an order such as `-date,title`. Raises FilterSyntaxError."""
        from searchd.search.sort_columns import SortColumns
        from searchd.search.sorting import parse_sort

        if self._sort_columns is None:
            self._sort_columns = SortColumns(self.snapshot)
        return parse_sort(sort, self.snapshot, self._sort_columns)

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

        `correct` is as in `Engine.search`. A query that is the code of another text is corrected
        though documents may have each of its parts.
        """
        if correct == "never" or (
            correct == "auto"
            and found.page.total
            and all(term.documents for term in found.resolved.terms)
            and not is_encoded(query)
        ):
            return None
        return self.correct(query, syntax)

    def correct(self, query: str, syntax: str) -> Correction | None:
        """Return a much likelier query, None where there is none. Raises QuerySyntaxError."""
        return self._corrections.get_or_compute(
            (query, syntax), lambda: self._correct(query, syntax)
        ).correction

    def _correct(self, query: str, syntax: str) -> CachedCorrection:
        from searchd.search.query_correction import correct_query

        correction = correct_query(
            query,
            lambda text: self._parse(text, syntax),
            self._analyzer,
            self.snapshot.fields.get,
            self.statistics,
        )
        return CachedCorrection.of(query, correction)

    def complete(self, text: str, field: str, limit: int) -> list[Suggestion]:
        """Return texts that complete what was typed, as `Engine.suggest` does."""
        from searchd.search.completion import complete
        from searchd.search.completion_source import SegmentSource

        return complete(text, field, limit, self._analyzer, SegmentSource(self.statistics))
