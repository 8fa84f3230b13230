"""What is said of conditions on fields where nothing was found."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from indexer.document import Document
from indexer.fields import FieldMap, FieldSpec, FieldType
from tests.searchd.conftest import delete_from

FIELDS = FieldMap(
    extra=(
        FieldSpec("category"),
        FieldSpec("price", FieldType.NUMBER),
        FieldSpec("empty"),
        FieldSpec("weight", FieldType.NUMBER),
    )
)

DOCUMENTS = [
    *(Document(f"s{n}", "كتاب", fields={"category": "الرياضة", "price": n}) for n in range(4)),
    *(Document(f"h{n}", "قلم", date=datetime(2020 + n, 5, 1, tzinfo=UTC),
               fields={"category": ("تاريخ", "علوم")}) for n in range(3)),
    Document("w", "ورق", date=datetime(2024, 1, 1, 13, 30, tzinfo=UTC),
             fields={"category": "أخبار  العراق", "price": 12.5}),
]  # fmt: skip


@pytest.fixture
def engine(make_engine):
    return make_engine(DOCUMENTS[:5], DOCUMENTS[5:], fields=FIELDS)


@pytest.mark.parametrize(
    ("query", "filters", "expected"),
    [
        pytest.param("category:xxx", [], [("category:xxx", 0, ["الرياضة", "تاريخ", "علوم", "أخبار  العراق"])],
                     id="most-frequent-first"),
        pytest.param("category:علم", [], [("category:علم", 0, ["علوم", "الرياضة", "تاريخ", "أخبار  العراق"])],
                     id="closest-spelled-first"),
        pytest.param("category:رياضة", [], [("category:رياضة", 0, ["الرياضة", "تاريخ", "علوم", "أخبار  العراق"])],
                     id="closest-as-written"),
        pytest.param("*", ["category=xxx"],
                     [("category=xxx", 0, ["الرياضة", "تاريخ", "علوم", "أخبار  العراق"])], id="filter"),
        pytest.param("كتاب", ["category=علوم"], [("category=علوم", 3, [])], id="met-by-others"),
        pytest.param("price>100", [], [("price>100", 0, ["0", "12.5"])], id="number"),
        pytest.param("date:2019", [], [("date:2019", 0, ["2020-05-01", "2024-01-01T13:30"])], id="date"),
        pytest.param("date:[2023 TO 2023]", [], [("date>=2023", 1, []), ("date<=2023", 3, [])], id="range"),
        pytest.param("+category:تاريخ +price:3", [], [("category:تاريخ", 3, []), ("price:3", 1, [])],
                     id="each-is-met-alone"),
        pytest.param("empty:x", [], [("empty:x", 0, [])], id="no-document-has-the-field"),
        pytest.param("weight>1", [], [("weight>1", 0, [])], id="no-document-has-the-number"),
        pytest.param("empty:*", [], [("empty:*", 0, [])], id="any-value"),
        pytest.param("id:zzz", [], [("id:zzz", 0, [])], id="id"),
        pytest.param("تصنيف:xxx -category:تاريخ", [],
                     [("category:xxx", 0, ["الرياضة", "تاريخ", "علوم", "أخبار  العراق"])], id="not-of-what-must-not"),
        pytest.param("ظظظ", [], [], id="words-alone"),
    ],
)  # fmt: skip
def test_conditions(engine, query, filters, expected):
    results = engine.search(query, filters=filters)
    assert results.total == 0
    assert [
        (each.text, each.documents, list(each.values)) for each in results.conditions
    ] == expected
    assert [each["text"] for each in results.to_dict()["conditions"]] == [
        row[0] for row in expected
    ]


def test_only_where_nothing_was_found(engine):
    assert engine.search("category:تاريخ").conditions == ()


def test_values_of_deleted_documents_are_not_named(make_engine):
    engine = make_engine(DOCUMENTS[:5], DOCUMENTS[5:], fields=FIELDS, changes=True)
    delete_from(engine, ["w"])
    (condition,) = engine.search("category:xxx").conditions
    assert list(condition.values) == ["الرياضة", "تاريخ", "علوم"]
    (condition,) = engine.search("price>100").conditions
    assert condition.values == ("0", "3")


def test_an_empty_index(make_engine):
    results = make_engine([], fields=FIELDS).search("category:x price>1")
    assert [(each.text, each.values) for each in results.conditions] == [
        ("category:x", ()),
        ("price>1", ()),
    ]
