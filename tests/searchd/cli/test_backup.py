"""`searchd backup`, `backups`, `restore` and `replicate`."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path

import pytest

from indexer import generation as generations
from indexer.document import Document
from tests.indexer.copies.conftest import flip
from tests.searchd.cli.test_program import invoke, make_index
from tests.searchd.conftest import write_index


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return make_index(tmp_path)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def test_there_and_back(directory: Path, target: Path, tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("كتاب\n", "utf-8")
    done = invoke("backup", target, "--index", directory, "--save", words)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith(
        f"backup 1 of {directory} in {target} has 4 documents; 1 file copied ("
    )
    again = invoke("backup", target, "--index", directory, "--save", words)
    assert "was there already and has 4 documents; 0 files copied (0 of" in again.stdout
    listed = invoke("backups", target, "--verify")
    assert listed.stdout.startswith("1  20")
    assert "generation 1  4 documents" in listed.stdout
    assert listed.stderr == f"1 backup of {directory}\nevery file is as it was written\n"
    restored = invoke("restore", target, "--index", tmp_path / "again")
    assert restored.stdout.startswith(f"{tmp_path / 'again'} is backup 1 of 20")
    assert restored.stdout.endswith("verified: 4 documents; 1 file copied, 0 there already\n")
    assert restored.stderr == "it also has words.txt; add --saved-to FOLDER to get them\n"
    options = ["--force", "--no-verify", "--saved-to", tmp_path / "beside"]
    forced = invoke("restore", target, "--index", tmp_path / "again", *options)
    assert (forced.exit_code, forced.stderr) == (0, "")
    assert (tmp_path / "beside/words.txt").read_text("utf-8") == "كتاب\n"


def test_json(directory: Path, target: Path, tmp_path: Path) -> None:
    made = json.loads(invoke("backup", target, "--index", directory, "--json").stdout)
    assert (made["backup"], made["documents"], made["copied_files"], made["is_new"]) == (
        1,
        4,
        1,
        True,
    )
    (listed,) = json.loads(invoke("backups", target, "--json").stdout)
    assert {key: listed[key] for key in ("backup", "created", "bytes")} == {
        key: made[key] for key in ("backup", "created", "bytes")
    }
    restored = json.loads(
        invoke("restore", target, "--index", tmp_path / "again", "--json", "--backup", "1").stdout
    )
    assert (restored["copied_bytes"], restored["verified"]) == (made["copied_bytes"], True)


def test_errors_end_with_one_line(directory: Path, target: Path, tmp_path: Path) -> None:
    for arguments, message in (
        (("restore", target), "is no folder of backups"),
        (("backups", target), "is no folder of backups"),
        (("backup", tmp_path, "--index", directory), "and not empty"),
    ):
        done = invoke(*arguments)
        assert (done.exit_code, done.stdout) == (1, "")
        assert message in done.stderr
        assert done.stderr.count("\n") == 1


def test_damage_is_an_error_where_the_backup_was_made(directory: Path, target: Path) -> None:
    invoke("backup", target, "--index", directory)
    flip(target / "backups/00000001.json")
    done = invoke("backup", target, "--index", directory)
    assert done.exit_code == 1
    assert "backup 2 of" in done.stdout
    assert "00000001.json is damaged, so no files of older backups were removed" in done.stderr
    listed = invoke("backups", target)
    assert (listed.exit_code, listed.stdout[:2]) == (1, "2 ")


def test_a_replica(directory: Path, tmp_path: Path) -> None:
    replica = tmp_path / "replica"
    options = ["--index", replica, "--once"]
    done = invoke("replicate", directory, *options)
    assert (done.exit_code, done.stdout) == (0, "")
    assert f"generation 1 of {directory}: 1 file copied" in done.stderr
    assert (
        "has the newest generation" in invoke("replicate", directory, *options, "--verify").stderr
    )
    assert invoke("replicate", directory, *options, "-q").stderr == ""
    refused = invoke("delete", "1", "--index", replica)
    assert refused.exit_code == 1
    assert "is a replica of" in refused.stderr
    assert "no address of an index" in invoke("replicate", "ftp://host", *options).stderr


def test_a_replica_follows_until_it_is_stopped(
    directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error on the way is said once, and it goes on; SIGTERM ends it with status 0."""
    replica = tmp_path / "replica"
    moved = directory.with_name("moved")
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 1:
            directory.rename(moved)
        elif len(waits) == 3:
            moved.rename(directory)
            write_index(directory, [Document("new", "نص")])
        elif len(waits) == 5:
            signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(time, "sleep", wait)
    before = signal.getsignal(signal.SIGTERM)
    done = invoke("replicate", directory, "--index", replica, "--every", "2")
    assert (done.exit_code, set(waits)) == (0, {2.0})
    assert done.stderr.count("there is no index at") == 1
    assert done.stderr.count(" copied (") == 2
    assert generations.read(replica) == generations.read(directory)
    assert signal.getsignal(signal.SIGTERM) is before
