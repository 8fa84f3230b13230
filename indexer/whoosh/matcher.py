"""Posting lists as Whoosh matchers, over flat arrays.

A matcher is a cursor of one reader in postings that all readers share, so threads are independent.
It yields live documents only, also where it skips blocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from whoosh.formats import Format
from whoosh.matching import LeafMatcher, Matcher, NullMatcher, ReadTooFar

from indexer.segment.postings import Postings
from indexer.segment.sorted_arrays import FloatArray, IdArray
from indexer.whoosh.formats import PackedPositions
from indexer.whoosh.term_source import TermPositions, TermSource

BLOCK = 128
"""Postings that are skipped together where none of them can score high enough, as in Whoosh."""


@dataclass(frozen=True, slots=True)
class BlockBounds:
    """For each block: the largest weight of a posting, the shortest and longest field; [blocks]."""

    max_weights: FloatArray
    min_lengths: IdArray
    max_lengths: IdArray


def block_bounds(postings: Postings, lengths: IdArray | None) -> BlockBounds:
    """Return the bounds of the blocks of a posting list; lengths are 0 in a field without them."""
    starts = np.arange(0, postings.ids.size, BLOCK)
    if not starts.size:
        nothing = np.zeros(1, np.int64)
        return BlockBounds(nothing.astype(np.float32), nothing, nothing)
    weights = np.maximum.reduceat(postings.frequencies, starts)
    if lengths is None:
        zeros = np.zeros(starts.size, np.int64)
        return BlockBounds(weights, zeros, zeros)
    found = lengths[postings.ids]
    return BlockBounds(
        weights, np.minimum.reduceat(found, starts), np.maximum.reduceat(found, starts)
    )


class ArrayMatcher(LeafMatcher):  # type: ignore[misc]  # Whoosh has no types
    """Steps through the live postings of one term."""

    def __init__(
        self, source: TermSource, term: tuple[str, bytes], format_: Format, scorer: Any = None
    ) -> None:
        self._source = source
        self._term = term
        self.format = format_
        self.scorer = scorer
        self._postings = source.live_postings(term[1])
        self._count = int(self._postings.ids.size)
        self._bounds: BlockBounds | None = None
        self._positions: TermPositions | None = None
        self._move_to(0)

    def _move_to(self, index: int) -> None:
        """Move to a posting, and convert its block to Python integers and floats."""
        self._index = min(index, self._count)
        self._start = self._index // BLOCK * BLOCK
        self._stop = min(self._start + BLOCK, self._count)
        self._ids: list[int] = self._postings.ids[self._start : self._stop].tolist()
        self._weights: list[float] = self._postings.frequencies[self._start : self._stop].tolist()

    def is_active(self) -> bool:
        """Return whether there is a current posting."""
        return self._index < self._count

    def reset(self) -> None:
        """Move to the first posting."""
        self._move_to(0)

    def copy(self) -> ArrayMatcher:
        """Return a matcher at the same posting that moves independently."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        return other

    def replace(self, minquality: float = 0) -> Matcher:
        """Return this matcher, or a NullMatcher where no remaining posting can score `minquality`."""
        if not self.is_active():
            return NullMatcher()
        if minquality and self.supports_block_quality() and self.max_quality() < minquality:
            return NullMatcher()
        return self

    def id(self) -> int:
        """Return the current document; at the end the last one, for which Whoosh asks too."""
        if self._index < self._count:
            return self._ids[self._index - self._start]
        return int(self._postings.ids[-1]) if self._count else -1

    def weight(self) -> float:
        """Return the weight of the term in the current document."""
        return self._weights[self._index - self._start]

    def next(self) -> bool:
        """Move to the next posting; return whether it is in another block."""
        if self._index >= self._count:
            raise ReadTooFar
        self._index += 1
        if self._index < self._stop:
            return False
        self._move_to(self._index)
        return True

    def skip_to(self, id: int) -> None:  # noqa: A002 - the name Whoosh calls it by
        """Move to the first posting from this document on."""
        if self._index >= self._count:
            raise ReadTooFar
        if id <= self.id():
            return
        index = self._index + int(np.searchsorted(self._postings.ids[self._index :], id))
        if index < self._stop:
            self._index = index
        else:
            self._move_to(index)

    def all_ids(self) -> Iterator[int]:
        """Return the documents from the current one on, without moving."""
        return iter(self._postings.ids[self._index :].tolist())

    def all_items(self) -> Iterator[tuple[int, bytes]]:
        """Yield every document from the current one on, and its packed positions."""
        while self.is_active():
            yield self.id(), self.value()
            self.next()

    def value(self) -> bytes:
        """Return the positions in the current document, packed by the format of the field."""
        if isinstance(self.format, PackedPositions):
            return self.format.encode(self._current_positions(), self.weight())
        return b""

    def value_as(self, astype: str) -> Any:
        """Return the current posting as `positions`, `frequency` or `weight`."""
        if astype == "positions" and self.format.supports(astype):
            return self._current_positions()
        if astype == "weight":
            return self.weight()
        return super().value_as(astype)

    def _current_positions(self) -> list[int]:
        if self._positions is None:
            self._positions = self._source.positions(self._term[1])
        return self._positions.in_document(self.id()) if self._positions is not None else []

    def skip_to_quality(self, minquality: float) -> int:
        """Move to the next block that may score more than this; return how many were skipped."""
        skipped = 0
        while self.is_active() and self.block_quality() <= minquality:
            self._move_to(self._stop)
            skipped += 1
        return skipped

    def block_max_weight(self) -> float:
        """Return the largest weight of a posting of the current block."""
        return float(self._block_bounds().max_weights[self._block()])

    def block_min_length(self) -> int:
        """Return the shortest length of the field in the documents of the current block."""
        return int(self._block_bounds().min_lengths[self._block()])

    def block_max_length(self) -> int:
        """Return the longest length of the field in the documents of the current block."""
        return int(self._block_bounds().max_lengths[self._block()])

    def block_min_id(self) -> int:
        """Return the first document of the current block."""
        return self._ids[0]

    def block_max_id(self) -> int:
        """Return the last document of the current block."""
        return self._ids[-1]

    def _block_bounds(self) -> BlockBounds:
        if self._bounds is None:
            self._bounds = block_bounds(self._postings, self._source.lengths)
        return self._bounds

    def _block(self) -> int:
        # Whoosh also asks at the end of the postings.
        return min(self._start // BLOCK, len(self._block_bounds().max_weights) - 1)
