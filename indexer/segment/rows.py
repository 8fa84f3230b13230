"""Rows: where stems stand one right behind the other in the documents of a segment.

The search begins with the word of which the fewest signatures must be looked at, and goes on from
the places that may be right, word by word, so nearly all that is read belongs to the phrase.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.segment.counts import BoolArray
from indexer.segment.scratch import Scratch
from indexer.segment.signatures import find_signature, signature
from indexer.segment.text import Ids, Occurrences

Numbers = npt.NDArray[np.intp]

_MUCH_MORE = 16
"""One search in so many values costs what looking at all of them does."""


class RowWord(NamedTuple):
    """A word of a row: where its stem stands in a text field.

    `starts` gives, for each of its documents, how many occurrences come before those in it.
    """

    stem: str
    occurrences: Occurrences
    starts: Callable[[], Ids]


class Row(NamedTuple):
    """Where some words stand in a row.

    `documents`: [n], ascending, a document as often as the row stands in it.
    `numbers`: for each word [n], which of its occurrences that is.
    """

    documents: Ids
    numbers: tuple[Numbers, ...]

    def of(self, kept: BoolArray | Numbers) -> Row:
        """Return some of the places."""
        return Row(self.documents[kept], tuple(numbers[kept] for numbers in self.numbers))


def find_row(words: Sequence[RowWord], documents: int) -> Row:
    """Return where two words or more stand in a row; `documents` is the size of the segment."""
    scanned = [word.occurrences.next_signatures.size for word in words[:-1]]
    begin = scanned.index(min(scanned))
    word = words[begin]
    numbers = find_signature(word.occurrences.next_signatures, _signature_of(words[begin + 1]))
    found = word.occurrences.ids[_documents_of(word, numbers)]
    places = word.occurrences.positions[numbers].astype(np.int64) - begin  # of the first word
    by_word = {begin: numbers}
    for index in (*range(begin + 1, len(words)), *range(begin - 1, -1, -1)):
        kept, numbers = _locate(words[index], found, places + index, documents)
        if begin < index < len(words) - 1:
            wanted = _signature_of(words[index + 1])
            near = (words[index].occurrences.next_signatures[numbers] == wanted).nonzero()[0]
            kept, numbers = kept[near], numbers[near]
        found, places = found[kept], places[kept]
        by_word = {other: known[kept] for other, known in by_word.items()}
        by_word[index] = numbers
    return Row(found, tuple(by_word[index] for index in range(len(words))))


def _signature_of(word: RowWord) -> int:
    return signature(word.stem.encode())


def _documents_of(word: RowWord, numbers: Numbers) -> Numbers:
    """Return for some occurrences of a word which of its documents they are in."""
    counts, size = word.occurrences.counts, word.occurrences.positions.size
    if numbers.size * _MUCH_MORE > size:
        return np.arange(counts.size).repeat(counts)[numbers]
    starts = word.starts()
    return starts.searchsorted(numbers.astype(starts.dtype), side="right") - 1


def _locate(
    word: RowWord, documents: Ids, places: npt.NDArray[np.int64], size: int
) -> tuple[Numbers, Numbers]:
    """Return which of some places in documents hold a word, and which of its occurrences it is."""
    ids, counts, positions = word.occurrences[:3]
    rows, held = _find(ids, documents, size)
    sizes = counts[rows].astype(np.intp)
    # The occurrences in each document are one run.
    runs = word.starts()[rows].astype(np.intp)
    runs -= sizes.cumsum() - sizes
    numbers = runs.repeat(sizes)
    numbers += np.arange(numbers.size)
    owners = held.repeat(sizes)
    right = (positions[numbers] == places[owners]).nonzero()[0]
    return owners[right], numbers[right]


def _find(ids: Ids, documents: Ids, size: int) -> tuple[Numbers, Numbers]:
    """Return where ascending ids hold those of some documents, and which of these they hold.

    All are below `size`; documents may be there more than once.
    """
    if documents.size * _MUCH_MORE < ids.size:
        rows = ids.searchsorted(documents)
        held = (ids.take(rows, mode="clip") == documents).nonzero()[0]
        return rows[held], held
    with _tables.lend(size) as table:
        table[ids] = np.arange(1, ids.size + 1, dtype=np.int32)
        rows = table[documents].astype(np.intp)
        table[ids] = 0
    held = rows.nonzero()[0]
    return rows[held] - 1, held


_tables = Scratch(np.int32)
