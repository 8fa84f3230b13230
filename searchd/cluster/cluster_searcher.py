"""The searcher of an index on a cluster: the cluster finds candidates, and these are searched here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from analyzers import Analyzer
from analyzers.synonyms import Synonyms
from indexer.cluster.address import ClusterAddress
from indexer.cluster.client import ClusterClient
from indexer.cluster.scan import check_complete
from indexer.errors import ClusterError, ClusterTimeoutError
from indexer.generation import Generation
from indexer.segment.reader_memory import ReaderMemory
from searchd import budget
from searchd.cluster.candidates import CandidateSegments
from searchd.cluster.cluster_snapshot import ClusterSnapshot
from searchd.cluster.filter_translation import filter_query
from searchd.cluster.query_translation import CandidateQuery
from searchd.cluster.requests import Query as ClusterQuery
from searchd.cluster.requests import filtered
from searchd.cluster.statistics import Answers, ClusterStatistics
from searchd.errors import SearchArgumentError
from searchd.listing import PageEnd
from searchd.ranking import Ranking
from searchd.results import Contribution
from searchd.search.collector import Page, ScoredDoc
from searchd.search.index_searcher import IndexSearcher, TopDocs
from searchd.search.plan import Query
from searchd.search.resolved_query import ResolvedQuery
from searchd.search.segment_scorer import SegmentScorer

if TYPE_CHECKING:
    from searchd.cursors import Place
    from searchd.filter_tree import Filter
    from searchd.refinement import Refinement
    from searchd.search.sorting import SortOrder

_MORE_CANDIDATES = 50
"""Candidates beside those that the second stage rescores: the orders of both sides differ a little."""

_MOST_ATTEMPTS = 30
_SECONDS = 30.0

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class SearchedIndex:
    """An index on a cluster, open for searching."""

    client: ClusterClient
    statistics: ClusterStatistics
    candidates: CandidateSegments

    @property
    def address(self) -> ClusterAddress:
        """Where it is."""
        return self.client.address

    def search(self, body: dict[str, Any]) -> Any:
        """Return the answer to a search. Raises ClusterError and SearchTimeoutError."""
        try:
            answer = self.client.request(
                "POST",
                f"/{self.address.index}/_search",
                body,
                seconds=budget.seconds_left(_SECONDS),
                search_type="dfs_query_then_fetch",
            )
        except ClusterTimeoutError:
            budget.check("cluster")
            raise
        check_complete(answer)
        return answer


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

    def over(self, sources: Sequence[Any]) -> IndexSearcher:
        """Return the searcher of some stored documents, in this order."""
        return self._searcher(Answers(self._index.statistics), sources)

    def over_with(self, sources: Sequence[Any], answers: Answers) -> IndexSearcher:
        """Return the searcher of some stored documents, which notes what it has to ask in `answers`."""
        return self._searcher(answers, sources)

    def _searcher(self, answers: Answers, sources: Sequence[Any]) -> IndexSearcher:
        memory = ReaderMemory()
        segments = [self._index.candidates.make(sources, memory)] if sources else []
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
        if refinement is not None:
            raise SearchArgumentError(
                "group_by" if refinement.group_by else "facets",
                "an index on a cluster has no facets and groups yet; search one in a directory",
            )
        order = self.parse_sort(sort) if sort else None
        check_order(order)
        asked = ("search", *query, tuple(map(str, filters)))
        place = None if after is None else self.place(after, asked, order)
        if place is not None:
            offset = place.before
        resolved, wanted = self.settled(
            lambda searcher, answers: _translated(searcher, answers, plan)
        )
        wanted = filtered(wanted, self.filter_queries(filters))
        if limit == 0:
            total = self._index.search({**_body(wanted), "size": 0})["hits"]["total"]["value"]
            found = TopDocs(Page([], total), resolved, scored=order is None, rescorer=None)
        elif order is None:
            found = self._by_relevance(plan, wanted, limit, offset)
        else:
            found = self._sorted(plan, wanted, order, limit, offset, place)
        end = None
        if found.page.more and found.page.documents:
            end = PageEnd(self.listing(asked, order), offset + len(found.page.documents))
        return found._replace(offset=offset, end=end)

    def filter_queries(self, filters: Sequence[str | Filter]) -> list[ClusterQuery]:
        """Return filters as the cluster understands them. Raises FilterSyntaxError."""
        trees = self._filters.parse(filters) if filters else []
        return [filter_query(tree, self.snapshot.fields) for tree in trees]

    def _by_relevance(self, plan: Query, wanted: ClusterQuery, limit: int, offset: int) -> TopDocs:
        """Return a page of the best documents.

        The first ranks are those of searchd among the best candidates, later ones those of the cluster.
        """
        window = self._ranking.candidates + _MORE_CANDIDATES
        best: list[ScoredDoc] = []
        found: TopDocs | None = None
        total = 0
        if offset < window:
            total, sources = self._fetch(wanted, 0, window)
            sources.sort(key=lambda source: source["ordinal"])
            searcher = self.over(sources)
            found = searcher.search(plan, limit=min(limit, window - offset), offset=offset)
            found = found._replace(searcher=searcher)
            best = found.page.documents
        first = max(offset, window)
        if offset + limit > first:
            total, sources = self._fetch(wanted, first, offset + limit - first)
            later = self._in_order(plan, sources, scored=True)
            best = [*best, *later.page.documents]
            found = found or later
        assert found is not None
        return found._replace(page=Page(best, total, total > offset + limit))

    def _sorted(
        self,
        plan: Query,
        wanted: ClusterQuery,
        order: SortOrder,
        limit: int,
        offset: int,
        place: Place | None,
    ) -> TopDocs:
        body = {**_body(wanted), "size": limit, "sort": sort_of(order)}
        if place is None:
            body["from"] = offset
        else:
            body["search_after"] = place_of(order, place)
        answer = self._index.search(body)["hits"]
        total = answer["total"]["value"]
        found = self._in_order(plan, [hit["_source"] for hit in answer["hits"]], scored=False)
        more = total > offset + len(found.page.documents)
        return found._replace(page=found.page._replace(total=total, more=more))

    def _in_order(self, plan: Query, sources: Sequence[Any], *, scored: bool) -> TopDocs:
        """Return documents in the order of the cluster, with the scores of the first stage."""
        searcher = self.over(sources)
        resolved = searcher.resolve(plan)
        documents: list[ScoredDoc] = []
        if sources:
            segment = searcher.snapshot.segments[0]
            matches = SegmentScorer(searcher.snapshot, 0).score(resolved.weight)
            scores = dict(zip(matches.ids.tolist(), matches.scores.tolist(), strict=True))
            documents = [
                ScoredDoc(segment, 0, number, scores.get(number, 0.0))
                for number in range(len(sources))
            ]
        page = Page(documents, len(documents))
        return TopDocs(page, resolved, scored=scored, rescorer=None, searcher=searcher)

    def _fetch(self, wanted: ClusterQuery, first: int, count: int) -> tuple[int, list[Any]]:
        """Return the number of all documents, and the stored ones from rank `first` on."""
        body = {
            **_body(wanted),
            "from": first,
            "size": count,
            "sort": ["_score", {"ordinal": "asc"}],
        }
        answer = self._index.search(body)["hits"]
        return answer["total"]["value"], [hit["_source"] for hit in answer["hits"]]

    def explain(self, found: TopDocs, document: ScoredDoc, rank: int) -> tuple[Contribution, ...]:
        """Return what each term added to the score of a document at a rank, counted from 1."""
        if found.searcher is None:
            return ()
        return found.searcher.explain(found, document, rank)

    def suggest(self, found: TopDocs) -> tuple[str, ...]:
        """Return words of the index near the words of a query that no document contains."""
        return self.settled(lambda searcher, _answers: searcher.suggest(found))

    def correction_of(
        self,
        found: TopDocs,  # noqa: ARG002 - those of the class above
        query: str,  # noqa: ARG002
        syntax: str,  # noqa: ARG002
        correct: str,
    ) -> None:
        """Return None: corrections need the pairs of words, which a cluster does not count.

        Raises SearchArgumentError where one is asked for.
        """
        if correct == "always":
            raise SearchArgumentError("correct", _NO_CORRECTION)

    def correct(self, query: str, syntax: str) -> None:  # noqa: ARG002 - those of the class above
        """Raise SearchArgumentError: a cluster does not count the pairs of words."""
        raise SearchArgumentError("correct", _NO_CORRECTION)


_NO_CORRECTION = (
    "an index on a cluster has no pairs of words, by which queries are corrected; 'suggestions' has "
    "the words near those that are not found"
)


def _translated(
    searcher: IndexSearcher, answers: Answers, plan: Query
) -> tuple[ResolvedQuery, ClusterQuery]:
    resolved = searcher.resolve(plan)
    for term in resolved.terms:
        if term.similar_words is not None:
            term.similar_words.stems()  # which the second stage asks for
    return resolved, CandidateQuery(answers, searcher.snapshot.fields).of(resolved.weight)


def _body(wanted: ClusterQuery) -> dict[str, Any]:
    return {"query": wanted, "track_total_hits": True}


def check_order(order: SortOrder | None) -> None:
    """Raise SearchArgumentError for an order that a cluster cannot make."""
    if order is not None and order.uses_scores:
        raise SearchArgumentError(
            "sort", "a cluster sorts by fields alone; without sort the best come first"
        )


def place_of(order: SortOrder, place: Place) -> list[Any]:
    """Return a place in an order as the cluster understands it.

    A missing number is an infinite one there: null, which it sends itself, it does not take.
    """
    values: list[Any] = []
    for key, kind, value in zip(order.keys, order.kinds, place.values, strict=True):
        if value is None and kind is float:
            values.append("-Infinity" if key.descending else "Infinity")
        else:
            values.append(value)
    return [*values, place.document_id]


def sort_of(order: SortOrder) -> list[Any]:
    """Return an order as the cluster understands it; documents that are equal are in that of their ids."""
    keys: list[Any] = []
    for key, kind in zip(order.keys, order.kinds, strict=True):
        column = f"sort.{key.name}" if kind is str else f"columns.{key.name}"
        name = "id" if key.name == "id" else column
        direction = "desc" if key.descending else "asc"
        keys.append({name: {"order": direction, "missing": "_last"}})
    return [*keys, {"id": {"order": "asc"}}]
