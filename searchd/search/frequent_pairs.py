"""Frequent pairs: the words that most often come after a word, by the pairs that segments store.

No positions are read: the pairs of a word are a slice of each segment (`indexer.segment.word_pairs`),
and those whose second word has a prefix a slice of that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from indexer.segment.segment import Segment
from indexer.segment.vocabulary import Numbers
from searchd import budget
from searchd.search.occurrence_samples import Sample
from searchd.search.word_statistics import WordStatistics, text_fields

_MOST_SEGMENTS = 3
"""Segments in which pairs are looked up, the largest."""

Ranges = Callable[[Segment, str], Sequence[range]]
"""The numbers of the surface forms that are asked for, in a text field of a segment."""


def every_word(segment: Segment, name: str) -> Sequence[range]:
    """Return the numbers of all surface forms of a text field."""
    return (range(segment.postings.text_field(name).surfaces.size),)


def frequent_after(
    statistics: WordStatistics, field: str, word: str, ranges: Ranges, most: int
) -> dict[str, int]:
    """Return the surface forms that most often come after one in a field, with how often they do.

    They are counted in the largest segments, and the others taken to be like these. From each come
    `most` of those that are asked for; what is not stored there, or not among them, does not count.
    """
    found = Counter[str]()
    chosen = statistics.largest_segments[:_MOST_SEGMENTS]
    for segment in chosen:
        for name in text_fields(field):
            budget.check(word)
            nexts, counts = _stored_after(segment, name, word)
            if not nexts.size:
                continue
            rows = _rows_within(nexts, ranges(segment, name))
            if rows.size > most:
                rows = rows[np.argpartition(counts[rows], -most)[-most:]]
            surfaces = segment.postings.text_field(name).surfaces
            for number, count in zip(nexts[rows].tolist(), counts[rows].tolist(), strict=True):
                found[surfaces.term(number).decode()] += count
    read = sum(segment.document_count for segment in chosen)
    share = read / max(statistics.snapshot.document_count, 1)  # an empty index has none
    return {word: round(count / share) for word, count in found.items()}


def may_extend(statistics: WordStatistics, field: str, word: str, least_share: float) -> bool:
    """Return whether one word may come after at least a share of the occurrences of another.

    So says the most frequent of the pairs that are stored.
    """
    most = occurrences = 0
    for segment in statistics.largest_segments[:_MOST_SEGMENTS]:
        for name in text_fields(field):
            number = segment.postings.text_field(name).surfaces.find(word.encode())
            if number is not None:
                form_counts = segment.postings.form_counts(name, budget.checking(word))
                occurrences += int(form_counts.surfaces[number])
                _nexts, counts = _stored_after(segment, name, word)
                most += int(counts.max(initial=0))
    return most > 0 and most >= least_share * occurrences


def expected_after(
    sample: Sample, word: str, ranges: Sequence[range], most: int
) -> list[tuple[int, float]]:
    """Return the words that are likely next in a sample, with how often they are expected there.

    `word` is the last of those that are sampled. The occurrences with one hash of the next stem are
    shared by the stored next words of `word` that have it, in proportion to their counts.
    """
    nexts, counts = _stored_after(sample.segment, sample.name, word)
    if not nexts.size:
        return []
    vocabulary = sample.segment.postings.vocabulary(sample.name, budget.checking(word))
    hashes = vocabulary.hashes[nexts]
    seen = np.bincount(sample.hashes, minlength=256)
    rows = _rows_within(nexts, ranges)
    rows = rows[seen[hashes[rows]] > 0]
    shared = np.bincount(hashes, counts, minlength=256)
    expected = seen[hashes[rows]] * counts[rows] / shared[hashes[rows]]
    if rows.size > most:
        best = np.argpartition(expected, -most)[-most:]
        rows, expected = rows[best], expected[best]
    return list(zip(nexts[rows].tolist(), (expected / sample.share).tolist(), strict=True))


def _stored_after(
    segment: Segment, name: str, word: str
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.int64]]:
    """Return the words after one by the stored pairs of a field, ascending, and their counts."""
    number = segment.postings.text_field(name).surfaces.find(word.encode())
    if number is None:
        return np.empty(0, np.intp), np.empty(0, np.int64)
    nexts, counts = segment.postings.word_pairs(name).after(number)
    return nexts.astype(np.intp), counts


def _rows_within(nexts: Numbers, ranges: Sequence[range]) -> Numbers:
    """Return the indexes of the words that are in one of some ranges; `nexts` is ascending."""
    parts = [np.arange(*nexts.searchsorted((each.start, each.stop)).tolist()) for each in ranges]
    return np.concatenate(parts)
