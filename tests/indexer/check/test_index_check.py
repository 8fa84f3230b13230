"""Checks of a whole index: what is counted, and which file is damaged or missing."""

from __future__ import annotations

import threading

import pytest

from indexer import generation as generations
from indexer.check import text_field_check
from indexer.check.index_check import Verified, verify_index
from indexer.document import Document
from indexer.errors import IndexDamagedError, IndexMismatchError, IndexMissingError
from tests.indexer.check.contents import FIELDS, document


class TestWhole:
    def test_it_says_what_there_is(self, whole):
        found = verify_index(whole.directory)
        written = sum(len(data) for name, data in whole.files().items() if name != "searchd.json")
        assert (found.documents, found.segments) == (58, 3)
        assert written * 0.5 < found.bytes < written

    def test_progress_goes_to_its_end(self, whole):
        calls: list[tuple[int, int]] = []
        verify_index(whole.directory, lambda *done: calls.append(done))
        assert len({total for _done, total in calls}) == 1
        assert [done for done, _total in calls] == sorted(done for done, _total in calls)
        done, total = calls[-1]
        assert 0.9 * total < done <= total

    @pytest.mark.parametrize("at_once", [1, 50])
    def test_in_steps(self, whole, monkeypatch, at_once):
        monkeypatch.setattr(text_field_check, "OCCURRENCES_PER_STEP", at_once)
        assert verify_index(whole.directory).documents == 58

    def test_after_every_kind_of_commit(self, index):
        for commit in (
            {"fields": FIELDS},
            {"optimize": True},
            {"delete": ["id0", "id1"]},
            {"delete": ["id2"], "optimize": True},
            {"rebuild": True},
        ):
            index.write(*map(document, range(9)), **commit)
            assert verify_index(index.directory).documents == len(index.texts())

    def test_an_empty_index(self, index):
        index.write()
        assert verify_index(index.directory) == Verified(0, 0, 0)
        index.write(Document("1", ""))
        assert verify_index(index.directory).documents == 1

    def test_nothing_is_changed(self, whole):
        before = whole.files()
        verify_index(whole.directory)
        assert whole.files() == before

    def test_while_a_writer_commits(self, index):
        index.write(document(0), fields=FIELDS)

        def write() -> None:
            for number in range(40):
                index.write(document(number), optimize=number % 3 == 0)

        writer = threading.Thread(target=write)
        writer.start()
        seen = []
        while writer.is_alive():
            seen.append(verify_index(index.directory).documents)
        writer.join()
        assert seen == sorted(seen)
        assert verify_index(index.directory).documents == 40

    def test_ids_with_one_hash(self, index, monkeypatch):
        for module in (
            "indexer.segment.document_store",
            "indexer.segment.write.document_store_writer",
            "indexer.check.segment_check",
        ):
            monkeypatch.setattr(f"{module}.id_hash", lambda _id: 7)
        index.write(*map(document, range(5)), fields=FIELDS)
        assert verify_index(index.directory).documents == 5


@pytest.mark.parametrize("file", ["searchd.json", "segment", "deletions"])
@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: b"", id="empty"),
        pytest.param(lambda data: data[:-1], id="truncated"),
        pytest.param(lambda data: data[: len(data) // 2], id="half"),
        pytest.param(lambda data: bytes(len(data)), id="zeros"),
        pytest.param(lambda data: data[:70] + bytes([data[70] ^ 1]) + data[71:], id="one-bit"),
        pytest.param(lambda data: data + b"\0", id="longer"),
    ],
)
def test_a_damaged_file_is_named(whole, file, damage):
    path = next(path for path in sorted(whole.directory.iterdir()) if path.name.endswith(file))
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(IndexDamagedError, match=rf"{path.name}.*'searchd index --rebuild'"):
        verify_index(whole.directory)


@pytest.mark.parametrize("file", [".segment", ".deletions"])
def test_a_file_that_is_missing_is_named(whole, file):
    path = next(path for path in whole.directory.iterdir() if path.name.endswith(file))
    path.unlink()
    with pytest.raises(IndexDamagedError, match=rf"lacks a file \(.*{path.name}.*--rebuild"):
        verify_index(whole.directory)


def test_no_index(tmp_path):
    with pytest.raises(IndexMissingError, match="searchd index"):
        verify_index(tmp_path)


def test_another_format(whole):
    path = whole.directory / generations.GENERATION_FILE
    now = f'"format": {generations.FORMAT_VERSION}'
    path.write_text(path.read_text("utf-8").replace(now, '"format": 99'), "utf-8")
    with pytest.raises(IndexMismatchError, match="format 99"):
        verify_index(whole.directory)
