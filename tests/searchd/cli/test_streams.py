"""Input and output as bytes: closed pipes, invalid UTF-8, any locale."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.searchd.cli.test_program import PROGRAM, environment, make_index, run


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_index(tmp_path_factory.mktemp("streams"))


@pytest.mark.parametrize(
    "args",
    [["query", "*", "-n", "50"], ["query", "*", "--json"], ["info"], ["analyze", "كتاب " * 5_000]],
)
def test_a_closed_pipe_ends_the_output(index: Path, args: list[str]) -> None:
    process = subprocess.Popen(
        [*PROGRAM, *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(SEARCHD_INDEX=str(index), PYTHONUNBUFFERED="1"),
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert "Traceback" not in process.stderr.read().decode()
    process.stderr.close()
    assert process.wait(60) == 1, "as click ends a program whose output nobody reads"


@pytest.mark.parametrize(
    ("args", "output"),
    [
        pytest.param(["query", "الحشد \udcff"], "1. مواجهة السيول\n", id="query"),
        pytest.param(["query", "--json", "الحشد \udcff"], '"query": "الحشد �"', id="json"),
        pytest.param(["analyze", "كتاب\udcff"], "كتاب   0-4      كتاب", id="analyze"),
    ],
)
def test_bytes_that_are_not_utf8(index: Path, args: list[str], output: str) -> None:
    done = run(*map(os.fsencode, args), SEARCHD_INDEX=str(index))
    assert done.returncode == 0, done.stderr
    assert output in done.stdout


@pytest.mark.parametrize(
    ("args", "status", "message"),
    [
        pytest.param(["query", "\udcff\udcfe"], 0, "no document matches ��\n", id="no-hits"),
        pytest.param(
            ["query", "الحشد", "--filter", "section=\udcff"], 0, "with section=�\n", id="filter"
        ),
        pytest.param(
            ["query", "الحشد", "--sort", "\udcff"], 1, "no field '�' to sort by", id="sort"
        ),
        pytest.param(["query", "--\udcff"], 2, "No such option", id="option"),
        pytest.param(["delete", "\udcff"], 1, "not in the index: �\n", id="delete"),
        pytest.param(["info", "--index", "\udcff-none"], 1, "there is no index at", id="index"),
        pytest.param(["index", "\udcff-none"], 1, "cannot read �-none", id="path"),
        pytest.param(
            ["index", "/dev/null", "--field", "\udcff"], 2, "cannot be the name of", id="field"
        ),
    ],
)
def test_messages_about_bytes_that_are_not_utf8(
    index: Path, args: list[str], status: int, message: str
) -> None:
    done = run(*map(os.fsencode, args), SEARCHD_INDEX=str(index))
    assert "Traceback" not in done.stderr
    assert (done.returncode, done.stdout) == (status, "")
    assert message in done.stderr


@pytest.mark.parametrize(
    "env",
    [
        pytest.param({"LC_ALL": "C"}, id="C"),
        pytest.param({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, id="C-strict"),
        pytest.param({"PYTHONIOENCODING": "ascii"}, id="ascii", marks=pytest.mark.stress),
        pytest.param({"PYTHONIOENCODING": "latin-1"}, id="latin-1", marks=pytest.mark.stress),
        pytest.param({"PYTHONIOENCODING": "cp1256"}, id="cp1256"),
    ],
)
def test_any_locale(index: Path, env: dict[str, str]) -> None:
    command = [*PROGRAM, "query", "رُفع العلم", "--index", str(index)]
    plain, colored, as_json = (
        subprocess.run(
            [*command, *options], capture_output=True, env=environment(**env), timeout=60
        )
        for options in ([], ["--color", "always"], ["--json"])
    )
    for done in (plain, colored, as_json):
        assert done.returncode == 0, done.stderr
        assert b"Traceback" not in done.stderr
    assert plain.stdout.startswith(b"1. ")
    assert b"\x1b[" in colored.stdout
    (hit,) = json.loads(as_json.stdout)["hits"]
    assert hit["title"] == "مواجهة السيول"
