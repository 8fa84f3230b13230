"""Packed values: many small integers in two or four bits each, and the few large ones apart.

The values of `NAME` are in one of these forms:

`NAME`: an array of the values, where that is smaller.
`NAME.packed2` or `NAME.packed4`: uint8, four or two values in a byte, the first in its lowest bits. The
highest number of so many bits, the mark, is in the place of a value that is as large or larger.
`NAME.large`: uint8, the index of each of these values in its block of 256. `NAME.large_values`: the values.
`NAME.large_starts`: for each block the number of large values before it, then that of all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.damage import damaged
from indexer.segment.array_file import AnyArray, ArrayFile, ArrayFileWriter, narrow

BLOCK = 256
"""Values whose large ones are listed together: as many as a byte counts."""

WIDTHS = (2, 4)
"""The bits that a packed value may have."""

_OVERHEAD = 256
"""About how many bytes three more arrays take for their places and names."""

_MOST_UNPACKED = 8192
"""So many values are unpacked where any of them are asked for."""

_FEW = 4
"""So many large values are looked up one by one."""

_STEP = 1 << 20
"""Values that are packed at once, so that those of a mapped file need not be in memory."""

Unsigned = npt.NDArray[np.unsignedinteger[Any]]
Indexes = npt.NDArray[np.intp]


def write_values(writer: ArrayFileWriter, name: str, values: AnyArray, shift: int = 0) -> None:
    """Write non-negative integers, without their lowest `shift` bits, in the smallest form.

    `values` may be mapped from a file; they are read in steps, several times.
    """
    largest = max((int(step.max()) for step in steps(values, shift)), default=0)
    plain = np.min_scalar_type(largest)
    bits = packed_bits(values, shift)
    if not bits:
        writer.add_parts(name, plain, steps(values, shift))
        return
    mark = _mark(bits)
    packed = (_pack(step, bits) for step in steps(values, shift))
    writer.add_parts(f"{name}.packed{bits}", np.uint8, packed)
    places = ((step >= mark).nonzero()[0] % BLOCK for step in steps(values, shift))
    writer.add_parts(f"{name}.large", np.uint8, places)
    large = (step[step >= mark] for step in steps(values, shift))
    writer.add_parts(f"{name}.large_values", plain, large)
    counts = [_large_of_blocks(step, mark) for step in steps(values, shift)]
    writer.add(f"{name}.large_starts", narrow(np.concatenate(([0], *counts)).cumsum()))


def packed_bits(values: AnyArray, shift: int = 0) -> int:
    """Return with how many bits values take the least space, 0 where they take less as they are."""
    plain = np.min_scalar_type(max((int(step.max()) for step in steps(values, shift)), default=0))
    sizes = {0: values.size * plain.itemsize - _OVERHEAD}
    for bits in WIDTHS:
        large = sum(int(np.count_nonzero(step >= _mark(bits))) for step in steps(values, shift))
        sizes[bits] = values.size * bits // 8 + large * (1 + plain.itemsize)
        sizes[bits] += values.size // BLOCK * np.min_scalar_type(large).itemsize
    return min(sizes, key=sizes.__getitem__)


def steps(values: AnyArray, shift: int = 0) -> Iterator[AnyArray]:
    """Yield consecutive parts of an array, of a bounded size, without the lowest `shift` bits."""
    for start in range(0, values.size, _STEP):
        part = values[start : start + _STEP]
        yield part >> shift if shift else part


def _mark(bits: int) -> int:
    return (1 << bits) - 1


def _large_of_blocks(values: AnyArray, mark: int) -> npt.NDArray[np.int64]:
    """Return the number of large values in each block."""
    counts = np.zeros(-(-values.size // BLOCK) * BLOCK, np.bool_)
    counts[: values.size] = values >= mark
    return counts.reshape(-1, BLOCK).sum(axis=1, dtype=np.int64)


def _pack(values: AnyArray, bits: int) -> npt.NDArray[np.uint8]:
    """Return values in bytes, with the mark for large ones."""
    each = 8 // bits
    small = np.zeros(-(-values.size // each) * each, np.uint8)
    small[: values.size] = np.minimum(values, _mark(bits))
    packed = small[::each].copy()
    for place in range(1, each):
        packed |= small[place::each] << (place * bits)
    return packed


def unpack(packed: npt.NDArray[np.uint8], bits: int) -> npt.NDArray[np.uint8]:
    """Return the values in some bytes.

    >>> unpack(np.array([0x1B, 0xE4], np.uint8), 2).tolist()
    [3, 2, 1, 0, 0, 1, 2, 3]
    """
    if packed.size <= _MOST_LOOKED_UP:
        return _SPREAD[bits].take(packed).view(np.uint8)
    # The values of a byte are spread over the bytes of a larger integer.
    if bits == 4:
        pairs = packed.astype("<u2")
        pairs |= pairs << 4
        pairs &= 0x0F0F
        return pairs.view(np.uint8)
    fours = packed.astype("<u4")
    fours |= fours << 12
    fours |= fours << 6
    fours &= 0x03030303
    return fours.view(np.uint8)


_MOST_LOOKED_UP = 4096
"""So many bytes are looked up in a table in less time than they are computed."""

_SPREAD = {
    bits: np.array(
        [byte >> place & _mark(bits) for byte in range(256) for place in range(0, 8, bits)],
        np.uint8,
    ).view(f"<u{8 // bits}")
    for bits in WIDTHS
}
"""For each byte its values, each in a byte of one integer."""


class PlainValues:
    """Values in an array."""

    __slots__ = ("_values", "size")

    def __init__(self, values: Unsigned) -> None:
        self._values = values
        self.size = values.size

    def all(self) -> Unsigned:
        """Return every value."""
        return self._values

    def at(self, indexes: Indexes) -> Unsigned:
        """Return the values at some indexes."""
        return self._values[indexes]


class PackedValues:
    """Values from index `first` to before `last` of packed ones."""

    __slots__ = ("_array", "_first", "_large", "_last", "_packed", "mark", "size")

    def __init__(
        self, array: ValueArray, packed: npt.NDArray[np.uint8], first: int, last: int
    ) -> None:
        """`packed` are the bytes from that of the first value to that of the last."""
        self._array = array
        self._packed = packed
        self.mark = array.mark
        self._first = first
        self._last = last
        self._large: tuple[Indexes, Unsigned] | None = None
        self.size = last - first

    def all(self) -> Unsigned:
        """Return every value."""
        values: Unsigned = self.small()
        places, large = self.large()
        if large.size:
            values = values.astype(np.promote_types(np.uint8, large.dtype))
            values[places] = large
        return values

    def large(self) -> tuple[Indexes, Unsigned]:
        """Return the indexes of the large values, counted from the first value, and these values."""
        indexes, large = self._large_values()
        return indexes - self._first, large

    def small(self) -> npt.NDArray[np.uint8]:
        """Return every value, with the mark for large ones."""
        array = self._array
        skipped = self._first % array.in_byte
        return unpack(self._packed, array.bits)[skipped : skipped + self.size]

    def at(self, indexes: Indexes) -> AnyArray:
        """Return the values at some indexes."""
        array = self._array
        if self.size <= _MOST_UNPACKED:
            values: AnyArray = self.small().take(indexes)
        else:
            # From here on indexes count from the first value in the bytes.
            places = indexes + self._first % array.in_byte
            values = self._packed.take(places >> array.shift)
            places &= array.in_byte - 1
            places *= array.bits
            values = values >> places & self.mark
        marked = (values == self.mark).nonzero()[0]
        if not marked.size:
            return values
        if values.dtype.itemsize == 1:
            values = values.astype(np.int64)
        if marked.size <= _FEW:
            for row in marked.tolist():
                values[row] = array.large_item(self._first + int(indexes[row]))
        else:
            large, large_values = self._large_values()
            rows = large.searchsorted(indexes[marked] + self._first)
            values[marked] = large_values.take(rows, mode="clip")
        return values

    def _large_values(self) -> tuple[Indexes, Unsigned]:
        """Return the indexes of large values, counted from the first of all, and these values."""
        if self._large is None:
            self._large = self._array.large_values(self._first, self._last)
        return self._large


class ValueArray:
    """Reads the values of one name. Raises IndexDamagedError where the arrays do not fit each other.

    `bits` are those of a packed value, 0 for an array of values. `mark` is the mark of large values.
    `in_byte` are the values in a byte, `shift` is the binary logarithm of it.
    """

    def __init__(self, array_file: ArrayFile, name: str, size: int) -> None:
        self.size = size
        self.bits = next((bits for bits in WIDTHS if f"{name}.packed{bits}" in array_file), 0)
        self.mark = _mark(self.bits)
        if not self.bits:
            self._values = array_file.array(name)
            fits = self._values.size == size
        else:
            self.in_byte = 8 // self.bits
            self.shift = self.in_byte.bit_length() - 1
            self._values = array_file.array(f"{name}.packed{self.bits}")
            self._large = array_file.array(f"{name}.large")
            self._large_values = array_file.array(f"{name}.large_values")
            self._large_starts = array_file.array(f"{name}.large_starts")
            fits = (
                self._values.size == -(-size // self.in_byte)
                and self._large.size == self._large_values.size
                and self._large_starts.size == -(-size // BLOCK) + 1
            )
        if not fits:
            raise damaged(array_file.path, f"{name}: of another number of values")

    @staticmethod
    def is_stored(array_file: ArrayFile, name: str) -> bool:
        """Return whether a file has the values of a name, in any form."""
        forms = (f".packed{bits}" for bits in WIDTHS)
        return name in array_file or any(f"{name}{form}" in array_file for form in forms)

    def slice(self, first: int, last: int) -> PlainValues | PackedValues:
        """Return the values from index `first` to before `last`.

        Raises IndexDamagedError, and ValueError for what is no range of them.
        """
        if not 0 <= first <= last <= self.size:
            raise ValueError(f"there are {self.size} values, not those from {first} to {last}")
        if not self.bits:
            return PlainValues(self._values.slice(first, last))
        packed = self._values.slice(first >> self.shift, (last + self.in_byte - 1) >> self.shift)
        return PackedValues(self, packed, first, last)

    def item(self, index: int) -> int:
        """Return one value as an int. Raises IndexDamagedError."""
        if not self.bits:
            return self._values.item(index)
        place = (index & (self.in_byte - 1)) * self.bits
        value = self._values.item(index >> self.shift) >> place & self.mark
        return value if value < self.mark else self.large_item(index)

    def large_item(self, index: int) -> int:
        """Return one large value. Raises IndexDamagedError."""
        block, place = divmod(index, BLOCK)
        start, stop = self._large_starts.item(block), self._large_starts.item(block + 1)
        row = self._large.read(start, stop).index(place)
        return self._large_values.item(start + row)

    def all(self) -> Unsigned:
        """Return every value. Raises IndexDamagedError."""
        return self.slice(0, self.size).all()

    def large_values(self, first: int, last: int) -> tuple[Indexes, Unsigned]:
        """Return the indexes of the large values from `first` to before `last`, and the values.

        Raises ValueError for a number of them that the file does not have.
        """
        blocks = range(first // BLOCK, -(-last // BLOCK))
        starts = self._large_starts.slice(blocks.start, blocks.stop + 1).astype(np.intp)
        start, stop = int(starts[0]), int(starts[-1])
        if stop > self._large.size:
            raise ValueError(f"there are {self._large.size} large values, not {stop}")
        indexes = np.arange(blocks.start, blocks.stop).repeat(np.diff(starts))
        indexes *= BLOCK
        indexes += self._large.slice(start, stop)
        low, high = indexes.searchsorted((first, last)).tolist()
        return indexes[low:high], self._large_values.slice(start + low, start + high)

    def check(self) -> bool:
        """Return whether the arrays are as `write_values` writes them."""
        return not self.bits or all(
            self._check(first, min(first + _STEP, self.size))
            for first in range(0, self.size, _STEP)
        )

    def _check(self, first: int, last: int) -> bool:
        """Return whether the arrays are so from index `first`, a multiple of `BLOCK`, to `last`."""
        packed = self.slice(first, last)
        assert isinstance(packed, PackedValues)
        starts = self._large_starts.slice(first // BLOCK, -(-last // BLOCK) + 1).astype(np.int64)
        if np.any(starts[1:] < starts[:-1]) or (first == 0 and starts[0] != 0):
            return False
        if starts[-1] > self._large.size or (last == self.size and starts[-1] < self._large.size):
            return False
        indexes, values = self.large_values(first, last)
        marked = (packed.small() == self.mark).nonzero()[0] + first
        return np.array_equal(marked, indexes) and bool(np.all(values >= self.mark))
