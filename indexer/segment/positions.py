"""Places: where a stem stands in chosen documents of a segment."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.segment.buffer_pool import ZeroedBufferPool
from indexer.segment.sorted_arrays import AnyIds, IdArray
from indexer.segment.text_field import Ids

Numbers = npt.NDArray[np.intp]

POSITION_STRIDE = 1 << 32
"""More than a document has words, so that no phrase runs from one into the next."""

_MUCH_MORE = 16
"""One search in so many values costs what looking at all of them does."""


class DocPositions(NamedTuple):
    """Where a stem stands in some documents, in one text field of a segment.

    `keys`: int64 [n], ascending: the row of the document among those that were asked for, times
    `POSITION_STRIDE`, and the place in it. Neighbours are found by arithmetic and never
    cross from one document into the next.
    `numbers`: [n], which of the stem's occurrences stands there.
    """

    keys: IdArray
    numbers: Numbers


def locate_documents(ids: Ids, documents: AnyIds, size: int) -> tuple[Numbers, Numbers]:
    """Return where ascending ids hold those of some documents, and which of these they hold.

    Documents are ascending and below `size`.
    """
    documents = documents.astype(ids.dtype, copy=False)  # else the whole of the other would be cast
    if favours_binary_search(ids.size, documents.size):
        rows = ids.searchsorted(documents)
        held = (ids.take(rows, mode="clip") == documents).nonzero()[0]
        return rows[held], held
    with _tables.borrow(size) as table:
        table[ids] = np.arange(1, ids.size + 1, dtype=np.int32)
        rows = table[documents].astype(np.intp)
        table[ids] = 0
    held = rows.nonzero()[0]
    return rows[held] - 1, held


_tables = ZeroedBufferPool(np.int32)


def occurrences_of_documents(rows: Numbers, counts: Ids, starts: Ids) -> tuple[Numbers, Numbers]:
    """Return the numbers of a stem's occurrences in some of its documents, and how many each has.

    `counts` and `starts` say of each of its documents how many occurrences are in it, and how many
    come before those.
    """
    sizes = counts[rows].astype(np.intp)
    # The occurrences in each document are one run.
    runs = starts[rows].astype(np.intp)
    runs -= sizes.cumsum() - sizes
    numbers = runs.repeat(sizes)
    numbers += np.arange(numbers.size)
    return numbers, sizes


def favours_binary_search(values: int, searches: int) -> bool:
    """Tell whether to search in so many values, because looking at all of them would take longer."""
    return values > _MUCH_MORE * searches
