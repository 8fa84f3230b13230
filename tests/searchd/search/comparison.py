"""Compares the answers of an engine with those of the reference, over random collections."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from pathlib import Path

import pytest

from analyzers import Analyzer
from analyzers.synonyms import Synonyms, parse_rules, shipped_synonyms
from indexer.document import Document
from indexer.writer import IndexWriter
from searchd.engine import Engine
from searchd.ranking import DEFAULT_RANKING, Ranking
from searchd.results import Hit
from tests.searchd.search.random_queries import (
    FIELDS,
    SYNONYMS,
    random_documents,
    random_filter,
    random_query,
)
from tests.searchd.search.reference import Reference
from tests.searchd.search.reference_bm25 import significant

ANALYZER = Analyzer()

BOTH = shipped_synonyms() | Synonyms(parse_rules(SYNONYMS.strip().splitlines()))

RELATIVE, ABSOLUTE = 1e-5, 1e-6
"""How far the scores of the engine, in single precision, may be from those of the reference."""


def same(score: object) -> object:
    return pytest.approx(score, rel=RELATIVE, abs=ABSOLUTE)


def compare(
    engine: Engine,
    reference: Reference,
    rng: random.Random,
    *,
    depth: int = 2,
    filters: int = 0,
    sort: str = "",
) -> set[str]:
    """Compare the answers to a random query; return the levels of what was explained of them."""
    query = random_query(rng, depth)
    conditions = [random_filter(rng) for _ in range(filters)]
    return check(engine, reference, query, rng, conditions, sort)


def check(
    engine: Engine,
    reference: Reference,
    query: str,
    rng: random.Random,
    filters: Sequence[str] = (),
    sort: str = "",
) -> set[str]:
    """Check all hits, their number and order, and a page of them with what explains its scores."""
    case = f"{query!r} filters={filters} sort={sort!r}"
    expected = reference.search(query, filters, rescore=not sort)
    results = engine.search(
        query, limit=1000, snippets=0, filters=filters, sort=sort or None, correct="never"
    )
    hits = results.hits
    assert sorted(hit.id for hit in hits) == sorted(expected), case
    assert results.total == engine.count(query, filters=filters) == len(expected), case
    assert engine.ids(query, filters=filters) == [i for i in reference.ids if i in expected], case
    if not sort or "score" in sort:
        assert {hit.id: hit.score for hit in hits} == same(expected), case
    else:
        assert {hit.score for hit in hits} <= {None}, case
    keys = sort_keys(reference, expected, sort)
    check_order(sorted(expected) if sort else reference.ids, [hit.id for hit in hits], keys, case)

    limit, offset = rng.randint(1, 12), rng.randint(0, len(expected) + 1)
    page = engine.search(
        query, limit=limit, offset=offset, snippets=0, filters=filters, sort=sort or None,
        explain=True, correct="never",
    )  # fmt: skip
    assert page.total == results.total, case
    assert list(map(shown, page.hits)) == list(map(shown, hits[offset : offset + limit])), case
    for hit in page.hits:
        if hit.score is not None:
            assert sum(part.score for part in hit.explanation) == same(hit.score), (case, hit.id)
    return {part.level for hit in page.hits for part in hit.explanation}


def shown(hit: Hit) -> tuple[int, str, float | None]:
    return hit.rank, hit.id, hit.score


Keys = Mapping[str, Sequence[float]]
"""By id, the numbers that documents are sorted by, each of them ascending."""


def sort_keys(reference: Reference, scores: Mapping[str, float], sort: str) -> Keys:
    names = sort.split(",") if sort else ["score"]
    return {
        i: [
            -significant(score)
            if name.removeprefix("-") == "score"  # the best come first either way
            else reference.columns.sort_value(i, name)
            for name in names
        ]
        for i, score in scores.items()
    }


def check_order(order: Sequence[str], found: Sequence[str], keys: Keys, case: str) -> None:
    """Check that documents are sorted by keys, and those that tie as in `order`.

    Which comes first of numbers that differ by less than single precision is left open.
    """
    ranks = {i: rank for rank, i in enumerate(order)}
    for first, second in pairwise(found):
        pairs = zip(keys[first], keys[second], strict=True)
        one, other = next((pair for pair in pairs if pair[0] != pair[1]), (0.0, 0.0))
        if one == other:
            assert ranks[first] < ranks[second], (case, first, second)
        else:
            close = math.isclose(one, other, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
            assert one < other or close, (case, first, second)


def open_engine(
    directory: Path, ranking: Ranking = DEFAULT_RANKING, synonyms: Synonyms = BOTH
) -> Engine:
    return Engine(directory, analyzer=ANALYZER, ranking=ranking, synonyms=synonyms)


def open_reference(
    live: Mapping[str, Document], ranking: Ranking = DEFAULT_RANKING, synonyms: Synonyms = BOTH
) -> Reference:
    return Reference(live, FIELDS, ANALYZER, ranking, synonyms)


def write(directory, documents: Sequence[Document], deleted: Sequence[str] = (), **options) -> None:
    """Add documents to an index and delete others, in one commit."""
    optimize = options.pop("optimize", False)
    with IndexWriter(directory, FIELDS, **options) as writer:
        for document in documents:
            writer.upsert(document)
        for document_id in deleted:
            assert writer.delete(document_id)
        writer.commit(optimize=optimize)


SIZES = (80, 38, 16, 7)
"""Documents of each run: every segment is more than twice the next, so no commit merges them."""

assert sum(SIZES) > 100, "more than take part in the second stage"

SEGMENTS = {"one segment": 1, "four segments": 4, "five with deletions": 5, "merged": 1}


def make_collection(
    directory: Path, kind: str, ranking: Ranking = DEFAULT_RANKING, **options
) -> dict[str, Document]:
    """Write an index of random documents; return those that are live in it, in their order."""
    documents = random_documents(random.Random(kind), sum(SIZES))
    live = {document.id: document for document in documents}
    if kind == "one segment":
        write(directory, documents, **options)
    else:
        for low, size in zip(accumulate(SIZES, initial=0), SIZES, strict=False):
            write(directory, documents[low : low + size], **options)
    if kind in ("five with deletions", "merged"):
        replaced = random_documents(random.Random(1), 11)[10]
        gone = ["3", "81", "96", "97", "119", "140"]
        write(directory, [replaced], gone, **options)
        for document_id in (*gone, replaced.id):
            del live[document_id]
        live[replaced.id] = replaced
    if kind == "merged":
        write(directory, [], optimize=True, **options)
    with open_engine(directory, ranking) as engine:
        assert engine.info().segments == SEGMENTS[kind]
        assert engine.ids("*") == list(live)
    return live
