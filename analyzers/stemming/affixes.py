"""The affixes of the light stemmer, and the signs of them in the first and last letters of a word."""

from __future__ import annotations

from analyzers.stemming.rare_affixes import signs_of_end, signs_of_start

CONJUNCTIONS = frozenset("وف")
PREPOSITIONS = "بلك"
AFTER_CONJUNCTION = frozenset("بكلاس")
"""The first letters of the proclitics that can follow a conjunction."""

PRONOUNS = ("هما", "كما", "ها", "هم", "هن", "كم", "نا", "ه", "ك")
"""The enclitic pronouns that are stripped. Where two match, the first counts."""

_ENDINGS = ("ات", "ون", "ين", "ان", "وا", "ا", "ت")
_DEFINITE_ENDINGS = ("ات", "ون", "ين", "ان", "ه")
PRONOUN_SET = frozenset(PRONOUNS)

INDEFINITE_ENDINGS = frozenset({*PRONOUNS, *_ENDINGS}.difference(_DEFINITE_ENDINGS))
"""The pronouns and endings that no word with the article has. (A final ه may be teh marbuta.)"""

MIN_BASE_LENGTHS = {"ان": 4, "ت": 4, "ك": 4}
"""How many letters must remain when an ending is stripped; three for those not listed."""


class _EndingsByTail(dict[str, tuple[str, ...]]):
    """Maps the last three letters of a word to those of some endings that match, in their order.

    Most words match none or one, so looking up the tail is faster than trying every ending.
    """

    def __init__(self, *endings: str) -> None:
        super().__init__()
        self._endings = endings

    def __missing__(self, tail: str) -> tuple[str, ...]:
        found = self[tail] = tuple(filter(tail.endswith, self._endings))
        return found


PROCLITIC, ENDING, VERB_ENDING, FINAL_HAMZA = 16, 32, 64, 128
"""Signs that a word may begin with a proclitic, has an ending, may be a verb like ضربتموني, or ends in
a hamza that is spelled in several ways (`analyzers.stemming.hamza`)."""


class _SignsOfStart(dict[str, int]):
    """Maps the first three letters of a word to the signs that they are."""

    def __missing__(self, letters: str) -> int:
        first = letters[0]
        proclitic = first in CONJUNCTIONS or first in AFTER_CONJUNCTION
        signs = self[letters] = signs_of_start(letters) | (PROCLITIC if proclitic else 0)
        return signs


class _SignsOfEnd(dict[str, int]):
    """Maps the last three letters of a word to the signs that they are."""

    def __missing__(self, letters: str) -> int:
        signs = signs_of_end(letters)
        if letters[-1] == "ا" or INDEFINITE[letters]:
            signs |= ENDING
        elif letters[-1] in "منهي":
            signs |= VERB_ENDING
        elif letters[-1] == "ئ" or letters.endswith(("يء", "وء", "ئء")):
            signs |= FINAL_HAMZA
        self[letters] = signs
        return signs


SIGNS_OF_START = _SignsOfStart()
SIGNS_OF_END = _SignsOfEnd()
INDEFINITE = _EndingsByTail(*PRONOUNS, *_ENDINGS)
DEFINITE = _EndingsByTail(*_DEFINITE_ENDINGS)
AFTER_PROTECTED_START = _EndingsByTail(*PRONOUNS, *_ENDINGS, "ي")
