"""The merge policy: which segments a commit merges.

Segments stay in the order of their documents, so only neighbours are merged. The newest ones are
merged into one, as many as it takes until the segment before has at least `SIZE_RATIO` times their
documents. So sizes fall steeply from the oldest segment to the newest: an index of n documents
written in commits of b has about log2(n / b) segments, and each document is merged about as often.
A segment with more deleted documents than live ones is rewritten by itself.

A commit does so with small segments alone, since whoever commits waits for it. Those that are too large
are merged in the background (`indexer.background_merge`).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

SIZE_RATIO = 2
"""How many times larger than all segments after it a segment stays."""

MAX_DELETED_SHARE = 0.5
"""The largest share of deleted documents with which a segment stays as it is."""


MOST_BYTES_IN_COMMIT = 128_000_000
"""The bytes of the segments that one commit merges: about 5 seconds of work."""


def plan_merges(
    live: Sequence[int],
    documents: Sequence[int],
    sizes: Sequence[int] = (),
    most_bytes: int | None = None,
) -> list[range]:
    """Return the ranges of segments to merge, each into one segment, in order.

    `live` and `documents` are the numbers of live and of all documents of each segment, oldest
    first. A range of one segment rewrites it without its deleted documents. With `most_bytes` they have
    together no more bytes than that; `sizes` are the bytes of each segment then.

    >>> plan_merges([1000, 100, 40, 30], [1000, 100, 40, 30])
    [range(1, 4)]
    >>> plan_merges([1000, 300, 100], [1000, 300, 100])
    []
    >>> plan_merges([40, 40, 40], [40, 40, 40], [9, 9, 9], most_bytes=20)
    [range(1, 3)]
    """
    sizes = sizes or [0] * len(live)
    left = sum(sizes) if most_bytes is None else most_bytes
    start = len(live)
    size = 0
    while (
        start > 0
        and (start == len(live) or live[start - 1] < SIZE_RATIO * size)
        and sizes[start - 1] <= left
    ):
        start -= 1
        size += live[start]
        left -= sizes[start]
    merges = [range(start, len(live))] if len(live) - start > 1 else []
    if not merges:
        left = sum(sizes) if most_bytes is None else most_bytes
    rewrites = []
    for number in range(start) if merges else range(len(live)):
        if live[number] < (1 - MAX_DELETED_SHARE) * documents[number] and sizes[number] <= left:
            left -= sizes[number] if most_bytes is not None else 0
            rewrites.append(range(number, number + 1))
    return [*rewrites, *merges]


def plan_merges_to(
    most: int, sizes: Sequence[int], live: Sequence[int], documents: Sequence[int]
) -> list[range]:
    """Return the ranges of segments to merge so that `most` segments are left, in order.

    Always the two neighbours with the fewest bytes become one. A segment that stays is rewritten where
    most of its documents are deleted, and with `most` 1 where any is.

    >>> plan_merges_to(2, [90, 10, 20, 80], [9, 1, 2, 8], [9, 1, 2, 8])
    [range(1, 4)]
    """
    groups = [range(number, number + 1) for number in range(len(sizes))]
    while len(groups) > most:
        bytes_of = [sum(sizes[group.start : group.stop]) for group in groups]
        pairs = [one + other for one, other in pairwise(bytes_of)]
        first = pairs.index(min(pairs))
        groups[first : first + 2] = [range(groups[first].start, groups[first + 1].stop)]
    least = 1.0 if most == 1 else 1 - MAX_DELETED_SHARE
    return [
        group
        for group in groups
        if len(group) > 1 or live[group.start] < least * documents[group.start]
    ]
