"""Runs that make an index equal to a folder: what is read, written, moved and deleted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from indexer.check.index_check import verify_index
from indexer.errors import RecordError
from indexer.fields import FieldMap, FieldSpec, FieldType
from indexer.indexing import OnError
from indexer.sync import file_run
from indexer.sync.folder_sync import sync_folder
from indexer.sync.report import SyncEvents, SyncOptions
from tests.indexer.sync.folders import (
    AGREE,
    counts,
    documents_of,
    opened_below,
    settle,
    write_records,
)


class TestChanges:
    def test_the_first_run_adds_everything(self, sync):
        report = sync()
        assert counts(report) == (24, 0, 0, 0, 0)
        assert (report.files, report.files_read) == (22, 22)

    def test_the_second_run_opens_nothing_and_commits_nothing(self, sync, folder, index):
        sync()
        before = (index / "searchd.json").read_bytes()
        with opened_below(folder) as opened:
            sync_folder(index, folder)
        assert opened == []
        assert (index / "searchd.json").read_bytes() == before
        assert counts(sync()) == (0, 0, 0, 0, 24)

    def test_opening_is_noticed(self, sync, folder, index):
        with opened_below(folder) as opened:
            sync_folder(index, folder)
        assert len(set(opened)) == 22

    def test_a_changed_file_is_replaced(self, sync, folder):
        sync()
        (folder / "03.txt").write_text("نص آخر", "utf-8")
        report = sync()
        assert (counts(report), report.files_read) == ((0, 1, 0, 0, 23), 1)

    def test_a_touched_file_is_compared_and_not_read(self, sync, folder, index):
        sync()
        os.utime(folder / "03.txt", ns=(10**18 + 10**9, 10**18 + 10**9))
        with opened_below(folder) as opened:
            report = sync_folder(index, folder)
        assert len(opened) == 1
        assert (counts(report), report.files_read) == ((0, 0, 0, 0, 24), 0)
        with opened_below(folder) as opened:
            sync_folder(index, folder)
        assert opened == []

    def test_a_change_without_another_size_or_time(self, sync, folder):
        """As by an editor that writes a new file and gives it the time of the old one."""
        sync()
        path = folder / "03.txt"
        status = path.stat()
        draft = folder / ".draft"
        draft.write_text("كتاب رقم 4", "utf-8")
        os.utime(draft, ns=(status.st_mtime_ns, status.st_mtime_ns))
        draft.replace(path)
        assert path.stat().st_size == status.st_size
        assert counts(sync()) == (0, 1, 0, 0, 23)

    def test_a_file_that_was_just_written_is_compared_again(self, sync, folder, index, monkeypatch):
        """Another change within the same tick of the clock does not show in its time."""
        monkeypatch.setattr(file_run, "_COARSE_TICK_NS", 1 << 63)
        path, whole_second = folder / "03.txt", 10**18
        os.utime(path, ns=(whole_second, whole_second))
        sync()
        with path.open("r+b") as file:
            file.write("كتاب رقم 4".encode())
        os.utime(path, ns=(whole_second, whole_second))
        assert counts(sync()) == (0, 1, 0, 0, 23)
        with opened_below(folder) as opened:
            report = sync_folder(index, folder)
        assert ([Path(each) for each in opened], report.files_read) == ([path], 0)

    def test_a_deleted_file_is_deleted(self, sync, folder):
        sync()
        (folder / "03.txt").unlink()
        assert counts(sync()) == (0, 0, 0, 1, 23)

    def test_records_that_vanished_from_a_file_are_deleted(self, sync, folder):
        sync()
        write_records(folder / "rows.jsonl", 2, 3, 4)
        assert counts(sync()) == (1, 0, 0, 1, 23)

    def test_a_record_may_go_to_another_file(self, sync, folder):
        sync()
        write_records(folder / "rows.jsonl", 2)
        write_records(folder / "a.jsonl", 1)
        write_records(folder / "z.jsonl", 3)
        assert counts(sync()) == (0, 0, 0, 0, 24)

    def test_an_unknown_kind_is_looked_at_once(self, sync, folder, index):
        (folder / "x.dat").write_text("?")
        settle(folder)
        assert list(sync().skipped) == [folder / "x.dat"]
        with opened_below(folder) as opened:
            assert sync_folder(index, folder).skipped == {}
        assert opened == []

    def test_a_name_that_is_no_text(self, sync, folder):
        path = folder / os.fsdecode(b"\xff\xfe.txt")
        path.write_text("كتاب", "utf-8")
        settle(folder)
        assert counts(sync()) == (25, 0, 0, 0, 0)
        path.unlink()
        assert counts(sync()) == (0, 0, 0, 1, 24)

    def test_the_index_may_be_in_the_folder(self, folder):
        for expected in (24, 0):
            report = sync_folder(folder / "ix", folder)
            assert report.added == expected
            assert report.skipped == {}

    def test_an_index_without_a_table_is_taken_over(self, sync, folder, index):
        from indexer.indexing import index_records
        from indexer.sources import read_records, scan

        index_records(index, read_records(scan([folder])))
        assert counts(sync()) == (0, 0, 0, 0, 24)
        (folder / "03.txt").unlink()
        assert counts(sync()) == (0, 0, 0, 1, 23)


class TestMoves:
    def test_a_renamed_file_is_not_opened(self, sync, folder, index):
        sync()
        (folder / "03.txt").rename(folder / "sub" / "جديد.txt")
        (folder / "rows.jsonl").rename(folder / "r.jsonl")
        with opened_below(folder) as opened:
            report = sync_folder(index, folder)
        assert opened == []
        assert (counts(report), report.files_moved) == ((0, 0, 4, 0, 20), 2)
        assert counts(sync()) == (0, 0, 0, 0, 24)

    def test_a_moved_copy_is_known_by_its_content(self, sync, folder):
        sync()
        data = (folder / "03.txt").read_bytes()
        (folder / "03.txt").unlink()
        (folder / "new.txt").write_bytes(data)
        report = sync()
        assert (counts(report), report.files_read) == ((0, 0, 1, 0, 23), 0)

    def test_a_directory_is_moved(self, sync, folder):
        (folder / "sub").rename(folder / "before")
        sync()
        (folder / "before").rename(folder / "after")
        assert counts(sync()) == (0, 0, 1, 0, 23)

    def test_files_that_change_places(self, sync, folder):
        sync()
        (folder / "03.txt").rename(folder / "x.txt")
        (folder / "04.txt").rename(folder / "03.txt")
        (folder / "x.txt").rename(folder / "04.txt")
        assert sync().deleted == 0

    def test_a_file_is_renamed_over_another(self, sync, folder):
        sync()
        (folder / "03.txt").rename(folder / "04.txt")
        assert counts(sync()) == (0, 0, 1, 0, 22)

    def test_a_chain_of_renames(self, sync, folder):
        sync()
        for number in range(9, 2, -1):
            (folder / f"{number:02}.txt").replace(folder / f"{number + 1:02}.txt")
        sync()

    def test_another_ending_is_read_anew(self, sync, folder):
        sync()
        (folder / "03.txt").rename(folder / "03.md")
        report = sync()
        assert (counts(report), report.files_read) == ((1, 0, 0, 1, 23), 1)

    def test_fields_dates_and_long_texts_move_too(self, tmp_path):
        folder, index = tmp_path / "f", tmp_path / "ix"
        folder.mkdir()
        text = "كتاب في المكتبة الوطنية.\n" * 9000
        (folder / "a.md").write_text(
            f"---\ntitle: عنوان\nauthor: طه\ndate: 2024-05-01\n---\n{text}", "utf-8"
        )
        options = SyncOptions(FieldMap(extra=(FieldSpec("author", FieldType.KEYWORD),)))
        sync_folder(index, folder, options)
        (before,) = documents_of(index).values()
        (folder / "a.md").rename(folder / "b.md")
        assert sync_folder(index, folder).moved == 1
        assert documents_of(index) == {"b.md": before}
        verify_index(index)

    def test_a_title_that_is_the_old_name_is_read_anew(self, sync, folder):
        path = folder / "name.html"
        path.write_text("<title>name</title><p>نص", "utf-8")
        settle(folder)
        sync()
        path.rename(folder / "other.html")
        assert sync().files_read == 1


class TestFailures:
    def test_a_file_that_fails_keeps_its_documents_and_is_tried_again(self, sync, folder, index):
        sync()
        good = (folder / "rows.jsonl").read_bytes()
        (folder / "rows.jsonl").write_bytes(b'{"id": "r1", "text": "new"}\nnot JSON\n')
        met: list[str] = []
        events = SyncEvents(on_bad=lambda bad: met.append(bad.origin))
        for _ in range(2):
            report = sync(events, on_error=OnError.SKIP, exact=False)
            assert report.files_failed == 1
            assert len(report.bad) == 1
        assert met == [f"{folder / 'rows.jsonl'}:2"] * 2
        found = documents_of(index)
        assert (found["r1"], found["r3"]) == (("", "new"), ("", "سطر 3"))
        (folder / "rows.jsonl").write_bytes(good)
        assert sync().files_failed == 0

    def test_stop_keeps_the_index(self, sync, folder, index):
        sync()
        before = documents_of(index)
        (folder / "03.txt").write_text("نص آخر", "utf-8")
        (folder / "rows.jsonl").write_text("not JSON\n")
        with pytest.raises(RecordError, match=r"rows\.jsonl:1: "):
            sync()
        assert documents_of(index) == before

    @pytest.mark.skipif(os.getuid() == 0, reason="root may look into every directory")
    def test_a_directory_that_cannot_be_looked_into_keeps_its_documents(self, sync, folder):
        sync()
        (folder / "sub").chmod(0)
        try:
            report = sync(on_error=OnError.SKIP, exact=False)
        finally:
            (folder / "sub").chmod(0o755)
        assert (report.deleted, len(report.bad)) == (0, 1)
        assert counts(sync()) == (0, 0, 0, 0, 24)

    def test_a_link_that_leads_nowhere(self, sync, folder):
        (folder / "link.txt").symlink_to(folder / "nowhere.txt")
        assert sync(on_error=OnError.SKIP).files_failed == 1
        (folder / "nowhere.txt").write_text("نص")
        assert counts(sync()) == (2, 0, 0, 0, 24)

    def test_a_file_that_changes_while_it_is_read_is_read_again(self, sync, folder):
        path = folder / "rows.jsonl"

        def append(report: object) -> None:
            if path.stat().st_size < 200:
                with path.open("a") as file:
                    file.write('{"id": "more", "text": "' + "س" * 200 + '"}\n')

        assert sync(SyncEvents(progress=append), exact=False).postponed == 1
        assert sync().files_read == 1

    def test_an_id_of_another_file(self, sync, folder, index):
        sync()
        write_records(folder / "z.jsonl", 3, 4)
        report = sync(on_error=OnError.SKIP, exact=False)
        (bad,) = report.bad
        assert "its id 'r3' is that of a document of" in bad.reason
        assert str(folder / "rows.jsonl") in bad.reason
        (folder / "rows.jsonl").unlink()
        assert sync(AGREE).bad == []
        assert {"r3", "r4"} <= documents_of(index).keys()
