from __future__ import annotations

import pytest

from indexer.errors import RecordError
from indexer.fields import FieldMap, parse_field_option
from indexer.mapping import to_document
from indexer.nested_columns import nested_value
from indexer.sources.records import Record

VALUES = {
    "id": 1,
    "author": {"name": "ن", "born": {"year": 1900}},
    "tags": [{"name": "أ"}, {"name": "ب"}, {"other": 1}],
    "deep": [{"list": ["x", "y"]}, {"list": ["z"]}],
    "dotted.name": "حرفي",
}


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("author.name", "ن"),
        ("author.born.year", 1900),
        ("tags.name", ["أ", "ب"]),
        ("deep.list", ["x", "y", "z"]),
        ("author.nothing", None),
        ("id.name", None),
        ("nothing.name", None),
        ("tags.nothing", None),
    ],
)
def test_nested_values(column, value):
    assert nested_value(VALUES, column) == value


def document(*options: str, **values: object):
    field_map = FieldMap.from_specs(map(parse_field_option, options))
    return to_document(Record("a:1", {**VALUES, **values}), field_map)


def test_fields_are_read_from_nested_columns():
    found = document(
        *("text=body.text", "author=author.name", "year:number=author.born.year", "tag=tags.name"),
        "plain=dotted.name",
        body={"text": "نص"},
    )
    assert found.text == "نص"
    assert found.fields == {"author": "ن", "year": 1900.0, "tag": ("أ", "ب"), "plain": "حرفي"}


def test_a_record_without_the_nested_column_keeps_its_own():
    assert document("text=body.text", text="نص").text == "نص"


def test_an_id_of_a_nested_column_with_a_prefix():
    record = Record("a:1", {"meta": {"id": 7}, "text": "نص"})
    field_map = FieldMap.from_specs([parse_field_option("id=meta.id")])
    assert to_document(record, field_map, id_prefix="p-").id == "p-7"


def test_a_prefix_counts_for_the_length_of_an_id():
    with pytest.raises(RecordError, match="has 513 characters"):
        to_document(Record("a:1", {"id": "x", "text": "نص"}), FieldMap(), id_prefix="p" * 512)


def test_an_object_is_refused_as_before():
    with pytest.raises(RecordError, match="an object"):
        document("author", text="نص")


def test_arabic_columns_are_read_where_there_is_no_other():
    values = {"الرقم": "7", "العنوان": "ع", "النص": "نص", "التاريخ": "٢٠٢٠", "الرابط": "u"}
    found = to_document(Record("a:1", values), FieldMap())
    assert (found.id, found.title, found.text, found.url) == ("7", "ع", "نص", "u")
    assert found.date is not None
    assert found.date.year == 2020
    assert to_document(Record("a:1", {**values, "text": "x", "id": "1"}), FieldMap()).text == "x"
    named = FieldMap.from_specs([parse_field_option("text=العنوان")])
    assert to_document(Record("a:1", values), named).text == "ع"
