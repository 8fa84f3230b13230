"""The words that completions are made of: what an index answers, whether in a directory or on a cluster."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Protocol

from indexer.fields import FieldType
from indexer.segment.segment import Segment
from searchd import budget
from searchd.search.adjacent_words import words_after
from searchd.search.frequent_pairs import Ranges, every_word, may_extend
from searchd.search.occurrence_samples import MOST_OCCURRENCES
from searchd.search.word_statistics import WordStatistics, text_fields

LEAST_SHARE = 0.3
"""The share of the occurrences of a word that the next one must follow, to be offered with it."""

LEAST_FREQUENCY = 2
"""How often documents must have a phrase into which a word grows."""

_MOST_SEGMENTS = 2
"""Segments in which words are looked for, the largest; their counts are those of all."""


class CompletionSource(Protocol):
    """Answers which words an index has, which come after others, and how they are written.

    Words are surface forms; a field is "" for title and text.
    """

    @property
    def fields(self) -> Mapping[str, FieldType]:
        """The fields that a text may name, with their types."""
        ...

    @property
    def rare(self) -> int:
        """Completions that are less frequent are set beside those with a space in the prefix."""
        ...

    def following(
        self, field: str, before: Sequence[str], prefixes: Sequence[str], most: int
    ) -> dict[str, int]:
        """Return words with a prefix that come after others, and how often; the most frequent first."""
        ...

    def extension(
        self, field: str, before: Sequence[str], words: Sequence[str], frequency: int
    ) -> tuple[str, int] | None:
        """Return the word that comes after most of the occurrences of some words, and how often.

        `frequency` is how often documents have `words` after those `before` them.
        """
        ...

    def frequent(
        self, field: str, prefixes: Sequence[str], most: int, *, counted: bool
    ) -> dict[str, int]:
        """Return the most frequent words with a prefix; without `counted` their counts may be too low."""
        ...

    def count(self, field: str, surface: str) -> int:
        """Return how often a word occurs."""
        ...

    def written_words(self, field: str, words: Sequence[str], before: str = "") -> str:
        """Return words in a row as documents write them after one that is before them."""
        ...


class SegmentSource:
    """Answers by the counts of an index in a directory."""

    rare = 10

    def __init__(self, statistics: WordStatistics) -> None:
        self._statistics = statistics

    @property
    def fields(self) -> Mapping[str, FieldType]:
        """The fields that a text may name, with their types."""
        return self._statistics.snapshot.fields

    def following(
        self, field: str, before: Sequence[str], prefixes: Sequence[str], most: int
    ) -> dict[str, int]:
        """Return words with a prefix that come after others, the most frequent first."""
        return words_after(self._statistics, field, before, _with_prefix(prefixes), most)

    def extension(
        self, field: str, before: Sequence[str], words: Sequence[str], frequency: int
    ) -> tuple[str, int] | None:
        """Return the word that comes after most of the occurrences of some words, and how often."""
        statistics = self._statistics
        if frequency > MOST_OCCURRENCES:
            return None
        if not may_extend(statistics, field, words[-1], LEAST_SHARE):
            return None
        row = [*before, *words]
        following = words_after(statistics, field, row, every_word, 1, LEAST_SHARE)
        least = max(LEAST_SHARE * frequency, LEAST_FREQUENCY)
        return next((each for each in following.items() if each[1] >= least), None)

    def frequent(
        self, field: str, prefixes: Sequence[str], most: int, *, counted: bool
    ) -> dict[str, int]:
        """Return the most frequent words with a prefix, counted in all segments or in the largest."""
        frequent = self._in_largest(field, prefixes, most)
        likely = sorted(frequent, key=lambda word: (-frequent[word], word))[:most]
        counts: dict[str, int] = {word: frequent[word] for word in likely}
        if counted or self._statistics.has_deletions:
            counts = {word: self._statistics.count(field, word) for word in likely}
        best = sorted(counts, key=lambda word: (-counts[word], word))
        return {word: counts[word] for word in best if counts[word]}

    def count(self, field: str, surface: str) -> int:
        """Return how often a word occurs."""
        return self._statistics.count(field, surface)

    def written_words(self, field: str, words: Sequence[str], before: str = "") -> str:
        """Return words in a row as documents write them after one that is before them."""
        return self._statistics.written_words(field, words, before)

    def _in_largest(self, field: str, prefixes: Sequence[str], most: int) -> Counter[str]:
        """Return the most frequent words of the largest segments, with their counts there."""
        found = Counter[str]()
        ranges = _with_prefix(prefixes)
        for segment in self._statistics.largest_segments[:_MOST_SEGMENTS]:
            for name in text_fields(field):
                pause = budget.checking(prefixes[0])
                pause()
                vocabulary = segment.postings.vocabulary(name, pause)
                surfaces = segment.postings.text_field(name).surfaces
                for numbers in ranges(segment, name):
                    for number in vocabulary.most_frequent(numbers, most).tolist():
                        found[surfaces.term(number).decode()] += int(vocabulary.counts[number])
        return found


def _with_prefix(prefixes: Sequence[str]) -> Ranges:
    def ranges(segment: Segment, name: str) -> Sequence[range]:
        surfaces = segment.postings.text_field(name).surfaces
        return tuple(surfaces.prefix_range(prefix.encode()) for prefix in prefixes)

    return every_word if "" in prefixes else ranges
