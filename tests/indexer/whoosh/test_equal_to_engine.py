"""Whoosh with the engine's weighting scores as the engine does with stems alone."""

from __future__ import annotations

import math
import random

import pytest
from whoosh import query as q
from whoosh.scoring import BaseScorer, WeightingModel

from searchd.engine import Engine
from searchd.ranking import STEM_ONLY
from tests.indexer.whoosh.twins import ANALYZER

K1, B = STEM_ONLY.k1, STEM_ONLY.b


class EngineScorer(BaseScorer):
    def __init__(self, searcher, field: str, inverse_frequency: float, mean: float) -> None:
        self._searcher, self._field = searcher, field
        self._idf, self._mean = inverse_frequency, mean

    def score(self, matcher) -> float:
        weight = matcher.weight()
        length = self._searcher.doc_field_length(matcher.id(), self._field)
        return self._idf * weight / (weight + K1 * (1 - B + B * length / self._mean))


class EngineBM25(WeightingModel):
    """BM25 of live documents: `searchd.search.bm25`."""

    def scorer(self, searcher, fieldname, text, qf=1) -> EngineScorer:
        parent = searcher.get_parent()
        reader = parent.reader()
        holders = sum(1 for _document in reader.postings(fieldname, text).all_ids())
        lengths = [reader.doc_field_length(number, fieldname) for number in reader.all_doc_ids()]
        mean = sum(lengths) / len(lengths)
        idf = math.log(1 + (len(lengths) - holders + 0.5) / (holders + 0.5))
        return EngineScorer(searcher, fieldname, idf, mean)


@pytest.mark.parametrize("words", [1, 2, 5])
def test_scores(pair, words):
    chance = random.Random(words)
    with Engine(pair.directory, ranking=STEM_ONLY) as engine, pair.ours.reader() as reader:
        surfaces = list(reader.field_terms("surface"))
        searcher = pair.ours.searcher(weighting=EngineBM25())
        for _ in range(2):
            chosen = [w for w in chance.sample(surfaces, 40) if not w.isascii()][:words]
            tokens = [token for word in chosen for token in ANALYZER.analyze(word)]
            query = q.Or([q.Term("stem", token.stem) for token in tokens])
            hits = engine.search(" OR ".join(chosen), limit=10_000, snippets=0).hits
            expected = {hit.id: hit.score for hit in hits}
            found = {hit["id"]: hit.score for hit in searcher.search(query, limit=None)}
            assert found.keys() == expected.keys()
            assert found == pytest.approx(expected, rel=1e-5)
