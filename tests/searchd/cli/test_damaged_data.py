"""A data file that is missing or damaged ends a command with one line that says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result

from tests.searchd.cli.test_program import invoke, make_index


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return make_index(tmp_path)


def assert_explained(done: Result, damaged: Path) -> None:
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Error: {damaged}: ")
    assert done.stderr.endswith("; install searchd again\n")
    assert done.stderr.count("\n") == 1


def test_query(index: Path, damaged_lexicon: Path) -> None:
    assert_explained(invoke("query", "الكتب", "--index", index), damaged_lexicon)


def test_analyze(damaged_lexicon: Path) -> None:
    assert_explained(invoke("analyze", "الكتب"), damaged_lexicon)


def test_lexicon_entries(tmp_path: Path, damaged_lexicon: Path) -> None:
    entries = tmp_path / "entries.txt"
    entries.write_text("صحائف = صحيفة\n", "utf-8")
    done = invoke("analyze", "صحائف", "--lexicon-entries", entries)
    assert_explained(done, damaged_lexicon)


@pytest.mark.usefixtures("damaged_lexicon")
def test_commands_that_need_no_lexicon_work(index: Path) -> None:
    assert invoke("info", "--index", index).exit_code == 0
    assert invoke("verify", "--index", index).exit_code == 0


def test_a_missing_word_list(index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analyzers.word_files.DATA_DIR", tmp_path / "gone")
    assert_explained(invoke("info", "--index", index), tmp_path / "gone" / "protected_starts.txt")
