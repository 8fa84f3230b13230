"""Runs that make an index equal to a folder: what is read, written, moved and deleted."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from indexer.check.index_check import verify_index
from indexer.document import Document
from indexer.errors import RecordError, SourceError, SyncRefusedError
from indexer.fields import FieldMap, FieldSpec, FieldType
from indexer.indexing import OnError, delete_documents
from indexer.repair import Repair
from indexer.sync import file_run
from indexer.sync.folder_sync import sync_folder
from indexer.sync.report import Deletion, SyncEvents, SyncOptions, SyncReport
from tests.indexer.sync.folders import documents_in, documents_of, opened_below, settle

AGREE = SyncEvents(confirm=lambda _deletion: True)

Sync = Callable[..., SyncReport]


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


def write_records(path: Path, *numbers: int) -> None:
    path.write_text("".join(f'{{"id": "r{n}", "text": "سطر {n}"}}\n' for n in numbers), "utf-8")


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


def counts(report: SyncReport) -> tuple[int, int, int, int, int]:
    return report.added, report.replaced, report.moved, report.deleted, report.unchanged


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
