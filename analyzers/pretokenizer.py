"""Pretokenizing: texts split into chunks at characters that no word contains, many at once.

Nearly every chunk is one word as written. The others hold several words (`٢٠٠٣م`) or none (`_`), so
a chunk must still be tokenized. Its terms depend on nothing around it, so they can be remembered.

Everything here is arithmetic on arrays of UTF-16 code units: for each running word it takes a fifth
of the time of making a string and looking it up in a dict.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from analyzers.tokenizer import CharacterClass, character_classes

Keys = npt.NDArray[np.uint64]
Slots = npt.NDArray[np.uint64]
Indices = npt.NDArray[np.intp]

TABLE_BITS = 20
"""The binary logarithm of the most slots of a table where no other is asked for."""

_FIRST_TABLE_BITS = 12
_BITS_PER_STEP = 2
_SLOTS_PER_CHUNK = 4
"""A table grows while it has fewer slots for each chunk that was put."""

MAX_KEY_UNITS = 12
"""The UTF-16 code units of the longest chunk that has a key."""

_UNKNOWN = 255
"""The class of a code unit of a block that did not occur yet."""

_KEY_INTEGERS = 3
_UNITS_PER_INTEGER = 4
_FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], np.uint64)

# Numbers, because numpy asks the class of what it is given for attributes and drops whatever is
# raised there (numpy issue 14801). Until Python 3.12 the class of an enum answers in Python, where
# Ctrl-C is raised: it would be lost.
_NONE, _SPACE, _JOINER, _CONTROL, _MARK, _OTHER = (
    CharacterClass.NONE.value,
    CharacterClass.SPACE.value,
    CharacterClass.JOINER.value,
    CharacterClass.CONTROL.value,
    CharacterClass.MARK.value,
    CharacterClass.OTHER.value,
)


@dataclass(frozen=True, slots=True)
class Chunks:
    """The chunks of several texts, in order.

    `data`: the texts in UTF-16, little-endian.
    `starts`, `ends`: intp [chunks], half-open ranges of code units in `data`.
    `text_starts`: intp [texts + 1], the first chunk of each text.
    `keys`: uint64 [chunks, 3], the code units of a chunk, padded with zeros; all zero for a chunk
    longer than `MAX_KEY_UNITS`.
    `text_units`: intp [texts + 1], the first code unit of each text in `data`.
    `has_pairs`: whether a text may have characters of two code units.
    """

    data: bytes
    starts: Indices
    ends: Indices
    text_starts: Indices
    keys: Keys
    text_units: Indices
    has_pairs: bool

    def decode(self, chunks: Indices) -> list[str]:
        """Return the text of some chunks, which are given by their numbers."""
        data = self.data
        ranges = zip(self.starts[chunks].tolist(), self.ends[chunks].tolist(), strict=True)
        text = data.decode("utf-16-le", "surrogatepass")
        if 2 * len(text) == len(data):  # a character for each code unit: one decoding serves all
            return [text[start:end] for start, end in ranges]
        return [
            data[2 * start : 2 * end].decode("utf-16-le", "surrogatepass") for start, end in ranges
        ]

    def code_points(self) -> tuple[Indices, Indices]:
        """Return the half-open range of each chunk in its text, in code points; intp [chunks] each."""
        starts, ends, texts = self.starts, self.ends, self.text_units[:-1]
        if self.has_pairs:
            low = (np.frombuffer(self.data, "<u2") & 0xFC00) == 0xDC00  # no code point of its own
            before = np.concatenate(([0], low.cumsum()))
            starts, ends, texts = (
                starts - before[starts],
                ends - before[ends],
                texts - before[texts],
            )
        of_chunks = texts.repeat(np.diff(self.text_starts))
        return starts - of_chunks, ends - of_chunks


def split_at_separators(texts: Sequence[str]) -> Chunks:
    """Split texts into chunks. The words of a text are those of its chunks, in order."""
    # A NUL separates texts; those at the end make the key windows of the last chunks whole.
    encoded = [text.encode("utf-16-le", "surrogatepass") + b"\0\0" for text in texts]
    data = b"".join([*encoded, bytes(2 * MAX_KEY_UNITS)])
    units = np.frombuffer(data, "<u2")
    parts = _UNIT_CLASSES.of(units)
    # A joiner that no letter or digit of another script follows is in no word.
    parts[:-1][(parts[:-1] == _JOINER) & (parts[1:] != _OTHER)] = _NONE
    _join_marks(parts)
    inside = parts > _SPACE
    bounds = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    if inside[0]:
        bounds = np.concatenate(([0], bounds))
    starts, ends = bounds[::2], bounds[1::2]
    text_units = np.cumsum([0, *(len(text) // 2 for text in encoded)])
    return Chunks(
        data,
        starts,
        ends,
        starts.searchsorted(text_units),
        _keys(data, starts, ends),
        text_units,
        has_pairs=int(text_units[-1]) > sum(map(len, texts)) + len(texts),
    )


def _join_marks(parts: npt.NDArray[np.uint8]) -> None:
    """Make spaces before a combining mark parts of its word, with controls among them; in place."""
    gaps = (parts == _SPACE) | (parts == _CONTROL)
    for mark in (np.flatnonzero((parts[1:] == _MARK) & gaps[:-1]) + 1).tolist():
        start = mark - 1
        while start >= 0 and gaps[start]:
            start -= 1
        parts[start + 1 : mark] = _CONTROL


def _keys(data: bytes, starts: Indices, ends: Indices) -> Keys:
    windows: Keys = np.ndarray(
        (len(data) // 2 - MAX_KEY_UNITS + 1, _KEY_INTEGERS), "<u8", data, strides=(2, 8)
    )
    keys = windows[starts]
    keys &= _key_masks()[np.minimum(ends - starts, MAX_KEY_UNITS + 1)]
    return keys


def group_equal_keys(keys: Keys) -> tuple[Indices, Indices]:
    """Return the index of the first of each distinct key, and which of these each key equals.

    The first array ascends. Chunks without a key stand alone. Where two keys have the same hash,
    equal ones may be told apart.
    """
    hashes = _hashes(keys)
    order = hashes.argsort()
    ordered = keys[order]
    is_new = np.ones(len(keys), np.bool_)
    is_new[1:] = (ordered[1:] != ordered[:-1]).any(axis=1) | (ordered[1:, 0] == 0)
    firsts = np.minimum.reduceat(order, np.flatnonzero(is_new))
    ascending = firsts.argsort()
    ranks = np.empty_like(ascending)
    ranks[ascending] = np.arange(ascending.size)
    groups = np.empty_like(order)
    groups[order] = ranks[np.cumsum(is_new) - 1]
    return firsts[ascending], groups


class ChunkIdTable:
    """A hash table of bounded size from the keys of chunks to their ids.

    It grows with what is put: numpy asks for huge pages for a large array, of which each that is touched
    costs more than a small batch of documents. A slot holds one chunk, and forgets it when another with the same hash is put. So the caller
    must be able to find the id of any chunk in another way.
    """

    def __init__(self, bits: int = TABLE_BITS) -> None:
        """Make an empty table, of `2 ** bits` slots of 32 bytes at most."""
        self._most_bits = bits
        self._count = 0
        self._slots = _new_slots(min(bits, _FIRST_TABLE_BITS))

    def ids_of(
        self, chunks: Chunks, number: Callable[[list[str]], Sequence[int]]
    ) -> npt.NDArray[np.int32]:
        """Return the id of each chunk, int32 [chunks]; `number` tells those that are not there."""
        ids, missing = self.find(chunks.keys)
        if missing.size:
            keys = chunks.keys[missing]
            firsts, groups = group_equal_keys(keys)
            new = np.array(number(chunks.decode(missing[firsts])), np.int32)
            ids[missing] = new[groups]
            self.put(keys[firsts], new)
        return ids

    def find(self, keys: Keys) -> tuple[npt.NDArray[np.int32], Indices]:
        """Return the id of each key, int32 [keys], and the indices of keys that are not there."""
        table = self._slots
        slots = table.take(_slot_numbers(keys, table), axis=0)
        missing = (slots[:, 0] != keys[:, 0]) | (keys[:, 0] == 0)
        for column in range(1, _KEY_INTEGERS):
            missing |= slots[:, column] != keys[:, column]
        return slots[:, _KEY_INTEGERS].astype(np.int32), np.flatnonzero(missing)

    def put(self, keys: Keys, ids: npt.NDArray[np.int32]) -> None:
        """Store the ids of keys. Those of chunks that are too long for a key are left out."""
        has_key = keys[:, 0] != 0
        slots = np.empty((int(has_key.sum()), _KEY_INTEGERS + 1), np.uint64)
        slots[:, :_KEY_INTEGERS] = keys[has_key]
        slots[:, _KEY_INTEGERS] = ids[has_key].astype(np.uint64)
        self._count += len(slots)
        self._grow()
        self._slots[_slot_numbers(slots, self._slots)] = slots

    def _grow(self) -> None:
        first = bits = _bits_of(self._slots)
        while bits < self._most_bits and (1 << bits) < _SLOTS_PER_CHUNK * self._count:
            bits = min(bits + _BITS_PER_STEP, self._most_bits)
        if bits > first:
            old = self._slots[self._slots[:, 0] != 0]
            grown = _new_slots(bits)
            grown[_slot_numbers(old, grown)] = old
            self._slots = grown


def _new_slots(bits: int) -> Slots:
    # The key and the id of a chunk are adjacent, so a lookup reads one place in memory.
    return np.zeros((1 << bits, _KEY_INTEGERS + 1), np.uint64)


def _bits_of(slots: Slots) -> int:
    return len(slots).bit_length() - 1


def _slot_numbers(keys: Keys, slots: Slots) -> Indices:
    """Return the slot of each key: the high bits of its hash."""
    numbers: Indices = (_hashes(keys) >> np.uint64(64 - _bits_of(slots))).astype(np.intp)
    return numbers


def _hashes(keys: Keys) -> npt.NDArray[np.uint64]:
    """Return the hash of each key, a sum of products; uint64 [keys].

    Multiplicative hashing: Dietzfelbinger et al., "A reliable randomized algorithm for the
    closest-pair problem", Journal of Algorithms 25, 1997.
    """
    hashes: npt.NDArray[np.uint64] = keys[:, 0] * _FACTORS[0]
    for column in range(1, _KEY_INTEGERS):
        hashes += keys[:, column] * _FACTORS[column]
    return hashes


class _UnitClasses:
    """The part of a word that each code unit may be: uint8 [65536] of `CharacterClass`.

    Both code units of a character beyond U+FFFF count as part of a word, whatever it is: a chunk
    may hold too much, as it is tokenized anyway. The classes of a block of 256 code units are
    computed when the first of them occurs: a text has few blocks, and all take 60 ms.
    """

    def __init__(self) -> None:
        self._classes = np.full(1 << 16, _UNKNOWN, np.uint8)
        self._classes[0xD800:0xE000] = _OTHER

    def of(self, units: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint8]:
        """Return the class of each code unit."""
        found = self._classes.take(units, mode="wrap")
        if found.max(initial=0) == _UNKNOWN:
            for block in set((units[found == _UNKNOWN] >> 8).tolist()):
                characters = "".join(map(chr, range(block << 8, (block + 1) << 8)))
                classes = np.frombuffer(character_classes(characters), np.uint8)
                self._classes[block << 8 : (block + 1) << 8] = classes
            found = self._classes.take(units, mode="wrap")
        return found


_UNIT_CLASSES = _UnitClasses()


@cache
def _key_masks() -> Keys:
    """Return the bits of a window that are the key of a chunk, by its length; uint64 [14, 3]."""
    units = np.zeros((MAX_KEY_UNITS + 2, _KEY_INTEGERS * _UNITS_PER_INTEGER), "<u2")
    for length in range(MAX_KEY_UNITS + 1):
        units[length, :length] = 0xFFFF
    masks: npt.NDArray[Any] = units.view("<u8")
    return masks
