"""Judging: whether the text that was read from a page is what a reader sees on it.

The lexicon is the measure. Of sound pages nearly all words are known; letters that are wrong, turned or
lost make unknown words of most.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection
from enum import Enum

from indexer.sources.pdf.fonts import is_private
from indexer.sources.pdf.glyphs import Glyph, PageContent
from indexer.sources.pdf.known_words import is_known

_WORD = re.compile("[\u0620-\u065f\u066e-\u06d3]{3,}")
_MIXED = re.compile("[\u0620-\u064a][A-Za-z0-9][\u0620-\u064a]|[\u0620-\u064a]{2}[A-Za-z0-9]")
"""Matches letters of two scripts, or a digit, within a word: some fonts state these for letters."""

_WRONG = re.compile("[\u0620-\u064a][A-Za-z0-9@\u00a1-\u024f][\u0620-\u064a]")
"""Matches those of which a few are enough: what stands behind a word may only lack its space."""

_WRONG_SHARE, _FEW_WRONG = 0.02, 2
"""The share of words from which a page with so many of them is doubtful."""

_SAMPLE = 150
"""Words that are looked up of a page, from its middle part as well as from its start."""

_FEW_WORDS = 12
_DOUBTFUL, _UNREADABLE = 0.75, 0.4
"""The shares of known words below which a page is doubtful, and below which it is no text."""

_DOUBTFUL_LOST, _UNREADABLE_LOST = 0.02, 0.2
"""The shares of lost letters from which a page is so."""

_OTHER_WORD = re.compile("[^\\W\\d_\u0600-\u06ff]{3,}")
_MOST_WORDS = 400
_PLAUSIBLE = 0.5
"""The share of words in other scripts that must look like words, where a page has few in Arabic."""

_MANY_SHAPES = 100
_DOTLESS = frozenset("\u066e\u066f\u06a1\u06ba\u06a9\u06be\u06cc"[:3])


class Verdict(Enum):
    """What the text of a page is worth."""

    SOUND = "sound"
    BLANK = "blank"
    SCANNED = "scanned"
    DOUBTFUL = "doubtful"
    UNREADABLE = "unreadable"


def judge(text: str, content: PageContent, guessed: Collection[tuple[int, int]] = ()) -> Verdict:
    """Return what a text is worth that was read from a page.

    `guessed` are glyphs by their fonts and codes whose letters are not sure: where they are many, the page is
    doubtful. SCANNED is a page that shows pictures or shapes, and no text. Raises LexiconError where the
    shipped lexicon cannot be read.
    """
    letters, lost = _count_letters(content)
    if letters < _FEW_WORDS and sum(map(_is_sign, text)) > _FEW_WORDS + letters:
        return Verdict.UNREADABLE
    if letters + lost < 3:
        has_shapes = content.images or content.paths > _MANY_SHAPES
        return Verdict.SCANNED if has_shapes else Verdict.BLANK
    if lost >= _UNREADABLE_LOST * (letters + lost):
        return Verdict.UNREADABLE
    lost += sum(_is_one_of(guessed, glyph) for glyph in content.glyphs) if guessed else 0
    lost_share = lost / (letters + lost)
    written = _written_share(text)
    if written < _PLAUSIBLE:
        return Verdict.UNREADABLE
    words = _WORD.findall(text)
    if len(words) < _FEW_WORDS:
        is_doubtful = lost_share >= _DOUBTFUL_LOST or written < _DOUBTFUL
        return Verdict.DOUBTFUL if is_doubtful else Verdict.SOUND
    step = max(1, len(words) // _SAMPLE)
    sample = words[::step]
    mixed = len(_MIXED.findall(text))
    known = sum(map(is_known, sample)) / (len(sample) + mixed / step)
    if known < _UNREADABLE:
        return Verdict.UNREADABLE
    wrong = len(_WRONG.findall(text))
    is_wrong = wrong >= max(_FEW_WRONG, _WRONG_SHARE * len(words))
    if known < _DOUBTFUL or lost_share >= _DOUBTFUL_LOST or is_wrong:
        return Verdict.DOUBTFUL
    return Verdict.SOUND


def _is_one_of(keys: Collection[tuple[int, int]], glyph: Glyph) -> bool:
    return (glyph.font, glyph.code) in keys


def _is_sign(character: str) -> bool:
    """Return whether a character is a picture or a control, not a letter, digit or punctuation."""
    return character > "\x7f" and unicodedata.category(character) in ("So", "Sk", "Cc", "Cn", "Co")


def _written_share(text: str) -> float:
    """Return the share of the words other than Arabic that look like words; 1 where these are few.

    Fonts whose codes are taken for letters give signs, capitals within words and letters with accents.
    """
    found = _OTHER_WORD.findall(text)[:_MOST_WORDS]
    if len(found) < _FEW_WORDS or 3 * len(_WORD.findall(text)) > len(found):
        return 1.0
    return sum(map(_is_plausible, found)) / len(found)


def _is_plausible(word: str) -> bool:
    """Return whether a word could be one of a language in Latin letters, or of another script.

    >>> _is_plausible("Reading"), _is_plausible("þþÿþ"), _is_plausible("xQzt")
    (True, False, False)
    """
    if not (word.islower() or word.isupper() or word.istitle()):
        return word.isalpha() and word.lower() == word.upper()
    plain = unicodedata.normalize("NFD", word.lower())
    if plain[0] > "\u02ff":
        return True
    ascii_letters = sum("a" <= letter <= "z" for letter in plain)
    vowels = sum(letter in "aeiouy" for letter in plain)
    return 2 * ascii_letters >= len(word) and (word.isupper() or 5 * vowels >= len(word))


def _count_letters(content: PageContent) -> tuple[int, int]:
    """Return the numbers of letters and digits of a page, and of glyphs whose letters are lost."""
    letters = lost = 0
    for glyphs in (content.glyphs, *content.turned.values()):
        counts = Counter([glyph.text for glyph in glyphs])
        unread = {text for text in counts if is_private(text) or text in _DOTLESS}
        letters += sum(
            count for text, count in counts.items() if text not in unread and text[:1].isalnum()
        )
        if unread:
            lost += sum(
                glyph.text in unread and glyph.right - glyph.left > 0.05 * glyph.size
                for glyph in glyphs
            )
    return letters, lost
