"""Typing errors: the words that may have been meant by a word as typed, with their probabilities.

The channel of the noisy channel model of Kernighan, Church and Gale, "A Spelling Correction Program
Based on a Noisy Channel Model", COLING 1990: one error in a word, of a letter that was left out,
doubled, swapped with the next, mistaken for a key beside it or for a letter that looks or sounds
alike, or added. Errors of a kind are equally likely at each place. Words are surface forms, so hamzas, marks
and the dots of ة and ى make no error.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import log

from rapidfuzz.distance import OSA

_ROWS = ("ضصثقفغعهخحجد", "شسيبلاتنمكط", "ئءؤر\0يهوزظ")
"""The rows of letters of the Arabic keyboard, folded; after ر comes the key of لا, then ى and ة."""

_SHAPES = (
    "بتثني",
    "جحخ",
    "دذ",
    "رزو",
    "سش",
    "صض",
    "طظ",
    "عغ",
    "فق",
    "كل",
    "هم",
    "ايئ",
    "وؤ",
    "ءئؤ",
)
"""Letters that look alike, at least at the beginning or the end of a word."""

_SOUNDS = ("تط", "ثت", "ثس", "دض", "سص", "ذز", "زظ", "ذظ", "ضظ", "كق")
"""Letters that sound alike to many speakers: emphatic ones and plain ones, and what dialects join."""

_LATIN_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_ARABIC = "ءابتثجحخدذرزسشصضطظعغفقكلمنهويئؤ"
_LATIN = "abcdefghijklmnopqrstuvwxyz"

ERROR_RATE = 0.03
"""How many of the words of queries have an error; three in a hundred."""

_USUAL, _UNUSUAL = 1 / 6, 1 / 40
"""The share of errors of each usual kind, and of any other letter that was added or replaced."""


def _neighbours(*rows: str) -> dict[str, set[str]]:
    """Return the letters on the keys beside each key; each row is half a key right of that above."""
    beside: dict[str, set[str]] = {}
    for number, row in enumerate(rows):
        for at, key in enumerate(row):
            near = [(number, at - 1), (number, at + 1), (number - 1, at), (number - 1, at + 1)]
            near += [(number + 1, at - 1), (number + 1, at)]
            beside.setdefault(key, set()).update(
                rows[line][place]
                for line, place in near
                if 0 <= line < len(rows) and 0 <= place < len(rows[line])
            )
    return {key: found - {key, "\0"} for key, found in beside.items() if key != "\0"}


def _confusions() -> dict[str, frozenset[str]]:
    beside = _neighbours(*_ROWS) | _neighbours(*_LATIN_ROWS)
    beside["ذ"] = {"ض"}  # the key before the first row
    beside["ض"].add("ذ")
    for alike in (*_SHAPES, *_SOUNDS):
        for letter in alike:
            beside.setdefault(letter, set()).update(set(alike) - {letter})
    return {letter: frozenset(letters) for letter, letters in beside.items()}


CONFUSIONS = _confusions()
"""For each letter those that are typed in its place: keys beside it, letters that look or sound alike."""


def intended_words(typed: str) -> dict[str, float]:
    """Return the words of which `typed` is a misspelling, each with the log of its probability.

    The probability is that of typing `typed` where the word was meant. They are not yet looked up.

    >>> found = intended_words("كتبا")
    >>> found["كتاب"] > found["كتبه"], "كتابات" in found
    (True, False)
    """
    found: dict[str, float] = {}
    for word, ways, share in _intended(typed):
        probability = log(ERROR_RATE * share / ways)
        if word != typed and word and probability > found.get(word, -1e9):
            found[word] = probability
    return found


def _intended(typed: str) -> Iterator[tuple[str, int, float]]:
    """Yield words with the number of ways to make an error of a kind, and the share of the kind."""
    letters = _LATIN if typed.isascii() else _ARABIC
    size = len(typed)
    for at in range(size + 1):  # left out
        for letter in letters:
            yield typed[:at] + letter + typed[at:], size + 1, _USUAL
    for at in range(size):
        shorter = typed[:at] + typed[at + 1 :]
        doubled = typed[at] in (typed[at - 1 : at], typed[at + 1 : at + 2])
        # A key that was hit together with the one beside it is added more often than others.
        near = CONFUSIONS.get(typed[at], frozenset())
        slipped = any(other in near for other in typed[max(at - 1, 0) : at + 2])
        if doubled:
            yield shorter, max(size - 1, 1), _USUAL
        else:
            yield shorter, size * (6 if slipped else len(letters)), _UNUSUAL
        for letter in letters:
            if letter in near:
                yield typed[:at] + letter + typed[at + 1 :], size * 6, _USUAL
            else:
                yield typed[:at] + letter + typed[at + 1 :], size * len(letters), _UNUSUAL
        if at + 1 < size:
            swapped = typed[:at] + typed[at + 1] + typed[at] + typed[at + 2 :]
            yield swapped, size - 1, _USUAL


def log_space_error(words: int) -> float:
    """Return the log of the probability that one of the spaces of a query was lost, or one added."""
    return log(ERROR_RATE * _USUAL / max(words, 1))


def log_errors(typed: str, word: str) -> float:
    """Return about the log of the probability of typing `typed` for a word, of several errors."""
    one = log(ERROR_RATE * _UNUSUAL / max(len(typed), 1))
    return one * max(OSA.distance(typed, word), 1)
