"""The matches inside a range that moves over a text, counted as it moves."""

from __future__ import annotations

from collections.abc import Sequence, Set

from searchd.highlighting.highlights import Match

REPEATED_MATCH = 0.1
"""The weight of a further match of the same matcher, as a share of the first."""

_UNITS = 1 << 40
"""Weights are added as whole numbers of 1 / `_UNITS`: then the order of addition changes nothing."""


class MatchCounter:
    """Counts the matches that lie wholly inside a range, which is empty at first.

    Ranges that follow each other in a text cost little more than its matches: each match enters
    and leaves once, whatever the ranges share. `new_matchers` is the number of distinct matchers
    inside that are not in `shown`.
    """

    def __init__(self, matches: Sequence[Match], shown: Set[int] = frozenset()) -> None:
        """Count `matches`, which are in the order of their starts."""
        self._matches = matches
        self._by_end = sorted(range(len(matches)), key=lambda number: matches[number].end)
        # How many of its two bounds are inside the range, for each match.
        self._bounds = bytearray(b"\1" * len(matches))
        self._first = 0  # the first match that starts inside
        self._last = 0  # of `_by_end`, the first that ends behind
        self._counts: dict[int, int] = {}
        self._units = 0
        self._shown = shown
        self.new_matchers = 0

    @property
    def score(self) -> float:
        """The weights of the distinct matchers inside, and a tenth for each further match."""
        return self._units / _UNITS

    def move(self, start: int, end: int) -> None:
        """Move the range to `[start, end)`."""
        matches, by_end = self._matches, self._by_end
        while self._last < len(matches) and matches[by_end[self._last]].end <= end:
            self._add(by_end[self._last])
            self._last += 1
        while self._last and matches[by_end[self._last - 1]].end > end:
            self._last -= 1
            self._remove(by_end[self._last])
        while self._first < len(matches) and matches[self._first].start < start:
            self._remove(self._first)
            self._first += 1
        while self._first and matches[self._first - 1].start >= start:
            self._first -= 1
            self._add(self._first)

    def _add(self, number: int) -> None:
        """Note that one more bound of a match is inside."""
        self._bounds[number] += 1
        if self._bounds[number] == 2:
            match = self._matches[number]
            count = self._counts.get(match.matcher, 0)
            self._counts[match.matcher] = count + 1
            self._units += _units(match.weight, repeated=count > 0)
            self.new_matchers += not count and match.matcher not in self._shown

    def _remove(self, number: int) -> None:
        """Note that one bound of a match less is inside."""
        self._bounds[number] -= 1
        if self._bounds[number] == 1:
            match = self._matches[number]
            count = self._counts[match.matcher] - 1
            self._counts[match.matcher] = count
            self._units -= _units(match.weight, repeated=count > 0)
            self.new_matchers -= not count and match.matcher not in self._shown


def _units(weight: float, *, repeated: bool) -> int:
    return round(weight * (REPEATED_MATCH * _UNITS if repeated else _UNITS))
