"""The engine of an index on a cluster: the same searches as `searchd.engine.Engine`, which it is one of."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from analyzers import Analyzer
from analyzers.synonyms import Synonyms, shipped_synonyms
from indexer.cluster.address import ClusterAddress
from indexer.cluster.encoding import decode
from indexer.cluster.mapping import CLUSTER_FORMAT
from indexer.cluster.scan import INDEX_ORDER, PointInTime
from indexer.cluster.state import read_index
from indexer.scalars import clean
from indexer.snapshot import Snapshot
from searchd.budget import DEFAULT_BUDGET, SearchBudget, limited
from searchd.cluster.candidates import CandidateSegments
from searchd.cluster.cluster_searcher import ClusterSearcher, check_order
from searchd.cluster.cluster_snapshot import ClusterSnapshot
from searchd.cluster.document_stream import ClusterDocumentStream
from searchd.cluster.filter_translation import id_query
from searchd.cluster.pages import place_of, sort_of
from searchd.cluster.query_translation import CandidateQuery
from searchd.cluster.requests import Query, filtered
from searchd.cluster.search_client import SearchClient
from searchd.cluster.searched_index import SearchedIndex
from searchd.cluster.statistics import Answers, ClusterStatistics
from searchd.engine import Engine
from searchd.errors import DocumentNotFoundError
from searchd.hits import make_hits
from searchd.index_info import IndexInfo
from searchd.ranking import DEFAULT_RANKING, Ranking
from searchd.results import Suggestion
from searchd.search.index_searcher import IndexSearcher
from searchd.search_arguments import (
    MOST_SUGGESTIONS,
    check_count,
    check_cursor,
    check_filters,
    check_limit,
    check_memory_limit,
    check_paging,
    check_sort,
    check_syntax,
    check_text,
    check_text_field,
)
from searchd.search_engine import Syntax
from searchd.searcher_manager import SearcherManager

if TYPE_CHECKING:
    from indexer.document import Document
    from searchd.document_highlights import HighlightedDocument
    from searchd.filter_tree import Filter
    from searchd.similar_results import SimilarDocuments


class ClusterEngine(Engine):
    """Searches an index on a cluster.

    Raises IndexMissingError, IndexMismatchError or ClusterError where it cannot be opened.
    """

    def __init__(
        self,
        address: ClusterAddress,
        *,
        analyzer: Analyzer | None = None,
        ranking: Ranking | None = None,
        synonyms: Synonyms | None = None,
        budget: SearchBudget | None = None,
        memory_limit: int | None = None,
    ) -> None:
        """Open the index; the arguments are those of `Engine`."""
        self._address = address
        self._analyzer = analyzer or Analyzer()
        self._ranking = ranking
        self._synonyms = synonyms
        self._budget = budget or DEFAULT_BUDGET
        self._memory_limit = check_memory_limit(memory_limit)
        self._reloads = 0
        self._client = SearchClient(address)
        self._statistics = ClusterStatistics(self._client)
        self._candidates: list[CandidateSegments] = []
        try:
            self._searchers = SearcherManager(self._open_snapshot, self._new_searcher)
        except BaseException:
            self._client.close()
            raise

    def _open_snapshot(self, previous: Snapshot | None) -> ClusterSnapshot:  # noqa: ARG002
        generation = read_index(self._client)
        generation.check_analysis(self._analyzer.fingerprint, self._address)
        if self._ranking is not None:
            generation.check_title_weight(self._ranking.title_weight, self._address)
        number = self._statistics.changes().number
        generation = replace(generation, number=number)
        return ClusterSnapshot(self._address, generation, Answers(self._statistics))

    def _new_searcher(self, snapshot: Snapshot) -> ClusterSearcher:
        assert isinstance(snapshot, ClusterSnapshot)
        if self._synonyms is None:
            self._synonyms = shipped_synonyms()
        generation = snapshot.generation
        ranking = self._ranking or replace(DEFAULT_RANKING, title_weight=generation.title_weight)
        # Those of another shape or analysis may still be searched, and close with the engine.
        if not self._candidates or not self._candidates[-1].fits(self._analyzer, generation):
            self._candidates.append(CandidateSegments(self._analyzer, generation))
        index = SearchedIndex(self._client, self._statistics, self._candidates[-1])
        return ClusterSearcher(index, snapshot, self._analyzer, ranking, self._synonyms)

    def _acquire(self) -> ClusterSearcher:
        searcher = self._searchers.acquire()
        assert isinstance(searcher, ClusterSearcher)
        return searcher

    def refresh(self) -> None:
        """See what was written a moment ago with the next search: else it may take a second."""
        self._statistics.forget()

    def suggest(
        self, text: str, *, limit: int = 10, field: str = "", timeout: float | None = None
    ) -> list[Suggestion]:
        """Return texts that complete what was typed, by the words and phrases of the index."""
        from searchd.cluster.completion import complete_on_cluster

        text, limit = clean(check_text("text", text)), check_limit(limit, MOST_SUGGESTIONS)
        searcher = self._acquire()
        check_text_field(field, searcher.snapshot)
        with limited(self._budget_for(timeout)):
            return searcher.settled(
                lambda attempted, answers: complete_on_cluster(
                    text, field, limit, self._analyzer, attempted.snapshot, answers
                )
            )

    def similar(
        self,
        document_id: str,
        *,
        limit: int = 10,
        offset: int = 0,
        filters: Sequence[str | Filter] = (),
        snippets: int = 1,
        snippet_length: int = 240,
        timeout: float | None = None,
    ) -> SimilarDocuments:
        """Return the documents most like one, by the words that tell most about it."""
        from searchd.search.similar_documents import telling_terms
        from searchd.similar_results import SimilarDocuments

        page = check_paging(limit, offset, snippets, snippet_length)
        document_id, filters = check_text("document_id", document_id), check_filters(filters)
        started = time.perf_counter()
        searcher = self._acquire()
        with limited(self._budget_for(timeout)):
            source = self._source(document_id)
            terms, plan = searcher.settled(
                lambda _searcher, answers: telling_terms(
                    searcher.over_with([source], answers), self._analyzer, document_id
                )
            )
            found = searcher.search(plan, limit=page.limit, offset=page.offset, filters=filters)
            hits = make_hits(found, self._analyzer, page.offset, page.snippets, page.snippet_length)
            took = time.perf_counter() - started
            return SimilarDocuments(
                document_id, found.page.total, tuple(hits), page.offset, terms, took
            )

    def ids(
        self, query: str, *, filters: Sequence[str | Filter] = (), timeout: float | None = None
    ) -> list[str]:
        """Return the id of every document that matches a query, in the order of the index."""
        searcher = self._acquire()
        with limited(self._budget_for(timeout)):
            wanted = self._wanted(searcher, query, "full", check_filters(filters))
            with PointInTime(self._client, self._address.index) as view:
                return [
                    hit["fields"]["id"][0]
                    for page in view.pages(wanted, columns=["id"])
                    for hit in page["hits"]["hits"]
                ]

    def get(self, document_id: str) -> Document:
        """Return a stored document as it was given. Raises DocumentNotFoundError for an unknown id."""
        return decode(self._source(check_text("document_id", document_id)))[0]

    def documents(
        self,
        query: str | None = None,
        *,
        filters: Sequence[str | Filter] = (),
        sort: str | None = None,
        limit: int | None = None,
        after: str | None = None,
        text_length: int | None = None,
        syntax: Syntax = "full",
        timeout: float | None = None,
    ) -> ClusterDocumentStream:
        """Return an iterator over the documents of a query, or over all, with their texts."""
        searcher = self._acquire()
        syntax_, filters = check_syntax(syntax), check_filters(filters)
        query = "*" if query is None else clean(check_text("query", query))
        order = searcher.parse_sort(name) if (name := check_sort(sort)) else None
        check_order(order)
        asked = ("documents", query, syntax_, tuple(map(str, filters)))
        cursor = check_cursor(after)
        place = None if cursor is None else searcher.place(cursor, asked, order)
        after_place: list[Any] | None = None
        if place is not None:
            in_index = [*place.values, place.document_id]
            after_place = in_index if order is None else place_of(order, place)
        with limited(self._budget_for(timeout)):
            return ClusterDocumentStream(
                self._client,
                self._wanted(searcher, query, syntax_, filters),
                sort=INDEX_ORDER if order is None else sort_of(order),
                listing=searcher.listing(asked, order),
                after=after_place,
                before=place.before if place else 0,
                limit=check_count("limit", limit),
                text_length=check_count("text_length", text_length),
            )

    def highlight(
        self,
        document_id: str,
        query: str | None,
        *,
        start: int = 0,
        length: int | None = None,
        syntax: Syntax = "full",
        timeout: float | None = None,
    ) -> HighlightedDocument:
        """Return a document with every match of a query in its title and text."""
        from searchd.stored_documents import highlight

        searcher = self._acquire()
        document_id, syntax_ = check_text("document_id", document_id), check_syntax(syntax)
        query = None if query is None else clean(check_text("query", query))
        with limited(self._budget_for(timeout)):
            answers = Answers(self._statistics)
            if query is not None:
                plan = searcher.plan(query, syntax_)
                answers = searcher.settled(lambda each, known: (each.resolve(plan), known)[1])
            return highlight(
                searcher.over_with([self._source(document_id)], answers),
                self._analyzer,
                document_id,
                query,
                syntax=syntax_,
                start=check_count("start", start),
                length=check_count("length", length),
            )

    def info(self) -> IndexInfo:
        """Return facts about the index; `segments` are those of all shards, `bytes` of all copies."""
        snapshot = self._acquire().snapshot
        changes = self._statistics.changes()
        generation = snapshot.generation
        standard = [("title", "text"), ("text", "text"), ("date", "date")]
        extra = [(spec.name, spec.type.value) for spec in snapshot.extra_fields]
        return IndexInfo(
            path=str(self._address),
            documents=snapshot.document_count,
            generation=generation.number,
            segments=changes.segments,
            bytes=changes.bytes,
            fields=(*standard, *extra),
            analysis=generation.analysis,
            format=CLUSTER_FORMAT,
            title_weight=generation.title_weight,
            created=generation.created,
        )

    def reload_words(self, analyzer: Analyzer | None, synonyms: Synonyms | None) -> None:
        """Analyze and search with others from the next search on; None stands for the default."""
        read_index(self._client).check_analysis((analyzer or Analyzer()).fingerprint, self._address)
        self._analyzer, self._synonyms = analyzer or Analyzer(), synonyms
        self._searchers = SearcherManager(self._open_snapshot, self._new_searcher)
        self._reloads += 1

    def close(self) -> None:
        """Close the connections."""
        super().close()
        for candidates in self._candidates:
            candidates.close()
        self._client.close()

    def _wanted(
        self,
        searcher: ClusterSearcher,
        query: str,
        syntax: str,
        filters: Sequence[str | Filter],
    ) -> Query:
        """Return the query of the documents that a text and filters ask for."""
        plan = searcher.plan(clean(check_text("query", query)), syntax)

        def attempt(attempted: IndexSearcher, answers: Answers) -> Query:
            weight = attempted.resolve(plan).weight
            return CandidateQuery(answers, attempted.snapshot.fields).of(weight)

        return filtered(searcher.settled(attempt), searcher.filter_queries(filters))

    def _source(self, document_id: str) -> Any:
        body = {"query": id_query(document_id), "size": 1}
        path = f"/{self._address.index}/_search"
        hits = self._client.request("POST", path, body)["hits"]["hits"]
        if not hits or clean(document_id) != document_id:  # no index holds a lone surrogate
            raise DocumentNotFoundError(document_id)
        return hits[0]["_source"]
