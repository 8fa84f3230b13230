"""A folder that changes at random while it is watched, and runs that are killed at random moments."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from indexer.check.index_check import verify_index
from indexer.generation import read
from indexer.indexing import OnError
from indexer.sync.folder_sync import sync_folder
from indexer.sync.report import SyncEvents, SyncOptions
from tests.indexer.sync.folders import FolderOperations, documents_in, documents_of

pytestmark = pytest.mark.stress

ROOT = Path(__file__).parents[2]
OPERATIONS = 500
KILLS = 60
PATIENCE = 120.0
"""Seconds until the index must be equal to a folder at rest."""


def start(log: Path, *command: object) -> subprocess.Popen[bytes]:
    with log.open("ab") as file:
        return subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "searchd", *map(str, command)],
            stdout=file,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )


def wait_until_equal(
    index: Path, folder: Path, process: subprocess.Popen[bytes], log: Path
) -> None:
    expected = documents_in(folder)
    end = time.monotonic() + PATIENCE
    while documents_of(index) != expected:
        assert process.poll() is None, log.read_text("utf-8")
        assert time.monotonic() < end, log.read_text("utf-8")
        time.sleep(0.05)


@pytest.mark.parametrize("options", [(), ("--poll",)], ids=["system", "poll"])
def test_a_watched_folder(tmp_path: Path, options: tuple[str, ...]) -> None:
    """Bursts of random length, a rest after each; now and then the process is killed."""
    chance = random.Random(11)
    folder, index = tmp_path / "folder", tmp_path / "index"
    changes = FolderOperations(folder, 11)
    log = tmp_path / "log"
    command = (log, "watch", folder, "--index", index, "--settle", "0.1", "--yes", *options)
    process = start(*command)
    done = rests = kills = 0
    try:
        while done < OPERATIONS:
            for _ in range(chance.choice((1, 3, 10, 40))):
                changes.apply()
                time.sleep(chance.choice((0, 0, 0.01, 0.2)))
                done += 1
            if chance.random() < 0.2:
                process.kill()
                process.wait()
                process = start(*command)
                kills += 1
            wait_until_equal(index, folder, process, log)
            rests += 1
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    finally:
        process.kill()
    verify_index(index)
    assert rests > 10
    assert kills
    assert len(changes.counts) == 9


def test_killed_runs(tmp_path: Path) -> None:
    """A kill leaves documents and table of one generation; the next run makes both equal."""
    chance = random.Random(12)
    folder, index = tmp_path / "folder", tmp_path / "index"
    changes = FolderOperations(folder, 12)
    log = tmp_path / "log"
    command = (log, "index", folder, "--index", index, "--sync", "--yes", "--on-error", "skip")
    began = time.monotonic()
    assert start(*command).wait() == 0
    duration = time.monotonic() - began
    committed = 0
    for _kill in range(KILLS):
        for _ in range(6):
            changes.apply()
        before = read(index).number
        process = start(*command)
        time.sleep(chance.uniform(0.3, 1.2) * duration)
        process.kill()
        process.wait()
        verify_index(index)
        committed += read(index).number != before
        if chance.random() < 0.5:
            options = SyncOptions(on_error=OnError.SKIP)
            sync_folder(index, folder, options, SyncEvents(confirm=lambda _deletion: True))
            assert documents_of(index) == documents_in(folder)
    assert 0 < committed < KILLS
