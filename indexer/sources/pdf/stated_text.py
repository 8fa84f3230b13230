"""Stated text: what a PDF states that marked glyphs say (ActualText; ISO 32000-1, 14.9.4)."""

from __future__ import annotations

from indexer.sources.pdf.glyphs import Glyph


def replace_by_stated_text(glyphs: list[Glyph], start: int, text: str) -> None:
    """Put one glyph with the stated text in the place of those of a line from `start` on."""
    spanned = glyphs[start:]
    if not spanned:
        return
    # marks may come first, and stand above the line of their letter
    base = max(spanned, key=lambda glyph: glyph.right - glyph.left)
    if max(abs(glyph.y - base.y) for glyph in spanned) > base.size:
        return  # over several lines: which word is in which is not stated
    own = "".join(glyph.text for glyph in spanned)
    if _has_lost_letters(text, own):
        return
    wide = [glyph for glyph in spanned if glyph.right > glyph.left] or spanned
    left = min(glyph.left for glyph in wide)
    right = max(glyph.right for glyph in wide)
    text = text.strip("\0\u200e\u200f\ufeff")
    if not text and start:
        glyphs[start - 1] = _in_its_place(glyphs[start - 1], left, right, base)
    glyphs[start:] = [Glyph(left, right, base.y, base.size, text, base.font, -1)] if text else []


def _in_its_place(stated: Glyph, left: float, right: float, base: Glyph) -> Glyph:
    """Return a text that is stated for a mark alone, in the place of its letters; others as they are.

    cairo states the letters for the glyph of a cluster that is drawn first, and nothing for the next.
    """
    slack = 0.2 * base.size
    is_near = left - slack <= stated.left <= right + slack and abs(stated.y - base.y) < base.size
    is_mark = stated.code == -1 and stated.left == stated.right < right - left + stated.left
    return stated._replace(left=left, right=right, y=base.y) if is_near and is_mark else stated


def is_arabic(text: str) -> bool:
    """Return whether a text begins with a character of Arabic, a form of presentation too."""
    return "\u0600" <= text[:1] < "\u0700" or "\ufb50" <= text[:1] < "\uff00"


def _has_lost_letters(stated: str, own: str) -> bool:
    """Return whether a stated text lacks letters of Arabic glyphs that are all known.

    InDesign states only one letter of some ligatures.
    """
    return (
        0 < len(stated) < len(own)
        and stated in own
        and all("\u0620" <= letter <= "\u064a" for letter in own)
    )
