"""Word pairs: how often the most frequent pairs of adjacent words occur in a text field of a segment.

Words are numbers of surface forms. Arrays of a field:

`pair_firsts`: [firsts], the words that are first in a stored pair, ascending.
`pair_starts`: [firsts + 1], where the pairs of each begin in the next two arrays.
`pair_nexts`: [pairs], the second words, as split values, ascending within those of one first word.
`pair_counts`: uint8 [pairs], how often each pair occurs, `MANY` for as many or more.
`large_pairs`: [n], the indexes of these among all pairs. `large_pair_counts`: [n], their counts.

There is at most one pair for `WORDS_PER_PAIR` running words, and `FEW_PAIRS` in a small segment: those
that occur most often, and of several that occur equally often all or none; where a segment has more than
`FEW_PAIRS` words those that occur twice at least. So the arrays, 6 bytes a pair, are less than 2 % of a large segment. These constants and `WORDS_PER_STEP` are
part of the format, since verifying counts anew.
A segment of an earlier version lacks the arrays until it is merged.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.segment.array_file import ArrayFile, ArrayFileWriter, narrow
from indexer.segment.sorted_arrays import run_starts
from indexer.segment.split_values import SplitArray, write_split

MANY = 255
"""In `pair_counts`: as many or more."""

WORDS_PER_PAIR = 32
"""Running words of a field for each stored pair."""

FEW_PAIRS = 1024
"""Pairs that are stored of a field however few words it has."""

WORDS_PER_STEP = 1 << 24
"""Running words that are counted at once, with 200 MB of arrays. Pairs that occur once in them are
not counted."""

_SPARE = 4
"""How many times as many pairs are kept from step to step."""

PARTS = (
    "pair_firsts",
    "pair_starts",
    "pair_nexts",
    "pair_counts",
    "large_pairs",
    "large_pair_counts",
)
"""The last parts of the names of the arrays."""

_NO_PAIR = np.uint64(0xFFFF_FFFF_FFFF_FFFF)

Numbers = npt.NDArray[np.integer[Any]]
Lengths = npt.NDArray[np.int64]


class PairCounts(NamedTuple):
    """Pairs of adjacent words with their counts.

    `keys`: uint64 [pairs], ascending, the number of the first word times the number of surface forms,
    plus that of the second. `counts`: int64 [pairs].
    """

    keys: npt.NDArray[np.uint64]
    counts: npt.NDArray[np.int64]


def count_pairs(
    forms: npt.NDArray[Any], lengths: Lengths, surfaces_of_forms: npt.NDArray[Any], surfaces: int
) -> PairCounts:
    """Return the most frequent pairs of adjacent words of some documents.

    `forms`: [words], a written form for each running word. `lengths`: [documents], in words.
    `surfaces_of_forms`: [forms], the number of the surface form of each, below `surfaces`.
    """
    ends = lengths.cumsum()[lengths > 0] - 1
    numbers = surfaces_of_forms.astype(np.uint32)
    found = PairCounts(np.empty(0, np.uint64), np.empty(0, np.int64))
    for first in range(0, forms.size, WORDS_PER_STEP):
        last = min(first + WORDS_PER_STEP, forms.size)
        # One word more, the second of the last pair.
        words = numbers[forms[first : last + 1]]
        low, high = ends.searchsorted((first, first + words.size - 1)).tolist()
        found = _added(found, _pairs_of(words, ends[low:high] - first, surfaces))
        found = _most_frequent(found, _SPARE * _room(last))
    return _most_frequent(found, _room(forms.size))


def _room(words: int) -> int:
    """Return how many pairs are stored at most of so many running words."""
    return max(words // WORDS_PER_PAIR, FEW_PAIRS)


def _pairs_of(words: npt.NDArray[np.uint32], ends: Lengths, surfaces: int) -> PairCounts:
    """Return the pairs of running words that occur twice or more, and of few words all.

    `ends` are the indexes of words that no other word follows.
    """
    keys = words[:-1].astype(np.uint64)
    keys *= np.uint64(surfaces)
    keys += words[1:]
    keys[ends[ends < keys.size]] = _NO_PAIR
    keys.sort()
    keys = keys[: keys.searchsorted(_NO_PAIR)]
    if words.size <= FEW_PAIRS:
        return PairCounts(*np.unique(keys, return_counts=True))
    repeated = np.flatnonzero(keys[1:] == keys[:-1])
    is_first = np.ones(repeated.size, np.bool_)
    np.not_equal(repeated[1:], repeated[:-1] + 1, out=is_first[1:])
    firsts = np.flatnonzero(is_first)
    return PairCounts(keys[repeated[firsts]], np.diff(firsts, append=repeated.size) + 1)


def _added(one: PairCounts, other: PairCounts) -> PairCounts:
    if not one.keys.size:
        return other
    keys, rows = np.unique(np.concatenate((one.keys, other.keys)), return_inverse=True)
    counts = np.bincount(rows, np.concatenate((one.counts, other.counts)), minlength=keys.size)
    return PairCounts(keys, counts.astype(np.int64))


def _most_frequent(pairs: PairCounts, most: int) -> PairCounts:
    """Return the pairs with the highest counts, `most` of them or fewer, in their order."""
    if pairs.counts.size <= most:
        return pairs
    # The counts from that of the first pair that does not fit any more.
    least = np.partition(pairs.counts, pairs.counts.size - most - 1)[-most - 1] + 1
    kept = pairs.counts >= least
    return PairCounts(pairs.keys[kept], pairs.counts[kept])


def pair_arrays(pairs: PairCounts, surfaces: int) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of a field that hold the pairs, by the last parts of their names."""
    words, nexts = np.divmod(pairs.keys, np.uint64(max(surfaces, 1)))
    starts = run_starts(words)
    large = np.flatnonzero(pairs.counts >= MANY)
    return {
        "pair_firsts": narrow(words[starts]),
        "pair_starts": narrow(np.append(starts, words.size)),
        "pair_nexts": narrow(nexts),
        "pair_counts": np.minimum(pairs.counts, MANY).astype(np.uint8),
        "large_pairs": narrow(large),
        "large_pair_counts": narrow(pairs.counts[large]),
    }


def write_pairs(writer: ArrayFileWriter, name: str, pairs: PairCounts, surfaces: int) -> None:
    """Write the pairs of the field `name`, which has so many surface forms."""
    for part, array in pair_arrays(pairs, surfaces).items():
        if part == "pair_nexts":
            write_split(writer, f"{name}.{part}", array)
        else:
            writer.add(f"{name}.{part}", array)


class WordPairs:
    """The stored pairs of a text field; those of deleted documents count too."""

    def __init__(self, array_file: ArrayFile, name: str) -> None:
        parts = (array_file.array(f"{name}.{part}") for part in PARTS if part != "pair_nexts")
        self._firsts, self._starts, self._counts, self._large, self._many = parts
        self.nexts = SplitArray(array_file, f"{name}.pair_nexts")

    def after(self, word: int) -> tuple[Numbers, npt.NDArray[np.int64]]:
        """Return the words that come right after one, ascending, and how often each does.

        The first is [n] in the type that is stored, the other int64 [n]; both are empty for a word
        of which no pair is stored.
        """
        firsts = self._firsts.all()
        row = int(firsts.searchsorted(firsts.dtype.type(word))) if self._fits(word) else firsts.size
        if row == firsts.size or firsts[row] != word:
            return self.nexts.slice(0, 0).all(), np.empty(0, np.int64)
        start, stop = self._starts.slice(row, row + 2).tolist()
        counts = self._counts.slice(start, stop).astype(np.int64)
        low, high = self._large.all().searchsorted((start, stop)).tolist()
        counts[self._large.slice(low, high).astype(np.int64) - start] = self._many.slice(low, high)
        return self.nexts.slice(start, stop).all(), counts

    def _fits(self, word: int) -> bool:
        return word <= np.iinfo(self._firsts.array.dtype).max
