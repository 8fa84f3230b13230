from __future__ import annotations

import gzip
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from indexer.sources import parquet, read_records, scan
from indexer.sources.file_reading import read_file
from indexer.sources.formats import Format
from indexer.sources.parquet import _plain

arro3_core = pytest.importorskip("arro3.core")
arro3_io = pytest.importorskip("arro3.io")


@pytest.fixture
def write(tmp_path):
    def write_columns(columns, **options):
        arrays = [arro3_core.Array(values, type=kind) for kind, values in columns.values()]
        table = arro3_core.Table.from_arrays(arrays, names=list(columns))
        path = tmp_path / "a.parquet"
        arro3_io.write_parquet(table, path, **options)
        return path

    return write_columns


TEXT, NUMBER = arro3_core.DataType.string(), arro3_core.DataType.int64()


def test_rows_are_records(write):
    path = write({"id": (NUMBER, [1, 2]), "text": (TEXT, ["كتاب", None])})
    items = list(read_records([path]))
    assert [dict(item.values) for item in items] == [{"id": 1, "text": "كتاب"}, {"id": 2}]
    assert items[1].origin == f"{path}#2"
    assert sum(item.size for item in items) == path.stat().st_size


def test_without_a_text_all_texts_are_the_text(write):
    (item,) = read_records([write({"a": (TEXT, ["أ"]), "n": (NUMBER, [1]), "b": (TEXT, ["ب"])})])
    assert item.values["text"] == "أ\nب"


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (b"x", None),
        (datetime(2020, 1, 1, tzinfo=UTC), "2020-01-01T00:00:00+00:00"),
        (date(2020, 1, 1), "2020-01-01"),
        (timedelta(1), "1 day, 0:00:00"),
        (Decimal("1.50"), "1.50"),
        ({"name": "ن", "raw": b"x"}, {"name": "ن", "raw": None}),
        ([("k", "v")], {"k": "v"}),
        (["أ", "ب"], ["أ", "ب"]),
        (1.5, 1.5),
    ],
)
def test_values(value, plain):
    assert _plain(value) == plain


def test_rows_come_in_batches(write, monkeypatch):
    monkeypatch.setattr(parquet, "_BATCH_ROWS", 10)
    path = write({"text": (TEXT, ["نص " * 50] * 100)}, max_row_group_size=20)
    seen = []
    opened = parquet._open

    def counting(source):
        for batch in opened(source):
            seen.append(batch.num_rows)
            yield batch

    monkeypatch.setattr(parquet, "_open", counting)
    items = read_file(scan([path]).files[0])
    next(items)
    assert sum(seen) <= 20
    assert 1 + sum(1 for _ in items) == sum(seen) == 100
    assert max(seen) <= 10


def test_a_compressed_file(write):
    path = write({"text": (TEXT, ["نص"])})
    data = gzip.compress(path.read_bytes())
    path = path.with_name("a.parquet.gz")
    path.write_bytes(data)
    (item,) = read_records([path])
    assert item.values["text"] == "نص"
    assert item.size == len(data)


def damage_end(data: bytes) -> bytes:
    return data[:-9]


def damage_footer(data: bytes) -> bytes:
    return data[:-40] + b"\xff" * 32 + data[-8:]


@pytest.mark.parametrize("damage", [damage_end, damage_footer])
def test_a_damaged_file(write, damage):
    path = write({"text": (TEXT, ["نص"])})
    path.write_bytes(damage(path.read_bytes()))
    (item,) = read_records([path])
    assert item.reason.startswith("not a sound Parquet file")


def test_without_its_library_the_error_says_what_to_install(write, monkeypatch):
    path = write({"text": (TEXT, ["نص"])})
    monkeypatch.setitem(sys.modules, "arro3.io", None)
    monkeypatch.setattr(Format, "is_installed", True)
    (item,) = read_file(scan([path]).files[0])
    assert item.reason.endswith("pip install 'searchd[parquet]'")
