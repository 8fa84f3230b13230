from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.sources import BadRecord, Record, read_records


@pytest.mark.parametrize(
    ("name", "table"),
    [
        pytest.param("a.csv", "id,text\n1,كتاب\n2,قلم\n", id="csv"),
        pytest.param("a.csv", "\ufeffid,text\r\n1,كتاب\r\n\r\n2,قلم", id="mark-and-crlf"),
        pytest.param("a.csv", "id;text\n1;كتاب\n2;قلم\n", id="semicolons"),
        pytest.param("a.csv", "sep=;\r\nid;text\r\n1;كتاب\r\n2;قلم\r\n", id="stated separator"),
        pytest.param("a.tsv", "id\ttext\n1\tكتاب\n2\tقلم\n", id="tsv"),
        pytest.param("a.csv", '\n"id", text \n1,"كتاب"\n2,قلم\n', id="quoted-header"),
    ],
)
def test_rows_become_records(read_stored, name, table):
    items = read_stored(name, table.encode())
    assert [item.values for item in items] == [
        {"id": "1", "text": "كتاب"},
        {"id": "2", "text": "قلم"},
    ]


def test_quoted_newlines_keep_the_line_numbers_right(read_stored):
    items = read_stored("a.csv", 'id,text\n1,"سطر\nثان\n"\n2,"قال ""نعم"""\n\n3\n'.encode())
    assert [item.origin.rpartition(":")[2] for item in items] == ["2", "5", "7"]
    assert items[0].values["text"] == "سطر\nثان\n"
    assert items[1].values["text"] == 'قال "نعم"'
    assert "the row has 1 columns and the header 2" in items[2].reason


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        pytest.param(b"1,2,3", "has 3 columns", id="too-many"),
        pytest.param(b'1,"a"b', "quotes do not pair up", id="stray-quote"),
        pytest.param("1,كتاب".encode() + b"\xe3", "line 3: the bytes e3", id="bad-byte"),
        pytest.param(b"1,a\rb", "bare carriage return", id="carriage-return"),
    ],
)
def test_a_bad_row_is_reported_and_reading_goes_on(read_stored, row, reason):
    good = "1,كتاب\n".encode()
    items = read_stored("a.csv", b"id,text\n" + good + row + b"\n" + good)
    assert [type(item) for item in items] == [Record, BadRecord, Record]
    assert items[1].origin.endswith(":3")
    assert reason in items[1].reason


def test_a_quote_never_closed_is_reported_where_it_opens(read_stored):
    items = read_stored("a.csv", 'id,text\n1,a\n2,"كتاب\n3,b\n'.encode())
    assert items[-1].origin.endswith(":3")
    assert "quotes do not pair up" in items[-1].reason


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        pytest.param(b"", "must name the columns", id="empty"),
        pytest.param(b"\n\n \n", "must name the columns", id="blank"),
        pytest.param(b",,\n", "must name the columns", id="no-names"),
        pytest.param(b"id,text,text\n1,2,3\n", "'text' 2 times", id="duplicate"),
        pytest.param(b'id,"te"xt\n', "header cannot be read", id="bad-quotes"),
    ],
)
def test_a_table_without_a_usable_header(read_stored, table, reason):
    (item,) = read_stored("a.csv", table)
    assert isinstance(item, BadRecord)
    assert reason in item.reason


def test_a_value_above_the_default_limit_of_the_parser(read_stored):
    (item,) = read_stored("a.csv", b'id,text\n1,"' + b"a" * 1_000_000 + b'"\n')
    assert len(item.values["text"]) == 1_000_000


@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
@settings(deadline=None)
@given(data=st.binary() | st.text('a",;\t\r\n\0ك').map(str.encode))
def test_arbitrary_bytes_never_raise(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: bytes
):
    path: Path = tmp_path_factory.mktemp("any") / name
    path.write_bytes(data)
    assert all(isinstance(item, Record | BadRecord) for item in read_records([path]))
