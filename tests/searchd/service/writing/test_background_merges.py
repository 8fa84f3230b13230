"""Segments that are merged in the background, after changes over HTTP."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from filelock import FileLock

from indexer import generation as generations
from indexer.document import Document
from indexer.write_lock import MERGE_LOCK_FILE
from indexer.writer import IndexWriter
from searchd.service.writing.background_merges import BackgroundMerges
from tests.searchd.service.writing.conftest import Written


@pytest.fixture(autouse=True)
def _never_in_commits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.pending_segment.MOST_BYTES_IN_COMMIT", 0)


def write_segments(written: Written, count: int) -> None:
    for number in range(count):
        with IndexWriter(written.directory) as writer:
            writer.upsert(Document(str(number), "كتاب"))
            writer.commit()


def segments(written: Written) -> int:
    return len(generations.read(written.directory).segments)


async def ended(merges: BackgroundMerges) -> None:
    """Wait until no merge runs."""
    while merges._running:
        await asyncio.sleep(0.01)


def test_every_change_asks_for_a_merge(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []
    monkeypatch.setattr(written.queue._merges, "consider", asked.append)
    assert written.client.post("/documents", json=[{"id": "1", "text": "نص"}]).status_code == 200
    written.client.post("/documents", content="no JSON")
    written.client.delete("/documents/1")
    assert asked == [written.directory] * 2


def test_segments_are_merged(written: Written) -> None:
    write_segments(written, 3)
    merges = BackgroundMerges()

    async def merge() -> None:
        merges.consider(written.directory)
        merges.consider(written.directory)
        assert len(merges._running) == 1
        await ended(merges)

    asyncio.run(merge())
    assert segments(written) == 1
    assert written.client.get("/search?q=كتاب").json()["total"] == 3


def test_what_is_not_due_starts_no_process(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_segments(written, 1)
    monkeypatch.setattr("sys.executable", "none")
    merges = BackgroundMerges()

    async def merge() -> None:
        merges.consider(written.directory)
        await ended(merges)

    asyncio.run(merge())
    assert segments(written) == 1


def test_a_merge_that_fails_is_said_and_changes_nothing(
    written: Written, caplog: pytest.LogCaptureFixture
) -> None:
    write_segments(written, 2)
    merges = BackgroundMerges()

    async def merge() -> None:
        merges.consider(written.directory)
        await ended(merges)

    with FileLock(written.directory / MERGE_LOCK_FILE):
        asyncio.run(merge())
    (record,) = caplog.records
    assert "were not merged: Error: another process merges segments" in record.getMessage()
    assert segments(written) == 2


def test_a_merge_ends_with_the_service(written: Written, caplog: pytest.LogCaptureFixture) -> None:
    write_segments(written, 2)
    merges = BackgroundMerges()

    async def merge_and_stop() -> None:
        with IndexWriter(written.directory):  # the merge waits for it at its end
            merges.consider(written.directory)
            while not merges._processes:
                await asyncio.sleep(0.01)
            merges.stop()
            await ended(merges)
        merges.consider(written.directory)
        assert not merges._running

    asyncio.run(merge_and_stop())
    assert caplog.records == []
    assert segments(written) == 2
