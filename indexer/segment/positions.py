"""Positions: where a stem occurs in chosen documents of a segment."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.segment.buffer_pool import ZeroedBufferPool, clear
from indexer.segment.sorted_arrays import AnyIds, IdArray, UnsignedArray

Indexes = npt.NDArray[np.intp]

POSITION_STRIDE = 1 << 32
"""Larger than any position in a document, so that no phrase runs from one document to the next."""

_SEARCH_COST = 16
"""A binary search costs as much as visiting this many values."""


class DocPositions(NamedTuple):
    """The positions of a stem in some documents, in one text field of a segment.

    `keys`: int64 [n], ascending: the row of the document among those asked for, times
    `POSITION_STRIDE`, plus the position in it. Adjacent words have consecutive keys, and keys of
    different documents are never adjacent.
    `occurrences`: intp [n], the index of each among all occurrences of the stem.
    """

    keys: IdArray
    occurrences: Indexes


NO_POSITIONS = DocPositions(np.empty(0, np.int64), np.empty(0, np.intp))


def locate_documents(
    ids: UnsignedArray, documents: AnyIds, size: int, tables: ZeroedBufferPool
) -> tuple[Indexes, Indexes]:
    """Return the indexes of the documents in both arrays: in `ids`, and in `documents`; intp [n].

    Both arrays are ascending; `documents` are below `size`, the number of documents of the segment.
    `tables` is a pool of int32 arrays.
    """
    documents = documents.astype(ids.dtype, copy=False)  # else the larger array would be cast
    if favours_binary_search(ids.size, documents.size):
        rows = ids.searchsorted(documents)
        held = (ids.take(rows, mode="clip") == documents).nonzero()[0]
        return rows[held], held
    with tables.borrow(size) as table:
        table[ids] = np.arange(1, ids.size + 1, dtype=np.int32)
        rows = table[documents].astype(np.intp)
        clear(table, ids)
    held = rows.nonzero()[0]
    return rows[held] - 1, held


def favours_binary_search(values: int, searches: int) -> bool:
    """Return whether `searches` binary searches cost less than visiting every value."""
    return values > _SEARCH_COST * searches
