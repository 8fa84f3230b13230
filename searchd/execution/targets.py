"""Targets: what of a document's text the query matched, for snippets and highlights.

A target looks at the words of a text and says which of them it matched, by the same rules that
found the document.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analyzers.words import Words
from searchd.execution.phrases import phrase_spans


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A match in a text: the words from `first` to `last`, both of them matched."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class WordTarget:
    """Words whose stem or surface is one of these.

    `field` is the field that was searched ("" for title and text), `weight` how much a match tells.
    """

    stems: frozenset[str]
    surfaces: frozenset[str]
    field: str
    weight: float

    def occurrences(self, words: Words) -> Iterator[Occurrence]:
        """Yield each word that matches, in order."""
        found = {number for number, stem in enumerate(words.stems) if stem in self.stems}
        if self.surfaces:
            found |= {
                number for number, surface in enumerate(words.surfaces) if surface in self.surfaces
            }
        for number in sorted(found):
            yield Occurrence(number, number)


@dataclass(frozen=True, slots=True)
class PhraseTarget:
    """Words that stand in a row, compared on one level."""

    words: tuple[str, ...]
    level: str
    slop: int
    field: str
    weight: float

    def occurrences(self, words: Words) -> Iterator[Occurrence]:
        """Yield each place where the phrase stands, from its first to its last word."""
        terms = words.stems if self.level == "stem" else words.surfaces
        places = [
            np.array([number for number, term in enumerate(terms) if term == word], np.int64)
            for word in self.words
        ]
        starts, ends = phrase_spans(places, self.slop)
        for first, last in zip(starts.tolist(), ends.tolist(), strict=True):
            yield Occurrence(first, last)


Target = WordTarget | PhraseTarget
