"""Sort columns: for each document of a snapshot a number that puts it in the order of one field.

Numbers and dates are their own. Titles, keywords and ids have the rank of their key among those of
all segments (`indexer.segment.sort_keys`); these ranks are cached with the snapshot.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.fields import FieldType
from indexer.segment.cache import CacheRegion
from indexer.segment.segment import Segment
from indexer.segment.sort_keys import SortKeys, pack_keys
from indexer.snapshot import Snapshot
from searchd.budget import checking

Numbers = npt.NDArray[np.float64]

_STAGE = "sorting"


class KeyColumn(NamedTuple):
    """The rank of each document of a snapshot by the keys of one field.

    `ranks` is float64 [documents], NaN for a document without a key; `packed` has the keys.
    """

    ranks: Numbers
    sorted_keys: SortKeys

    @property
    def nbytes(self) -> int:
        """The bytes in memory."""
        return self.ranks.nbytes + len(self.sorted_keys.packed)

    def place(self, key: str) -> float:
        """Return the rank of a key, or a number between those of the keys before and after it."""
        wanted = key.encode("utf-8", "surrogatepass")
        keys = self.sorted_keys.keys()
        rank = bisect_left(keys, wanted)
        return rank if rank < len(keys) and keys[rank] == wanted else rank - 0.5


class SortColumns:
    """The columns of one snapshot to sort by. Threads may share them."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._cached: CacheRegion[str, KeyColumn] = snapshot.memory.cache.region(_size)

    def has_keys(self, name: str) -> bool:
        """Whether a field is sorted by keys, which are texts, and not by numbers."""
        return name in ("title", "id") or self._snapshot.field_type(name) is FieldType.KEYWORD

    def values(self, name: str) -> Numbers:
        """Return a number for each document, ascending in the order of a field.

        float64 [documents], NaN where a document has no value.
        """
        if self.has_keys(name):
            return self.key_column(name).ranks
        columns = [segment.columns.numbers(name) for segment in self._snapshot.segments]
        return columns[0] if len(columns) == 1 else np.concatenate(columns)

    def key_column(self, name: str) -> KeyColumn:
        """Return the ranks of a field that is sorted by keys."""
        return self._cached.get_or_compute(name, lambda: self._merge(_reader(name)))

    def _merge(self, read: Callable[[Segment], SortKeys]) -> KeyColumn:
        """Rank the documents of all segments together."""
        found = [read(segment) for segment in self._snapshot.segments]
        if len(found) == 1:
            return KeyColumn(_with_nan(found[0].ranks.astype(np.float64)), found[0])
        lists = [each.keys() for each in found]
        pause = checking(_STAGE)
        pause()
        keys = sorted(set().union(*lists))
        rank_of = {key: rank for rank, key in enumerate(keys)}
        columns = []
        for each, of_segment in zip(found, lists, strict=True):
            pause()
            ranks = [*map(rank_of.__getitem__, of_segment), -1]  # the last for rank -1
            columns.append(np.array(ranks, np.float64)[each.ranks])
        merged = np.concatenate(columns) if columns else np.empty(0)
        return KeyColumn(_with_nan(merged), SortKeys(np.empty(0, np.int32), pack_keys(keys)))


def _reader(name: str) -> Callable[[Segment], SortKeys]:
    """Return what reads the keys of one field of a segment."""
    pause = checking(_STAGE)
    match name:
        case "title":
            return lambda segment: segment.sort_keys.titles(pause)
        case "id":
            return lambda segment: segment.sort_keys.ids(pause)
        case _:
            return lambda segment: segment.sort_keys.keywords(name, pause)


def _with_nan(ranks: Numbers) -> Numbers:
    ranks[ranks < 0] = np.nan
    return ranks


def _size(column: KeyColumn) -> int:
    return column.nbytes
