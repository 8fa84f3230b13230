"""Stop words: function words, which say little about what a document is about.

They are indexed like every word, so quoted phrases match them; a query ignores them if it has other
words.
"""

from __future__ import annotations

from functools import cache

from analyzers.word_files import read_word_list

_CONJUNCTIONS = "وف"

_CONTENT_WORDS = frozenset(
    (
        "والي",
        "ولي",
        "وهم",
        "وكلا",
        "وكيلا",
        "وجدا",
        "فهم",
        "فقد",
        "فحول",
        "فك",
        "فلك",
        "فلكي",
        "فعلي",
    )
)
"""Words that look like a conjunction and a function word, and are neither: والي is a governor."""


@cache
def _function_words() -> frozenset[str]:
    return read_word_list("stopwords.txt")


def is_stopword(surface: str) -> bool:
    """Tell whether a surface form is a function word, alone or after the conjunction و or ف.

    Raises DataFileError where the list cannot be read.

    >>> [is_stopword(word) for word in ("في", "وهو", "فيلم", "ولي")]
    [True, True, False, False]
    """
    words = _function_words()
    return surface in words or (
        surface[:1] in _CONJUNCTIONS and surface[1:] in words and surface not in _CONTENT_WORDS
    )
