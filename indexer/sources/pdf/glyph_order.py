"""Glyph order: bounds the letters of unknown glyphs by their numbers.

Most fonts have their glyphs in the order of the alphabet, those of the forms of a letter beside each other,
and Firefox numbers glyphs without a text so in the private range of Unicode. Where the glyphs that are
solved are in this order, one between two of them is one of the letters between theirs.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from analyzers.normalization.folding import fold

ALPHABET = (*"ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي", "لآ", "لأ", "لإ", "لا")
"""In the order of the forms of presentation in Unicode (U+FE80 to U+FEFC)."""

_FOLDED = [fold(letter) for letter in ALPHABET]
_PLACES = {
    letter: place for place, letter in enumerate(ALPHABET) if _FOLDED.count(_FOLDED[place]) == 1
}
"""Of the letters that words tell from all others."""

_LEAST = 6
_ORDERED = 0.8
"""How many solved glyphs there must be, and the share of them that must be in order."""


class Rank(NamedTuple):
    """The number of a glyph in a font; `is_private` where it is a private character for its text."""

    font: int
    is_private: bool
    number: int


_Solved = list[tuple[int, int]]
"""The numbers of glyphs of one font, in order, with the places of their letters."""


def bounds(
    solved: Mapping[Rank, str], unsolved: Iterable[Rank]
) -> tuple[dict[Rank, Sequence[str]], set[Rank]]:
    """Return the letters that glyphs may be, and the solved ones that are out of order.

    Only for fonts that are in order, by enough of their own glyphs or, where all of theirs are, by those of
    another font of the document.
    """
    fonts: dict[tuple[int, bool], _Solved] = defaultdict(list)
    for rank, text in solved.items():
        if text in _PLACES:
            fonts[rank[:2]].append((rank.number, _PLACES[text]))
    kept = {font: _longest_rising(sorted(glyphs)) for font, glyphs in fonts.items()}
    sure = {
        font
        for font, glyphs in kept.items()
        if len(glyphs) >= max(_LEAST, _ORDERED * len(fonts[font]))
    }
    kinds = {is_private for _font, is_private in sure}
    ordered = {
        font: glyphs
        for font, glyphs in kept.items()
        if font in sure or (font[1] in kinds and len(glyphs) == len(fonts[font]))
    }
    wrong = {
        Rank(*font, number)
        for font in ordered
        for number, _place in set(fonts[font]).difference(kept[font])
    }
    return {
        rank: _between(ordered[rank[:2]], rank.number)
        for rank in (*unsolved, *solved)
        if rank[:2] in ordered
    }, wrong


def _between(glyphs: _Solved, number: int) -> Sequence[str]:
    """Return the letters from that of the glyph before a number to that of the one behind it."""
    at = bisect_left(glyphs, (number, 0))
    if at < len(glyphs) and glyphs[at][0] == number:
        return ALPHABET[glyphs[at][1] : glyphs[at][1] + 1]
    first = glyphs[at - 1][1] if at else 0
    last = glyphs[at][1] if at < len(glyphs) else len(ALPHABET) - 1
    return ALPHABET[first : last + 1]


def _longest_rising(glyphs: _Solved) -> _Solved:
    """Return the longest part of glyphs, by their numbers, whose letters never go back.

    >>> _longest_rising([(1, 3), (2, 9), (3, 4), (4, 4), (5, 6)])
    [(1, 3), (3, 4), (4, 4), (5, 6)]
    """
    ends: list[int] = []
    ends_at: list[int] = []
    before: list[int] = []
    for at, (_number, place) in enumerate(glyphs):
        length = bisect_right(ends, place)
        before.append(ends_at[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        ends_at[length : length + 1] = [at]
    kept: _Solved = []
    at = ends_at[-1] if ends_at else -1
    while at >= 0:
        kept.append(glyphs[at])
        at = before[at]
    return kept[::-1]
