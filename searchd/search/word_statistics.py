"""Word statistics: how often words and pairs of adjacent words occur in one snapshot.

Imported with the first correction or completion; searches rank by document frequencies instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from analyzers import Analyzer
from analyzers.analyzer import Terms
from analyzers.normalization.spelling import UNKNOWN, respell
from indexer.segment.cache import CacheRegion, no_bytes
from indexer.segment.postings_reader import DEFAULT_FIELD
from indexer.segment.segment import Segment
from indexer.segment.text_field import ABSENT
from indexer.snapshot import Snapshot
from searchd import budget
from searchd.search.occurrence_samples import Sample, read_samples
from searchd.search.suggestions import ARTICLES, PROCLITICS

_FEW = 64
"""So rare words are looked for in the documents that are not deleted."""

_ENOUGH = 50
"""Occurrences of a word that tell how it is written; no further segments are asked."""

_DOUBTFUL = 0.02
"""The share of other spellings of a word from which the word before it decides on one."""

_MOST_SEGMENTS = 2
"""Segments in which the spelling of a word is looked for, the largest, and others if these lack it."""


class PairCount(NamedTuple):
    """How often two words are adjacent: in their surface forms, and in any forms of their stems."""

    surfaces: int
    stems: int


class WordStatistics:
    """Counts of the words of a snapshot, by field; "" is title and text. Threads may share it.

    Occurrences in deleted documents count until their segment is merged, but a word that no other
    document has counts 0.
    """

    def __init__(self, snapshot: Snapshot, analyzer: Analyzer) -> None:
        self.snapshot = snapshot
        self._analyzer = analyzer
        cache = snapshot.memory.cache
        self._counts: CacheRegion[tuple[str, str], int] = cache.region(no_bytes)
        self._stem_counts: CacheRegion[tuple[str, str], int] = cache.region(no_bytes)
        self._pairs: CacheRegion[tuple[str, str, str], PairCount] = cache.region(no_bytes)
        self._spelled: CacheRegion[tuple[str, str], str] = cache.region(no_bytes)
        self._samples: CacheRegion[tuple[str, ...], list[Sample]] = cache.region(
            lambda samples: sum(sample.nbytes for sample in samples)
        )
        self._totals: CacheRegion[str, int] = cache.region(no_bytes)
        self._nexts: CacheRegion[tuple[str, ...], float] = cache.region(no_bytes)

    @cached_property
    def largest_segments(self) -> list[Segment]:
        """The segments, those with the most documents first."""
        return sorted(self.snapshot.segments, key=lambda segment: -segment.document_count)

    @cached_property
    def has_deletions(self) -> bool:
        """Whether a segment has deleted documents, whose words count still."""
        return any(segment.entry.deletions for segment in self.snapshot.segments)

    def terms(self, surface: str) -> Terms:
        """Return the terms of a surface form."""
        return Terms(surface, self._analyzer.stem(surface))

    def total(self, field: str) -> int:
        """Return the number of words of a field in all documents."""
        return self._totals.get_or_compute(field, lambda: self._total(field))

    def count(self, field: str, surface: str) -> int:
        """Return how often a surface form occurs in a field."""
        return self._counts.get_or_compute((field, surface), lambda: self._count(field, surface))

    def counts(self, field: str, surfaces: Sequence[str]) -> dict[str, int]:
        """Return how often surface forms occur in a field, of those that do."""
        found = dict.fromkeys(surfaces, 0)
        encoded = [surface.encode() for surface in surfaces]
        for segment in self.snapshot.segments:
            for name in text_fields(field):
                numbers = segment.postings.text_field(name).surfaces.find_all(encoded)
                for surface, number in zip(surfaces, numbers, strict=True):
                    if number >= 0:
                        found[surface] += self._count_of(segment, name, surface, number)
        return {surface: count for surface, count in found.items() if count}

    def stem_count(self, field: str, surface: str) -> int:
        """Return how often the stem of a surface form occurs in a field, in any form."""
        stem = self._analyzer.stem(surface)
        return self._stem_counts.get_or_compute(
            (field, stem), lambda: self._stem_count(field, stem)
        )

    def pair(self, field: str, first: str, second: str) -> PairCount:
        """Return how often one surface form comes right before another in a field."""
        return self._pairs.get_or_compute(
            (field, first, second), lambda: self._pair(field, self.terms(first), self.terms(second))
        )

    def samples(self, field: str, words: Sequence[Terms]) -> list[Sample]:
        """Return samples of where some words come in a row in a field."""
        return self._samples.get_or_compute(
            (field, *(word.surface for word in words)),
            lambda: read_samples(self.snapshot.segments, text_fields(field), words),
        )

    def next_count(
        self, field: str, words: Sequence[Terms], surface: str, estimate: Callable[[], float]
    ) -> float:
        """Return about how often a surface form comes after some words in a row, by `estimate`.

        It is kept for the letters that are typed next, which ask for the same words again.
        """
        key = (field, *(word.surface for word in words), surface)
        return self._nexts.get_or_compute(key, estimate)

    def written(self, field: str, surface: str) -> str:
        """Return a surface form with the hamzas and marks with which documents have it most often.

        A form that documents have with other clitics alone is written like those; one that no
        document has is returned as it is.
        """
        return self._spelled.get_or_compute(
            (field, surface),
            lambda: (
                self._written(field, surface)
                or next(self._written_with_clitics(field, surface), None)
                or surface
            ),
        )

    def written_words(self, field: str, words: Sequence[str], before: str = "") -> str:
        """Return words in a row, each written as documents have it most often after the one before.

        `before` is the surface form before the first. على and علي have one, so how they are written
        depends on it: علي in محمد علي.
        """
        texts = []
        for word in words:
            texts.append(self._written_after(field, before, word))
            before = word
        return " ".join(texts)

    def _written_after(self, field: str, before: str, surface: str) -> str:
        if not before:
            return self.written(field, surface)
        return self._spelled.get_or_compute(
            (field, f"{before} {surface}"),
            lambda: (
                self._most_written(surface, self._spellings_after(field, before, surface))
                or self.written(field, surface)
            ),
        )

    def _spellings_after(self, field: str, before: str, surface: str) -> Counter[str]:
        """Count how a surface form is written right after another one, where that is in doubt."""
        counts = self._spellings(field, surface)
        found = Counter[str]()
        if counts.total() - max(counts.values(), default=0) < _DOUBTFUL * counts.total():
            return found
        first, second = self.terms(before), self.terms(surface)
        pause = budget.checking(surface)
        for segment in self.largest_segments[:_MOST_SEGMENTS]:
            if found.total() >= _ENOUGH:
                break
            for name in text_fields(field):
                form = segment.postings.text_field(name).surface(surface)
                stored = segment.postings.occurrences(name, second.stem)
                if form is None or stored is None:
                    continue
                matches = segment.positions.match_phrase(name, (first.stem, second.stem), pause)
                firsts, seconds = matches.occurrences
                same = segment.positions.has_surface(name, first, firsts)
                codes = stored.codes.at(seconds[same])
                for spelling, code in zip(form.spellings, form.codes, strict=True):
                    count = int(np.count_nonzero(codes == code))
                    if count and UNKNOWN not in spelling and spelling != ABSENT:
                        found[spelling] += count
        return found

    def _written_with_clitics(self, field: str, surface: str) -> Iterator[str]:
        for clitics in PROCLITICS:
            if found := clitics and self._written(field, clitics + surface):
                yield found.removeprefix(clitics)
        for clitics in ARTICLES:
            rest = surface.removeprefix(clitics)
            for typed in ("", "ال"):
                if rest != surface and (found := self._written(field, typed + rest)):
                    yield clitics + found.removeprefix(typed)

    def _written(self, field: str, surface: str) -> str | None:
        return self._most_written(surface, self._spellings(field, surface))

    def _most_written(self, surface: str, counts: Counter[str]) -> str | None:
        if not counts:
            return None
        return respell(surface, max(counts, key=lambda spelling: (counts[spelling], spelling)))

    def _spellings(self, field: str, surface: str) -> Counter[str]:
        """Count how a surface form is written in the largest segments."""
        counts = Counter[str]()
        for read, segment in enumerate(self.largest_segments):
            if counts.total() >= _ENOUGH or (counts and read >= _MOST_SEGMENTS):
                break
            for name in text_fields(field):
                number = segment.postings.text_field(name).surfaces.find(surface.encode())
                form = segment.postings.text_field(name).surface(surface)
                if number is None or form is None:
                    continue
                found = segment.postings.form_counts(name, budget.checking(surface))
                first = int(found.starts[number])
                of_forms = found.forms[first : first + len(form.spellings)].tolist()
                for spelling, count in zip(form.spellings, of_forms, strict=True):
                    if UNKNOWN not in spelling and spelling != ABSENT:
                        counts[spelling] += count
        return counts

    def _total(self, field: str) -> int:
        return sum(
            int(segment.postings.text_field(name).lengths().sum(dtype=np.int64))
            for segment in self.snapshot.segments
            for name in text_fields(field)
        )

    def _count(self, field: str, surface: str) -> int:
        return sum(
            self._count_in(segment, name, surface)
            for segment in self.snapshot.segments
            for name in text_fields(field)
        )

    def _stem_count(self, field: str, stem: str) -> int:
        total = 0
        for segment in self.snapshot.segments:
            for name in text_fields(field):
                text_field = segment.postings.text_field(name)
                number = text_field.stems.find(stem.encode())
                if number is not None:
                    first, last = (text_field.occurrence_start(number + end) for end in (0, 1))
                    total += last - first
        return total

    def _count_in(self, segment: Segment, name: str, surface: str) -> int:
        number = segment.postings.text_field(name).surfaces.find(surface.encode())
        return 0 if number is None else self._count_of(segment, name, surface, number)

    def _count_of(self, segment: Segment, name: str, surface: str, number: int) -> int:
        counts = segment.postings.form_counts(name, budget.checking(surface))
        count = int(counts.surfaces[number])
        if not segment.entry.deletions or count > _FEW:
            return count
        if not segment.postings.document_frequency(name, "surface", surface):
            return 0
        return count

    def _pair(self, field: str, first: Terms, second: Terms) -> PairCount:
        pause = budget.checking(first.surface)
        surfaces = stems = 0
        for segment in self.snapshot.segments:
            for name in text_fields(field):
                pause()
                matches = segment.positions.match_phrase(name, (first.stem, second.stem), pause)
                if not matches.documents.size:
                    continue
                stems += int(matches.documents.size)
                before, after = (
                    segment.positions.has_surface(name, word, occurrences)
                    for word, occurrences in zip((first, second), matches.occurrences, strict=True)
                )
                surfaces += int(np.count_nonzero(before & after))
        return PairCount(surfaces, stems)


def text_fields(field: str) -> tuple[str, ...]:
    """Return the names of the text fields that a field reads."""
    return ("text", "title") if field == DEFAULT_FIELD else (field,)
