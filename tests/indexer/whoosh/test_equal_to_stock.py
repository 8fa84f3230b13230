"""Every query finds the same documents, in the same order and with the same scores, as stock."""

from __future__ import annotations

import math
from functools import cache

import pytest
import whoosh
from whoosh import scoring

from tests.indexer.whoosh.queries import Queries
from tests.indexer.whoosh.twins import ANALYZER

KINDS = tuple(Queries(0, {}, ()).kinds)
WEIGHTINGS = {
    "bm25f": scoring.BM25F(),
    "tf-idf": scoring.TF_IDF(),
    "frequency": scoring.Frequency(),
    "pl2": scoring.PL2(),
}
A_FEW = 2
BROKEN = {"span-not"} if whoosh.__version__[0] == 2 else set[str]()
"""Kinds that fail in Whoosh 2.7.4 itself where a segment lacks a term of the query."""

SEVERAL = 11  # 39 kinds, 5 layouts: more than 2,000


def queries(pair, seed: int) -> Queries:
    """Return queries over the words of a stock index."""
    return Queries(seed, *material(pair))


@cache
def material(pair) -> tuple[dict[str, list[str]], list[list[str]]]:
    """Return the terms of each field of a stock index, and running stems."""
    with pair.stock.reader() as reader:
        names = ("stem", "surface", "title_stem", "text_surface", "note_stem", "section", "id")
        vocabulary = {name: [t.decode() for t in reader.lexicon(name)] for name in names}
        frequent = reader.most_frequent_terms("stem", 80)
        vocabulary["common"] = [term.decode() for _weight, term in frequent]
        texts = [stored["text"] for _number, stored in reader.iter_docs()][:80]
    return vocabulary, [[token.stem for token in ANALYZER.analyze(text)] for text in texts]


def found(searcher, query, **options) -> list[tuple[str, float]]:
    """Return the id and score of every hit, in order."""
    results = searcher.search(query, **{"limit": None, **options})
    return [(hit["id"], hit.score) for hit in results]


def assert_same(ours, stock) -> None:
    assert [number for number, _score in ours] == [number for number, _score in stock]
    for (_id, score), (_stock_id, expected) in zip(ours, stock, strict=True):
        assert score == expected or math.isclose(score, expected, rel_tol=1e-6)


def compare(pair, kind: str, count: int, weighting: str, seed: int) -> int:
    """Compare some queries of a kind; return how many of them found something."""
    made = queries(pair, seed)
    if kind in BROKEN and len(pair.ours.reader().leaf_readers()) > 1:
        pytest.skip("Whoosh 2.7.4 has a bug here")
    hits = 0
    model = WEIGHTINGS[weighting]
    with pair.ours.searcher(weighting=model) as ours, pair.stock.searcher(weighting=model) as stock:
        for _ in range(count):
            query = made.make(kind)
            expected = found(stock, query)
            hits += bool(expected)
            try:
                assert_same(found(ours, query), expected)
            except Exception as error:
                raise AssertionError(f"{query!r}: {error!r}") from error
    return hits


@pytest.mark.parametrize("kind", KINDS)
def test_queries(pair, kind):
    compare(pair, kind, A_FEW, "bm25f", seed=1)


@pytest.mark.stress
@pytest.mark.parametrize("kind", KINDS)
def test_many_queries(pair, kind):
    assert compare(pair, kind, SEVERAL, "bm25f", seed=2)


@pytest.mark.parametrize("weighting", WEIGHTINGS)
def test_weightings(pair, weighting):
    for kind in ("term", "or", "phrase"):
        compare(pair, kind, 2, weighting, seed=3)
