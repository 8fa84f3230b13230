"""Values of a record put into a stored document, for every way to name a column."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from indexer.document import Document
from indexer.fields import FieldMap, parse_field_option
from indexer.mapping import to_document
from indexer.merging import given_fields, merge_values
from indexer.places import Place, PlaceKind
from indexer.sources.records import Record

FIELDS = FieldMap.from_specs(
    map(
        parse_field_option,
        ["text=body", "price:number=السعر", "author=by.name", "tags", "seen:date"],
    )
)
STORED = Document(
    "1",
    "نص الخبر",
    title="خبر",
    url="https://example.org/1",
    date=datetime(2024, 3, 5, 12, tzinfo=UTC),
    fields={
        "price": 2.5,
        "author": "علي",
        "tags": ("أ", "ب"),
        "seen": datetime(2024, 1, 1, tzinfo=UTC),
    },
    places=(Place(0, PlaceKind.PAGE, "1"), Place(4, PlaceKind.PAGE, "2")),
)


def merged(**values: object) -> Document:
    record = Record("here", merge_values({"id": "1", **values}, STORED, FIELDS))
    return to_document(record, FIELDS)


def test_nothing_given_leaves_the_document_as_it_is() -> None:
    assert merged().content_hash() == STORED.content_hash()


@pytest.mark.parametrize(
    ("values", "field", "expected"),
    [
        pytest.param({"title": "آخر"}, "title", "آخر", id="standard"),
        pytest.param({"العنوان": "آخر"}, "title", "آخر", id="arabic-name"),
        pytest.param({"body": "نص"}, "text", "نص", id="column"),
        pytest.param({"text": "نص"}, "text", "نص", id="default-column"),
        pytest.param({"date": "2020-01-02"}, "date", datetime(2020, 1, 2, tzinfo=UTC), id="date"),
        pytest.param({"date": None}, "date", None, id="no-date"),
        pytest.param({"url": ""}, "url", "", id="no-url"),
        pytest.param({"السعر": 7}, "price", 7.0, id="extra-column"),
        pytest.param({"السعر": None}, "price", None, id="extra-null"),
        pytest.param({"by": {"name": "سعاد"}}, "author", "سعاد", id="nested"),
        pytest.param({"tags": ["ج"]}, "tags", ("ج",), id="list-replaces-list"),
    ],
)
def test_what_is_given_replaces_and_the_rest_stays(
    values: dict[str, object], field: str, expected: object
) -> None:
    document = merged(**values)
    before = {name: getattr(STORED, name) for name in ("title", "text", "date", "url")}
    after = {name: getattr(document, name) for name in before} | dict(document.fields)
    wanted = before | dict(STORED.fields) | {field: expected}
    assert after == {name: value for name, value in wanted.items() if name in before or value}


def test_places_belong_to_their_text() -> None:
    assert merged(title="آخر").places == STORED.places
    assert merged(body="نص آخر").places == ()


def test_the_fields_that_columns_give() -> None:
    values = {"id": "1", "body": "", "by": {"name": "x"}, "السعر": None}
    assert given_fields(values, FIELDS) == {"id", "text", "author", "price"}
