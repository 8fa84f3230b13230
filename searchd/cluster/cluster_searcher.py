"""The searcher of an index on a cluster: the cluster finds candidates, and these are searched here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from analyzers import Analyzer
from analyzers.synonyms import Synonyms
from indexer.errors import ClusterError
from indexer.generation import Generation
from indexer.segment.reader_memory import ReaderMemory
from indexer.segment.segment import Segment
from indexer.segment.write.term_ids import WantedTerms
from searchd import budget
from searchd.cluster.cluster_snapshot import ClusterSnapshot
from searchd.cluster.filter_translation import filter_query
from searchd.cluster.pages import MORE_CANDIDATES, PageCollector
from searchd.cluster.query_translation import CandidateQuery
from searchd.cluster.requests import Query as ClusterQuery
from searchd.cluster.requests import filtered
from searchd.cluster.searched_index import SearchedIndex
from searchd.cluster.statistics import Answers
from searchd.errors import SearchArgumentError
from searchd.listing import PageEnd
from searchd.query import Clauses
from searchd.ranking import Ranking
from searchd.results import Contribution, Correction
from searchd.search.collector import Page, ScoredDoc
from searchd.search.index_searcher import CachedCorrection, IndexSearcher, TopDocs
from searchd.search.plan import Query
from searchd.search.resolved_query import ResolvedQuery

if TYPE_CHECKING:
    from searchd.cursors import Place
    from searchd.filter_tree import Filter
    from searchd.refinement import Refinement
    from searchd.search.sorting import SortOrder
    from searchd.searched_condition import SearchedCondition

_MOST_ATTEMPTS = 30

_Result = TypeVar("_Result")


class Paging(NamedTuple):
    """Which page of a search is asked for: as `IndexSearcher.search` says."""

    limit: int
    offset: int
    sort: str | None
    order: SortOrder | None
    place: Place | None


class ClusterSearcher(IndexSearcher):
    """Searches an index on a cluster with one ranking. Threads may share it."""

    snapshot: ClusterSnapshot

    def __init__(
        self,
        index: SearchedIndex,
        snapshot: ClusterSnapshot,
        analyzer: Analyzer,
        ranking: Ranking,
        synonyms: Synonyms,
    ) -> None:
        super().__init__(snapshot, analyzer, ranking, synonyms)
        self._index = index
        self._synonyms = synonyms

    @property
    def generation(self) -> Generation:
        """What shapes the index."""
        return self.snapshot.generation

    def settled(self, attempt: Callable[[IndexSearcher, Answers], _Result]) -> _Result:
        """Return what an attempt does when it knows every number that it asks the cluster for.

        It is given a searcher without documents, and repeated after each answer.
        """
        for number in range(_MOST_ATTEMPTS):
            budget.check("cluster")
            # First as if every word were there, which is the rule; then as if none were, so that all that
            # is tried in its place is asked for at once.
            answers = Answers(self._index.statistics, guess=int(number == 0))
            found = attempt(self._searcher(answers, ()), answers)
            if not answers.ask():
                return found
        raise ClusterError(
            f"the index at {self._index.address} changes faster than a query can be answered; "
            f"search again"
        )

    def over_with(self, sources: Sequence[Any], answers: Answers) -> IndexSearcher:
        """Return the searcher of some stored documents, in this order.

        It knows the numbers in `answers`, and notes there what it has to ask.
        """
        return self._searcher(answers, sources)

    def _searcher(self, answers: Answers, sources: Sequence[Any]) -> IndexSearcher:
        memory = ReaderMemory()
        segments = [self._index.candidates.make(sources, memory)] if sources else []
        return self._over_segments(segments, memory, answers)

    def _over_segments(
        self, segments: Sequence[Segment], memory: ReaderMemory, answers: Answers
    ) -> IndexSearcher:
        snapshot = ClusterSnapshot(self._index.address, self.generation, answers, segments, memory)
        return IndexSearcher(snapshot, self._analyzer, self._ranking, self._synonyms)

    def resolve(self, plan: Query) -> ResolvedQuery:
        """Return a plan with its terms looked up in the index."""
        return self.settled(lambda searcher, _answers: searcher.resolve(plan))

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
        """Return the page of documents that match a plan, like `IndexSearcher.search`.

        Raises ClusterError, and SearchArgumentError for what a cluster cannot do.
        """
        order = self.parse_sort(sort) if sort else None
        trees = self._filters.parse(filters) if filters else []
        facet_filters = refinement.facet_filters if refinement is not None else ()
        asked = ("search", *query, tuple(map(str, (*filters, *facet_filters))))
        place = None if after is None else self.place(after, asked, order)
        if place is not None:
            offset = place.before
        translated = self.settled(lambda searcher, answers: _translated(searcher, answers, plan))
        paging = Paging(limit, offset, sort, order, place)
        if refinement is None:
            found = self._page(self._index, translated.filtered(self._queries(trees)), paging)
            chosen: list[Filter] = []
        else:
            chosen = self._filters.parse(refinement.facet_filters)
            with self._index.unchanging() as index:
                found = self._with_refinement(index, translated, trees, chosen, refinement, paging)
        if not found.page.total:
            found = found._replace(conditions=self._conditions(plan, [*trees, *chosen]))
        end = None
        if found.page.more and found.page.documents:
            end = PageEnd(self.listing(asked, order), offset + len(found.page.documents))
        return found._replace(offset=offset, end=end)

    def _page(self, index: SearchedIndex, asked: _Translated, paging: Paging) -> TopDocs:
        limit, offset, sort, order, place = paging
        pages = self._pages_of(index, asked)
        scored = order is None or order.uses_scores
        if limit == 0:
            return TopDocs(Page([], pages.total()), asked.resolved, scored, rescorer=None)
        if order is None:
            return pages.by_relevance(limit, offset)
        if order.uses_scores:
            assert sort is not None
            return pages.by_keys_and_score(sort, order, limit, offset)
        return pages.by_keys(order, limit, offset, place)

    def _with_refinement(
        self,
        index: SearchedIndex,
        asked: _Translated,
        trees: Sequence[Filter],
        chosen: Sequence[Filter],
        refinement: Refinement,
        paging: Paging,
    ) -> TopDocs:
        """Return a page with its facets and groups, all of one state of the index."""
        from searchd.cluster.aggregations import answer_all, counts_of
        from searchd.cluster.facet_counting import count_facet
        from searchd.cluster.grouping import GroupCollector
        from searchd.search.facet_values import resolve_facet
        from searchd.search.refining import filtered_field, group_field

        facets = [resolve_facet(facet, self.snapshot) for facet in refinement.facets]
        narrowing = [
            (filtered_field(tree), filter_query(tree, self.snapshot.fields)) for tree in chosen
        ]
        filters = self._queries(trees)
        counting = []
        for facet in facets:
            others = [query for field, query in narrowing if field != facet.field]
            query = asked.filtered([*filters, *others]).query
            counting.append(count_facet(facet, query, self.snapshot))
        asked = asked.filtered([*filters, *(query for _field, query in narrowing)])
        name = None
        if refinement.group_by is not None:
            name = group_field(refinement.group_by, self.snapshot.fields)
        counts = tuple(answer_all(index, counting))
        if name is None:
            return self._page(index, asked, paging)._replace(facets=counts)
        having = asked.filtered([{"exists": {"field": f"columns.{name}"}}]).query
        (sizes,) = answer_all(index, [counts_of(f"groups.{name}", having)])
        pages = self._pages_of(index, asked)
        groups = GroupCollector(pages, name, sizes, pages.total(), refinement.group_size)
        if paging.order is None:
            found = groups.by_relevance(paging.limit, paging.offset)
        else:
            found = groups.by_keys(paging.order, paging.limit, paging.offset)
        return found._replace(facets=counts)

    def _conditions(self, plan: Query, filters: Sequence[Filter]) -> tuple[SearchedCondition, ...]:
        from searchd.cluster.field_statistics import ClusterFieldStatistics
        from searchd.search.condition_hints import searched_conditions

        statistics = ClusterFieldStatistics(self._index, self.snapshot)
        return searched_conditions(plan, filters, statistics)

    def _pages_of(self, index: SearchedIndex, asked: _Translated) -> PageCollector:
        def over(segments: Sequence[Segment], memory: ReaderMemory) -> IndexSearcher:
            return self._over_segments(segments, memory, asked.answers)

        window = self._ranking.candidates + MORE_CANDIDATES
        return PageCollector(index, asked.plan, asked.query, over, asked.terms, window)

    def filter_queries(self, filters: Sequence[str | Filter]) -> list[ClusterQuery]:
        """Return filters as the cluster understands them. Raises FilterSyntaxError."""
        return self._queries(self._filters.parse(filters)) if filters else []

    def _queries(self, trees: Sequence[Filter]) -> list[ClusterQuery]:
        return [filter_query(tree, self.snapshot.fields) for tree in trees]

    def explain(self, found: TopDocs, document: ScoredDoc, rank: int) -> tuple[Contribution, ...]:
        """Return what each term added to the score of a document at a rank, counted from 1."""
        if found.searcher is None:
            return ()
        return found.searcher.explain(found, document, rank)

    def suggest(self, found: TopDocs) -> tuple[str, ...]:
        """Return words of the index near the words of a query that no document contains."""
        return self.settled(lambda searcher, _answers: searcher.suggest(found))

    def _correct(self, query: str, syntax: str) -> CachedCorrection:
        from searchd.cluster.cluster_word_statistics import ClusterWordStatistics
        from searchd.search.query_correction import correct_query

        def parse(text: str) -> Clauses:
            return self._parse(text, syntax)

        def attempt(searcher: IndexSearcher, answers: Answers) -> Correction | None:
            statistics = ClusterWordStatistics(searcher.snapshot, self._analyzer, answers)
            return correct_query(query, parse, self._analyzer, self.snapshot.fields.get, statistics)

        return CachedCorrection.of(query, self.settled(attempt))


class _Translated(NamedTuple):
    """A plan, what it resolves to, and its query in the language of the cluster.

    `answers` has the numbers of every term of it, `terms` are all that are looked up.
    """

    plan: Query
    resolved: ResolvedQuery
    query: ClusterQuery
    answers: Answers
    terms: WantedTerms

    def filtered(self, filters: Sequence[ClusterQuery]) -> _Translated:
        """Return the same with conditions that add no score."""
        return self._replace(query=filtered(self.query, filters))


def _translated(searcher: IndexSearcher, answers: Answers, plan: Query) -> _Translated:
    resolved = searcher.resolve(plan)
    for term in resolved.terms:
        if term.similar_words is not None:
            term.similar_words.stems()  # which the second stage asks for
    query = CandidateQuery(answers, searcher.snapshot.fields).of(resolved.weight)
    terms = WantedTerms(set(answers.wanted.stems), set(answers.wanted.surfaces))
    return _Translated(plan, resolved, query, answers, terms)


def check_order(order: SortOrder | None) -> None:
    """Raise SearchArgumentError for an order in which a cluster cannot list all documents."""
    if order is not None and order.uses_scores:
        raise SearchArgumentError(
            "sort", "a cluster lists documents in the order of fields alone; search for the best"
        )
