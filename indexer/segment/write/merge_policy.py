"""The merge policy: which segments a commit merges.

Segments stay in the order of their documents, so only neighbours are merged. The newest ones are
merged into one, as many as it takes until the segment before has at least `SIZE_RATIO` times their
documents. So sizes fall steeply from the oldest segment to the newest: an index of n documents
written in commits of b has about log2(n / b) segments, and each document is merged about as often.
A segment with more deleted documents than live ones is rewritten by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

SIZE_RATIO = 2
"""How many times larger than all segments after it a segment stays."""

MAX_DELETED_SHARE = 0.5
"""The largest share of deleted documents with which a segment stays as it is."""


def plan_merges(live: Sequence[int], documents: Sequence[int]) -> list[range]:
    """Return the ranges of segments to merge, each into one segment, in order.

    `live` and `documents` are the numbers of live and of all documents of each segment, oldest
    first. A range of one segment rewrites it without its deleted documents.

    >>> plan_merges([1000, 100, 40, 30], [1000, 100, 40, 30])
    [range(1, 4)]
    >>> plan_merges([1000, 300, 100], [1000, 300, 100])
    []
    """
    start = len(live)
    size = 0
    while start > 0 and (start == len(live) or live[start - 1] < SIZE_RATIO * size):
        start -= 1
        size += live[start]
    merges = [range(start, len(live))] if len(live) - start > 1 else []
    others = range(start) if merges else range(len(live))
    rewrites = [
        range(number, number + 1)
        for number in others
        if live[number] < (1 - MAX_DELETED_SHARE) * documents[number]
    ]
    return [*rewrites, *merges]
