"""Files that claim more than they hold, or are no files: an error, and nothing is allocated."""

from __future__ import annotations

import json
import os
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zstandard

from indexer import generation as generations
from indexer.check.index_check import verify_index
from indexer.document import Document
from indexer.errors import IndexDamagedError
from indexer.segment.array_file import ArrayFile, ArrayFileWriter
from indexer.segment.document_store import BLOCK_SIZES
from indexer.snapshot import Snapshot
from indexer.writer import IndexWriter

Read = Callable[[Path], object]


def read_texts(directory: Path) -> object:
    return [segment.documents.text(0) for segment in Snapshot(directory).segments]


OPENING: list[Read] = [Snapshot, verify_index, IndexWriter]


@pytest.fixture
def small(index):
    """Two documents in one segment, another one, and a deletion."""
    index.write(*(Document(str(number), f"كتاب رقم {number}") for number in range(20)))
    index.write(Document("last", "مدرسة"), delete=["7"])
    return index


def rewrite(path: Path, arrays: dict[str, Any], values: dict[str, Any] | None = None) -> None:
    """Write a segment again with some other arrays, values and the checksums that they need."""
    array_file = ArrayFile(path)
    every = {name: np.array(array_file.array(name).all()) for name in array_file} | arrays
    with ArrayFileWriter(path.with_suffix(".draft")) as writer:
        for name, array in every.items():
            writer.add(name, array)
        writer.finish({**array_file.values, **(values or {})})
    path.with_suffix(".draft").replace(path)


def first_segment(directory: Path) -> Path:
    return directory / generations.read(directory).segments[0].name


@pytest.mark.parametrize("read", OPENING)
@pytest.mark.parametrize("kind", ["fifo", "directory", "device"])
@pytest.mark.parametrize("ending", ["searchd.json", ".segment", ".deletions"])
def test_what_is_no_regular_file_is_not_opened(small, ending, kind, read):
    """To open a FIFO would wait for ever."""
    path = next(path for path in small.directory.iterdir() if path.name.endswith(ending))
    path.unlink()
    {
        "fifo": lambda: os.mkfifo(path),
        "directory": path.mkdir,
        "device": lambda: path.symlink_to("/dev/zero"),
    }[kind]()
    with pytest.raises(IndexDamagedError, match=rf"{path.name} is damaged: it is no regular file"):
        read(small.directory)


@pytest.mark.parametrize("read", OPENING)
def test_a_number_of_documents_that_the_file_has_no_room_for(small, read):
    count = 3_000_000_000
    current = generations.read(small.directory)
    entries = (replace(current.segments[0], documents=count), *current.segments[1:])
    generations.write(small.directory, replace(current, segments=entries))
    path = first_segment(small.directory)
    rewrite(path, {}, {"documents": count})
    tracemalloc.start()
    try:
        with pytest.raises(IndexDamagedError, match=rf"{path.name} is damaged: .*each document"):
            read(small.directory)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def bomb(size: int) -> bytes:
    """Return a compressed block of zeros; it is about 20,000 times smaller."""
    return zstandard.ZstdCompressor(level=19).compress(bytes(size))


@pytest.mark.parametrize("claims", [False, True], ids=["plain", "index-says-so"])
@pytest.mark.parametrize("read", [read_texts, verify_index])
def test_a_block_that_expands_to_more_than_the_index_says(small, read, claims):
    size = 40_000_000
    data = np.frombuffer(bomb(size), np.uint8)
    arrays: dict[str, Any] = {
        "texts.bytes": data,
        "texts.block_starts": np.array([0, data.size], np.int64),
    }
    if claims:  # larger than any block may be
        arrays[BLOCK_SIZES] = np.array([1 << 40], np.uint64)
    rewrite(first_segment(small.directory), arrays)
    tracemalloc.start()
    try:
        with pytest.raises(IndexDamagedError, match=r"it says that it has 40,000,000 bytes, not"):
            read(small.directory)
        assert tracemalloc.get_traced_memory()[1] < size // 4
    finally:
        tracemalloc.stop()


def test_a_block_that_says_nothing_of_its_size(small):
    compressor = zstandard.ZstdCompressor(write_content_size=False)
    data = np.frombuffer(compressor.compress(bytes(1000)), np.uint8)
    starts = np.array([0, data.size], np.int64)
    rewrite(first_segment(small.directory), {"texts.bytes": data, "texts.block_starts": starts})
    with pytest.raises(IndexDamagedError, match="a block of texts cannot be read"):
        read_texts(small.directory)


def test_an_index_without_the_sizes_of_its_blocks_is_read(small):
    """They were added later."""
    path = first_segment(small.directory)
    array_file = ArrayFile(path)
    every = {name: np.array(array_file.array(name).all()) for name in array_file}
    del every[BLOCK_SIZES]
    with ArrayFileWriter(path.with_suffix(".draft")) as writer:
        for name, array in every.items():
            writer.add(name, array)
        writer.finish({"documents": 20, "fields": ["title", "text"]})
    path.with_suffix(".draft").replace(path)
    verify_index(small.directory)
    small.write(Document("new", "جديد"), optimize=True)
    verify_index(small.directory)
    assert len(small.texts()) == 21


@pytest.mark.parametrize(
    "directory",
    [
        b"[" * 100_000,
        b"[]",
        b"3",
        b"{}",
        b"{",
        b'{"arrays": [], "values": {}}',
        b'{"arrays": {}, "values": 3}',
        b'{"arrays": {"a": null}, "values": {}}',
        b'{"arrays": {"a": [0, "<u4", 1e9]}, "values": {}}',
        b'{"arrays": {"a": [0, "<u4", 3000000000]}, "values": {}}',
        b'{"arrays": {"a": [-4, "<u4", 1]}, "values": {}}',
        b'{"arrays": {"a": [8, "<u4", -1]}, "values": {}}',
        b'{"arrays": {"a": [0, "|O8", 1]}, "values": {}}',
        b'{"arrays": {"a": [0, "<U9", 1]}, "values": {}}',
        b'{"arrays": {"a": [0, "<u4", 1' + b"0" * 5000 + b']}, "values": {}}',
    ],
    ids=lambda data: data[:40].decode(),
)
def test_the_directory_of_a_file(tmp_path, monkeypatch, directory):
    """Its checksum fits."""
    monkeypatch.setattr(json, "dumps", lambda _values: directory.decode())
    with ArrayFileWriter(tmp_path / "a") as writer:
        writer.add("it", np.arange(4))
        writer.finish({})
    with pytest.raises(IndexDamagedError, match="is damaged: its directory"):
        ArrayFile(tmp_path / "a")
