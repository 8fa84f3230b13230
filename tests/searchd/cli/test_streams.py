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
    assert process.wait(60) in (0, 1)


@pytest.mark.parametrize(
    "args",
    [
        pytest.param(["query", "الحشد \udcff"], id="query"),
        pytest.param(["query", "--json", "الحشد \udcff"], id="json"),
        pytest.param(["query", "\udcff\udcfe"], id="no-hits"),
        pytest.param(["query", "الحشد", "--filter", "section=\udcff"], id="filter"),
        pytest.param(["query", "الحشد", "--sort", "\udcff"], id="sort"),
        pytest.param(["query", "--\udcff"], id="option"),
        pytest.param(["analyze", "كتاب\udcff"], id="analyze"),
        pytest.param(["delete", "\udcff"], id="delete"),
        pytest.param(["info", "--index", "/tmp/\udcff-none"], id="index"),
        pytest.param(["index", "/tmp/\udcff-none"], id="path"),
        pytest.param(["index", "/dev/null", "--field", "\udcff"], id="field"),
    ],
)
def test_bytes_that_are_not_utf8(index: Path, args: list[str]) -> None:
    done = run(*map(os.fsencode, args), SEARCHD_INDEX=str(index))
    assert "Traceback" not in done.stderr
    assert done.returncode in (0, 1, 2)
    assert done.stdout or done.stderr


@pytest.mark.parametrize(
    "env",
    [
        pytest.param({"LC_ALL": "C"}, id="C"),
        pytest.param({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, id="C-strict"),
        pytest.param({"PYTHONIOENCODING": "ascii"}, id="ascii"),
        pytest.param({"PYTHONIOENCODING": "latin-1"}, id="latin-1"),
        pytest.param({"PYTHONIOENCODING": "cp1256"}, id="cp1256"),
    ],
)
def test_any_locale(index: Path, env: dict[str, str]) -> None:
    command = [*PROGRAM, "query", "رُفع العلم", "--index", str(index)]
    for options in ([], ["--json"], ["--color", "always"]):
        done = subprocess.run(
            [*command, *options], capture_output=True, env=environment(**env), timeout=60
        )
        assert done.returncode == 0, done.stderr
        assert b"Traceback" not in done.stderr
        if options == ["--json"]:
            (hit,) = json.loads(done.stdout)["hits"]
            assert hit["title"] == "مواجهة السيول"
