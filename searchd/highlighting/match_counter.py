"""The matches inside a range that moves over a text, counted as it moves."""

from __future__ import annotations

from collections.abc import Sequence

from searchd.highlighting.highlights import Match

REPEATED_MATCH = 0.1
"""The weight of a further match of the same matcher, as a share of the first."""

_UNITS = 1 << 40
"""Weights are added as whole numbers of 1 / `_UNITS`: then the order of addition changes nothing."""


class MatchCounter:
    """Counts the matches that lie wholly inside a range, which is empty at first.

    Ranges that follow each other in a text cost little more than its matches: each match enters
    and leaves once, whatever the ranges share. `matchers` has the bit `1 << number` for each matcher
    inside.
    """

    def __init__(self, matches: Sequence[Match]) -> None:
        """Count `matches`, which are in the order of their starts."""
        self._starts = [match.start for match in matches]
        self._ends = [match.end for match in matches]
        self._matchers = [match.matcher for match in matches]
        self._by_end = sorted(range(len(matches)), key=self._ends.__getitem__)
        # Of each matcher, what a first match adds, and a further one.
        self._units_of = {
            matcher: (round(weight * _UNITS), round(weight * REPEATED_MATCH * _UNITS))
            for matcher, weight in {match.matcher: match.weight for match in matches}.items()
        }
        # How many of its two bounds are inside the range, for each match.
        self._bounds = bytearray(b"\1" * len(matches))
        self._first = 0  # the first match that starts inside
        self._last = 0  # of `_by_end`, the first that ends behind
        self._counts: dict[int, int] = {}
        self._units = 0
        self.matchers = 0

    @property
    def score(self) -> float:
        """The weights of the distinct matchers inside, and a tenth for each further match."""
        return self._units / _UNITS

    def move(self, start: int, end: int) -> None:
        """Move the range to `[start, end)`."""
        starts, ends, by_end = self._starts, self._ends, self._by_end
        first, last = self._first, self._last
        while last < len(ends) and ends[by_end[last]] <= end:
            self._add(by_end[last])
            last += 1
        while last and ends[by_end[last - 1]] > end:
            last -= 1
            self._remove(by_end[last])
        while first < len(starts) and starts[first] < start:
            self._remove(first)
            first += 1
        while first and starts[first - 1] >= start:
            first -= 1
            self._add(first)
        self._first, self._last = first, last

    def _add(self, number: int) -> None:
        """Note that one more bound of a match is inside."""
        self._bounds[number] += 1
        if self._bounds[number] == 2:
            matcher = self._matchers[number]
            count = self._counts.get(matcher, 0)
            self._counts[matcher] = count + 1
            self._units += self._units_of[matcher][count > 0]
            self.matchers |= 1 << matcher

    def _remove(self, number: int) -> None:
        """Note that one bound of a match less is inside."""
        self._bounds[number] -= 1
        if self._bounds[number] == 1:
            matcher = self._matchers[number]
            count = self._counts[matcher] - 1
            self._counts[matcher] = count
            self._units -= self._units_of[matcher][count > 0]
            if not count:
                self.matchers ^= 1 << matcher
