"""A segment of more than 65,536 documents: what is found, merged, and said of its chunks of ids."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import searchd
from indexer.check.index_check import verify_index
from indexer.document import Document
from indexer.errors import IndexDamagedError
from indexer.fields import FieldMap
from indexer.segment.array_file import ArrayFile
from indexer.writer import IndexWriter
from tests.indexer.check.contents import cut, put, rewrite, swap

BOUND = 1 << 16
COUNT = BOUND + 3_000
LATE = range(BOUND, COUNT, 500)


def text_of(number: int) -> str:
    words = ["كتاب", "مدرسة" if number % 7 == 0 else "نهر", "طويل"]
    if number in LATE:
        words.append("جبل عال")
    if number % 10_000 == 4:
        words += ["مطار"] * 3
    return " ".join(words)


@pytest.fixture(scope="module")
def large(tmp_path_factory) -> Path:
    """An index of one segment."""
    directory = Path(tmp_path_factory.mktemp("large") / "index")
    with IndexWriter(directory, FieldMap()) as writer:
        for number in range(COUNT):
            writer.upsert(Document(str(number), text_of(number)))
        writer.commit()
    return directory


@pytest.fixture
def index(large, tmp_path) -> Path:
    """A copy, which a test may change."""
    return Path(shutil.copytree(large, tmp_path / "index"))


def segment_of(directory: Path) -> Path:
    (path,) = directory.glob("*.segment")
    return path


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        pytest.param("مدرسة", lambda number: number % 7 == 0, id="word"),
        pytest.param("جبل", lambda number: number in LATE, id="late-documents-alone"),
        pytest.param("مطار", lambda number: number % 10_000 == 4, id="several-times-in-each"),
        pytest.param('"مدرسة طويل"', lambda number: number % 7 == 0, id="phrase"),
        pytest.param(
            '"طويل جبل عال"', lambda number: number in LATE, id="phrase-from-a-common-word"
        ),
        pytest.param(
            '"مدرسة مطار"~2',
            lambda number: number % 7 == 0 and number % 10_000 == 4,
            id="near",
        ),
        pytest.param("+نهر +جبل", lambda number: number in LATE and number % 7, id="both"),
        pytest.param("=كتاب -نهر", lambda number: number % 7 == 0, id="without"),
    ],
)
def test_what_is_found(large, query: str, holds: Callable[[int], Any]):
    with searchd.open(large) as engine:
        found = engine.ids(query)
    assert found == [str(number) for number in range(COUNT) if holds(number)]


def test_ids_take_two_bytes(large):
    sizes = ArrayFile(segment_of(large)).sizes()
    postings = sizes["text.counts"]
    assert sizes["text.ids"] == 2 * postings
    assert sizes["text.id_chunks"] < postings // 1_000


def test_it_is_verified(large):
    assert verify_index(large).documents == COUNT


def test_merged_without_deleted_documents(index):
    with IndexWriter(index) as writer:
        for number in range(0, COUNT, 2):
            writer.delete(str(number))
        for number in range(COUNT, COUNT + BOUND):
            writer.upsert(Document(str(number), "كتاب جديد"))
        writer.commit(optimize=True)
    assert verify_index(index).documents == COUNT // 2 + BOUND
    assert "text.id_chunks" in ArrayFile(segment_of(index))
    with searchd.open(index) as engine:
        assert engine.ids("جبل") == [str(number) for number in LATE if number % 2]
        assert engine.count("كتاب") == COUNT // 2 + BOUND
        assert engine.ids("جديد")[-1] == str(COUNT + BOUND - 1)


def test_no_chunks_after_most_documents_are_deleted(index):
    with IndexWriter(index) as writer:
        for number in range(5_000):
            writer.delete(str(number))
        writer.commit(optimize=True)
    assert "text.id_chunks" not in ArrayFile(segment_of(index))
    assert verify_index(index).documents == COUNT - 5_000
    with searchd.open(index) as engine:
        assert engine.ids("جبل") == [str(number) for number in LATE]


def less_of_the_first(runs: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return runs of which the first has one id less, and the next one more."""
    changed = runs.copy()
    changed[0] -= 1
    changed[1] += 1
    return changed


@pytest.mark.parametrize(
    ("name", "change"),
    [
        pytest.param("text.ids", lambda ids: ids.astype(np.uint8), id="ids-of-one-byte"),
        pytest.param("text.id_chunks", lambda chunks: chunks.astype(np.uint16), id="chunks"),
        pytest.param("text.id_chunks", lambda chunks: chunks.astype(np.uint8), id="small-chunks"),
    ],
)
def test_another_type_is_never_read(index, name, change):
    rewrite(segment_of(index), {name: change})
    with pytest.raises(IndexDamagedError, match=rf"{name}: of (the|a) type"):
        searchd.open(index)


def test_ids_without_their_chunks_are_never_read(index):
    rewrite(segment_of(index), {}, without=("text.id_chunks", "text.id_chunk_starts"))
    with pytest.raises(IndexDamagedError, match=r"text\.ids: of a type that does not hold every"):
        searchd.open(index)


@pytest.mark.parametrize("query", ["=مدرسة", "مدرس*", "كتاب", '"مدرسة طويل"'])
def test_chunks_that_do_not_fit_are_never_read(index, query):
    rewrite(segment_of(index), {"text.id_chunks": lambda chunks: chunks | np.uint32(BOUND - 1)})
    with searchd.open(index) as engine, pytest.raises(IndexDamagedError, match=r"text\.id_chunks"):
        engine.ids(query)


@pytest.mark.parametrize(
    ("name", "change", "reason"),
    [
        pytest.param("text.id_chunks", less_of_the_first, "text", id="another-bound"),
        pytest.param(
            "text.id_chunks", put(0, 50), "text.id_chunks: of other sizes", id="another-size"
        ),
        pytest.param(
            "text.id_chunks", swap(0, 1), "text.id_chunks: of other sizes", id="another-order"
        ),
        pytest.param(
            "text.id_chunks",
            lambda runs: runs & np.uint32(BOUND - 1),
            "text.id_chunks: not ascending in a term",
            id="one-higher-part",
        ),
        pytest.param(
            "text.id_chunks",
            lambda runs: runs + np.uint32(7 << 16),
            "text.ids: no such document",
            id="larger-than-all",
        ),
        pytest.param("text.id_chunks", cut, "text.id_chunks: not as many", id="one-less"),
        pytest.param("text.id_chunk_starts", cut, "text.id_chunk_starts: not of each", id="starts"),
        pytest.param(
            "text.id_chunk_starts", put(1, 0), "text.id_chunk_starts: not of each", id="none"
        ),
    ],
)
def test_chunks_that_do_not_fit(index, name, change, reason):
    rewrite(segment_of(index), {name: change})
    with pytest.raises(IndexDamagedError, match=reason):
        verify_index(index)
