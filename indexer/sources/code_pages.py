"""Code pages: which of the old Arabic encodings the bytes of a text are in.

A byte is a letter in several of them, and another one in each, so the letters decide: the text is
decoded in every encoding, and the one is taken in which the pairs of letters are likeliest
(`analyzers.normalization.letter_pairs`). Where a few words leave doubt, those that are in the lexicon
decide, and the doubt is reported.

Code page 864 holds presentation forms, often in visual order, so both directions are tried.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from analyzers.normalization.folding import MARKS
from analyzers.normalization.letter_pairs import plain_words, word_cost

CODE_PAGES = ("cp1256", "iso8859_6", "cp720", "mac_arabic", "cp864")
"""Python's names of the encodings, the most frequent first."""

SAMPLE_BYTES = 8192
"""How many bytes are decoded."""

MAX_COST = 3.5
"""How many nats a pair of letters may cost on average. Arabic costs 2.7, and a single word may 3.5."""

MIN_ARABIC_SHARE = 0.6
"""The least share of Arabic letters and marks among the characters that are not ASCII."""

COST_OF_SYMBOL = 5.0
"""How many nats a character costs that is neither a letter, mark or digit nor usual punctuation."""

CERTAIN_ADVANTAGE = 12.0
"""How many nats the second encoding must cost more to leave no doubt."""

COST_OF_DIGIT = 2.7
"""The same for a digit, and for a byte of the upper half that is a character of ASCII."""

COST_OF_MARK = 2.0
"""The same for a combining mark."""

MAX_WRONG_SHAPES = 0.1
"""The largest share of words that end in a letter shaped for another one to follow."""

_WORD = re.compile(r"[^\W\d_]+")
_USUAL = frozenset("،؛؟«»“”‘’–—…٪ـ\u00a0\u200c\u200d\u200e\u200f" + MARKS)


class CodePage(NamedTuple):
    """The name of an encoding, and of the next likely one where there is doubt (else empty)."""

    name: str
    other: str = ""


class _Reading(NamedTuple):
    """A sample decoded in an encoding: its cost in nats, and its words."""

    cost: float
    name: str
    words: tuple[str, ...]


def detect_code_page(sample: bytes) -> CodePage | None:
    """Return the code page of an Arabic text, None where the bytes are no Arabic in any of them.

    >>> detect_code_page("الحكومة".encode("iso8859_6")).name
    'iso8859_6'
    """
    readings = sorted(_readings(sample[:SAMPLE_BYTES]), key=lambda reading: reading.cost)
    if not readings:
        return None
    best = readings[0]
    others = [each for each in readings[1:] if each.words != best.words]
    if not others or others[0].cost > best.cost + CERTAIN_ADVANTAGE:
        return CodePage(best.name)
    close = [each for each in others if each.cost <= best.cost + CERTAIN_ADVANTAGE]
    chosen = max((best, *close), key=lambda each: (_weight(each.words), -each.cost))
    other = next(each for each in (best, *close) if each is not chosen)
    return CodePage(chosen.name, other.name)


def _readings(sample: bytes) -> Iterator[_Reading]:
    high = sum(byte >= 0x80 for byte in sample)
    if b" " not in sample:
        high -= sample.count(b"\xa0")  # MacArabic has a second space there
    for name in CODE_PAGES:
        try:
            text = sample.decode(name)
        except UnicodeDecodeError:
            continue
        texts = [text]
        if name == "cp864":
            # Its letters have the places of ISO-8859-6, but for their shapes.
            texts.append("\n".join(line[::-1] for line in text.split("\n")))
            texts = list(filter(_has_right_shapes, texts))
        readings = [_reading(name, each, high) for each in texts]
        found = [reading for reading in readings if reading is not None]
        if found:
            yield min(found, key=lambda reading: reading.cost)


def _reading(name: str, text: str, high_bytes: int) -> _Reading | None:
    """Return how likely the text of so many bytes of the upper half is, None if it is no Arabic."""
    high = [character for character in text if not character.isascii()]
    words = plain_words(text)
    letters = sum(map(len, words))
    if not letters:
        return None
    symbols = sum(not (unicodedata.category(each)[0] in "LMN" or each in _USUAL) for each in high)
    digits = sum(map(str.isdecimal, high)) + high_bytes - len(high)
    arabic = sum("ARABIC" in unicodedata.name(each, "") for each in high)
    # Letters in words that are not Arabic alone: é in cp1256, a letter of Persian, ا beside a.
    strange = max(sum(map(str.isalpha, high)) - letters, 0)
    pairs_cost = sum(map(word_cost, words))
    if arabic < MIN_ARABIC_SHARE * high_bytes or pairs_cost > MAX_COST * (letters + len(words)):
        return None
    marks = sum(each in MARKS for each in high)
    cost = pairs_cost + COST_OF_SYMBOL * (symbols + strange) + COST_OF_DIGIT * digits
    cost += COST_OF_MARK * marks
    return _Reading(cost, name, tuple(dict.fromkeys(words)))


def _has_right_shapes(text: str) -> bool:
    """Tell whether hardly any word ends in the shape that a letter has before another one."""
    words = _WORD.findall(text)
    wrong = sum(unicodedata.decomposition(word[-1]).startswith("<initial>") for word in words)
    return wrong <= MAX_WRONG_SHAPES * len(words)


def _weight(words: tuple[str, ...]) -> float:
    """Return how frequent words are on average, by the shipped lexicon; unknown ones count 0."""
    # Imported here, because the lexicon is read for it and few files need it.
    from analyzers.morphology.lexicon import shipped_lexicon
    from analyzers.morphology.reading import MorphologicalAnalyzer
    from analyzers.normalization.folding import fold

    lexicon = shipped_lexicon()
    morphology = MorphologicalAnalyzer(lexicon)
    weight = 0
    for word in words:
        reading = morphology.analyze(fold(word))
        entry = lexicon.find(reading.base) if reading.rule != "stem" else None
        weight += entry.weight if entry else 0
    return weight / len(words)
