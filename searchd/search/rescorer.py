"""The second stage: rescores the best documents by proximity, similar and function words.

Two words that follow each other in the query add to the score of a document where they are at most
`Ranking.proximity_window` positions apart: the smaller of their idf values times the saturation of
the number of such pairs (after Rasolofo and Savoy, "Term Proximity Scoring for Keyword-Based
Retrieval Systems", 2003). A word that a document lacks adds to its score where a similar word
occurs in it. Function words add a little, and so does the whole query where a document contains it
as a phrase; a title that is the query comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from analyzers.levels import Level
from indexer.segment.positions import POSITION_STRIDE
from indexer.segment.segment import DEFAULT_FIELD
from indexer.segment.sorted_arrays import FloatArray, IdArray, contains
from indexer.snapshot import Snapshot
from searchd import budget
from searchd.ranking import Ranking
from searchd.results import Contribution
from searchd.search.bm25 import BM25Similarity, saturation
from searchd.search.resolved_query import CommonWord, ResolvedQuery, ResolvedTerm, WordOfText
from searchd.search.similar_words import SimilarWords


class _Gain(NamedTuple):
    """What one word or pair of words adds to the scores of candidates.

    `rows`: int64 [n], the indexes of the candidates that gain. `frequencies` and `scores`: float32
    [n]. The names of similar words are read only to explain a score.
    """

    field: str
    level: Level
    terms: tuple[str, ...] | Callable[[], tuple[str, ...]]
    idf: float
    rows: IdArray
    frequencies: FloatArray
    scores: FloatArray


class Rescorer:
    """Rescores the documents of one query on one snapshot."""

    def __init__(
        self,
        snapshot: Snapshot,
        similarity: BM25Similarity,
        ranking: Ranking,
        terms: Sequence[ResolvedTerm],
        common: Sequence[CommonWord] = (),
        text: Sequence[WordOfText] = (),
    ) -> None:
        """Rescore by the first `ranking.most_rescored_terms` of these terms, in query order.

        `common` are the function words of the query. `text` are its words where it has nothing
        else, so that a document can contain it as it is.
        """
        self._snapshot = snapshot
        self._similarity = similarity
        self._ranking = ranking
        self._terms = terms[: ranking.most_rescored_terms]
        self._common = common[: ranking.most_rescored_terms]
        words = text if 1 < len(text) <= ranking.most_rescored_terms else ()
        self._stems = tuple([word.stem for word in words])
        self._text_idf = sum([word.idf for word in words])
        self._rarest_first = [
            (offset, word.stem)
            for offset, word in sorted(enumerate(words), key=lambda place: -place[1].idf)
        ]

    @classmethod
    def of(
        cls,
        snapshot: Snapshot,
        similarity: BM25Similarity,
        ranking: Ranking,
        resolved: ResolvedQuery,
    ) -> Rescorer | None:
        """Return the rescorer of a query, None where it has nothing to add."""
        terms = [term for term in resolved.terms if term.rescored]
        if len(terms) + len(resolved.common) < 2 and len(resolved.text) < 2:
            return None
        return cls(snapshot, similarity, ranking, terms, resolved.common, resolved.text)

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
                terms = gain.terms
                yield Contribution(
                    field=gain.field,
                    level=gain.level,
                    terms=terms() if callable(terms) else terms,
                    frequency=float(gain.frequencies[0]),
                    idf=gain.idf,
                    score=float(gain.scores[0]),
                )

    def _gains(self, segment: int, ids: IdArray) -> Iterator[_Gain]:
        similar: list[tuple[SimilarWords, IdArray]] = []
        for term in self._terms:
            budget.check(term.word.text)
            if term.similar_words is not None:
                held = contains(term.weight.matches[segment].ids, ids)
                lacking = (~held).nonzero()[0]
                if lacking.size:
                    similar.append((term.similar_words, lacking))
        if similar:
            yield from _similarity_gains(similar, segment, ids)
        norms = self._similarity.norms(segment, ids)
        positions: dict[tuple[str, str], IdArray] = {}
        if self._ranking.near and len(self._terms) > 1:
            stems = [(_text_field(term.field), term.word.terms.stem) for term in self._terms]
            for name, stem in stems:
                if (name, stem) not in positions:
                    positions[name, stem] = self._positions(segment, name, stem, ids)
            for n, (first, second) in enumerate(pairwise(stems)):
                if first[0] == second[0] and first != second:
                    keys, others = positions[first], positions[second]
                    if keys.size and others.size:
                        yield self._proximity_gain(
                            self._terms[n], self._terms[n + 1], keys, others, norms
                        )
        if self._ranking.function_word:
            for common in self._common:
                yield self._common_gain(segment, common, ids, norms)
        if self._stems:
            text_positions = {
                stem: keys for (name, stem), keys in positions.items() if name == "text"
            }
            gains = (
                self._phrase_gain(segment, ids, text_positions, norms)
                if self._ranking.phrase
                else None,
                self._title_gain(segment, ids) if self._ranking.exact_title else None,
            )
            yield from filter(None, gains)

    def _common_gain(
        self,
        segment: int,
        common: CommonWord,
        ids: IdArray,
        norms: FloatArray,
    ) -> _Gain:
        """Return what documents gain by a function word of the query."""
        name, stem = _text_field(common.field), common.word.terms.stem
        reader = self._snapshot.segments[segment].positions
        rows, frequencies = reader.frequencies(name, stem, ids)
        found = frequencies.astype(np.float32)
        weight = np.float32(self._ranking.function_word * common.idf)
        scores = saturation(found, norms[rows]) * weight
        return _Gain(common.field, Level.STEM, (stem,), common.idf, rows, found, scores)

    def _phrase_gain(
        self,
        segment: int,
        ids: IdArray,
        positions: dict[str, IdArray],
        norms: FloatArray,
    ) -> _Gain | None:
        """Return what documents gain whose text contains the whole query as a phrase.

        `positions` are the position keys of stems that were already read in the text.
        """
        starts = self._phrase_starts(segment, "text", ids, positions)
        if not starts.size:
            return None
        frequencies = np.bincount(starts // POSITION_STRIDE)
        rows = frequencies.nonzero()[0]
        found = frequencies[rows].astype(np.float32)
        weight = np.float32(self._ranking.phrase * self._text_idf)
        scores = saturation(found, norms[rows]) * weight
        return _Gain("text", Level.PHRASE, self._stems, self._text_idf, rows, found, scores)

    def _title_gain(self, segment: int, ids: IdArray) -> _Gain | None:
        """Return what documents gain whose title is the whole query."""
        reader = self._snapshot.segments[segment]
        lengths = reader.postings.text_field("title").lengths()
        rows = (lengths[ids] == len(self._stems)).nonzero()[0]
        for _offset, stem in self._rarest_first:
            if not rows.size:
                return None
            rows = rows[reader.positions.contains("title", stem, ids[rows])]
        if not rows.size:
            return None
        starts = self._phrase_starts(segment, "title", ids[rows], {})
        rows = rows[starts // POSITION_STRIDE]
        scores = np.full(rows.size, self._ranking.exact_title * self._text_idf, np.float32)
        found = np.ones_like(scores)
        return _Gain("title", Level.PHRASE, self._stems, self._text_idf, rows, found, scores)

    def _phrase_starts(
        self, segment: int, name: str, ids: IdArray, positions: dict[str, IdArray]
    ) -> IdArray:
        """Return the position keys in ascending documents at which the whole query begins."""
        known = [place for place in self._rarest_first if place[1] in positions]
        unknown = [place for place in self._rarest_first if place[1] not in positions]
        starts: IdArray | None = None
        # First the stems whose positions are known: where they are apart, no more are read.
        for offset, stem in (*known, *unknown):
            if stem not in positions:
                positions[stem] = self._positions(segment, name, stem, ids)
            keys = positions[stem]
            starts = keys - offset if starts is None else starts[contains(keys, starts + offset)]
            if not starts.size:
                break
        assert starts is not None
        return starts

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

    def _positions(self, segment: int, name: str, stem: str, ids: IdArray) -> IdArray:
        """Return the position keys of a stem in ascending documents, in one text field."""
        return self._snapshot.segments[segment].positions.positions(name, stem, ids).keys


def _similarity_gains(
    asked: Sequence[tuple[SimilarWords, IdArray]], segment: int, ids: IdArray
) -> Iterator[_Gain]:
    """Yield what documents gain by words similar to those that they lack.

    Each of `asked` is similar words, and the indexes of the documents that lack the word.
    """
    scorer = asked[0][0].scorer
    for (words, lacking), found in zip(asked, scorer.scores(segment, ids, asked), strict=True):
        having = found.frequencies.nonzero()[0]
        yield _Gain(
            words.field,
            Level.SIMILAR,
            words.stems,
            words.idf,
            lacking[having],
            found.frequencies[having],
            found.scores[having],
        )


def _idf(term: ResolvedTerm) -> float:
    """Return the idf of a term on its widest level, times its boost."""
    return term.boost * term.weight.levels[0].idf


def _text_field(field: str) -> str:
    """Return the text field in which the neighbours of a word are counted."""
    return "text" if field == DEFAULT_FIELD else field
