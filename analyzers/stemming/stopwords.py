"""Stop words: function words that say little about what a document is about.

They are indexed like every word, so quoted phrases find them; a query drops them when it has
other words.
"""

from __future__ import annotations

from functools import cache

from analyzers.word_files import read_words

_CONJUNCTIONS = "وف"

_WORDS_OF_THEIR_OWN = frozenset(
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
"""Words that look like a conjunction before a function word: a governor, an heir, astronomy."""


@cache
def _words() -> frozenset[str]:
    return read_words("stopwords.txt")


def is_stopword(surface: str) -> bool:
    """Tell whether a surface form is a function word, alone or behind و or ف.

    >>> [is_stopword(word) for word in ("في", "وهو", "فيلم", "ولي")]
    [True, True, False, False]
    """
    words = _words()
    return surface in words or (
        surface[:1] in _CONJUNCTIONS and surface[1:] in words and surface not in _WORDS_OF_THEIR_OWN
    )
