"""Note marks: the raised numbers that lead to notes, which would be glued to the word before them."""

from __future__ import annotations

import re

_MARK = re.compile(r"[\s\u200e\u200f]*[(\[{]?[\s\d\u200e\u200f*†‡,،؛.-]+[)\]}]?[\s\u200e\u200f]*")
_LETTER = re.compile(r"\s*[(\[]\w{1,3}[)\]]\s*")
_UNITS = frozenset(
    ("كم", "سم", "مم", "دم", "متر", "أمتار", "كيلومتر", "سنتيمتر", "مليمتر", "ميل", "قدم")
)
_LONGEST_SYMBOL = 3


def is_mark(text: str) -> bool:
    """Return whether a text is a number, a star or letters in brackets, as marks of notes are.

    >>> [text for text in ("١٢", "[3]", "(أ)", "*", "ar", "ثان") if is_mark(text)]
    ['١٢', '[3]', '(أ)', '*']
    """
    return bool(_MARK.fullmatch(text) or _LETTER.fullmatch(text))


def is_note_mark(raised: str, before: str) -> bool:
    """Return whether a raised text is the mark of a note, by the text before it.

    The exponent of a unit, a number or a symbol is none, nor is what begins a line.

    >>> is_note_mark("2", "في قاعة العدل"), is_note_mark("2", "مساحته ٣ كم")
    (True, False)
    """
    if not is_mark(raised):
        return False
    words = before.split()
    word = words[-1] if words else ""
    letters = sum(map(str.isalpha, word))
    if not word or word[-1].isdecimal() or letters == 1 or word in _UNITS:
        return False
    return not word.isascii() or letters > _LONGEST_SYMBOL or not word[-1].isalnum()
