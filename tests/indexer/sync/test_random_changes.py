"""Random changes of a folder: after each run the index is what the folder makes anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.check.index_check import verify_index
from indexer.indexing import OnError
from indexer.sync.folder_sync import sync_folder
from indexer.sync.report import SyncEvents, SyncOptions
from tests.indexer.sync.folders import FolderOperations, documents_in, documents_of, opened_below


def run(directory: Path, seed: int, operations: int, *, at_once: int) -> FolderOperations:
    folder, index = directory / "folder", directory / "index"
    changes = FolderOperations(folder, seed)
    moved = 0
    for _round in range(operations // at_once):
        for _ in range(at_once):
            changes.apply()
        events = SyncEvents(confirm=lambda _deletion: True)
        report = sync_folder(index, folder, SyncOptions(on_error=OnError.SKIP), events)
        moved += report.moved
        assert report.bad == []
        assert documents_of(index) == documents_in(folder)
        assert verify_index(index).files == len(changes.files())
    assert moved
    return changes


@pytest.mark.parametrize("at_once", [2, 7])
def test_some(tmp_path: Path, at_once: int) -> None:
    changes = run(tmp_path, seed=at_once, operations=42, at_once=at_once)
    assert len(changes.counts) >= 7


@pytest.mark.stress
@pytest.mark.parametrize("seed", range(4))
def test_many(tmp_path: Path, seed: int) -> None:
    changes = run(tmp_path, seed, operations=500, at_once=1 + 3 * (seed % 3))
    assert len(changes.counts) == 9


def test_a_thousand_files_are_read_once(tmp_path: Path) -> None:
    folder, index = tmp_path / "folder", tmp_path / "index"
    changes = FolderOperations(folder, 5)
    changes.create_many(1000)
    with opened_below(folder) as opened:
        first = sync_folder(index, folder)
    assert len({*opened}) >= len(changes.files(".txt", ".md", ".html", ".jsonl"))
    assert len({path.suffix for path in changes.files()}) == 5
    with opened_below(folder) as opened:
        second = sync_folder(index, folder)
    assert opened == []
    assert (second.files_read, second.bytes_read) == (0, 0)
    assert second.unchanged == first.added > 1000
