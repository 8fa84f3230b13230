"""Code lists: the written forms of consecutive occurrences of a stem (`indexer.segment.written_forms`)."""

from __future__ import annotations

import numpy as np

from indexer.segment.array_file import AnyArray
from indexer.segment.packed_values import Indexes, PackedValues, PlainValues, Unsigned
from indexer.segment.sorted_arrays import BoolArray


class CodeList:
    """The codes of the written forms of consecutive occurrences. Threads may share it."""

    __slots__ = ("_values", "size")

    def __init__(self, values: PlainValues | PackedValues) -> None:
        self._values = values
        self.size = values.size

    def all(self) -> Unsigned:
        """Return every code."""
        return self._values.all()

    def at(self, occurrences: Indexes) -> AnyArray:
        """Return the codes of some occurrences, by their indexes."""
        return self._values.at(occurrences)

    def have(self, wanted: tuple[int, ...]) -> BoolArray:
        """Return which occurrences have any of some codes, which are ascending; bool [occurrences]."""
        values = self._values
        if not isinstance(values, PackedValues):
            return has_code(values.all(), wanted)
        found = has_code(values.small(), tuple([code for code in wanted if code < values.mark]))
        if wanted and wanted[-1] >= values.mark:
            places, large = values.large()
            found[places[has_code(large, wanted)]] = True
        return found

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
