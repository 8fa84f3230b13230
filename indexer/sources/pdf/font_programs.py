"""Font programs: the letters of glyphs, by the names and tables in a font that a PDF embeds.

Loads fontTools at the first font that a PDF itself says too little of.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, cast

import pikepdf

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

logging.getLogger("fontTools").setLevel(logging.CRITICAL)  # it warns of what no reader sees

_MAX_PROGRAM_BYTES = 1 << 25
_MAX_GLYPHS = 1 << 16
_MOST_UNKNOWN = 16
"""Outlines of a font: where none of so many is known, none of the others is."""

_TYPE1_ENTRY = re.compile(rb"dup\s+(\d{1,3})\s*/(\S+)\s+put")
_SUFFIX = re.compile(r"[.-](?:init|medi|fina|isol|initial|medial|final|isolated|alt\w*|ss\d+|\d+)$")
_SYMBOL_CODES = 0xF000
"""Where the codes of a symbol font stand in its table."""


@lru_cache(maxsize=4096)
def name_to_text(name: str) -> str:
    """Return the text of a glyph by its name; "" where the name does not tell it.

    >>> name_to_text("uni06440627"), name_to_text("afii57415.init"), name_to_text("g12")
    ('لا', 'ا', '')
    """
    from fontTools import agl

    text: str = agl.toUnicode(name)
    if not text:
        text = agl.toUnicode(_SUFFIX.sub("", name.removesuffix("-ar")))
    return text


def glyph_texts(font: pikepdf.Object) -> Mapping[int, str]:
    """Return the texts of a font's codes, or of a descendant font's glyph numbers, by its program.

    Empty where no program is embedded, or where it is damaged or says nothing.
    """
    descriptor = font.get("/FontDescriptor")
    if descriptor is None:
        return {}
    for key, read in _READERS.items():
        stream = descriptor.get(key)
        if not isinstance(stream, pikepdf.Stream):
            continue
        try:
            data = stream.read_bytes()
            if len(data) > _MAX_PROGRAM_BYTES:
                return {}
            return read(data, font)
        except Exception:  # noqa: BLE001 - fontTools raises whatever a damaged table leads to
            return {}
    return {}


def _type1_texts(data: bytes, _font: pikepdf.Object) -> dict[int, str]:
    """Return the texts by the built-in encoding of a Type 1 font, which is plain text."""
    head = data[: data.find(b"eexec")]
    if b"StandardEncoding def" in head:
        from fontTools.encodings.StandardEncoding import StandardEncoding

        names = dict(enumerate(StandardEncoding))
    else:
        names = {int(code): name.decode("latin-1") for code, name in _TYPE1_ENTRY.findall(head)}
    texts = {code: name_to_text(name) for code, name in names.items()}
    return {code: text for code, text in texts.items() if text}


def _truetype_texts(data: bytes, font: pikepdf.Object) -> Mapping[int, str]:
    from fontTools.ttLib import TTFont

    program = TTFont(io.BytesIO(data), lazy=True, fontNumber=0)
    if "/FontDescriptor" in font and font.get("/Subtype") in ("/CIDFontType2", "/CIDFontType0"):
        return _TextsByNumber(program, font)
    return _by_code(program)


def _compact_texts(data: bytes, font: pikepdf.Object) -> Mapping[int, str]:
    """Return the texts of a font in the Compact Font Format, or of an OpenType font."""
    if data[:4] in (b"OTTO", b"\0\1\0\0", b"true"):
        return _truetype_texts(data, font)
    from fontTools.cffLib import CFFFontSet

    fonts = CFFFontSet()
    fonts.decompile(io.BytesIO(data), None)
    top = fonts[0]
    if font.get("/Subtype") == "/CIDFontType0":
        names = dict(enumerate(top.charset)) if not hasattr(top, "ROS") else {}
    elif isinstance(top.Encoding, list):
        names = dict(enumerate(top.Encoding))
    else:
        from fontTools.encodings.StandardEncoding import StandardEncoding

        names = dict(enumerate(StandardEncoding))
    texts = {code: name_to_text(name) for code, name in names.items() if name != ".notdef"}
    return {code: text for code, text in texts.items() if text}


class _TextsByNumber(Mapping[int, str]):
    """The texts of a descendant font by the numbers of its glyphs; each is looked up when it is shown."""

    def __init__(self, program: TTFont, font: pikepdf.Object) -> None:
        self._program = program
        self._order = program.getGlyphOrder()[:_MAX_GLYPHS]
        self._letters = _letters_by_name(program)
        mapping = font.get("/CIDToGIDMap")
        self._numbers = mapping.read_bytes() if isinstance(mapping, pikepdf.Stream) else None
        self._known: dict[int, str] = {}
        self._outlines = 0
        self._are_known = False

    def __getitem__(self, code: int) -> str:
        text = self._known.get(code)
        if text is None:
            text = self._known[code] = self._text(code)
        if not text:
            raise KeyError(code)
        return text

    def __iter__(self) -> Iterator[int]:
        count = len(self._order) if self._numbers is None else len(self._numbers) // 2
        return (code for code in range(count) if self.get(code))

    def __len__(self) -> int:
        return sum(1 for _code in self)

    def _text(self, code: int) -> str:
        number = code
        if self._numbers is not None:
            number = int.from_bytes(self._numbers[2 * code : 2 * code + 2], "big")
        if not 0 <= number < len(self._order):
            return ""
        name = self._order[number]
        text = self._letters.get(name) or _by_name(name)
        if text or (self._outlines >= _MOST_UNKNOWN and not self._are_known):
            return text
        text = _by_outline(self._program, name)
        self._outlines += text != " "
        self._are_known = self._are_known or text not in ("", " ")
        return text


def _letters_by_name(program: TTFont) -> dict[str, str]:
    """Return the characters of the table of a font by the names of their glyphs, but private ones."""
    letters: dict[str, str] = {}
    if "cmap" in program:
        for code, name in sorted((program.getBestCmap() or {}).items()):
            if not 0xE000 <= code <= 0xF8FF:
                letters.setdefault(name, chr(code))
    return letters


def _by_outline(program: TTFont, name: str) -> str:
    """Return the text of a glyph by its outline; "" where that is not known.

    A glyph without an outline is a space, or nothing where it has no width.
    """
    from indexer.sources.pdf.known_glyphs import known_glyphs, shape_of

    if "glyf" not in program:
        return ""
    try:
        number = program.getGlyphID(name)
        locations = program["loca"].locations
        if locations[number] >= locations[number + 1]:
            return " "  # a subset leaves most glyphs empty, but does not show those
        shape = shape_of(program, name)
    except Exception:  # noqa: BLE001 - fontTools raises whatever a damaged outline leads to
        return ""
    return known_glyphs().find(shape) if shape is not None else ""


def _by_name(name: str) -> str:
    """Return the text by the name of a glyph in a TrueType font, which may be made up."""
    if name.startswith("glyph0"):
        return ""
    text = name_to_text(name)
    return "" if "\ue000" <= text <= "\uf8ff" else text


def _by_code(program: TTFont) -> dict[int, str]:
    """Return the texts by the codes of one byte of a TrueType font."""
    texts: dict[int, str] = {}
    if "cmap" not in program:
        return texts
    letters = _letters_by_name(program)
    for table in program["cmap"].tables:
        if (table.platformID, table.platEncID) not in ((3, 0), (1, 0)):
            continue
        for code, name in cast("dict[int, str]", table.cmap).items():
            code = code - _SYMBOL_CODES if code >= _SYMBOL_CODES else code
            if code >= 256 or code in texts:
                continue
            # codes of one byte are often numbers of glyphs alone: outlines are surer than they
            text = _by_outline(program, name) or letters.get(name) or _by_name(name)
            if text:
                texts[code] = text
    return texts


_READERS = {"/FontFile": _type1_texts, "/FontFile2": _truetype_texts, "/FontFile3": _compact_texts}
