"""Letter pairs: how likely a string of letters is to be Arabic, by the pairs of its neighbours.

Every pair of letters has a cost: the negative logarithm of the share of the second among the
letters that follow the first in running text, where the edge of a word counts as a letter. The cost
of a word is the sum over its pairs. Words read in the wrong direction or decoded with the wrong code
page cost more than the same words read rightly, on average 7 nats a word.

The file has a line for each first letter, and on it a digit of `DIGITS` for each second one, in the
order `EDGE + ALPHABET`. It is compiled by `analyzers.compile.letter_pairs` and read at the first use.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from pyarabic.araby_const import TATWEEL

from analyzers.errors import DataFileError
from analyzers.normalization.folding import CONTROLS, MARKS
from analyzers.word_files import DATA_DIR, read_data_text

FILE = "letter_pairs.txt"
EDGE = " "
ALPHABET = "".join(map(chr, (*range(0x0621, 0x063B), *range(0x0641, 0x064B))))
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
UNITS_PER_NAT = 3

_LONGEST_CACHED_WORD = 64
"""In letters. Longer ones are rare, and would need much memory."""

_IGNORED = frozenset(MARKS + TATWEEL + CONTROLS)
_IGNORED_RUN = re.compile(f"[{re.escape(MARKS + TATWEEL + CONTROLS)}]+")
_WORD = re.compile(r"[^\W\d_]+")
_ARABIC_WORD = re.compile(f"[{ALPHABET}]+")


@cache
def _costs() -> dict[str, int]:
    """Return the cost of each pair, in units. Raises DataFileError for a file that is not sound."""
    letters = EDGE + ALPHABET
    lines = [line for line in read_data_text(FILE).split("\n") if line and line[0] != "#"]
    if len(lines) != len(letters) or any(len(line) != len(letters) for line in lines):
        raise DataFileError(f"{DATA_DIR / FILE}: is damaged; install searchd again")
    return {
        first + second: int(digit, len(DIGITS))
        for first, line in zip(letters, lines, strict=True)
        for second, digit in zip(letters, line, strict=True)
    }


def plain_words(text: str) -> list[str]:
    """Return the words of a text that are written with Arabic letters alone.

    Marks, tatweel and controls are left out, presentation forms are letters, and the kaf and yeh of
    Persian keyboards count as Arabic. Words with a letter of other languages are left out.
    """
    plain = plain_text(_without_ignored(text)).replace("ک", "ك").replace("ی", "ي")
    return list(filter(_ARABIC_WORD.fullmatch, _WORD.findall(plain)))


def plain_text(text: str) -> str:
    """Return a text without presentation forms, marks, tatweel and controls."""
    return _without_ignored(unicodedata.normalize("NFKC", text))


def _without_ignored(text: str) -> str:
    # Most texts have none of these characters, which takes a fifth of a substitution to see.
    return text if _IGNORED.isdisjoint(text) else _IGNORED_RUN.sub("", text)


def word_cost(word: str) -> float:
    """Return the cost of a word of `ALPHABET`, in nats.

    >>> word_cost("المدرسة") < word_cost("ةسردملا")
    True
    """
    cost = _word_cost if len(word) <= _LONGEST_CACHED_WORD else _word_cost.__wrapped__
    return cost(word)


@lru_cache(maxsize=65_536)
def _word_cost(word: str) -> float:
    costs = _costs()
    total = sum(
        costs[first + second] for first, second in zip(EDGE + word, word + EDGE, strict=True)
    )
    return total / UNITS_PER_NAT
