"""Known glyphs: the letters of glyphs by their shapes, of fonts that are free and much used.

Producers embed the outlines of a font even where they leave out what tells its letters; some write them
anew, as Qt does, with other points and rounded. The shipped table has the shape of each Arabic glyph in a
few numbers that neither changes, and its text. It is compiled by `indexer.compile.known_glyphs`, and read
at the first glyph whose letters a PDF does not tell.

Layout of the file: MAGIC, then zstandard-compressed: the number of shapes as an unsigned 32-bit
little-endian integer, their numbers as 16-bit integers, those of one kind of all shapes after those of
another, then for each the place of its text, and the distinct texts in UTF-8, one a line. Shapes are in the
order of their widths.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import zstandard
from numpy.typing import NDArray

from analyzers.normalization.folding import fold

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

MAGIC = b"searchd known glyphs 2\n"
KNOWN_GLYPHS_FILE = Path(__file__).parent / "data" / "known_glyphs.zst"

_MAX_BYTES = 1 << 24
_UNITS = 2048
"""Of an em, in which the numbers of shapes are."""

_NEAR = 4
"""How far each number of a shape may be from that of a known one."""

_AHEAD = 3
"""How much farther the nearest shape of another letter must be."""

_CHORDS = (0.25, 0.5, 0.75, 1.0)
"""The places at which a curve is cut into straight lines."""

_MAX_POINTS = 5000
_MOST = 0x7FFF


class Shape(NamedTuple):
    """An outline in numbers: its box, the centre of its area, and the side of a square as large.

    All but the number of contours in units of which an em has `_UNITS`.
    """

    width: int
    left: int
    bottom: int
    height: int
    x: int
    y: int
    side: int
    contours: int


def shape_of(font: TTFont, name: str) -> Shape | None:
    """Return the shape of a glyph of a TrueType font; None for one without an outline.

    Components are put together first, so it does not matter how a font divides a glyph.
    """
    table = font["glyf"]
    coordinates, ends, flags = table[name].getCoordinates(table)
    if not 2 < len(coordinates) <= _MAX_POINTS:
        return None
    area = x_moment = y_moment = 0.0
    xs: list[float] = []
    ys: list[float] = []
    start = contours = 0
    for end in ends:
        points = [
            (x, y, flag & 1)
            for (x, y), flag in zip(
                coordinates[start : end + 1], flags[start : end + 1], strict=True
            )
        ]
        start = end + 1
        line = list(_line(points)) if len(points) > 2 else []
        if not line:
            continue
        contours += 1
        ax, ay = line[-1]
        for bx, by in line:
            cross = ax * by - bx * ay
            area += cross
            x_moment += (ax + bx) * cross
            y_moment += (ay + by) * cross
            ax, ay = bx, by
        xs += [x for x, _y in line]
        ys += [y for _x, y in line]
    if not area:
        return None
    left, bottom = min(xs), min(ys)
    scale = _UNITS / (font["head"].unitsPerEm or _UNITS)
    numbers = (
        max(xs) - left,
        left,
        bottom,
        max(ys) - bottom,
        x_moment / (3 * area),
        y_moment / (3 * area),
        math.sqrt(abs(area) / 2),
    )
    rounded = [max(-_MOST, min(round(scale * number), _MOST)) for number in numbers]
    return Shape._make([*rounded, contours])


def _line(points: list[tuple[int, int, int]]) -> Iterator[tuple[float, float]]:
    """Yield the points of a closed contour of straight lines near that of quadratic curves."""
    count = len(points)
    x, y, is_on = points[-1]
    at_x, at_y = float(x), float(y)
    if not is_on:
        next_x, next_y, is_on = points[0]
        at_x, at_y = (next_x, next_y) if is_on else ((x + next_x) / 2, (y + next_y) / 2)
    for at, (x, y, is_on) in enumerate(points):
        if is_on:
            if (x, y) != (at_x, at_y):
                yield x, y
            at_x, at_y = x, y
            continue
        end_x, end_y, is_on = points[(at + 1) % count]
        to_x, to_y = (end_x, end_y) if is_on else ((x + end_x) / 2, (y + end_y) / 2)
        for t in _CHORDS:
            a, b, c = (1 - t) * (1 - t), 2 * t * (1 - t), t * t
            yield a * at_x + b * x + c * to_x, a * at_y + b * y + c * to_y
        at_x, at_y = to_x, to_y


class KnownGlyphs:
    """The shapes of known glyphs, with their texts."""

    def __init__(
        self, shapes: NDArray[np.int16], places: NDArray[np.uint16], texts: list[str]
    ) -> None:
        """`shapes` has shape (glyphs, numbers), in the order of widths; `places` are those in `texts`."""
        self._shapes = shapes
        self._widths = np.ascontiguousarray(shapes[:, 0])
        self._places = places
        self._texts = texts

    def __len__(self) -> int:
        return len(self._places)

    def items(self) -> Iterator[tuple[Shape, str]]:
        """Yield every shape with its text."""
        for numbers, place in zip(self._shapes.tolist(), self._places.tolist(), strict=True):
            yield Shape(*numbers), self._texts[place]

    def find(self, shape: Shape) -> str:
        """Return the text of the nearest shape; "" where none is near, or another letter is too.

        Of letters of several languages that have one shape, it is the one of Arabic.
        """
        reach = _NEAR + _AHEAD
        low, high = np.array((shape.width - reach, shape.width + reach + 1)).clip(-_MOST, _MOST)
        start, end = np.searchsorted(self._widths, np.array((low, high), np.int16)).tolist()
        differences = np.abs(self._shapes[start:end].astype(np.int32) - np.array(shape, np.int32))
        differences[:, -1] *= 2 * reach
        distances = differences.max(axis=1)
        near = np.flatnonzero(distances < reach)
        if not near.size:
            return ""
        distance = int(distances[near].min())
        if distance > _NEAR:
            return ""
        least = 1 if not distance else distance + _AHEAD
        places = self._places[start + near[distances[near] < least]]
        texts = [self._texts[place] for place in set(places.tolist())]
        rarity = min(map(rarity_of, texts))
        usual = {text for text in texts if rarity_of(text) == rarity}
        return min(usual) if len({fold(text) or text for text in usual}) == 1 else ""


def rarity_of(text: str) -> int:
    """Return how many characters of a text are neither of ASCII nor usual in Arabic.

    Fonts draw letters of Persian and Urdu, and their digits, like those of Arabic.
    """
    return sum(not (c.isascii() or "\u0621" <= c <= "\u0669" or c in "،؛؟") for c in text)


def encoded_glyphs(texts: Mapping[Shape, str]) -> bytes:
    """Return the file for texts by their shapes."""
    shapes = sorted(texts)
    distinct = sorted(set(texts.values()))
    places = {text: place for place, text in enumerate(distinct)}
    numbers = np.array(shapes, "<i2").reshape(-1, len(Shape._fields))
    place_of = np.array([places[texts[each]] for each in shapes], "<u2")
    body = struct.pack("<I", len(shapes)) + numbers.T.tobytes() + place_of.tobytes()
    body += "\n".join(distinct).encode()
    return MAGIC + zstandard.ZstdCompressor(level=19).compress(body)


@cache
def known_glyphs() -> KnownGlyphs:
    """Return the shipped table; an empty one where it is missing or damaged."""
    try:
        data = KNOWN_GLYPHS_FILE.read_bytes()
        body = zstandard.ZstdDecompressor().decompress(
            data.removeprefix(MAGIC), max_output_size=_MAX_BYTES
        )
    except (OSError, zstandard.ZstdError):
        return KnownGlyphs(np.empty((0, len(Shape._fields)), np.int16), np.empty(0, np.uint16), [])
    (count,) = struct.unpack_from("<I", body)
    kinds = len(Shape._fields)
    numbers = np.frombuffer(body, "<i2", kinds * count, 4).reshape(kinds, count)
    places = np.frombuffer(body, "<u2", count, 4 + numbers.nbytes)
    texts = body[4 + numbers.nbytes + places.nbytes :].decode().split("\n")
    return KnownGlyphs(np.ascontiguousarray(numbers.T), places, texts)
