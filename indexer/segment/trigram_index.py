"""Grams: the stems of a field by the groups of three letters in them, to find similar ones.

A gram is a letter with its neighbours; the first and last letter of a stem have its edge as one of
them, so a stem of n letters has at most n distinct grams. The letters of a field are numbered, and
`keys` holds the three numbers of each gram in one, ascending. The stems with gram i are
`stems[starts[i]:starts[i + 1]]`, and `sizes` has the number of distinct grams of each stem.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.segment.array_file import ArrayFile, ArrayFileWriter, narrow
from indexer.segment.sorted_arrays import run_starts

Unsigned = npt.NDArray[np.unsignedinteger[Any]]

_EDGE = "\n"
"""What no stem holds."""

TRIGRAM_PARTS = ("letters", "keys", "starts", "stems", "sizes")


class TrigramArrays(NamedTuple):
    """The arrays of the grams of a field."""

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
    """Return the grams of sorted stems in UTF-8."""
    points = _points(_EDGE + b"\n".join(stems).decode() + _EDGE)
    known = np.zeros(0x110000, np.bool_)
    known[points] = True
    letters = np.flatnonzero(known)
    numbers = np.zeros(0x110000, np.int64)
    numbers[letters] = np.arange(letters.size)
    dense = numbers[points]
    inner = np.flatnonzero(points != ord(_EDGE))
    owners = np.cumsum(points == ord(_EDGE))[inner] - 1
    keys = (dense[inner - 1] * letters.size + dense[inner]) * letters.size + dense[inner + 1]
    order = np.argsort(keys, kind="stable")  # which keeps the stems of a gram ascending
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
    """The grams of one field of a segment."""

    def __init__(self, array_file: ArrayFile, name: str) -> None:
        self._letters, self._keys, self._starts, self._stems, self._sizes = (
            array_file.array(f"{name}.trigrams.{part}") for part in TRIGRAM_PARTS
        )

    def similar(
        self, stem: str, least: float
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        """Return the numbers of the stems like this one, ascending, and how like it they are.

        The likeness is Dice's coefficient of the two sets of grams, 1 for the stem itself; it is
        `least` at least.
        """
        text = _EDGE + stem + _EDGE
        trigrams = {text[place : place + 3] for place in range(len(stem))}
        places = self._places(sorted(trigrams))
        bounds = self._starts.all()
        starts, stops = bounds[places], bounds[places + 1]
        lists = [
            self._stems.slice(start, stop)
            for start, stop in zip(starts.tolist(), stops.tolist(), strict=True)
        ]
        if not lists:
            return np.empty(0, np.int64), np.empty(0, np.float64)
        held = np.sort(np.concatenate(lists))
        firsts = run_starts(held)
        shared = np.diff(firsts, append=held.size)
        numbers = held[firsts].astype(np.int64)
        sizes = self._sizes.all()[numbers].astype(np.int64)  # the sum may exceed their type
        likeness = 2 * shared / (len(trigrams) + sizes)
        kept = likeness >= least
        return numbers[kept], likeness[kept]

    def _places(self, trigrams: Sequence[str]) -> npt.NDArray[np.intp]:
        """Return the places in `keys` of those grams that stems of the field hold."""
        letters, keys = self._letters.all(), self._keys.all()
        if not trigrams or not keys.size:
            return np.empty(0, np.intp)
        # What does not fit into the narrow types turns into something else, and is found out.
        points = _points("".join(trigrams))
        numbers = letters.searchsorted(points.astype(letters.dtype))
        known = letters.take(numbers, mode="clip") == points
        first, second, third = numbers.reshape(-1, 3).T
        wanted = (first * letters.size + second) * letters.size + third
        places = keys.searchsorted(wanted.astype(keys.dtype))
        held: npt.NDArray[np.bool_] = keys.take(places, mode="clip") == wanted
        held &= known.reshape(-1, 3).all(axis=1)
        return places[held]


def _points(text: str) -> npt.NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
