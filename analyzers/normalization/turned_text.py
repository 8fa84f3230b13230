"""Turned text: a text in which a converter turned every ligature with lam.

`turned_ligatures` repairs a word by itself, and so leaves alone what is a word both ways: ثالث is
"third", and ثلاث with its ligature turned. Where a text has no لا that stands as it should, and
several words that are certainly turned, none of its ligatures is right: each word is then the more
frequent one of what it may be.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import combinations

from analyzers.normalization.turned_ligatures import (
    MAX_LIGATURES,
    repair_turned_word,
    word_likelihood,
)
from analyzers.tokenizer import WORD

_LONGEST_CACHED_WORD = 64
"""In letters. Longer ones are rare, and would need much memory."""

_SAMPLE_LENGTH = 400
"""How many characters from the start of a text are searched for signs of turned ligatures."""

EXAMINED_LENGTH = 4000
"""How many characters from the start of a text are examined where there are such signs."""

_CERTAIN = ("األ", "اإل", "اهلل")
"""Letters that hardly any other text has: in this order they are a word with turned ligatures."""

_CONSPICUOUS = ("األ", "اإل", "اال", "اهلل", "هللا", " امل", " احل", "ىل ", " وال ", " إال ")
"""Letters that are in nearly every text with turned ligatures, and seldom in another."""

_LEAST_TURNED = 2
"""How many words of a text must be turned for certain."""

_LONG = 150
"""Texts of so many characters have a ligature with lam, so one that is turned is enough."""

_TURNED_PER_RIGHT = 4
"""How many words must be turned for each ligature that stands as it should: some do by chance."""

_RIGHT_LIGATURE = re.compile("(?<![مجحخ])ل[\u064b-\u0652]*[اأإآ](?!ل)")
"""Matches لا as it should be; in املادة and لالستخدام another ligature is turned."""

_TURNED_LIGATURE = re.compile("[اأإآ]ل|[مجحخ]ل")
_CANDIDATE = re.compile(
    # From the first letter alone: from each letter of a long word it would take quadratic time.
    "(?<![\u0621-\u0652])[\u0621-\u0652]*(?:[اأإآ]ل|[مجحخ]ل)[\u0621-\u0652]*"
)
_TURNED_START = re.compile("^([وف]?[بك]?ا)(?:([اأإآ])ل|([مجحخ])ل)(?=..)")
"""The start of a word with an article whose lam belongs to a ligature, known or not."""

_LEAST_WEIGHT = 20
"""The likelihood of a word that a repair may arrive at."""


def may_have_turned_ligatures(text: str, title: str = "") -> bool:
    """Tell whether the start of a text has a sign of turned ligatures. Fast, and often wrong."""
    if "لا" in title or text.find("لا", 0, _SAMPLE_LENGTH) >= 0:
        for letters in _CERTAIN:
            if text.find(letters, 0, _SAMPLE_LENGTH) >= 0 or letters in title:
                return True
        return False
    sample = f" {title} {text[:_SAMPLE_LENGTH]} "
    return any(letters in sample for letters in _CONSPICUOUS)


def turned_words(text: str, title: str = "") -> list[str]:
    """Return the distinct words of a title and the start of a text whose ligatures are turned.

    Raises LexiconError where the shipped lexicon cannot be read.

    >>> turned_words("وزارة الشؤون اإلسالمية في اململكة")
    ['اإلسالمية', 'اململكة']
    """
    words = dict.fromkeys(WORD.findall(f"{title}\n{text[:EXAMINED_LENGTH]}"))
    return [word for word in words if repair_turned_word(word) != word]


def is_turned(text: str) -> bool:
    """Tell whether every ligature of a text seems to be turned, by its first 4,000 characters.

    The first `EXAMINED_LENGTH` characters of a text are enough.
    """
    if not may_have_turned_ligatures(text):
        return False
    right = len(_RIGHT_LIGATURE.findall(text[:EXAMINED_LENGTH]))
    least = _LEAST_TURNED if right or len(text) < _LONG else 1
    return len(turned_words(text)) >= max(least, _TURNED_PER_RIGHT * right)


def mend_turned_text(text: str) -> str:
    """Return a text whose ligatures are all turned with its words in order; other texts as they are.

    Letters change places, so each word keeps its range. Raises LexiconError where the shipped
    lexicon cannot be read.

    >>> mend_turned_text("ثالث سنوات في االحتالل واإلسالم واملدرسة األولى")
    'ثلاث سنوات في الاحتلال والإسلام والمدرسة الأولى'
    """
    return turn_ligatures(text) if is_turned(text) else text


def turn_ligatures(text: str) -> str:
    """Return a text, or a part of one, that `is_turned` with its words in order."""
    return _CANDIDATE.sub(_likeliest_of, text)


def _likeliest_of(found: re.Match[str]) -> str:
    word = found[0]
    find = _likeliest if len(word) <= _LONGEST_CACHED_WORD else _likeliest.__wrapped__
    return find(word)


@lru_cache(maxsize=65_536)
def _likeliest(word: str) -> str:
    """Return the most frequent word of those that a word with turned ligatures may be."""
    places = [found.start() for found in _TURNED_LIGATURE.finditer(word)]
    if len(places) > MAX_LIGATURES:
        return word
    best, likeliest = word_likelihood(word), word
    for size in range(1, len(places) + 1):
        for chosen in combinations(places, size):
            letters = list(word)
            for place in chosen:
                letters[place], letters[place + 1] = letters[place + 1], letters[place]
            likelihood = word_likelihood("".join(letters))
            if likelihood > best and likelihood >= _LEAST_WEIGHT:
                best, likeliest = likelihood, "".join(letters)
    return likeliest if best >= _LEAST_WEIGHT else _TURNED_START.sub(r"\1ل\2\3", word)
