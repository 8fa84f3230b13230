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
_PUNCTUATION = frozenset(" .,:;!?()-/%\"'0123456789\r\n\t")
_USUAL = frozenset("،؛؟«»“”‘’–—…٪ـ\u00a0\u200c\u200d\u200e\u200f" + MARKS)


class CodePage(NamedTuple):
    """The name of an encoding, and of the next likely one where there is doubt (else empty)."""

    name: str
    other: str = ""


class _Reading(NamedTuple):
    """A sample decoded in an encoding: its cost in nats, and its distinct words.

    `length` is how many bytes of the upper half it has.
    """

    cost: float
    name: str
    words: tuple[str, ...]
    length: int


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
    chosen = max((best, *close), key=lambda each: (_weight(each), -each.cost))
    other = next(each for each in (best, *close) if each is not chosen)
    return CodePage(chosen.name, other.name)


def _readings(sample: bytes) -> Iterator[_Reading]:
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
        readings = [_reading(name, each, sample) for each in texts]
        found = [reading for reading in readings if reading is not None]
        if found:
            yield min(found, key=lambda reading: reading.cost)


def _reading(name: str, text: str, sample: bytes) -> _Reading | None:
    """Return how likely a text is that a sample was decoded to, None if it is no Arabic."""
    words = plain_words(text)
    letters = sum(map(len, words))
    high = [character for character in text if not character.isascii()]
    # Only MacArabic has characters of ASCII in the upper half, among them a second space.
    ascii_ = _ascii_of_upper_half(text, sample) if name == "mac_arabic" else ""
    if b" " not in sample:
        ascii_ = ascii_.replace(" ", "")
    arabic = sum("ARABIC" in unicodedata.name(each, "") for each in high)
    if not letters or arabic < MIN_ARABIC_SHARE * (len(high) + len(ascii_)):
        return None
    pairs_cost = sum(map(word_cost, words))
    if pairs_cost > MAX_COST * (letters + len(words)):
        return None
    symbols = sum(not (unicodedata.category(each)[0] in "LMN" or each in _USUAL) for each in high)
    # Letters in words that are not Arabic alone: é in cp1256, a letter of Persian, ا beside a.
    strange = max(sum(map(str.isalpha, high)) - letters, 0)
    cost = (
        pairs_cost
        + COST_OF_SYMBOL * (symbols + strange + sum(each not in _PUNCTUATION for each in ascii_))
        + COST_OF_DIGIT * (sum(map(str.isdecimal, high)) + len(ascii_))
        + COST_OF_MARK * sum(each in MARKS for each in high)
    )
    return _Reading(cost, name, tuple(dict.fromkeys(words)), len(high) + len(ascii_))


def _ascii_of_upper_half(text: str, sample: bytes) -> str:
    """Return the characters of ASCII that bytes of the upper half were decoded to."""
    return "".join(
        character
        for byte, character in zip(sample, text, strict=True)
        if byte >= 0x80 and character.isascii()
    )


def _has_right_shapes(text: str) -> bool:
    """Tell whether hardly any word ends in the shape that a letter has before another one."""
    words = _WORD.findall(text)
    wrong = sum(unicodedata.decomposition(word[-1]).startswith("<initial>") for word in words)
    return wrong <= MAX_WRONG_SHAPES * len(words)


def _weight(reading: _Reading) -> float:
    """Return how frequent the words are, by the shipped lexicon; unknown ones count nothing.

    It is the mean over the bytes of the upper half, so that words in pieces count less.
    """
    # Imported here, because the lexicon is read for it and few files need it.
    from analyzers.morphology.lexicon import shipped_lexicon
    from analyzers.morphology.reading import MorphologicalAnalyzer
    from analyzers.normalization.folding import fold

    lexicon = shipped_lexicon()
    morphology = MorphologicalAnalyzer(lexicon)
    weight = 0
    for word in reading.words:
        found = morphology.analyze(fold(word))
        entry = lexicon.find(found.base) if found.rule != "stem" else None
        weight += len(word) * entry.weight if entry else 0
    return weight / reading.length
