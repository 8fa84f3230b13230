"""Pages of documents: what a cluster finds, in the order of searchd.

The cluster chooses and orders by its own scores. Its best documents are ordered anew here, by the very
scores of searchd: `WINDOW` of them where the order is by relevance, and each `WINDOW` for itself where
the score is one of several keys. Pages overlap nowhere, as what is ordered together does not depend on
the page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from indexer.cluster.mapping import MOST_RESULTS
from indexer.segment.reader_memory import ReaderMemory
from indexer.segment.segment import Segment
from indexer.segment.write.term_ids import WantedTerms
from searchd.cluster.requests import Query as ClusterQuery
from searchd.cluster.searched_index import SearchedIndex
from searchd.errors import SearchArgumentError
from searchd.search.collector import Page, ScoredDoc
from searchd.search.index_searcher import IndexSearcher, TopDocs
from searchd.search.plan import Query
from searchd.search.segment_scorer import SegmentScorer
from searchd.search.sorting import RELEVANCE

if TYPE_CHECKING:
    from searchd.cursors import Place
    from searchd.search.sorting import SortOrder

MORE_CANDIDATES = 50
"""Candidates beside those that the second stage rescores: the orders of both sides differ a little."""

BY_SCORE: Sequence[Any] = ("_score", {"ordinal": "asc"})
"""The order of relevance of a cluster; documents that tie are in the order of the index."""


class Fetched(NamedTuple):
    """The number of all documents that were found, and what is stored of some."""

    total: int
    sources: list[Any]


class PageCollector:
    """Collects the pages of one search. `window` is how many of the best are ordered anew."""

    def __init__(
        self,
        index: SearchedIndex,
        plan: Query,
        wanted: ClusterQuery,
        over: Callable[[Sequence[Segment], ReaderMemory], IndexSearcher],
        terms: WantedTerms,
        window: int,
    ) -> None:
        """Collect documents of `wanted`, which is the plan in the language of the cluster.

        `over` returns the searcher of some documents with the numbers of the whole index, which looks
        up nothing but the `terms`.
        """
        self._index = index
        self._plan = plan
        self._wanted = wanted
        self._over = over
        self._terms = terms
        self._memory = ReaderMemory()
        self.window = window

    def by_relevance(self, limit: int, offset: int) -> TopDocs:
        """Return a page of the best documents."""
        best: list[ScoredDoc] = []
        found: TopDocs | None = None
        total = 0
        if offset < self.window:
            found, total = self.best(offset, min(limit, self.window - offset))
            best = found.page.documents
        first = max(offset, self.window)
        if offset + limit > first:
            total, sources = self.fetch(first, offset + limit - first)
            later = self.in_order(sources, scored=True, before=found)
            found, best = later, [*best, *later.page.documents]
        assert found is not None
        return found._replace(page=Page(best, total, total > offset + limit))

    def best(self, offset: int, limit: int) -> tuple[TopDocs, int]:
        """Return some of the first documents by the scores of searchd, and the number of all."""
        total, sources = self.fetch(0, self.window)
        sources.sort(key=lambda source: source["ordinal"])
        searcher = self._over(self.segments(sources), self._memory)
        found = searcher.search(self._plan, limit=limit, offset=offset)
        return found._replace(searcher=searcher), total

    def by_keys(self, order: SortOrder, limit: int, offset: int, place: Place | None) -> TopDocs:
        """Return a page in the order of fields."""
        body = {**self.body(), "size": limit, "sort": sort_of(order)}
        if place is None:
            body["from"] = offset
        else:
            body["search_after"] = place_of(order, place)
        total, sources = _fetched(self._index.search(body))
        found = self.in_order(sources, scored=False)
        more = total > offset + len(found.page.documents)
        return found._replace(page=found.page._replace(total=total, more=more))

    def by_keys_and_score(self, sort: str, order: SortOrder, limit: int, offset: int) -> TopDocs:
        """Return a page in the order of several keys of which one is the score."""
        first = offset // self.window * self.window
        last = -(-(offset + limit) // self.window) * self.window
        total, sources = self.fetch(first, last - first, sort_of(order))
        parts = [
            self.segments(sources[start : start + self.window])
            for start in range(0, len(sources), self.window)
        ]
        searcher = self._over([segment for part in parts for segment in part], self._memory)
        documents: list[ScoredDoc] = []
        for number, part in enumerate(parts):
            ordered = self._over(part, self._memory).search(
                self._plan, limit=self.window, sort=sort
            )
            documents += [each._replace(segment_number=number) for each in ordered.page.documents]
        chosen = documents[offset - first : offset - first + limit]
        page = Page(chosen, total, total > offset + limit)
        return TopDocs(page, searcher.resolve(self._plan), True, None, searcher=searcher)

    def in_order(
        self, sources: Sequence[Any], *, scored: bool, before: TopDocs | None = None
    ) -> TopDocs:
        """Return documents in this order, with the scores of the first stage.

        The searcher of the answer has the documents of `before` too, which keep their numbers.
        """
        earlier = before.searcher.snapshot.segments if before and before.searcher else []
        searcher = self._over([*earlier, *self.segments(sources)], self._memory)
        resolved = searcher.resolve(self._plan)
        documents: list[ScoredDoc] = []
        if sources:
            number = len(earlier)
            segment = searcher.snapshot.segments[number]
            matches = SegmentScorer(searcher.snapshot, number).score(resolved.weight)
            scores = dict(zip(matches.ids.tolist(), matches.scores.tolist(), strict=True))
            documents = [
                ScoredDoc(segment, number, row, scores.get(row, 0.0)) for row in range(len(sources))
            ]
        rescorer = before.rescorer if before else None
        page = Page(documents, len(documents))
        return TopDocs(page, resolved, scored, rescorer, searcher=searcher)

    def fetch(
        self,
        first: int,
        count: int,
        sort: Sequence[Any] = BY_SCORE,
        filters: Sequence[ClusterQuery] = (),
    ) -> Fetched:
        """Return documents from rank `first` on, counted from 0. Raises SearchArgumentError."""
        if first + count > MOST_RESULTS:
            raise SearchArgumentError(
                "after",
                f"a cluster orders the best {MOST_RESULTS:,} alone; sort by a field to go on",
            )
        body = {**self.body(filters), "from": first, "size": count, "sort": list(sort)}
        return _fetched(self._index.search(body))

    def body(self, filters: Sequence[ClusterQuery] = ()) -> dict[str, Any]:
        """Return the part that all searches have in common, with further conditions."""
        query = self._wanted
        if filters:
            query = {"bool": {"must": [query], "filter": list(filters)}}
        return {"query": query, "track_total_hits": True, "track_scores": True}

    def total(self) -> int:
        """Return the number of all documents that are found."""
        body = {"query": self._wanted, "track_total_hits": True, "size": 0}
        total: int = self._index.search(body)["hits"]["total"]["value"]
        return total

    def search(self, body: dict[str, Any]) -> Any:
        """Return the answer to another search of the same index."""
        return self._index.search(body)

    def segments(self, sources: Sequence[Any]) -> list[Segment]:
        """Return the segment of some stored documents, none where there are none."""
        if not sources:
            return []
        return [self._index.candidates.make(sources, self._memory, self._terms)]


def _fetched(answer: Any) -> Fetched:
    hits = answer["hits"]
    return Fetched(hits["total"]["value"], [hit["_source"] for hit in hits["hits"]])


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
        if key.name == RELEVANCE:
            keys.append("_score")
            continue
        column = f"sort.{key.name}" if kind is str else f"columns.{key.name}"
        name = "id" if key.name == "id" else column
        direction = "desc" if key.descending else "asc"
        keys.append({name: {"order": direction, "missing": "_last"}})
    return [*keys, {"id": {"order": "asc"}}]
