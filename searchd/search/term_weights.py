"""Term weights: the documents of a word, phrase or pattern with their scores, in every segment.

Weights hold for one snapshot: ids are document numbers within its segments, idf counts its
documents. `searchd.search.term_weigher` makes them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from analyzers.levels import Level
from indexer.lookups import Lookup
from indexer.segment.postings import LevelFrequencies
from indexer.segment.segment import Segment
from searchd.search.top_k import Matches

Frequencies = Callable[[Segment], LevelFrequencies]
"""Reads the frequencies of a word in the documents of a segment, one for each level."""


class LevelWeight(NamedTuple):
    """How a match on one level is scored: `weight * idf` times the saturation of its frequency.

    `terms` are the terms that were looked up: the forms of one word, or the words of a phrase.
    `documents` is the number of documents that match on this level. `lookup` is what was looked up.
    """

    level: Level
    terms: tuple[str, ...]
    documents: int
    weight: float
    idf: float
    lookup: Lookup


class TermWeight(NamedTuple):
    """A word, phrase or pattern: a document matches on any of its levels; their scores are summed.

    The first level is the widest of the word itself. `matches` has the documents and scores of each
    segment; `frequencies` reads the frequencies again, to explain a score.
    """

    field: str
    levels: tuple[LevelWeight, ...]
    matches: tuple[Matches, ...]
    frequencies: Frequencies

    def boosted(self, factor: float) -> TermWeight:
        """Return the weight with its scores multiplied."""
        levels = tuple(level._replace(weight=level.weight * factor) for level in self.levels)
        matches = tuple(
            found._replace(scores=found.scores * np.float32(factor)) for found in self.matches
        )
        return self._replace(levels=levels, matches=matches)

    @property
    def documents(self) -> int:
        """The number of documents that match."""
        return sum(found.ids.size for found in self.matches)

    @property
    def is_found(self) -> bool:
        """Whether documents of the index match: on the widest level, or by a synonym."""
        return any(level.documents for level in self.levels)

    @property
    def nbytes(self) -> int:
        """The bytes of its arrays."""
        return sum(found.ids.nbytes + found.scores.nbytes for found in self.matches)
