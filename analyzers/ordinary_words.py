"""Ordinary words: the surface forms of many words at once, of those that few rules apply to.

Nine of ten distinct words of a text are Arabic letters alone, and their surface form differs from
them by letter variants at most. Folded together in one string they take a fifth of the time that
`analyzers.analyzer.surface_forms` takes one by one. Those that may have a turned ligature or be two
words are asked about one by one, and most are ordinary after all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from analyzers.normalization.folding import RESPELLED_WORDS
from analyzers.normalization.turned_ligatures import CANDIDATE_LINE as TURNED_LINE
from analyzers.normalization.turned_ligatures import repair_candidate
from analyzers.stemming.joined_words import CANDIDATE_LINE as JOINED_LINE
from analyzers.stemming.joined_words import split_joined_word
from analyzers.stemming.protected_words import ProtectedWords

LONGEST = 128
"""Longer words are no ordinary ones."""

_VARIANTS = (("أ", "ا"), ("إ", "ا"), ("آ", "ا"), ("ى", "ي"), ("ة", "ه"))

_WRITTEN = (
    re.compile("[^\n\u0621-\u063a\u0641-\u064a]+"),  # no letter
    re.compile("ة(?=[^\n])"),  # a space is missing
    re.compile("\n[وف]?(?:إل|ألن)"),  # a turned ligature, perhaps
    re.compile("ىل(?=\n)"),
)
_FOLDED = (
    re.compile(r"([\u0621-\u064a])\1\1"),  # lengthened
    re.compile("ءا|ماء"),
    re.compile("\n[وف]?ا[اءئ]"),
)
"""What in words as written, and in their surface forms, some other rule may apply to."""


def ordinary_surface_forms(
    words: Sequence[str], protected_words: ProtectedWords | None = None
) -> list[str]:
    """Return the surface form of each ordinary word, and "" for each other one.

    No word has a line break in it. Without `protected_words` the shipped lists apply. Raises
    LexiconError where the shipped lexicon cannot be read.

    >>> ordinary_surface_forms(["المدرسة", "على", "٢٠٠٣م"])
    ['المدرسه', 'علي', '']
    """
    written = "\n".join(("", *words, ""))
    folded = written
    for variant, letter in _VARIANTS:
        folded = folded.replace(variant, letter)
    forms = folded.split("\n")[1:-1]
    if not RESPELLED_WORDS.isdisjoint(forms) or max(map(len, words), default=0) > LONGEST:
        forms = ["" if form in RESPELLED_WORDS or len(form) > LONGEST else form for form in forms]
    starts = np.cumsum([0, *(len(word) + 1 for word in words)])

    def lines(text: str, *patterns: re.Pattern[str]) -> list[int]:
        found = np.fromiter(_places(text, patterns), np.intp)
        numbers: list[int] = np.unique(starts.searchsorted(found, "right") - 1).tolist()
        return numbers

    for line in (*lines(written, *_WRITTEN), *lines(folded, *_FOLDED)):
        forms[line] = ""
    for line in lines(folded, TURNED_LINE):
        if forms[line] and repair_candidate(words[line], forms[line]) != words[line]:
            forms[line] = ""
    for line in lines(folded, JOINED_LINE):
        if forms[line] and len(split_joined_word(forms[line], protected_words)) > 1:
            forms[line] = ""
    return forms


def _places(text: str, patterns: Sequence[re.Pattern[str]]) -> Iterator[int]:
    """Yield a place in each word that a pattern matches in, counted from the first letter of all."""
    for pattern in patterns:
        for found in pattern.finditer(text):
            yield found.end() - 1 if found[0].startswith("\n") else found.start()
