"""Term scan: finds the terms of a dictionary that may match a pattern or be near a word.

Most terms are ruled out by their letters and lengths, in whole arrays and without decoding them.
The work is done in pieces, and `pause` is called before each: it may raise, to end a search whose
time is up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.segment.sorted_arrays import run_starts

Pause = Callable[[], object]


def no_pause() -> None:
    """Do nothing: nothing limits the time."""


Bytes = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.intp]

SEPARATOR = 0xFF
"""The byte before, between and after terms."""

PIECE_BYTES = 2_000_000
PIECE_TERMS = 50_000
STRINGS = 4096
"""How much is done between two calls of `pause`: some milliseconds of work."""


class TermShape(NamedTuple):
    """What every term that matches a pattern has.

    `prefix`: how it begins. `literals`: letters that follow each other in it. `least` and `most`:
    how many code points it has; None for no bound.
    """

    prefix: str = ""
    literals: tuple[str, ...] = ()
    least: int = 0
    most: int | None = None


class TermScan:
    """What is known of each term of a dictionary, by its number.

    `data`: uint8, the terms in UTF-8 with `SEPARATOR` before, between and after them.
    `starts`: uint32 or int64 [terms + 1], the offsets of the separators. `lengths`: uint16 [terms],
    code points. `letters`: uint64 [terms], a set of hashes of its code points from 0 to 63.
    """

    def __init__(self, data: Bytes, pause: Pause) -> None:
        self._data = data
        found = [np.empty(0, np.intp)]
        for first in range(0, data.size, PIECE_BYTES):
            pause()
            piece = data[first : first + PIECE_BYTES]
            found.append((piece == SEPARATOR).nonzero()[0] + first)
        starts = np.concatenate(found)
        self._starts = starts.astype(np.uint32) if data.size < 1 << 32 else starts
        self.size = max(starts.size - 1, 0)
        self._lengths = np.zeros(self.size, np.uint16)
        self._letters = np.zeros(self.size, np.uint64)
        for number in range(0, self.size, PIECE_TERMS):
            pause()
            last = min(number + PIECE_TERMS, self.size)
            offset = int(starts[number])
            piece = data[offset : int(starts[last]) + 1]
            begins = starts[number:last] - offset
            is_start = (piece & 0xC0) != 0x80  # of a code point
            self._lengths[number:last] = (
                np.add.reduceat(is_start[:-1], begins, dtype=np.uint16) - 1  # the separator
            )
            # The last byte of a code point tells it from those of its block.
            hashes = np.where(
                is_start[1:] & (piece[:-1] != SEPARATOR),
                np.uint64(1) << (piece[:-1] & 0x3F).astype(np.uint64),
                np.uint64(0),
            )
            self._letters[number:last] = np.bitwise_or.reduceat(hashes, begins)

    @property
    def nbytes(self) -> int:
        """The bytes of its arrays, without the terms, which are mapped from a file."""
        return self._starts.nbytes + self._lengths.nbytes + self._letters.nbytes

    def of_shape(self, shape: TermShape, numbers: range, pause: Pause) -> Numbers:
        """Return the terms among `numbers`, which begin with the prefix, that have a shape."""
        kept = self._lengths[numbers.start : numbers.stop] >= shape.least
        if shape.most is not None:
            kept &= self._lengths[numbers.start : numbers.stop] <= shape.most
        letters = _letter_set(shape.prefix + "".join(shape.literals))
        kept &= (letters & ~self._letters[numbers.start : numbers.stop]) == 0
        found = kept.nonzero()[0] + numbers.start
        for literal in sorted(shape.literals, key=len, reverse=True)[:2]:
            if found.size > STRINGS and len(literal) > 1:
                found = found[self._contain(found, literal.encode(), numbers, pause)]
        return found

    def near(self, word: str, distance: int, pause: Pause) -> Numbers:
        """Return the terms that may be within an edit distance of a word.

        An edit changes the length by one at most, and adds and removes one letter at most.
        """
        wanted = _letter_set(word)
        pause()
        lengths = self._lengths.astype(np.int32) - len(word)
        close = (np.abs(lengths) <= distance).nonzero()[0]
        letters = self._letters[close]
        missing, added = wanted & ~letters, letters & ~wanted
        for _edit in range(distance):  # removes a member of each set
            missing &= missing - np.uint64(1)
            added &= added - np.uint64(1)
        near: Numbers = close[(missing | added) == 0]
        return near

    def strings(self, numbers: Numbers, pause: Pause) -> Iterator[str]:
        """Yield the terms with some numbers."""
        for first in range(0, numbers.size, STRINGS):
            pause()
            chosen = numbers[first : first + STRINGS]
            starts, stops = self._starts[chosen].tolist(), self._starts[chosen + 1].tolist()
            for start, stop in zip(starts, stops, strict=True):
                yield self._data[start + 1 : stop].tobytes().decode()

    def _contain(
        self, found: Numbers, literal: bytes, numbers: range, pause: Pause
    ) -> npt.NDArray[np.bool_]:
        """Return which of the terms `found`, among `numbers`, contain some bytes; bool [found]."""
        places = self._places(literal, numbers, pause)
        owners = self._starts.searchsorted(places.astype(self._starts.dtype), "right") - 1
        owners = owners[run_starts(owners)]
        has = np.zeros(len(numbers), np.bool_)
        has[owners - numbers.start] = True
        contain: npt.NDArray[np.bool_] = has[found - numbers.start]
        return contain

    def _places(self, literal: bytes, numbers: range, pause: Pause) -> Numbers:
        """Return the offsets in the data of some terms at which some bytes begin."""
        begin, end = int(self._starts[numbers.start]), int(self._starts[numbers.stop])
        # In letters of two bytes the second tells most.
        first = 1 if len(literal) > 1 else 0
        others: Sequence[int] = [at for at in range(len(literal)) if at != first]
        found = [np.empty(0, np.intp)]
        for offset in range(begin, end, PIECE_BYTES):
            pause()
            piece = self._data[offset : min(offset + PIECE_BYTES, end)]
            places = (piece == literal[first]).nonzero()[0] + (offset - first)
            places = places[(places >= begin) & (places <= end - len(literal))]
            for at in others:
                places = places[self._data[places + at] == literal[at]]
            found.append(places)
        return np.concatenate(found)


def _letter_set(word: str) -> np.uint64:
    """Return the set of the hashes of the letters of a word, as in `TermScan`."""
    return np.uint64(sum({1 << (letter.encode("utf-8", "replace")[-1] & 0x3F) for letter in word}))
