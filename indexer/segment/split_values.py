"""Split values: integers in two parts, of which the higher is small for most.

`NAME` has the low byte of each value, or the two low bytes where some are 65,536 or larger, and `NAME_high`
the rest as packed values (`indexer.segment.packed_values`): positions in texts of usual length take ten
bits. Where the higher parts do not pack, and in segments of formats 4 and 5, `NAME` has the values whole.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indexer.segment.array_file import AnyArray, ArrayFile, ArrayFileWriter
from indexer.segment.packed_values import (
    Indexes,
    PackedValues,
    PlainValues,
    ValueArray,
    packed_bits,
    steps,
    write_values,
)
from indexer.segment.sorted_arrays import AnyIds

MOST_DECODED = 8192
"""A list of so many values is decoded whole when values of it are asked for again."""


def write_split(writer: ArrayFileWriter, name: str, values: AnyArray) -> None:
    """Write non-negative integers, which may be mapped from a file."""
    largest = max((int(step.max()) for step in steps(values)), default=0)
    low = np.dtype(np.uint8 if largest < 1 << 16 else np.uint16)
    bits = 8 * low.itemsize
    if largest < 1 << 8 or not packed_bits(values, bits):
        writer.add_parts(name, np.min_scalar_type(largest), steps(values))
        return
    writer.add_parts(name, low, (step.astype(low) for step in steps(values)))
    write_values(writer, f"{name}_high", values, bits)


class SplitArray:
    """Reads the values of one name; `high` are the higher parts, if they are apart.

    Raises IndexDamagedError where the arrays do not fit each other.
    """

    def __init__(self, array_file: ArrayFile, name: str) -> None:
        self._low = array_file.array(name)
        self._bits = 8 * self._low.array.itemsize
        self.high: ValueArray | None = None
        self.size = self._low.size
        if ValueArray.is_stored(array_file, f"{name}_high"):
            self.high = ValueArray(array_file, f"{name}_high", self.size)

    def slice(self, first: int, last: int) -> SplitValues:
        """Return the values from index `first` to before `last`. Raises IndexDamagedError."""
        high = None if self.high is None else self.high.slice(first, last)
        return SplitValues(self._low.slice(first, last), high)

    def all(self) -> AnyIds:
        """Return every value. Raises IndexDamagedError."""
        return self.slice(0, self.size).all()

    def concatenated(self, bounds: Sequence[tuple[int, int]]) -> AnyIds:
        """Return the values within some bounds, one after the other, of at least one bound.

        Raises IndexDamagedError.
        """
        low = np.concatenate(self._low.slices(bounds))
        if self.high is None:
            return low
        first = min(start for start, _stop in bounds)
        last = max(stop for _start, stop in bounds)
        high = self.high.slice(first, last)
        indexes = np.concatenate([np.arange(start - first, stop - first) for start, stop in bounds])
        values: AnyIds = np.left_shift(high.at(indexes), self._bits, dtype=np.int64)
        values |= low
        return values

    def item(self, index: int) -> int:
        """Return one value as an int. Raises IndexDamagedError."""
        low = self._low.item(index)
        return low if self.high is None else self.high.item(index) << self._bits | low


class SplitValues:
    """Some consecutive values. Threads may share it."""

    __slots__ = ("_decoded", "_high", "_is_read", "_low", "size")

    def __init__(self, low: AnyIds, high: PlainValues | PackedValues | None = None) -> None:
        self._low = low
        self._high = high
        self._decoded = low if high is None else None
        self._is_read = False
        self.size = low.size

    @property
    def nbytes(self) -> int:
        """The bytes that it takes beside those of its file, once it was read twice."""
        return 4 * self.size if self._high is not None and self.size <= MOST_DECODED else 0

    def all(self) -> AnyIds:
        """Return every value."""
        if self._decoded is not None:
            return self._decoded
        assert self._high is not None
        values = self._high.all().astype(np.uint32)
        values <<= np.uint32(8 * self._low.itemsize)
        values |= self._low
        if self.size <= MOST_DECODED:
            self._decoded = values
        return values

    def at(self, indexes: Indexes) -> AnyIds:
        """Return the values at some indexes, which count from the first."""
        if self._high is None:
            return self._low.take(indexes)
        if self._is_read and self.size <= MOST_DECODED:
            return self.all().take(indexes)
        self._is_read = True
        found: AnyIds = np.left_shift(
            self._high.at(indexes), 8 * self._low.itemsize, dtype=np.int64
        )
        found |= self._low.take(indexes)
        return found
