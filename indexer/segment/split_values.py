"""Split values: integers in two parts, of which the higher is small for most.

`NAME` has the low byte of each value, or the two low bytes where some are 65,536 or larger, and `NAME_high`
the rest as packed values (`indexer.segment.packed_values`): positions in texts of usual length take ten
bits. Where the higher parts do not pack, `NAME` has the values whole.
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
        """Return the values from index `first` to before `last`, which are read when they are asked for.

        Raises ValueError for what is no range of them.
        """
        if not 0 <= first <= last <= self.size:
            raise ValueError(f"there are {self.size} values, not those from {first} to {last}")
        return SplitValues(self, first, last)

    def read(self, first: int, last: int) -> tuple[AnyIds, PlainValues | PackedValues | None]:
        """Return the lower and the higher parts of some values. Raises IndexDamagedError."""
        high = None if self.high is None else self.high.slice(first, last)
        return self._low.slice(first, last), high

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
    """Some consecutive values. Threads may share it. Reading them raises IndexDamagedError."""

    __slots__ = ("_array", "_first", "_last", "_read", "size")

    def __init__(self, array: SplitArray, first: int, last: int) -> None:
        self._array = array
        self._first = first
        self._last = last
        self._read: tuple[AnyIds, PlainValues | PackedValues | None] | None = None
        self.size = last - first

    def all(self) -> AnyIds:
        """Return every value."""
        low, high = self._array.read(self._first, self._last)
        if high is None:
            return low
        higher = high.all()
        narrow = low.itemsize == higher.itemsize == 1
        values: AnyIds = higher.astype(np.uint16 if narrow else np.uint32)
        values <<= 8 * low.itemsize
        values |= low
        return values

    def at(self, indexes: Indexes) -> AnyIds:
        """Return the values at some indexes, which count from the first."""
        if self._read is None:
            self._read = self._array.read(self._first, self._last)
        low, high = self._read
        if high is None:
            return low.take(indexes)
        found: AnyIds = np.left_shift(high.at(indexes), 8 * low.itemsize, dtype=np.int64)
        found |= low.take(indexes)
        return found


class WholeValues:
    """Values in memory, read like `SplitValues`."""

    __slots__ = ("_values", "size")

    def __init__(self, values: AnyIds) -> None:
        self._values = values
        self.size = values.size

    def all(self) -> AnyIds:
        """Return every value."""
        return self._values

    def at(self, indexes: Indexes) -> AnyIds:
        """Return the values at some indexes."""
        return self._values.take(indexes)
