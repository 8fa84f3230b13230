"""Term dictionary: the sorted terms of a field, found one by one or by prefix.

Terms are in UTF-8, with the byte FF, which never occurs in UTF-8, before, between and after them.
They sort like code points, so the terms with a prefix are one range. `BLOCK` terms make a block:
`blocks[i]` is the byte offset of the FF before the first term of block i, and the last of `blocks`
that of the final FF. `firsts` repeats the first term of each block in the same form: a search among
them finds the block of a term, and a search in its bytes the term.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.segment.array_file import ArrayFile, ArrayFileWriter

BLOCK = 64

_SEPARATOR = b"\xff"


class TermDictionaryArrays(NamedTuple):
    """The arrays of a term dictionary, as the module describes them."""

    bytes: npt.NDArray[np.uint8]
    blocks: npt.NDArray[np.uint32]
    firsts: npt.NDArray[np.uint8]

    def write(self, writer: ArrayFileWriter, name: str) -> None:
        """Write the arrays under the name of their dictionary."""
        for part in self._fields:
            writer.add(f"{name}.{part}", getattr(self, part))


def lay_out(terms: Sequence[bytes]) -> TermDictionaryArrays:
    """Return the arrays of a dictionary of terms, which must be sorted and distinct."""
    sizes = np.fromiter(map(len, terms), np.int64, len(terms)) + 1
    starts = np.concatenate(([0], sizes.cumsum()))
    blocks = starts[[*range(0, len(terms), BLOCK), len(terms)]]
    return TermDictionaryArrays(_joined(terms), blocks.astype(np.uint32), _joined(terms[::BLOCK]))


def write_term_dictionary(writer: ArrayFileWriter, name: str, terms: Sequence[bytes]) -> None:
    """Write a dictionary of terms, which must be sorted and distinct."""
    lay_out(terms).write(writer, name)


class TermDictionary:
    """The terms of one field of a segment. A term's number is its index in sorted order, from 0."""

    def __init__(self, array_file: ArrayFile, name: str) -> None:
        self._bytes = array_file.array(f"{name}.bytes")
        self._block_starts = array_file.array(f"{name}.blocks")
        self._first_terms = array_file.array(f"{name}.firsts")

    @cached_property
    def size(self) -> int:
        """The number of terms."""
        last = len(self._firsts) - 1
        return last * BLOCK + len(self._terms_of(last, last + 1)) if last >= 0 else 0

    def term(self, number: int) -> bytes:
        """Return the term with this number. Raises IndexError where there is none."""
        block, row = divmod(number, BLOCK)
        parts = self._data_of(block, block + 1).split(_SEPARATOR, row + 2)
        if len(parts) < row + 3:
            raise IndexError(f"there is no term {number}")
        return parts[row + 1]

    def find(self, term: bytes) -> int | None:
        """Return the number of a term, or None where the dictionary lacks it."""
        block = bisect_right(self._firsts, term) - 1
        if block < 0:
            return None
        data = self._data_of(block, block + 1)
        offset = data.find(_SEPARATOR + term + _SEPARATOR)
        return None if offset < 0 else block * BLOCK + data.count(_SEPARATOR, 0, offset)

    def find_all(self, terms: Sequence[bytes]) -> list[int]:
        """Return the number of each of some terms, -1 for one that the dictionary lacks."""
        firsts, starts = self._firsts, self._starts
        blocks = [bisect_right(firsts, term) - 1 for term in terms]
        # Before the first term is nothing to be found: the bytes of block -1 are empty.
        bounds = [
            (starts[block], starts[block + 1] + 1) if block >= 0 else (0, 0) for block in blocks
        ]
        found = []
        for term, block, data in zip(terms, blocks, self._bytes.reads(bounds), strict=True):
            offset = data.find(_SEPARATOR + term + _SEPARATOR)
            found.append(-1 if offset < 0 else block * BLOCK + data.count(_SEPARATOR, 0, offset))
        return found

    def prefix_range(self, prefix: bytes) -> range:
        """Return the numbers of the terms that begin with a prefix."""
        # No term holds the byte FF, so this is after every term with the prefix.
        return range(self.first_not_below(prefix), self.first_not_below(prefix + _SEPARATOR))

    def terms(self, numbers: range) -> list[bytes]:
        """Return the terms with these consecutive numbers."""
        if not numbers:
            return []
        first = numbers.start // BLOCK
        found = self._terms_of(first, (numbers.stop - 1) // BLOCK + 1)
        return found[numbers.start - first * BLOCK : numbers.stop - first * BLOCK]

    def terms_of(self, numbers: Iterable[int]) -> list[bytes]:
        """Return the terms with these numbers. Raises IndexError where there is none."""
        starts = self._starts
        places = [divmod(number, BLOCK) for number in numbers]
        read = self._bytes.reads((starts[block], starts[block + 1] + 1) for block, _row in places)
        return [
            data.split(_SEPARATOR, row + 2)[1:-1][row]
            for data, (_block, row) in zip(read, places, strict=True)
        ]

    def data(self) -> npt.NDArray[np.uint8]:
        """Return all terms in one array, with the byte FF before, between and after them."""
        return self._bytes.all()

    def all(self) -> list[bytes]:
        """Return every term, in order."""
        return self._terms_of(0, self._block_starts.size - 1)

    @cached_property
    def _firsts(self) -> list[bytes]:
        return _split(self._first_terms.all().tobytes())

    @cached_property
    def _starts(self) -> list[int]:
        starts: list[int] = self._block_starts.all().tolist()
        return starts

    def first_not_below(self, term: bytes) -> int:
        """Return the number of the first term that is not below this one."""
        block = bisect_left(self._firsts, term) - 1
        if block < 0:
            return 0
        return block * BLOCK + bisect_left(self._terms_of(block, block + 1), term)

    def _terms_of(self, first: int, last: int) -> list[bytes]:
        """Return the terms of the blocks `[first, last)`."""
        return _split(self._data_of(first, last))

    def _data_of(self, first: int, last: int) -> bytes:
        """Return the bytes of the blocks `[first, last)`, with the FF before and after them."""
        starts = self._starts
        return self._bytes.read(starts[first], starts[last] + 1)


def _joined(terms: Sequence[bytes]) -> npt.NDArray[Any]:
    """Return terms with the byte FF before, between and after them; empty without terms."""
    return np.frombuffer(_SEPARATOR.join((b"", *terms, b"")) if terms else b"", np.uint8)


def _split(data: bytes) -> list[bytes]:
    return data.split(_SEPARATOR)[1:-1]
