"""Similar words: what candidates of the second stage gain by words like one that they lack.

Only the candidates are scored, so a search reads no more than their postings of the similar words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
        (found,) = self.of_all((stem,), field)
        return found

    def of_all(self, stems: Sequence[str], field: str) -> list[Mapping[str, float]]:
        """Return for each of some stems those of a field most like it, with their likeness."""
        return self._stems.get_or_compute_all(
            [(stem, field) for stem in stems],
            lambda missing: self._find([stem for stem, _field in missing], field),
        )

    def _find(self, stems: Sequence[str], field: str) -> list[dict[str, float]]:
        budget.check(stems[0])
        ranking = self._ranking
        return similar_stems(
            self._snapshot, field, stems, least=ranking.least_likeness, most=ranking.most_similar
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
        self._scores: CacheRegion[_Key, SimilarWordScores] = snapshot.memory.cache.region(
            lambda scores: scores.nbytes
        )

    def stems(self, word: SimilarWords) -> tuple[str, ...]:
        """Return the stems like that of a word."""
        return tuple(self._similar_stems.of(word.stem, word.field))

    def scores(
        self, segment: int, ids: IdArray, asked: Sequence[tuple[SimilarWords, IdArray]]
    ) -> list[SimilarWordScores]:
        """Return the scores of similar words in documents of a segment, 0 for those without them.

        `ids` are ascending documents. Each of `asked` is words, and the ascending indexes of the
        documents that are scored by them.
        """
        keys = [
            (word.field, word.stem, word.weight, word.idf, segment, ids[rows].tobytes())
            for word, rows in asked
        ]
        wanted = dict(zip(keys, asked, strict=True))
        found = self._scores.get_or_compute_all(
            keys, lambda missing: self._score(segment, ids, [wanted[key] for key in missing])
        )
        return [
            each if word.boost == 1 else each._replace(scores=each.scores * np.float32(word.boost))
            for each, (word, _rows) in zip(found, asked, strict=True)
        ]

    def _score(
        self, segment: int, ids: IdArray, asked: Sequence[tuple[SimilarWords, IdArray]]
    ) -> list[SimilarWordScores]:
        """Return the scores of each of some similar words, without their boosts."""
        frequencies = np.zeros((len(asked), ids.size), np.float32)
        for field in dict.fromkeys(word.field for word, _rows in asked):
            owners = [owner for owner, (word, _rows) in enumerate(asked) if word.field == field]
            words = [asked[owner][0].stem for owner in owners]
            self._count(frequencies, segment, ids, field, list(zip(owners, words, strict=True)))
        found = []
        for own, (word, rows) in zip(frequencies, asked, strict=True):
            counts = own[rows]
            scores = saturation(counts, self._similarity.norms(segment, ids[rows]))
            scores *= np.float32(word.weight * word.idf)
            found.append(SimilarWordScores(counts, scores))
        return found

    def _count(
        self,
        frequencies: FloatArray,
        segment: int,
        ids: IdArray,
        field: str,
        words: Sequence[tuple[int, str]],
    ) -> None:
        """Add what is like some words to their frequencies in documents.

        `words` are rows of `frequencies`, float32 [rows, documents], and their stems.
        """
        similar = self._similar_stems.of_all([stem for _row, stem in words], field)
        rows = [row for (row, _stem), alike in zip(words, similar, strict=True) for _ in alike]
        stems = [stem for alike in similar for stem in alike]
        values = [value for alike in similar for value in alike.values()]
        reader = self._snapshot.segments[segment]
        lists = reader.postings.stem_lists(field, stems, among=ids)
        budget.spend_postings(words[0][1], lists.read)
        if not lists.ids.size:
            return
        likeness = np.array(values, np.float32)[lists.owners].repeat(lists.sizes)
        starts = np.array(rows, np.intp)[lists.owners].repeat(lists.sizes)
        starts *= frequencies.shape[1]
        starts += ids.searchsorted(lists.ids)
        np.add.at(frequencies.reshape(-1), starts, lists.frequencies * likeness)


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
