"""Every search against a second implementation, which reads each document one by one."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from pathlib import Path

import pytest
from random_queries import random_documents, random_query
from reference import CANDIDATES, Reference, Scores, significant

from analyzers import Analyzer
from analyzers.synonyms import Synonyms
from indexer.document import Document
from indexer.fields import FieldMap, FieldSpec, FieldType
from indexer.writer import IndexWriter
from searchd.engine import Engine
from searchd.ranking import GRADED, LEMMA_ONLY, STEM_ONLY, SURFACE_ONLY, Ranking
from searchd.results import Hit

FIELDS = FieldMap(extra=(FieldSpec("section"), FieldSpec("note", FieldType.TEXT)))

ANALYZER = Analyzer()

RANKINGS = {
    "graded": GRADED,
    "lemma": LEMMA_ONLY,
    "stem": STEM_ONLY,
    "surface": SURFACE_ONLY,
    "no stems": Ranking(stem=0.0),
    "no lemmas": Ranking(lemma=0.0),
    "forms that stand near": Ranking(lemma=0.0, stem=0.0),
    "nothing similar": Ranking(similar=0.0),
    "nothing near": Ranking(near=0.0, rarity=0.0),
}


def open_engine(directory: Path, ranking: Ranking = GRADED) -> Engine:
    return Engine(directory, analyzer=ANALYZER, ranking=ranking, synonyms=Synonyms())


def check(engine: Engine, reference: Reference, query: str) -> set[str]:
    """Check the answer to a query; return the levels that it was found on."""
    expected = reference.search(query)
    results = engine.search(query, limit=1000, snippets=0, explain=True)
    assert results.total == len(results.hits) == len(expected), query
    scores = {hit.id: hit.score for hit in results.hits}
    assert scores == pytest.approx(expected, rel=1e-5, abs=1e-6), query
    check_order(reference.documents, expected, results.hits, query)
    for hit in results.hits:
        explained = sum(part.score for part in hit.explanation)
        assert explained == pytest.approx(hit.score, rel=1e-5, abs=1e-6), (query, hit.id)
    assert engine.ids(query) == [i for i in reference.documents if i in expected]
    return {part.level for hit in results.hits for part in hit.explanation}


def check_order(
    documents: Mapping[str, Document], expected: Scores, hits: Sequence[Hit], query: str
) -> None:
    """Check that the best come first, and that documents that tie keep the order of the index."""
    places = {i: place for place, i in enumerate(documents)}
    for first, second in pairwise(hits):
        assert first.score >= second.score, query
        before, after = (significant(expected[hit.id]) for hit in (first, second))
        assert before >= after * (1 - 1e-5) - 1e-6, query
        if before == after:
            assert places[first.id] < places[second.id], (query, first, second)


def write(directory, documents: Sequence[Document], deleted: Sequence[str] = (), **options) -> None:
    with IndexWriter(directory, FIELDS) as writer:
        for document in documents:
            writer.upsert(document)
        for document_id in deleted:
            assert writer.delete(document_id)
        writer.commit(**options)


SIZES = (80, 38, 16, 7)
"""Documents of each run: every segment is more than twice the next, so no commit merges them."""

assert sum(SIZES) > CANDIDATES

SEGMENTS = {"one segment": 1, "four segments": 4, "five with deletions": 5, "merged": 1}


@pytest.fixture(scope="module", params=SEGMENTS)
def collection(request, tmp_path_factory):
    """An index of a random collection and the documents that are live in it, in their order."""
    directory = tmp_path_factory.mktemp("reference") / "index"
    documents = random_documents(random.Random(request.param), sum(SIZES))
    live = {document.id: document for document in documents}
    if request.param == "one segment":
        write(directory, documents)
    else:
        for low, size in zip(accumulate(SIZES, initial=0), SIZES, strict=False):
            write(directory, documents[low : low + size])
    if SEGMENTS[request.param] == 5 or request.param == "merged":
        replaced = random_documents(random.Random(1), 11)[10]
        gone = ["3", "81", "96", "97", "119", "140"]
        write(directory, [replaced], gone)
        for document_id in (*gone, replaced.id):
            del live[document_id]
        live[replaced.id] = replaced
    if request.param == "merged":
        write(directory, [], optimize=True)
    with open_engine(directory) as engine:
        assert engine.info().segments == SEGMENTS[request.param]
        assert engine.ids("*") == list(live)
    return directory, live


@pytest.mark.parametrize("name", RANKINGS)
def test_random_queries(collection, name):
    directory, live = collection
    rng = random.Random(f"queries {name}")
    with open_engine(directory, RANKINGS[name]) as engine:
        reference = Reference(live, ANALYZER, RANKINGS[name])
        seen: set[str] = set()
        for _ in range(40 if name == "graded" else 10):
            seen |= check(engine, reference, random_query(rng))
    if name == "graded":
        assert seen == {"lemma", "stem", "surface", "similar", "near"}


@pytest.mark.stress
@pytest.mark.parametrize("seed", range(20))
def test_many_random_queries(collection, seed):
    directory, live = collection
    rng = random.Random(seed)
    ranking = list(RANKINGS.values())[max(0, seed - 11)]  # the default one more often
    with open_engine(directory, ranking) as engine:
        reference = Reference(live, ANALYZER, ranking)
        for _ in range(200):
            check(engine, reference, random_query(rng, depth=3))


def test_segments_do_not_change_the_answer(collection, tmp_path):
    """Neither who is found nor the order; scores but for rounding."""
    directory, live = collection
    write(tmp_path / "merged", list(live.values()))
    rng = random.Random("segments")
    with open_engine(directory) as spread, open_engine(tmp_path / "merged") as merged:
        assert merged.info().segments == 1
        for _ in range(80):
            query = random_query(rng)
            first, second = (
                engine.search(query, limit=1000, snippets=0).hits for engine in (spread, merged)
            )
            assert [hit.id for hit in first] == [hit.id for hit in second], query
            assert [hit.score for hit in first] == pytest.approx(
                [hit.score for hit in second], rel=1e-5
            )
