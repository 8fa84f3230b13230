from __future__ import annotations

import bz2
import gzip
import io
import lzma

import pytest
import zstandard

from indexer.sources import read_records
from indexer.sources.compression import Compression, decompressed

LINES = b"".join(b'{"id": %d, "n": %d}\n' % (i, i * 7919 % 1000003) for i in range(30_000))
COMPRESS = {
    Compression.GZIP: gzip.compress,
    Compression.BZIP2: bz2.compress,
    Compression.XZ: lzma.compress,
    Compression.ZSTANDARD: zstandard.ZstdCompressor(write_checksum=True).compress,
}


@pytest.mark.parametrize("compression", Compression)
def test_each_compression_is_read_in_several_frames_too(tmp_path, compression):
    path = tmp_path / f"a.jsonl.{compression}"
    path.write_bytes(COMPRESS[compression](LINES) + COMPRESS[compression](b'{"id": "last"}'))
    *_, last = items = list(read_records([path]))
    assert len(items) == 30_001
    assert last.values == {"id": "last"}
    assert sum(item.size for item in items) == path.stat().st_size


@pytest.mark.parametrize("compression", Compression)
def test_a_file_that_is_cut_off_gives_what_is_before_the_break(tmp_path, compression):
    stored = COMPRESS[compression](LINES)
    path = tmp_path / f"a.jsonl.{compression}"
    path.write_bytes(stored[: len(stored) * 3 // 4])
    *items, bad = read_records([path])
    assert bad.reason == "the compressed file ends too early; copy or download it again"
    assert (len(items) > 10_000) is (compression is not Compression.BZIP2)  # its blocks are long


@pytest.mark.parametrize("compression", Compression)
def test_a_damaged_file_is_named(tmp_path, compression):
    stored = bytearray(COMPRESS[compression](LINES))
    stored[200:220] = bytes(20)
    path = tmp_path / "a.jsonl"
    path.write_bytes(stored)
    *_, bad = read_records([path])
    assert "not a sound" in bad.reason or "cannot be read" in bad.reason


def test_zstandard_expands_a_little_at_a_time():
    bomb = zstandard.compress(bytes(1 << 28))
    stream = decompressed(io.BytesIO(bomb), Compression.ZSTANDARD)
    raw = stream.raw  # type: ignore[attr-defined]
    assert stream.read(10) == bytes(10)
    assert len(raw._pending) < 1 << 26
