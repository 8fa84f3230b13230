"""The letters of glyphs by the font programs that PDF files embed: made here, with boxes as glyphs."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import pikepdf
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import newTable
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

from indexer.sources.pdf.font_programs import glyph_texts

BOX = [(0, 0), (300, 0), (300, 700), (0, 700)]
NAMES = [".notdef", "uni0628", "afii57415.init", "g3", "empty"]


def draw(pen: Any, height: int = 700) -> Any:
    for at, (x, y) in enumerate(BOX):
        (pen.lineTo if at else pen.moveTo)((x, y and height))
    pen.closePath()
    return pen


def truetype(cmap: Mapping[int, str], symbols: Mapping[int, str] | None = None) -> bytes:
    """Return a TrueType font of `NAMES` with a table of characters, and one of codes of one byte."""
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(NAMES)
    builder.setupCharacterMap(dict(cmap))
    pens = {name: TTGlyphPen(None) for name in NAMES}
    for height, name in enumerate(NAMES[:-1], start=650):
        draw(pens[name], height)
    builder.setupGlyf({name: pen.glyph() for name, pen in pens.items()})
    builder.setupHorizontalMetrics(dict.fromkeys(NAMES, (400, 0)))
    builder.setupHorizontalHeader()
    builder.setupPost()
    font = builder.font
    if not cmap:
        font["cmap"] = newTable("cmap")
        font["cmap"].tableVersion = 0
        font["cmap"].tables = []
    if symbols is not None:
        table = CmapSubtable.newSubtable(4)
        table.platformID, table.platEncID, table.language = 3, 0, 0
        table.cmap = dict(symbols)
        font["cmap"].tables.append(table)
    data = io.BytesIO()
    font.save(data)
    return data.getvalue()


def compact(encoding: Mapping[int, str] | None = None) -> bytes:
    """Return a font in the Compact Font Format, as PDF embeds it: without the tables around it."""
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder(NAMES)
    builder.setupCharacterMap({})
    strings = {name: draw(T2CharStringPen(400, None)).getCharString() for name in NAMES}
    builder.setupCFF("Made", {}, strings, {})
    top = builder.font["CFF "].cff[0]
    if encoding is not None:
        top.Encoding = [encoding.get(code, ".notdef") for code in range(256)]
    data = io.BytesIO()
    builder.font["CFF "].cff.compile(data, builder.font)
    return data.getvalue()


def type1(encoding: str) -> bytes:
    return (
        f"%!PS-AdobeFont-1.0: Made\n/Encoding {encoding}\ncurrentfile eexec\n".encode()
        + b"\x80\xff"
    )


@pytest.fixture
def embedded():
    """A function that returns a font of a PDF with a program, under a key of its descriptor."""
    files = []

    def made(key: str, data: bytes, subtype: str, **others: Any) -> pikepdf.Object:
        files.append(pikepdf.new())
        file = files[-1]
        entries = {
            name: file.make_stream(value) if isinstance(value, bytes) else value
            for name, value in others.items()
        }
        descriptor = pikepdf.Dictionary(**{key: file.make_stream(data)})
        return pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name(subtype),
            FontDescriptor=descriptor,
            **entries,
        )

    yield made
    for file in files:
        file.close()


def test_a_descendant_font_is_read_by_its_characters_and_the_names_of_glyphs(embedded):
    font = embedded("FontFile2", truetype({0x0643: "g3"}), "/CIDFontType2")
    assert glyph_texts(font) == {1: "ب", 2: "ا", 3: "ك", 4: " "}


def test_private_characters_say_nothing(embedded):
    font = embedded("FontFile2", truetype({0xE001: "g3"}), "/CIDFontType2")
    assert 3 not in glyph_texts(font)


def test_numbers_in_the_text_may_be_others_than_those_of_glyphs(embedded):
    mapping = b"".join(glyph.to_bytes(2, "big") for glyph in (0, 0, 3, 1))
    font = embedded("FontFile2", truetype({0x0643: "g3"}), "/CIDFontType2", CIDToGIDMap=mapping)
    assert glyph_texts(font) == {2: "ك", 3: "ب"}


@pytest.mark.parametrize("start", [0, 0xF000], ids=["plain", "symbols"])
def test_codes_of_one_byte(embedded, start):
    data = truetype({0x0643: "g3"}, {start + 65: "g3", start + 66: "uni0628", start + 67: "empty"})
    assert glyph_texts(embedded("FontFile2", data, "/TrueType")) == {65: "ك", 66: "ب", 67: " "}


def test_a_compact_font_is_read_by_its_encoding(embedded):
    data = compact({65: "uni0628", 66: "afii57415.init", 67: "g3"})
    assert glyph_texts(embedded("FontFile3", data, "/Type1")) == {65: "ب", 66: "ا"}


def test_a_compact_font_with_the_standard_encoding(embedded):
    found = glyph_texts(embedded("FontFile3", compact(), "/Type1"))
    assert (found[65], found[0x20]) == ("A", " ")


def test_a_compact_descendant_font_is_read_by_its_charset(embedded):
    assert glyph_texts(embedded("FontFile3", compact(), "/CIDFontType0")) == {1: "ب", 2: "ا"}


def test_an_opentype_font_in_the_place_of_a_compact_one(embedded):
    font = embedded("FontFile3", truetype({0x0643: "g3"}), "/CIDFontType2")
    assert glyph_texts(font)[3] == "ك"


def test_a_type1_font_is_read_by_its_encoding(embedded):
    data = type1("256 array\ndup 65 /uni0628 put\ndup 66 /g7 put\nreadonly def")
    assert glyph_texts(embedded("FontFile", data, "/Type1")) == {65: "ب"}
    standard = glyph_texts(embedded("FontFile", type1("StandardEncoding def"), "/Type1"))
    assert standard[ord("a")] == "a"


@pytest.mark.parametrize("key", ["FontFile2", "FontFile3"])
def test_a_damaged_program_says_nothing(embedded, key):
    assert glyph_texts(embedded(key, b"\0\1\0\0 cut off", "/TrueType")) == {}


def test_a_font_without_a_program_says_nothing():
    assert glyph_texts(pikepdf.Dictionary(Type=pikepdf.Name.Font)) == {}
    empty = pikepdf.Dictionary(Type=pikepdf.Name.Font, FontDescriptor=pikepdf.Dictionary())
    assert glyph_texts(empty) == {}
