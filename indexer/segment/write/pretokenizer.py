"""Pieces: texts cut at what stands in no word, many texts at once, and the numbers of pieces.

Nearly every piece is a word as written. The others hold several (`٢٠٠٣م`) or none (`_`), so a piece
means something only to who cuts it into words.

Everything here is arithmetic on arrays of UTF-16, because a running word costs a fifth of what
making a string and looking it up in a dict does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from analyzers.tokenizer import CharacterClass, character_class

Keys = npt.NDArray[np.uint64]
DocPositions = npt.NDArray[np.intp]

LONGEST_KEY = 12
"""The UTF-16 code units of the longest piece that has a key."""

_KEY_WORDS = 3
_UNITS_IN_A_WORD = 4
_PLACES_BITS = 20
_FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], np.uint64)
_EMPTY = np.uint64(0xFFFF_FFFF_FFFF_FFFF)  # U+FFFF is in no word

# Numbers, because numpy asks the class of what it is given for attributes and drops whatever is
# raised there (numpy issue 14801). Until Python 3.12 the class of an enum answers in Python, where
# Ctrl-C is raised: it would be lost.
_NONE, _JOINER, _OTHER = (
    CharacterClass.NONE.value,
    CharacterClass.JOINER.value,
    CharacterClass.OTHER.value,
)


@dataclass(frozen=True, slots=True)
class Chunks:
    """The pieces of several texts, one after the other.

    `starts`, `ends`: intp [pieces], half-open ranges of code units in `data`, which is UTF-16.
    `text_starts`: intp [texts + 1], the first piece of each text.
    `keys`: uint64 [pieces, 3], the code units of a piece and then zeros; all zero for a piece that
    is longer than `LONGEST_KEY`.
    """

    data: bytes
    starts: DocPositions
    ends: DocPositions
    text_starts: DocPositions
    keys: Keys

    def written(self, numbers: DocPositions) -> list[str]:
        """Return some pieces as they are written."""
        data = self.data
        starts, ends = (self.starts[numbers] * 2).tolist(), (self.ends[numbers] * 2).tolist()
        return [
            data[start:end].decode("utf-16-le", "surrogatepass")
            for start, end in zip(starts, ends, strict=True)
        ]


def split_at_separators(texts: Sequence[str]) -> Chunks:
    """Cut texts into pieces. Their words are those of the pieces, in their order."""
    # A NUL separates; those at the end make the keys of the last pieces whole.
    encoded = [text.encode("utf-16-le", "surrogatepass") + b"\0\0" for text in texts]
    data = b"".join([*encoded, bytes(2 * LONGEST_KEY)])
    units = np.frombuffer(data, "<u2")
    parts = _parts()[units]
    # A joiner that no letter or digit of another script follows is in no word.
    parts[:-1][(parts[:-1] == _JOINER) & (parts[1:] != _OTHER)] = _NONE
    inside = parts != _NONE
    bounds = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    if inside[0]:
        bounds = np.concatenate(([0], bounds))
    starts, ends = bounds[::2], bounds[1::2]
    text_bounds = np.cumsum([0, *(len(text) // 2 for text in encoded)])
    return Chunks(data, starts, ends, starts.searchsorted(text_bounds), _keys(data, starts, ends))


def _keys(data: bytes, starts: DocPositions, ends: DocPositions) -> Keys:
    windows: Keys = np.ndarray(
        (len(data) // 2 - LONGEST_KEY + 1, _KEY_WORDS), "<u8", data, strides=(2, 8)
    )
    keys = windows[starts]
    keys &= _masks()[np.minimum(ends - starts, LONGEST_KEY + 1)]
    return keys


class ChunkIdTable:
    """Remembers the numbers of pieces: a table with one place for all pieces of one hash.

    It forgets a piece when another takes its place, so whoever asks must know the numbers too.
    """

    def __init__(self) -> None:
        # The key and the number of a piece lie side by side, so a look at them is one at memory.
        self._rows = np.full((1 << _PLACES_BITS, _KEY_WORDS + 1), _EMPTY)

    def find(self, keys: Keys) -> tuple[npt.NDArray[np.int32], DocPositions]:
        """Return the number of each key, int32 [keys], and which keys are not in the table."""
        rows = self._rows.take(_places(keys), axis=0)
        missing = rows[:, 0] != keys[:, 0]
        for column in range(1, _KEY_WORDS):
            missing |= rows[:, column] != keys[:, column]
        return rows[:, _KEY_WORDS].astype(np.int32), np.flatnonzero(missing)

    def put(self, keys: Keys, numbers: npt.NDArray[np.int32]) -> None:
        """Remember the numbers of keys. Those of long pieces are left out."""
        short = keys[:, 0] != 0
        rows = np.empty((int(short.sum()), _KEY_WORDS + 1), np.uint64)
        rows[:, :_KEY_WORDS] = keys[short]
        rows[:, _KEY_WORDS] = numbers[short].astype(np.uint64)
        self._rows[_places(rows)] = rows


def _places(keys: Keys) -> DocPositions:
    """Return the place of each key in the table, by the high bits of a product (Dietzfelbinger)."""
    hashes = keys[:, 0] * _FACTORS[0]
    for column in range(1, _KEY_WORDS):
        hashes += keys[:, column] * _FACTORS[column]
    places: DocPositions = (hashes >> np.uint64(64 - _PLACES_BITS)).astype(np.intp)
    return places


@cache
def _parts() -> npt.NDArray[np.uint8]:
    """Return the part of a word that each code unit may be.

    The two of a character beyond U+FFFF may be in a word, whatever it is: the pieces it joins are
    cut into words like any other.
    """
    parts = np.full(1 << 16, _OTHER, np.uint8)
    for code in (*range(0xD800), *range(0xE000, 1 << 16)):
        parts[code] = character_class(chr(code))
    return parts


@cache
def _masks() -> Keys:
    """Return what a key keeps of a window by the length of its piece; uint64 [14, 3]."""
    units = np.zeros((LONGEST_KEY + 2, _KEY_WORDS * _UNITS_IN_A_WORD), "<u2")
    for length in range(LONGEST_KEY + 1):
        units[length, :length] = 0xFFFF
    masks: npt.NDArray[Any] = units.view("<u8")
    return masks
