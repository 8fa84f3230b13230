"""A folder of files, and runs that make an index equal to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from indexer.check.index_check import verify_index
from indexer.sync.folder_sync import sync_folder
from indexer.sync.report import SyncEvents, SyncOptions, SyncReport
from tests.indexer.sync.folders import (
    Sync,
    documents_in,
    documents_of,
    settle,
    write_records,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder of 20 texts, a page and a table of records."""
    made = tmp_path / "وثائق"
    (made / "sub").mkdir(parents=True)
    for number in range(20):
        (made / f"{number:02}.txt").write_text(f"كتاب رقم {number}", "utf-8")
    (made / "sub" / "page.html").write_text("<title>عنوان</title><p>مدرسة", "utf-8")
    write_records(made / "rows.jsonl", 1, 2, 3)
    settle(made)
    return made


@pytest.fixture
def sync(tmp_path: Path, folder: Path) -> Sync:
    """Return a function that makes the index equal to the folder, and checks that it is."""

    def run(
        events: SyncEvents | None = None, of: Path = folder, *, exact: bool = True, **options: Any
    ) -> SyncReport:
        report = sync_folder(tmp_path / "index", of, SyncOptions(**options), events)
        verify_index(tmp_path / "index")
        if exact:
            assert documents_of(tmp_path / "index") == documents_in(of)
        return report

    return run


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"
