"""Grouping: the best documents of each value of a keyword field, groups by their best document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from indexer.segment.sorted_arrays import FloatArray, IdArray
from indexer.snapshot import Snapshot
from searchd import budget
from searchd.search.collector import Page, locate, rescore
from searchd.search.matching import allowed_documents, concatenate
from searchd.search.rescorer import Rescorer
from searchd.search.segment_scorer import SegmentScorer
from searchd.search.weight_tree import ColumnMask, Weight

if TYPE_CHECKING:
    from searchd.search.sorting import SortOrder


class GroupSizes(NamedTuple):
    """A group on a page: how many of its documents the page has, and how many match in all."""

    shown: int
    documents: int


class GroupedPage(NamedTuple):
    """A page of groups.

    `page` has the documents of each group after those of the group before; `total` counts all that
    match. `groups` are in the same order, `group_count` is the number of all groups. `before`
    documents are on earlier pages. `ranks` has the rank that each document has without groups,
    from 1.
    """

    page: Page
    groups: list[GroupSizes]
    group_count: int
    before: int
    ranks: list[int]


def collect_groups(
    weight: Weight,
    snapshot: Snapshot,
    codes: IdArray,
    *,
    size: int,
    limit: int,
    offset: int = 0,
    filters: Sequence[ColumnMask] = (),
    sort: SortOrder | None = None,
    rescorer: Rescorer | None = None,
    candidates: int = 0,
) -> GroupedPage:
    """Return the groups from `offset`, with up to `size` documents each, in the order of a search.

    `codes`, int64 [documents], numbers the value of each document of the snapshot; a document with
    -1 is a group of its own.
    """
    allowed = allowed_documents(filters, snapshot)
    # All of the best are all, with the very scores of a search without groups.
    found = [
        SegmentScorer(snapshot, number).top_k(weight, segment.document_count, mask).matches
        for number, (segment, mask) in enumerate(zip(snapshot.segments, allowed, strict=True))
    ]
    if not sum(matches.ids.size for matches in found):
        return GroupedPage(Page([], 0), [], 0, 0, [])
    ids, scores = concatenate(found, snapshot.bases)
    budget.check("groups")
    if sort is not None:
        order = sort.page(ids, scores, 0, ids.size)
        ids, scores = ids[order], scores[order]
    else:
        ids, scores = _by_score(ids, scores, snapshot, rescorer, candidates)
    return _page(_groups_of(ids, codes), ids, scores, snapshot, size, limit, offset)


def _by_score(
    ids: IdArray,
    scores: FloatArray,
    snapshot: Snapshot,
    rescorer: Rescorer | None,
    candidates: int,
) -> tuple[IdArray, FloatArray]:
    """Return documents and scores, the highest first; the best `candidates` are rescored."""
    order = (-scores).argsort(kind="stable")
    ids, scores = ids[order], scores[order]
    if rescorer is not None:
        rescore(ids[:candidates], scores[:candidates], rescorer, snapshot)
        order = np.lexsort((ids[:candidates], -scores[:candidates]))  # no gain is below 0
        ids[:candidates], scores[:candidates] = ids[order], scores[order]
    return ids, scores


def _groups_of(ids: IdArray, codes: IdArray) -> IdArray:
    """Return the group of each document: its code, and a new one where it has none."""
    groups = codes.take(ids)
    alone = groups < 0
    groups[alone] = int(codes.max(initial=0)) + 1 + ids[alone]
    return groups


def _page(
    groups: IdArray,
    ids: IdArray,
    scores: FloatArray,
    snapshot: Snapshot,
    size: int,
    limit: int,
    offset: int,
) -> GroupedPage:
    """Return a page of groups of documents, which are in the order of the search."""
    counts = np.bincount(groups)
    firsts = np.empty(counts.size, np.int64)
    # Of several assignments to one place the last one stays: the first document of a group.
    firsts[groups[::-1]] = np.arange(groups.size)[::-1]
    is_first = np.zeros(groups.size, np.bool_)
    is_first[firsts[counts > 0]] = True
    by_rank = groups[is_first]
    chosen = by_rank[offset : offset + limit]
    place = np.full(counts.size, -1, np.int64)
    place[chosen] = np.arange(chosen.size)
    places = place.take(groups)
    rows = np.flatnonzero(places >= 0)
    rows = rows[np.argsort(places[rows], kind="stable")]
    lengths = counts[chosen]
    starts = lengths.cumsum() - lengths
    within = np.arange(rows.size) - np.repeat(starts, lengths)
    rows = rows[within < size]
    sizes = zip(np.minimum(lengths, size).tolist(), lengths.tolist(), strict=True)
    return GroupedPage(
        Page(locate(ids[rows], scores[rows], snapshot), groups.size),
        [GroupSizes(*pair) for pair in sizes],
        by_rank.size,
        int(np.minimum(counts[by_rank[:offset]], size).sum()),
        (rows + 1).tolist(),
    )
