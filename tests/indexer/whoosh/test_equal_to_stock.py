"""Every query finds the same documents, in the same order and with the same scores, as stock."""

from __future__ import annotations

import math
from functools import cache

import pytest
from queries import Queries
from twins import ANALYZER
from whoosh import scoring

KINDS = tuple(Queries(0, {}, ()).kinds)
WEIGHTINGS = {
    "bm25f": scoring.BM25F(),
    "tf-idf": scoring.TF_IDF(),
    "frequency": scoring.Frequency(),
    "pl2": scoring.PL2(),
}
A_FEW = 2
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
    hits = 0
    model = WEIGHTINGS[weighting]
    with pair.ours.searcher(weighting=model) as ours, pair.stock.searcher(weighting=model) as stock:
        for _ in range(count):
            query = made.make(kind)
            expected = outcome(stock, query)
            actual = outcome(ours, query)
            if isinstance(expected, str) or isinstance(actual, str):
                assert actual == expected, query
                continue
            hits += bool(expected)
            try:
                assert_same(actual, expected)
            except AssertionError as error:
                raise AssertionError(f"{query!r}: {actual[:5]} is not {expected[:5]}") from error
    return hits


def outcome(searcher, query) -> list[tuple[str, float]] | str:
    """Return the hits of a query, or the name of the error where Whoosh has one for it."""
    try:
        return found(searcher, query)
    except (AttributeError, NotImplementedError, TypeError, IndexError, ValueError) as error:
        return type(error).__name__


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
        compare(pair, kind, 4, weighting, seed=3)
