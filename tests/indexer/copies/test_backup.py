"""Backups: consistent, incremental, whole or not there at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from indexer import generation as generations
from indexer.copies.backup import back_up
from indexer.copies.held_files import HeldFiles
from indexer.copies.repository import BackupFolder
from indexer.copies.restore import restore, verify_backup
from indexer.errors import BackupError, IndexDamagedError, IndexMissingError
from indexer.write_lock import WriteLock
from indexer.writer import IndexWriter
from tests.indexer.copies.conftest import FOUR, Grow, files_of, flip, ids_of


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def test_only_new_files_are_copied(primary: Path, grow: Grow, target: Path) -> None:
    grow(*FOUR)
    first = back_up(primary, target)
    grow("3", deleted=("1",))
    before = {path: path.stat().st_mtime_ns for path in (target / "files").iterdir()}
    second = back_up(primary, target)
    assert (first.copied, second.backup.number) == (1, 2)
    held = set(generations.read(primary).file_names)
    assert second.copied == len(held - {path.name for path in before})
    assert all(path.stat().st_mtime_ns == time for path, time in before.items())
    assert second.copied_bytes < second.backup.size


def test_a_backup_without_changes_makes_none(primary: Path, grow: Grow, target: Path) -> None:
    grow("1")
    first = back_up(primary, target)
    again = back_up(primary, target, keep=1)
    assert (again.is_new, again.copied, again.backup) == (False, 0, first.backup)
    words = target.with_name("words.txt")
    words.write_text("كتاب\n", "utf-8")
    assert back_up(primary, target, saved=[words]).is_new


def test_the_newest_are_kept(primary: Path, grow: Grow, target: Path) -> None:
    for number in range(4):
        grow(str(number), optimize=True)
        done = back_up(primary, target, keep=2)
    assert done.removed == 1
    found, damaged = BackupFolder(target).backups()
    assert ([each.number for each in found], damaged) == ([3, 4], [])
    named = {file.stored_name for each in found for file in each.files}
    assert {path.name for path in (target / "files").iterdir()} == named
    verify_backup(target, 3)


def test_it_is_the_generation_from_its_beginning(
    primary: Path, grow: Grow, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A writer that merges all segments in the middle removes files that are yet to be copied."""
    grow(*FOUR)
    grow("2")
    real, calls = HeldFiles.copy, []

    def copy(held: HeldFiles, *args: object) -> None:
        if not calls:
            grow("3", optimize=True)
            assert not (primary / held.generation.segments[-1].name).exists()
        calls.append(args)
        real(held, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(HeldFiles, "copy", copy)
    back_up(primary, target)
    monkeypatch.undo()
    restore(target, primary.with_name("again"))
    assert len(calls) == 2
    assert ids_of(primary.with_name("again")) == {*FOUR, "2"}


@pytest.mark.parametrize("call", range(6))
def test_one_that_fails_leaves_the_older_one_whole(
    primary: Path, grow: Grow, target: Path, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    grow("1")
    back_up(primary, target)
    grow("2")
    real, calls = os.fsync, [0]

    def sync(descriptor: int) -> None:
        calls[0] += 1
        if calls[0] == call + 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", sync)
    try:
        back_up(primary, target, keep=1)
    except BackupError as error:
        assert str(target) in str(error)
        assert "disk has room" in str(error)
    monkeypatch.undo()
    verify_backup(target)
    grow("3")
    assert back_up(primary, target, keep=1).backup.documents == 3
    verify_backup(target)
    assert not list(target.rglob("*.part"))


def test_a_killed_one_leaves_nothing_that_stays(primary: Path, grow: Grow, target: Path) -> None:
    grow("1")
    back_up(primary, target)
    (target / "files" / f"{'0' * 32}.segment").write_bytes(b"half")
    (target / "files" / f"{'0' * 32}.segment.part").write_bytes(b"half")
    (target / "backups" / "00000002.json.part").write_bytes(b"{")
    assert back_up(primary, target).backup.number == 1
    assert len(list((target / "files").iterdir())) == 1


def test_damaged_files_of_the_index_are_not_backed_up(
    primary: Path, grow: Grow, target: Path
) -> None:
    grow("1")
    (segment,) = primary.glob("*.segment")
    flip(segment)
    with pytest.raises(IndexDamagedError, match=segment.stem):
        back_up(primary, target)
    assert BackupFolder(target).backups() == ([], [])


def test_verify_copies_damaged_files_again(primary: Path, grow: Grow, target: Path) -> None:
    grow("1")
    back_up(primary, target)
    (file,) = (target / "files").iterdir()
    flip(file)
    assert back_up(primary, target).copied == 0
    with pytest.raises(BackupError, match=f"{file.name} is missing or not as it was written"):
        verify_backup(target)
    assert back_up(primary, target, verify=True).copied == 1
    verify_backup(target)


def test_a_damaged_manifest_keeps_its_files(primary: Path, grow: Grow, target: Path) -> None:
    grow("1")
    back_up(primary, target)
    manifest = target / "backups" / "00000001.json"
    flip(manifest)
    grow("2", optimize=True)
    before = set((target / "files").iterdir())
    done = back_up(primary, target, keep=1)
    assert done.damaged == (manifest,)
    assert before <= set((target / "files").iterdir())
    assert done.backup.number == 2
    with pytest.raises(BackupError, match=f"{manifest} is damaged; restore another"):
        restore(target, primary.with_name("again"), number=1)


def test_files_beside_the_index(primary: Path, grow: Grow, target: Path, tmp_path: Path) -> None:
    grow("1")
    words, keys = tmp_path / "words.txt", tmp_path / "keys.json"
    words.write_text("كتاب\n", "utf-8")
    keys.write_text("{}", "utf-8")
    keys.chmod(0o600)
    done = back_up(primary, target, saved=[words, keys])
    stored = [target / "files" / file.stored_name for file in done.backup.saved]
    assert {path.stat().st_mode & 0o077 for path in stored} == {0}
    restore(target, tmp_path / "again", saved_to=tmp_path / "beside")
    assert files_of(tmp_path / "beside") == {
        "words.txt": words.read_bytes(),
        "keys.json": b"{}",
    }
    assert (tmp_path / "beside/keys.json").stat().st_mode & 0o777 == 0o600
    with pytest.raises(BackupError, match="index was restored, but .*words.txt is there already"):
        restore(target, tmp_path / "third", saved_to=tmp_path / "beside")


def test_two_saved_files_of_one_name(primary: Path, grow: Grow, target: Path) -> None:
    grow("1")
    paths = [primary / "words.txt", target.with_name("words.txt")]
    with pytest.raises(BackupError, match="have one name"):
        back_up(primary, target, saved=paths)


class TestRefused:
    def test_another_index(self, primary: Path, grow: Grow, target: Path, tmp_path: Path) -> None:
        grow("1")
        back_up(primary, target)
        moved = primary.rename(tmp_path / "moved")
        with pytest.raises(BackupError, match=f"has the backups of the index at {primary}, not"):
            back_up(moved, target)
        assert not back_up(moved, target, moved=True).is_new
        assert not back_up(moved, target).is_new

    def test_a_foreign_folder(self, primary: Path, grow: Grow, target: Path) -> None:
        grow("1")
        target.mkdir()
        (target / "photo.jpg").write_bytes(b"")
        with pytest.raises(BackupError, match=r"is no folder of backups, and not empty \(photo"):
            back_up(primary, target)
        assert sorted(files_of(target)) == ["photo.jpg", "searchd.lock"]

    def test_two_at_once(self, primary: Path, grow: Grow, target: Path) -> None:
        grow("1")
        back_up(primary, target)
        lock = WriteLock(target)
        with pytest.raises(BackupError, match="another backup is being written to"):
            back_up(primary, target)
        lock.release()

    def test_no_index(self, primary: Path, target: Path) -> None:
        with pytest.raises(IndexMissingError):
            back_up(primary, target)
        assert not target.exists()

    def test_keep_of_none(self, primary: Path, target: Path) -> None:
        with pytest.raises(ValueError, match="0 backups cannot be kept"):
            back_up(primary, target, keep=0)


def test_a_writer_may_be_at_work(primary: Path, grow: Grow, target: Path) -> None:
    grow("1")
    with IndexWriter(primary):
        assert back_up(primary, target).backup.documents == 1
