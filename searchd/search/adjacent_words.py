"""Adjacent words: which words come after a word, from a sample of its occurrences.

The work is bounded whatever the word: of a frequent one the first occurrences are read. A hash of
the next stem is stored with each (`indexer.segment.next_word_filter`), so the words that may follow
are ranked by these hashes and their own frequency, and only the likeliest are looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from heapq import nlargest
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analyzers.analyzer import Terms
from indexer.segment.next_word_filter import term_hash
from indexer.segment.positions import POSITION_STRIDE
from indexer.segment.segment import Segment
from indexer.segment.sorted_arrays import run_starts
from indexer.segment.text_field import has_code
from indexer.segment.vocabulary import Numbers, Vocabulary
from searchd import budget
from searchd.search.word_statistics import WordStatistics, text_fields

MOST_OCCURRENCES = 8_000
"""Occurrences of a word that are read."""

_MOST_SAMPLES = 2
"""Text fields of segments in which occurrences of a word are read, those in which it is most frequent."""

_MOST_COUNTED = 1
"""Samples in which one of the words is looked up."""

_MOST_VERIFIED = 24
"""Words that are looked up after it."""

_MOST_EXPECTED, _MOST_HASHES, _MOST_OF_HASHES = 8, 8, 24
"""The words that are looked up: those expected most often, and those of the most telling hashes."""

_MOST_EXTENDING = 8
"""The words that are looked up where only one that nearly always follows is asked for."""

_MOST_LOCATED = 256
"""Occurrences of a sample at which one of them is looked up."""

_MOST_BEFORE = 3
"""Words that are looked for in a row before the next."""

_MOST_IN_PHRASE = 100_000
"""Occurrences that the first word of a row may have in a segment; of more only the last word counts."""

Ranges = Callable[[Segment, str], Sequence[range]]
"""The numbers of the surface forms that are asked for, in a text field of a segment."""


class _Sample(NamedTuple):
    """Occurrences of a word in one text field of a segment.

    `documents`: intp [n], ascending. `nexts`: int64 [n], the position after each occurrence.
    `hashes`: uint8 [n], the hash of the stem there. `share` is that of all its occurrences.
    """

    documents: Numbers
    nexts: npt.NDArray[np.int64]
    hashes: npt.NDArray[np.uint8]
    share: float


def words_after(
    statistics: WordStatistics,
    field: str,
    before: Sequence[str],
    ranges: Ranges,
    most: int,
    least_share: float = 0.0,
) -> dict[str, int]:
    """Return surface forms that come after some words in a field, the most frequent first.

    Each has about the number of times that it comes after them. `before` are the surface forms of
    the words in order; where documents lack them in a row, of the last of them. `ranges` has the
    surface forms that are asked for. Left out are words that come after fewer than `least_share` of
    all occurrences.
    """
    words = [statistics.terms(surface) for surface in before][-_MOST_BEFORE:]
    samples: list[tuple[Segment, str, _Sample]] = []
    while words and not samples:
        samples = list(_samples(statistics, field, words))
        words = words[1:]
    expected: dict[str, float] = {}
    for segment, name, sample in samples:
        vocabulary = segment.postings.vocabulary(name, budget.checking(before[-1]))
        surfaces = segment.postings.text_field(name).surfaces
        for number, count in _likely(vocabulary, sample, ranges(segment, name), least_share):
            text = surfaces.term(number).decode()
            expected[text] = expected.get(text, 0.0) + count
    found: dict[str, int] = {}
    likely = sorted(expected, key=lambda text: (-expected[text], text))
    for surface in likely[:_MOST_VERIFIED]:
        budget.check(before[-1])
        if len(found) >= most and expected[surface] < nlargest(most, found.values())[-1]:
            break
        occurrences = _estimate(statistics.terms(surface), samples)
        if occurrences:
            found[surface] = max(round(occurrences), 1)
    return dict(sorted(found.items(), key=lambda each: (-each[1], each[0]))[:most])


def _samples(
    statistics: WordStatistics, field: str, words: Sequence[Terms]
) -> Iterator[tuple[Segment, str, _Sample]]:
    """Yield samples of the occurrences of the last of some words, of where it occurs most."""
    sizes: list[tuple[int, int, Segment, str]] = []
    for segment in statistics.snapshot.segments:
        for name in text_fields(field):
            found = segment.postings.occurrences(name, words[-1].stem)
            if found is not None:
                sizes.append((found.codes.size, len(sizes), segment, name))
    total = sum(size for size, *_others in sizes)
    chosen = nlargest(_MOST_SAMPLES, sizes)
    share = sum(size for size, *_others in chosen) / max(total, 1)
    for _size, _number, segment, name in chosen:
        budget.check(words[-1].surface)
        sample = _sample(segment, name, words, MOST_OCCURRENCES // len(chosen) + 1)
        if sample is not None:
            yield segment, name, sample._replace(share=sample.share * share)


def _sample(segment: Segment, name: str, words: Sequence[Terms], most: int) -> _Sample | None:
    """Return occurrences of the last of some words after the others; None where there is none."""
    found = segment.postings.occurrences(name, words[-1].stem)
    if found is None:
        return None
    if len(words) > 1:
        first = segment.postings.occurrences(name, words[0].stem)
        if first is None or first.codes.size > _MOST_IN_PHRASE:
            return None
        matches = segment.positions.match_phrase(name, [word.stem for word in words])
        documents, kept, share = matches.documents.astype(np.intp), matches.occurrences[-1], 1.0
    else:
        read = min(most, found.codes.size)
        codes = segment.postings.surface_codes(name, words[-1].surface)
        kept = has_code(found.codes[:read], codes).nonzero()[0]
        ends = found.counts[:read].cumsum(dtype=np.int64)
        documents = found.ids[ends.searchsorted(kept, "right")].astype(np.intp)
        live = segment.live[documents]
        kept, documents, share = kept[live], documents[live], read / found.codes.size
    if not kept.size:
        return None
    nexts = found.positions[kept].astype(np.int64) + 1
    return _Sample(documents, nexts, found.next_term_hashes[kept], share)


def _likely(
    vocabulary: Vocabulary, sample: _Sample, ranges: Sequence[range], least_share: float
) -> list[tuple[int, float]]:
    """Return the words that are the likeliest after some others, with how often they are expected.

    Of the words with one hash, those that are more frequent get a larger part of its occurrences.
    Where a hash occurs more often than by chance, one word with it is likely to be the cause, so
    several words are returned that are frequent enough to be it.
    """
    seen = np.bincount(sample.hashes, minlength=256)
    seen[0] = 0  # the end of a text
    if seen.max() < least_share * sample.hashes.size:
        return []
    numbers = np.concatenate([vocabulary.within(each) for each in ranges])
    counts, hashes = vocabulary.counts[numbers], vocabulary.hashes[numbers]
    totals = vocabulary.hash_totals
    chance = totals * (sample.hashes.size / max(totals.sum(), 1))
    excess = np.where(seen >= least_share * sample.hashes.size, np.maximum(seen - chance, 0), 0)
    expected = (seen / np.maximum(totals, 1))[hashes] * counts
    places = _MOST_EXTENDING if least_share else _MOST_OF_HASHES
    telling = _telling(counts, hashes, excess, places)
    expected[telling] = np.maximum(expected[telling], excess[hashes[telling]])
    most = min(0 if least_share else _MOST_EXPECTED, expected.size)
    likely = (
        np.argpartition(expected, expected.size - most)[expected.size - most :] if most else telling
    )
    chosen = np.union1d(likely, telling)
    weights = expected[chosen] / sample.share
    return [
        each for each in zip(numbers[chosen].tolist(), weights.tolist(), strict=True) if each[1]
    ]


def _telling(
    counts: npt.NDArray[np.uint32],
    hashes: npt.NDArray[np.uint8],
    excess: npt.NDArray[np.float64],
    most: int,
) -> Numbers:
    """Return the rows of the words that may be why their hash occurs more often than by chance.

    The hashes with the greatest excess share about `most` places; those words of a hash that are frequent
    enough come in the order of their frequency.
    """
    best = np.argpartition(excess, -_MOST_HASHES)[-_MOST_HASHES:]
    places = np.zeros(256, np.int64)
    places[best] = np.ceil(most * excess[best] / max(excess[best].sum(), 1e-9))
    rows = ((places[hashes] > 0) & (2 * counts >= excess[hashes])).nonzero()[0]
    rows = rows[np.lexsort((-counts[rows].astype(np.int64), hashes[rows]))]
    starts = run_starts(hashes[rows])
    ranks = np.arange(rows.size) - starts.repeat(np.diff(starts, append=rows.size))
    chosen: Numbers = rows[ranks < places[hashes[rows]]]
    return chosen


def _estimate(word: Terms, samples: Sequence[tuple[Segment, str, _Sample]]) -> float:
    """Return about how often a word is the next one: counted where its hash is seen most."""
    wanted = term_hash(word.stem.encode())
    hashed: list[tuple[float, int, Numbers]] = [
        (int(rows.size) / sample.share, number, rows)
        for number, (_segment, _name, sample) in enumerate(samples)
        if (rows := (sample.hashes == wanted).nonzero()[0]).size
    ]
    best = nlargest(_MOST_COUNTED, hashed, key=lambda each: each[:2])
    counted = sum(seen for seen, *_others in best)
    if not counted:
        return 0.0
    found = sum(_count(word, *samples[number], rows) for _seen, number, rows in best)
    return found * sum(seen for seen, *_others in hashed) / counted


def _count(word: Terms, segment: Segment, name: str, sample: _Sample, hashed: Numbers) -> float:
    """Return how often a word is the next one at some occurrences of a sample, in proportion."""
    step = -(-int(hashed.size) // _MOST_LOCATED)
    hashed = hashed[::step]
    documents = sample.documents[hashed]
    is_first = np.ones(documents.size, np.bool_)
    np.not_equal(documents[1:], documents[:-1], out=is_first[1:])
    rows = is_first.cumsum() - 1
    found = segment.positions.positions(name, word.stem, documents[is_first])
    wanted = rows * POSITION_STRIDE + sample.nexts[hashed]
    at = found.keys.searchsorted(wanted)
    at = at[found.keys.take(at, mode="clip") == wanted] if found.keys.size else at[:0]
    same = int(np.count_nonzero(segment.positions.has_surface(name, word, found.occurrences[at])))
    return same * step / sample.share
