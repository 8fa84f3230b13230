"""Rows: where stems stand one right behind the other in the documents of a segment.

The search begins with the word of which the fewest signatures must be looked at, and goes on from
the places that may be right, word by word, so nearly all that is read belongs to the phrase.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.segment.next_word_filter import find_term_hash, term_hash
from indexer.segment.positions import (
    POSITION_STRIDE,
    Numbers,
    favours_binary_search,
    locate_documents,
    occurrences_of_documents,
)
from indexer.segment.sorted_arrays import BoolArray, run_starts
from indexer.segment.text_field import Ids, Occurrences


class PhraseTerm(NamedTuple):
    """A word of a row: where its stem stands in a text field.

    `starts` gives, for each of its documents, how many occurrences come before those in it.
    """

    stem: str
    occurrences: Occurrences
    starts: Callable[[], Ids]


class PhraseMatches(NamedTuple):
    """Where some words stand in a row.

    `documents`: [n], ascending, a document as often as the row stands in it.
    `numbers`: for each word [n], which of its occurrences that is.
    """

    documents: Ids
    numbers: tuple[Numbers, ...]

    def filter(self, kept: BoolArray) -> PhraseMatches:
        """Return some of the places."""
        return PhraseMatches(self.documents[kept], tuple(numbers[kept] for numbers in self.numbers))


def match_phrase(words: Sequence[PhraseTerm], documents: int) -> PhraseMatches:
    """Return where two words or more stand in a row; `documents` is the size of the segment."""
    scanned = [word.occurrences.next_term_hashes.size for word in words[:-1]]
    begin = scanned.index(min(scanned))
    word = words[begin]
    numbers = find_term_hash(word.occurrences.next_term_hashes, _signature_of(words[begin + 1]))
    found = word.occurrences.ids[_documents_of(word, numbers)]
    places = word.occurrences.positions[numbers].astype(np.int64) - begin  # of the first word
    by_word = {begin: numbers}
    for index in (*range(begin + 1, len(words)), *range(begin - 1, -1, -1)):
        if not found.size:
            return PhraseMatches(found, (np.empty(0, np.intp),) * len(words))
        kept, numbers = _locate(words[index], found, places + index, documents)
        if begin < index < len(words) - 1:
            wanted = _signature_of(words[index + 1])
            near = (words[index].occurrences.next_term_hashes[numbers] == wanted).nonzero()[0]
            kept, numbers = kept[near], numbers[near]
        found, places = found[kept], places[kept]
        by_word = {other: known[kept] for other, known in by_word.items()}
        by_word[index] = numbers
    return PhraseMatches(found, tuple(by_word[index] for index in range(len(words))))


def _signature_of(word: PhraseTerm) -> int:
    return term_hash(word.stem.encode())


def _documents_of(word: PhraseTerm, numbers: Numbers) -> Numbers:
    """Return for some occurrences of a word which of its documents they are in."""
    counts = word.occurrences.counts
    if favours_binary_search(word.occurrences.positions.size, numbers.size):
        starts = word.starts()
        return starts.searchsorted(numbers.astype(starts.dtype), side="right") - 1
    return np.arange(counts.size).repeat(counts)[numbers]


def _locate(
    word: PhraseTerm, documents: Ids, places: npt.NDArray[np.int64], size: int
) -> tuple[Numbers, Numbers]:
    """Return which of some places in documents hold a word, and which of its occurrences it is.

    Both ascend, and a document may come again and again: its occurrences are read once.
    """
    firsts = run_starts(documents)
    ids, counts, positions = word.occurrences[:3]
    rows, held = locate_documents(ids, documents[firsts], size)
    numbers, sizes = occurrences_of_documents(rows, counts, word.starts())
    if not numbers.size:
        return numbers, numbers
    held *= POSITION_STRIDE
    keys = held.repeat(sizes)
    keys += positions[numbers]
    wanted = np.arange(firsts.size).repeat(np.diff(firsts, append=documents.size))
    wanted *= POSITION_STRIDE
    wanted += places
    found = keys.searchsorted(wanted)
    right = (keys.take(found, mode="clip") == wanted).nonzero()[0]
    return right, numbers[found[right]]
