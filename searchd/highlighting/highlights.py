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


def find_matches(
    words: TokenizedText, matchers: Sequence[Matcher], fields: Iterable[str]
) -> list[Match]:
    """Return every match of the matchers of these fields, in text order.

    Of matches of the same words that of the closest level comes first.
    """
    wanted = set(fields)
    chosen = [(number, each) for number, each in enumerate(matchers) if each.field in wanted]
    stems: set[str] = set()
    surfaces: set[str] = set()
    for _number, matcher in chosen:
        if isinstance(matcher, SurfaceMatcher):
            surfaces.update(matcher.surfaces)
        else:
            stems.update(matcher.stems)
    positions = Positions(
        words.positions_of(stems) if stems else {},
        words.surface_positions_of(surfaces) if surfaces else {},
    )
    matches: list[Match] = []
    for number, matcher in chosen:
        check("highlights")
        matches += [
            Match(
                words.start(found.first),
                words.end(found.last),
                number,
                matcher.weight,
                found.level,
                tuple((words.start(each), words.end(each)) for each in found.words or ()),
            )
            for found in matcher.matches(words, positions)
        ]
    return sorted(matches, key=_order)


def _order(match: Match) -> tuple[int, int, int, int]:
    return match.start, -match.end, _RANKS[match.level], match.matcher


def merge_highlights(matches: Sequence[Match], start: int, end: int) -> tuple[Highlight, ...]:
    """Return the ranges of the matches inside `[start, end)`, relative to `start`.

    `matches` are in text order.
    Ranges that overlap are merged; the result is sorted and disjoint. A merged range has the level
    of the match that covers it, or the furthest level of those that only together cover it.
    """
    merged: list[tuple[int, int, Level]] = []
    first = bisect_left(matches, start, key=_START)
    last = bisect_left(matches, end, lo=first, key=_START)
    inside = [match for match in matches[first:last] if match.end <= end]
    if any(match.parts for match in inside):
        inside = sorted(
            (
                match._replace(start=first, end=last)
                for match in inside
                for first, last in match.parts or ((match.start, match.end),)
            ),
            key=_order,
        )
    for match in inside:
        if not merged or match.start >= merged[-1][1]:
            merged.append((match.start, match.end, match.level))
        elif match.end > merged[-1][1]:
            first, _last, level = merged[-1]
            merged[-1] = (first, match.end, max(level, match.level, key=_RANKS.__getitem__))
    return tuple(Highlight(first - start, last - start, level) for first, last, level in merged)
