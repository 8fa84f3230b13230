"""Adjacent words: which words come after others.

After one word they are those of the pairs that segments store (`searchd.search.frequent_pairs`). After
several words, and after a rare one, a sample of their occurrences tells: a hash of the next stem is
stored with each (`indexer.segment.next_word_filter`), so the words that may follow are ranked by these
hashes and their own frequency, and only the likeliest are looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nlargest
from itertools import islice

import numpy as np
import numpy.typing as npt

from analyzers.analyzer import Terms
from indexer.segment.next_word_filter import term_hash
from indexer.segment.positions import POSITION_STRIDE
from indexer.segment.sorted_arrays import begins_run, contains, run_sizes, run_starts
from indexer.segment.vocabulary import Numbers
from searchd import budget
from searchd.search.frequent_pairs import Ranges, expected_after, frequent_after
from searchd.search.occurrence_samples import MOST_OCCURRENCES, Sample
from searchd.search.word_statistics import WordStatistics

_MOST_COUNTED = 1
"""Samples in which one of the words is looked up."""

_MOST_WRONG = 3
"""Words of stored pairs that are looked up beside those that are asked for: others may have their hash."""

_MOST_RARE = 6
"""Words that are looked up after others where no stored pair is found among them."""

_MOST_EXPECTED, _MOST_HASHES, _MOST_OF_HASHES = 8, 8, 24
"""The words that are looked up: those expected most often, and those of the most telling hashes."""

_FEW, _MOST_OF_FEW = 32, 32
"""For so few occurrences, how many words are looked for in their documents."""

_MOST_EXTENDING = 8
"""The words that are looked up where only one that nearly always follows is asked for."""

_MOST_LOCATED = 256
"""Occurrences of a sample at which one of them is looked up."""

_MOST_BEFORE = 3
"""Words that are looked for in a row before the next."""


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
    finder = _NextWords(statistics, field, ranges, most, least_share)
    words = [statistics.terms(surface) for surface in before][-_MOST_BEFORE:]
    while len(words) > 1:
        samples = statistics.samples(field, words)
        if samples:
            found = finder.in_samples(words, samples)
            if found or least_share:
                return found
        words = words[1:]
    return finder.after_one(words[0])


@dataclass(slots=True)
class _Candidate:
    """A word that may come after others.

    `expected` is how often it is expected to, and `places` are the samples where it may, each with
    its number there.
    """

    surface: str
    expected: float = 0.0
    places: list[tuple[Sample, int]] = field(default_factory=list)


class _NextWords:
    """Finds the words that come after others, as `words_after` does."""

    def __init__(
        self,
        statistics: WordStatistics,
        field: str,
        ranges: Ranges,
        most: int,
        least_share: float,
    ) -> None:
        self._statistics = statistics
        self._field = field
        self._ranges = ranges
        self._most = most
        self._least_share = least_share
        self._has_deletions = statistics.has_deletions

    def after_one(self, word: Terms) -> dict[str, int]:
        """Return those after a word: by the stored pairs, and where these lack it by positions.

        After a frequent word nothing that is not stored comes often enough to be looked for.
        """
        found = frequent_after(
            self._statistics, self._field, word.surface, self._ranges, 2 * self._most
        )
        if found and not self._has_deletions:
            return _sorted(found, self._most)
        if not found and self._statistics.count(self._field, word.surface) > MOST_OCCURRENCES:
            return {}
        samples = self._statistics.samples(self._field, [word])
        if not found:
            return self.in_samples([word], samples)
        likely = _sorted(found, self._most)  # some may be in deleted documents alone
        return {
            each: count for each, count in likely.items() if self._estimated([word], each, samples)
        }

    def in_samples(self, words: Sequence[Terms], samples: Sequence[Sample]) -> dict[str, int]:
        """Return those after some words, of which each that is likely is looked up in samples."""
        if not samples:
            return {}
        if len(words) > 1:
            candidates = self._expected(
                samples,
                lambda sample, ranges: expected_after(
                    sample, words[-1].surface, ranges, 2 * self._most
                ),
            )
            found = self._looked_up(words, candidates, samples, self._most + _MOST_WRONG)
            if found:
                return found
        candidates = self._expected(
            samples, lambda sample, ranges: _likely(sample, ranges, self._least_share)
        )
        return self._looked_up(words, candidates, samples, _MOST_RARE)

    def _expected(
        self,
        samples: Sequence[Sample],
        likely: Callable[[Sample, Sequence[range]], list[tuple[int, float]]],
    ) -> list[_Candidate]:
        """Return the likely words of all samples, those expected most often first."""
        candidates: dict[str, _Candidate] = {}
        for sample in samples:
            seen = np.bincount(sample.hashes, minlength=256)[1:].max()
            if seen < self._least_share * sample.hashes.size:
                continue
            surfaces = sample.segment.postings.text_field(sample.name).surfaces
            for number, count in likely(sample, self._ranges(sample.segment, sample.name)):
                text = surfaces.term(number).decode()
                candidate = candidates.setdefault(text, _Candidate(text))
                candidate.expected += count
                candidate.places.append((sample, number))
        return sorted(candidates.values(), key=lambda each: (-each.expected, each.surface))

    def _looked_up(
        self,
        words: Sequence[Terms],
        candidates: Sequence[_Candidate],
        samples: Sequence[Sample],
        most: int,
    ) -> dict[str, int]:
        """Return how often words come after others in samples; the `most` likeliest are looked up."""
        found: dict[str, int] = {}
        for candidate in islice(filter(_may_follow, candidates), most):
            surface = candidate.surface
            budget.check(surface)
            enough = len(found) >= self._most
            if enough and candidate.expected < nlargest(self._most, found.values())[-1]:
                break
            occurrences = self._estimated(words, surface, samples)
            if occurrences:
                found[surface] = max(round(occurrences), 1)
        return _sorted(found, self._most)

    def _estimated(self, words: Sequence[Terms], surface: str, samples: Sequence[Sample]) -> float:
        word = self._statistics.terms(surface)
        return self._statistics.next_count(
            self._field, words, surface, lambda: _estimate(word, samples)
        )


def _sorted(found: Mapping[str, int], most: int) -> dict[str, int]:
    return dict(sorted(found.items(), key=lambda each: (-each[1], each[0]))[:most])


def _likely(sample: Sample, ranges: Sequence[range], least_share: float) -> list[tuple[int, float]]:
    """Return the words that are the likeliest after some others, with how often they are expected.

    Of the words with one hash, those that are more frequent get a larger part of its occurrences.
    Where a hash occurs more often than by chance, one word with it is likely to be the cause, so
    several words are returned that are frequent enough to be it.
    """
    seen = np.bincount(sample.hashes, minlength=256)
    seen[0] = 0  # the end of a text
    vocabulary = sample.segment.postings.vocabulary(sample.name, budget.checking(sample.name))
    numbers = np.concatenate([vocabulary.within(each) for each in ranges])
    numbers = numbers[seen[vocabulary.hashes[numbers]] > 0]
    counts, hashes = vocabulary.counts[numbers], vocabulary.hashes[numbers]
    totals = vocabulary.hash_totals
    chance = totals * (sample.hashes.size / max(totals.sum(), 1))
    excess = np.where(seen >= least_share * sample.hashes.size, np.maximum(seen - chance, 0), 0)
    expected = (seen / np.maximum(totals, 1))[hashes] * counts
    of_hashes = _MOST_OF_FEW if sample.documents.size <= _FEW else _MOST_OF_HASHES
    places = _MOST_EXTENDING if least_share else of_hashes
    telling = _telling(counts, hashes, excess, places)
    expected[telling] = np.maximum(expected[telling], excess[hashes[telling]])
    most = min(0 if least_share else _MOST_EXPECTED, expected.size)
    likely = (
        np.argpartition(expected, expected.size - most)[expected.size - most :] if most else telling
    )
    chosen = np.union1d(likely, telling)
    chosen = chosen[expected[chosen] > 0]
    weights = expected[chosen] / sample.share
    return list(zip(numbers[chosen].tolist(), weights.tolist(), strict=True))


def _may_follow(candidate: _Candidate) -> bool:
    """Return whether a document in which a word may be the next one has its stem at all.

    After many occurrences it always may: there this would cost more than it saves.
    """
    for sample, number in candidate.places:
        if sample.documents.size > _FEW:
            return True
        vocabulary = sample.segment.postings.vocabulary(sample.name, budget.checking(sample.name))
        documents = sample.documents[sample.hashes == vocabulary.hashes[number]]
        ids = sample.segment.postings.text_field(sample.name).documents_of_surface(number)
        if contains(ids, documents).any():
            return True
    return False


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
    ranks = np.arange(rows.size) - starts.repeat(run_sizes(starts, rows.size))
    chosen: Numbers = rows[ranks < places[hashes[rows]]]
    return chosen


def _estimate(word: Terms, samples: Sequence[Sample]) -> float:
    """Return about how often a word is the next one: counted where its hash is seen most."""
    wanted = term_hash(word.stem.encode())
    hashed: list[tuple[float, int, Numbers]] = [
        (int(rows.size) / sample.share, number, rows)
        for number, sample in enumerate(samples)
        if (rows := (sample.hashes == wanted).nonzero()[0]).size
    ]
    best = nlargest(_MOST_COUNTED, hashed, key=lambda each: each[:2])
    counted = sum(seen for seen, *_others in best)
    if not counted:
        return 0.0
    found = sum(_count(word, samples[number], rows) for _seen, number, rows in best)
    return found * sum(seen for seen, *_others in hashed) / counted


def _count(word: Terms, sample: Sample, hashed: Numbers) -> float:
    """Return how often a word is the next one at some occurrences of a sample, in proportion."""
    step = -(-int(hashed.size) // _MOST_LOCATED)
    hashed = hashed[::step]
    documents = sample.documents[hashed]
    is_first = begins_run(documents)
    rows = is_first.cumsum() - 1
    positions = sample.segment.positions
    found = positions.positions(sample.name, word.stem, documents[is_first])
    wanted = rows * POSITION_STRIDE + sample.nexts[hashed]
    at = found.keys.searchsorted(wanted)
    at = at[found.keys.take(at, mode="clip") == wanted] if found.keys.size else at[:0]
    same = int(np.count_nonzero(positions.has_surface(sample.name, word, found.occurrences[at])))
    return same * step / sample.share
