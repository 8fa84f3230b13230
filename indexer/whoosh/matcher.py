"""A posting list as Whoosh steps through it: flat arrays under the whole interface of a matcher.

A matcher is one reader's place in postings that all readers share, so threads never disturb each
other. It passes over deleted documents by itself, also where it skips blocks.
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
from indexer.whoosh.formats import WordFormat
from indexer.whoosh.term_source import TermPositions, TermSource

BLOCK = 128
"""Postings that are skipped together where none of them can be among the best, as in Whoosh."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """The bounds of each block of postings: the most a posting weighs, and the lengths of fields."""

    max_weights: FloatArray
    min_lengths: IdArray
    max_lengths: IdArray


def block_bounds(postings: Postings, lengths: IdArray | None) -> Blocks:
    """Return the bounds of the blocks of a posting list; a field without lengths has 0."""
    starts = np.arange(0, postings.ids.size, BLOCK)
    if not starts.size:
        nothing = np.zeros(1, np.int64)
        return Blocks(nothing.astype(np.float32), nothing, nothing)
    weights = np.maximum.reduceat(postings.frequencies, starts)
    if lengths is None:
        zeros = np.zeros(starts.size, np.int64)
        return Blocks(weights, zeros, zeros)
    found = lengths[postings.ids]
    return Blocks(weights, np.minimum.reduceat(found, starts), np.maximum.reduceat(found, starts))


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
        self._blocks: Blocks | None = None
        self._places: TermPositions | None = None
        self._enter(0)

    def _enter(self, place: int) -> None:
        """Go to a posting, and read the block it is in as Python's own numbers."""
        self._place = min(place, self._count)
        self._start = self._place // BLOCK * BLOCK
        self._stop = min(self._start + BLOCK, self._count)
        self._ids: list[int] = self._postings.ids[self._start : self._stop].tolist()
        self._weights: list[float] = self._postings.frequencies[self._start : self._stop].tolist()

    def is_active(self) -> bool:
        """Tell whether there is a current posting."""
        return self._place < self._count

    def reset(self) -> None:
        """Go back to the first posting."""
        self._enter(0)

    def copy(self) -> ArrayMatcher:
        """Return a matcher at the same place that moves by itself."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        return other

    def replace(self, minquality: float = 0) -> Matcher:
        """Return this matcher, or one that matches nothing where no posting left scores so high."""
        if not self.is_active():
            return NullMatcher()
        if minquality and self.supports_block_quality() and self.max_quality() < minquality:
            return NullMatcher()
        return self

    def id(self) -> int:
        """Return the current document; at the end the last one, which Whoosh looks at too."""
        if self._place < self._count:
            return self._ids[self._place - self._start]
        return int(self._postings.ids[-1]) if self._count else -1

    def weight(self) -> float:
        """Return what the term weighs in the current document."""
        return self._weights[self._place - self._start]

    def next(self) -> bool:
        """Go to the next posting; tell whether it is in another block."""
        if self._place >= self._count:
            raise ReadTooFar
        self._place += 1
        if self._place < self._stop:
            return False
        self._enter(self._place)
        return True

    def skip_to(self, id: int) -> None:  # noqa: A002 - the name Whoosh calls it by
        """Go to the first posting whose document is not before this one."""
        if self._place >= self._count:
            raise ReadTooFar
        if id <= self.id():
            return
        place = self._place + int(np.searchsorted(self._postings.ids[self._place :], id))
        if place < self._stop:
            self._place = place
        else:
            self._enter(place)

    def all_ids(self) -> Iterator[int]:
        """Return the documents from the current one on, without going there."""
        return iter(self._postings.ids[self._place :].tolist())

    def all_items(self) -> Iterator[tuple[int, bytes]]:
        """Yield every document from the current one on, and its packed positions."""
        while self.is_active():
            yield self.id(), self.value()
            self.next()

    def value(self) -> bytes:
        """Return the positions in the current document as the field's format packs them."""
        if isinstance(self.format, WordFormat):
            return self.format.encode(self._positions(), self.weight())
        return b""

    def value_as(self, astype: str) -> Any:
        """Return the current posting as `positions`, `frequency` or `weight`."""
        if astype == "positions" and self.format.supports(astype):
            return self._positions()
        if astype == "weight":
            return self.weight()
        return super().value_as(astype)

    def _positions(self) -> list[int]:
        if self._places is None:
            self._places = self._source.places(self._term[1])
        return self._places.of(self.id()) if self._places is not None else []

    def skip_to_quality(self, minquality: float) -> int:
        """Go on to a block in which a posting may score more than this; count those left out."""
        skipped = 0
        while self.is_active() and self.block_quality() <= minquality:
            self._enter(self._stop)
            skipped += 1
        return skipped

    def block_max_weight(self) -> float:
        """Return the most that a posting of this block weighs."""
        return float(self._bounds().max_weights[self._block()])

    def block_min_length(self) -> int:
        """Return the length of the shortest field among the documents of this block."""
        return int(self._bounds().min_lengths[self._block()])

    def block_max_length(self) -> int:
        """Return the length of the longest field among the documents of this block."""
        return int(self._bounds().max_lengths[self._block()])

    def block_min_id(self) -> int:
        """Return the first document of this block."""
        return self._ids[0]

    def block_max_id(self) -> int:
        """Return the last document of this block."""
        return self._ids[-1]

    def _bounds(self) -> Blocks:
        if self._blocks is None:
            self._blocks = block_bounds(self._postings, self._source.lengths)
        return self._blocks

    def _block(self) -> int:
        # Whoosh asks a matcher that has just come to its end, too.
        return min(self._start // BLOCK, len(self._bounds().max_weights) - 1)
