"""Position lists and code lists: the positions and the written forms of all occurrences of a stem.

A position is stored in two parts: `positions` has its low byte, or its two low bytes in a field with
positions of 65,536 and more, and `positions_high` the rest as packed values, which is 0, 1 or 2 for most.
Where all positions fit into one byte, and in segments of formats 4 and 5, `positions` has them whole.
"""

from __future__ import annotations

import numpy as np

from indexer.segment.array_file import AnyArray, ArrayFile, ArrayFileWriter
from indexer.segment.packed_values import (
    Indexes,
    PackedValues,
    PlainValues,
    Unsigned,
    ValueArray,
    steps,
    write_values,
)
from indexer.segment.sorted_arrays import AnyIds, BoolArray

MOST_DECODED = 8192
"""A list of so many positions is decoded whole when it is first asked for any."""


def write_positions(writer: ArrayFileWriter, name: str, positions: AnyArray) -> None:
    """Write the positions of the field `name`, which may be mapped from a file."""
    largest = max((int(step.max()) for step in steps(positions)), default=0)
    if largest < 1 << 8:
        writer.add_parts(f"{name}.positions", np.uint8, steps(positions))
        return
    low = np.dtype(np.uint8 if largest < 1 << 16 else np.uint16)
    writer.add_parts(f"{name}.positions", low, (step.astype(low) for step in steps(positions)))
    write_values(writer, f"{name}.positions_high", positions, 8 * low.itemsize)


class PositionArray:
    """Reads the positions of a field; `high` are their higher parts, if they have any.

    Raises IndexDamagedError where the arrays do not fit each other.
    """

    def __init__(self, array_file: ArrayFile, name: str) -> None:
        self._low = array_file.array(f"{name}.positions")
        self.high: ValueArray | None = None
        self.size = self._low.size
        if ValueArray.is_stored(array_file, f"{name}.positions_high"):
            self.high = ValueArray(array_file, f"{name}.positions_high", self.size)

    def slice(self, first: int, last: int) -> PositionList:
        """Return the positions from index `first` to before `last`. Raises IndexDamagedError."""
        high = None if self.high is None else self.high.slice(first, last)
        return PositionList(self._low.slice(first, last), high)


class PositionList:
    """The positions of consecutive occurrences. Threads may share it."""

    __slots__ = ("_decoded", "_high", "_low", "size")

    def __init__(self, low: AnyIds, high: PlainValues | PackedValues | None = None) -> None:
        self._low = low
        self._high = high
        self._decoded = low if high is None else None
        self.size = low.size

    @property
    def nbytes(self) -> int:
        """The bytes that a list takes beside those of its file, once it was read."""
        return 4 * self.size if self._high is not None and self.size <= MOST_DECODED else 0

    def all(self) -> AnyIds:
        """Return every position."""
        if self._decoded is not None:
            return self._decoded
        assert self._high is not None
        positions = self._high.all().astype(np.uint32)
        positions <<= np.uint32(8 * self._low.itemsize)
        positions |= self._low
        if self.size <= MOST_DECODED:
            self._decoded = positions
        return positions

    def at(self, occurrences: Indexes) -> AnyIds:
        """Return the positions of some occurrences, by their indexes."""
        if self._high is not None and self.size > MOST_DECODED:
            found = self._high.at(occurrences).astype(np.int64, copy=False)
            found <<= 8 * self._low.itemsize
            found |= self._low.take(occurrences)
            return found
        return self.all().take(occurrences)


class CodeList:
    """The codes of the written forms of consecutive occurrences. Threads may share it."""

    __slots__ = ("_values", "size")

    def __init__(self, values: PlainValues | PackedValues) -> None:
        self._values = values
        self.size = values.size

    def all(self) -> Unsigned:
        """Return every code."""
        return self._values.all()

    def have(self, wanted: tuple[int, ...]) -> BoolArray:
        """Return which occurrences have any of some codes, which are ascending; bool [occurrences]."""
        values = self._values
        if isinstance(values, PackedValues) and wanted and wanted[-1] < values.mark:
            return has_code(values.small(), wanted)
        return has_code(values.all(), wanted)

    def have_at(self, occurrences: Indexes, wanted: tuple[int, ...]) -> BoolArray:
        """Return which of some occurrences, by their indexes, have any of some codes; bool [n]."""
        return has_code(self._values.at(occurrences), wanted)


def has_code(codes: AnyArray, wanted: tuple[int, ...]) -> BoolArray:
    """Return which of some codes are wanted; `wanted` is ascending; bool [codes]."""
    if not wanted:
        return np.zeros(codes.size, np.bool_)
    first, last = wanted[0], wanted[-1]
    found: BoolArray
    if first == last:
        found = codes == first
    elif last - first < len(wanted):
        found = (codes >= first) & (codes <= last)
    elif codes.dtype.itemsize > 2:
        found = np.isin(codes, wanted)  # a table of so large numbers would take gigabytes
    else:
        table = np.zeros(int(np.iinfo(codes.dtype).max) + 1, np.bool_)
        table[list(wanted)] = True
        found = table[codes]
    return found
