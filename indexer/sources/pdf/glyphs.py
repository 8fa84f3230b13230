"""Glyphs: what a page shows, each with its text and its place, and the ruled lines.

Lengths are in points, y grows upwards, and the page is turned as readers see it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Glyph(NamedTuple):
    """A glyph on a page: from `left` to `right` on the baseline `y`, of a font of `size` points.

    `font` is the number of the font and `code` that of the glyph in it; -1 where the text is not
    the font's but was stated for it (ActualText).
    """

    left: float
    right: float
    y: float
    size: float
    text: str
    font: int
    code: int


new_glyph = tuple.__new__
"""Makes a Glyph of a tuple of its values, in half the time that a call of the class takes."""


class Rule(NamedTuple):
    """A horizontal or vertical line that is drawn on a page; one of its sides is nearly 0."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(slots=True)
class PageContent:
    """What a page shows.

    `glyphs` are upright, in the order in which they are drawn; `turned` are those that are not, by
    the quarter turns that bring them upright (0 to 3), with coordinates after it. `images` is the
    number of pictures, `paths` that of shapes filled.
    """

    glyphs: list[Glyph] = field(default_factory=list)
    turned: dict[int, list[Glyph]] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)
    images: int = 0
    paths: int = 0

    def count(self) -> int:
        """Return the number of glyphs."""
        return len(self.glyphs) + sum(map(len, self.turned.values()))

    def correct(self, texts: Mapping[tuple[int, int], str]) -> None:
        """Set the texts of glyphs by their fonts and codes."""
        for glyphs in (self.glyphs, *self.turned.values()):
            for at, glyph in enumerate(glyphs):
                text = texts.get(glyph[5:])
                if text is not None:
                    glyphs[at] = glyph._replace(text=text)


def multiply(first: Matrix, second: Matrix) -> Matrix:
    """Return the transformation that applies `first`, then `second`."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )
