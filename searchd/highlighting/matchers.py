"""Targets: what of a document's text the query matched, for snippets and highlights.

A target looks at the words of a text and says which of them it matched, by the same rules that
found the document, and on which level: one of `searchd.results.HIGHLIGHT_LEVELS`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, compress, count
from typing import NamedTuple

import numpy as np

from analyzers.analyzer import Terms
from analyzers.tokenized_text import TokenizedText
from searchd.search.phrases import Keys, phrase_spans

DocPositions = Mapping[str, Sequence[int]]
"""The numbers of the words of a text that have each stem, ascending."""


class Occurrence(NamedTuple):
    """A match in a text: the words from `first` to `last`, both of them matched."""

    first: int
    last: int
    level: str


class TermMatcher(NamedTuple):
    """Words whose stem is one of these, each with its level.

    Of the words with such a stem those with the surface form `surface` match on that level.
    `field` is the field that was searched ("" for title and text), `weight` how much a match tells.
    """

    stems: Mapping[str, str]
    surface: str
    field: str
    weight: float

    def occurrences(self, words: TokenizedText, places: DocPositions) -> Iterator[Occurrence]:
        """Yield each word that matches. `places` has at least the stems of this target."""
        for stem, level in self.stems.items():
            for number in places.get(stem, ()):
                same = words.surface(number) == self.surface
                yield Occurrence(number, number, "surface" if same else level)

    def renamed(self, level: str) -> TermMatcher:
        """Return this target with one level for all it matches."""
        return self._replace(stems=dict.fromkeys(self.stems, level), surface="")


class SurfaceMatcher(NamedTuple):
    """Words whose surface form is one of these, each with its level."""

    surfaces: Mapping[str, str]
    field: str
    weight: float

    @property
    def stems(self) -> tuple[str, ...]:
        """No stem says whether a word matches."""
        return ()

    def occurrences(self, words: TokenizedText, _places: DocPositions) -> Iterator[Occurrence]:
        """Yield each word that matches, in order."""
        surfaces = words.surfaces
        for number in compress(count(), map(self.surfaces.__contains__, surfaces)):
            yield Occurrence(number, number, self.surfaces[surfaces[number]])

    def renamed(self, level: str) -> SurfaceMatcher:
        """Return this target with one level for all it matches."""
        return self._replace(surfaces=dict.fromkeys(self.surfaces, level))


class PhraseMatcher(NamedTuple):
    """Words that stand in a row, with at most `slop` others between.

    With `exact` they have the surface forms of the phrase, else its stems. `level` names all
    matches; without it each is one by stem or, where all of its words have them, by surface form.
    """

    words: tuple[Terms, ...]
    exact: bool
    slop: int
    field: str
    weight: float
    level: str = ""

    @property
    def stems(self) -> tuple[str, ...]:
        """The stems of its words, by which they are looked for."""
        return tuple(terms.stem for terms in self.words)

    def occurrences(self, words: TokenizedText, places: DocPositions) -> Iterator[Occurrence]:
        """Yield each place where the phrase stands, from its first to its last word."""
        by_stem = [places.get(terms.stem, ()) for terms in self.words]
        if not all(by_stem):
            return
        by_surface = [
            [number for number in numbers if words.surface(number) == terms.surface]
            for terms, numbers in zip(self.words, by_stem, strict=True)
        ]
        exact = list(self._spans(by_surface))
        known = frozenset(exact)
        others = () if self.exact else (s for s in self._spans(by_stem) if s not in known)
        for first, last in chain(exact, others):
            level = "surface" if (first, last) in known else "stem"
            yield Occurrence(first, last, self.level or level)

    def renamed(self, level: str) -> PhraseMatcher:
        """Return this target with one level for all it matches."""
        return self._replace(level=level)

    def _spans(self, places: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
        keys: list[Keys] = [np.array(numbers, np.int64) for numbers in places]
        starts, ends = phrase_spans(keys, self.slop)
        return zip(starts.tolist(), ends.tolist(), strict=True)


Matcher = TermMatcher | SurfaceMatcher | PhraseMatcher
