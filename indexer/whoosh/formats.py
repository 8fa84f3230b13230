"""How positions are packed into bytes: as plain numbers, where Whoosh's formats use pickles."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

import numpy as np
from whoosh.formats import Positions

_WEIGHT = struct.Struct("<f")


class PackedPositions(Positions):  # type: ignore[misc]  # Whoosh has no types
    """The weight of a term in a document (float32) and its positions there (uint32 each).

    Supports frequency (the number of positions), weight and positions.

    >>> PackedPositions().decode_positions(PackedPositions().encode([3, 8]))
    [3, 8]
    """

    def encode(self, positions: Sequence[int], weight: float | None = None) -> bytes:
        """Pack ascending positions. Without `weight` the weight is their number."""
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
        """Return the packed positions of several terms as those of one."""
        values = list(values)
        positions = {position for value in values for position in self.decode_positions(value)}
        return self.encode(sorted(positions), sum(map(self.decode_weight, values)))
