"""Ligatures: the letters of those that a producer states no text for.

Qt, and wkhtmltopdf with it, draws lam-alef as two glyphs of which no text is stated: the ligature, and
one without a width in the place of its second letter.
"""

from __future__ import annotations

from indexer.sources.pdf.fonts import UNKNOWN
from indexer.sources.pdf.glyphs import Glyph

LAM_ALEF = "لا"
"""Of the four, which differ in the hamza alone."""

_NO_WIDTH = 0.01


def state_lam_alef(glyphs: list[Glyph]) -> None:
    """Give the ligatures among glyphs, in the order in which they are drawn, the text of lam-alef.

    Only where exactly one glyph without a width is beside the ligature: others have more letters.
    """
    empty = [glyph.text == UNKNOWN and _is_empty(glyph) for glyph in glyphs]
    if True not in empty:
        return
    for at, glyph in enumerate(glyphs):
        if glyph.text != UNKNOWN or empty[at]:
            continue
        before, after = _run(glyphs, empty, at, -1), _run(glyphs, empty, at, 1)
        if before + after == 1:
            glyphs[at] = glyph._replace(text=LAM_ALEF)


def _is_empty(glyph: Glyph) -> bool:
    return glyph.right - glyph.left < _NO_WIDTH * glyph.size


def _run(glyphs: list[Glyph], empty: list[bool], at: int, step: int) -> int:
    """Return how many glyphs without a width are beside one, in the same place."""
    count, other = 0, at + step
    while 0 <= other < len(glyphs) and empty[other] and _touches(glyphs[at], glyphs[other]):
        count, other = count + 1, other + step
    return count


def _touches(glyph: Glyph, empty: Glyph) -> bool:
    slack = 0.02 * glyph.size
    is_within = glyph.left - slack <= empty.left <= glyph.right + slack
    return empty.font == glyph.font and abs(empty.y - glyph.y) <= slack and is_within
