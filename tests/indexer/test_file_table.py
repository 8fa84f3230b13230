"""The table of files: what is written is read back, row by row, copied or not."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from indexer.file_table import (
    FileDocument,
    FileRow,
    FileState,
    FileTable,
    FileTableWriter,
    Root,
    file_digest,
    order_key,
)
from indexer.segment.array_file import ArrayFile

ROOT = Root("/وثائق", "settings", "txt,md")
OTHER = Root("/other\udcff", "", "")


def row(name: str, number: int) -> FileRow:
    return FileRow(
        name.encode(),
        number,
        10**18 + number,
        2**64 - 1 - number,
        FileState(number % 4),
        bytes([number]) * 16,
    )


def document(name: str, number: int) -> FileDocument:
    return FileDocument(name, bytes([number]) * 16, is_named=number % 2 == 0)


ROWS = [
    (row("a/b", 1), [document("a/b", 1)]),
    (row("a.txt", 2), []),
    (row("كتب.jsonl", 3), [document(f"رقم{number}", number) for number in range(200)]),
]


def read_back(writer: FileTableWriter, path: Path) -> FileTable:
    writer.write(path)
    return FileTable(ArrayFile(path))


def content(table: FileTable, root: Root) -> list[tuple[FileRow, list[FileDocument]]]:
    found = table.root(root.path)
    assert found is not None
    rows = range(found.start, found.stop)
    assert [table.row(number) for number in rows] == list(table.rows(found.start, found.stop))
    return [(table.row(number), table.documents(number)) for number in rows]


@pytest.fixture
def table(tmp_path: Path) -> FileTable:
    writer = FileTableWriter()
    writer.begin_root(OTHER)
    writer.add(*ROWS[1])
    writer.begin_root(ROOT)
    for each in ROWS:
        writer.add(*each)
    return read_back(writer, tmp_path / "first.files")


def test_rows_are_read_back(table):
    assert content(table, ROOT) == ROWS
    assert content(table, OTHER) == [ROWS[1]]
    assert table.roots == (OTHER._replace(start=0, stop=1), ROOT._replace(start=1, stop=4))
    assert table.root("/nowhere") is None


def test_ranges_are_copied(table, tmp_path):
    writer = FileTableWriter()
    writer.begin_root(ROOT)
    writer.copy(table, 1, 2)
    writer.add(row("between", 9), [document("x", 9)])
    writer.copy(table, 2, 4)
    writer.begin_root(OTHER)
    writer.copy(table, 0, 1)
    copied = read_back(writer, tmp_path / "second.files")
    assert content(copied, ROOT) == [ROWS[0], (row("between", 9), [document("x", 9)]), *ROWS[1:]]
    assert content(copied, OTHER) == [ROWS[1]]


@pytest.mark.parametrize(
    ("document_id", "owner"), [("a/b", 1), ("رقم0", 3), ("رقم199", 3), ("رقم200", None), ("", None)]
)
def test_the_file_of_a_document(table, document_id, owner):
    assert table.owner(document_id) == owner


def test_an_empty_table(tmp_path):
    for table in (FileTable(), read_back(FileTableWriter(), tmp_path / "empty.files")):
        assert (table.roots, table.file_count, table.owner("x")) == ((), 0, None)
        assert list(table.rows(0, 0)) == []


def test_names_are_ordered_part_by_part():
    names = [b"a", b"a/b", b"a/b/c", b"a b/x", b"a.txt", b"a0", b"b"]
    assert all(order_key(first) < order_key(second) for first, second in pairwise(names))


def test_the_digest_is_that_of_the_content(tmp_path):
    (tmp_path / "a").write_bytes(b"1" * 300_000)
    (tmp_path / "b").write_bytes(b"1" * 300_000)
    (tmp_path / "c").write_bytes(b"1" * 299_999 + b"2")
    first, second, third = (file_digest(tmp_path / name) for name in "abc")
    assert first == second != third
    assert len(first) == 16
