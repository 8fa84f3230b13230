"""`searchd verify`: an intact index, and a damaged one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.searchd.cli.test_program import DOCUMENTS, invoke, make_index, run, terminal


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return make_index(tmp_path)


def test_an_intact_index(directory: Path) -> None:
    done = invoke("verify", "--index", directory)
    said = f"{directory} verified: {len(DOCUMENTS)} documents in 1 segment\n"
    assert (done.exit_code, done.stdout, done.stderr) == (0, said, "")


def test_as_a_program(directory: Path) -> None:
    done = run("verify", "--index", directory)
    assert (done.returncode, done.stderr) == (0, "")
    assert "verified: 4 documents in 1 segment" in done.stdout


def test_the_bar_on_a_terminal(directory: Path) -> None:
    with terminal("verify", "--index", directory) as shown:
        assert shown.wait() == 0
    assert re.search(r"\d+% .* left\r", shown.output)
    assert shown.output.endswith("verified: 4 documents in 1 segment\r\n")


@pytest.mark.parametrize("ending", ["searchd.json", ".segment"])
def test_a_damaged_index(directory: Path, ending: str) -> None:
    (path,) = (path for path in directory.iterdir() if path.name.endswith(ending))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x10
    path.write_bytes(data)
    done = invoke("verify", "--index", directory)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Error: {path} is ")
    assert "'searchd index --rebuild'" in done.stderr


def test_damage_is_an_error_of_one_line(directory: Path) -> None:
    (path,) = directory.glob("*.segment")
    path.write_bytes(path.read_bytes()[:-5])
    done = run("verify", "--index", directory)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
