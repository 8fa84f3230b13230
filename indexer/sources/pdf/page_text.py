"""Page text: the lines of a page in reading order, and its words as decipherment takes them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from indexer.sources.pdf.fonts import is_private
from indexer.sources.pdf.glyph_words import EncodedGlyph, EncodedWord, GlyphKey
from indexer.sources.pdf.glyphs import Glyph, PageContent, Rule
from indexer.sources.pdf.known_words import is_arabic_letter
from indexer.sources.pdf.line_text import arabic_share, text_of
from indexer.sources.pdf.lines import Piece, pieces_of
from indexer.sources.pdf.reading_order import Block, blocks_of, is_new_paragraph
from indexer.sources.pdf.spacing import clean_glyph, spacing_of, words_of

_LONGEST_WORD = 24
"""In glyphs, of those that decipherment learns from."""

_ARABIC_PAGE = 0.3
"""The share of Arabic letters from which the columns of a page are read from the right."""

_EDGE_ROWS = 2
"""How many rows from above and from below may be headers and footers."""


class Line(NamedTuple):
    """A line of the text of a page.

    `begins` is whether a paragraph or a block begins with it, `is_edge` whether it is one of the
    first or last rows of the page, and `size` the font size of it in points.
    """

    text: str
    begins: bool
    is_edge: bool
    size: float


@dataclass(slots=True)
class PageLayout:
    """The pieces of lines that a page has in one direction of writing.

    `words` are those of each piece by its `id`, from left to right.
    """

    pieces: list[Piece]
    rules: list[Rule]
    words: dict[int, list[list[Glyph]]]
    from_right: bool


def layouts_of(content: PageContent) -> list[PageLayout]:
    """Return the layout of the upright text of a page, and those of turned text."""
    layouts = []
    parts = [(content.glyphs, content.rules)]
    parts += [(glyphs, []) for _turns, glyphs in sorted(content.turned.items())]
    for glyphs, rules in parts:
        pieces = pieces_of(glyphs, rules)
        if pieces:
            share = arabic_share("".join([glyph.text for glyph in glyphs]))
            spacing = spacing_of(pieces)
            words = {id(piece): words_of(piece.glyphs, spacing) for piece in pieces}
            layouts.append(PageLayout(pieces, rules, words, share > _ARABIC_PAGE))
    return layouts


def lines_of(layouts: list[PageLayout]) -> list[Line]:
    """Return the lines of a page in reading order, without empty ones."""
    lines: list[Line] = []
    for layout in layouts:
        heights = sorted({round(piece.y) for piece in layout.pieces})
        low, high = heights[: 2 * _EDGE_ROWS], heights[-2 * _EDGE_ROWS :]
        bottom, top = _edge(low), -_edge([-height for height in reversed(high)])
        for block in blocks_of(layout.pieces, layout.rules, from_right=layout.from_right):
            lines += _block_lines(block, layout, bottom, top)
    return lines


def _edge(heights: list[int]) -> float:
    """Return the height within which the first rows are; rows nearer than 3 points are one."""
    rows, last = 0, float("-inf")
    for height in heights:
        if height - last > 3:
            rows += 1
            if rows > _EDGE_ROWS:
                break
            last = height
    return last + 3


def _block_lines(block: Block, layout: PageLayout, bottom: float, top: float) -> Iterator[Line]:
    above: list[Piece] | None = None
    for line in block:
        texts = (text_of(p, layout.words[id(p)], from_right=layout.from_right) for p in line)
        text = " ".join(text for text in texts if text)
        if not text:
            continue
        begins = above is None or is_new_paragraph(above, line)
        y = line[0].y
        yield Line(text, begins, y <= bottom or y >= top, max(piece.size for piece in line))
        above = line


def encoded_words(
    layouts: list[PageLayout], doubted: frozenset[GlyphKey] = frozenset()
) -> Counter[EncodedWord]:
    """Return the Arabic words of a page as decipherment takes them, from the first letter on.

    The texts of `doubted` glyphs are not taken as known.
    """
    counts = Counter(
        tuple([glyph[4:] for glyph in word])
        for layout in layouts
        for piece in layout.pieces
        for word in layout.words[id(piece)]
        if 1 < len(word) <= _LONGEST_WORD
    )
    words: Counter[EncodedWord] = Counter()
    for letters, count in counts.items():
        word = _encoded(letters, doubted)
        if word:
            words[word] += count
    return words


@lru_cache(maxsize=1 << 14)
def _encoded(
    letters: tuple[tuple[str, int, int], ...], doubted: frozenset[GlyphKey]
) -> EncodedWord:
    """Return a word by the text, font and code of its glyphs from left to right; () of no such word."""
    word = [_encoded_glyph(font, code, text) for text, font, code in reversed(letters)]
    if doubted and not doubted.isdisjoint([glyph.key for glyph in word]):
        word = [glyph._replace(is_known=False) if glyph.key in doubted else glyph for glyph in word]
    if any(key[1] < 0 for key, _text, _known in word):
        return ()  # a stated text
    glyphs = _without_edges(word)
    if len(glyphs) < 2:
        return ()  # a sign beside Latin letters, or a letter alone
    arabic = sum(any(map(is_arabic_letter, glyph.text)) for glyph in glyphs)
    unknown = sum(is_private(glyph.text) for glyph in glyphs)
    return tuple(glyphs) if arabic > 0.3 * len(glyphs) or unknown > 0.5 * len(glyphs) else ()


@lru_cache(maxsize=1 << 14)
def _encoded_glyph(font: int, code: int, text: str) -> EncodedGlyph:
    return EncodedGlyph((font, code), clean_glyph(text), not is_private(text))


def _without_edges(glyphs: Sequence[EncodedGlyph]) -> Sequence[EncodedGlyph]:
    """Return glyphs without the punctuation and digits before and behind the letters."""
    start, end = 0, len(glyphs)
    while start < end and _is_outside(glyphs[start]):
        start += 1
    while end > start and _is_outside(glyphs[end - 1]):
        end -= 1
    return glyphs[start:end]


def _is_outside(glyph: EncodedGlyph) -> bool:
    return glyph.is_known and not any(map(is_arabic_letter, glyph.text))
