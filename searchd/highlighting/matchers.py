"""Matchers: which words of a text a term of the query matches, by the rules of the search.

The resolver makes one for each term it looks up, so a highlight never disagrees with a match.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from analyzers.analyzer import Terms
from analyzers.levels import Level
from analyzers.tokenized_text import TokenizedText
from indexer.segment.phrase_search import phrase_spans, unordered_spans
from indexer.segment.sorted_arrays import IdArray


class Positions(NamedTuple):
    """The positions of each stem and of each surface form in a text, ascending; of those asked for."""

    stems: Mapping[str, Sequence[int]]
    surfaces: Mapping[str, Sequence[int]]


_MatcherKey = tuple[object, ...]
"""Equal for matchers that differ in nothing but their weight."""


class MatchedWords(NamedTuple):
    """A match in a text: the words from `first` to `last`, both included, and its level.

    `words` are those of them that take part, ascending; None for all.
    """

    first: int
    last: int
    level: Level
    words: tuple[int, ...] | None = None


def _is_written(words: TokenizedText, number: int, surface: str, spelling: str | None) -> bool:
    """Return whether a word of a text has a surface form, and agrees with a spelling."""
    if words.surface(number) != surface:
        return False
    if spelling is None:
        return True
    if not words.is_whole_word(number):
        return True
    from analyzers.normalization.spelling import word_agrees

    return word_agrees(spelling, words.written(number), surface)


class TermMatcher(NamedTuple):
    """Matches words by their stem, each stem with its level.

    A word whose surface form is `surface`, and whose hamzas and marks agree with `spelling`,
    matches on that level. `field` is the field that was searched ("" for title and text), `weight`
    what a match adds to the score of a passage.
    """

    stems: Mapping[str, Level]
    surface: str
    field: str
    weight: float
    spelling: str | None = None

    @property
    def key(self) -> _MatcherKey:
        """Equal for matchers that match the same words on the same levels."""
        return "term", frozenset(self.stems.items()), *self[1:3], self.spelling

    def matches(self, words: TokenizedText, positions: Positions) -> Iterator[MatchedWords]:
        """Yield each match. `positions` has at least the stems of this matcher."""
        stems, surface, spelling = self.stems, self.surface, self.spelling
        for stem, numbers in positions.stems.items():  # a text has few of the related stems
            level = stems.get(stem)
            if level is None:
                continue
            for number in numbers:
                same = surface and _is_written(words, number, surface, spelling)
                yield MatchedWords(number, number, Level.SURFACE if same else level)

    def at_level(self, level: Level) -> TermMatcher:
        """Return this matcher with one level for all its matches."""
        return self._replace(stems=dict.fromkeys(self.stems, level), surface="")


class SurfaceMatcher(NamedTuple):
    """Matches words by their surface form, each form with its level.

    With a `spelling`, only words whose hamzas and marks agree with it.
    """

    surfaces: Mapping[str, Level]
    field: str
    weight: float
    spelling: str | None = None

    @property
    def key(self) -> _MatcherKey:
        """Equal for matchers that match the same words on the same levels."""
        return "surface", frozenset(self.surfaces.items()), self.field, self.spelling

    def matches(self, words: TokenizedText, positions: Positions) -> Iterator[MatchedWords]:
        """Yield each match, by surface form. `positions` has at least the forms of this matcher."""
        for surface in self.surfaces.keys() & positions.surfaces.keys():
            for number in positions.surfaces[surface]:
                if _is_written(words, number, surface, self.spelling):
                    yield MatchedWords(number, number, self.surfaces[surface])

    def at_level(self, level: Level) -> SurfaceMatcher:
        """Return this matcher with one level for all its matches."""
        return self._replace(surfaces=dict.fromkeys(self.surfaces, level))


class PhraseMatcher(NamedTuple):
    """Matches words in the order of a phrase, with at most `slop` others between them.

    Where not `ordered` they match in any order, and those between them take no part.
    With `exact` they have the surface forms of the phrase, with the hamzas and marks that are asked
    for, else its stems. `level` is that of all matches; None for STEM or, where every word has its
    surface form, SURFACE.
    """

    words: tuple[Terms, ...]
    exact: bool
    slop: int
    field: str
    weight: float
    level: Level | None = None
    ordered: bool = True

    @property
    def key(self) -> _MatcherKey:
        """Equal for matchers that match the same words on the same levels."""
        return "phrase", *self[:4], self.level, self.ordered

    @property
    def stems(self) -> tuple[str, ...]:
        """The stems of the phrase."""
        return tuple(terms.stem for terms in self.words)

    def matches(self, words: TokenizedText, positions: Positions) -> Iterator[MatchedWords]:
        """Yield each match of the phrase, from its first to its last word."""
        by_stem = [positions.stems.get(terms.stem, ()) for terms in self.words]
        if not all(by_stem):
            return
        written = {
            terms: [
                number
                for number in positions.stems[terms.stem]
                if _is_written(words, number, terms.surface, terms.spelling)
            ]
            for terms in set(self.words)
        }
        by_surface = [written[terms] for terms in self.words]
        exact = list(self._spans(by_surface))
        known = frozenset(exact)
        others = () if self.exact else (s for s in self._spans(by_stem) if s not in known)
        for spans, level, places in (
            (exact, Level.SURFACE, by_surface),
            (others, Level.STEM, by_stem),
        ):
            of_any_word = sorted(set().union(*places)) if not self.ordered else []
            for first, last in spans:
                taking_part = None if self.ordered else _between(of_any_word, first, last)
                yield MatchedWords(first, last, self.level or level, taking_part)

    def at_level(self, level: Level) -> PhraseMatcher:
        """Return this matcher with one level for all its matches."""
        return self._replace(level=level)

    def _spans(self, positions: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
        keys: list[IdArray] = [np.array(numbers, np.int64) for numbers in positions]
        starts, ends = (phrase_spans if self.ordered else unordered_spans)(keys, self.slop)
        return zip(starts.tolist(), ends.tolist(), strict=True)


def _between(positions: Sequence[int], first: int, last: int) -> tuple[int, ...]:
    """Return those of some ascending positions from `first` to `last`."""
    return tuple(positions[bisect_left(positions, first) : bisect_right(positions, last)])


Matcher = TermMatcher | SurfaceMatcher | PhraseMatcher


def distinct_matchers(matchers: Iterable[Matcher]) -> list[Matcher]:
    """Return one matcher for each word or phrase; it has the weights of all that are the same.

    So a query that repeats a word costs no more than one that has it once.
    """
    distinct: dict[_MatcherKey, Matcher] = {}
    for matcher in matchers:
        same = distinct.get(matcher.key)
        weight = matcher.weight + (same.weight if same else 0)
        distinct[matcher.key] = matcher._replace(weight=weight)
    return list(distinct.values())
