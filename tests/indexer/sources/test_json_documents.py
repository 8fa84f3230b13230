from __future__ import annotations

import json

import pytest

from indexer.sources import ReadOptions, json_documents, limits, read_records, scan, with_options
from tests.indexer.sources.conftest import values_of


@pytest.fixture
def read(tmp_path):
    """Return a function that reads JSON with a path to the records."""

    def read_with(text: str | bytes, records: str = ""):
        path = tmp_path / "a.json"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        items = list(read_records(with_options(scan([path]), ReadOptions(records=records))))
        assert sum(item.size for item in items) == path.stat().st_size
        return items

    return read_with


def test_an_array_is_a_record_per_object(read_stored):
    data = '[{"id": 1, "text": "أ"},\n {"id": 2, "author": {"name": "ن"}}, {"id": 3}]'
    items = read_stored("a.json", data.encode())
    assert [item.values for item in items] == [
        {"id": 1, "text": "أ"},
        {"id": 2, "author": {"name": "ن"}},
        {"id": 3},
    ]
    assert [item.origin.partition(":")[2] for item in items] == ["1", "2", "2#2"]


@pytest.mark.parametrize(
    ("text", "records"),
    [
        pytest.param(
            '{"a": {"x": [1, {}]}, "data": {"n": 1, "items": [%s]}}', "data.items", id="path"
        ),
        pytest.param(
            '{"data": [{"items": [%s]}, {"items": []}]}', "data.items", id="arrays-between"
        ),
        pytest.param("[%s]", "", id="array"),
        pytest.param("[%s]", ".", id="array-by-dot"),
        pytest.param("%s", "", id="one-after-another"),
    ],
)
def test_paths_to_the_records(read, text, records):
    separator = "\n" if text == "%s" else ","
    items = read(text % separator.join(['{"id": 1}', '{"id": 2}']), records)
    assert [item.values for item in items] == [{"id": 1}, {"id": 2}]


def test_one_object_is_one_document(read_stored):
    (item,) = read_stored("a.json", '{"title": "أ", "parts": [{"x": 1}]}'.encode())
    assert item.is_named
    assert values_of(item) == {"id": "a.json", "title": "أ", "parts": [{"x": 1}]}


def test_an_object_with_an_array_of_objects_names_the_option(read):
    text = '{"meta": {"n": 1}, "data": {"items": [{"id": 1}]}}'
    (item,) = read(text)
    assert "to read each of these use --records data.items" in item.reason
    (item,) = read(text, ".")
    assert item.is_named


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1256"])
def test_encodings(read, encoding):
    words = "وكان الأحياء والأموات يسمعون هذا الكلام"
    (item,) = read(f'[{{"text": "{words}"}}]'.encode(encoding))
    assert item.values["text"] == words


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("", "the file is empty", id="empty"),
        pytest.param("[1]", "there is a number where an object is expected", id="number"),
        pytest.param('[["a"]]', "there is an array where an object", id="array-in-array"),
        pytest.param("[null]", "there is null where an object", id="null"),
        pytest.param('[{"a": NaN}]', "NaN is not a JSON value", id="nan"),
        pytest.param("[{'a': 1}]", "not valid JSON: Expecting property name", id="single-quotes"),
        pytest.param('{"a": 1', "not valid JSON: Expecting ',' delimiter", id="open-object"),
        pytest.param('{"a": "b', "not valid JSON: Unterminated string", id="open-string"),
        pytest.param("[" * 99_999, "nested too deeply", id="deep"),
        pytest.param("nothing", "not valid JSON", id="no-json"),
    ],
)
def test_bad_json(read, text, reason):
    (item,) = read(text)
    assert reason in item.reason


def test_broken_json_gives_what_is_before_the_break(read):
    first, bad = read('[{"id": 1},\n{"id": }]')
    assert first.values == {"id": 1}
    assert bad.origin.endswith("a.json:2")


def test_a_wrong_path_says_so(read):
    (item,) = read('{"a": 1}', "data.items")
    assert item.reason.startswith("there is no array or object at data.items")


def test_a_bad_byte_is_reported(read):
    (item,) = read('[{"a": "كتاب الألفاظ'.encode() + b'\xff"}]')
    assert "bytes that are not valid in its encoding" in item.reason


def test_a_value_that_is_too_long(read, monkeypatch):
    monkeypatch.setattr(limits, "RECORD_LIMIT", 1 << 17)
    monkeypatch.setattr(json_documents, "_CHUNK_CHARACTERS", 1 << 10)
    (item,) = read(json.dumps([{"a": "x" * (1 << 19)}]))
    assert item.reason.startswith("a value is longer than")


@pytest.mark.parametrize("size", [1, 2, 7, 4096])
def test_the_parts_in_which_a_file_is_read_change_nothing(read, monkeypatch, size):
    monkeypatch.setattr(json_documents, "_CHUNK_CHARACTERS", size)
    rows = [
        {"id": number, "n": number / 3, "t": 'نص \\" \n' * 5, "x": [True, None, {"y": []}]}
        for number in range(30)
    ]
    text = json.dumps({"m": {"k": "v"}, "rows": rows}, ensure_ascii=False, indent=1)
    items = read(text, "rows")
    assert [item.values for item in items] == rows
    line = text.splitlines().index('   "id": 29,')  # the brace before it, counted from 1
    assert items[-1].origin.endswith(f":{line}")


def test_only_a_part_of_a_long_array_is_held(read, monkeypatch):
    held = []
    fill = json_documents._Stream._fill

    def counting(stream):
        more = fill(stream)
        held.append(len(stream._buffer))
        return more

    monkeypatch.setattr(json_documents._Stream, "_fill", counting)
    items = read(json.dumps([{"id": number, "text": "x" * 100} for number in range(20_000)]))
    assert len(items) == 20_000
    assert max(held) < 300_000
