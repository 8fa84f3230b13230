"""The merge policy: which segments a commit puts together.

Segments stay in the order of their documents, so only neighbours merge. The newest merge into one
as long as the one before is less than `GROWTH` times their size, so sizes fall steeply from the
oldest to the newest: an index of n documents written in batches of b has about log2(n / b) segments,
and a document is written again about as often. A segment of which most documents are deleted is
written again by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

GROWTH = 2
MOST_DELETED = 0.5


def plan_merges(live: Sequence[int], documents: Sequence[int]) -> list[range]:
    """Return the ranges of segments to merge, each into one, in order; most commits have one.

    `live` and `documents` are the live and all documents of each segment, oldest first.

    >>> plan_merges([1000, 100, 40, 30], [1000, 100, 40, 30])
    [range(1, 4)]
    >>> plan_merges([1000, 300, 100], [1000, 300, 100])
    []
    """
    start = len(live)
    size = 0
    while start > 0 and (start == len(live) or live[start - 1] < GROWTH * size):
        start -= 1
        size += live[start]
    merges = [range(start, len(live))] if len(live) - start > 1 else []
    alone = range(start) if merges else range(len(live))
    again = [
        range(number, number + 1)
        for number in alone
        if live[number] < (1 - MOST_DELETED) * documents[number]
    ]
    return [*again, *merges]
