"""`searchd index --sync`: its options, questions and output."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.indexer.sync.folders import documents_in, documents_of, settle
from tests.searchd.cli.test_program import invoke

INDEX = Path("searchd-index")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a folder of five texts in the current directory."""
    monkeypatch.chdir(tmp_path)
    made = Path("وثائق")
    made.mkdir()
    for number in range(5):
        (made / f"{number}.txt").write_text(f"كتاب رقم {number}", "utf-8")
    settle(made)
    return made


def sync(*options: str, exit_code: int = 0, stdin: str | None = None) -> dict[str, Any]:
    done = invoke("index", "وثائق", "--sync", "--json", *options, stdin=stdin)
    assert done.exit_code == exit_code, done.stderr
    return json.loads(done.stdout) if exit_code in (0, 3) else {"error": done.stderr}


def test_the_summary(folder):
    invoke("index", folder, "--sync")
    (folder / "0.txt").rename(folder / "a.txt")
    (folder / "1.txt").write_text("مدرسة", "utf-8")
    (folder / "x.dat").write_text("?")
    done = invoke("index", folder, "--sync")
    lines = done.stderr.splitlines()
    assert lines[0].startswith(
        "searchd-index is in step with وثائق: 0 added, 1 replaced, 1 moved, 0 deleted, 3 unchanged "
        "(1 of 6 files read, "
    )
    assert "not read: 1 file of unknown format (.dat)" in lines[1]
    assert documents_of(INDEX) == documents_in(folder)
    assert "5 documents in 1 segment, 6 files kept in step" in invoke("verify").stdout


def test_json(folder):
    found = sync()
    assert {name: found[name] for name in ("added", "files", "files_read", "bad")} == {
        "added": 5,
        "files": 5,
        "files_read": 5,
        "bad": [],
    }
    assert sync()["files_read"] == 0
    assert sync("--reread")["files_read"] == 5
    assert sync("--quiet")["unchanged"] == 5


def test_without_a_terminal_it_refuses_with_the_way_out(folder):
    sync()
    (folder / "0.txt").unlink()
    error = sync(exit_code=1)["error"]
    assert error.startswith("Error: 1 of 5 documents of وثائق would be deleted, more than a tenth")
    assert error.endswith("run it again with --yes\n")
    assert len(documents_of(INDEX)) == 5
    assert sync("--yes")["deleted"] == 1


@pytest.mark.parametrize(("answer", "left"), [("y\n", 4), ("n\n", 5)])
def test_at_a_terminal_it_asks(folder, monkeypatch, answer, left):
    sync()
    (folder / "0.txt").unlink()
    monkeypatch.setattr("searchd.cli.folder_sync._is_terminal", lambda: True)
    done = invoke("index", folder, "--sync", stdin=answer)
    assert "Delete 1 of 5 documents of وثائق, whose files are gone? [y/N]:" in done.stderr
    assert done.exit_code == (0 if left == 4 else 1)
    assert len(documents_of(INDEX)) == left


def test_an_empty_folder(folder):
    sync()
    for path in folder.iterdir():
        path.unlink()
    assert "nothing was deleted" in sync("--yes", exit_code=1)["error"]
    assert sync("--allow-empty")["deleted"] == 5


def test_bad_records(folder):
    (folder / "r.jsonl").write_text("not JSON\n")
    assert "r.jsonl:1: " in sync(exit_code=1)["error"]
    found = sync("--on-error", "skip", exit_code=3)
    assert (found["added"], found["files_failed"], len(found["bad"])) == (5, 1, 1)
    done = invoke("index", folder, "--sync", "--on-error", "skip")
    assert "not read: 1 file with bad records" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(("a", "b", "--sync"), "--sync takes one folder", id="several"),
        pytest.param(("a", "--yes"), "--yes goes with --sync", id="yes"),
        pytest.param(("a", "--reread"), "--reread goes with --sync", id="reread"),
        pytest.param(("a", "--allow-empty"), "--allow-empty goes with --sync", id="allow-empty"),
    ],
)
def test_wrong_usage(folder, arguments, message):
    done = invoke("index", *arguments)
    assert done.exit_code == 2
    assert message in done.stderr


def test_an_index_made_otherwise_is_taken_over(folder):
    invoke("index", folder)
    assert sync()["unchanged"] == 5
    invoke("delete", "3.txt")
    assert sync()["added"] == 1
