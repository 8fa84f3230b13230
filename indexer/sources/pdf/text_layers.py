"""Text layers: the words that a program for OCR puts, invisible, onto the picture of a page."""

from __future__ import annotations

from indexer.sources.pdf.glyphs import Glyph

_WORD_GAP = 0.2
"""The least gap between the words of a layer, in font sizes."""


def join_word(glyphs: list[Glyph], start: int) -> None:
    """Put one glyph in the place of those of a word of a text layer, which begin at `start`.

    They are drawn from the first letter to the last. Tesseract draws those of a line of Arabic from
    the right, also numbers, each word as wide as its place in the picture. Where words overlap, they
    are put apart.
    """
    drawn = glyphs[start:]
    shown = [glyph for glyph in drawn if not glyph.text.isspace()]
    if not shown:
        return
    left, right = min(glyph.left for glyph in shown), max(glyph.right for glyph in shown)
    base = shown[0]
    gap = _WORD_GAP * base.size
    at = start - 1
    while at >= 0 and glyphs[at].text.isspace():
        at -= 1
    last = glyphs[at] if at >= 0 else None
    if last and last.code == -1 and abs(last.y - base.y) < gap and left < last.left:
        lacking = max(0.0, gap - (last.left - right)) / 2
        last = last._replace(left=min(last.left + lacking, last.right))
        right = max(right - lacking, left)
        glyphs[at] = last
        if lacking:
            glyphs[at + 1 : start] = [
                space._replace(left=right, right=last.left) for space in glyphs[at + 1 : start]
            ]
    text = "".join(glyph.text for glyph in drawn).strip()
    spaces = [glyph for glyph in drawn[-1:] if glyph.text.isspace()]
    glyphs[start:] = [Glyph(left, right, base.y, base.size, text, base.font, -1), *spaces]
