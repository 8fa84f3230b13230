"""Groups: the best hits of each value, in the order of the best of each."""

from __future__ import annotations

import pytest

from indexer.document import Document
from indexer.fields import FieldMap, FieldSpec, FieldType
from searchd.errors import FilterSyntaxError
from searchd.groups import Group

FIELDS = FieldMap(extra=(FieldSpec("source"), FieldSpec("price", FieldType.NUMBER)))

DOCUMENTS = [
    Document("a1", "كتاب كتاب كتاب", fields={"source": "أ", "price": 1}),
    Document("b1", "كتاب كتاب ورق", fields={"source": ("بُ", "أ"), "price": 5}),
    Document("a2", "كتاب ورق ورق", fields={"source": "أ", "price": 3}),
    Document("x", "كتاب ورق ورق حبر", fields={"price": 4}),
    Document("a3", "كتاب ورق ورق حبر حبر", fields={"source": "ا", "price": 2}),
    Document("b2", "كتاب ورق ورق حبر حبر حبر", fields={"source": "ب"}),
    Document("y", "كتاب ورق ورق حبر حبر حبر حبر"),
    Document("other", "قلم", fields={"source": "أ"}),
]


@pytest.fixture(params=["one segment", "two segments"])
def engine(request, make_engine):
    if request.param == "one segment":
        return make_engine(DOCUMENTS, fields=FIELDS)
    return make_engine(DOCUMENTS[:4], DOCUMENTS[4:], fields=FIELDS)


def grouped(engine, **options):
    results = engine.search("كتاب", group_by="source", **options)
    found = [
        (group.value, group.documents, [hit.id for hit in results[group.start : group.end]])
        for group in results.groups
    ]
    assert sum(len(ids) for _value, _documents, ids in found) == len(results)
    return found


def test_groups_are_in_the_order_of_their_best_hit(engine):
    assert grouped(engine, group_size=2) == [
        ("أ", 3, ["a1", "a2"]),
        ("بُ", 2, ["b1", "b2"]),  # the first of several values counts
        (None, 1, ["x"]),
        (None, 1, ["y"]),
    ]
    results = engine.search("كتاب", group_by="source")
    assert (results.total, results.group_count) == (7, 4)


def test_pages_count_groups(engine):
    results = engine.search("كتاب", group_by="source", limit=1, offset=1)
    assert results.groups == (Group("بُ", 2, 0, 2),)
    assert [(hit.rank, hit.id) for hit in results] == [(4, "b1"), (5, "b2")]
    assert engine.search("كتاب", group_by="source", offset=4).groups == ()
    assert engine.search("كتاب", group_by="source", limit=0).group_count == 4


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        pytest.param("price", ["a1", "a3", "a2", "x", "b1", "b2", "y"], id="ascending"),
        pytest.param("-price", ["b1", "b2", "x", "a2", "a3", "a1", "y"], id="descending"),
    ],
)
def test_groups_of_a_sorted_search(engine, sort, expected):
    results = engine.search("كتاب", group_by="source", sort=sort)
    assert [hit.id for hit in results] == expected
    assert all(hit.score is None for hit in results)


def test_filters_and_facets_apply_to_groups(engine):
    options = {"filters": ["price < 5"], "facets": ["source"], "facet_filters": ["source=أ"]}
    assert grouped(engine, **options) == [("أ", 3, ["a1", "a2", "a3"])]
    (facet,) = engine.search("كتاب", group_by="source", **options).facets
    assert [(each.value, each.count) for each in facet.values] == [("أ", 3)]
    assert facet.missing == 1


def test_scores_and_explanations_are_those_without_groups(engine):
    plain = {hit.id: hit for hit in engine.search("كتاب ورق", explain=True)}
    for hit in engine.search("كتاب ورق", group_by="source", explain=True):
        assert (hit.score, hit.explanation) == (plain[hit.id].score, plain[hit.id].explanation)
        assert sum(part.score for part in hit.explanation) == pytest.approx(hit.score, rel=1e-5)


@pytest.mark.parametrize("field", ["price", "date", "text", "id", "other", ""])
def test_fields_that_have_no_groups(engine, field):
    if field:
        with pytest.raises(FilterSyntaxError, match="no keyword field .* has source"):
            engine.search("كتاب", group_by=field)
    else:
        assert engine.search("كتاب", group_by=field).group_count is None


def test_groups_as_json(engine):
    answer = engine.search("كتاب", group_by="source", limit=1, group_size=2).to_dict()
    assert answer["groups"] == [{"value": "أ", "documents": 3, "start": 0, "end": 2}]
    assert answer["group_count"] == 4
    assert [hit["id"] for hit in answer["hits"]] == ["a1", "a2"]
