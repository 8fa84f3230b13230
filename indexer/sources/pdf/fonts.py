"""Fonts: what the codes of a string in a page mean, and how wide their glyphs are.

The text of a code comes from the font's own table (ToUnicode); where that has none, from the name of
the glyph, or from the table of the font program that is embedded. ISO 32000-1, 9.6 to 9.10.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

import pikepdf

from analyzers.normalization.folding import fold
from indexer.sources.pdf.cmaps import CMap, parse_cmap
from indexer.sources.pdf.font_programs import glyph_texts, name_to_text
from indexer.sources.pdf.stated_tables import stated_table, told_by_widths

UNKNOWN = "\ufffd"
"""The text of a glyph whose letters nobody knows."""

_DEFAULT_WIDTH = 0.5
_SHORT_STRING = 8
_MAX_STRINGS = 1 << 14
"""The longest strings in bytes whose glyphs a font keeps, and how many of them."""

_BUILT_IN = {"/WinAnsiEncoding": "cp1252", "/MacRomanEncoding": "mac_roman"}


class FontGlyph(NamedTuple):
    """What a font says of a code: its text, and its width as a share of the font size.

    `is_word_space` is whether it is the code 32 of one byte, which word spacing widens.
    """

    text: str
    width: float
    is_word_space: bool


class Font:
    """A font of a document. `number` tells it from the others of the document."""

    __slots__ = (
        "_cmap",
        "_doubted",
        "_glyphs",
        "_is_composite",
        "_strings",
        "_texts",
        "_unicode",
        "_widths",
        "name",
        "number",
    )

    def __init__(self, font: pikepdf.Object, number: int) -> None:
        self.number = number
        self.name = str(font.get("/BaseFont", "")).lstrip("/").rpartition("+")[2]
        self._is_composite = font.get("/Subtype") == "/Type0"
        table = stated_table(font)
        self._cmap: CMap | None = None
        self._texts: Mapping[int, str]
        self._glyphs: dict[int, FontGlyph] = {}
        self._strings: dict[bytes, list[tuple[int, FontGlyph]]] = {}
        if self._is_composite:
            self._read_composite(font)
        else:
            self._widths = _Widths(_simple_widths(font), _missing_width(font))
            self._texts = _simple_texts(font)
        if table.doubted:
            table = told_by_widths(table, self._width)
        self._unicode, self._doubted = table

    def _width(self, code: int) -> float:
        return self._widths.of(self._cid(code))

    def _cid(self, code: int) -> int:
        return self._cmap.cids.get(code, 0) if self._cmap is not None and self._cmap.cids else code

    def _read_composite(self, font: pikepdf.Object) -> None:
        """Read a font of codes of more than one byte, by its one descendant."""
        encoding = font.get("/Encoding")
        if isinstance(encoding, pikepdf.Stream):
            self._cmap = parse_cmap(encoding.read_bytes())
        descendants = font.get("/DescendantFonts")
        descendant = descendants[0] if descendants is not None and len(descendants) else font
        default = descendant.get("/DW")
        self._widths = _Widths(
            _composite_widths(descendant.get("/W", [])),
            float(default) / 1000 if default is not None else 1.0,
        )
        self._texts = glyph_texts(descendant)

    def decode(self, data: bytes) -> list[tuple[int, FontGlyph]]:
        """Return the codes of a string, each with its glyph. Short strings are decoded once."""
        known = self._strings.get(data)
        if known is not None:
            return known
        codes: Iterable[int]
        if not self._is_composite:
            codes = data
        elif self._cmap is not None and self._cmap.lengths:
            codes = self._cmap.codes(data)
        else:
            codes = [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)]
        glyphs = self._glyphs
        result = []
        for code in codes:
            glyph = glyphs.get(code)
            if glyph is None:
                glyph = glyphs[code] = self._glyph(code)
            result.append((code, glyph))
        if len(data) <= _SHORT_STRING and len(self._strings) < _MAX_STRINGS:
            self._strings[data] = result
        return result

    def states(self, code: int) -> bool:
        """Return whether the table of the font in the PDF has a text for a code."""
        text = self._unicode.get(code, "")
        return bool(text) and not is_private(text)

    def doubted(self) -> set[int]:
        """Return the codes shown so far whose texts may be wrong: words tell (`decipher`)."""
        return {
            code
            for code in self._doubted & self._glyphs.keys()
            if self._glyphs[code].text == self._unicode[code]
        }

    def correct(self, code: int, text: str) -> None:
        """Set the text of a code, of which the font knows nothing or a wrong one."""
        glyph = self._glyphs.get(code) or self._glyph(code)
        self._glyphs[code] = glyph._replace(text=text)
        self._strings.clear()

    def _glyph(self, code: int) -> FontGlyph:
        cid = self._cid(code)
        text = self._unicode.get(code, "")
        drawn = self._texts.get(cid, "")
        if not text or is_private(text):
            text = drawn or text or UNKNOWN
        elif drawn and is_other_letter(text, drawn):
            text = drawn
        return FontGlyph(text, self._widths.of(cid), code == 32 and not self._is_composite)


class _Widths(NamedTuple):
    """The widths of glyphs as shares of the font size, and that of all others."""

    known: Mapping[int, float]
    default: float

    def of(self, glyph: int) -> float:
        return self.known.get(glyph, self.default)


def is_other_letter(stated: str, drawn: str) -> bool:
    """Return whether the table of a PDF states another letter than the font program draws.

    Only where the program has Arabic letters, a digit or a stroke for the glyph. Word writes wrong
    tables for some fonts, and others state for a letter the one before it too.

    >>> is_other_letter("3", "٢"), is_other_letter("2", "٢"), is_other_letter("لك", "ك")
    (True, False, True)
    """
    stated, drawn = unicodedata.normalize("NFKC", stated), unicodedata.normalize("NFKC", drawn)
    if len(drawn) != 1 or not "\u0620" <= drawn <= "\u06f9":
        is_ligature = len(drawn) > 1 and all("\u0620" <= letter <= "\u064a" for letter in drawn)
        return is_ligature and _is_unlike_ligature(stated, drawn)
    if unicodedata.combining(drawn) and drawn in unicodedata.normalize("NFD", stated)[1:]:
        return False  # a hamza that is stated with its letter
    if len(stated) > 1 and not any("\u0620" <= character < "\u0700" for character in stated):
        return True
    if len(stated) == 2:
        return drawn in stated and "\u0620" <= min(stated) <= max(stated) <= "\u064a"
    if len(stated) != 1:
        return False
    return stated != drawn and fold(stated) != fold(drawn)


def _is_unlike_ligature(stated: str, drawn: str) -> bool:
    """Return whether a text is a sign, or has rare letters that a ligature does not."""
    if len(stated) == 1 and "!" <= stated < "\u0250":
        return True
    is_rare = any("\u066e" <= letter <= "\u06d3" for letter in stated)
    return is_rare and fold(stated) != fold(drawn)


@lru_cache(maxsize=1 << 16)
def is_private(text: str) -> bool:
    """Return whether a text has characters that mean something in one font alone."""
    if len(text) == 1:
        return "\ue000" <= text <= "\uf8ff" or text == UNKNOWN
    return any("\ue000" <= character <= "\uf8ff" or character == UNKNOWN for character in text)


def _simple_widths(font: pikepdf.Object) -> dict[int, float]:
    scale = 0.001
    if font.get("/Subtype") == "/Type3":
        matrix = font.get("/FontMatrix")
        scale = abs(float(matrix[0])) if matrix is not None and len(matrix) == 6 else scale
    first = int(font.get("/FirstChar", 0))
    widths: Iterable[pikepdf.Object] = font.get("/Widths", [])
    return {first + at: float(width) * scale for at, width in enumerate(widths)}


def _missing_width(font: pikepdf.Object) -> float:
    descriptor = font.get("/FontDescriptor")
    missing = descriptor.get("/MissingWidth") if descriptor is not None else None
    if missing is not None and "/Widths" in font:
        return float(missing) / 1000
    return _DEFAULT_WIDTH if "/Widths" not in font else 0.0


def _composite_widths(array: Iterable[pikepdf.Object]) -> dict[int, float]:
    """Return the widths of a /W array: `first [w w w]` and `first last w`."""
    widths: dict[int, float] = {}
    pending: list[int] = []
    for item in array:
        if isinstance(item, pikepdf.Array):
            for at, width in enumerate(item):
                widths[(pending[-1] if pending else 0) + at] = float(width) / 1000
            pending = []
        elif len(pending) == 2:
            for glyph in range(pending[0], min(pending[1], pending[0] + 0xFFFF) + 1):
                widths[glyph] = float(item) / 1000
            pending = []
        else:
            pending.append(int(item))
    return widths


def _simple_texts(font: pikepdf.Object) -> dict[int, str]:
    """Return the texts of a font of one byte a code: by its encoding, and by its program."""
    encoding = font.get("/Encoding")
    base = encoding.get("/BaseEncoding") if isinstance(encoding, pikepdf.Dictionary) else encoding
    texts = {} if base is not None and str(base) in _BUILT_IN else dict(glyph_texts(font))
    codec = _BUILT_IN.get(str(base), "latin-1" if not texts else "")
    if codec:
        for code in range(32, 256):
            texts.setdefault(code, bytes((code,)).decode(codec, "replace"))
    if isinstance(encoding, pikepdf.Dictionary):
        code = 0
        differences: Iterable[pikepdf.Object] = encoding.get("/Differences", [])
        for item in differences:
            if isinstance(item, pikepdf.Name):
                text = name_to_text(str(item)[1:])
                if text:
                    texts[code] = text
                else:
                    texts.pop(code, None)
                code += 1
            else:
                code = int(item)
    return texts
