"""Term union: the terms of several dictionaries become one sorted list.

They are merged in ranges, so that only the terms of one range are in memory more than once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.segment.term_dictionary import TermDictionary

TERMS_PER_STEP = 1_000_000
"""About how many terms of all dictionaries are merged in one step: some 150 MB."""


class TermUnion(NamedTuple):
    """The distinct terms of some dictionaries, sorted.

    `numbers` has for each dictionary int64 [terms], the number in `terms` of each of its own.
    """

    terms: list[bytes]
    numbers: list[npt.NDArray[np.int64]]


def merge_terms(dictionaries: Sequence[TermDictionary]) -> TermUnion:
    """Return the union of the terms of at least one dictionary. Raises IndexDamagedError."""
    if len(dictionaries) == 1:
        terms = dictionaries[0].all()
        return TermUnion(terms, [np.arange(len(terms))])
    union: list[bytes] = []
    numbers = [np.empty(dictionary.size, np.int64) for dictionary in dictionaries]
    for ranges in _ranges(dictionaries):
        parts = [
            dictionary.terms(each) for dictionary, each in zip(dictionaries, ranges, strict=True)
        ]
        merged = sorted(set().union(*parts))
        known = {term: number for number, term in enumerate(merged, len(union))}
        for own, each, part in zip(numbers, ranges, parts, strict=True):
            own[each.start : each.stop] = np.fromiter(
                map(known.__getitem__, part), np.int64, len(part)
            )
        union += merged
    return TermUnion(union, numbers)


def _ranges(dictionaries: Sequence[TermDictionary]) -> Iterator[list[range]]:
    """Yield ranges of the terms of each dictionary, of which those together hold the same terms."""
    largest = max(dictionaries, key=lambda dictionary: dictionary.size)
    steps = -(-sum(dictionary.size for dictionary in dictionaries) // TERMS_PER_STEP)
    places = sorted({largest.size * step // steps for step in range(1, steps)} - {0})
    bounds = [
        [dictionary.first_not_below(pivot) for dictionary in dictionaries]
        for pivot in map(largest.term, places)
    ]
    first = [0] * len(dictionaries)
    last = [dictionary.size for dictionary in dictionaries]
    for starts, stops in pairwise([first, *bounds, last]):
        yield list(map(range, starts, stops))
