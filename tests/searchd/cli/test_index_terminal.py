"""`searchd index` on a terminal: the progress bar, and an interruption."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from pathlib import Path

import pytest

from tests.searchd.cli.test_program import invoke, make_index, terminal

MANY = [{"id": str(number), "text": "الكتاب الجديد في القاعة " * 20} for number in range(3000)]


@pytest.fixture
def many(tmp_path: Path) -> Path:
    path = tmp_path / "many.jsonl"
    path.write_text("".join(json.dumps(document) + "\n" for document in MANY))
    return path


def test_the_bar(tmp_path: Path, many: Path) -> None:
    with terminal("index", many, "--index", tmp_path / "index", columns=100) as shown:
        assert shown.wait() == 0
    states = re.split(r"[\r\n]+", shown.output)
    moving = [state for state in states if " left" in state]
    assert moving[0].lstrip().startswith("0%")
    pattern = r"\d+% \S* *[\d.]+M?k?/[\d.]+M \S+B/s, \d\d:\d\d left, [\d,]+ documents, [\d,]+ docum"
    assert any(re.search(pattern, state) for state in moving), moving
    assert any("writing the index, 1 file, 3,000 documents" in state for state in states)
    assert states[-2].strip().startswith("3,000 documents into")
    assert all(len(state) <= 100 for state in moving)


def test_the_bar_on_a_terminal_of_unknown_size(tmp_path: Path, many: Path) -> None:
    with terminal("index", many, "--index", tmp_path / "index", columns=0) as shown:
        assert shown.wait() == 0
    assert re.search(r"\d+% .* left", shown.output)


def test_the_bar_for_input_of_unknown_size(tmp_path: Path, many: Path) -> None:
    with (
        many.open("rb") as stdin,
        terminal("index", "-", "--index", tmp_path / "index", stdin=stdin) as shown,
    ):
        assert shown.wait() == 0
    assert "%" not in shown.output
    assert re.search(r"B/s, \d\d:\d\d", shown.output)


@pytest.mark.parametrize("option", ["--quiet"])
def test_no_bar(tmp_path: Path, many: Path, option: str) -> None:
    with terminal("index", many, "--index", tmp_path / "index", option) as shown:
        assert shown.wait() == 0
    assert shown.output == ""


def test_bad_records_are_printed_above_the_bar(tmp_path: Path, many: Path) -> None:
    with many.open("a") as file:
        file.write("no json\n")
    options = ["--on-error", "skip", "--index", tmp_path / "index"]
    with terminal("index", many, *options, columns=300) as shown:
        assert shown.wait() == 3
    lines = [line.rpartition("\r")[2] for line in shown.output.split("\r\n")]
    assert any(line.startswith(f"{many}:3001: not valid JSON") for line in lines), lines


@pytest.mark.parametrize("options", [[], ["--rebuild"]], ids=["update", "rebuild"])
def test_an_interruption_leaves_the_old_index(tmp_path: Path, options: list[str]) -> None:
    directory = make_index(tmp_path)
    before = invoke("query", "*", "--json", "--index", directory).stdout
    stdin = subprocess.PIPE
    with terminal("index", "-", "--index", directory, *options, stdin=stdin) as shown:
        assert shown.process.stdin is not None
        for document in MANY:
            shown.process.stdin.write(json.dumps(document).encode() + b"\n")
        shown.process.stdin.flush()
        shown.wait_for(r"[1-9][\d,]* documents")
        os.kill(shown.process.pid, signal.SIGINT)
        # A run that ignores the interruption ends with another status, and this loop with it.
        shown.process.stdin.close()
        assert shown.wait() == 130
    assert shown.output.endswith("\r\ninterrupted; nothing was changed\r\n")
    assert "Traceback" not in shown.output
    after = invoke("query", "*", "--json", "--index", directory).stdout
    assert without_time(after) == without_time(before)
    # The next run finds no lock.
    assert invoke("index", "-", "--index", directory, stdin="{}\n").exit_code == 1
    make_index(tmp_path)


def without_time(answer: str) -> dict[str, object]:
    return {key: value for key, value in json.loads(answer).items() if key != "took"}
