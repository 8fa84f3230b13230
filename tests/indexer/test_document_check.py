"""What a writer takes and refuses: types, empty ids, dates and lists."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from indexer.document import Document
from indexer.errors import RecordError
from indexer.snapshot import Snapshot
from indexer.writer import IndexWriter
from tests.indexer.conftest import ONE, TWO, TYPED

MIDNIGHT = datetime(2024, 5, 1, tzinfo=UTC)


class _NoTime(datetime):
    """Like what pandas has for no date: it is a datetime, and has no time."""

    def astimezone(self, tz=None):
        return self

    def isoformat(self, *arguments):
        return "NaT"


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        pytest.param({"id": "1"}, "of type dict: it is no document; make one", id="dict"),
        pytest.param(Document("", "نص"), "the id is empty", id="empty-id"),
        pytest.param(Document(5, "نص"), "the id is of type int; give a str", id="number-as-id"),
        pytest.param(Document(b"5", "نص"), "the id is of type bytes; give a str", id="bytes-as-id"),
        pytest.param(Document("1", None), "the text holds a value of type NoneType", id="no-text"),
        pytest.param(
            Document("1", b"a" * 999), r"type bytes, b'a{78}\.\.\.; give a str$", id="bytes"
        ),
        pytest.param(Document("1", "نص", title=["a"]), "the title .* type list", id="title"),
        pytest.param(Document("1", "نص", url=Path("a")), "the url .* type .*Path", id="url"),
        pytest.param(
            Document("1", "نص", date="2024-05-01"),
            "the date .* type str, '2024-05-01'; give a datetime or a date",
            id="text-for-the-date",
        ),
        pytest.param(
            Document("1", "نص", date=datetime.min.replace(tzinfo=timezone(timedelta(hours=3)))),
            "the date holds .* no point in time from year 1 to 9999 in UTC",
            id="date-before-year-1",
        ),
        pytest.param(
            Document("1", "نص", date=_NoTime(2024, 5, 1, tzinfo=UTC)),
            "the date holds .* no point in time",
            id="no-date-of-pandas",
        ),
        pytest.param(Document("1", "نص", fields=None), "fields holds .* NoneType", id="no-mapping"),
        pytest.param(Document("1", "نص", fields=["a"]), "fields .* a mapping", id="list-of-fields"),
        pytest.param(
            Document("1", "نص", fields={"other": "x"}),
            "no field 'other', its extra fields are a_keyword, a_text, a_number, a_date; leave",
            id="unknown-field",
        ),
        pytest.param(Document("1", "نص", fields={5: "x"}), "no field 5", id="number-as-name"),
        pytest.param(
            Document("1", "نص", fields={"a_keyword": ["a", 5]}),
            "the field 'a_keyword' of type keyword, in its list, .* int, 5; give a str, or a list",
            id="number-in-a-list",
        ),
        pytest.param(Document("1", "نص", fields={"a_keyword": {"a"}}), "type set", id="set"),
        pytest.param(Document("1", "نص", fields={"a_text": ["a"]}), "type list", id="list-as-text"),
        pytest.param(Document("1", "نص", fields={"a_number": True}), "type bool", id="bool"),
        pytest.param(Document("1", "نص", fields={"a_number": None}), "type NoneType", id="none"),
        pytest.param(
            Document("1", "نص", fields={"a_number": float("inf")}), "inf, .* no finite", id="inf"
        ),
        pytest.param(
            Document("1", "نص", fields={"a_number": 10**400}), "no finite number", id="too-large"
        ),
        pytest.param(
            Document("1", "نص", fields={"a_date": "2024"}), "type str, '2024'", id="text-as-date"
        ),
    ],
)
def test_a_wrong_type_is_named_and_the_writer_goes_on(index, document, reason):
    with IndexWriter(index.directory, TYPED) as writer:
        writer.upsert(ONE)
        with pytest.raises(RecordError, match=reason):
            writer.upsert(document)
        writer.upsert(TWO)
        writer.commit()
    assert index.texts() == {"1": "كتاب أول", "2": "مدرسة"}


def test_a_date_is_its_midnight_and_a_list_a_tuple(index):
    fields = {"a_keyword": ["a", "ب"], "a_date": date(2024, 5, 1)}
    index.write(Document("1", "نص", date=date(2024, 5, 1), fields=fields), fields=TYPED)
    (segment,) = Snapshot(index.directory).segments
    (stored,) = segment.documents.stored_fields([0])
    assert stored.date == MIDNIGHT
    assert stored.fields == {"a_keyword": ("a", "ب"), "a_date": MIDNIGHT}
    assert segment.documents.columns.numbers("date").tolist() == [MIDNIGHT.timestamp() * 1000]
    assert segment.documents.columns.numbers("a_date").tolist() == [MIDNIGHT.timestamp() * 1000]
    assert [*segment.documents.columns.keywords("a_keyword")] == [("a", "ب")]


def test_an_id_of_another_type_cannot_be_deleted(index):
    index.write(ONE)
    with IndexWriter(index.directory) as writer:
        with pytest.raises(RecordError, match="the document 1: the id is of type int; give a str"):
            writer.delete(1)
        assert writer.delete("1")
