"""Line text: the text of a piece of a line, from its first letter to its last.

Glyphs stand in visual order; words begin where there is a space, or a gap as wide as one. Arabic lines
are read from the right, with the runs from left to right in them turned back
(`analyzers.normalization.logical_order`).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from pyarabic.araby_const import TATWEEL

from analyzers.normalization.logical_order import from_visual_order
from indexer.sources.pdf.glyphs import Glyph
from indexer.sources.pdf.lines import Piece
from indexer.sources.pdf.spacing import shown_text

_STROKES = re.compile(
    f"(?<=[\u0620-\u06d5]){TATWEEL}++(?=[\u0620-\u063f\u0641-\u06d5])"
    f"|(?<=[\u0620-\u063f\u0641-\u064a]{{2}}){TATWEEL}++(?![\u0620-\u06d5])|(?<=[،؛؟.]){TATWEEL}++"
)
"""Matches strokes that lengthen a word to justify a line: those between letters, or behind two."""

_NUMBER_ALONE = re.compile(r"\s*[0-9]+(?:[-/.,:\u00ad\u2010-\u2012][0-9]+)+\s*")
"""Matches a number or date of European digits alone, which is displayed in its own order."""

_ARABIC_ALONE = re.compile("(?=[^\u0620-\u064a]*[\u0620-\u064a])[ \u0620-\u064a،؛؟.]*")
"""Matches a line in which nothing is written from left to right, nor mirrored."""

_TWO_ALEFS = re.compile("(?<![\u0621-\u064a])([وفبت]?)ا(?=اللهم?(?![\u0621-\u064a]))")
"""Matches the alef before a ligature that is stated with it, but drawn without: some fonts do so."""

_BRACKETS = ("()", "[]", "{}", "«»", "<>", "‹›")

_PARTS_OF_LETTERS = "\u0653\u0654\u0655"
"""Madda and hamza, which some fonts draw apart from the letters that have them."""

_CARRIERS = "اويى"


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
    if "االله" in text:
        text = _TWO_ALEFS.sub(r"\1", text)
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
