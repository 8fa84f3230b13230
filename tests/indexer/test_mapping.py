from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.document import Document
from indexer.errors import RecordError
from indexer.fields import FieldMap, FieldSpec, FieldType
from indexer.mapping import to_document
from indexer.sources import Record

EXTRA = FieldMap(extra=tuple(FieldSpec(f"a_{kind}", kind) for kind in FieldType))


def document(field_map: FieldMap = EXTRA, **values: object) -> Document:
    return to_document(Record("a.jsonl:3", {"id": "1", "text": "نص", **values}), field_map)


def refusal(**values: object) -> str:
    with pytest.raises(RecordError) as caught:
        document(**values)
    assert caught.value.origin == "a.jsonl:3"
    return caught.value.reason


def test_a_whole_record():
    made = document(title=" عنوان ", url="u", date="2024-05-01", a_keyword=["أ", " ", "ب"], more=1)
    assert made == Document(
        id="1",
        text="نص",
        title="عنوان",
        url="u",
        date=datetime(2024, 5, 1, tzinfo=UTC),
        fields={"a_keyword": ("أ", "ب")},
        origin="a.jsonl:3",
    )
    assert pickle.loads(pickle.dumps(made)) == made


def test_columns_of_other_names():
    field_map = FieldMap(id="doc", title="headline", text="body")
    made = to_document(Record("", {"doc": 7, "headline": "ع", "body": ["أ", "ب"]}), field_map)
    assert (made.id, made.title, made.text) == ("7", "ع", "أ\nب")


def test_a_record_without_the_column_of_others_keeps_its_own():
    """Text files and tables in one run: only some of them have the column that was named."""
    field_map = FieldMap(id="doc", text="body", date="day")
    made = to_document(
        Record("a.txt", {"id": "a.txt", "title": "عنوان", "text": "نص", "date": "2024-05-01"}),
        field_map,
    )
    assert (made.id, made.text) == ("a.txt", "نص")
    assert made.date == datetime(2024, 5, 1, tzinfo=UTC)
    both = Record("b.jsonl:1", {"doc": "1", "id": "9", "body": "", "text": "نص", "title": "ع"})
    assert (to_document(both, field_map).id, to_document(both, field_map).text) == ("1", "")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        pytest.param(None, "column 'id' is empty or missing (columns here: id, text)", id="null"),
        pytest.param(" \0", "--field id=COLUMN", id="blank"),
        pytest.param(True, "is true or false", id="boolean"),
        pytest.param(1.5, "the fraction 1.5", id="fraction"),
        pytest.param(["a"], "is a list", id="list"),
        pytest.param({}, "is an object", id="object"),
        pytest.param("x" * 513, "has 513 characters", id="too-long"),
    ],
)
def test_ids_that_are_refused(value, reason):
    assert reason in refusal(id=value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(" أ ", "أ", id="stripped"),
        pytest.param(12, "12", id="integer"),
        pytest.param("a\ud800\0b", "a\ufffd b", id="cleaned"),
        pytest.param("x" * 512, "x" * 512, id="longest"),
    ],
)
def test_ids(value, expected):
    assert document(id=value).id == expected


def test_a_title_or_a_text_is_needed():
    assert document(text=None, title="عنوان").text == ""
    assert "no title and no text: the columns 'title' and 'text'" in refusal(text=" \n")


def test_an_escaped_lone_surrogate_and_nul_are_replaced():
    values = json.loads(r'{"text": "a\ud800b\u0000c \ud83d\ude00", "title": "\udfff"}')
    made = document(**values)
    assert (made.text, made.title) == ("a\ufffdb c \U0001f600", "\ufffd")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("2024-05-01", datetime(2024, 5, 1, tzinfo=UTC), id="day"),
        pytest.param("20240501", datetime(2024, 5, 1, tzinfo=UTC), id="compact"),
        pytest.param(20240501, datetime(2024, 5, 1, tzinfo=UTC), id="integer"),
        pytest.param("2024-05", datetime(2024, 5, 1, tzinfo=UTC), id="month"),
        pytest.param("2024", datetime(2024, 1, 1, tzinfo=UTC), id="year"),
        pytest.param("٢٠٢٤-٠٥-٠١", datetime(2024, 5, 1, tzinfo=UTC), id="arabic-indic"),
        pytest.param("\u200f۲۰۲۴", datetime(2024, 1, 1, tzinfo=UTC), id="persian-with-mark"),
        pytest.param("2024-05-01T13:30", datetime(2024, 5, 1, 13, 30, tzinfo=UTC), id="naive"),
        pytest.param("2024-05-01T01:00Z", datetime(2024, 5, 1, 1, tzinfo=UTC), id="zulu"),
        pytest.param("2024/05/01", datetime(2024, 5, 1, tzinfo=UTC), id="slashes"),
        pytest.param("٢٠٢٤/٠٥", datetime(2024, 5, 1, tzinfo=UTC), id="month-with-a-slash"),
        pytest.param("2024-05-01 01:00+03:00", datetime(2024, 4, 30, 22, tzinfo=UTC), id="zone"),
    ],
)
def test_dates(written, expected):
    made = document(date=written, a_date=written)
    assert made.date == made.fields["a_date"] == expected
    assert made.date.tzinfo is UTC


@pytest.mark.parametrize(
    "written",
    ["أمس", "2024-13-01", "0000", "1/5/2024", "2024/5/1", "2024/13/01", "0001-01-01T00:00+03:00"],
)
def test_dates_that_are_refused(written):
    assert f"the column 'date' holds {written!r}, which is not a date" in refusal(date=written)
    assert "2024-05" in refusal(a_date=written)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param(3, 3.0, id="integer"),
        pytest.param("-2.5e1", -25.0, id="exponent"),
        pytest.param("١٬٢٣٤٫٥", 1234.5, id="arabic-signs"),
        pytest.param("۱۲", 12.0, id="persian"),
        pytest.param("−3", -3.0, id="minus-sign"),
        pytest.param("1,234.50", 1234.5, id="thousands-and-a-point"),
        pytest.param("-1,234,567", -1234567.0, id="thousands-and-thousands"),
        pytest.param("١,٢٣٤.٥", 1234.5, id="thousands-in-arabic-digits"),
    ],
)
def test_numbers(written, expected):
    value = document(a_number=written).fields["a_number"]
    assert (value, type(value)) == (expected, float)


@pytest.mark.parametrize(
    "written",
    [
        "inf",
        "nan",
        float("inf"),
        float("nan"),
        "1e999",
        "1_000",
        "1,5",
        "1,234",
        "1234,567.8",
        "1,23,456",
        "كتاب",
        True,
        [1],
        pytest.param(10**5000, id="huge"),
    ],
)
def test_numbers_that_are_refused(written):
    assert refusal(a_number=written)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("أ", "أ", id="text"),
        pytest.param(5, "5", id="number"),
        pytest.param(False, "false", id="boolean"),
        pytest.param(["أ", 5, None], ("أ", "5"), id="list"),
    ],
)
def test_keywords(value, expected):
    assert document(a_keyword=value).fields == {"a_keyword": expected}


@pytest.mark.parametrize("value", [None, "", "  ", []], ids=repr)
def test_empty_values_leave_a_keyword_out(value):
    assert document(a_keyword=value).fields == {}


@pytest.mark.parametrize("column", ["text", "title", "a_keyword", "a_text", "date", "url"])
def test_objects_are_refused_where_a_field_reads_them(column):
    assert f"the column {column!r} holds an object" in refusal(**{column: {"a": 1}})
    assert document(other={"a": 1})


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(categories=None)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["id", "title", "text", "date", "url", "a_number"]), JSON))
def test_any_json_is_a_document_or_a_record_error(values):
    try:
        made = to_document(Record("x", values), EXTRA)
    except RecordError:
        return
    made.content_hash()
    assert (made.id + made.title + made.text + made.url).encode()
