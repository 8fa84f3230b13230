"""`searchd delete`: by id and by query, with and without confirmation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result

from tests.searchd.cli.test_program import DOCUMENTS, invoke, make_index

EVERY = {document["id"] for document in DOCUMENTS}


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return make_index(tmp_path)


def delete(directory: Path, *args: str, stdin: str | None = None) -> Result:
    return invoke("delete", "--index", directory, *args, stdin=stdin)


def left(directory: Path) -> set[str]:
    done = invoke("query", "*", "--json", "--index", directory)
    return {hit["id"] for hit in json.loads(done.stdout)["hits"]}


def test_by_id(directory: Path) -> None:
    done = delete(directory, "law", "soup")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "2 documents deleted\n")
    assert left(directory) == EVERY - {"law", "soup"}


def test_an_id_given_twice_counts_once(directory: Path) -> None:
    assert delete(directory, "law", "law").stderr == "1 document deleted\n"


def test_unknown_ids_are_named_and_the_others_deleted(directory: Path) -> None:
    done = delete(directory, "law", "none", "لا شيء")
    assert done.exit_code == 1
    assert done.stderr == "1 document deleted\nError: not in the index: none, لا شيء\n"
    assert left(directory) == EVERY - {"law"}


def test_an_id_that_begins_with_a_minus(directory: Path) -> None:
    assert delete(directory, "--", "-x").stderr.endswith("not in the index: -x\n")


@pytest.mark.parametrize(
    ("args", "deleted"),
    [
        pytest.param(["--query", "الحشد"], {"law", "floods"}, id="query"),
        pytest.param(["--query", "*", "--filter", "section=مطبخ"], {"soup"}, id="filter"),
        pytest.param(
            ["--query", "*", "--filter", "price>1", "--filter", "price<5"], {"floods"}, id="filters"
        ),
        pytest.param(["--query", "-واشنطن +ايران"], {"floods"}, id="minus-first"),
        pytest.param(["--query", "*"], EVERY, id="everything"),
    ],
)
def test_by_query(directory: Path, args: list[str], deleted: set[str]) -> None:
    noun = "document" if len(deleted) == 1 else "documents"
    done = delete(directory, *args, stdin="y\n")
    assert done.exit_code == 0
    assert done.stderr.startswith(f"Delete {len(deleted)} {noun}? [y/N]: ")
    assert done.stderr.endswith(f"{len(deleted)} {noun} deleted\n")
    assert left(directory) == EVERY - deleted


@pytest.mark.parametrize("answer", ["n\n", "\n", ""])
def test_nothing_is_deleted_without_a_yes(directory: Path, answer: str) -> None:
    done = delete(directory, "--query", "*", stdin=answer)
    assert done.exit_code == 1
    assert done.stderr.endswith("Aborted!\n")
    assert left(directory) == EVERY


@pytest.mark.parametrize("flag", ["-y", "--yes"])
def test_yes_does_not_ask(directory: Path, flag: str) -> None:
    assert delete(directory, "--query", "الحشد", flag).stderr == "2 documents deleted\n"
    assert left(directory) == {"soup", "plain"}


def test_a_query_without_hits_deletes_nothing_and_does_not_ask(directory: Path) -> None:
    done = delete(directory, "--query", "ززززز")
    assert (done.exit_code, done.stderr) == (0, "0 documents deleted\n")


@pytest.mark.parametrize(
    "args", [[], ["law", "--query", "*"], ["law", "--filter", "price>1"], ["--filter", "price>1"]]
)
def test_wrong_usage(directory: Path, args: list[str]) -> None:
    assert delete(directory, *args).exit_code == 2
    assert left(directory) == EVERY


def test_an_error_in_the_query_deletes_nothing(directory: Path) -> None:
    done = delete(directory, "--query", "(الحشد", "-y")
    assert done.exit_code == 1
    assert "error at character 1" in done.stderr
    assert left(directory) == EVERY
