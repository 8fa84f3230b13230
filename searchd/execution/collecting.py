"""Collecting: the best documents of all segments, by score or by columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indexer.snapshot import Segment, Snapshot
from searchd.execution.columns import RELEVANCE, SortKey, sort_values
from searchd.execution.matching import SegmentRun
from searchd.execution.plan import Column, Every, Plan


@dataclass(frozen=True, slots=True)
class Ranked:
    """One document of a page: its segment, its number there, and its score."""

    segment: Segment
    number: int
    score: float


@dataclass(frozen=True, slots=True)
class Page:
    """A page of ranked documents, and how many documents matched in all."""

    documents: list[Ranked]
    total: int


def collect(
    plan: Plan,
    snapshot: Snapshot,
    *,
    limit: int,
    offset: int = 0,
    filters: Sequence[Column] = (),
    sort: Sequence[SortKey] = (),
) -> Page:
    """Return the page of documents from `offset`, and the number of all that match.

    Without sort keys the highest scores come first; documents that tie keep the order of
    the index, so that pages never overlap.
    """
    if filters:
        plan = Every([plan, *filters])
    runs = [
        SegmentRun(segment, number, snapshot.mean_length).run(plan)
        for number, segment in enumerate(snapshot.segments)
    ]
    total = sum(matches.ids.size for matches in runs)
    if not total or limit <= 0:
        return Page([], total)
    ids = np.concatenate(
        [
            matches.ids.astype(np.int64) + segment.base
            for matches, segment in zip(runs, snapshot.segments, strict=True)
        ]
    )
    scores = np.concatenate([matches.scores for matches in runs])
    if sort:
        keys = [
            -scores if key.name == RELEVANCE else sort_values(key, snapshot)[ids] for key in sort
        ]
        order = np.lexsort((ids, *reversed(keys)))
    else:
        order = _best(scores, offset + limit)
    chosen = order[offset : offset + limit]
    bases = np.array([segment.base for segment in snapshot.segments])
    owners = np.searchsorted(bases, ids[chosen], side="right") - 1
    documents = []
    for position, owner in zip(chosen.tolist(), owners.tolist(), strict=True):
        segment = snapshot.segments[owner]
        documents.append(
            Ranked(segment, int(ids[position]) - segment.base, float(scores[position]))
        )
    return Page(documents, total)


def _best(
    scores: np.ndarray[tuple[int], np.dtype[np.float32]], count: int
) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Return the indexes of the `count` highest scores, ties in ascending order of index."""
    if scores.size > count:
        threshold = np.partition(scores, scores.size - count)[scores.size - count]
        candidates = np.flatnonzero(scores >= threshold)
    else:
        candidates = np.arange(scores.size)
    return candidates[np.argsort(-scores[candidates], kind="stable")]
