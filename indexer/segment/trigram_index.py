"""Trigram index: the stems of a field by the letter trigrams in them, to find similar stems.

A stem is padded on both sides, so n letters have at most n distinct trigrams. The letters of a
field are numbered, and `keys` holds the three numbers of each trigram as one, ascending. The stems
with trigram i are `stems[starts[i]:starts[i + 1]]`; `sizes` is the number of distinct trigrams of
each stem.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.segment.array_file import ArrayFile, ArrayFileWriter, narrow
from indexer.segment.sorted_arrays import run_starts

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
        """Write the arrays under the name of their field."""
        for part in TRIGRAM_PARTS:
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


class TrigramIndex:
    """The trigram index of one field of a segment."""

    def __init__(self, array_file: ArrayFile, name: str) -> None:
        self._letters, self._keys, self._starts, self._stems, self._sizes = (
            array_file.array(f"{name}.trigrams.{part}") for part in TRIGRAM_PARTS
        )

    def similar(
        self, stem: str, least: float
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        """Return the numbers of the stems like this one, ascending, and their likeness; [n] each.

        The likeness is Dice's coefficient of the two sets of trigrams, 1 for the stem itself. Stems
        with a likeness below `least` are left out.
        """
        text = _PADDING + stem + _PADDING
        trigrams = {text[start : start + 3] for start in range(len(stem))}
        indexes = self._indexes_of(sorted(trigrams))
        bounds = self._starts.all()
        starts, stops = bounds[indexes], bounds[indexes + 1]
        lists = [
            self._stems.slice(start, stop)
            for start, stop in zip(starts.tolist(), stops.tolist(), strict=True)
        ]
        if not lists:
            return np.empty(0, np.int64), np.empty(0, np.float64)
        merged = np.sort(np.concatenate(lists))
        firsts = run_starts(merged)
        shared = np.diff(firsts, append=merged.size)
        numbers = merged[firsts].astype(np.int64)
        sizes = self._sizes.all()[numbers].astype(np.int64)  # the sum may exceed their type
        likeness = 2 * shared / (len(trigrams) + sizes)
        kept = likeness >= least
        return numbers[kept], likeness[kept]

    def _indexes_of(self, trigrams: Sequence[str]) -> npt.NDArray[np.intp]:
        """Return the indexes in `keys` of the trigrams that occur in stems of the field."""
        letters, keys = self._letters.all(), self._keys.all()
        if not trigrams or not keys.size:
            return np.empty(0, np.intp)
        # A value too large for the narrow dtype wraps around, and fails the comparison below.
        points = _code_points("".join(trigrams))
        numbers = letters.searchsorted(points.astype(letters.dtype))
        known = letters.take(numbers, mode="clip") == points
        first, second, third = numbers.reshape(-1, 3).T
        wanted = (first * letters.size + second) * letters.size + third
        indexes = keys.searchsorted(wanted.astype(keys.dtype))
        found: npt.NDArray[np.bool_] = keys.take(indexes, mode="clip") == wanted
        found &= known.reshape(-1, 3).all(axis=1)
        return indexes[found]


def _code_points(text: str) -> npt.NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
