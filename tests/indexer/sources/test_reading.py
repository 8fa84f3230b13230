from __future__ import annotations

import gzip
import io
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.sources import BadRecord, Record, read_records, scan, total_bytes


def lines(count: int) -> bytes:
    generator = random.Random(7)
    return b"".join(
        b'{"id": %d, "n": %d}\n' % (i, generator.getrandbits(200)) for i in range(count)
    )


def test_all_files_in_order_and_sizes_sum_to_the_total(tmp_path: Path):
    (tmp_path / "a.jsonl").write_bytes(b'\n{"id": 1}\n\n')
    (tmp_path / "b.jsonl").write_bytes(b"\n \n")
    (tmp_path / "c.csv.gz").write_bytes(gzip.compress(b"id,text\n2,x\n"))
    (tmp_path / "d.txt").write_bytes("كتاب".encode("cp1256"))
    (tmp_path / "e.bin").write_bytes(b"?")
    found = scan([tmp_path])
    items = list(read_records(found))
    assert [item.values["id"] for item in items] == [1, "2", "d.txt"]
    assert sum(item.size for item in items) == found.total_bytes == total_bytes([tmp_path])


def test_sizes_within_a_compressed_file_grow_with_it(tmp_path: Path):
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(lines(60_000)))
    items = list(read_records([path]))
    half = sum(item.size for item in items[:30_000]) / path.stat().st_size
    assert 0.3 < half < 0.8


@pytest.mark.parametrize("count", [20, 60_000], ids=["within-the-sample", "beyond-the-sample"])
def test_a_truncated_gzip_file_gives_what_is_before_the_break(tmp_path: Path, count: int):
    path = tmp_path / "a.jsonl.gz"
    stored = gzip.compress(lines(count))
    path.write_bytes(stored[: len(stored) * 3 // 4])
    (tmp_path / "b.jsonl").write_bytes(b'{"id": "last"}')
    *_, bad, last = items = list(read_records([tmp_path]))
    assert len(items) > count // 2
    assert bad.reason == "the compressed file ends too early; copy or download it again"
    assert last.values == {"id": "last"}


@pytest.mark.parametrize("name", ["a.txt.gz", "a.jsonl.gz", "a.html.gz", "a.trec.gz"])
def test_what_is_not_gzip_is_reported(tmp_path: Path, name: str):
    (tmp_path / name).write_bytes(b"plain text")
    (item,) = read_records([tmp_path])
    assert item == BadRecord(str(tmp_path / name), item.reason, 10)
    assert "not a sound gzip file" in item.reason


def test_a_compressed_file_without_the_suffix_is_read(tmp_path: Path):
    (tmp_path / "a.jsonl").write_bytes(gzip.compress(b'{"id": 7}'))
    (item,) = read_records([tmp_path])
    assert item.values == {"id": 7}


def test_a_file_that_is_compressed_twice_is_explained(tmp_path: Path):
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(gzip.compress(b"{}")))
    (item,) = read_records([tmp_path])
    assert "is compressed with gzip" in item.reason


def test_a_file_that_vanishes_is_reported(tmp_path: Path):
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "b.txt").write_text("y")
    found = scan([tmp_path])
    (tmp_path / "a.txt").unlink()
    bad, good = read_records(found)
    assert "not there any more" in bad.reason
    assert isinstance(good, Record)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_reported(tmp_path: Path):
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "a.txt").chmod(0)
    (bad,) = read_records([tmp_path])
    assert "chmod" in bad.reason


def test_standard_input_is_read_and_left_open():
    stdin = io.BytesIO(b'{"id": 1}\n{"id": 2}\n')
    items = list(read_records(["-"], stdin=stdin))
    assert [(item.origin, item.values["id"]) for item in items] == [("stdin:1", 1), ("stdin:2", 2)]
    assert not stdin.closed


def test_standard_input_in_another_format():
    (item,) = read_records(
        ["-"], stdin=io.BytesIO("عنوان\n\nنص".encode("utf-16")), stdin_format="txt"
    )
    assert item.values == {"id": "stdin", "title": "عنوان", "text": "نص"}


def test_a_name_that_is_no_text_can_be_printed(tmp_path: Path):
    try:
        (tmp_path / os.fsdecode(b"\xff.txt")).write_text("x")
    except OSError:
        pytest.skip("this file system holds only text names")
    (item,) = read_records([tmp_path])
    item.origin.encode()


def test_importing_the_sources_loads_no_parser():
    code = (
        "import sys, indexer.sources, indexer.mapping\n"
        "sys.exit(sorted({'selectolax', 'charset_normalizer', 'whoosh'} & set(sys.modules)))"
    )
    root = Path(__file__).parents[3]
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, check=False
    )
    assert result.stderr.strip() == b"[]"
