"""Line text: the text of a piece of a line, from its first letter to its last.

Glyphs stand in visual order; words begin where there is a space, or a gap as wide as one. Arabic lines
are read from the right, with the runs from left to right in them turned back
(`analyzers.normalization.logical_order`).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from pyarabic.araby_const import TATWEEL

from analyzers.normalization.folding import CONTROLS
from analyzers.normalization.logical_order import from_visual_order
from indexer.sources.pdf.decipher import is_arabic_letter, is_known
from indexer.sources.pdf.fonts import is_private
from indexer.sources.pdf.glyphs import Glyph
from indexer.sources.pdf.lines import Piece

_VISIBLE_SPACE = 0.05
"""The least gap, in font sizes, at a space that a producer wrote: others show nothing."""

_GAP_WITH_SPACES = 0.4
_GAP_WITHOUT_SPACES = 0.13
"""The least gap between words, in font sizes, where a page writes spaces, and where it does not."""

_BARE_GAP = 0.2
"""The least gap without a space that tells that words are written without them, in font sizes."""

_WIDELY_SPACED = 0.15
"""The share of glyphs with a gap before them from which letters are spaced, not words."""

_FEW_GAPS, _MOST_GAPS = 4, 60
"""The least number of narrow gaps of a page that are looked at, and the largest."""

_GAP_BETWEEN_SCRIPTS = 0.18
"""The same between an Arabic letter and a Latin one or a digit, and between two digits."""

_STROKES = re.compile(
    f"(?<=[\u0620-\u06d5]){TATWEEL}++(?=[\u0620-\u063f\u0641-\u06d5])"
    f"|(?<=[\u0620-\u063f\u0641-\u064a]{{2}}){TATWEEL}++(?![\u0620-\u06d5])|(?<=[،؛؟.]){TATWEEL}++"
)
"""Matches strokes that lengthen a word to justify a line: those between letters, or behind two."""

_NUMBER_ALONE = re.compile(r"\s*[0-9]+(?:[-/.,:\u00ad\u2010-\u2012][0-9]+)+\s*")
"""Matches a number or date of European digits alone, which is displayed in its own order."""

_ARABIC_ALONE = re.compile("(?=[^\u0620-\u064a]*[\u0620-\u064a])[ \u0620-\u064a،؛؟.]*")
"""Matches a line in which nothing is written from left to right, nor mirrored."""

_BRACKETS = ("()", "[]", "{}", "«»", "<>", "‹›")

_PARTS_OF_LETTERS = "\u0653\u0654\u0655"
"""Madda and hamza, which some fonts draw apart from the letters that have them."""

_CARRIERS = "اويى"

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
    if is_spaced and narrow >= _FEW_GAPS and _are_words_apart(pieces):
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


def arabic_share(text: str) -> float:
    """Return the share of Arabic among the letters of a text, 0.5 where it has none."""
    arabic = latin = 0
    for character, count in Counter(text).items():
        match unicodedata.bidirectional(character):
            case "AL" | "R":
                arabic += count
            case "L":
                latin += count
    return arabic / (arabic + latin) if arabic + latin else 0.5


def text_of(piece: Piece, words: Iterable[Sequence[Glyph]], *, from_right: bool) -> str:
    """Return the text of a piece of these words, which are from left to right.

    `from_right` is the direction of the page, which a piece without letters has too.
    """
    if piece.marks:
        clusters = _clusters_of(piece, words)
        _add_marks(clusters, piece)
        texts = [cluster.text for cluster in clusters]
    else:
        texts = _texts_of(piece, words)
    whole = "".join(texts)
    share = arabic_share(whole)
    if _NUMBER_ALONE.fullmatch(whole):
        text = whole
    elif _ARABIC_ALONE.fullmatch(whole):
        text = "".join(reversed(texts))
    elif share > 0.5 or (share == 0.5 and from_right) or (from_right and share > 0.3):
        text = _with_brackets_open_first("".join(from_visual_order(texts)))
    else:
        text = "".join(_right_runs_turned(texts))
    return _STROKES.sub("", " ".join(text.split()))


def _with_brackets_open_first(text: str) -> str:
    """Return a line with those brackets swapped of which a closing one comes first.

    Some producers state for a bracket what it looks like, others what it means in Arabic text.
    """
    for pair in _BRACKETS:
        opening, closing = pair[0], pair[1]
        if closing not in text:
            continue
        first, last = text.find(opening), text.rfind(closing)
        if text.find(closing) < first and last < text.rfind(opening):
            text = text.translate({ord(opening): closing, ord(closing): opening})
    return text


class _Cluster:
    """One base glyph with the marks on it, or a space."""

    __slots__ = ("centre", "text")

    def __init__(self, text: str, centre: float) -> None:
        self.text = text
        self.centre = centre


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
        if last is None or (left > last_right and _is_apart(last, glyph, least)):
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


def _is_note_mark(glyph: Glyph, text: str, piece: Piece) -> bool:
    """Return whether a glyph is part of the raised number of a footnote."""
    return (
        glyph.size < 0.8 * piece.size
        and glyph.y > piece.y + 0.15 * piece.size
        and (text.isdecimal() or text in "()[]*")
    )


def _texts_of(piece: Piece, words: Iterable[Sequence[Glyph]]) -> list[str]:
    """Return the texts of the glyphs of a piece without marks, with a space between words."""
    texts: list[str] = []
    small = 0.8 * piece.size
    for word in words:
        if texts and texts[-1] != " ":
            texts.append(" ")
        for glyph in word:
            text = shown_text(glyph.text)
            if text and not (glyph.size < small and _is_note_mark(glyph, text, piece)):
                texts.append(text)
    return texts


def _clusters_of(piece: Piece, words: Iterable[Sequence[Glyph]]) -> list[_Cluster]:
    """Return the glyphs of a piece from left to right, with a space between words."""
    clusters: list[_Cluster] = []
    for word in words:
        if clusters and clusters[-1].text != " ":
            clusters.append(_Cluster(" ", word[0].left))
        for glyph in word:
            text = shown_text(glyph.text)
            if text and not _is_note_mark(glyph, text, piece):
                clusters.append(_Cluster(text, (glyph.left + glyph.right) / 2))
    return clusters


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


def _add_marks(clusters: list[_Cluster], piece: Piece) -> None:
    """Put the text of each mark behind the letter that it stands nearest to."""
    letters = [cluster for cluster in clusters if cluster.text != " "]
    if not letters:
        return
    for mark in sorted(piece.marks, key=lambda mark: mark.left):
        centre = (mark.left + mark.right) / 2
        text = unicodedata.normalize("NFKC", mark.text)
        near = letters
        if text[0] in _PARTS_OF_LETTERS:
            reach = 0.5 * mark.size
            near = [
                letter
                for letter in letters
                if (letter.text[-1] in _CARRIERS or _bears(letter.text, text[0]))
                and abs(letter.centre - centre) < reach
            ] or letters
        nearest = min(near, key=lambda cluster: abs(cluster.centre - centre))
        if _bears(nearest.text, text[0]):
            text = text[1:]  # Typst states the letter with it, and it again
        nearest.text += text
        if near is not letters:
            nearest.text = unicodedata.normalize("NFC", nearest.text)


def _bears(letter: str, part: str) -> bool:
    """Return whether a letter is one that has a hamza or madda as its part, not as a mark on it."""
    if part not in _PARTS_OF_LETTERS or part in letter:
        return False
    return part in unicodedata.normalize("NFD", letter)


def _right_runs_turned(texts: list[str]) -> list[str]:
    """Return the clusters of a line from left to right, with the Arabic words in it turned."""
    result: list[str] = []
    start = 0
    while start < len(texts):
        if not _is_arabic(texts[start]):
            result.append(texts[start])
            start += 1
            continue
        end = last = start + 1
        while end < len(texts) and unicodedata.bidirectional(texts[end][0]) != "L":
            if _is_arabic(texts[end]):
                last = end + 1
            end += 1
        result += from_visual_order(texts[start:last])
        start = last
    return result


def _is_arabic(text: str) -> bool:
    return unicodedata.bidirectional(text[0]) in ("AL", "R")
