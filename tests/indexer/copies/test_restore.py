"""Restoring: what a backup has, over nothing or over an index that is in use."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from indexer import generation as generations
from indexer.check.index_check import verify_index
from indexer.copies.backup import back_up
from indexer.copies.restore import restore
from indexer.errors import BackupError, IndexAccessError, IndexBusyError, IndexerError
from indexer.snapshot import Snapshot
from indexer.write_lock import WriteLock
from tests.indexer.copies.conftest import FOUR, Grow, files_of, flip, ids_of


@pytest.fixture
def target(tmp_path: Path, primary: Path, grow: Grow) -> Path:
    """Two backups: of four documents, and of these and 2."""
    folder = tmp_path / "backups"
    grow(*FOUR)
    back_up(primary, folder)
    grow("2")
    back_up(primary, folder)
    return folder


def test_a_new_directory_is_equal(primary: Path, target: Path, tmp_path: Path) -> None:
    made, done = restore(target, tmp_path / "deep" / "again")
    assert files_of(tmp_path / "deep/again") == files_of(primary)
    assert (made.number, done.copied, done.kept) == (2, 2, 0)
    verify_index(tmp_path / "deep/again")


def test_an_older_backup(target: Path, tmp_path: Path) -> None:
    restore(target, tmp_path / "again", number=1)
    assert ids_of(tmp_path / "again") == {*FOUR}


def test_an_existing_index_is_replaced_only_by_force(
    primary: Path, grow: Grow, target: Path
) -> None:
    grow("3", deleted=("1",))
    before = files_of(primary)
    with pytest.raises(BackupError, match="there is an index at .* already; add --force"):
        restore(target, primary)
    assert files_of(primary) == before
    restore(target, primary, force=True)
    assert ids_of(primary) == {*FOUR, "2"}


def test_readers_see_the_restored_index_and_read_on_in_the_old_one(
    primary: Path, grow: Grow, target: Path
) -> None:
    grow("3", optimize=True)
    old = Snapshot(primary)
    restore(target, primary, force=True)
    assert not old.is_current()
    assert old.segments[0].documents.id(0) in (b"1", b"2", b"3", b"a")
    new = Snapshot(primary, previous=old)
    assert (new.document_count, old.document_count) == (5, 6)
    assert new.generation.number == old.generation.number + 1, "no number comes again"


def test_files_that_are_there_are_not_copied(primary: Path, grow: Grow, target: Path) -> None:
    grow(deleted=("a",))
    _, done = restore(target, primary, force=True)
    assert (done.copied, done.kept) == (0, 2)


def test_damaged_files_of_the_index_are_replaced(primary: Path, target: Path) -> None:
    segment = min(primary.glob("*.segment"))
    flip(segment)
    _, done = restore(target, primary, force=True)
    assert (done.copied, done.kept) == (1, 1)
    assert ids_of(primary) == {*FOUR, "2"}


def test_a_damaged_generation_is_replaced(primary: Path, target: Path) -> None:
    flip(primary / "searchd.json")
    restore(target, primary, force=True)
    assert ids_of(primary) == {*FOUR, "2"}


def test_a_damaged_backup_changes_nothing(
    primary: Path, grow: Grow, target: Path, tmp_path: Path
) -> None:
    file = min((target / "files").iterdir())
    flip(file)
    grow("3", optimize=True)
    before = files_of(primary)
    for directory in (primary, tmp_path / "new"):
        with pytest.raises(BackupError, match=f"{file.name} is missing or not as it was written"):
            restore(target, directory, force=True)
    assert files_of(primary) == before
    assert list(files_of(tmp_path / "new")) == ["searchd.lock"]
    file.unlink()
    with pytest.raises(BackupError, match="make a new one with 'searchd backup --verify'"):
        restore(target, tmp_path / "new")


def test_content_that_does_not_fit_is_refused(
    target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole index is checked before it takes the place of another."""

    def refuse(_directory: Path, *, content: bytes) -> None:
        assert generations.parse(tmp_path, content).segments
        raise IndexerError("damaged")

    monkeypatch.setattr("indexer.copies.installing.verify_index", refuse)
    with pytest.raises(IndexerError, match="damaged"):
        restore(target, tmp_path / "again")
    assert not generations.exists(tmp_path / "again")
    restore(target, tmp_path / "again", verify=False)


@pytest.mark.parametrize("call", range(5))
def test_one_that_fails_changes_nothing(
    primary: Path, grow: Grow, target: Path, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    grow("3", optimize=True)
    before = files_of(primary)
    real, calls = os.fsync, [0]

    def sync(descriptor: int) -> None:
        calls[0] += 1
        if calls[0] == call + 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", sync)
    with pytest.raises(IndexAccessError, match="disk"):
        restore(target, primary, force=True)
    monkeypatch.undo()
    if call < 4:  # the last one is after the rename
        assert files_of(primary) == before
    restore(target, primary, force=True)
    assert ids_of(primary) == {*FOUR, "2"}


def test_a_writer_keeps_it_out(primary: Path, target: Path) -> None:
    lock = WriteLock(primary)
    with pytest.raises(IndexBusyError):
        restore(target, primary, force=True)
    lock.release()


@pytest.mark.parametrize(
    ("number", "message"),
    [(7, "there is no backup 7 in"), (None, "is no folder of backups")],
    ids=["number", "folder"],
)
def test_what_is_not_there(target: Path, tmp_path: Path, number: int | None, message: str) -> None:
    folder = target if number else tmp_path
    with pytest.raises(BackupError, match=message):
        restore(folder, tmp_path / "again", number=number)
