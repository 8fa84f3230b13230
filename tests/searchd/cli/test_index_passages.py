"""`searchd index --passages`: long files become passages, which queries show by book."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.searchd.cli.test_program import invoke


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make two books in the current directory, of three passages and of one."""
    monkeypatch.chdir(tmp_path)
    made = Path("books")
    made.mkdir()
    parts = "\n\n".join(f"نهر {n} " + "كلمة " * 290 for n in range(3))
    (made / "a.txt").write_text(f"كتاب أول\n{parts}", "utf-8")
    (made / "b.txt").write_text("كتاب ثان\nنهر", "utf-8")
    return made


def test_a_query_is_grouped_by_book(folder):
    done = invoke("index", "books", "--passages")
    assert "4 passages of 2 books into searchd-index: 4 added" in done.stderr
    found = json.loads(invoke("query", "نهر", "--group-by", "book", "--json").stdout)
    groups = {group["value"]: group["documents"] for group in found["groups"]}
    assert groups == {"a.txt": 3, "b.txt": 1}
    assert {hit["title"] for hit in found["hits"]} == {"كتاب أول", "كتاب ثان"}


def test_the_field_of_the_book_can_be_named(folder):
    invoke("index", "books", "--passages", "--book-field", "work")
    shown = invoke("show", "a.txt#p3", "--json")
    assert json.loads(shown.stdout)["fields"]["work"] == "a.txt"
    again = json.loads(
        invoke("index", "books", "--passages", "--book-field", "work", "--json").stdout
    )
    assert (again["unchanged"], again["books"], again["deleted"]) == (4, 2, 0)


def test_a_shorter_book_is_reported(folder):
    invoke("index", "books", "--passages")
    (folder / "a.txt").write_text("كتاب أول\nنهر", "utf-8")
    done = invoke("index", "books", "--passages")
    assert "0 added, 1 replaced, 1 unchanged, 2 deleted" in done.stderr


def test_a_folder_in_step_has_passages(folder):
    assert "4 added" in invoke("index", "books", "--passages", "--sync").stderr
    assert "4 unchanged" in invoke("index", "books", "--passages", "--sync").stderr


@pytest.mark.parametrize(
    ("options", "exit_code", "message"),
    [
        (["--book-field", "work"], 2, "--book-field goes with --passages"),
        (["--passages", "--book-field", "title"], 2, "every document has a field 'title' already"),
        (["--passages", "--book-field", "a b"], 2, "cannot be the name of a field"),
        (["--passages", "--field", "book:text"], 1, "the field 'book' is of type text"),
    ],
)
def test_what_is_wrong_with_the_options(folder, options, exit_code, message):
    done = invoke("index", "books", *options)
    assert done.exit_code == exit_code
    assert message in done.stderr
    assert not Path("searchd-index").exists()


def test_an_index_without_the_field_says_what_to_do(folder):
    invoke("index", "books")
    done = invoke("index", "books", "--passages")
    assert done.exit_code == 1
    assert "has no field 'book' for the book of each passage" in done.stderr
    assert "4 added" in invoke("index", "books", "--passages", "--rebuild").stderr
