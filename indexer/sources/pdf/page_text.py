"""Page text: the text of a page, with its lines in reading order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from indexer.sources.pdf.decipher import GlyphKey, is_arabic_letter
from indexer.sources.pdf.fonts import is_private
from indexer.sources.pdf.line_text import (
    Spacing,
    arabic_share,
    clean_glyph,
    spacing_of,
    text_of,
    words_of,
)
from indexer.sources.pdf.lines import Piece, pieces_of
from indexer.sources.pdf.page_content import Glyph, PageContent, Rule
from indexer.sources.pdf.reading_order import Block, blocks_of, paragraph_breaks

_LONGEST_WORD = 24
"""In glyphs, of those that decipherment learns from."""


@dataclass(slots=True)
class PageLayout:
    """The pieces of lines that a page has in one direction of writing, and how its words are told."""

    pieces: list[Piece]
    rules: list[Rule]
    spacing: Spacing
    from_right: bool


def layouts_of(content: PageContent) -> list[PageLayout]:
    """Return the layout of the upright text of a page, and those of turned text."""
    layouts = []
    parts = [(content.glyphs, content.rules)]
    parts += [(glyphs, []) for _turns, glyphs in sorted(content.turned.items())]
    for glyphs, rules in parts:
        pieces = pieces_of(glyphs, rules)
        if pieces:
            from_right = arabic_share("".join(glyph.text for glyph in glyphs)) > 0.3
            layouts.append(PageLayout(pieces, rules, spacing_of(pieces), from_right))
    return layouts


def text_of_page(layouts: list[PageLayout]) -> str:
    """Return the text of a page, a line of it on each line."""
    texts = [
        block_text(block, layout.spacing, layout.from_right)
        for layout in layouts
        for block in blocks_of(layout.pieces, layout.rules, from_right=layout.from_right)
    ]
    return "\n\n".join(text for text in texts if text)


def block_text(block: Block, spacing: Spacing, from_right: bool) -> str:
    """Return the text of a block, with an empty line between paragraphs."""
    lines = [
        " ".join(text_of(piece, spacing, from_right=from_right) for piece in line).strip()
        for line in block
    ]
    text = lines[0]
    for line, is_new in zip(lines[1:], paragraph_breaks(block), strict=True):
        text += ("\n\n" if is_new else "\n") + line
    return text


def encoded_words(layouts: list[PageLayout]) -> Iterator[list[tuple[GlyphKey, str, bool]]]:
    """Yield the Arabic words of a page as decipherment takes them, from the first letter on."""
    for layout in layouts:
        for piece in layout.pieces:
            for word in words_of(piece.glyphs, layout.spacing):
                if 1 < len(word) <= _LONGEST_WORD:
                    yield from _encoded(word)


def _encoded(word: list[Glyph]) -> Iterator[list[tuple[GlyphKey, str, bool]]]:
    glyphs = [
        ((glyph.font, glyph.code if glyph.code >= 0 else -1 - hash(glyph.text) % (1 << 30)),
         clean_glyph(glyph.text), not is_private(glyph.text))
        for glyph in reversed(word)
    ]
    glyphs = _without_edges(glyphs)
    arabic = sum(any(map(is_arabic_letter, text)) for _key, text, _known in glyphs)
    unknown = sum(not known for _key, _text, known in glyphs)
    if glyphs and (arabic > 0.3 * len(glyphs) or unknown > 0.5 * len(glyphs)):
        yield glyphs


def _without_edges(
    glyphs: list[tuple[GlyphKey, str, bool]],
) -> list[tuple[GlyphKey, str, bool]]:
    """Return glyphs without the punctuation and digits before and behind the letters."""
    start, end = 0, len(glyphs)
    while start < end and _is_outside(glyphs[start]):
        start += 1
    while end > start and _is_outside(glyphs[end - 1]):
        end -= 1
    return glyphs[start:end]


def _is_outside(glyph: tuple[GlyphKey, str, bool]) -> bool:
    _key, text, known = glyph
    return known and not any(map(is_arabic_letter, text))
