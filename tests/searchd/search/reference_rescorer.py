"""The second stage: what the best documents gain by the query as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from operator import eq

from analyzers.analyzer import Terms
from searchd.ranking import Ranking
from tests.searchd.search.reference_bm25 import Bm25
from tests.searchd.search.reference_corpus import Corpus, in_a_row
from tests.searchd.search.reference_words import Word, WordScorer


class Rescorer:
    """Adds to the score of a document what the whole query says of it."""

    def __init__(self, corpus: Corpus, bm25: Bm25, scorer: WordScorer, ranking: Ranking) -> None:
        self._corpus = corpus
        self._bm25 = bm25
        self._scorer = scorer
        self._ranking = ranking

    def similar_bonus(self, i: str, words: Sequence[Word]) -> float:
        """Return what a document gains by words that look like those it lacks."""
        return sum(
            self._scorer.similar(word, self._ranking.similar * word.boost, word.idf).get(i, 0.0)
            for word in words
            if self._ranking.similar and word.held and i not in word.scores
        )

    def near_bonus(self, i: str, words: Sequence[Word]) -> float:
        """Return what a document gains where two words of the query are near each other."""
        window = self._ranking.proximity_window
        bonus = 0.0
        for first, second in pairwise(words):
            text = first.field or "text"
            stems = first.terms.stem, second.terms.stem
            if text == (second.field or "text") and stems[0] != stems[1]:
                idf = min(first.boost * first.idf, second.boost * second.idf)
                frequency = self._corpus.pairs(i, text, *stems, window)
                bonus += self._ranking.near * idf * self._bm25.saturation(i, frequency)
        return bonus

    def common_bonus(self, i: str, common: Sequence[tuple[str, Terms, float]]) -> float:
        """Return what a document gains by the function words of the query."""
        bonus = 0.0
        for name, terms, boost in common[: self._ranking.most_rescored_terms]:
            count = self._corpus.count(i, name, terms.stem)
            bonus += (
                boost
                * self._ranking.function_word
                * self._scorer.stem_idf(terms, name)
                * self._bm25.saturation(i, count)
            )
        return bonus

    def text_bonus(self, i: str, text: Sequence[tuple[str, float]]) -> float:
        """Return what a document gains that holds the whole query as a phrase, or as its title."""
        if len(text) < 2:
            return 0.0
        stems = [stem for stem, _idf in text]
        idf = sum(idf for _stem, idf in text)
        count = in_a_row(self._corpus.stems(i, "text"), stems, 0, eq)
        bonus = self._ranking.phrase * idf * self._bm25.saturation(i, count)
        if self._corpus.stems(i, "title") == stems:
            bonus += self._ranking.exact_title * idf
        return bonus
