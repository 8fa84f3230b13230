"""The second stage: the best documents looked at once more, word by word.

Two words that follow each other in the query add to the score of a document where they stand at
most `NEAR` places apart: the smaller of their idf values times the saturation of how often they
do (after Rasolofo and Savoy, "Term Proximity Scoring for Keyword-Based Retrieval Systems", 2003).
A word that a document lacks adds something where a word stands there that looks like it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from indexer.segment.positions import POSITION_STRIDE
from indexer.segment.postings import LevelFrequencies
from indexer.segment.segment import DEFAULT_FIELD, Segment
from indexer.segment.sorted_arrays import FloatArray, IdArray, contains
from indexer.snapshot import Snapshot
from searchd.ranking import Ranking
from searchd.results import Contribution
from searchd.search import bm25
from searchd.search.plan import TermWeight

CANDIDATES = 100
"""The second stage looks at so many documents, whatever the page that is asked for."""

NEAR = 5


class RankedWord(NamedTuple):
    """A word of a query for the second stage.

    `idf` is that of its widest level times what the word is worth beside the others; `similar`
    finds the words that look like it, None where that is not asked for.
    """

    field: str
    stem: str
    idf: float
    term_weight: TermWeight
    similar: Callable[[], TermWeight] | None


class _Part(NamedTuple):
    """What one word or pair adds: the rows of documents, its frequency and score in each.

    The frequencies of similar words are read again where they are asked for.
    """

    field: str
    level: str
    terms: tuple[str, ...]
    idf: float
    rows: IdArray
    frequencies: FloatArray | Callable[[Segment], LevelFrequencies]
    scores: FloatArray


class Rescorer:
    """The second stage of one query on one snapshot."""

    def __init__(self, snapshot: Snapshot, words: Sequence[RankedWord], ranking: Ranking) -> None:
        self._snapshot = snapshot
        self._words = words
        self._ranking = ranking

    def gains(self, segment_number: int, ids: IdArray) -> FloatArray:
        """Return what ascending documents of a segment gain; float32 [n]."""
        gained = np.zeros(ids.size, np.float32)
        for part in self._parts(segment_number, ids):
            gained[part.rows] += part.scores
        return gained

    def contributions(self, segment_number: int, number: int) -> Iterator[Contribution]:
        """Yield what one document of a segment gained."""
        for part in self._parts(segment_number, np.array([number], np.int64)):
            if part.rows.size:
                frequencies = part.frequencies
                if callable(frequencies):
                    counts = frequencies(self._snapshot.segments[segment_number])
                    frequencies = counts.of_document(number).frequencies[0]
                yield Contribution(
                    field=part.field,
                    level=part.level,
                    terms=part.terms,
                    frequency=float(frequencies[0]),
                    idf=part.idf,
                    score=float(part.scores[0]),
                )

    def _parts(self, segment_number: int, ids: IdArray) -> Iterator[_Part]:
        segment = self._snapshot.segments[segment_number]
        norms = bm25.norms(segment, self._snapshot.mean_length, ids)
        for word in self._words:
            if word.similar is not None:
                lacking = ~contains(word.term_weight.matches[segment_number].ids, ids)
                if lacking.any():
                    yield self._similar(
                        word.similar(), segment_number, ids, np.flatnonzero(lacking)
                    )
        if self._ranking.near:
            places = [_places(segment, word, ids) for word in self._words]
            for (first, keys), (second, others) in pairwise(zip(self._words, places, strict=True)):
                together = _text_of(first) == _text_of(second) and first.stem != second.stem
                if together and keys.size and others.size:
                    yield self._near(first, second, keys, others, norms)

    def _similar(
        self, term_weight: TermWeight, segment_number: int, ids: IdArray, lacking: IdArray
    ) -> _Part:
        """Return what documents that lack a word gain by those that look like it."""
        matches = term_weight.matches[segment_number]
        rows = lacking[contains(matches.ids, ids[lacking])]
        found = matches.ids.searchsorted(ids[rows].astype(matches.ids.dtype))
        level, scores = term_weight.levels[0], matches.scores[found]
        return _Part(
            term_weight.field, level.name, level.terms, level.idf, rows, term_weight.counts, scores
        )

    def _near(
        self,
        first: RankedWord,
        second: RankedWord,
        keys: IdArray,
        others: IdArray,
        norms: FloatArray,
    ) -> _Part:
        """Return what documents gain where two words stand close together."""
        after = others.searchsorted(keys + NEAR, side="right")
        counts = after - others.searchsorted(keys - NEAR)
        frequencies = np.bincount(keys // POSITION_STRIDE, counts, norms.size)
        rows = np.flatnonzero(frequencies)
        found = frequencies[rows].astype(np.float32)
        idf = min(first.idf, second.idf)
        scores = bm25.saturation(found, norms[rows]) * np.float32(self._ranking.near * idf)
        terms = (first.stem, second.stem)
        return _Part(first.field, "near", terms, idf, rows, found, scores)


def _places(segment: Segment, word: RankedWord, ids: IdArray) -> IdArray:
    """Return the places of a word's stem in the texts of ascending documents."""
    return segment.places(_text_of(word), word.stem, ids).keys


def _text_of(word: RankedWord) -> str:
    """Return the text field in which a word's neighbours are looked for."""
    return "text" if word.field == DEFAULT_FIELD else word.field
