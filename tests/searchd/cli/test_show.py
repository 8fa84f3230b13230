"""`searchd show`: a document, its fields and its matches."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest

from tests.searchd.cli.test_program import DOCUMENTS, invoke, jsonl, make_index

LAW = DOCUMENTS[0]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_index(tmp_path_factory.mktemp("show"))


def test_a_document(index: Path) -> None:
    done = invoke("show", "law", "--index", index)
    assert (done.exit_code, done.stderr) == (0, "")
    heading, _, text = done.stdout.partition("\n\n")
    assert heading.splitlines() == [
        LAW["title"],
        "id: law",
        "url: https://example.org/law",
        "date: 2024-03-05T00:00:00+00:00",
        "section: سياسة",
        "price: 10.0",
    ]
    assert text == LAW["text"] + "\n"


def test_matches_are_coloured_and_counted(index: Path) -> None:
    done = invoke("show", "law", "--query", "الحشد كتب", "--color", "always", "--index", index)
    marked = [part.split("\x1b[0m")[0] for part in done.stdout.split("\x1b[33m\x1b[1m")[1:]]
    assert marked == ["الحشد", "للحشد", "الكتاب"]
    assert done.stderr == "الحشد: 2\nكتب: 1\n"
    assert click.unstyle(done.stdout) == invoke("show", "law", "--index", index).stdout


def test_matches_in_a_text_field_are_coloured_too(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(jsonl([{"id": "a", "text": "نص", "abstract": "عن الكتب\nوغيرها"}]), "utf-8")
    index = tmp_path / "index"
    assert invoke("index", path, "--field", "abstract:text", "--index", index).exit_code == 0
    options = ("--query", "abstract:كتب", "--color", "always", "--index", index)
    done = invoke("show", "a", *options)
    assert "\x1b[33m\x1b[1mالكتب\x1b[0m وغيرها\n" in done.stdout
    assert done.stderr == "كتب: 1\n"


def test_a_window(index: Path) -> None:
    done = invoke(
        "show", "law", "--query", "الكتاب", "--start", 5, "--length", 20, "--index", index
    )
    assert done.stdout.endswith(f"\n\n{LAW['text'][5:25]}\n")
    at = LAW["text"].index("الكتاب")
    total = len(LAW["text"])
    assert done.stderr.splitlines()[-1] == (
        f"characters 5-25 of {total}; the next match begins at {at}"
    )


def test_json(index: Path) -> None:
    found = json.loads(invoke("show", "law", "--query", "كتب", "--json", "--index", index).stdout)
    assert {name: found[name] for name in ("id", "title", "text", "url")} == {
        name: LAW[name] for name in ("id", "title", "text", "url")
    }
    assert found["fields"] == {"section": "سياسة", "price": 10.0}
    (match,) = found["matches"]
    assert found["text"][match["start"] : match["end"]] == "الكتاب"
    assert (match["level"], match["term"], found["terms"][0]["text"]) == ("lemma", 0, "كتب")


def test_an_unknown_id(index: Path) -> None:
    done = invoke("show", "none", "--index", index)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        "Error: the index has no document with the id 'none'; ids are compared as written\n"
    )


def test_control_characters_are_not_printed(tmp_path: Path) -> None:
    document = {"id": "a/\x1bب", "title": "\x1b[2Jكتاب", "text": "سطر\x07\nكتاب\x1b[31m أحمر"}
    invoke("index", "-", "--index", tmp_path / "index", "--repair", "off", stdin=jsonl([document]))
    done = invoke("show", document["id"], "--query", "كتاب", "--index", tmp_path / "index")
    assert "\x1b" not in done.stdout
    assert "\x07" not in done.stdout
    assert done.stdout.splitlines()[-2:] == ["سطر ", "كتاب [31m أحمر"]
