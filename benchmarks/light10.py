"""The light10 stemmer, to compare with.

Larkey, Ballesteros and Connell, "Light Stemming for Arabic Information Retrieval" (2007), with
the minimum lengths of Lucene's `ArabicStemmer`.
"""

from __future__ import annotations

PREFIXES = ("ال", "وال", "بال", "كال", "فال", "لل", "و")
"""The first that fits is cut; at most one."""

SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ية", "ه", "ة", "ي")
"""Each in turn is cut if the word, after the cuts before, ends with it."""


def light10(folded_word: str) -> str:
    """Return the light10 stem of a surface form.

    The prefix is cut first. Every cut leaves at least two letters, that of the prefix و at least
    three.

    >>> light10("والمعلمون"), light10("وزاره"), light10("لبنان")
    ('معلم', 'زار', 'لبن')
    """
    word = folded_word
    for prefix in PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= (3 if prefix == "و" else 2):
            word = word[len(prefix) :]
            break
    for suffix in SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 2:
            word = word[: -len(suffix)]
    return word
