"""The second stage: rescores the best documents by proximity and by similar words.

Two words that follow each other in the query add to the score of a document where they are at most
`Ranking.proximity_window` positions apart: the smaller of their idf values times the saturation of
the number of such pairs (after Rasolofo and Savoy, "Term Proximity Scoring for Keyword-Based
Retrieval Systems", 2003). A word that a document lacks adds to its score where a similar word
occurs in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from analyzers.levels import Level
from indexer.segment.positions import POSITION_STRIDE
from indexer.segment.postings import LevelFrequencies
from indexer.segment.segment import DEFAULT_FIELD, Segment
from indexer.segment.sorted_arrays import FloatArray, IdArray, contains
from indexer.snapshot import Snapshot
from searchd.ranking import Ranking
from searchd.results import Contribution
from searchd.search.bm25 import BM25Similarity, saturation
from searchd.search.resolved_query import ResolvedTerm
from searchd.search.term_weights import TermWeight


class _Gain(NamedTuple):
    """What one word or pair of words adds to the scores of candidates.

    `rows`: int64 [n], the indexes of the candidates that gain. `frequencies` and `scores`: float32
    [n]. The frequencies of similar words are read from the segment only to explain a score.
    """

    field: str
    level: Level
    terms: tuple[str, ...]
    idf: float
    rows: IdArray
    frequencies: FloatArray | Callable[[Segment], LevelFrequencies]
    scores: FloatArray


class Rescorer:
    """Rescores the documents of one query on one snapshot."""

    def __init__(
        self,
        snapshot: Snapshot,
        similarity: BM25Similarity,
        ranking: Ranking,
        terms: Sequence[ResolvedTerm],
    ) -> None:
        """Rescore by the first `ranking.most_rescored_terms` of these terms, in query order."""
        self._snapshot = snapshot
        self._similarity = similarity
        self._ranking = ranking
        self._terms = terms[: ranking.most_rescored_terms]

    def gains(self, segment: int, ids: IdArray) -> FloatArray:
        """Return what ascending documents of a segment gain; float32 [n]."""
        gained = np.zeros(ids.size, np.float32)
        for gain in self._gains(segment, ids):
            gained[gain.rows] += gain.scores
        return gained

    def contributions(self, segment: int, number: int) -> Iterator[Contribution]:
        """Yield what one document of a segment gains."""
        for gain in self._gains(segment, np.array([number], np.int64)):
            if gain.rows.size:
                frequencies = gain.frequencies
                if callable(frequencies):
                    found = frequencies(self._snapshot.segments[segment])
                    frequencies = found.of_document(number).frequencies[0]
                yield Contribution(
                    field=gain.field,
                    level=gain.level,
                    terms=gain.terms,
                    frequency=float(frequencies[0]),
                    idf=gain.idf,
                    score=float(gain.scores[0]),
                )

    def _gains(self, segment: int, ids: IdArray) -> Iterator[_Gain]:
        for term in self._terms:
            if term.find_similar is not None:
                lacking = ~contains(term.weight.matches[segment].ids, ids)
                if lacking.any():
                    yield _similarity_gain(
                        term.find_similar(), segment, ids, np.flatnonzero(lacking)
                    )
        if self._ranking.near:
            norms = self._similarity.norms(segment, ids)
            positions = [self._positions(segment, term, ids) for term in self._terms]
            pairs = pairwise(zip(self._terms, positions, strict=True))
            for (first, keys), (second, others) in pairs:
                same_field = _text_field(first) == _text_field(second)
                distinct = first.word.terms.stem != second.word.terms.stem
                if same_field and distinct and keys.size and others.size:
                    yield self._proximity_gain(first, second, keys, others, norms)

    def _proximity_gain(
        self,
        first: ResolvedTerm,
        second: ResolvedTerm,
        keys: IdArray,
        others: IdArray,
        norms: FloatArray,
    ) -> _Gain:
        """Return what documents gain where two words are close together."""
        window = self._ranking.proximity_window
        after = others.searchsorted(keys + window, side="right")
        counts = after - others.searchsorted(keys - window)
        frequencies = np.bincount(keys // POSITION_STRIDE, counts, norms.size)
        rows = np.flatnonzero(frequencies)
        found = frequencies[rows].astype(np.float32)
        idf = min(_idf(first), _idf(second))
        scores = saturation(found, norms[rows]) * np.float32(self._ranking.near * idf)
        terms = (first.word.terms.stem, second.word.terms.stem)
        return _Gain(first.field, Level.NEAR, terms, idf, rows, found, scores)

    def _positions(self, segment: int, term: ResolvedTerm, ids: IdArray) -> IdArray:
        """Return the position keys of a term's stem in ascending documents."""
        reader = self._snapshot.segments[segment].positions
        return reader.positions(_text_field(term), term.word.terms.stem, ids).keys


def _similarity_gain(weight: TermWeight, segment: int, ids: IdArray, lacking: IdArray) -> _Gain:
    """Return what documents gain by words similar to one that they lack; `lacking` are indexes."""
    matches = weight.matches[segment]
    rows = lacking[contains(matches.ids, ids[lacking])]
    found = matches.ids.searchsorted(ids[rows].astype(matches.ids.dtype))
    level = weight.levels[0]
    return _Gain(
        weight.field,
        level.level,
        level.terms,
        level.idf,
        rows,
        weight.frequencies,
        matches.scores[found],
    )


def _idf(term: ResolvedTerm) -> float:
    """Return the idf of a term on its widest level, times its boost."""
    return term.boost * term.weight.levels[0].idf


def _text_field(term: ResolvedTerm) -> str:
    """Return the text field in which the neighbours of a term are counted."""
    return "text" if term.field == DEFAULT_FIELD else term.field
