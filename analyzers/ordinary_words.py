"""Ordinary words: the surface forms of many words at once, of those that few rules apply to.

Nine of ten distinct words of a text are Arabic letters alone, and their surface form differs from
them by letter variants at most. Folded together in one string they take a fifth of the time that
`analyzers.analyzer.surface_forms` takes one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from analyzers.normalization.folding import RESPELLED_WORDS
from analyzers.normalization.turned_ligatures import CANDIDATE_LINE
from analyzers.stemming.joined_words import CANDIDATE_LINE as JOINED_LINE

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
    CANDIDATE_LINE,
    JOINED_LINE,
)
"""What in words as written, and in their surface forms, some other rule may apply to."""


def ordinary_surface_forms(words: Sequence[str]) -> list[str]:
    """Return the surface form of each ordinary word, and "" for each other one.

    No word has a line break in it.

    >>> ordinary_surface_forms(["المدرسة", "على", "٢٠٠٣م"])
    ['المدرسه', 'علي', '']
    """
    written = "\n".join(("", *words, ""))
    folded = written
    for variant, letter in _VARIANTS:
        folded = folded.replace(variant, letter)
    forms = folded.split("\n")[1:-1]
    starts = np.cumsum([0, *(len(word) + 1 for word in words)])
    found = np.fromiter(_places(written, folded), np.intp)
    for line in np.unique(starts.searchsorted(found, "right") - 1).tolist():
        forms[line] = ""
    if not RESPELLED_WORDS.isdisjoint(forms) or max(map(len, words), default=0) > LONGEST:
        return ["" if form in RESPELLED_WORDS or len(form) > LONGEST else form for form in forms]
    return forms


def _places(written: str, folded: str) -> Iterator[int]:
    """Yield a place in each word that is no ordinary one, counted from the first letter of all."""
    for patterns, text in ((_WRITTEN, written), (_FOLDED, folded)):
        for pattern in patterns:
            for found in pattern.finditer(text):
                yield found.end() - 1 if found[0].startswith("\n") else found.start()
