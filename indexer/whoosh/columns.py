"""Column readers of a segment, for Whoosh's sorting, grouping and column queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from whoosh.columns import ColumnReader

from indexer.segment.sorted_arrays import IdArray
from indexer.whoosh.numeric_terms import KeyArray


class NumberColumn(ColumnReader):  # type: ignore[misc]  # Whoosh has no types
    """A column of numbers or dates as Whoosh's sortable integers; uint64 [documents]."""

    def __init__(self, values: KeyArray) -> None:
        self._values = values
        self._sign = 1

    def __len__(self) -> int:
        return int(self._values.size)

    def __getitem__(self, document: int) -> int:
        return int(self._values[document])

    def __iter__(self) -> Iterator[int]:
        return iter(self._values.tolist())

    def sort_key(self, document: int) -> int:
        """Return the integer by which a document is sorted."""
        return self._sign * int(self._values[document])

    def load(self) -> list[int]:
        """Return all values."""
        return list(self)

    def set_reverse(self) -> None:
        """Reverse the sort order."""
        self._sign = -1


class BytesColumn(ColumnReader):  # type: ignore[misc]  # Whoosh has no types
    """A column of byte strings: ids, or the first keyword of each document, b"" for none."""

    def __init__(self, count: int, value: Callable[[int], bytes]) -> None:
        self._count = count
        self._value = value

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, document: int) -> bytes:
        return self._value(document)

    def __iter__(self) -> Iterator[bytes]:
        return map(self._value, range(self._count))

    def sort_key(self, document: int) -> bytes:
        """Return the value by which a document is sorted."""
        return self._value(document)

    def load(self) -> list[Any]:
        """Return all values."""
        return list(self)


def keyword_column(values: list[str], firsts: IdArray) -> BytesColumn:
    """Return the column of first keywords, from the result of `Segment.first_keywords`."""
    encoded = [*(value.encode() for value in values), b""]
    # A document without a keyword has the code -1, which is the last value.
    return BytesColumn(int(firsts.size), lambda document: encoded[firsts[document]])
