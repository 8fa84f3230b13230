from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime, timedelta, timezone

import pytest

from indexer.document import Document
from indexer.errors import IndexDamagedError
from indexer.segment.stored_fields import (
    StoredFields,
    id_of,
    pack_stored_fields,
    to_milliseconds,
    unpack_stored_fields,
)

MOMENT = datetime(2024, 5, 1, 13, 30, 0, 123456, tzinfo=UTC)


def test_all_fields_are_restored():
    document = Document(
        id="١",
        text="نَصٌّ",
        title='عنوان "طويل"\n\\',
        url="http://example.org/؟",
        date=MOMENT,
        fields={"word": "قسم", "words": ("أ", "ب"), "none": (), "number": 2.5, "moment": MOMENT},
        origin="a.txt",
    )
    assert unpack_stored_fields(pack_stored_fields(document)) == StoredFields(
        document.id, document.title, document.url, document.date, document.fields
    )


def test_an_id_alone_is_restored():
    assert unpack_stored_fields(pack_stored_fields(Document("1", ""))) == StoredFields(
        "1", "", "", None, {}
    )


def test_times_are_in_utc():
    baghdad = timezone(timedelta(hours=3))
    document = Document("1", "", date=datetime(2024, 5, 1, 3, tzinfo=baghdad))
    found = unpack_stored_fields(pack_stored_fields(document))
    assert found.date == document.date
    assert found.date.tzinfo is UTC
    naive = Document("1", "", date=datetime(2024, 5, 1), fields={"a": datetime(2024, 5, 1)})
    found = unpack_stored_fields(pack_stored_fields(naive))
    assert found.date == found.fields["a"] == datetime(2024, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        pytest.param(datetime(1970, 1, 1, 0, 0, 1), 1000.0, id="naive-is-utc"),
        pytest.param(datetime(1970, 1, 1, 3, tzinfo=timezone(timedelta(hours=3))), 0.0, id="zone"),
        pytest.param(datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC), -1000.0, id="before-1970"),
        pytest.param(datetime.min.replace(tzinfo=UTC), -62135596800000.0, id="first"),
        pytest.param(datetime(9999, 12, 31, tzinfo=UTC), 253402214400000.0, id="last"),
    ],
)
def test_milliseconds(moment, expected):
    assert to_milliseconds(moment) == expected


def packed(**changes: object) -> str:
    others = json.dumps({"url": "", "date": None, "fields": {}, **changes})
    return f"title\0{others}\0id"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("title", id="no-id"),
        pytest.param(packed()[:-6] + "\0id", id="truncated"),
        pytest.param("title\0[]\0id", id="list"),
        pytest.param("title\0{}\0id", id="no-values"),
        pytest.param(packed(date="now"), id="date"),
        pytest.param(packed(date=5), id="date-number"),
        pytest.param(packed(url=5), id="url-number"),
        pytest.param(packed(url="\ud800"), id="lone-surrogate"),
        pytest.param(packed(date="0001-01-01T00:00:00+23:00"), id="date-before-the-first"),
        pytest.param("title\0" + "[" * 100_000 + "\0id", id="deep"),
        pytest.param(packed(fields={"a": 10**400}), id="field-too-large"),
        pytest.param(packed(fields={"a": [[]]}), id="field-list-of-lists"),
        pytest.param(packed(fields=[]), id="fields-list"),
        pytest.param(packed(fields={"a": None}), id="field-null"),
        pytest.param(packed(fields={"a": {"date": 5}}), id="field-object"),
    ],
)
def test_damage(data):
    with pytest.raises(IndexDamagedError, match="'searchd index --rebuild'"):
        unpack_stored_fields(data)


@pytest.mark.parametrize("document_id", ["", "١", "a\0b", '{"a": 1}'])
@pytest.mark.parametrize("url", ["", "http://x"])
def test_the_id_can_be_read_alone(document_id, url):
    data = pack_stored_fields(Document(document_id, "", title="a\0b", url=url))
    assert id_of(data) == document_id.encode()
    assert unpack_stored_fields(data) == StoredFields(document_id, "a b", url, None, {})


@pytest.mark.parametrize("fields", [{}, {"a": ("b",)}], ids=["no-fields", "fields"])
def test_documents_can_be_pickled(fields):
    document = Document("1", "نص", date=MOMENT, fields=fields)
    assert pickle.loads(pickle.dumps(document)) == document
    assert pickle.loads(pickle.dumps(Document("1", "نص"))) == Document("1", "نص")
