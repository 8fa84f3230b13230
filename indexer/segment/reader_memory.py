"""The memory that all segments of one open index share: a cache and accumulator arrays."""

from __future__ import annotations

import numpy as np

from indexer.segment.buffer_pool import ZeroedBufferPool
from indexer.segment.cache import SizedCache
from indexer.segment.recent_lists import RecentLists

_SINGLE_SEGMENT_CAPACITY = 8_000_000
"""Bytes of the cache of a segment that is opened outside a snapshot."""


class ReaderMemory:
    """A cache and buffer pools, shared by all readers of an index and freed with its engine.

    `cache` bounds everything that is cached, in bytes. `sums` (float32) and `rows` (int32) are
    pools of zeroed arrays with one value per document of a segment. `recent` are the lists
    that were read last, with a sixteenth of the bytes of the cache beside it.
    """

    def __init__(self, capacity: int = _SINGLE_SEGMENT_CAPACITY) -> None:
        self.cache = SizedCache(capacity)
        self.sums = ZeroedBufferPool(np.float32)
        self.rows = ZeroedBufferPool(np.int32)
        self.recent = RecentLists(self.cache)
