"""Collation: the order in which people look for Arabic names and titles in a list.

Keys are compared by code points, which for Arabic letters is the order of the alphabet: digits come
first, then Latin letters, then Arabic ones, and last those that other languages added (پ, چ, گ).
"""

from __future__ import annotations

from functools import lru_cache

from analyzers.normalization.folding import fold
from analyzers.stemming.light_stemmer import explain, fold_hamza
from analyzers.tokenizer import WORD

COLLATION_VERSION = 2
"""Counts the changes of keys: an index that stores those of another version does not use them."""

MOST_KEY_CHARACTERS = 200
"""Code points of a key: texts that agree in so many are equal in a list."""

_ARTICLE = "ال"
_LONGEST_TEXT = 2000
"""Code points of a text that are read for its key: marks and punctuation take some of them."""


def collation_key(text: str) -> str:
    """Return the key by which a text is put in alphabetical order.

    Words are folded like those of an index, so that marks, tatweel, letter case and the hamza of an
    alef make no difference; neither does the seat of any other hamza (مسؤول, مسئول), nor ة or ه. The
    article of the first word does not count, and a word that only begins like it (ألمانيا, الله) is
    left whole. Punctuation and spaces count as one space. Lossy: texts of one key are equal in the
    list, and the caller orders them by something else. The key of a text without words is "".

    >>> sorted(["ولد", "القاهرة", "أبو ظبي", "ابن خلدون", "«الأيام»", "بغداد", "2 ملايين"], key=collation_key)
    ['2 ملايين', 'ابن خلدون', 'أبو ظبي', '«الأيام»', 'بغداد', 'القاهرة', 'ولد']
    >>> collation_key("الْمَسْؤُولِيّـة") == collation_key("مسئوليه")
    True
    """
    # Space by space: a mark behind a space, which may join two words in a text, has no place in a list.
    parts = iter(text[:_LONGEST_TEXT].split())
    for part in parts:
        found = _first_part_key(part)
        if found is not None:
            return " ".join(filter(None, (found, *map(_part_key, parts))))[:MOST_KEY_CHARACTERS]
    return ""


@lru_cache(maxsize=1 << 16)
def _part_key(part: str) -> str:
    """Return the key of a part of a text without spaces."""
    return " ".join(filter(None, map(_word_key, WORD.findall(part))))


@lru_cache(maxsize=1 << 13)
def _first_part_key(part: str) -> str | None:
    """Return the key of the first part of a text, None for one without words."""
    words = WORD.findall(part)
    if not words:
        return None
    return " ".join(filter(None, (_first_word_key(words[0]), *map(_word_key, words[1:]))))


def _word_key(word: str) -> str:
    return fold_hamza(fold(word))


def _first_word_key(word: str) -> str:
    surface = fold(word)
    if surface.startswith(_ARTICLE):
        proclitics = explain(surface).proclitics
        if proclitics and proclitics[0].text == _ARTICLE:
            surface = surface.removeprefix(_ARTICLE)
    return fold_hamza(surface)
