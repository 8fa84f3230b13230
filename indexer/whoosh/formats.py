"""How a posting packs its positions: plain numbers, where Whoosh's own formats hold a pickle."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

import numpy as np
from whoosh.formats import Positions

_WEIGHT = struct.Struct("<f")


class WordFormat(Positions):  # type: ignore[misc]  # Whoosh has no types
    """The positions of a term in a document, and its weight: a float32, then uint32s.

    Supports frequency (how often the term stands there), weight and positions.

    >>> WordFormat().decode_positions(WordFormat().encode([3, 8]))
    [3, 8]
    """

    def encode(self, positions: Sequence[int], weight: float | None = None) -> bytes:
        """Pack ascending positions; without a weight each of them counts once."""
        packed = _WEIGHT.pack(len(positions) if weight is None else weight)
        return packed + np.array(positions, "<u4").tobytes()

    def decode_positions(self, value: bytes) -> list[int]:
        """Return the positions."""
        positions: list[int] = np.frombuffer(value, "<u4", offset=_WEIGHT.size).tolist()
        return positions

    def decode_frequency(self, value: bytes) -> int:
        """Return the number of positions."""
        return (len(value) - _WEIGHT.size) // 4

    def decode_weight(self, value: bytes) -> float:
        """Return the weight."""
        weight: float = _WEIGHT.unpack_from(value)[0]
        return weight

    def combine(self, values: Iterable[bytes]) -> bytes:
        """Return the postings of several terms as one."""
        values = list(values)
        positions = {position for value in values for position in self.decode_positions(value)}
        return self.encode(sorted(positions), sum(map(self.decode_weight, values)))
