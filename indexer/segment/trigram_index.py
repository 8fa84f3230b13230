"""Trigram index: the stems of a field by the letter trigrams in them, to find similar stems.

A stem is padded on both sides, so n letters have at most n distinct trigrams. The letters of a
field are numbered, and `keys` holds the three numbers of each trigram as one, ascending. The stems
with trigram i are `stems[starts[i]:starts[i + 1]]`; `sizes` is the number of distinct trigrams of
each stem.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.segment.array_file import ArrayFile, ArrayFileWriter, narrow
from indexer.segment.sorted_arrays import run_starts
from indexer.segment.split_values import SplitArray, write_split

Unsigned = npt.NDArray[np.unsignedinteger[Any]]

_PADDING = "\n"
"""The padding, which occurs in no stem."""

TRIGRAM_PARTS = ("letters", "keys", "starts", "stems", "sizes")


class TrigramArrays(NamedTuple):
    """The arrays of a trigram index, as the module describes them."""

    letters: Unsigned
    keys: Unsigned
    starts: Unsigned
    stems: Unsigned
    sizes: Unsigned

    def write(self, writer: ArrayFileWriter, name: str) -> None:
        """Write the arrays under the name of their field, the stems as split values."""
        for part in TRIGRAM_PARTS:
            if part == "stems":
                write_split(writer, f"{name}.trigrams.stems", self.stems)
            else:
                writer.add(f"{name}.trigrams.{part}", getattr(self, part))


def build_trigrams(stems: Sequence[bytes]) -> TrigramArrays:
    """Return the trigrams of sorted stems in UTF-8."""
    points = _code_points(_PADDING + b"\n".join(stems).decode() + _PADDING)
    known = np.zeros(points.max() + 1, np.bool_)
    known[points] = True
    letters = np.flatnonzero(known)
    numbers = np.zeros(known.size, np.int64)
    numbers[letters] = np.arange(letters.size)
    dense = numbers[points]
    inner = np.flatnonzero(points != ord(_PADDING))
    owners = np.cumsum(points == ord(_PADDING))[inner] - 1
    keys = (dense[inner - 1] * letters.size + dense[inner]) * letters.size + dense[inner + 1]
    order = np.argsort(keys, kind="stable")  # stable: the stems of a trigram stay ascending
    keys, owners = keys[order], owners[order]
    distinct = np.ones(keys.size, np.bool_)
    distinct[1:] = (keys[1:] != keys[:-1]) | (owners[1:] != owners[:-1])
    keys, owners = keys[distinct], owners[distinct]
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    return TrigramArrays(
        letters=narrow(letters),
        keys=narrow(keys[starts]),
        starts=narrow(np.append(starts, keys.size)),
        stems=narrow(owners),
        sizes=narrow(np.bincount(owners, minlength=len(stems))),
    )


def trigrams_of(stem: str) -> set[str]:
    """Return the distinct trigrams of a stem, which is padded on both sides.

    >>> sorted(trigrams_of("اب")) == ["\\nاب", "اب\\n"]
    True
    """
    text = _PADDING + stem + _PADDING
    return {text[start : start + 3] for start in range(len(stem))}


class TrigramIndex:
    """The trigram index of one field of a segment."""

    def __init__(self, array_file: ArrayFile, name: str) -> None:
        self._letters, self._keys, self._starts, self._sizes = (
            array_file.array(f"{name}.trigrams.{part}") for part in TRIGRAM_PARTS if part != "stems"
        )
        self.stems = SplitArray(array_file, f"{name}.trigrams.stems")

    def similar(
        self, stem: str, least: float
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        """Return the numbers of the stems like this one, ascending, and their likeness; [n] each.

        The likeness is Dice's coefficient of the two sets of trigrams, 1 for the stem itself. Stems
        with a likeness below `least` are left out.
        """
        trigrams = trigrams_of(stem)
        lists = self._bounds_of(trigrams)
        if not lists:
            return np.empty(0, np.int64), np.empty(0, np.float64)
        merged = self.stems.concatenated(lists)
        merged.sort()
        bounds = np.concatenate((run_starts(merged), [merged.size]))
        shared = bounds[1:] - bounds[:-1]
        numbers = merged[bounds[:-1]].astype(np.int64)
        fewest = fewest_shared(len(trigrams), least)
        if fewest > 1:
            enough = (shared >= fewest).nonzero()[0]
            shared, numbers = shared[enough], numbers[enough]
        sizes = self._sizes.all()[numbers].astype(np.int64)  # the sum may exceed their type
        likeness = 2 * shared / (len(trigrams) + sizes)
        kept = (likeness >= least).nonzero()[0]
        return numbers[kept], likeness[kept]

    @cached_property
    def _letter_numbers(self) -> dict[str, int]:
        """The index of each letter, of which most fields have a few hundred."""
        return {chr(point): number for number, point in enumerate(self._letters.all().tolist())}

    def _bounds_of(self, trigrams: Iterable[str]) -> list[tuple[int, int]]:
        """Return where the stems of each trigram that occurs in the field begin and end."""
        numbers, keys = self._letter_numbers, self._keys.all()
        letters, largest = len(numbers), int(np.iinfo(keys.dtype).max)
        wanted = []
        for trigram in trigrams:
            first, second, third = map(numbers.get, trigram)
            if first is not None and second is not None and third is not None:
                key = (first * letters + second) * letters + third
                if key <= largest:
                    wanted.append(key)
        if not wanted or not keys.size:
            return []
        indexes = keys.searchsorted(np.array(wanted, keys.dtype))
        found = keys.take(indexes, mode="clip").tolist()
        places = [
            i for i, key, own in zip(indexes.tolist(), wanted, found, strict=True) if key == own
        ]
        chosen = np.array(places, np.intp)
        starts, stops = self._starts.take(chosen), self._starts.take(chosen + 1)
        return list(zip(starts.tolist(), stops.tolist(), strict=True))


def fewest_shared(trigrams: int, least: float) -> int:
    """Return how many of some trigrams a stem must share at least: likest are those with no other."""
    shared = 1
    while shared < trigrams and 2 * shared / (trigrams + shared) < least:
        shared += 1
    return shared


def _code_points(text: str) -> npt.NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
