"""Known words: whether letters make a word of the lexicon, and how frequent it is."""

from __future__ import annotations

from functools import lru_cache

from analyzers.morphology.reading import shipped_morphology
from analyzers.normalization.folding import fold
from analyzers.stemming.stopwords import is_stopword

_STOPWORD = 65
"""The weight of a function word, of which the lexicon says too little."""

_CLITIC_PENALTY = 10
_AND_PENALTY = 4
_MIN_WEIGHT = 15


def is_known(word: str) -> bool:
    """Return whether a word is in the lexicon, with or without clitics; very rare ones do not count.

    Raises LexiconError where the shipped lexicon cannot be read.
    """
    return word_weight(word) > 0


@lru_cache(maxsize=100_000)
def word_weight(word: str) -> int:
    """Return ten times the decimal logarithm of how frequent a known word is, 0 for another.

    Clitics other than the article make it rarer.
    """
    morphology = shipped_morphology()
    surface = fold(word)
    reading = morphology.find_form(surface) if surface else None
    if reading is not None and is_stopword(surface):
        return _STOPWORD
    entry = morphology.lexicon.find(reading.base) if reading is not None else None
    if reading is None or entry is None or entry.weight < _MIN_WEIGHT:
        return 0
    clitics = sum(clitic not in ("ال", "و") for clitic in reading.proclitics)
    penalty = _CLITIC_PENALTY * (clitics + bool(reading.enclitic))
    return max(entry.weight - penalty - _AND_PENALTY * ("و" in reading.proclitics), 1)


def is_arabic_letter(character: str) -> bool:
    """Return whether a character is a letter of the Arabic script, in its plain form."""
    return "\u0620" <= character <= "\u064a" or "\u066e" <= character <= "\u06d5"
