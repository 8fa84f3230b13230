"""Spacing: how the words of a page are told apart, by spaces or by the gaps between glyphs."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from pyarabic.araby_const import TATWEEL

from analyzers.normalization.folding import CONTROLS
from indexer.sources.pdf.fonts import is_private
from indexer.sources.pdf.glyphs import Glyph
from indexer.sources.pdf.known_words import is_arabic_letter, is_known
from indexer.sources.pdf.lines import Piece

_VISIBLE_SPACE = 0.05
"""The least gap, in font sizes, at a space that a producer wrote: others show nothing."""

_GAP_WITH_SPACES = 0.4
_GAP_WITHOUT_SPACES = 0.13
"""The least gap between words, in font sizes, where a page writes spaces, and where it does not."""

_GAP_BETWEEN_SCRIPTS = 0.18
"""The same between an Arabic letter and a Latin one or a digit, and between two digits."""

_BARE_GAP = 0.2
"""The least gap without a space that tells that words are written without them, in font sizes."""

_MOST_GAPS = 60
"""The largest number of narrow gaps of a page that are looked at."""

_WIDELY_SPACED = 0.15
"""The share of glyphs with a gap before them from which letters are spaced, not words."""

_CONTROLS = dict.fromkeys([*map(ord, CONTROLS), *range(9), *range(14, 32), 0x7F])


class Spacing(NamedTuple):
    """How the words of a page are told apart: the least gap between them, in font sizes."""

    gap: float


def spacing_of(pieces: Sequence[Piece]) -> Spacing:
    """Return how the words of a page are told apart: by spaces, or by gaps alone.

    Gaps tell them also where there are spaces, but fewer than gaps: TeX writes some beside numbers.
    They do too where spaces are missing: Poppler drops those of some lines.
    """
    spaces = letters = gaps = narrow = 0
    for piece in pieces:
        reached = float("inf")
        for left, right, _y, size, text, _font, _code in piece.glyphs:
            if text.isspace() or " " in text:
                spaces += 1
                reached = float("inf")
            else:
                letters += 1
                gap = left - reached
                if gap > _GAP_WITHOUT_SPACES * size:
                    narrow += gap < _GAP_WITH_SPACES * size
                    gaps += gap > _BARE_GAP * size
                reached = right
    is_spaced = spaces * 25 > letters and not spaces < gaps < letters * _WIDELY_SPACED
    if is_spaced and narrow and _are_words_apart(pieces):
        is_spaced = False
    return Spacing(_GAP_WITH_SPACES if is_spaced else _GAP_WITHOUT_SPACES)


def _are_words_apart(pieces: Iterable[Piece]) -> bool:
    """Return whether narrow gaps of a page are between words, as the lexicon tells, not in them."""
    apart = together = 0
    tried = 0
    for piece in pieces:
        for word in words_of(piece.glyphs, Spacing(_GAP_WITH_SPACES)):
            parts = words_of(word, Spacing(_GAP_WITHOUT_SPACES))
            if len(parts) < 2:
                continue
            letters = list(map(_letters, parts))
            apart += sum(len(part) for part in letters if len(part) > 2 and is_known(part))
            whole = "".join(reversed(letters))
            together += len(whole) if is_known(whole) else 0
            tried += 1
            if tried >= _MOST_GAPS:
                return apart > 2 * together
    return apart > 2 * together


def _letters(word: Sequence[Glyph]) -> str:
    """Return the Arabic letters of a word from its first."""
    text = "".join(shown_text(glyph.text) for glyph in reversed(word))
    return "".join(filter(is_arabic_letter, text))


def words_of(glyphs: Sequence[Glyph], spacing: Spacing) -> list[list[Glyph]]:
    """Return the words of a piece from left to right, each as its glyphs from left to right."""
    words: list[list[Glyph]] = []
    last: Glyph | None = None
    last_left = last_right = -math.inf
    spaced = False
    for glyph in glyphs:
        left, right, _y, _size, text, _font, _code = glyph
        if text.isspace():
            spaced = True
            continue
        least = _VISIBLE_SPACE if spaced else spacing.gap
        is_apart = last is None or (left > last_right and _is_apart(last, glyph, least))
        if is_apart or (spaced and last is not None and _are_scripts(last, glyph)):
            words.append([glyph])
        else:
            words[-1].append(glyph)
        spaced = False
        if right > last_right or left > last_left:
            last, last_left, last_right = glyph, left, right
    return words


def _is_apart(last: Glyph, glyph: Glyph, least: float) -> bool:
    gap = (glyph.left - last.right) / (min(glyph.size, last.size) or 1.0)
    if gap <= min(least, _GAP_BETWEEN_SCRIPTS):
        return False
    if gap <= least and not _is_other_kind(_kind(last.text), _kind(glyph.text)):
        return False
    return not (last.text == glyph.text == TATWEEL)  # a stroke that a long one is drawn with


def _are_scripts(last: Glyph, glyph: Glyph) -> bool:
    """Return whether a space may be covered: fonts of two scripts do not always fit beside each other."""
    first, second = _kind(last.text), _kind(glyph.text)
    return bool(first and second) and first != second


@lru_cache(maxsize=1 << 16)
def _kind(text: str) -> str:
    """Return the class of direction of a text: R of Arabic, L of Latin, N of digits, "" of others."""
    match unicodedata.bidirectional(text[-1]) if text else "":
        case "R" | "AL":
            return "R"
        case "L":
            return "L"
        case "EN" | "AN":
            return "N"
    return ""


def _is_other_kind(first: str, second: str) -> bool:
    """Return whether letters of two scripts, or two digits, stand beside each other."""
    return bool(first and second) and (first != second or first == "N")


@lru_cache(maxsize=1 << 16)
def shown_text(text: str) -> str:
    """Return the text of a glyph in plain letters; "" of one whose letters nobody knows."""
    text = clean_glyph(text)
    return "" if is_private(text) else text


@lru_cache(maxsize=1 << 16)
def clean_glyph(text: str) -> str:
    """Return the text of a glyph in plain letters: without controls and presentation forms."""
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFKC", text.translate(_CONTROLS)).strip()
