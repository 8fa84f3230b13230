"""Facets and groups of more values and documents than one answer of a cluster has."""

from __future__ import annotations

import random

import pytest

import searchd
from indexer.document import Document
from indexer.fields import FieldMap, FieldSpec, FieldType
from searchd.cluster import aggregations
from searchd.errors import SearchArgumentError
from tests.cluster.conftest import write
from tests.searchd.conftest import write_index
from tests.searchd.search.random_queries import FIELDS, random_documents
from tests.searchd.search.reference_columns import Columns
from tests.searchd.search.refinement_checks import check_groups, random_engine_checks

FACETS = [
    "section,limit=3",
    "section,order=value,min=0,limit=100",
    "price,limit=1000",
    "price:0.1,limit=10000",
    "price:7,min=0",
    "price:[0 TO 3}[3 TO *],order=count",
    "date:year,min=0",
    "date:month,order=-value",
    "seen:day",
]


@pytest.fixture
def both(address, tmp_path):
    """Index documents in a directory and in several shards; open both."""
    made = random_documents(random.Random(5), 300)
    write_index(tmp_path / "index", made, fields=FIELDS)
    write(address, made, fields=FIELDS, shards=3)
    with searchd.open(tmp_path / "index") as first, searchd.open(address) as second:
        yield first, second, made


@pytest.mark.parametrize("at_once", [2, 10_000])
def test_facets_are_those_of_a_directory(both, monkeypatch, at_once):
    """Also where each answer of the cluster has two buckets, so that pages are asked for."""
    monkeypatch.setattr(aggregations, "AT_ONCE", at_once)
    first, second, _made = both
    options = {"filters": ["NOT id IN (1, 2)"], "facet_filters": ["price < 20", "section=سياسة"]}
    for query in ("*", "كتاب | قران", "ظظظ"):
        for arguments in ({}, options):
            expected, found = (
                engine.search(query, facets=FACETS, snippets=0, limit=0, **arguments).facets
                for engine in both[:2]
            )
            assert [each.to_dict() for each in found] == [each.to_dict() for each in expected]
    assert len(first.search("*", facets=["price,limit=1000"]).facets[0].values) > 2 * 2
    assert second.search("*", limit=0).total == first.search("*", limit=0).total


def test_groups_behind_the_best_documents(both, monkeypatch):
    """Where few documents are ranked anew, so that most groups are in the order of the cluster."""
    monkeypatch.setattr("searchd.cluster.cluster_searcher.MORE_CANDIDATES", 5)
    monkeypatch.setattr(aggregations, "AT_ONCE", 5)
    rng = random.Random(7)
    with searchd.open(both[1].info().path, ranking=searchd.Ranking(candidates=10)) as engine:
        columns = Columns({document.id: document for document in both[2]}, FIELDS)
        for _ in range(3):
            random_engine_checks(engine, columns, rng)
        for size in (1, 4):
            check_groups(engine, "*", "section", size, engine.search("*", limit=1000, snippets=0))


def test_relevance_ends_where_the_cluster_does(address, monkeypatch):
    monkeypatch.setattr("searchd.cluster.pages.MOST_RESULTS", 70)
    write(address, [Document(str(number), "كتاب") for number in range(90)])
    with searchd.open(address, ranking=searchd.Ranking(candidates=10)) as engine:
        first = engine.search("كتاب", limit=50)
        second = engine.search("كتاب", limit=20, after=first.cursor)
        assert len({hit.id for page in (first, second) for hit in page}) == 70
        with pytest.raises(SearchArgumentError, match="the best 70 alone; sort by a field"):
            engine.search("كتاب", limit=20, after=second.cursor)


def test_the_score_as_one_of_several_keys(address, tmp_path):
    """In the order of a directory, also where the cluster scores otherwise and over its pages."""
    fields = FieldMap(extra=(FieldSpec("price", FieldType.NUMBER),))
    rng = random.Random(3)
    words = ["كتاب", "الكتب", "كتابهم", "مكتبة", "قلم", "ورق", "المدينة"]
    made = [
        Document(
            str(number),
            " ".join(rng.choices(words, k=rng.randint(2, 9))),
            fields={"price": rng.randint(1, 3)},
        )
        for number in range(120)
    ]
    write_index(tmp_path / "index", made, fields=fields)
    write(address, made, fields=fields, shards=3)
    with searchd.open(tmp_path / "index") as first, searchd.open(address) as second:
        for sort in ("score", "price,score", "-price,score,-id", "score,id"):
            expected = first.search("كتب المدينة", sort=sort, limit=200)
            pages = [
                second.search("كتب المدينة", sort=sort, limit=50, offset=offset)
                for offset in range(0, 150, 50)
            ]
            assert [hit.id for page in pages for hit in page] == [hit.id for hit in expected]
            assert [hit.score for page in pages for hit in page] == pytest.approx(
                [hit.score for hit in expected]
            )
            after = second.search("كتب المدينة", sort=sort, limit=50, after=pages[0].cursor)
            assert [hit.id for hit in after] == [hit.id for hit in pages[1]]
