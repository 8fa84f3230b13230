"""Similar words: what candidates of the second stage gain by words like one that they lack.

Only the candidates are scored, so a search reads no more than their postings of the similar words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from indexer.segment.cache import CacheRegion
from indexer.segment.sorted_arrays import FloatArray, IdArray
from indexer.snapshot import Snapshot
from searchd import budget
from searchd.ranking import Ranking
from searchd.search.bm25 import BM25Similarity, saturation
from searchd.search.trigram_similarity import similar_stems

_KEY_BYTES = 8
"""What each candidate takes in the key of what is cached of it."""


_STEM_BYTES = 150
"""What a similar stem takes with its likeness in the cache."""


class SimilarStems:
    """The stems that are most like others, from the cache of a snapshot. Threads may share it."""

    def __init__(self, snapshot: Snapshot, ranking: Ranking) -> None:
        self._snapshot = snapshot
        self._ranking = ranking
        self._stems: CacheRegion[tuple[str, str], Mapping[str, float]] = (
            snapshot.memory.cache.region(lambda stems: _STEM_BYTES * len(stems))
        )

    def of(self, stem: str, field: str) -> Mapping[str, float]:
        """Return the stems of a field most like one, with their likeness."""
        return self._stems.get_or_compute((stem, field), lambda: self._find(stem, field))

    def _find(self, stem: str, field: str) -> Mapping[str, float]:
        budget.check(stem)
        ranking = self._ranking
        return similar_stems(
            self._snapshot, field, stem, least=ranking.least_likeness, most=ranking.most_similar
        )


class SimilarWordScores(NamedTuple):
    """The frequencies of similar words in some documents, and their scores; float32 [n] each."""

    frequencies: FloatArray
    scores: FloatArray

    @property
    def nbytes(self) -> int:
        """The bytes of its arrays, and of the key that it is cached by."""
        return self.scores.size * (_KEY_BYTES + 8)


_Key = tuple[str, str, float, float, int, bytes]
"""The field, the stem, the weight, the idf, the segment and its documents."""


class SimilarWordScorer:
    """Scores the words like others in documents of one snapshot. Threads may share it."""

    def __init__(
        self, snapshot: Snapshot, similarity: BM25Similarity, similar_stems: SimilarStems
    ) -> None:
        self._snapshot = snapshot
        self._similarity = similarity
        self._similar_stems = similar_stems
        self._tables = snapshot.memory.rows
        self._scores: CacheRegion[_Key, SimilarWordScores] = snapshot.memory.cache.region(
            lambda scores: scores.nbytes
        )

    def stems(self, word: SimilarWords) -> tuple[str, ...]:
        """Return the stems like that of a word."""
        return tuple(self._similar_stems.of(word.stem, word.field))

    def scores(self, word: SimilarWords, segment: int, ids: IdArray) -> SimilarWordScores:
        """Return the scores of similar words in ascending documents of a segment."""
        key = (word.field, word.stem, word.weight, word.idf, segment, ids.tobytes())
        found = self._scores.get_or_compute(key, lambda: self._score(word, segment, ids))
        if word.boost == 1:
            return found
        return found._replace(scores=found.scores * np.float32(word.boost))

    def _score(self, word: SimilarWords, segment: int, ids: IdArray) -> SimilarWordScores:
        budget.check(word.stem)
        stems = self._similar_stems.of(word.stem, word.field)
        reader = self._snapshot.segments[segment]
        lists = reader.postings.stem_lists(word.field, stems, among=ids)
        budget.spend_postings(word.stem, lists.ids.size)
        likeness = np.array([*stems.values()], np.float32)[lists.owners].repeat(lists.sizes)
        frequencies = np.zeros(ids.size + 1, np.float32)
        with self._tables.borrow(reader.document_count) as table:
            table[ids] = np.arange(1, ids.size + 1)
            rows = table[lists.ids].astype(np.intp)
            table[ids] = 0
        np.add.at(frequencies, rows, lists.frequencies * likeness)
        frequencies = frequencies[1:]  # of the documents that are no candidates
        scores = saturation(frequencies, self._similarity.norms(segment, ids))
        scores *= np.float32(word.weight * word.idf)
        return SimilarWordScores(frequencies, scores)


class SimilarWords(NamedTuple):
    """The words like one of a query, in a field, and how they are scored.

    A score is `weight` times `idf` times the saturation of the frequency, times `boost`.
    """

    scorer: SimilarWordScorer
    field: str
    stem: str
    weight: float
    idf: float
    boost: float = 1.0

    def boosted(self, factor: float) -> SimilarWords:
        """Return the words with their scores multiplied."""
        return self._replace(boost=self.boost * factor)

    def stems(self) -> tuple[str, ...]:
        """Return the stems that are like that of the word."""
        return self.scorer.stems(self)

    def scores(self, segment: int, ids: IdArray) -> SimilarWordScores:
        """Return the scores in ascending documents of a segment, 0 for those without such words."""
        return self.scorer.scores(self, segment, ids)
