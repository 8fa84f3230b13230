"""Collector: the best documents of all segments, by score or by the values of columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from indexer.segment.segment import Segment
from indexer.segment.sorted_arrays import FloatArray, IdArray
from indexer.snapshot import Snapshot
from searchd import budget
from searchd.search.matching import allowed_documents, concatenate
from searchd.search.rescorer import Rescorer
from searchd.search.segment_scorer import SegmentScorer
from searchd.search.top_k import top_k_indices
from searchd.search.weight_tree import ColumnMask, Weight

if TYPE_CHECKING:
    from searchd.cursors import Place
    from searchd.search.sorting import SortOrder


class ScoredDoc(NamedTuple):
    """One document of a page.

    `segment_number` is the index of its segment in the snapshot, `number` its number in that.
    """

    segment: Segment
    segment_number: int
    number: int
    score: float


class Page(NamedTuple):
    """The documents of a page in order, and the number of all documents that matched.

    `more` is whether there are documents after the page.
    """

    documents: list[ScoredDoc]
    total: int
    more: bool = False


def collect(
    weight: Weight,
    snapshot: Snapshot,
    *,
    limit: int,
    offset: int = 0,
    filters: Sequence[ColumnMask] = (),
    sort: SortOrder | None = None,
    after: Place | None = None,
    rescorer: Rescorer | None = None,
    candidates: int = 0,
) -> Page:
    """Return the page of documents from `offset`, and the number of all that match.

    With `after`, a place in the order of the sort keys, the page begins behind it and has no offset.
    Without sort keys the highest scores come first; documents that tie keep the order of the
    index, so that pages never overlap. A rescorer adds to the scores of the best `candidates`; it
    needs an order by score.
    """
    allowed = allowed_documents(filters, snapshot)
    scorers = [SegmentScorer(snapshot, number) for number in range(len(snapshot.segments))]
    count = offset + limit
    if sort is not None:
        found = [scorer.score(weight, mask) for scorer, mask in zip(scorers, allowed, strict=True)]
        total = sum(matches.ids.size for matches in found)
    else:
        if rescorer is not None and limit:
            count = max(count, candidates)
        best = [
            scorer.top_k(weight, count, mask) for scorer, mask in zip(scorers, allowed, strict=True)
        ]
        found = [top.matches for top in best]
        total = sum(top.total for top in best)
    if not found or not total or limit < 1:
        return Page([], total)
    ids, scores = concatenate(found, snapshot.bases)
    if sort is not None:
        budget.check("sorting")
        if after is not None:
            later = sort.after(ids, scores, after.values, after.document_id)
            ids, scores = ids[later], scores[later]
        chosen = sort.page(ids, scores, offset, offset + limit)
        more = ids.size > offset + limit
    else:
        if scores.size > 2 * count:
            best_of_all = top_k_indices(scores, count)  # of all segments, which may be many
            if best_of_all.size >= count:
                ids, scores = ids[best_of_all], scores[best_of_all]
        order = (-scores).argsort(kind="stable")  # ties keep the order of the index
        if rescorer is not None:
            ids, scores = ids[order], scores[order]
            rescore(ids[:candidates], scores[:candidates], rescorer, snapshot)
            order = np.lexsort((ids, -scores))
        chosen = order[offset : offset + limit]
        more = total > offset + limit
    return Page(locate(ids[chosen], scores[chosen], snapshot), total, more)


def rescore(ids: IdArray, scores: FloatArray, rescorer: Rescorer, snapshot: Snapshot) -> None:
    """Add the gains of the second stage to `scores`, in place; `ids` count over the snapshot."""
    order = np.argsort(ids)
    bounds = ids[order].searchsorted([*snapshot.bases[1:], snapshot.bases[-1] + (1 << 62)]).tolist()
    first = 0
    for number, (base, last) in enumerate(zip(snapshot.bases, bounds, strict=True)):
        if last > first:
            budget.check("second stage")
            rows = order[first:last]
            scores[rows] += rescorer.gains(number, ids[rows] - base)
        first = last


def locate(ids: IdArray, scores: FloatArray, snapshot: Snapshot) -> list[ScoredDoc]:
    """Return each document with its segment; `ids` count over the whole snapshot."""
    found = zip(ids.tolist(), scores.tolist(), strict=True)
    if len(snapshot.segments) == 1:
        segment = snapshot.segments[0]
        return [ScoredDoc(segment, 0, number, score) for number, score in found]
    owners = np.searchsorted(snapshot.bases, ids, side="right") - 1
    return [
        ScoredDoc(snapshot.segments[owner], owner, number - snapshot.bases[owner], score)
        for owner, (number, score) in zip(owners.tolist(), found, strict=True)
    ]
