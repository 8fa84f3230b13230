"""The tokenizer: splits a text into words, with offsets into the original.

A word is one of
- Arabic letters with the marks, tatweel and invisible controls between them; a space before a mark is
  part of the word too, because no word begins with a mark;
- letters of other scripts with digits, an apostrophe between letters, or a hyphen before digits:
  `iPhone`, `don't`, `F16`, `COVID-19`;
- a number, with thousands separators or one decimal point: `5,800`, `3.14`, `٢٠٠٣`; invisible
  controls between its digits are part of it;
- one code point that is a phrase ligature (ﷺ).

Everything else separates words: spaces, punctuation, `/`, `_`, and the change from Arabic letters
to another script or to digits, so `آب/أغسطس`, `#الحشد_الشعبي`, `٢٠٠٣م` and `الـBBC` are two words each.
Offsets are code points of the original text, which is never rewritten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from functools import cache

from pyarabic.araby_const import DECIMAL, TATWEEL, THOUSANDS

from analyzers.normalization.folding import CONTROLS, MARKS, PHRASE_LIGATURES, SPACES

_ARABIC_LETTERS = (
    "\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06fc\u06ff"
    "\u0674\u0750-\u077f\u0870-\u0887\u0889-\u088f\u08a0-\u08c9"
    "\ufb50-\ufbb1\ufbd3-\ufc5d\ufc64-\ufcf1\ufcf5-\ufd3d\ufd50-\ufd8f\ufd92-\ufdc7"
    "\ufdf0-\ufdf9\ufdfc\ufe80-\ufefc\U0001ee00-\U0001eeef"
)
_LATIN_ACCENTS = "\u0300-\u034e\u0350-\u036f"  # 034F is a control
_POINTED_SCRIPTS = (
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4-\u05c7\u0900-\u0963\u0970-\u0dff\u0e00-\u0eff"
)


def _ranges(characters: str) -> str:
    """Return characters as ranges of a character class, which `re` compiles faster than a list."""
    ranges: list[list[int]] = []
    for code in sorted(map(ord, characters)):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


_COMBINING_MARK = _ranges(MARKS)
_MARK = _ranges(MARKS + TATWEEL)
_PHRASE_LIGATURE = _ranges(PHRASE_LIGATURES)
_CONTROL = f"[{_ranges(CONTROLS)}]"
_GAP = f"[{_ranges(SPACES + CONTROLS)}]"
_APOSTROPHES = "'`\u2018\u2019"
_ARABIC = f"[{_ARABIC_LETTERS}]"
_ARABIC_OR_MARK = f"[{_ARABIC_LETTERS}{_MARK}]"
_LETTER = rf"(?:[^\W\d_{_ARABIC_LETTERS}{_PHRASE_LIGATURE}{_MARK}]|(?!\d)[{_POINTED_SCRIPTS}])"
_LETTERS_AND_DIGITS = (
    rf"[^\W_{_ARABIC_LETTERS}{_PHRASE_LIGATURE}{_MARK}]++|[{_POINTED_SCRIPTS}{_LATIN_ACCENTS}]++"
)

# What can follow the first character of a word; the look-behinds of `WORD` test that character.
_REST_OF_ARABIC_WORD = (
    f"{_ARABIC_OR_MARK}*+"
    f"(?:(?:{_CONTROL}++{_ARABIC_OR_MARK}|{_GAP}++[{_COMBINING_MARK}]){_ARABIC_OR_MARK}*+)*+"
)
_REST_OF_OTHER_WORD = (
    rf"(?:{_LETTERS_AND_DIGITS}|(?:{_CONTROL}++|[{_APOSTROPHES}]){_LETTER})*+"
    rf"(?:[-\u2010\u2011]\d++(?:{_LETTERS_AND_DIGITS}|{_CONTROL}++{_LETTER})*+)?+"
)
_THOUSANDS = f"[,{THOUSANDS}]"
_POINT = f"[.{DECIMAL}]"
_REST_OF_NUMBER = (
    rf"(?:\d{{0,2}}(?:{_THOUSANDS}\d{{3}})++(?:{_POINT}\d++)?+(?!\d)"
    rf"|(?<!{_POINT}\d)\d*+{_POINT}\d++(?!{_POINT}\d)"
    rf"|\d*+(?:{_CONTROL}++\d++)*+)"
)
# Marks before the first letter belong to the word. The look-behind avoids quadratic time on a long
# run of marks without a letter.
_REST_OF_MARKS = f"(?<![{_MARK}]{{2}})[{_MARK}]*+{_ARABIC}"

WORD = re.compile(
    # One class has every first character, so `re` skips separators without trying the alternatives.
    # The look-behinds then test its kind, the most frequent first. This is a fifth faster than
    # alternatives that each begin with a class of their own.
    rf"[\w{_ARABIC_LETTERS}{_MARK}{_POINTED_SCRIPTS}{_PHRASE_LIGATURE}]"
    rf"(?:(?:(?<={_ARABIC})|(?<=[{_MARK}]){_REST_OF_MARKS}){_REST_OF_ARABIC_WORD}"
    rf"|(?:(?<={_LETTER})|(?<=\d)\d*+{_LETTER}){_REST_OF_OTHER_WORD}"
    rf"|(?<=\d){_REST_OF_NUMBER}"
    rf"|(?<=[{_PHRASE_LIGATURE}]))"
)
"""Matches one word. Without groups, so that `WORD.findall` returns the words as written."""


@cache
def _place_to_split() -> re.Pattern[str]:
    """Return the pattern of a place where no word is cut. Searches do without."""
    return re.compile(
        # After a character that no word depends on, and after a space that is in no word.
        rf"[^\w{_ARABIC_LETTERS}{_MARK}{_POINTED_SCRIPTS}{_LATIN_ACCENTS}{_PHRASE_LIGATURE}"
        rf"{_ranges(SPACES + CONTROLS)}{_APOSTROPHES}\-\u2010\u2011,.{THOUSANDS}{DECIMAL}]"
        rf"|[{SPACES}](?![{_ranges(SPACES + CONTROLS + MARKS)}])"
    )


def split_text(text: str, size: int) -> list[str]:
    """Return a text in parts of at least `size` code points; the last may be shorter.

    The words of the text are those of its parts, in order. A part ends at the first place from `size`
    on where no word is cut, so one with a long word, or a run of spaces, is longer.

    >>> split_text("وعن أبي هريرة", 5)
    ['وعن أبي ', 'هريرة']
    """
    parts = []
    start, place = 0, _place_to_split()
    while found := place.search(text, start + size - 1):
        parts.append(text[start : found.end()])
        start = found.end()
    if start < len(text) or not parts:
        parts.append(text[start:])
    return parts


class CharacterClass(IntEnum):
    """The part that a character can have in a word; see `character_classes`."""

    NONE = 0
    SPACE = 1
    JOINER = 2
    CONTROL = 3
    MARK = 4
    ARABIC = 5
    OTHER = 6


_CLASSES = (
    (re.compile(f"[{SPACES}]+"), CharacterClass.SPACE),
    (re.compile(f"(?:{_CONTROL})+"), CharacterClass.CONTROL),
    (re.compile(f"[{_COMBINING_MARK}]+"), CharacterClass.MARK),
    (re.compile(f"[{_ARABIC_LETTERS}{_MARK}{_PHRASE_LIGATURE}]+"), CharacterClass.ARABIC),
    (re.compile(rf"[\w{_POINTED_SCRIPTS}{_LATIN_ACCENTS}]+"), CharacterClass.OTHER),
    (
        re.compile(f"(?:{_THOUSANDS}|{_POINT}|[{_APOSTROPHES}\u2010\u2011-])+"),
        CharacterClass.JOINER,
    ),
)


def character_classes(characters: str) -> bytes:
    """Return the `CharacterClass` of each character, which tells where a text can be split.

    `NONE` is a separator: it is in no word, and no word depends on it, so a text can be split there
    without changing its words. `SPACE` is a separator too, unless a `MARK` follows, after more spaces
    and any `CONTROL`. `JOINER` is punctuation that can be inside a word; a text can be split there
    unless an `OTHER` character follows. `ARABIC` is a letter, tatweel or ligature of Arabic words,
    `OTHER` a character of other words and numbers, including Arabic digits.
    """
    classes = bytearray(len(characters))
    for pattern, found in reversed(_CLASSES):  # the first that matches counts
        for run in pattern.finditer(characters):
            start, end = run.span()
            classes[start:end] = bytes([found]) * (end - start)
    return bytes(classes)


def tokenize(text: str) -> Iterator[tuple[int, int]]:
    """Yield the half-open code point range of every word of `text`, in order.

    >>> text = "قال: «آب/أغسطس»"
    >>> [text[start:end] for start, end in tokenize(text)]
    ['قال', 'آب', 'أغسطس']
    """
    for match in WORD.finditer(text):
        yield match.span()
