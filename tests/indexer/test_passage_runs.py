"""Runs that write passages: what becomes of those of an earlier run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from indexer.check.index_check import verify_index
from indexer.errors import SyncRefusedError
from indexer.indexing import Report, index_records
from indexer.sources.records import Record
from indexer.sync.folder_sync import sync_folder
from indexer.sync.report import SyncOptions, SyncReport
from tests.indexer.sync.folders import documents_of, settle


def words(count: int) -> str:
    return " ".join(f"كلمة{number}" for number in range(count))


def book(count: int, name: str = "b", **values: object) -> Record:
    return Record(f"{name}.txt", {"id": name, "text": words(count), **values})


def run(index: Path, *records: Record, book_field: str = "book", **options: Any) -> Report:
    report = index_records(index, records, book_field=book_field, **options)
    verify_index(index)
    return report


def ids(index: Path) -> list[str]:
    return sorted(documents_of(index))


def test_a_run_counts_passages_and_books(tmp_path):
    report = run(tmp_path, book(900), book(10, "c"))
    assert (report.added, report.books, report.documents) == (4, 2, 4)
    assert ids(tmp_path) == ["b#p1", "b#p2", "b#p3", "c#p1"]


def test_a_shorter_book_loses_its_last_passages(tmp_path):
    run(tmp_path, book(1500), book(900, "c"))
    report = run(tmp_path, book(600))
    assert (report.deleted, report.unchanged) == (3, 2)
    assert ids(tmp_path) == ["b#p1", "b#p2", "c#p1", "c#p2", "c#p3"]


def test_passages_take_the_place_of_the_whole_book_and_it_of_them(tmp_path):
    run(tmp_path, book(600), book_field="")
    with pytest.raises(Exception, match="no field 'book'"):
        run(tmp_path, book(600))
    run(tmp_path, book(600), rebuild=True)
    assert ids(tmp_path) == ["b#p1", "b#p2"]
    assert run(tmp_path, book(600), book_field="").deleted == 2
    assert ids(tmp_path) == ["b"]
    assert run(tmp_path, book(600)).deleted == 1
    assert ids(tmp_path) == ["b#p1", "b#p2"]


def test_a_document_that_only_looks_like_a_passage_stays(tmp_path):
    run(tmp_path, book(600))
    run(tmp_path, book(5, "c#p1"), book(5, "c#p2"), book_field="")
    run(tmp_path, book(5, "c"))
    run(tmp_path, book(5, "c"), book_field="")
    assert ids(tmp_path) == ["b#p1", "b#p2", "c", "c#p2"]


def test_two_books_of_one_id_are_an_error(tmp_path):
    with pytest.raises(Exception, match=r"its id 'b#p1' is that of b\.txt too"):
        run(tmp_path, book(600), book(600, title="غيره"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "books"
    made.mkdir()
    for name, count in (("a", 900), ("b", 600)):
        (made / f"{name}.txt").write_text(words(count), "utf-8")
    settle(made)
    return made


def sync(folder: Path, book_field: str = "book") -> SyncReport:
    index = folder.parent / "index"
    report = sync_folder(index, folder, SyncOptions(book_field=book_field))
    verify_index(index)
    return report


def test_a_folder_in_step_replaces_the_passages_of_a_changed_book_without_asking(folder):
    assert sync(folder).added == 5
    assert sync(folder).is_change is False
    (folder / "a.txt").write_text(words(200), "utf-8")
    report = sync(folder)
    assert (report.replaced, report.deleted, report.unchanged) == (1, 2, 2)
    assert ids(folder.parent / "index") == ["a.txt#p1", "b.txt#p1", "b.txt#p2"]


def test_a_book_that_is_gone_is_asked_about(folder):
    sync(folder)
    (folder / "a.txt").unlink()
    with pytest.raises(SyncRefusedError, match="3 of 5 documents"):
        sync(folder)


def test_a_renamed_book_is_moved_with_the_field_of_its_book(folder):
    from indexer.snapshot import Snapshot

    sync(folder)
    (folder / "a.txt").rename(folder / "c.txt")
    report = sync(folder)
    assert (report.moved, report.files_read) == (3, 0)
    segments = Snapshot(folder.parent / "index").segments
    found = {
        fields.id: fields.fields["book"]
        for segment in segments
        for fields in segment.documents.stored_fields(segment.live_ids.tolist())
    }
    assert found == {
        **dict.fromkeys(("c.txt#p1", "c.txt#p2", "c.txt#p3"), "c.txt"),
        **dict.fromkeys(("b.txt#p1", "b.txt#p2"), "b.txt"),
    }


def test_a_folder_in_step_changes_between_passages_and_books_without_asking(folder):
    sync(folder)
    assert sync(folder, book_field="").deleted == 5
    assert ids(folder.parent / "index") == ["a.txt", "b.txt"]
    assert sync(folder).deleted == 2
    assert len(ids(folder.parent / "index")) == 5


def test_a_folder_in_step_takes_over_what_was_indexed_otherwise(folder):
    index = folder.parent / "index"
    run(index, book(1500, "a.txt"), book(300, "z.txt"))
    report = sync(folder)
    assert report.deleted == 2
    assert ids(index) == ["a.txt#p1", "a.txt#p2", "a.txt#p3", "b.txt#p1", "b.txt#p2", "z.txt#p1"]
