"""A watched folder: every change reaches the index, whatever happens to the folder and the lock."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.check.index_check import verify_index
from indexer.errors import IndexBusyError, SourceError, SyncRefusedError
from indexer.sync import changes
from indexer.sync.folder_sync import sync_folder
from indexer.sync.folder_watch import WatchEvents, watch_folder
from indexer.sync.report import SyncOptions, SyncReport
from indexer.writer import IndexWriter
from tests.indexer.sync.folders import documents_in, documents_of

PATIENCE = 60.0
"""Seconds until a test gives up."""


class Watched:
    """A folder that a thread watches."""

    def __init__(self, directory: Path, *, poll: bool) -> None:
        self.folder, self.index = directory / "folder", directory / "index"
        self.reports: list[SyncReport] = []
        self.notices: list[str] = []
        self.stop = threading.Event()
        self._poll = poll
        self._thread = threading.Thread(target=self._watch)
        self.folder.mkdir()
        self.write("a.txt", "كتاب")

    def _watch(self) -> None:
        watch_folder(
            self.index,
            self.folder,
            SyncOptions(settle=0.1),
            events=WatchEvents(self.reports.append, self.notices.append),
            stop=self.stop,
            poll=self._poll,
        )

    def __enter__(self) -> Watched:
        self._thread.start()
        self.wait()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop.set()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()
        verify_index(self.index)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def writer(self) -> IndexWriter:
        """Return a writer of the index, once no run of the watch is at work on it."""
        made: list[IndexWriter] = []

        def opens() -> bool:
            try:
                made.append(IndexWriter(self.index))
            except IndexBusyError:
                return False
            return True

        self.until(opens)
        return made[0]

    def wait(self) -> None:
        """Wait until the index is equal to the folder."""
        expected = documents_in(self.folder)
        self.until(lambda: documents_of(self.index) == expected)

    def until(self, holds: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not holds():
            assert self._thread.is_alive(), "the watch has ended"
            assert time.monotonic() < end, (self.notices, self.reports)
            time.sleep(0.05)


@pytest.fixture(params=["system", "poll"])
def watched(request, tmp_path: Path, monkeypatch) -> Iterator[Watched]:
    monkeypatch.setattr(changes, "_POLL_SECONDS", 0.2)
    with Watched(tmp_path, poll=request.param == "poll") as made:
        yield made


def test_every_kind_of_change(watched):
    watched.write("sub/b.txt", "مدرسة")
    watched.wait()
    (watched.folder / "sub").rename(watched.folder / "other")
    watched.wait()
    draft = watched.write(".b.txt.swp", "مكتبة")
    draft.replace(watched.folder / "other" / "b.txt")
    watched.wait()
    (watched.folder / "other" / "b.txt").unlink()
    watched.wait()
    assert [report.moved for report in watched.reports if report.moved] == [1]
    assert watched.notices == []


def test_a_file_that_is_being_written_is_read_when_it_rests(watched):
    path = watched.folder / "growing.txt"
    with path.open("w", encoding="utf-8") as file:
        for number in range(30):
            file.write(f"كتاب {number}\n")
            file.flush()
            time.sleep(0.02)
    watched.wait()
    assert sum(report.added + report.replaced for report in watched.reports) < 30


def test_a_folder_that_vanishes_deletes_nothing_until_it_is_back(watched):
    before = documents_of(watched.index)
    away = watched.folder.with_name("away")
    watched.folder.rename(away)
    watched.until(lambda: len(watched.notices) == 1)
    assert watched.notices[0].endswith("is not there; nothing is deleted until it is back")
    assert documents_of(watched.index) == before
    watched.folder.mkdir()
    watched.until(lambda: len(watched.notices) == 2)
    assert "is empty, and the index has 1 documents" in watched.notices[1]
    assert documents_of(watched.index) == before
    watched.write("new.txt", "قانون")
    watched.wait()
    shutil.rmtree(watched.folder)
    away.rename(watched.folder)
    watched.wait()


def test_it_waits_for_another_writer(watched):
    with watched.writer():
        watched.write("b.txt", "مدرسة")
        watched.until(lambda: len(watched.notices) == 1)
        assert watched.notices[0].startswith("waiting: another writer is at work")
    watched.wait()


def test_bad_records_are_reported_and_do_not_end_it(watched):
    path = watched.write("r.jsonl", "not JSON\n")
    watched.until(lambda: any(report.bad for report in watched.reports))
    path.write_text('{"id": "1", "text": "نص"}\n', "utf-8")
    watched.wait()


def test_an_index_in_the_folder_does_not_report_itself(tmp_path, monkeypatch):
    watched = Watched(tmp_path, poll=False)
    watched.index = watched.folder / "index"
    runs = []
    monkeypatch.setattr(
        "indexer.sync.folder_watch.sync_folder",
        lambda *args, **options: runs.append(1) or sync_folder(*args, **options),
    )
    with watched:
        watched.write("b.txt", "مدرسة")
        watched.until(lambda: len(documents_of(watched.index)) == 2)
        count = len(runs)
        time.sleep(1.5)
        assert len(runs) <= count + 1


def test_where_the_system_cannot_report_changes_files_are_looked_at(tmp_path, monkeypatch):
    def exhausted(*_paths: object, **_options: object) -> Iterator[object]:
        raise OSError(28, "OS file watch limit reached.")
        yield

    monkeypatch.setattr("watchfiles.watch", exhausted)
    monkeypatch.setattr(changes, "_POLL_SECONDS", 0.2)
    with Watched(tmp_path, poll=False) as watched:
        watched.write("b.txt", "مدرسة")
        watched.wait()
        (notice,) = watched.notices
        assert "cannot report changes" in notice
        assert "OS file watch limit reached" in notice


def test_the_first_run_refuses_as_a_run_alone_does(tmp_path):
    def watch() -> None:
        events = WatchEvents(lambda _report: None, lambda _notice: None)
        watch_folder(tmp_path / "index", tmp_path / "folder", events=events, stop=threading.Event())

    with pytest.raises(SourceError, match="there is no such folder"):
        watch()
    with Watched(tmp_path, poll=False) as watched:
        pass
    shutil.rmtree(watched.folder)
    with pytest.raises(SyncRefusedError, match="is not there"):
        watch()
