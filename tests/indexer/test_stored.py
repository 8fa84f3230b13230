from __future__ import annotations

import json
import pickle
import zlib
from datetime import UTC, datetime, timedelta, timezone

import pytest

from indexer.document import Document
from indexer.errors import IndexDamagedError
from indexer.stored import StoredDocument, pack, to_milliseconds, unpack

MOMENT = datetime(2024, 5, 1, 13, 30, 0, 123456, tzinfo=UTC)


def test_a_whole_document_comes_back():
    document = Document(
        id="١",
        text="نَصٌّ\r\n😀\0",
        title="عنوان",
        url="http://example.org/؟",
        date=MOMENT,
        fields={"word": "قسم", "words": ("أ", "ب"), "none": (), "number": 2.5, "moment": MOMENT},
        origin="a.txt",
    )
    assert unpack(pack(document)) == StoredDocument(
        document.id, document.title, document.text, document.url, document.date, document.fields
    )


def test_a_bare_document_comes_back():
    assert unpack(pack(Document("1", ""))) == StoredDocument("1", "", "", "", None, {})


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


def packed(**changes: object) -> bytes:
    values = {"id": "1", "title": "", "text": "", "url": "", "date": None, "fields": {}, **changes}
    return zlib.compress(json.dumps(values).encode())


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"x", id="not-compressed"),
        pytest.param(pack(Document("1", "نص" * 100))[:-8], id="truncated"),
        pytest.param(zlib.compress(b"\xff"), id="not-utf-8"),
        pytest.param(zlib.compress(b"[]"), id="list"),
        pytest.param(zlib.compress(b"{}"), id="no-values"),
        pytest.param(packed(date="now"), id="date"),
        pytest.param(packed(fields=[]), id="fields-list"),
        pytest.param(packed(fields={"a": None}), id="field-null"),
        pytest.param(packed(fields={"a": {"date": 5}}), id="field-object"),
    ],
)
def test_damage(data):
    with pytest.raises(IndexDamagedError, match="'searchd index --rebuild'"):
        unpack(data)


@pytest.mark.parametrize("fields", [{}, {"a": ("b",)}], ids=["no-fields", "fields"])
def test_documents_can_be_pickled(fields):
    document = Document("1", "نص", date=MOMENT, fields=fields)
    assert pickle.loads(pickle.dumps(document)) == document
    assert pickle.loads(pickle.dumps(Document("1", "نص"))) == Document("1", "نص")
