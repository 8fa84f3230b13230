"""Compiles the table of known glyphs from font files:

    python -m indexer.compile.known_glyphs FONT.ttf...

Give fonts of free licences, also compressed for the web where the package brotli is installed. Only a few
numbers of each outline are stored; NOTICE names the fonts of the shipped table.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from fontTools.ttLib import TTFont, TTLibError
from pyarabic.araby_const import TATWEEL

from analyzers.normalization.folding import fold
from indexer.sources.pdf.known_glyphs import (
    KNOWN_GLYPHS_FILE,
    Shape,
    encoded_glyphs,
    rarity_of,
    shape_of,
)

_MAX_ROUNDS = 6
"""Of substitutions that lead to glyphs of which others are substitutes in turn."""

_LONGEST_TEXT = 12

_SIGNS = "«»–—…“”‘’•©®°·"
"""Beside those of ASCII."""

_STROKE = "the stroke between letters"
"""Stands for a glyph of which fonts have several."""


def glyph_texts(font: TTFont) -> dict[str, str]:
    """Return the texts of the glyphs of a font, by their names.

    They come from its table of characters, and from what its rules of shaping make of these.
    """
    texts = {
        name: unicodedata.normalize("NFKC", chr(code)).strip()
        for code, name in sorted((font.getBestCmap() or {}).items(), reverse=True)
        if not 0xE000 <= code <= 0xF8FF
    }
    texts[_STROKE] = TATWEEL
    substitutions = list(_substitutions(font))
    for _ in range(_MAX_ROUNDS):
        is_changed = False
        for sources, result in substitutions:
            if all(source in texts for source in sources):
                text = "".join(texts[source] for source in sources)
                if result not in texts or rarity_of(text) < rarity_of(texts[result]):
                    texts[result] = text
                    is_changed = True
        if not is_changed:
            break
    del texts[_STROKE]
    return texts


def _substitutions(font: TTFont) -> Iterator[tuple[Sequence[str], str]]:
    """Yield the glyphs that a rule replaces, and the one that it puts in their place."""
    if "GSUB" not in font or font["GSUB"].table.LookupList is None:
        return
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for subtable in lookup.SubTable:
            rule: Any = subtable.ExtSubTable if subtable.LookupType == 7 else subtable
            match rule.LookupType:
                case 1:
                    yield from (((source,), result) for source, result in rule.mapping.items())
                case 2:  # a letter and strokes that reach to the next one
                    for source, results in rule.mapping.items():
                        if source in results:
                            yield from (((_STROKE,), each) for each in results if each != source)
                case 3:
                    for source, results in rule.alternates.items():
                        yield from (((source,), result) for result in results)
                case 4:
                    for first, ligatures in rule.ligatures.items():
                        for each in ligatures:
                            yield (first, *each.Component), each.LigGlyph


def main(paths: Sequence[str]) -> None:
    """Write the table of all fonts at paths."""
    texts: dict[Shape, str] = {}
    refused: set[Shape] = set()
    for path in paths:
        try:
            font = TTFont(path, fontNumber=0)
        except TTLibError as error:
            sys.exit(f"{path} is no font: {error}")
        if "glyf" not in font:
            continue
        for name, text in sorted(glyph_texts(font).items(), key=lambda pair: rarity_of(pair[1])):
            shape = shape_of(font, name) if _is_usual(text) and len(text) <= _LONGEST_TEXT else None
            if shape is None:
                continue
            known = texts.setdefault(shape, text)
            if rarity_of(text) < rarity_of(known):
                texts[shape] = text
                refused.discard(shape)
            elif fold(known) != fold(text) and rarity_of(text) == rarity_of(known):
                refused.add(shape)
    KNOWN_GLYPHS_FILE.write_bytes(
        encoded_glyphs({shape: text for shape, text in texts.items() if shape not in refused})
    )


def _is_usual(text: str) -> bool:
    """Return whether a text has Arabic, or signs that are usual within Arabic text."""
    return bool(text) and any(
        "\u0600" <= character <= "\u06ff"
        or "\u0750" <= character <= "\u08ff"
        or "!" <= character <= "~"
        or character in _SIGNS
        for character in text
    )


if __name__ == "__main__":
    main(sys.argv[1:])
