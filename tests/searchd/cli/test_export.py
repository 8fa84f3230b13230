"""`searchd export`: JSON Lines that are indexed to an equal index."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import searchd
from indexer.check.index_check import verify_index
from tests.searchd.cli.test_program import DOCUMENTS, invoke, make_index

SAMPLE = Path(__file__).parents[3] / "corpus" / "articles"


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return make_index(tmp_path)


def again(exported: str, directory: Path, summary: str) -> None:
    """Index what was exported, by the command that the summary names."""
    command = summary.partition("to index them again: searchd index ")[2].split()
    file = directory.parent / "documents.jsonl"
    file.write_text(exported, "utf-8")
    done = invoke("index", file, *command[1:], "--index", directory)
    assert done.exit_code == 0, done.stderr


def contents(directory: Path) -> list[searchd.Document]:
    with searchd.open(directory) as engine:
        return list(engine.documents(sort="id"))


def test_lines(index: Path) -> None:
    done = invoke("export", "--index", index)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["id"] for line in lines] == [document["id"] for document in DOCUMENTS]
    assert lines[0] == {**DOCUMENTS[0], "date": "2024-03-05T00:00:00+00:00"}
    assert "\\u" not in done.stdout
    assert done.stderr.startswith("4 documents exported\nto index them again: searchd index ")
    assert "--field section --field price:number" in done.stderr


QUERIES = ["الحشد الشعبي", "كتب", '"مجلس النواب"', "title:العراق", "العراق -واشنطن", "*"]


def test_an_export_is_indexed_to_an_equal_index(tmp_path: Path) -> None:
    """The sample, after documents were deleted and others replaced."""
    first, second = tmp_path / "first", tmp_path / "second"
    assert invoke("index", SAMPLE, "--field", "category", "--index", first).exit_code == 0
    invoke("delete", "wire-001", "--index", first)
    invoke("index", SAMPLE / "news", "--field", "category", "--index", first)
    done = invoke("export", "--index", first)
    again(done.stdout, second, done.stderr)
    assert verify_index(second).documents == verify_index(first).documents
    assert contents(second) == contents(first)
    hashes = [[document.content_hash() for document in contents(each)] for each in (first, second)]
    assert hashes[0] == hashes[1]
    with searchd.open(first) as one, searchd.open(second) as other:
        assert one.info().fields == other.info().fields
        for query in QUERIES:
            for options in ({}, {"sort": "title,-date"}, {"filters": ["category=news"]}):
                ours, theirs = (
                    [(hit.id, hit.score and round(hit.score, 4)) for hit in engine.search(query, limit=100, **options)]
                    for engine in (one, other)
                )  # fmt: skip
                assert sorted(map(str, ours)) == sorted(map(str, theirs)), (query, options)
                if "sort" in options:
                    assert ours == theirs
    assert invoke("export", "--sort", "id", "--index", second).stdout == (
        invoke("export", "--sort", "id", "--index", first).stdout
    )


def test_of_a_query_in_an_order(index: Path) -> None:
    done = invoke(
        "export", "--query", "الحشد", "--filter", "price>1", "--sort", "-price", "--index", index
    )
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["law", "floods"]
    done = invoke("export", "--sort", "title", "-n", 2, "--index", index)
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["soup", "law"]


def test_nothing_matches(index: Path) -> None:
    done = invoke("export", "--query", "لاشيءكهذا", "--index", index)
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "0 documents exported\n")


def test_errors(index: Path) -> None:
    done = invoke("export", "--sort", "x", "--index", index)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "there is no field 'x' to sort by" in done.stderr


def test_it_is_utf8_in_every_locale(index: Path) -> None:
    import subprocess
    import sys

    variables = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-m", "searchd", "export", "--index", str(index)],
        env=variables, capture_output=True, check=True,
    )  # fmt: skip
    assert done.stdout == invoke("export", "--index", index).stdout_bytes
