"""Lines: puts the glyphs of a page together to pieces of lines, by their places alone.

A piece holds what stands beside each other on one baseline without a wide gap or a ruled line
between: a line of a column, or of a cell of a table. The order in which a producer draws glyphs is not
used, because every producer has another.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pyarabic.araby_const import TATWEEL

from indexer.sources.pdf.fonts import is_private
from indexer.sources.pdf.glyphs import Glyph, Rule

_WIDE_GAP = 1.0
"""Between pieces, in font sizes; narrower ones are spaces between words of justified lines."""

_RAISED = 0.4
_NEAR = 0.35
"""How far a letter may stand above its line, and apart from its neighbour, in font sizes."""

_NO_WIDTH = 0.05
"""Unknown glyphs that are narrower, in font sizes, are no letters."""

_SAME_PLACE = 0.12
"""Glyphs nearer than this, in font sizes, with the same text are one that was drawn in bold."""

_HAMZAS = {letter: (*unicodedata.normalize("NFD", letter),) for letter in "أإآؤئ"}
"""Some producers state them for the hamza alone, and for the letter that bears it what it is."""


_BEARING = tuple({letter for each, (letter, _) in _HAMZAS.items() for letter in (each, letter)})


@dataclass(slots=True)
class Piece:
    """Glyphs on one baseline, from left to right; the marks among them are in `marks`."""

    glyphs: list[Glyph]
    marks: list[Glyph]
    left: float
    right: float
    y: float
    size: float

    @property
    def top(self) -> float:
        """The height to which letters reach, in points."""
        return self.y + 0.7 * self.size

    @property
    def bottom(self) -> float:
        """The depth to which letters reach, in points."""
        return self.y - 0.2 * self.size


@lru_cache(maxsize=1 << 16)
def is_mark(text: str) -> bool:
    """Return whether a text has marks alone, which stand above or below another glyph."""
    return bool(text) and all(unicodedata.category(character) == "Mn" for character in text)


@lru_cache(maxsize=1 << 16)
def marks_in(text: str) -> str:
    """Return the marks of a text; "" of one without.

    >>> marks_in("أُ") == "\\u064f"
    True
    """
    return "".join(character for character in text if unicodedata.category(character) == "Mn")


def pieces_of(glyphs: Sequence[Glyph], rules: Sequence[Rule] = ()) -> list[Piece]:
    """Return the pieces of lines that glyphs make, in no order."""
    bases: list[Glyph] = []
    marks: list[Glyph] = []
    whole: list[Glyph] = []
    special = {text for text in {glyph.text for glyph in glyphs} if _is_special(text)}
    for glyph in glyphs:
        if glyph.text not in special:
            bases.append(glyph)
        elif is_mark(glyph.text):
            marks.append(glyph)
        elif glyph.right - glyph.left < _NO_WIDTH * glyph.size and (own := marks_in(glyph.text)):
            marks.append(glyph._replace(text=own))  # stated with its letter, which is drawn too
        elif is_private(glyph.text) and glyph.right - glyph.left < _NO_WIDTH * glyph.size:
            continue  # a part of the glyph before it, or a mark
        elif glyph.left == glyph.right and glyph.text in _HAMZAS:
            whole.append(glyph)
        elif glyph.text:
            bases.append(glyph)
    bearing = [base for base in bases if base.text.endswith(_BEARING)] if whole else []
    for glyph in whole:
        letter, hamza = _HAMZAS[glyph.text]
        if any(_bears(base, glyph.text, glyph) for base in bearing):
            continue
        if any(_bears(base, letter, glyph) for base in bearing):
            marks.append(glyph._replace(text=hamza))
        else:
            bases.append(glyph)
    pieces = _merge_raised(_split_rows(bases, _vertical_rules(rules)))
    for piece in pieces:
        glyphs = _without_overprinted(piece.glyphs)
        if glyphs is not piece.glyphs:
            piece.glyphs = glyphs
            _measure(piece)
    pieces = [piece for piece in pieces if any(not g.text.isspace() for g in piece.glyphs)]
    _attach_marks(pieces, marks)
    return pieces


@lru_cache(maxsize=1 << 16)
def _is_special(text: str) -> bool:
    """Return whether a glyph with a text may be something else than a letter in a line of its own."""
    return not text or text in _HAMZAS or bool(marks_in(text)) or is_private(text)


def _bears(base: Glyph, letter: str, hamza: Glyph) -> bool:
    """Return whether a glyph draws the letter on which another one draws the hamza alone."""
    slack = 0.1 * base.size
    return (
        base.text.endswith(letter)
        and base.left - slack <= hamza.left <= base.right + slack
        and abs(base.y - hamza.y) < base.size
    )


def _without_copies(glyphs: list[Glyph]) -> list[Glyph]:
    """Return glyphs in the order of a line without those drawn twice, as a shadow or for bold."""
    kept: list[Glyph] = glyphs[:1]
    last = glyphs[0]
    for glyph in glyphs[1:]:
        if glyph.text == last.text:
            near = glyph.size * _SAME_PLACE
            if (
                glyph.left != glyph.right  # but of a font without widths
                and abs(glyph.left - last.left) < near
                and abs(glyph.right - last.right) < near
            ):
                continue
        kept.append(glyph)
        last = glyph
    return kept


def _vertical_rules(rules: Sequence[Rule]) -> list[Rule]:
    return sorted(rule for rule in rules if rule.top - rule.bottom > rule.right - rule.left)


def _split_rows(glyphs: list[Glyph], rules: list[Rule]) -> list[Piece]:
    """Return pieces of glyphs with exactly one baseline, split at wide gaps and ruled lines."""
    rows: dict[int, list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        rows[round(glyph.y * 2)].append(glyph)
    pieces: list[Piece] = []
    for row in rows.values():
        row = _without_copies(_in_order(row))
        crossing = _crossing(rules, row)
        places = [rule.left for rule in crossing]
        first, right = 0, row[0].right
        for at, glyph in enumerate(row):
            gap = glyph.left - right
            if gap <= 0 and not crossing:
                if glyph.right > right:
                    right = glyph.right
                continue
            if not at:
                continue
            wide = gap > _WIDE_GAP * max(glyph.size, row[at - 1].size)
            wide = wide and not row[at - 1].text == glyph.text == TATWEEL
            if wide or (crossing and _is_ruled(crossing, places, right, glyph)):
                pieces.append(_piece(row[first:at]))
                first, right = at, glyph.right
            right = max(right, glyph.right)
        pieces.append(_piece(row[first:]))
    return pieces


def _crossing(rules: list[Rule], row: list[Glyph]) -> list[Rule]:
    """Return the vertical lines that are as high as one of the letters of a row."""
    if not rules:
        return rules
    y, size = row[0].y, max(glyph.size for glyph in row)
    low, high = y - 1, y + 0.3 * size + 1
    return [rule for rule in rules if rule.bottom <= high and rule.top >= low]


def _in_order(glyphs: list[Glyph]) -> list[Glyph]:
    """Return glyphs in the order of a line, by their centres."""
    centres = [glyph.left + glyph.right for glyph in glyphs]
    return [glyphs[at] for at in sorted(range(len(glyphs)), key=centres.__getitem__)]


def _is_ruled(rules: list[Rule], places: list[float], right: float, glyph: Glyph) -> bool:
    """Return whether a vertical line stands between a place and a glyph right of it."""
    slack = 0.1 * glyph.size
    start = bisect_left(places, min(right, glyph.left) - slack)
    end = bisect_right(places, max(right, glyph.left) + slack)
    middle = glyph.y + 0.3 * glyph.size
    return any(rule.bottom <= middle <= rule.top for rule in rules[start:end])


def _piece(glyphs: list[Glyph]) -> Piece:
    piece = Piece(glyphs, [], 0.0, 0.0, glyphs[0].y, 0.0)
    _measure(piece)
    return piece


def _measure(piece: Piece) -> None:
    """Set the box of a piece by its glyphs: the baseline and size of most of them."""
    glyphs = [glyph for glyph in piece.glyphs if not glyph.text.isspace()] or piece.glyphs
    lefts, rights, heights, sizes, *_rest = zip(*glyphs, strict=True)
    piece.left, piece.right = min(lefts), max(rights)
    piece.size = sorted(sizes)[len(sizes) // 2]
    piece.y = sorted(heights)[len(heights) // 2]


def _merge_raised(pieces: list[Piece]) -> list[Piece]:
    """Return pieces in which letters that stand higher or lower than their line are in it."""
    pieces.sort(key=lambda piece: -piece.y)
    parents = list(range(len(pieces)))

    def root(at: int) -> int:
        while parents[at] != at:
            parents[at] = parents[parents[at]]
            at = parents[at]
        return at

    for at, piece in enumerate(pieces):
        for other in range(at + 1, min(at + 200, len(pieces))):
            lower = pieces[other]
            size = max(piece.size, lower.size)
            if piece.y - lower.y > _RAISED * size:
                break
            smaller = min(piece.size, lower.size)
            if piece.y - lower.y > _RAISED * smaller and smaller > 0.75 * size:
                continue
            gap = max(piece.left, lower.left) - min(piece.right, lower.right)
            if gap < _NEAR * size:
                parents[root(other)] = root(at)
    groups: dict[int, list[Piece]] = defaultdict(list)
    for at, piece in enumerate(pieces):
        groups[root(at)].append(piece)
    merged = []
    for group in groups.values():
        if len(group) > 1:
            glyphs = [glyph for piece in group for glyph in piece.glyphs]
            merged.append(_piece(_without_copies(_in_order(glyphs))))
        else:
            merged += group
    return merged


def _without_overprinted(glyphs: list[Glyph]) -> list[Glyph]:
    """Return the glyphs of a line without unknown ones that stand over others: those are marks."""
    if not any(map(is_private, {glyph.text for glyph in glyphs})):
        return glyphs
    kept = []
    for at, glyph in enumerate(glyphs):
        if is_private(glyph.text):
            near = glyphs[max(at - 3, 0) : at] + glyphs[at + 1 : at + 4]
            if any(_covers(other, glyph) for other in near if not is_private(other.text)):
                continue
        kept.append(glyph)
    return kept


def _covers(other: Glyph, glyph: Glyph) -> bool:
    if other.text.isspace():
        return False
    shared = min(other.right, glyph.right) - max(other.left, glyph.left)
    return shared >= 0.7 * (glyph.right - glyph.left)


def _attach_marks(pieces: list[Piece], marks: list[Glyph]) -> None:
    """Put each mark into the piece that it stands above or below."""
    ordered = sorted(pieces, key=lambda piece: piece.y)
    heights = [piece.y for piece in ordered]
    for mark in marks:
        start = bisect_left(heights, mark.y - 1.2 * mark.size)
        end = bisect_right(heights, mark.y + 1.2 * mark.size)
        best, nearest = None, 1.5 * mark.size
        for piece in ordered[start:end]:
            aside = max(piece.left - mark.right, mark.left - piece.right, 0.0)
            distance = abs(piece.y - mark.y) + aside
            if distance < nearest:
                best, nearest = piece, distance
        if best is not None:
            best.marks.append(mark)
