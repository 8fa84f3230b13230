"""Shapes of glyphs tell their letters, whatever a font calls them and however it draws them."""

from __future__ import annotations

import numpy as np
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from indexer.compile.known_glyphs import glyph_texts
from indexer.sources.pdf.known_glyphs import KnownGlyphs, Shape, known_glyphs, shape_of

SHAPE = Shape(width=500, left=20, bottom=-100, height=700, x=250, y=300, side=400, contours=2)


def font(*, is_composite: bool = False, em: int = 1000, features: str = "") -> TTFont:
    """Return a font with beh, which is one outline or has another as its part, and its final form."""
    names = [".notdef", "part", "beh", "beh.fina", "heh"]
    scale = em / 1000
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    pen.lineTo((500 * scale, 0))
    pen.qCurveTo((500 * scale, 300 * scale), (250 * scale, 300 * scale))
    pen.closePath()
    outline = pen.glyph()
    glyphs = {name: TTGlyphPen(None).glyph() for name in names} | {"part": outline, "beh": outline}
    if is_composite:
        composite = TTGlyphPen(dict.fromkeys(["part"]))
        composite.addComponent("part", (1, 0, 0, 1, 0, 0))
        glyphs["beh"] = composite.glyph()
    builder = FontBuilder(em, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({0x0628: "beh", 0x0680: "heh"})
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(dict.fromkeys(names, (500, 0)))
    builder.setupHorizontalHeader()
    builder.addOpenTypeFeatures(
        "languagesystem arab dflt; feature fina { sub beh by beh.fina; } fina;" + features
    )
    return builder.font


def test_components_do_not_matter() -> None:
    whole, divided = shape_of(font(), "beh"), shape_of(font(is_composite=True), "beh")
    assert whole == divided
    assert whole is not None


def test_the_size_of_the_em_does_not_matter() -> None:
    shape, other = shape_of(font(), "beh"), shape_of(font(em=2048), "beh")
    assert shape is not None
    assert other is not None
    assert max(abs(a - b) for a, b in zip(shape, other, strict=True)) <= 1


def test_more_points_on_the_same_lines_do_not_matter() -> None:
    divided = font()
    pen = TTGlyphPen(None)
    for at, place in enumerate([(0, 0), (200, 0), (500, 0), (500, 150), (437, 225)]):
        (pen.lineTo if at else pen.moveTo)(place)
    shape = shape_of(font(), "beh")
    pen.qCurveTo((375, 300), (250, 300))
    pen.closePath()
    divided["glyf"]["beh"] = pen.glyph()
    other = shape_of(divided, "beh")
    assert shape is not None
    assert other is not None
    assert (other.width, other.height, other.contours) == (shape.width, shape.height, 1)


def test_an_empty_glyph_has_no_shape() -> None:
    assert shape_of(font(), ".notdef") is None


def test_forms_of_a_letter_have_its_text() -> None:
    assert glyph_texts(font()) == {"beh": "ب", "beh.fina": "ب", "heh": "ڀ"}


def test_a_form_of_letters_of_two_languages_has_that_of_arabic() -> None:
    other = "feature init { sub heh by beh.fina; } init;"
    assert glyph_texts(font(features=other))["beh.fina"] == "ب"


@pytest.mark.parametrize(
    ("others", "text"),
    [
        ([], "ب"),
        ([(SHAPE._replace(width=503), "ت")], ""),
        ([(SHAPE._replace(width=509), "ت")], "ب"),
        ([(SHAPE._replace(contours=3), "ت")], "ب"),
        ([(SHAPE._replace(x=251), "ٮ")], "ب"),
    ],
    ids=["alone", "near_another", "far_from_it", "other_contours", "letter_of_another_language"],
)
def test_the_nearest_shape_tells(others: list[tuple[Shape, str]], text: str) -> None:
    entries = sorted([(SHAPE, "ب"), *others])
    shapes = np.array([shape for shape, _ in entries], np.int16)
    table = KnownGlyphs(shapes, np.arange(len(entries), dtype=np.uint16), [t for _, t in entries])
    assert table.find(SHAPE._replace(y=301, side=399)) == text
    assert table.find(SHAPE._replace(y=320)) == ""


def test_every_letter_of_the_shipped_table_is_found_again() -> None:
    table = known_glyphs()
    assert len(table) > 50_000
    entries = list(table.items())[:: len(table) // 500]
    found = [table.find(shape) for shape, _text in entries]
    assert sum(map(bool, found)) > 0.8 * len(entries)
    texts = {text for _shape, text in table.items()}
    assert {*"ابتثجحخدذرزسشصضطظعغفقكلمنهوي", "لا", "الله"} <= texts
