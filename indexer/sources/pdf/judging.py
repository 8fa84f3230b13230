"""Judging: whether the text that was read from a page is what a reader sees on it.

The lexicon is the measure. Of sound pages nearly all words are known; letters that are wrong, turned or
lost make unknown words of most.
"""

from __future__ import annotations

import re
from enum import Enum

from indexer.sources.pdf.decipher import is_known
from indexer.sources.pdf.fonts import is_private
from indexer.sources.pdf.glyphs import PageContent

_WORD = re.compile("[\u0620-\u065f\u066e-\u06d3]{3,}")
_SAMPLE = 150
"""Words that are looked up of a page, from its middle part as well as from its start."""

_FEW_WORDS = 12
_DOUBTFUL, _UNREADABLE = 0.75, 0.4
"""The shares of known words below which a page is doubtful, and below which it is no text."""

_DOUBTFUL_LOST, _UNREADABLE_LOST = 0.02, 0.2
"""The shares of lost letters from which a page is so."""

_MANY_SHAPES = 100
_DOTLESS = frozenset("\u066e\u066f\u06a1\u06ba\u06a9\u06be\u06cc"[:3])


class Verdict(Enum):
    """What the text of a page is worth."""

    SOUND = "sound"
    BLANK = "blank"
    SCANNED = "scanned"
    DOUBTFUL = "doubtful"
    UNREADABLE = "unreadable"


def judge(text: str, content: PageContent) -> Verdict:
    """Return what a text is worth that was read from a page.

    SCANNED is a page that shows pictures or shapes, and no text. Raises LexiconError where the
    shipped lexicon cannot be read.
    """
    letters, lost = _count_letters(content)
    if letters + lost < 3:
        has_shapes = content.images or content.paths > _MANY_SHAPES
        return Verdict.SCANNED if has_shapes else Verdict.BLANK
    lost_share = lost / (letters + lost)
    if lost_share >= _UNREADABLE_LOST:
        return Verdict.UNREADABLE
    words = _WORD.findall(text)
    if len(words) < _FEW_WORDS:
        return Verdict.DOUBTFUL if lost_share >= _DOUBTFUL_LOST else Verdict.SOUND
    step = max(1, len(words) // _SAMPLE)
    sample = words[::step]
    known = sum(map(is_known, sample)) / len(sample)
    if known < _UNREADABLE:
        return Verdict.UNREADABLE
    if known < _DOUBTFUL or lost_share >= _DOUBTFUL_LOST:
        return Verdict.DOUBTFUL
    return Verdict.SOUND


def _count_letters(content: PageContent) -> tuple[int, int]:
    """Return the numbers of letters and digits of a page, and of glyphs whose letters are lost."""
    letters = lost = 0
    for glyphs in (content.glyphs, *content.turned.values()):
        for glyph in glyphs:
            if is_private(glyph.text) or glyph.text in _DOTLESS:
                lost += glyph.right - glyph.left > 0.05 * glyph.size
            elif glyph.text[:1].isalnum():
                letters += 1
    return letters, lost
