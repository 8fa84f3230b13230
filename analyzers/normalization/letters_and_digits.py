"""Splits a word of letters and digits into its parts: RTX4090 into rtx and 4090.

Writers put a space, a hyphen or nothing between them (256GB, "256 GB"; F16, F-16, "F 16"), and ask for
a part of a long name (55Q70 for QLED-55Q70). With a term for each part all of these meet.
"""

from __future__ import annotations

import re

from analyzers.normalization.folding import fold

MAX_PARTS = 8
"""A word of more parts is an identifier (3f2c9a1b0d), which nobody writes in another way."""

_HYPHEN = re.compile("[-\u2010\u2011]")
_LETTERS_OR_DIGITS = re.compile("[0-9]+|[^0-9]+")


def split_letters_and_digits(word: str, folded: str) -> list[str]:
    """Return the parts of a word that is `folded` as a whole: runs of letters and runs of digits.

    A word of letters and a number are one part.

    >>> split_letters_and_digits("QLED-55Q70", "qled55q70")
    ['qled', '55', 'q', '70']
    """
    if folded.isalpha() or folded.replace(".", "").isdecimal():  # covid, 3.14
        return [folded]
    parts = [
        part
        for between_hyphens in _HYPHEN.split(word)
        for part in _LETTERS_OR_DIGITS.findall(fold(between_hyphens))
    ]
    return parts if len(parts) <= MAX_PARTS else [folded]
