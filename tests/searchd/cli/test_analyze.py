"""`searchd analyze` and `searchd info`: the tokens of a text, the properties of an index."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from indexer.segment.array_file import ArrayFile
from tests.searchd.cli.test_program import DOCUMENTS, invoke, make_index, run

TEXT = "وَبِالْكِتَابِ من المدرسة 😀 F-16"


def test_the_table() -> None:
    done = invoke("analyze", TEXT)
    assert (done.exit_code, done.stderr) == (0, "")
    header, *rows = [line.split(maxsplit=5) for line in done.stdout.splitlines() if line[0] != " "]
    assert header == ["token", "offsets", "surface", "stem", "lemma", "why"]
    assert rows[0][:5] == ["وَبِالْكِتَابِ", "0-14", "وبالكتاب", "كتاب", "كتاب"]
    assert "و- conjunction" in rows[0][5]
    assert rows[1] == ["من", "15-17", "من", "من", "من", "stop word"]
    assert rows[2][:5] == ["المدرسة", "18-25", "المدرسه", "مدرسه", "مدرسه"]


def test_the_details_of_a_token() -> None:
    header, row, *details = invoke("analyze", "والكتب").stdout.splitlines()
    assert row.split(maxsplit=5) == [
        *("والكتب", "0-6", "والكتب", "كتب", "كتاب", "و- conjunction, ال- article"),
    ]
    names, values = zip(*(re.split("  +", detail.strip()) for detail in details), strict=True)
    assert names == ("read as", "covers")
    assert values[0] == "و- + ال- + كتب -> كتاب (in the lexicon without its clitics)"
    assert "كتاب" in values[1].split()
    assert "كتب" not in values[1].split()
    assert header.startswith("token")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "والكتب",
            {"lemma": "كتاب", "proclitics": ["و", "ال"], "base": "كتب", "rule": "clitics"},
            id="clitics",
        ),
        pytest.param(
            "مدارسهم",
            {"lemma": "مدرسه", "proclitics": [], "base": "مدارس", "enclitic": "هم"},
            id="pronoun",
        ),
        pytest.param("مدن", {"lemma": "مدينه", "base": "مدن", "rule": "lexicon"}, id="lexicon"),
        pytest.param(
            "شليمبوفسكي",
            {"lemma": "شليمبوفسكي", "rule": "light stem", "related_stems": []},
            id="unknown",
        ),
        pytest.param("F-16", {"lemma": "f", "rule": "other"}, id="other-script"),
        pytest.param("يناير", {"synonyms": ["كانون الثاني", "جانفي"]}, id="synonyms"),
        pytest.param("كانون الثاني", {"synonyms": ["يناير", "جانفي"]}, id="synonyms-of-two-words"),
    ],
)
def test_json_has_the_details(text: str, expected: dict[str, object]) -> None:
    token = json.loads(invoke("analyze", "--json", text).stdout)[0]
    assert {name: token[name] for name in expected} == expected


def test_user_dictionaries_are_read(tmp_path: Path) -> None:
    files = {
        "--lexicon-entries": "قطبزلخ = كتاب\n",
        "--protected-words": "والقطبزلخ\n",
        "--synonyms": "قطبزلخ, سفر\n",
    }
    options: list[object] = []
    for option, content in files.items():
        path = tmp_path / f"{option[2:]}.txt"
        path.write_text(content, "utf-8")
        options += [option, path]
    first, second = json.loads(invoke("analyze", "--json", "قطبزلخ والقطبزلخ", *options).stdout)
    assert (first["lemma"], first["synonyms"]) == ("كتاب", ["سفر"])
    assert "كتاب" in first["related_stems"]
    assert second["stem"] == "والقطبزلخ"
    (token,) = json.loads(invoke("analyze", "--json", "--no-synonyms", "يناير").stdout)
    assert token["synonyms"] == []


def test_columns_are_aligned_by_display_width() -> None:
    header, *rows = invoke("analyze", TEXT).stdout.splitlines()
    marks = {"\u064e", "\u0650", "\u0652"}
    for row in (row for row in rows if row[0] != " "):
        printed = "".join(character for character in row if character not in marks)
        offsets = row.split()[1]
        assert printed.index(offsets) == header.index("offsets")


def test_json_offsets_slice_the_text() -> None:
    tokens = json.loads(invoke("analyze", "--json", TEXT).stdout)
    assert [TEXT[token["start"] : token["end"]] for token in tokens] == [
        token["token"] for token in tokens
    ]
    assert set(tokens[0]) == {
        *("token", "start", "end", "surface", "stem", "why", "lemma", "proclitics", "base"),
        *("enclitic", "rule", "reading", "related_stems", "synonyms", "stopword", "written"),
    }
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


def test_a_mistyped_option_is_not_taken_as_text() -> None:
    assert invoke("analyze", "--jsn", "كتاب").exit_code == 2


def test_info(tmp_path: Path) -> None:
    directory = make_index(tmp_path)
    done = invoke("info", "--index", directory)
    assert (done.exit_code, done.stderr) == (0, "")
    shown = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
    assert list(shown) == [
        *("index", "documents", "segments", "size", "fields", "analysis", "title", "created"),
    ]
    assert shown["index"] == str(directory)
    assert shown["documents"] == str(len(DOCUMENTS))
    assert "section (keyword)" in shown["fields"]
    assert "price (number)" in shown["fields"]


def test_info_with_the_sizes_of_parts(tmp_path: Path) -> None:
    directory = make_index(tmp_path)
    found = json.loads(invoke("info", "--json", "--sizes", "--index", directory).stdout)
    sizes = found["sizes"]
    assert sum(sizes.values()) == found["bytes"]
    assert list(sizes.values()) == sorted(sizes.values(), reverse=True)
    assert min(sizes.values()) > 0, "each part has a pattern that fits some array"
    (segment,) = directory.glob("*.segment")
    array_file = ArrayFile(segment)
    wanted = sum(array_file.array(name).all().nbytes for name in array_file if "texts." in name)
    assert sizes["stored texts"] == wanted
    named = sum(size for part, size in sizes.items() if part != "other")
    assert named == sum(array_file.sizes().values()), "no array is left over"
    shown = invoke("info", "--sizes", "--index", directory).stdout.splitlines()
    assert [line.split(maxsplit=3)[3] for line in shown[-len(sizes) :]] == list(sizes)


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
        *("format", "title_weight", "created"),
    }


def test_a_damaged_index_is_one_line(tmp_path: Path) -> None:
    directory = make_index(tmp_path)
    (directory / "searchd.json").write_text("{")
    for command in (["info"], ["query", "كتاب"], ["delete", "1"], ["index", "-"]):
        done = invoke(*command, "--index", directory, stdin="")
        assert done.exit_code == 1
        assert "build the index again with 'searchd index --rebuild'" in done.stderr
        assert done.stderr.count("\n") == 1
