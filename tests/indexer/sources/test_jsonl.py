from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.sources import BadRecord, Record, read_records


def test_each_line_is_a_record_and_blank_lines_are_none(read_stored):
    items = read_stored("a.jsonl", '{"id": 1, "text": "كتاب"}\n\n  \r\n{"id": "b"}'.encode())
    assert [item.values for item in items] == [{"id": 1, "text": "كتاب"}, {"id": "b"}]
    assert [item.origin.rpartition(":")[2] for item in items] == ["1", "4"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        pytest.param(b'{"id": ', "not valid JSON", id="cut-object"),
        pytest.param(b"[1]", "holds an array", id="array"),
        pytest.param(b"true", "holds true or false", id="boolean"),
        pytest.param(b"null", "holds null", id="null"),
        pytest.param(b'{"n": NaN}', "NaN is not a JSON value", id="nan"),
        pytest.param(b'{"n": -Infinity}', "-Infinity is not", id="infinity"),
        pytest.param(b'{"a": 1} {"b": 2}', "Extra data", id="two-objects"),
        pytest.param(b"[" * 200_000, "nested too deeply", id="deep"),
        pytest.param(b'{"n": ' + b"9" * 5000 + b"}", "digits", id="huge-integer"),
        pytest.param('{"t": "كتاب'.encode() + b'\xff"}', "ff are not valid UTF-8", id="bad-byte"),
    ],
)
def test_a_bad_line_is_reported_and_reading_goes_on(read_stored, line, reason):
    good = '{"id": "خبر"}'.encode()
    first, bad, last = read_stored("a.jsonl", good + b"\n" + line + b"\n" + good + b"\n")
    assert isinstance(first, Record)
    assert isinstance(last, Record)
    assert isinstance(bad, BadRecord)
    assert bad.origin.endswith(":2")
    assert reason in bad.reason


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1256"])
def test_other_encodings(read_stored, encoding):
    text = '{"id": "1", "text": "قال الوزير إن الحكومة ستعمل"}\n' * 3000
    items = read_stored("a.jsonl", text.encode(encoding))
    assert len(items) == 3000
    assert {item.values["text"] for item in items} == {"قال الوزير إن الحكومة ستعمل"}


def test_damage_in_utf16_is_on_its_line(read_stored):
    lines = ['{"id": "كتاب"}\n'.encode("utf-16-le")] * 3
    lines[1] = lines[1][:-4] + b"\x00\xd8" + lines[1][-4:]
    items = read_stored("a.jsonl", b"\xff\xfe" + b"".join(lines))
    assert [type(item) for item in items] == [Record, BadRecord, Record]
    assert "UTF-16-LE" in items[1].reason


def test_bad_bytes_far_into_the_file(read_stored):
    good = '{"id": "كتاب"}\n'.encode()
    items = read_stored("a.jsonl", good * 40_000 + b'{"id": "\xe3"}\n' + good)
    bad = [item for item in items if isinstance(item, BadRecord)]
    assert len(items) == 40_002
    assert [item.origin.rpartition(":")[2] for item in bad] == ["40001"]


def test_a_very_long_line(read_stored):
    text = "كتاب " * 1_000_000
    items = read_stored("a.jsonl", f'{{"id": 1, "text": "{text}"}}\n{{"id": 2}}\n'.encode())
    assert items[0].values["text"] == text
    assert items[1].values == {"id": 2}


@settings(deadline=None)
@given(
    data=st.binary()
    | st.text().map(lambda text: f'{{"id": "{text}"}}\n'.encode("utf-8", "surrogatepass"))
)
def test_arbitrary_bytes_never_raise(tmp_path_factory: pytest.TempPathFactory, data: bytes):
    path: Path = tmp_path_factory.mktemp("any") / "a.jsonl"
    path.write_bytes(data)
    assert all(isinstance(item, Record | BadRecord) for item in read_records([path]))
