from __future__ import annotations

import pytest

from indexer.errors import FieldOptionError
from indexer.fields import FieldMap, FieldSpec, FieldType, parse_field_option


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        pytest.param("author", FieldSpec("author", FieldType.KEYWORD, "author"), id="name"),
        pytest.param("price:number", FieldSpec("price", FieldType.NUMBER, "price"), id="type"),
        pytest.param("author=by line", FieldSpec("author", column="by line"), id="column"),
        pytest.param("a:date=x:y=z", FieldSpec("a", FieldType.DATE, "x:y=z"), id="signs-in-column"),
        pytest.param(
            " قسم : text = القسم ", FieldSpec("قسم", FieldType.TEXT, "القسم"), id="arabic"
        ),
        pytest.param(
            "title=headline", FieldSpec("title", FieldType.TEXT, "headline"), id="standard"
        ),
        pytest.param("date:date=day", FieldSpec("date", FieldType.DATE, "day"), id="same-type"),
    ],
)
def test_declarations(option, expected):
    assert parse_field_option(option) == expected


@pytest.mark.parametrize(
    ("option", "reason"),
    [
        pytest.param("", "cannot be the name", id="empty"),
        pytest.param("2nd", "cannot be the name", id="digit-first"),
        pytest.param("a-b", "cannot be the name", id="hyphen"),
        pytest.param("a b", "cannot be the name", id="space"),
        pytest.param("_a", "reserved for the index", id="underscore"),
        pytest.param("hash", "reserved for the index", id="hash"),
        pytest.param("content:text", "reserved for the index", id="content"),
        pytest.param("a=", "names no column", id="no-column"),
        pytest.param("a:integer", "use one of keyword, text, number, date", id="unknown-type"),
        pytest.param("a:", "unknown type ''", id="no-type"),
        pytest.param("text:keyword", "always text", id="standard-as-keyword"),
        pytest.param("date:number=x", "always date", id="standard-of-another-type"),
    ],
)
def test_declarations_that_are_refused(option, reason):
    with pytest.raises(FieldOptionError, match=reason):
        parse_field_option(option)


def test_a_map_collects_standard_columns_and_extra_fields():
    author, title = FieldSpec("author"), FieldSpec("title", column="headline")
    assert FieldMap.from_specs([author, title]) == FieldMap(title="headline", extra=(author,))
    assert FieldMap.from_specs([]) == FieldMap()


def test_a_field_declared_twice_is_refused():
    with pytest.raises(FieldOptionError, match="declared twice, from the columns 'a' and 'b'"):
        FieldMap.from_specs([FieldSpec("a"), FieldSpec("a", column="b")])


def test_a_standard_field_keeps_its_type():
    with pytest.raises(FieldOptionError, match="always of type text"):
        FieldSpec("text", FieldType.NUMBER)
