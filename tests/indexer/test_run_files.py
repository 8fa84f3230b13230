"""Which files of a directory a run may remove, and when it must not touch the index."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from indexer import generation as generations
from indexer.check.index_check import verify_index
from indexer.document import Document
from indexer.durable_directories import sync_directory
from indexer.errors import (
    IndexAccessError,
    IndexBusyError,
    IndexDamagedError,
    IndexMissingError,
)
from indexer.run_files import NAMES_FILE
from indexer.write_lock import LOCK_FILE
from indexer.writer import IndexWriter
from tests.indexer.conftest import ONE, OTHER_ONE, TWO, OnDisk

FOREIGN = [
    "video.segment",
    "x.deletions",
    "0123.segment",
    f"{'A' * 32}.segment",
    f"{'g' * 32}.segment",
    f"{'a' * 32}.segment.bak",
    f"copy of {'a' * 32}.segment",
    "searchd.json.old",
    "notes.txt",
]


def put_foreign_files(directory: Path) -> dict[str, bytes]:
    directory.mkdir(exist_ok=True)
    for name in FOREIGN:
        (directory / name).write_bytes(name.encode())
    return {name: name.encode() for name in FOREIGN}


def fail(index: OnDisk, **options: bool) -> None:
    with IndexWriter(index.directory, **options) as writer:
        writer.upsert(OTHER_ONE)


class TestForeignFiles:
    @pytest.mark.parametrize("has_index", [False, True], ids=["no-index", "index"])
    def test_they_survive_every_run(self, index, has_index):
        if has_index:
            index.write(ONE)
        foreign = put_foreign_files(index.directory)
        fail(index)
        assert foreign.items() <= index.files().items()
        index.write(ONE, TWO)
        index.write(OTHER_ONE, optimize=True)
        index.write(delete=["2"])
        fail(index, rebuild=True)
        index.write(ONE, rebuild=True)
        assert foreign.items() <= index.files().items()
        assert index.texts() == {"1": "كتاب أول"}

    @pytest.mark.parametrize("rebuild", [False, True], ids=["plain", "rebuild"])
    def test_segments_whose_generation_is_away_survive(self, index, tmp_path, rebuild):
        index.write(ONE, TWO)
        index.write(delete=["2"])
        whole = index.files()
        shutil.move(index.directory / "searchd.json", tmp_path / "away.json")
        left = index.files()
        for _ in range(2):
            with pytest.raises(
                IndexDamagedError,
                match=r"holds 2 files of an index, .*(segment|deletions) .* not the searchd\.json"
                r".*put it back.*another directory.*delete",
            ):
                index.write(ONE, rebuild=rebuild)
        assert index.files() == left
        shutil.move(tmp_path / "away.json", index.directory / "searchd.json")
        assert index.files() == whole
        index.write(TWO)
        assert index.texts() == {"1": "كتاب أول", "2": "مدرسة"}

    def test_a_generation_that_cannot_be_read_keeps_its_segments(self, index):
        index.write(ONE, TWO)
        (index.directory / "searchd.json").write_bytes(b"{}")
        damaged = index.files()
        fail(index, rebuild=True)
        with pytest.raises(IndexDamagedError):
            index.write(ONE)
        assert index.files() == damaged

    def test_what_a_first_run_left_that_was_killed_after_its_commit_is_removed(self, index):
        index.write(ONE)
        names = index.directory / NAMES_FILE
        names.write_text("0123456789abcdef0123456789abcdef.searchd\n", "utf-8")
        index.write(TWO)
        assert not names.exists()

    @pytest.mark.parametrize("kind", ["link", "fifo", "directory"])
    @pytest.mark.parametrize("name", ["searchd.json.new", NAMES_FILE])
    def test_what_has_a_name_of_ours_is_not_written_through(self, index, tmp_path, name, kind):
        index.directory.mkdir()
        target = tmp_path / "target"
        target.write_bytes(b"mine")
        path = index.directory / name
        {
            "link": lambda: path.symlink_to(target),
            "fifo": lambda: os.mkfifo(path),
            "directory": path.mkdir,
        }[kind]()
        if kind == "directory":
            with pytest.raises(IndexAccessError):
                index.write(ONE)
            assert path.is_dir()
        else:
            index.write(ONE)
            assert index.texts() == {"1": "كتاب أول"}
        assert target.read_bytes() == b"mine"


_KILLED = """
import os, signal, sys
from pathlib import Path
from indexer.document import Document
from indexer.writer import IndexWriter

writer = IndexWriter(Path(sys.argv[1]), memory_mb=0)
for number in range(3):
    writer.upsert(Document(str(number), "كتاب"))
os.kill(os.getpid(), signal.SIGKILL)
"""


def kill_first_run(directory: Path) -> None:
    done = subprocess.run([sys.executable, "-c", _KILLED, str(directory)], check=False)
    assert done.returncode == -signal.SIGKILL


class TestKilledFirstRun:
    def test_its_files_go_with_the_next_run(self, index):
        kill_first_run(index.directory)
        assert sum(name.endswith(".segment") for name in index.files()) == 3
        with IndexWriter(index.directory):
            assert index.files() == {}
        index.write(ONE)
        assert len(index.files()) == 2

    def test_files_that_came_from_elsewhere_do_not(self, index):
        kill_first_run(index.directory)
        backup = index.directory / f"{'c' * 32}.segment"
        backup.write_bytes(b"of a backup")
        before = index.files()
        with pytest.raises(IndexDamagedError, match="holds 1 files"):
            index.write(ONE)
        assert index.files() == before

    @pytest.mark.parametrize("noted", ["../away.txt", "/etc/passwd", "notes.txt", "\xff", ""])
    def test_its_list_names_nothing_else(self, index, tmp_path, noted):
        index.directory.mkdir()
        for path in (tmp_path / "away.txt", index.directory / "notes.txt"):
            path.write_bytes(b"mine")
        (index.directory / NAMES_FILE).write_text(f"{noted}\n", "utf-8")
        index.write(ONE)
        assert (tmp_path / "away.txt").read_bytes() == b"mine"
        assert index.files()["notes.txt"] == b"mine"


def commit_of_another(index: OnDisk) -> None:
    (index.directory / LOCK_FILE).unlink()
    index.write(Document("other", "غيره"))


class TestChangedMeanwhile:
    """A lock file that is removed, and a directory that is moved, let a second writer in."""

    @pytest.mark.parametrize("optimize", [False, True], ids=["merge", "optimize"])
    @pytest.mark.parametrize("is_first", [False, True], ids=["later-run", "first-run"])
    def test_a_newer_generation_is_not_overwritten(self, index, is_first, optimize):
        if not is_first:
            index.write(ONE, TWO)
        writer = IndexWriter(index.directory, memory_mb=0)
        writer.upsert(OTHER_ONE)
        writer.upsert(Document("3", "ثالث"))
        commit_of_another(index)
        theirs = index.texts()
        with pytest.raises(IndexBusyError, match=r"was changed while this writer .* start again"):
            writer.commit(optimize=optimize)
        assert index.texts() == theirs
        verify_index(index.directory)
        assert set(index.files()) == {*generations.read(index.directory).file_names, "searchd.json"}

    def test_another_writer_that_is_still_at_work(self, index):
        index.write(ONE)
        writer = IndexWriter(index.directory, memory_mb=0)
        writer.upsert(TWO)
        (index.directory / LOCK_FILE).unlink()
        with IndexWriter(index.directory, memory_mb=0) as other:
            other.upsert(Document("other", "غيره"))
            with pytest.raises(IndexBusyError, match="another writer is at work"):
                writer.commit()
            other.commit()
        assert index.texts() == {"1": "كتاب أول", "other": "غيره"}
        verify_index(index.directory)

    def test_cancelling_leaves_the_files_of_another_writer(self, index):
        index.write(ONE)
        writer = IndexWriter(index.directory)
        (index.directory / LOCK_FILE).unlink()
        with IndexWriter(index.directory, memory_mb=0) as other:
            other.upsert(TWO)
            writer.cancel()
            other.commit()
        verify_index(index.directory)
        assert index.texts() == {"1": "كتاب أول", "2": "مدرسة"}

    def test_a_lock_file_that_was_removed_is_locked_again(self, index):
        index.write(ONE)
        with IndexWriter(index.directory) as writer:
            writer.upsert(TWO)
            (index.directory / LOCK_FILE).unlink()
            writer.commit()
        assert index.texts() == {"1": "كتاب أول", "2": "مدرسة"}

    def test_the_same_generation_copied_back_is_no_change(self, index, tmp_path):
        index.write(ONE)
        with IndexWriter(index.directory) as writer:
            writer.upsert(TWO)
            shutil.copyfile(index.directory / "searchd.json", tmp_path / "copy")
            (tmp_path / "copy").replace(index.directory / "searchd.json")
            writer.commit()
        assert index.texts() == {"1": "كتاب أول", "2": "مدرسة"}

    @pytest.mark.parametrize("is_first", [False, True], ids=["later-run", "first-run"])
    @pytest.mark.parametrize("instead", ["nothing", "empty", "index", "copy"])
    def test_a_directory_that_was_moved(self, index, tmp_path, instead, is_first):
        if not is_first:
            index.write(ONE)
        else:
            index.directory.mkdir()
        before = index.files()
        writer = IndexWriter(index.directory, memory_mb=0)
        writer.upsert(TWO)
        moved = OnDisk(tmp_path / "moved")
        index.directory.rename(moved.directory)
        if instead == "empty":
            index.directory.mkdir()
        elif instead == "index":
            index.write(Document("other", "غيره"))
        elif instead == "copy":
            shutil.copytree(moved.directory, index.directory)
        theirs = index.files() if index.directory.exists() else None
        with pytest.raises((IndexBusyError, IndexAccessError)) as caught:
            writer.commit()
        if instead != "copy":
            assert moved.files() == before
            assert (index.files() if index.directory.exists() else None) == theirs
        assert "moved or replaced" in str(caught.value) or "No such file" in str(caught.value)
        if not is_first:
            assert moved.texts() == {"1": "كتاب أول"}

    @pytest.mark.parametrize("optimize", [False, True])
    def test_a_generation_that_was_removed(self, index, optimize):
        index.write(ONE)
        writer = IndexWriter(index.directory)
        writer.upsert(TWO)
        (index.directory / "searchd.json").unlink()
        segment = index.path(".segment")
        with pytest.raises(IndexBusyError):
            writer.commit(optimize=optimize)
        assert set(index.files()) == {segment.name}
        with pytest.raises(IndexMissingError):
            generations.read(index.directory)


class TestSyncOfTheDirectory:
    @pytest.mark.parametrize(
        "number", [errno.EIO, errno.ENOSPC, errno.EROFS, errno.EDQUOT], ids=errno.errorcode.get
    )
    def test_an_error_is_reported(self, tmp_path, monkeypatch, number):
        def refuse(_descriptor: int) -> None:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr("os.fsync", refuse)
        with pytest.raises(OSError, match=os.strerror(number)):
            sync_directory(tmp_path)

    @pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP])
    def test_what_is_not_supported_is_not(self, tmp_path, monkeypatch, number):
        def refuse(_descriptor: int) -> None:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr("os.fsync", refuse)
        sync_directory(tmp_path)

    def test_after_the_new_name_old_files_stay(self, index, monkeypatch):
        """A crash may bring the old name back, which needs them; the next run removes them."""
        index.write(ONE)
        old = index.files()
        real = os.fsync

        def refuse(descriptor: int) -> None:
            names = {name: data for name, data in index.files().items() if name == "searchd.json"}
            if names["searchd.json"] != old["searchd.json"]:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            real(descriptor)

        with monkeypatch.context() as patch:
            patch.setattr("os.fsync", refuse)
            with pytest.raises(IndexAccessError, match=r"were committed.*verify"):
                index.write(OTHER_ONE, rebuild=True)
        assert index.texts() == {"1": "كتاب آخر"}
        assert old.keys() <= index.files().keys()
        index.write()
        assert old.keys() & index.files().keys() == {"searchd.json"}
