"""Facets: which values they return, in which order, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from indexer.document import Document
from indexer.fields import FieldMap, FieldSpec, FieldType
from searchd.errors import FilterSyntaxError, SearchArgumentError
from searchd.facets import Facet, parse_facet
from tests.searchd.conftest import delete_from

FIELDS = FieldMap(
    extra=(
        FieldSpec("category"),
        FieldSpec("price", FieldType.NUMBER),
        FieldSpec("tags"),
        FieldSpec("note", FieldType.TEXT),
    )
)


def document(number: int, category: str | tuple[str, ...], **more: object) -> Document:
    date = datetime(2019 + number, number, 3, tzinfo=UTC)
    return Document(str(number), "كتاب", date=date, fields={"category": category, **more})  # type: ignore[dict-item]


DOCUMENTS = [
    document(1, "سياسة", price=0.1, tags=("أخبار محلية", "العراق")),
    document(2, "السياسة الخارجية", price=0.3),
    document(3, ("رِيَاضَة", "رياضه"), price=0.35, tags="أخبار العالم"),
    document(4, "أدب", price=-2),
    document(5, "رياضة", price=0.7),
    document(6, "إعلام", price=100),
    Document("7", "كتاب", fields={"price": 100}),
    document(8, "سياسة"),
]


@pytest.fixture(params=["one segment", "three segments"])
def engine(request, make_engine):
    if request.param == "one segment":
        return make_engine(DOCUMENTS, fields=FIELDS)
    return make_engine(DOCUMENTS[:3], DOCUMENTS[3:4], DOCUMENTS[4:], fields=FIELDS)


def counted(engine, facet, **options):
    (found,) = engine.search("كتاب", facets=[facet], snippets=0, **options).facets
    return [(each.value, each.count) for each in found.values]


@pytest.mark.parametrize(
    ("facet", "expected"),
    [
        pytest.param(
            "category",
            [("رِيَاضَة", 2), ("سياسة", 2), ("أدب", 1), ("إعلام", 1), ("السياسة الخارجية", 1)],
            id="by-count-and-as-written",
        ),
        pytest.param("category,limit=1", [("رِيَاضَة", 2)], id="limit"),
        pytest.param("category,min=2", [("رِيَاضَة", 2), ("سياسة", 2)], id="minimum"),
        pytest.param(
            "category,order=value",
            [("أدب", 1), ("إعلام", 1), ("رِيَاضَة", 2), ("سياسة", 2), ("السياسة الخارجية", 1)],
            id="by-the-alphabet-without-hamza-and-article",
        ),
        pytest.param(
            "category,order=-value,limit=2",
            [("السياسة الخارجية", 1), ("سياسة", 2)],
            id="from-the-end-of-the-alphabet",
        ),
        pytest.param(
            "category,prefix=سي", [("سياسة", 2), ("السياسة الخارجية", 1)], id="prefix"
        ),
        pytest.param("category,prefix=خارج", [("السياسة الخارجية", 1)], id="prefix-of-a-word"),
        pytest.param("category,prefix=ياسة", [], id="no-prefix"),
        pytest.param("category,prefix=.", [], id="prefix-is-no-pattern"),
        pytest.param("تصنيف,limit=1", [("رِيَاضَة", 2)], id="arabic-name"),
        pytest.param(
            "tags", [("أخبار العالم", 1), ("أخبار محلية", 1), ("العراق", 1)], id="several-values"
        ),
        pytest.param("price", [("100", 2), ("-2", 1), ("0.1", 1), ("0.3", 1), ("0.35", 1), ("0.7", 1)],
                     id="numbers"),
        pytest.param(
            "price:.1",
            [("-2", 1), ("0.1", 1), ("0.3", 2), ("0.7", 1), ("100", 2)],
            id="intervals-begin-at-decimal-numbers",
        ),
        pytest.param("price:100", [("-100", 1), ("0", 4), ("100", 2)], id="intervals"),
        pytest.param("price:100,order=count,limit=2", [("0", 4), ("100", 2)], id="intervals-by-count"),
        pytest.param(
            "price:[0 TO 0.3}[0.3 TO 100][* TO *]",
            [("[0 TO 0.3}", 1), ("[0.3 TO 100]", 5), ("[* TO *]", 7)],
            id="ranges",
        ),
        pytest.param("price:{0.3 TO 100}", [("{0.3 TO 100}", 2)], id="range-without-its-ends"),
        pytest.param("price:[1 TO 2],min=0", [("[1 TO 2]", 0)], id="empty-range"),
        pytest.param("date:year,limit=2", [("2020", 1), ("2021", 1)], id="years"),
        pytest.param("date:month,order=-value,limit=1", [("2027-08", 1)], id="months"),
        pytest.param("date:day,limit=1", [("2020-01-03", 1)], id="days"),
        pytest.param("date:[* TO 2021}[2021 TO 2022]", [("[* TO 2021}", 1), ("[2021 TO 2022]", 2)],
                     id="ranges-of-dates"),
    ],
)  # fmt: skip
def test_values(engine, facet, expected):
    assert counted(engine, facet) == expected


def test_what_is_left_out_is_numbered(engine):
    (found,) = engine.search("كتاب", facets=["category,limit=2"]).facets
    assert (found.field, found.others, found.documents, found.missing) == ("category", 3, 8, 1)
    assert found.least is found.greatest is None


def test_ends_of_numbers_and_dates(engine):
    price, date = engine.search("*", facets=["price:100", "date:year"]).facets
    assert (price.least, price.greatest, price.missing) == ("-2", "100", 1)
    assert (date.least, date.greatest) == (
        "2020-01-03T00:00:00+00:00",
        "2027-08-03T00:00:00+00:00",
    )


def test_the_filter_of_a_value_finds_its_documents(engine):
    facets = ["category", "tags", "price", "price:.1", "price:100", "price:[0 TO .3}", "date:month"]
    for facet in engine.search("كتاب", facets=facets).facets:
        assert facet.values
        for each in facet.values:
            assert engine.count("كتاب", filters=[each.filter]) == each.count, each


def test_a_filter_narrows_all_counts(engine):
    assert counted(engine, "category", filters=["category=سياسة"]) == [("سياسة", 2)]
    assert counted(engine, "category,min=0,limit=2", filters=["category=أدب"]) == [
        ("أدب", 1), ("إعلام", 0),
    ]  # fmt: skip


def test_a_facet_filter_narrows_all_but_its_own_counts(engine):
    options = {"facet_filters": ["category IN (سياسة, أدب)", "price < 1"]}
    category, price, years = engine.search(
        "كتاب", facets=["category", "price:100", "date:year"], **options
    ).facets
    assert [(each.value, each.count) for each in category.values] == [
        ("رِيَاضَة", 2), ("أدب", 1), ("السياسة الخارجية", 1), ("سياسة", 1),
    ]  # fmt: skip
    assert [(each.value, each.count) for each in price.values] == [("-100", 1), ("0", 1)]
    assert [each.value for each in years.values] == ["2020", "2023"]
    assert engine.search("كتاب", **options).total == 2
    assert (category.documents, price.documents, years.documents) == (5, 3, 2)


def test_values_of_deleted_documents_alone_are_gone(make_engine):
    engine = make_engine(DOCUMENTS[:4], DOCUMENTS[4:], fields=FIELDS, changes=True)
    assert ("أدب", 1) in counted(engine, "category")
    delete_from(engine, ["4", "3"])
    found = counted(engine, "category,min=0")
    assert "أدب" not in dict(found)
    assert dict(found)["رياضة"] == 1  # as the document that is left writes it


def test_a_search_without_hits_counts_nothing(engine):
    (found,) = engine.search("ظظظ", facets=["category"]).facets
    assert (found.values, found.others, found.documents, found.missing) == ((), 0, 0, 0)


def test_an_empty_index_has_no_values(make_engine):
    engine = make_engine([], fields=FIELDS)
    facets = ["category", "price", "price:5", "date:month", "price:[0 TO 1]"]
    results = engine.search("*", facets=facets, facet_filters=["category=a"], group_by="category")
    assert [facet.values for facet in results.facets] == [()] * len(facets)
    assert (results.groups, results.group_count) == ((), 0)


def test_common_numbers_are_made_once(engine, monkeypatch):
    from searchd.search import facet_counts

    made = []
    real = facet_counts.keyword_column
    monkeypatch.setattr(
        facet_counts, "keyword_column", lambda *given: made.append(given[0]) or real(*given)
    )
    for query in ("كتاب", "*", "كتاب"):
        engine.search(query, facets=["category", "tags", "category,order=value"])
    assert made == ["category", "tags"]


@pytest.mark.parametrize(
    ("text", "facet"),
    [
        pytest.param("category", Facet("category"), id="field"),
        pytest.param(" date : month ", Facet("date", interval="month"), id="unit"),
        pytest.param("price:٢٫٥", Facet("price", interval=2.5), id="arabic-number"),
        pytest.param(
            "price:[0 TO 9}, {9 TO *], limit=1",
            Facet("price", limit=1, ranges=("[0 TO 9}", "{9 TO *]")),
            id="ranges",
        ),
        pytest.param(
            "قسم,limit=5,order=-value,min=0,prefix=ال",
            Facet("قسم", 5, "-value", 0, "ال"),
            id="options",
        ),
    ],
)
def test_facets_as_text(text, facet):
    assert parse_facet(text) == facet


@pytest.mark.parametrize(
    ("facet", "reason"),
    [
        pytest.param("", "cannot be understood", id="empty"),
        pytest.param("category;", "cannot be understood", id="sign"),
        pytest.param("date:", "nothing after its colon", id="colon"),
        pytest.param("date:week", "no interval", id="unit"),
        pytest.param("price:0", "number above 0", id="zero"),
        pytest.param("price:-5", "number above 0", id="negative"),
        pytest.param("category,size=5", "unknown part 'size=5'", id="option"),
        pytest.param("category,limit=x", "whole number", id="limit"),
        pytest.param("category,limit=10001", "10,000", id="large-limit"),
        pytest.param("category,order=size", "count, value, -value", id="order"),
        pytest.param("other", "no field 'other' to count by.* has date, category", id="field"),
        pytest.param("note", "no field 'note' to count by", id="text"),
        pytest.param("category:5", "keywords, which have no intervals", id="interval-of-keywords"),
        pytest.param("price:month", "give a number", id="month-of-numbers"),
        pytest.param("date", "count by :year, :month, :day", id="date-without-unit"),
        pytest.param("date:5", "count by :year", id="number-of-dates"),
        pytest.param("price,prefix=5", "only keywords", id="prefix-of-numbers"),
        pytest.param("price:[5 TO 1]", "ends before it begins", id="turned-range"),
        pytest.param("price:[a TO 1]", "not a number", id="range-of-words"),
        pytest.param("price:[1 2]", "needs two values", id="no-range"),
        pytest.param("price:1e-300", "too far apart", id="tiny-interval"),
    ],
)
def test_facets_that_are_refused(engine, facet, reason):
    with pytest.raises(FilterSyntaxError, match=reason):
        engine.search("*", facets=[facet])


@pytest.mark.parametrize(
    ("options", "argument"),
    [
        pytest.param({"facets": "category"}, "facets", id="text"),
        pytest.param({"facets": [5]}, "facets", id="number"),
        pytest.param({"facets": ["category"] * 51}, "facets", id="too-many"),
        pytest.param({"facet_filters": "category=a"}, "facet_filters", id="filter-as-text"),
        pytest.param({"group_by": 5}, "group_by", id="group"),
        pytest.param({"group_by": "category", "group_size": 0}, "group_size", id="no-size"),
        pytest.param({"group_by": "category", "group_size": 101}, "group_size", id="large-size"),
        pytest.param(
            {"group_by": "category", "group_size": 50, "limit": 500}, "group_size", id="many-hits"
        ),
    ],
)
def test_arguments_that_are_refused(engine, options, argument):
    with pytest.raises(SearchArgumentError) as caught:
        engine.search("*", **options)
    assert caught.value.argument == argument


@pytest.mark.parametrize("tree", ["category=a OR price=5", "category=a AND NOT EXISTS tags"])
def test_a_facet_filter_has_one_field(engine, tree):
    with pytest.raises(FilterSyntaxError, match="one facet filter for each field"):
        engine.search("*", facets=["category"], facet_filters=[tree])


def test_facets_as_json(engine):
    facets = engine.search("كتاب", facets=["category,limit=1"]).to_dict()["facets"]
    assert facets == [
        {
            "field": "category",
            "values": [{"value": "رِيَاضَة", "count": 2, "filter": 'category = "رِيَاضَة"'}],
            "others": 4,
            "documents": 8,
            "missing": 1,
            "least": None,
            "greatest": None,
        }
    ]
