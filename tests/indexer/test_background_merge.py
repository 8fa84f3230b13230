"""Background merges: the same documents in fewer segments, whatever happens meanwhile."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from filelock import FileLock

import searchd
from indexer import background_merge
from indexer import generation as generations
from indexer.background_merge import MergeReport, merge_segments_of
from indexer.check.index_check import verify_index
from indexer.document import Document
from indexer.errors import IndexBusyError, IndexDamagedError, IndexMissingError
from indexer.write_lock import MERGE_LOCK_FILE
from indexer.writer import IndexWriter

_NUMBERS = count()


@pytest.fixture(autouse=True)
def _never_in_commits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every segment is too large to be merged in a commit."""
    monkeypatch.setattr("indexer.pending_segment.MOST_BYTES_IN_COMMIT", 0)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """Four segments of two documents."""
    for number in range(4):
        write(tmp_path / "index", [f"{number}a", f"{number}b"])
    assert segments(tmp_path / "index") == [2, 2, 2, 2]
    return tmp_path / "index"


def write(index: Path, added: list[str], deleted: list[str] | None = None, **options: bool) -> None:
    """Add documents, whose texts are always new, and delete others."""
    with IndexWriter(index) as writer:
        for name in added:
            writer.upsert(Document(name, f"كتاب {name} {next(_NUMBERS)}"))
        for name in deleted or []:
            writer.delete(name)
        writer.commit(**options)


def segments(index: Path) -> list[int]:
    """Return the number of live documents of each segment."""
    found = generations.read(index).segments
    return [entry.documents - entry.deleted for entry in found]


def documents(index: Path) -> list[str]:
    """Return the ids of all documents, in the order of the index."""
    with searchd.open(index) as engine:
        return [document.id for document in engine.documents()]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    """Let something happen after a merge is written, once, and before it takes the place of others."""

    def set_work(work: Callable[[], None]) -> None:
        merge = background_merge.merge_segments
        works: Iterator[Callable[[], None]] = iter([work])

        def merge_then_work(*args: object) -> int:
            written = merge(*args)  # type: ignore[arg-type]
            next(works, lambda: None)()
            return written

        monkeypatch.setattr(background_merge, "merge_segments", merge_then_work)

    return set_work


def test_all_become_one(index: Path) -> None:
    before = documents(index)
    assert merge_segments_of(index) == MergeReport(4, 1, 8)
    assert segments(index) == [8]
    assert documents(index) == before
    verify_index(index)
    kept = sorted(path.suffix for path in index.iterdir())
    assert kept == [".json", ".lock", ".lock", ".segment"]
    assert merge_segments_of(index) == MergeReport(1, 1, 8)


def test_some_are_left(index: Path) -> None:
    assert merge_segments_of(index, most_segments=3) == MergeReport(4, 3, 8)
    assert sorted(segments(index)) == [2, 2, 4]
    verify_index(index)


def test_what_the_policy_asks_for(index: Path) -> None:
    assert merge_segments_of(index, most_segments=None) == MergeReport(4, 1, 8)
    write(index, ["x"])
    assert merge_segments_of(index, most_segments=None) == MergeReport(2, 2, 9)


def test_deleted_documents_go(index: Path) -> None:
    write(index, [], ["0a", "3b"])
    merge_segments_of(index)
    (entry,) = generations.read(index).segments
    assert (entry.documents, entry.deleted) == (6, 0)
    write(index, [], documents(index))
    assert merge_segments_of(index) == MergeReport(0, 0, 0)


def test_a_writer_goes_on(index: Path, meanwhile: Callable[[Callable[[], None]], None]) -> None:
    meanwhile(lambda: write(index, ["new", "1a"], ["2b", "3a"]))
    report = merge_segments_of(index, most_segments=1)
    assert report.given_up == 0
    assert documents(index) == ["0a", "0b", "1b", "2a", "3b", "new", "1a"]
    verify_index(index)


def test_all_documents_are_deleted_meanwhile(
    index: Path, meanwhile: Callable[[Callable[[], None]], None]
) -> None:
    everything = documents(index)
    meanwhile(lambda: write(index, ["new"], everything))
    merge_segments_of(index)
    assert documents(index) == ["new"]
    assert segments(index) == [1]
    verify_index(index)


def test_a_merge_of_replaced_segments_is_given_up(
    index: Path, meanwhile: Callable[[Callable[[], None]], None]
) -> None:
    meanwhile(lambda: write(index, ["new"], optimize=True))
    assert merge_segments_of(index) == MergeReport(4, 1, 9, given_up=1)
    verify_index(index)


def test_a_merge_of_segments_that_are_gone_is_given_up(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = background_merge.plan_merges_to
    works: Iterator[Callable[[], None]] = iter([lambda: write(index, ["new"], optimize=True)])

    def plan_then_work(*args: object) -> list[range]:
        merges = plan(*args)  # type: ignore[arg-type]
        next(works, lambda: None)()
        return merges

    monkeypatch.setattr(background_merge, "plan_merges_to", plan_then_work)
    assert merge_segments_of(index) == MergeReport(4, 1, 9, given_up=1)
    verify_index(index)


def test_a_file_that_is_missing_is_damage(index: Path) -> None:
    (index / generations.read(index).segments[1].name).unlink()
    with pytest.raises(IndexDamagedError, match="lacks a file"):
        merge_segments_of(index)


def test_a_failed_merge_leaves_nothing(
    index: Path, meanwhile: Callable[[Callable[[], None]], None]
) -> None:
    before = sorted(path.name for path in index.iterdir())

    def fail() -> None:
        raise MemoryError

    meanwhile(fail)
    with pytest.raises(searchd.errors.IndexerError):
        merge_segments_of(index)
    assert sorted({*before, MERGE_LOCK_FILE}) == sorted(path.name for path in index.iterdir())
    verify_index(index)


def test_what_a_killed_merge_left_goes(index: Path) -> None:
    left = index / f"{'0' * 32}.merging"
    other = index / "notes.merging"
    left.touch()
    other.touch()
    merge_segments_of(index)
    assert not left.exists()
    assert other.exists()


def test_one_merge_at_a_time(index: Path) -> None:
    with FileLock(index / MERGE_LOCK_FILE), pytest.raises(IndexBusyError, match="merges segments"):
        merge_segments_of(index)


def test_it_waits_for_a_writer_at_its_end(index: Path) -> None:
    with IndexWriter(index), pytest.raises(IndexBusyError, match="another writer is at work"):
        merge_segments_of(index, wait_seconds=0.2)
    assert segments(index) == [2, 2, 2, 2]
    writer = IndexWriter(index)
    timer = threading.Timer(0.2, writer.cancel)
    timer.start()
    assert merge_segments_of(index).after == 1
    timer.join()


def test_a_writer_waits_for_its_last_step(index: Path) -> None:
    merge_segments_of(index)
    lock = background_merge.WriteLock(index)
    timer = threading.Timer(0.2, lock.release)
    timer.start()
    write(index, ["new"])
    timer.join()
    assert "new" in documents(index)


def test_no_index(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError):
        merge_segments_of(tmp_path)


def test_merges_beside_a_writer_and_a_reader(index: Path) -> None:
    expected = set(documents(index))
    draw = random.Random(5)
    is_done = threading.Event()
    failures: list[Exception] = []

    def merge() -> None:
        while not is_done.is_set():
            try:
                merge_segments_of(index, most_segments=draw.choice([1, 2, None]))
            except Exception as error:  # noqa: BLE001 - the test shows it
                failures.append(error)
                return
            time.sleep(0.01)

    thread = threading.Thread(target=merge)
    thread.start()
    with searchd.open(index) as engine:
        for number in range(40):
            added = [f"n{number}", *draw.sample(sorted(expected), 2)]
            deleted = draw.sample(sorted(expected - set(added)), 1)
            write(index, added, deleted)
            expected = expected.union(added).difference(deleted)
            found = engine.search("كتاب", limit=1000, snippets=0)
            assert {hit.id for hit in found} == expected
    is_done.set()
    thread.join()
    assert failures == []
    verify_index(index)
