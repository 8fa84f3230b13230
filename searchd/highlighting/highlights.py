"""Highlights: where the terms of a query matched in a text, as disjoint ranges of code points."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import NamedTuple

from analyzers.levels import Level
from analyzers.tokenized_text import TokenizedText
from searchd.budget import check
from searchd.highlighting.matchers import Matcher, Positions, SurfaceMatcher
from searchd.results import HIGHLIGHT_LEVELS, Highlight

_RANKS = {level: rank for rank, level in enumerate(HIGHLIGHT_LEVELS)}
"""The rank of each level, from the closest to the furthest."""

_START = attrgetter("start")


class Match(NamedTuple):
    """A match in a text: the code points `[start, end)` of whole words.

    `matcher` is the index of the matcher that found it, `weight` what it adds to a passage's score.
    `parts` are the ranges of the words that take part; empty where they all do.
    """

    start: int
    end: int
    matcher: int
    weight: float
    level: Level
    parts: tuple[tuple[int, int], ...] = ()

    def moved(self, by: int) -> Match:
        """Return the match of a part of a text that begins `by` code points later."""
        parts = tuple((start + by, end + by) for start, end in self.parts)
        return self._replace(start=self.start + by, end=self.end + by, parts=parts)


class FieldMatchers:
    """Those of some matchers that search one of some fields, and the terms that they look for."""

    def __init__(self, matchers: Sequence[Matcher], fields: Iterable[str]) -> None:
        wanted = set(fields)
        self._matchers = [
            (n, matcher) for n, matcher in enumerate(matchers) if matcher.field in wanted
        ]
        stems: set[str] = set()
        surfaces: set[str] = set()
        for _number, matcher in self._matchers:
            if isinstance(matcher, SurfaceMatcher):
                surfaces.update(matcher.surfaces)
            else:
                stems.update(matcher.stems)
        self._stems = frozenset(stems)
        self._surfaces = frozenset(surfaces)

    def find(self, words: TokenizedText) -> list[Match]:
        """Return every match in a text, in text order.

        Of matches of the same words that of the closest level comes first.
        """
        positions = Positions(
            words.positions_of(self._stems) if self._stems else {},
            words.surface_positions_of(self._surfaces) if self._surfaces else {},
        )
        if not positions.stems and not positions.surfaces:
            return []
        matches: list[Match] = []
        for number, matcher in self._matchers:
            check("highlights")
            matches += [
                Match(
                    words.start(found.first),
                    words.end(found.last),
                    number,
                    matcher.weight,
                    found.level,
                    tuple((words.start(each), words.end(each)) for each in found.words)
                    if found.words
                    else (),
                )
                for found in matcher.matches(words, positions)
            ]
        return sorted(matches, key=_order)


def find_matches(
    words: TokenizedText, matchers: Sequence[Matcher], fields: Iterable[str]
) -> list[Match]:
    """Return every match of the matchers of these fields, in text order: see `FieldMatchers`."""
    return FieldMatchers(matchers, fields).find(words)


def _order(match: Match) -> tuple[int, int, int, int]:
    return match.start, -match.end, _RANKS[match.level], match.matcher


def merge_highlights(matches: Sequence[Match], start: int, end: int) -> tuple[Highlight, ...]:
    """Return the ranges of the matches inside `[start, end)`, relative to `start`.

    `matches` are in text order. Those that overlap are merged, so that the result is disjoint.
    """
    if not matches:
        return ()
    first = bisect_left(matches, start, key=_START)
    last = bisect_left(matches, end, lo=first, key=_START)
    merged = merge_matches([match for match in matches[first:last] if match.end <= end])
    return tuple(Highlight(each.start - start, each.end - start, each.level) for each in merged)


def merge_matches(matches: Sequence[Match]) -> list[Match]:
    """Return disjoint matches that cover the same words, sorted; `matches` are in text order.

    A merged one has the level of the match that covers it, or the furthest level of those that only
    together cover it, and the matcher of the first of them.
    """
    if any(match.parts for match in matches):
        matches = sorted(
            (
                match._replace(start=first, end=last, parts=())
                for match in matches
                for first, last in match.parts or ((match.start, match.end),)
            ),
            key=_order,
        )
    merged: list[Match] = []
    for match in matches:
        if not merged or match.start >= merged[-1].end:
            merged.append(match)
        elif match.end > merged[-1].end:
            level = max(merged[-1].level, match.level, key=_RANKS.__getitem__)
            merged[-1] = merged[-1]._replace(end=match.end, level=level)
    return merged
