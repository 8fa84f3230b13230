"""`searchd watch` as a process: its lines, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from indexer.check.index_check import verify_index
from tests.indexer.sync.folders import documents_in, documents_of
from tests.searchd.cli.test_program import PROGRAM, ROOT, invoke

PATIENCE = 60


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "folder"
    made.mkdir()
    (made / "a.txt").write_text("كتاب", "utf-8")
    return made


@contextmanager
def watching(folder: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """Run the command until the block ends, and expect that it is running until then."""
    with subprocess.Popen(
        [*PROGRAM, "watch", folder, "--index", index_of(folder), "--settle", "0.1", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def index_of(folder: Path) -> Path:
    return folder.with_name("index")


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def wait_for_step(folder: Path) -> None:
    expected = documents_in(folder)
    until(lambda: documents_of(index_of(folder)) == expected)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_line_for_each_change_and_a_clean_end(folder: Path, number: int) -> None:
    with watching(folder) as process:
        wait_for_step(folder)
        (folder / "b.txt").write_text("مدرسة", "utf-8")
        wait_for_step(folder)
        assert process.stdout is not None
        first, second = process.stdout.readline(), process.stdout.readline()
        process.send_signal(number)
        assert process.wait(PATIENCE) == 0
        rest = process.stdout.read()
    assert first[8:] == " 1 added, 0 replaced, 0 moved, 0 deleted, 0 unchanged\n"
    assert second[8:] == " 1 added, 0 replaced, 0 moved, 0 deleted, 1 unchanged\n"
    assert rest[8:] == " stopped\n"
    assert verify_index(index_of(folder)).documents == 2


def test_json_lines(folder: Path) -> None:
    with watching(folder, "--json", "--poll") as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["added"] == 1
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0


def test_a_signal_while_it_writes_changes_nothing(folder: Path) -> None:
    for number in range(400):
        (folder / f"{number}.txt").write_text("كتاب في المكتبة " * 300, "utf-8")
    with watching(folder) as process:
        until(lambda: (index_of(folder) / "searchd.lock").exists())
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    assert len(documents_of(index_of(folder))) in (0, 401)


def test_without_watchfiles_the_error_names_the_command(folder: Path) -> None:
    program = "import sys; sys.modules['watchfiles'] = None; from searchd.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "watch", folder, "--index", index_of(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "'searchd watch' needs the packages of the extra watch (watchfiles is missing)" in (
        done.stderr
    )
    assert "pip install" in done.stderr
    assert not index_of(folder).exists()


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    done = invoke("watch", tmp_path / "nowhere", "--index", tmp_path / "index", "--poll")
    assert done.exit_code == 1
    assert "there is no such folder" in done.stderr


def test_the_first_run_asks_like_sync(folder: Path) -> None:
    (folder / "b.txt").write_text("مدرسة", "utf-8")
    index = index_of(folder)
    invoke("index", folder, "--index", index, "--sync")
    (folder / "b.txt").unlink()
    done = invoke("watch", folder, "--index", index, "--poll")
    assert done.exit_code == 1
    assert "1 of 2 documents" in done.stderr
