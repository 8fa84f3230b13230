"""Targets: what of a document's text the query matched, for snippets and highlights.

A target looks at the tokens of a text and says which of them it matched, by the same rules that
found the document.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from analyzers import Token
from searchd.execution.phrases import phrase_spans


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A match in a text: the tokens from `first` to `last`, both of them matched."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class WordTarget:
    """Tokens whose stem or surface is one of these.

    `field` is the field that was searched ("" for title and text), `weight` how much a match tells.
    """

    stems: frozenset[str]
    surfaces: frozenset[str]
    field: str
    weight: float

    def occurrences(self, tokens: Sequence[Token]) -> Iterator[Occurrence]:
        """Yield each token that matches, in order."""
        for number, token in enumerate(tokens):
            if token.surface in self.surfaces or token.stem in self.stems:
                yield Occurrence(number, number)


@dataclass(frozen=True, slots=True)
class PhraseTarget:
    """Tokens that stand in a row, compared on one level."""

    words: tuple[str, ...]
    level: str
    slop: int
    field: str
    weight: float

    def occurrences(self, tokens: Sequence[Token]) -> Iterator[Occurrence]:
        """Yield each place where the phrase stands, from its first to its last word."""
        terms = np.array([getattr(token, self.level) for token in tokens], np.object_)
        words = [np.flatnonzero(terms == word).astype(np.int64) for word in self.words]
        starts, ends = phrase_spans(words, self.slop)
        for first, last in zip(starts.tolist(), ends.tolist(), strict=True):
            yield Occurrence(first, last)


Target = WordTarget | PhraseTarget
