"""Cutting a text into words, with exact offsets into the original.

A word is one of
- Arabic letters with the marks, tatweel and invisible controls between them;
- letters of other scripts with digits, an apostrophe between letters, or a hyphen before digits:
  `iPhone`, `don't`, `F16`, `COVID-19`;
- a number, with thousands separators or one decimal point: `5,800`, `3.14`, `٢٠٠٣`; invisible
  controls between its digits are part of it;
- one code point that stands for a phrase (ﷺ).

Everything else separates words: spaces, punctuation, `/`, `_`, and the change from Arabic letters
to another script or to digits, so `آب/أغسطس`, `#الحشد_الشعبي`, `٢٠٠٣م` and `الـBBC` are two words each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum

from pyarabic.araby_const import DECIMAL, TATWEEL, THOUSANDS

from analyzers.normalization.folding import CONTROLS, MARKS, PHRASE_LIGATURES

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
    """Return characters as the ranges of a class: `re` compiles those faster than single ones."""
    ranges: list[list[int]] = []
    for code in sorted(map(ord, characters)):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


_MARK = _ranges(MARKS + TATWEEL)
_CONTROL = f"[{_ranges(CONTROLS)}]"
_ARABIC = f"[{_ARABIC_LETTERS}]"
_ARABIC_OR_MARK = f"[{_ARABIC_LETTERS}{_MARK}]"
_LETTER = rf"(?:[^\W\d_{_ARABIC_LETTERS}{PHRASE_LIGATURES}{_MARK}]|(?!\d)[{_POINTED_SCRIPTS}])"
_LETTERS_AND_DIGITS = (
    rf"[^\W_{_ARABIC_LETTERS}{PHRASE_LIGATURES}{_MARK}]++|[{_POINTED_SCRIPTS}{_LATIN_ACCENTS}]++"
)

# What follows the first character, which the look-behinds of `WORD` know.
_REST_OF_ARABIC_WORD = f"{_ARABIC_OR_MARK}*+(?:{_CONTROL}++{_ARABIC_OR_MARK}++)*+"
_REST_OF_OTHER_WORD = (
    rf"(?:{_LETTERS_AND_DIGITS}|(?:{_CONTROL}++|['\u2019\u02bc]){_LETTER})*+"
    rf"(?:[-\u2010\u2011]\d++(?:{_LETTERS_AND_DIGITS}|{_CONTROL}++{_LETTER})*+)?+"
)
_THOUSANDS = f"[,{THOUSANDS}]"
_POINT = f"[.{DECIMAL}]"
_REST_OF_NUMBER = (
    rf"(?:\d{{0,2}}(?:{_THOUSANDS}\d{{3}})++(?:{_POINT}\d++)?+(?!\d)"
    rf"|(?<!{_POINT}\d)\d*+{_POINT}\d++(?!{_POINT}\d)"
    rf"|\d*+(?:{_CONTROL}++\d++)*+)"
)
# Marks before the first letter belong to the word; the look-behind keeps a long run of them from
# being tried at every start.
_REST_OF_MARKS = f"(?<![{_MARK}]{{2}})[{_MARK}]*+{_ARABIC}"

WORD = re.compile(
    # One class holds every first character, so `re` passes over separators without a try of the
    # alternatives. The look-behinds ask which kind it was, the most frequent first. A fifth
    # faster than alternatives that begin with a class each.
    rf"[\w{_ARABIC_LETTERS}{_MARK}{_POINTED_SCRIPTS}{PHRASE_LIGATURES}]"
    rf"(?:(?:(?<={_ARABIC})|(?<=[{_MARK}]){_REST_OF_MARKS}){_REST_OF_ARABIC_WORD}"
    rf"|(?:(?<={_LETTER})|(?<=\d)\d*+{_LETTER}){_REST_OF_OTHER_WORD}"
    rf"|(?<=\d){_REST_OF_NUMBER}"
    rf"|(?<=[{PHRASE_LIGATURES}]))"
)
"""Matches one word. It has no groups, so `WORD.findall` returns the words as written."""


class Part(IntEnum):
    """What a character may be in a word. See `part_of_word`."""

    NONE = 0
    JOINER = 1
    ARABIC = 2
    OTHER = 3


_ARABIC_PART = re.compile(f"[{_ARABIC_LETTERS}{_MARK}{PHRASE_LIGATURES}]|{_CONTROL}")
_JOINER = re.compile(f"{_THOUSANDS}|{_POINT}|['\u2019\u2010\u2011-]")  # 02BC is a letter
_OTHER_PART = re.compile(rf"[\w{_POINTED_SCRIPTS}{_LATIN_ACCENTS}]")


def part_of_word(character: str) -> Part:
    """Tell what a character may be in a word.

    NONE is in no word, and `WORD` looks for none, so a text can be cut there and keeps its words.
    That is true of a JOINER too, unless an OTHER part follows it: a letter or digit that is not of
    the Arabic script, or an Arabic digit.
    """
    if _ARABIC_PART.match(character):
        return Part.ARABIC
    if _OTHER_PART.match(character):
        return Part.OTHER
    return Part.JOINER if _JOINER.match(character) else Part.NONE


def tokenize(text: str) -> Iterator[tuple[int, int]]:
    """Yield the half-open code point range of every word of `text`, in order.

    >>> text = "قال: «آب/أغسطس»"
    >>> [text[start:end] for start, end in tokenize(text)]
    ['قال', 'آب', 'أغسطس']
    """
    for match in WORD.finditer(text):
        yield match.span()
