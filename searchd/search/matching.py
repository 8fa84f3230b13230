"""Every document that matches a query, unsorted and without a limit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indexer.segment.sorted_arrays import BoolArray
from indexer.snapshot import Snapshot
from searchd.search.segment_scorer import SegmentScorer
from searchd.search.top_k import Matches
from searchd.search.weight_tree import ColumnMask, Weight


def match_all(weight: Weight, snapshot: Snapshot, filters: Sequence[ColumnMask]) -> Matches:
    """Return the documents that match, numbered over the whole snapshot, and their scores.

    They are in the order of the index, and their scores those of the first stage.
    """
    allowed = allowed_documents(filters, snapshot)
    return concatenate(
        [
            SegmentScorer(snapshot, number).score(weight, mask)
            for number, mask in enumerate(allowed)
        ],
        snapshot.bases,
    )


def allowed_documents(filters: Sequence[ColumnMask], snapshot: Snapshot) -> list[BoolArray | None]:
    """Return which documents of each segment pass all filters; None where there is no filter."""
    if not filters:
        return [None] * len(snapshot.segments)
    return [
        np.logical_and.reduce(masks)
        for masks in zip(*(condition.masks for condition in filters), strict=True)
    ]


def concatenate(found: Sequence[Matches], bases: Sequence[int]) -> Matches:
    """Return the matches of all segments, numbered over the whole snapshot."""
    if len(found) == 1:
        return found[0]
    if not found:
        return Matches(np.empty(0, np.int64), np.empty(0, np.float32))
    ids = [matches.ids + base for matches, base in zip(found, bases, strict=True)]
    return Matches(np.concatenate(ids), np.concatenate([matches.scores for matches in found]))
