"""Outlines of glyphs tell their letters, whatever a font calls them and however it is divided."""

from __future__ import annotations

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from indexer.compile.known_glyphs import glyph_texts
from indexer.sources.pdf.known_glyphs import known_glyphs, outline_hash


def font(*, is_composite: bool = False) -> TTFont:
    """Return a font with beh, which is one outline or has another as its part, and its final form."""
    names = [".notdef", "part", "beh", "beh.fina"]
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    pen.lineTo((500, 0))
    pen.lineTo((250, 300))
    pen.closePath()
    outline = pen.glyph()
    glyphs = {".notdef": TTGlyphPen(None).glyph(), "part": outline, "beh": outline}
    glyphs["beh.fina"] = TTGlyphPen(None).glyph()
    if is_composite:
        composite = TTGlyphPen(dict.fromkeys(["part"]))
        composite.addComponent("part", (1, 0, 0, 1, 0, 0))
        glyphs["beh"] = composite.glyph()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({0x0628: "beh"})
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(dict.fromkeys(names, (500, 0)))
    builder.setupHorizontalHeader()
    builder.addOpenTypeFeatures(
        "languagesystem arab dflt; feature fina { sub beh by beh.fina; } fina;"
    )
    return builder.font


def test_components_do_not_matter() -> None:
    whole, divided = outline_hash(font(), "beh"), outline_hash(font(is_composite=True), "beh")
    assert whole == divided
    assert whole is not None


def test_an_empty_glyph_has_no_hash() -> None:
    assert outline_hash(font(), ".notdef") is None


def test_forms_of_a_letter_have_its_text() -> None:
    assert glyph_texts(font()) == {"beh": "ب", "beh.fina": "ب"}


def test_the_shipped_table_has_letters_and_ligatures() -> None:
    texts = set(known_glyphs().values())
    assert len(known_glyphs()) > 20_000
    assert {*"ابتثجحخدذرزسشصضطظعغفقكلمنهوي", "لا", "الله"} <= texts
