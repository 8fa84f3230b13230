"""Standard output that ends early or cannot be written: one line, and no traceback."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.searchd.cli.test_program import PROGRAM, environment, make_index


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_index(tmp_path_factory.mktemp("output"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_full_disk_ends_the_output_without_a_traceback(index: Path, options: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*PROGRAM, "query", "الحشد", "--index", str(index), *options],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == "Error: the output could not be written: No space left on device\n"


def test_head_ends_the_output_without_a_traceback(index: Path) -> None:
    command = f"{shlex.join([*PROGRAM, 'query', '*'])} | head -1"
    done = subprocess.run(
        command, shell=True, capture_output=True, env=environment(SEARCHD_INDEX=str(index))
    )
    assert done.stdout.decode().startswith("1. ")
    assert "Traceback" not in done.stderr.decode()
    assert "BrokenPipe" not in done.stderr.decode()
    assert sys.executable in command
