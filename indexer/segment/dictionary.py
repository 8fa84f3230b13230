"""Dictionaries: the sorted terms of a field, found by hash or by prefix.

Terms are UTF-8, one after the other; `offsets[i]:offsets[i + 1]` are the bytes of term i. UTF-8
sorts like code points, so a prefix is one range. `hashes` are the CRC-32 of all terms, sorted, and
`by_hash` the number of the term of each, so a term is found by one search in an array.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from zlib import crc32

import numpy as np

from indexer.segment.container import Container, ContainerWriter, narrow


def write_dictionary(writer: ContainerWriter, name: str, terms: Sequence[bytes]) -> None:
    """Write terms, which must be sorted and distinct."""
    offsets = np.zeros(len(terms) + 1, np.uint32)
    np.cumsum([len(term) for term in terms], out=offsets[1:])
    writer.add(f"{name}.offsets", offsets)
    writer.add(f"{name}.bytes", np.frombuffer(b"".join(terms), np.uint8))
    hashes = np.fromiter(map(crc32, terms), np.uint32, len(terms))
    order = np.argsort(hashes, kind="stable")
    writer.add(f"{name}.hashes", hashes[order])
    writer.add(f"{name}.by_hash", narrow(order))


class Dictionary:
    """The terms of one field of a segment; a term's number is its place among them."""

    def __init__(self, container: Container, name: str) -> None:
        self._offsets = container.array(f"{name}.offsets")
        self._bytes = container.array(f"{name}.bytes")
        self._hashes = container.array(f"{name}.hashes")
        self._by_hash = container.array(f"{name}.by_hash")
        self.size = self._offsets.size - 1

    def term(self, number: int) -> bytes:
        """Return the term with this number."""
        start, stop = self._offsets.slice(number, number + 2).tolist()
        return self._bytes.slice(start, stop).tobytes()

    def find(self, term: bytes) -> int | None:
        """Return the number of a term, or None where the dictionary lacks it."""
        wanted = crc32(term)
        hashes = self._hashes.all()
        place = int(hashes.searchsorted(np.uint32(wanted)))
        while place < self.size and hashes[place] == wanted:
            number = self._by_hash.item(place)
            if self.term(number) == term:
                return number
            place += 1
        return None

    def prefix_range(self, prefix: bytes) -> range:
        """Return the numbers of the terms that begin with a prefix."""
        start = self._first_from(prefix)
        # No UTF-8 text holds the byte FF, so this is after every term with the prefix.
        return range(start, self._first_from(prefix + b"\xff"))

    def terms(self, numbers: range) -> list[bytes]:
        """Return the terms with these consecutive numbers."""
        if not numbers:
            return []
        offsets = self._offsets.slice(numbers.start, numbers.stop + 1)
        first = int(offsets[0])
        data = self._bytes.slice(first, int(offsets[-1])).tobytes()
        bounds = (offsets - offsets[0]).tolist()
        return [data[start:stop] for start, stop in pairwise(bounds)]

    def all(self) -> list[bytes]:
        """Return every term, in order."""
        return self.terms(range(self.size))

    def _first_from(self, term: bytes) -> int:
        return bisect_left(range(self.size), term, key=self.term)
