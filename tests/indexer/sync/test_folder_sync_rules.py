"""Runs that make an index equal to a folder: what they refuse, leave alone, and are told."""

from __future__ import annotations

import pytest

from indexer.check.index_check import verify_index
from indexer.document import Document
from indexer.errors import RecordError, SourceError, SyncRefusedError
from indexer.indexing import delete_documents
from indexer.repair import Repair
from indexer.sync.folder_sync import sync_folder
from indexer.sync.report import Deletion, SyncEvents, SyncOptions
from tests.indexer.sync.folders import (
    AGREE,
    counts,
    documents_of,
    settle,
    write_records,
)


class TestRefusals:
    def test_more_than_a_tenth_is_asked(self, sync, folder, index):
        sync()
        before = documents_of(index)
        for number in range(3):
            (folder / f"{number:02}.txt").unlink()
        with pytest.raises(SyncRefusedError, match=r"^3 of 24 documents .*--yes$"):
            sync()
        asked: list[Deletion] = []
        with pytest.raises(SyncRefusedError):
            sync(SyncEvents(confirm=lambda deletion: bool(asked.append(deletion))))
        assert asked == [Deletion(3, 24)]
        assert documents_of(index) == before
        assert sync(AGREE).deleted == 3

    def test_records_count_too(self, sync, folder):
        write_records(folder / "rows.jsonl", *range(100))
        settle(folder)
        sync()
        write_records(folder / "rows.jsonl", *range(50))
        with pytest.raises(SyncRefusedError, match="^50 of 121 documents"):
            sync()
        assert sync(AGREE).deleted == 50

    def test_a_tenth_is_not_asked_and_moves_are_not(self, sync, folder):
        sync()
        for number in range(2):
            (folder / f"{number:02}.txt").unlink()
        for number in range(5, 15):
            (folder / f"{number:02}.txt").rename(folder / f"{number:02}.md")
        assert sync().deleted == 12

    @pytest.mark.parametrize("what", ["empty", "gone"])
    def test_nothing_is_there(self, sync, folder, index, what):
        sync()
        before = documents_of(index)
        folder.rename(folder.with_name("elsewhere"))
        if what == "empty":
            folder.mkdir()
        with pytest.raises(SyncRefusedError, match="24 documents of it; nothing was deleted"):
            sync(AGREE)
        with pytest.raises(SyncRefusedError, match="--rebuild would leave an empty index"):
            sync_folder(index, folder.with_name("never"), SyncOptions(rebuild=True))
        assert documents_of(index) == before
        report = sync_folder(index, folder, SyncOptions(allow_empty=True))
        assert (report.deleted, documents_of(index)) == (24, {})

    def test_what_is_no_folder(self, folder, tmp_path):
        with pytest.raises(SourceError, match="is no folder"):
            sync_folder(tmp_path / "index", folder / "00.txt")
        with pytest.raises(SourceError, match="there is no such folder"):
            sync_folder(tmp_path / "index", tmp_path / "nowhere")
        assert not (tmp_path / "index").exists()


class TestOtherDocuments:
    def test_other_folders_and_documents_are_not_touched(self, sync, folder, index, tmp_path):
        from indexer.writer import IndexWriter

        other = tmp_path / "other"
        other.mkdir()
        (other / "o.txt").write_text("كتاب", "utf-8")
        with IndexWriter(index) as writer:
            writer.upsert(Document("by hand", "نص"))
            writer.commit()
        sync(exact=False)
        sync_folder(index, other)
        assert len(documents_of(index)) == 26
        (folder / "03.txt").unlink()
        report = sync(exact=False)
        assert counts(report) == (0, 0, 0, 1, 23)
        assert {"o.txt", "by hand"} <= documents_of(index).keys()
        assert counts(sync_folder(index, other)) == (0, 0, 0, 0, 1)
        verify_index(index)

    def test_a_name_in_two_folders(self, sync, folder, index, tmp_path):
        sync()
        (tmp_path / "other").mkdir()
        (tmp_path / "other" / "03.txt").write_text("آخر", "utf-8")
        with pytest.raises(RecordError, match=r"its id '03\.txt' is that of a document of"):
            sync_folder(index, tmp_path / "other")

    def test_what_others_changed_is_restored(self, sync, index):
        from indexer.writer import IndexWriter

        sync()
        delete_documents(index, ["03.txt", "r2"])
        with IndexWriter(index) as writer:
            writer.upsert(Document("04.txt", "آخر"))
            writer.commit()
        report = sync()
        assert (counts(report), report.files_read) == ((2, 1, 0, 0, 21), 3)

    def test_a_rebuild_forgets_every_folder(self, sync, folder, index, tmp_path):
        sync()
        (tmp_path / "other").mkdir()
        (tmp_path / "other" / "03.txt").write_text("آخر", "utf-8")
        sync_folder(index, tmp_path / "other", SyncOptions(rebuild=True))
        assert documents_of(index) == {"03.txt": ("", "آخر")}
        assert verify_index(index).files == 1


class TestSettings:
    @pytest.mark.parametrize(
        ("option", "read"),
        [
            pytest.param({"repair": Repair.OFF}, 22, id="repair"),
            pytest.param({"reread": True}, 22, id="reread"),
            pytest.param({"memory_mb": 100, "processes": 2}, 0, id="memory"),
        ],
    )
    def test_other_options_read_again(self, sync, option, read):
        sync()
        assert sync(**option).files_read == read

    def test_another_format(self, sync, folder):
        sync()
        report = sync(AGREE, format="txt", exact=False)
        assert report.files_read == 22

    def test_files_that_may_be_half_written_wait(self, sync, folder):
        sync()
        (folder / "03.txt").write_text("نص آخر", "utf-8")
        (folder / "new.txt").write_text("نص", "utf-8")
        report = sync(settle=60, exact=False)
        assert (counts(report), report.postponed) == ((0, 0, 0, 0, 24), 2)
        assert counts(sync()) == (1, 1, 0, 0, 23)

    def test_optimize(self, sync, folder, index):
        sync()
        (folder / "03.txt").write_text("نص آخر", "utf-8")
        sync(optimize=True)
        assert verify_index(index).segments == 1
