"""`searchd analyze` and `searchd info`: what analysis makes of a text, what an index is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_cli import DOCUMENTS, invoke, make_index, run

TEXT = "وَبِالْكِتَابِ من المدرسة 😀 F-16"


def test_the_table() -> None:
    done = invoke("analyze", TEXT)
    assert (done.exit_code, done.stderr) == (0, "")
    header, *rows = [line.split(maxsplit=4) for line in done.stdout.splitlines()]
    assert header == ["token", "offsets", "surface", "stem", "why"]
    assert rows[0][:4] == ["وَبِالْكِتَابِ", "0-14", "وبالكتاب", "كتاب"]
    assert "و- conjunction" in rows[0][4]
    assert rows[1] == ["من", "15-17", "من", "من", "stop word"]
    assert rows[2][:4] == ["المدرسة", "18-25", "المدرسه", "مدرسه"]


def test_columns_stand_in_line_whatever_the_marks() -> None:
    header, *rows = invoke("analyze", TEXT).stdout.splitlines()
    marks = {"\u064e", "\u0650", "\u0652"}
    for row in rows:
        printed = "".join(character for character in row if character not in marks)
        offsets = row.split()[1]
        assert printed.index(offsets) == header.index("offsets")


def test_json_offsets_slice_the_text() -> None:
    tokens = json.loads(invoke("analyze", "--json", TEXT).stdout)
    assert [TEXT[token["start"] : token["end"]] for token in tokens] == [
        token["token"] for token in tokens
    ]
    assert set(tokens[0]) == {"token", "start", "end", "surface", "stem", "stopword", "why"}
    assert [token["stopword"] for token in tokens][:3] == [False, True, False]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param("كتاب\nقلم\n".encode(), ["كتاب", "قلم"], id="lines"),
        pytest.param("كتاب".encode() + b" \xff " + "قلم".encode(), ["كتاب", "قلم"], id="bad-bytes"),
        pytest.param(b"", [], id="nothing"),
    ],
)
def test_standard_input(data: bytes, expected: list[str]) -> None:
    done = run("analyze", "--json", stdin=data)
    assert (done.returncode, done.stderr) == (0, "")
    assert [token["token"] for token in json.loads(done.stdout)] == expected
    assert invoke("analyze", stdin=data).stdout.startswith("token")


@pytest.mark.parametrize(
    "args",
    [["-كتاب", "قلم"], ["-كتاب قلم"], ["--", "-كتاب", "قلم"], ["كتاب", "-", "قلم"]],
)
def test_a_text_may_begin_with_a_minus(args: list[str]) -> None:
    tokens = json.loads(invoke("analyze", "--json", *args).stdout)
    assert [token["token"] for token in tokens] == ["كتاب", "قلم"]


def test_a_mistyped_option_is_no_text() -> None:
    assert invoke("analyze", "--jsn", "كتاب").exit_code == 2


def test_info(tmp_path: Path) -> None:
    directory = make_index(tmp_path)
    done = invoke("info", "--index", directory)
    assert (done.exit_code, done.stderr) == (0, "")
    shown = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
    assert list(shown) == [
        *("index", "documents", "segments", "size", "fields", "analysis", "created"),
    ]
    assert shown["index"] == str(directory)
    assert shown["documents"] == str(len(DOCUMENTS))
    assert "section (keyword)" in shown["fields"]
    assert "price (number)" in shown["fields"]


def test_info_as_json(tmp_path: Path) -> None:
    directory = make_index(tmp_path)
    found = json.loads(invoke("info", "--json", "--index", directory).stdout)
    assert found["documents"] == len(DOCUMENTS)
    assert found["bytes"] == sum(file.stat().st_size for file in directory.iterdir())
    assert found["fields"] == {
        "title": "text",
        "text": "text",
        "date": "date",
        "section": "keyword",
        "price": "number",
    }
    assert set(found) == {
        *("index", "documents", "generation", "segments", "bytes", "fields", "analysis"),
        *("format", "created"),
    }


def test_a_damaged_index_is_one_line(tmp_path: Path) -> None:
    directory = make_index(tmp_path)
    (directory / "searchd.json").write_text("{")
    for command in (["info"], ["query", "كتاب"], ["delete", "1"], ["index", "-"]):
        done = invoke(*command, "--index", directory, stdin="")
        assert done.exit_code == 1
        assert "build the index again with 'searchd index --rebuild'" in done.stderr
        assert done.stderr.count("\n") == 1
