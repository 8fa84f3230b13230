"""Stop words: function words, which say little about what a document is about.

They are indexed like every word, so quoted phrases match them. In a query with other words they
choose no documents, and only order those that the others find.

Folding makes one form of a function word and of a name: على and علي, إلى and آلي, مني and منى. What a
query means is told by how the word is written, so `is_stopword` asks for a
surface form, the others for a word as written.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

from pyarabic.araby_const import (
    ALEF,
    ALEF_HAMZA_ABOVE,
    ALEF_HAMZA_BELOW,
    ALEF_MAKSURA,
    ALEF_WASLA,
    KAF,
    TATWEEL,
    YEH,
)

from analyzers.normalization.folding import CONTROLS, MARKS, fold
from analyzers.word_files import read_word_list

_CONJUNCTIONS = "وف"

_CACHED_WORDS = 10_000
"""The words of queries repeat themselves."""

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

_UNSIGNED = str.maketrans(
    {
        **dict.fromkeys(MARKS + TATWEEL + CONTROLS),
        **dict.fromkeys(ALEF_HAMZA_ABOVE + ALEF_HAMZA_BELOW + ALEF_WASLA, ALEF),
        "ک": KAF,
        "ی": ALEF_MAKSURA,
    }
)
"""Deletes marks and the hamza of an alef, which writers leave out; آ, ى and ة stay."""


@cache
def _stopwords() -> frozenset[str]:
    return frozenset(map(fold, read_word_list("stopwords.txt", "homographs.txt")))


@cache
def _function_words() -> frozenset[str]:
    return frozenset(map(_unsigned, read_word_list("stopwords.txt")))


@cache
def _folded_function_words() -> frozenset[str]:
    return frozenset(map(fold, read_word_list("stopwords.txt")))


@cache
def _homographs() -> frozenset[str]:
    return frozenset(map(_unsigned, read_word_list("homographs.txt")))


def is_stopword(surface: str) -> bool:
    """Tell whether a surface form may be a function word, alone or after the conjunction و or ف.

    Raises DataFileError where a list cannot be read.

    >>> [is_stopword(word) for word in ("في", "وهو", "فيلم", "ولي")]
    [True, True, False, False]
    """
    words = _stopwords()
    return surface in words or (
        surface[:1] in _CONJUNCTIONS and surface[1:] in words and surface not in _CONTENT_WORDS
    )


def is_another_word(word: str) -> bool:
    """Tell whether only writing parts a word from a function word: علي, which folds like على.

    >>> [is_another_word(word) for word in ("علي", "آلي", "على", "مثل", "كتاب")]
    [True, True, False, False, False]
    """
    surface = fold(word)
    return surface in _folded_function_words() and not is_function_word(word)


@lru_cache(_CACHED_WORDS)
def is_noun_too(word: str) -> bool:
    """Tell whether a word as written is a function word and a noun or name as well: مثل, متى.

    >>> [is_noun_too(word) for word in ("مثل", "متى", "علي", "على", "كتاب")]
    [True, True, False, False, False]
    """
    return _unsigned(word) in _homographs() and not is_another_word(word)


@lru_cache(_CACHED_WORDS)
def is_function_word(word: str) -> bool:
    """Tell whether a word as written is a function word and nothing else.

    A spelling that leaves out signs still is one: الى for إلى, فى for في. One with other signs is
    another word: آلي, آية. Raises DataFileError where a list cannot be read.

    >>> [is_function_word(word) for word in ("على", "علي", "الى", "آلي", "فى", "منى", "وهو")]
    [True, False, True, False, True, False, True]
    """
    written = _unsigned(word)
    if _is_listed(written):
        return True
    return (
        written[:1] in _CONJUNCTIONS
        and _is_listed(written[1:])
        and fold(written) not in _CONTENT_WORDS
    )


def _is_listed(written: str) -> bool:
    words = _function_words()
    if written in words:
        return True
    return (
        written.endswith(ALEF_MAKSURA)
        and written[:-1] + YEH in words
        and written not in _homographs()
    )


def _unsigned(word: str) -> str:
    return unicodedata.normalize("NFKC", word).translate(_UNSIGNED)
