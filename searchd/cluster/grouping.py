"""Groups on a cluster: the best documents of each value of a keyword field, as in a directory.

Groups are in the order of their best document. The best documents of all are ordered here, and with them
the groups that they have; the further groups, and the further documents of each, are in the order of
the cluster, which collapses them by the field `groups.NAME`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from indexer.cluster.encoding import group_of
from searchd.cluster.aggregations import Counts
from searchd.cluster.pages import BY_SCORE, PageCollector, sort_of
from searchd.search.collector import Page, ScoredDoc
from searchd.search.grouping import GroupedPage, GroupSizes
from searchd.search.index_searcher import TopDocs

if TYPE_CHECKING:
    from searchd.search.sorting import SortOrder

_UNRANKED = 1_000_000_000
"""The rank of a document that is none of the best: the second stage adds nothing to it."""


class GroupCollector:
    """Collects pages of groups by one field.

    `counts` are the documents of each group of those of the result that have a value, `total` is the
    number of all; each of the others is a group by itself.
    """

    def __init__(
        self, pages: PageCollector, name: str, counts: Counts, total: int, size: int
    ) -> None:
        self._pages = pages
        self._name = name
        self._column = f"groups.{name}"
        self._counts: Mapping[str, int] = counts.values
        self._groups = len(counts.values) + total - counts.documents
        self._total = total
        self._size = size

    def by_relevance(self, limit: int, offset: int) -> TopDocs:
        """Return a page of groups, the group with the best document first."""
        found, _total = self._pages.best(0, self._pages.window)
        best: dict[str, list[tuple[int, ScoredDoc]]] = {}
        for rank, document in enumerate(found.page.documents, 1):
            (stored,) = document.segment.documents.stored_fields([document.number])
            group = group_of(stored.id, stored.fields.get(self._name))
            best.setdefault(group, []).append((rank, document))
        groups = list(best)
        if offset + limit > len(groups) and len(groups) < self._groups:
            groups += self._more(offset + limit - len(groups), BY_SCORE, groups)
        chosen = groups[offset : offset + limit]
        lacking = [each for each in chosen if len(best.get(each, ())) < self._shown(each)]
        known = [document for each in lacking for _rank, document in best.get(each, ())]
        members = self._members(lacking, BY_SCORE, _ids(known))
        sources = [source for each in members.values() for source in each]
        later = self._pages.in_order(sources, scored=True, before=found)
        further = iter(later.page.documents)
        for group, its in members.items():
            rows = best.setdefault(group, [])
            rows += [(_UNRANKED, next(further)) for _source in its]
        return self._answer(later, [best[each] for each in chosen], chosen, groups[:offset])

    def by_keys(self, order: SortOrder, limit: int, offset: int) -> TopDocs:
        """Return a page of groups, that with the first document in an order of fields first."""
        sort = sort_of(order)
        groups = self._more(offset + limit, sort, ())
        chosen = groups[offset : offset + limit]
        members = self._members(chosen, sort, ())
        sources = [source for each in chosen for source in members[each]]
        found = self._pages.in_order(sources, scored=order.uses_scores)
        documents = iter(found.page.documents)
        rows = [[(_UNRANKED, next(documents)) for _source in members[each]] for each in chosen]
        return self._answer(found, rows, chosen, groups[:offset])

    def _answer(
        self,
        found: TopDocs,
        rows: Sequence[Sequence[tuple[int, ScoredDoc]]],
        chosen: Sequence[str],
        earlier: Sequence[str],
    ) -> TopDocs:
        shown = [list(each[: self._size]) for each in rows]
        documents = [document for each in shown for _rank, document in each]
        sizes = [
            GroupSizes(len(each), self._counts.get(group, 1))
            for group, each in zip(chosen, shown, strict=True)
        ]
        before = sum(map(self._shown, earlier))
        ranks = [rank for each in shown for rank, _document in each]
        page = Page(documents, self._total)
        grouped = GroupedPage(page, sizes, self._groups, before, ranks)
        return found._replace(page=page, grouped=grouped, group_field=self._name)

    def _shown(self, group: str) -> int:
        """Return how many documents of a group a page has."""
        return min(self._counts.get(group, 1), self._size)

    def _more(self, count: int, sort: Sequence[Any], known: Sequence[str]) -> list[str]:
        """Return the first groups in the order of the cluster, without those that are known."""
        if not count:
            return []
        others = [{"bool": {"must_not": [{"terms": {self._column: list(known)}}]}}] if known else []
        body = {
            **self._pages.body(others),
            "size": count,
            "sort": list(sort),
            "_source": False,
            "docvalue_fields": [self._column],
            "collapse": {"field": self._column},
        }
        hits = self._pages.search(body)["hits"]["hits"]
        return [hit["fields"][self._column][0] for hit in hits]

    def _members(
        self, groups: Sequence[str], sort: Sequence[Any], known: Sequence[str]
    ) -> dict[str, list[Any]]:
        """Return the first documents of each of some groups, without those that are known."""
        if not groups:
            return {}
        filters: list[dict[str, Any]] = [{"terms": {self._column: list(groups)}}]
        if known:
            filters.append({"bool": {"must_not": [{"terms": {"id": list(known)}}]}})
        inner = {"name": "members", "size": self._size, "sort": list(sort)}
        body = {
            **self._pages.body(filters),
            "size": len(groups),
            "_source": False,
            "docvalue_fields": [self._column],
            "collapse": {"field": self._column, "inner_hits": inner},
        }
        found: dict[str, list[Any]] = {each: [] for each in groups}
        for hit in self._pages.search(body)["hits"]["hits"]:
            members = hit["inner_hits"]["members"]["hits"]["hits"]
            found[hit["fields"][self._column][0]] = [each["_source"] for each in members]
        return found


def _ids(documents: Sequence[ScoredDoc]) -> list[str]:
    return [document.segment.documents.id(document.number).decode() for document in documents]
