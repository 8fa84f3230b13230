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
from indexer.segment.sorted_arrays import AnyIds, run_starts
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


class SimilarNumbers(NamedTuple):
    """The stems of a field that are like some stems; int64, int64 and float64 [n].

    `owners` are the indexes of the stems that were asked for, ascending. `numbers` are those of the
    field, ascending for each owner, with their `likeness`.
    """

    owners: npt.NDArray[np.int64]
    numbers: npt.NDArray[np.int64]
    likeness: npt.NDArray[np.float64]


_NONE_SIMILAR = SimilarNumbers(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))


class TrigramIndex:
    """The trigram index of one field of a segment."""

    def __init__(self, array_file: ArrayFile, name: str) -> None:
        self._letters, self._keys, self._starts, self._sizes = (
            array_file.array(f"{name}.trigrams.{part}") for part in TRIGRAM_PARTS if part != "stems"
        )
        self.stems = SplitArray(array_file, f"{name}.trigrams.stems")

    def similar(self, stems: Sequence[str], least: float) -> SimilarNumbers:
        """Return the stems of the field that are like each of some stems.

        The likeness is Dice's coefficient of the two sets of trigrams, 1 for the stem itself. Stems
        with a likeness below `least` are left out.
        """
        trigrams = [trigrams_of(stem) for stem in stems]
        owners, bounds = self._lists_of(trigrams)
        if not bounds:
            return _NONE_SIMILAR
        count = self._sizes.size
        # The stems of one list after the other, with a number that tells whose they are too.
        kind = np.uint32 if len(stems) * count < 1 << 32 else np.int64
        merged: AnyIds = self.stems.concatenated(bounds).astype(kind)
        if len(stems) > 1:
            bases: AnyIds = (np.array(owners, np.int64) * count).astype(kind)
            merged += bases.repeat([stop - start for start, stop in bounds])
        merged.sort()
        ends = np.concatenate((run_starts(merged), [merged.size]))
        shared, keys = ends[1:] - ends[:-1], merged[ends[:-1]]
        totals = np.array([*map(len, trigrams)])
        fewest = min(fewest_shared(total, least) for total in totals.tolist())
        if fewest > 1:
            enough = (shared >= fewest).nonzero()[0]
            shared, keys = shared[enough], keys[enough]
        whose, numbers = np.divmod(keys.astype(np.int64), count)
        sizes = self._sizes.all()[numbers].astype(np.int64)  # the sum may exceed their type
        likeness = 2 * shared / (totals[whose] + sizes)
        kept = (likeness >= least).nonzero()[0]
        return SimilarNumbers(whose[kept], numbers[kept], likeness[kept])

    @cached_property
    def _letter_numbers(self) -> dict[str, int]:
        """The index of each letter, of which most fields have a few hundred."""
        return {chr(point): number for number, point in enumerate(self._letters.all().tolist())}

    def _lists_of(
        self, trigrams: Sequence[Iterable[str]]
    ) -> tuple[list[int], list[tuple[int, int]]]:
        """Return where the stems of each trigram that occurs in the field begin and end.

        Before them, for each the index among `trigrams` of those that it belongs to, ascending.
        """
        numbers, keys = self._letter_numbers, self._keys.all()
        letters, largest = len(numbers), int(np.iinfo(keys.dtype).max)
        wanted: list[tuple[int, int]] = []
        for owner, own in enumerate(trigrams):
            for trigram in own:
                first, second, third = map(numbers.get, trigram)
                if first is not None and second is not None and third is not None:
                    key = (first * letters + second) * letters + third
                    if key <= largest:
                        wanted.append((owner, key))
        if not wanted or not keys.size:
            return [], []
        owners, asked = zip(*wanted, strict=True)
        indexes = keys.searchsorted(np.array(asked, keys.dtype))
        found = keys.take(indexes, mode="clip").tolist()
        places = [
            (owner, i)
            for owner, i, key, own in zip(owners, indexes.tolist(), asked, found, strict=True)
            if key == own
        ]
        chosen = np.array([i for _owner, i in places], np.intp)
        starts, stops = self._starts.take(chosen), self._starts.take(chosen + 1)
        bounds = list(zip(starts.tolist(), stops.tolist(), strict=True))
        return [owner for owner, _i in places], bounds


def fewest_shared(trigrams: int, least: float) -> int:
    """Return how many of some trigrams a stem must share at least: likest are those with no other."""
    shared = 1
    while shared < trigrams and 2 * shared / (trigrams + shared) < least:
        shared += 1
    return shared


def _code_points(text: str) -> npt.NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
