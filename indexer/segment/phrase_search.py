"""Phrase search: the documents and positions where stems occur next to each other.

An exact phrase is searched from the word for which the fewest next-term hashes are read; from the
positions that pass the filter it extends word by word, so nearly everything that is read belongs to
the phrase. A sloppy phrase compares the positions of all words in the documents that hold them all.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.segment.buffer_pool import ZeroedBufferPool
from indexer.segment.next_word_filter import find_term_hash, term_hash
from indexer.segment.positions import (
    POSITION_STRIDE,
    Indexes,
    favours_binary_search,
    locate_documents,
)
from indexer.segment.sorted_arrays import (
    BoolArray,
    IdArray,
    UnsignedArray,
    begins_run,
    distinct_values,
)
from indexer.segment.term_scan import Pause, no_pause
from indexer.segment.text_field import Occurrences


class PhraseTerm(NamedTuple):
    """A word of an exact phrase: its stem and the occurrences of it in a text field."""

    stem: str
    occurrences: Occurrences


class PhraseMatches(NamedTuple):
    """Every match of an exact phrase in a text field.

    `documents`: [n], ascending; a document is repeated for each match in it.
    `occurrences`: for each word intp [n], the index among the occurrences of its stem.
    """

    documents: UnsignedArray
    occurrences: tuple[Indexes, ...]

    @classmethod
    def empty(cls, words: int) -> PhraseMatches:
        """Return no matches, for a phrase of that many words."""
        return cls(np.empty(0, np.uint16), (np.empty(0, np.intp),) * words)

    def filter(self, kept: BoolArray) -> PhraseMatches:
        """Return the matches where `kept`, bool [n], is true."""
        return PhraseMatches(self.documents[kept], tuple(each[kept] for each in self.occurrences))


def match_phrase(
    words: Sequence[PhraseTerm],
    documents: int,
    tables: ZeroedBufferPool,
    pause: Pause = no_pause,
) -> PhraseMatches:
    """Return the matches of a phrase of two words or more: exact adjacency, in order.

    `documents` is the number of documents of the segment, `tables` is a pool of int32 arrays.
    """
    scanned = [word.occurrences.next_term_hashes.size for word in words[:-1]]
    anchor = scanned.index(min(scanned))
    word = words[anchor]
    occurrences = find_term_hash(word.occurrences.next_term_hashes, _hash_of(words[anchor + 1]))
    if not occurrences.size:
        return PhraseMatches.empty(len(words))
    found = word.occurrences.ids.at(_rows_of(word, occurrences))
    # The position of the first word of the phrase.
    starts = word.occurrences.positions.at(occurrences).astype(np.int64) - anchor
    by_word = {anchor: occurrences}
    for index in (*range(anchor + 1, len(words)), *range(anchor - 1, -1, -1)):
        pause()
        if not found.size:
            return PhraseMatches.empty(len(words))
        kept, occurrences = _locate(words[index], found, starts + index, documents, tables)
        if anchor < index < len(words) - 1:
            wanted = _hash_of(words[index + 1])
            hashes = words[index].occurrences.next_term_hashes[occurrences]
            passing = (hashes == wanted).nonzero()[0]
            kept, occurrences = kept[passing], occurrences[passing]
        found, starts = found[kept], starts[kept]
        by_word = {other: known[kept] for other, known in by_word.items()}
        by_word[index] = occurrences
    return PhraseMatches(found, tuple(by_word[index] for index in range(len(words))))


def phrase_spans(
    words: Sequence[IdArray], slop: int = 0, pause: Pause = no_pause
) -> tuple[IdArray, IdArray]:
    """Return the key of the first and of the last word of each match of a phrase; int64 [matches].

    `words` has for each word its ascending keys (`DocPositions.keys`, or positions in one text).
    At most `slop` other words may come between those of the phrase in all. The matches are
    ascending by first word. `pause` is called for every word.
    """
    if not all(keys.size for keys in words):
        return words[0][:0], words[0][:0]
    if slop == 0:
        starts = words[0]
        for distance, keys in enumerate(words[1:], start=1):
            pause()
            wanted = starts + distance
            rows = keys.searchsorted(wanted)
            starts = starts[keys.take(rows, mode="clip") == wanted]
        return starts, starts + (len(words) - 1)
    starts = last = words[0]
    for keys in words[1:]:
        pause()
        # From each position of one word to the next position of the following word.
        following = keys.searchsorted(last, side="right")
        inside = following < keys.size
        starts, last = starts[inside], keys[following[inside]]
    near = last - starts <= len(words) - 1 + slop
    return starts[near], last[near]


def unordered_spans(
    words: Sequence[IdArray], slop: int = 0, pause: Pause = no_pause
) -> tuple[IdArray, IdArray]:
    """Return the key of the first and of the last word of each match in any order; int64 [matches].

    `words` are as in `phrase_spans`; each needs a place of its own, so that a word which is twice in
    the phrase, with the same keys, needs two. A match is a window that contains every word, at most
    `slop` others in all, and no smaller window of this kind: the minimal intervals of Clarke,
    Cormack and Burkowski, "An Algebra for Structured Text Search and a Framework for its
    Implementation", The Computer Journal 38, 1995. The matches are ascending, by first word and by
    last.

    >>> starts, ends = unordered_spans([np.array([1, 9]), np.array([0, 3, 8])], slop=1)
    >>> starts.tolist(), ends.tolist()
    ([0, 1, 8], [1, 3, 9])
    """
    needs = _needs(words, pause)
    if any(keys.size < places for keys, places in needs):
        return words[0][:0], words[0][:0]
    ends = distinct_values(np.concatenate(words))
    # The latest window that ends at each word begins where what is rarest was last seen.
    starts = ends
    for keys, places in needs:
        pause()
        last = keys.searchsorted(ends, side="right") - places
        starts = np.minimum(starts, np.where(last < 0, -POSITION_STRIDE, keys[np.maximum(last, 0)]))
    # Of windows with one beginning that which ends first contains no other.
    minimal = np.diff(starts, prepend=-2 * POSITION_STRIDE) > 0
    minimal &= ends - starts <= len(words) - 1 + slop
    return starts[minimal], ends[minimal]


_MOST_ALIKE = 6
"""Of so many words that share places every combination is checked, of more only pairs and all."""


def _needs(words: Sequence[IdArray], pause: Pause) -> list[tuple[IdArray, int]]:
    """Return how many of some keys a window must contain so that every word has a place of its own.

    By Hall's theorem words that share places have places of their own where each combination of
    them has as many places as words. Words that share none are checked one by one.
    """
    distinct: list[tuple[IdArray, int]] = []
    for keys in words:
        pause()
        same = next((n for n, (k, _) in enumerate(distinct) if np.array_equal(k, keys)), None)
        if same is None:
            distinct.append((keys, 1))
        else:
            distinct[same] = (keys, distinct[same][1] + 1)
    every = np.concatenate([keys for keys, _places in distinct])
    if distinct_values(every).size == every.size:
        return distinct
    needs = []
    for group in _sharing(distinct, pause):
        sizes = range(1, len(group) + 1) if len(group) <= _MOST_ALIKE else (1, 2, len(group))
        for size in sizes:
            for chosen in combinations(group, size):
                pause()
                union = distinct_values(np.concatenate([keys for keys, _places in chosen]))
                needs.append((union, sum(places for _keys, places in chosen)))
    return needs


def _sharing(words: Sequence[tuple[IdArray, int]], pause: Pause) -> list[list[tuple[IdArray, int]]]:
    """Return words in groups, of which no two share a key."""
    groups: list[list[tuple[IdArray, int]]] = []
    for word in words:
        pause()
        alike = [
            group
            for group in groups
            if any(np.intersect1d(word[0], keys, assume_unique=True).size for keys, _ in group)
        ]
        groups = [group for group in groups if not any(group is each for each in alike)]
        groups.append([word, *(each for group in alike for each in group)])
    return groups


def _hash_of(word: PhraseTerm) -> int:
    return term_hash(word.stem.encode())


def _rows_of(word: PhraseTerm, occurrences: Indexes) -> Indexes:
    """Return the index in the posting list of the document of each occurrence; intp [n]."""
    counts = word.occurrences.counts
    if favours_binary_search(word.occurrences.positions.size, occurrences.size):
        return counts.rows_of(occurrences)
    return counts.repeat(np.arange(counts.size))[occurrences]


def _locate(
    word: PhraseTerm,
    documents: UnsignedArray,
    positions: npt.NDArray[np.int64],
    size: int,
    tables: ZeroedBufferPool,
) -> tuple[Indexes, Indexes]:
    """Return the indexes of the positions at which a word occurs, and the index of each occurrence.

    `documents` and `positions` are parallel and ascending. A document may be repeated; its
    occurrences are read once. `size` is the number of documents of the segment.
    """
    is_first = begins_run(documents)
    ids, counts, word_positions = word.occurrences[:3]
    rows, held = locate_documents(ids.all(), documents[is_first], size, tables)
    occurrences, sizes = counts.occurrences_in(rows)
    if not occurrences.size:
        return occurrences, occurrences
    held *= POSITION_STRIDE
    keys = held.repeat(sizes)
    keys += word_positions.at(occurrences)
    wanted = is_first.cumsum()
    wanted -= 1
    wanted *= POSITION_STRIDE
    wanted += positions
    found = keys.searchsorted(wanted)
    matching = (keys.take(found, mode="clip") == wanted).nonzero()[0]
    return matching, occurrences[found[matching]]
