"""Lam-alef has its letters where a producer states none for its two glyphs."""

from __future__ import annotations

import pytest

from indexer.sources.pdf.fonts import UNKNOWN
from indexer.sources.pdf.glyphs import Glyph
from indexer.sources.pdf.ligatures import LAM_ALEF, state_lam_alef


def glyph(text: str, left: float, width: float, font: int = 0) -> Glyph:
    return Glyph(left, left + width, 700.0, 10.0, text, font, 7)


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        pytest.param([glyph(UNKNOWN, 10, 0)], LAM_ALEF, id="one-empty"),
        pytest.param([], UNKNOWN, id="alone"),
        pytest.param([glyph(UNKNOWN, 10, 0)] * 3, UNKNOWN, id="three-empty"),
        pytest.param([glyph(UNKNOWN, 10, 0, font=1)], UNKNOWN, id="other-font"),
        pytest.param([glyph(UNKNOWN, 90, 0)], UNKNOWN, id="elsewhere"),
        pytest.param([glyph(UNKNOWN, 14, 4)], UNKNOWN, id="two-letters"),
    ],
)
def test_which_glyphs_are_lam_alef(others: list[Glyph], expected: str) -> None:
    after = [glyph("ب", 20, 4), glyph(UNKNOWN, 10, 4), *others, glyph("ت", 0, 4)]
    before = [glyph("ب", 20, 4), *others, glyph(UNKNOWN, 10, 4), glyph("ت", 0, 4)]
    state_lam_alef(after)
    state_lam_alef(before)
    assert (after[1].text, before[1 + len(others)].text) == (expected, expected)
