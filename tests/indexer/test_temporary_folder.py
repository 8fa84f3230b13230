"""Temporary folders: they go with their process, and those of killed processes with the next one."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.temporary_folder import TemporaryFolder, delete_abandoned_folders

MAKE = """
from indexer.temporary_folder import TemporaryFolder
folder = TemporaryFolder()
(folder.path / "copy").write_text("text")
print(folder.path, flush=True)
input()
"""


@pytest.fixture(autouse=True)
def _temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


@pytest.fixture
def other(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that has made a folder with a file in it."""
    process = subprocess.Popen(
        [sys.executable, "-c", MAKE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path), "TEMP": str(tmp_path)},
    )
    yield process
    process.kill()
    process.communicate()


def folder_of(process: subprocess.Popen[str]) -> Path:
    """Return the folder of a process, with the age at which it may be deleted."""
    assert process.stdout is not None
    folder = Path(process.stdout.readline().rstrip("\n"))
    assert (folder / "copy").read_text() == "text"
    make_old(folder)
    return folder


def make_old(folder: Path) -> None:
    then = time.time() - 3600
    os.utime(folder, (then, then))


def test_a_folder_goes_when_it_is_closed() -> None:
    with TemporaryFolder() as folder:
        (folder / "copy").write_text("text")
    assert not folder.exists()


def test_the_folder_of_a_process_that_ends_goes(other: subprocess.Popen[str]) -> None:
    folder = folder_of(other)
    other.communicate("\n")
    assert not folder.exists()


def test_the_folder_of_a_killed_process_goes_with_the_next(
    other: subprocess.Popen[str], tmp_path: Path
) -> None:
    folder = folder_of(other)
    other.kill()
    other.wait()
    assert folder.exists()
    delete_abandoned_folders(tmp_path)
    assert not folder.exists()


def test_a_folder_in_use_stays(other: subprocess.Popen[str], tmp_path: Path) -> None:
    folder = folder_of(other)
    delete_abandoned_folders(tmp_path)
    assert (folder / "copy").exists()


def test_only_what_a_folder_of_this_program_may_be_goes(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").touch()
    link, young, named = (tmp_path / name for name in ("searchd-tmp-a", "searchd-tmp-b", "searchd"))
    link.symlink_to(elsewhere, target_is_directory=True)
    young.mkdir()
    named.mkdir()
    make_old(elsewhere)
    make_old(named)
    delete_abandoned_folders(tmp_path)
    assert (link / "kept").exists()
    assert young.exists()
    assert named.exists()


def test_the_first_folder_in_each_parent_deletes_what_was_left_there(
    other: subprocess.Popen[str], tmp_path: Path
) -> None:
    folder = folder_of(other)
    other.kill()
    other.wait()
    parent = tmp_path / "parent"
    parent.mkdir()
    moved = folder.rename(parent / folder.name)
    make_old(moved)
    TemporaryFolder().close()
    assert moved.exists()
    with TemporaryFolder(parent) as made:
        assert made.parent == parent
    assert not moved.exists()
