"""Files that change while they are read: never half old, half new without a word."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.sources import BadRecord, Record, read_records, reading
from indexer.sources.source_file import SourceFile


def write(path: Path, text: str, time: int) -> None:
    """Write a file in its place, with a time of change that differs for each call."""
    with path.open("r+" if path.exists() else "w", encoding="utf-8") as file:
        file.truncate()
        file.write(text)
    os.utime(path, ns=(time, time))


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, Callable[[int], None]], list[int]]:
    """Return a function after which each of the first reads of a file is followed by a change."""

    def arrange(count: int, change: Callable[[int], None]) -> list[int]:
        calls: list[int] = []
        read_file = reading.read_file

        def read_and_change(
            file: SourceFile, *rest: object, **limits: object
        ) -> Iterator[Record | BadRecord]:
            calls.append(len(calls))
            yield from read_file(file, *rest, **limits)  # type: ignore[arg-type]
            if len(calls) <= count:
                change(len(calls))

        monkeypatch.setattr(reading, "read_file", read_and_change)
        return calls

    return arrange


def test_a_file_that_stays_is_read_once(tmp_path, reads):
    write(tmp_path / "a.txt", "نص", 1)
    calls = reads(0, lambda _: None)
    assert len(list(read_records([tmp_path]))) == 1
    assert len(calls) == 1


def test_a_text_that_changes_is_read_again(tmp_path, reads):
    write(tmp_path / "a.txt", "قديم", 1)
    calls = reads(1, lambda n: write(tmp_path / "a.txt", "نص جديد", n + 1))
    (record,) = read_records([tmp_path])
    assert isinstance(record, Record)
    assert record.values["text"] == "نص جديد"
    assert len(calls) == 2


def test_a_text_that_keeps_changing_is_a_bad_record(tmp_path, reads):
    write(tmp_path / "a.txt", "قديم", 1)
    calls = reads(9, lambda n: write(tmp_path / "a.txt", f"نص {n}", n + 1))
    (bad,) = read_records([tmp_path])
    assert isinstance(bad, BadRecord)
    assert "changed while it was read" in bad.reason
    assert len(calls) == 2


def test_a_text_that_is_replaced_or_deleted_was_read_as_it_was(tmp_path, reads):
    path = tmp_path / "a.txt"
    write(path, "قديم", 1)

    def replace(_: int) -> None:
        write(tmp_path / "new", "جديد", 2)
        (tmp_path / "new").replace(path)

    for change in (replace, lambda _: path.unlink()):
        calls = reads(1, change)
        (record,) = read_records([path])
        assert isinstance(record, Record)
        assert len(calls) == 1


def lines(*numbers: int) -> str:
    return "".join(f'{{"id": "{n}", "text": "نص"}}\n' for n in numbers)


@pytest.mark.parametrize(
    ("after", "is_bad"),
    [
        pytest.param(lines(1, 2, 3, 4), False, id="longer"),
        pytest.param(lines(1, 2), True, id="shorter"),
        pytest.param(lines(7, 8, 9), True, id="rewritten"),
    ],
)
def test_a_file_of_many_records(tmp_path, reads, after, is_bad):
    write(tmp_path / "a.jsonl", lines(1, 2, 3), 1)
    calls = reads(1, lambda n: write(tmp_path / "a.jsonl", after, n + 1))
    found = list(read_records([tmp_path]))
    assert [each.values["id"] for each in found if isinstance(each, Record)] == ["1", "2", "3"]
    bad = [each for each in found if isinstance(each, BadRecord)]
    assert [each.origin for each in bad] == [str(tmp_path / "a.jsonl")] * is_bad
    assert len(calls) == 1


def test_a_page_in_a_reader_process_is_read_again(tmp_path, monkeypatch):
    from tests.indexer.sources.office.packages import docx

    path = tmp_path / "a.docx"
    old, new = (docx(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>") for text in ("قديم", "نص جديد"))
    path.write_bytes(old)
    submit = reading.ReaderProcesses.submit
    asked = []

    def submit_and_change(self, file):
        task = submit(self, file)
        asked.append(file)
        if len(asked) == 1:
            path.write_bytes(new)
            os.utime(path, ns=(5, 5))
        return task

    monkeypatch.setattr(reading.ReaderProcesses, "submit", submit_and_change)
    (record,) = read_records([tmp_path])
    assert isinstance(record, Record)
    assert record.values["text"] == "نص جديد"
    assert len(asked) == 1
