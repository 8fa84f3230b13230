"""Vocabulary: the words of a text field of a segment, to find those that complete a text.

Its arrays are made when they are first needed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.segment.form_counts import FormCounts
from indexer.segment.next_word_filter import term_hashes
from indexer.segment.term_scan import Pause
from indexer.segment.text_field import TextField

MOST_SCANNED = 20_000
"""Words of a range that are looked through; of more, those among so many of the most frequent."""

_STEMS_PER_STEP = 50_000

Numbers = npt.NDArray[np.intp]


class Vocabulary(NamedTuple):
    """The words of a field, by the number of their surface form; deleted documents count too.

    `counts`: uint32 [surface forms], their occurrences. `hashes`: uint8 [surface forms], the hash of
    the stem of each. `frequent`: intp [n], the most frequent, ascending. `hash_totals`: float64
    [256], the occurrences of all words whose stem has a hash.
    """

    counts: npt.NDArray[np.uint32]
    hashes: npt.NDArray[np.uint8]
    frequent: Numbers
    hash_totals: npt.NDArray[np.float64]

    @property
    def nbytes(self) -> int:
        """The bytes of its arrays, without those of the form counts."""
        return self.hashes.nbytes + self.frequent.nbytes + self.hash_totals.nbytes

    def within(self, numbers: range) -> Numbers:
        """Return the words among consecutive ones that are looked through, ascending."""
        if len(numbers) <= MOST_SCANNED:
            return np.arange(numbers.start, numbers.stop)
        first, last = self.frequent.searchsorted((numbers.start, numbers.stop)).tolist()
        return self.frequent[first:last]

    def most_frequent(self, numbers: range, most: int) -> Numbers:
        """Return the most frequent words among consecutive ones, in no order."""
        found = self.within(numbers)
        if found.size <= most:
            return found
        return found[np.argpartition(self.counts[found], -most)[-most:]]


def read_vocabulary(field: TextField, counts: FormCounts, pause: Pause) -> Vocabulary:
    """Return the vocabulary of a field. `pause` is called every few milliseconds, and may raise."""
    hashes = np.zeros(field.stems.size, np.uint8)
    for first in range(0, field.stems.size, _STEMS_PER_STEP):
        pause()
        stems = field.stems.terms(range(first, min(first + _STEMS_PER_STEP, field.stems.size)))
        hashes[first : first + len(stems)] = term_hashes(stems)
    of_surfaces = hashes[field.surface_stems()]
    surfaces = counts.surfaces
    frequent: Numbers = np.arange(surfaces.size)
    if surfaces.size > MOST_SCANNED:
        frequent = np.sort(np.argpartition(surfaces, -MOST_SCANNED)[-MOST_SCANNED:])
    totals = np.bincount(of_surfaces, surfaces, minlength=256).astype(np.float64)
    return Vocabulary(surfaces, of_surfaces, frequent, totals)
