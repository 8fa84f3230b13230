"""Indexes that are checked in: those of readable formats are read, those of others are refused.

`make_index.py` made the one of today's format. Those of older formats are what it made in its time;
of the oldest only the first file is left, which was written by hand.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import searchd
from indexer.check.index_check import verify_index
from indexer.document import Document
from indexer.errors import IndexDamagedError, IndexerError, IndexMismatchError
from indexer.fields import FieldType
from indexer.generation import FORMAT_VERSION, GENERATION_FILE, READABLE_FORMATS
from indexer.segment.array_file import ArrayFile
from indexer.writer import IndexWriter
from tests.formats.make_index import FIELDS, LIVE, directory_of, make_index

CURRENT = directory_of(FORMAT_VERSION)

REMEDY = f"""
{CURRENT.name} in tests/formats is not read as it was written.
- Were the files of an index changed? Raise FORMAT_VERSION in indexer/generation.py, so that indexes
  of users are refused and not misread, and make the index of the new format.
- Was FORMAT_VERSION raised, or did the analysis change? Make the index again. Where the analysis
  changed, READABLE_FORMATS is today's format alone: no older index has its terms.
To make it, run `python -m tests.formats.make_index`, and check in what it writes.
"""


@contextmanager
def remedy() -> Iterator[None]:
    """Let whatever fails say what to do."""
    try:
        yield
    except (IndexerError, AssertionError) as error:
        pytest.fail(f"{error}\n{REMEDY}")


@pytest.fixture
def current() -> Path:
    """The index of today's format."""
    with remedy():
        assert CURRENT.is_dir(), f"there is no {CURRENT.name} in tests/formats"
    return CURRENT


@pytest.fixture(params=sorted(READABLE_FORMATS), ids=lambda version: f"format-{version}")
def version(request, current: Path) -> int:
    """A format that is read."""
    return int(request.param)


@pytest.fixture
def index(version: int, tmp_path: Path) -> Path:
    """A copy of the index of a readable format, which a test may write to."""
    return Path(shutil.copytree(directory_of(version), tmp_path / "index"))


def test_it_is_small_and_has_every_kind_of_content(current):
    files = list(current.iterdir())
    with remedy():
        assert sorted(file.suffix for file in files) == [
            ".deletions", ".json", ".segment", ".segment",
        ]  # fmt: skip
    assert sum(file.stat().st_size for file in files) < 100_000
    assert {spec.type for spec in FIELDS.extra} == set(FieldType)


def test_what_the_documents_hold(index, version):
    with remedy(), searchd.open(index) as engine:
        info = engine.info()
        assert (info.documents, info.segments, info.format) == (len(LIVE), 2, version)
        assert engine.ids("*") == [document.id for document in LIVE]
        hits = engine.search("*", snippet_length=10_000).hits
        for hit, document in zip(hits, LIVE, strict=True):
            assert (hit.id, hit.title, hit.url) == (document.id, document.title, document.url)
            assert (hit.date, hit.fields) == (document.date, document.fields)
            assert "".join(passage.text for passage in hit.snippets) == document.text


@pytest.mark.parametrize(
    ("query", "filters", "expected"),
    [
        pytest.param("كتاب", [], ["library", "name", "market"], id="lemma"),
        pytest.param("=كتب", [], ["library", "name"], id="surface"),
        pytest.param("الماء", [], ["recipe"], id="folded"),
        pytest.param('"السوق القديم"', [], ["market"], id="phrase"),
        pytest.param('"كتب كتاب"~1', [], ["library"], id="phrase-with-others-between"),
        pytest.param("title:الجديد", [], ["market"], id="title"),
        pytest.param("note:الطلاب", [], ["library"], id="extra-text"),
        pytest.param("غورباتش*", [], ["name"], id="pattern"),
        pytest.param("جورباتشوف موسكو", [], ["name"], id="similar"),
        pytest.param("المبارة~", [], ["match"], id="fuzzy"),
        pytest.param("section:ثقافه", [], ["library"], id="keyword"),
        pytest.param("*", ["price>=0", "date>=2024"], ["library", "market"], id="number-and-date"),
        pytest.param("*", ["price<0"], ["empty"], id="negative-number"),
        pytest.param("*", ["seen=2020-03"], ["match"], id="extra-date"),
        pytest.param("مسودة", [], [], id="deleted"),
        pytest.param("الأقمشة", [], [], id="replaced"),
    ],
)
def test_searches(index, query, filters, expected):
    with remedy(), searchd.open(index) as engine:
        assert engine.ids(query, filters=filters) == expected


def test_sorting(index):
    with remedy(), searchd.open(index) as engine:
        hits = engine.search("*", sort="-price").hits
        assert [hit.id for hit in hits][:3] == ["market", "library", "empty"]


def test_it_is_verified(index):
    with remedy():
        verified = verify_index(index)
        assert (verified.documents, verified.segments) == (len(LIVE), 2)


@pytest.mark.parametrize("place", [0.1, 0.5, 0.8])
def test_a_flipped_byte_is_found(index, place):
    segment = max(index.glob("*.segment"), key=lambda path: path.stat().st_size)
    data = bytearray(segment.read_bytes())
    data[int(len(data) * place)] ^= 1
    segment.write_bytes(data)
    with pytest.raises(IndexDamagedError, match=segment.name):
        verify_index(index)


@pytest.mark.parametrize("optimize", [False, True], ids=["appended", "merged"])
def test_it_is_written_to(index, optimize):
    with remedy():
        with IndexWriter(index) as writer:
            assert [writer.upsert(document) for document in LIVE] == ["unchanged"] * len(LIVE)
            assert writer.upsert(Document("new", "كتاب جديد")) == "added"
            assert writer.delete("river")
            writer.commit(optimize=optimize)
        with searchd.open(index) as engine:
            assert engine.ids("كتاب") == ["library", "name", "market", "new"]
            assert engine.count("دجلة") == 0
            assert engine.info().format == FORMAT_VERSION
        assert verify_index(index).documents == len(LIVE)


def test_a_new_index_has_the_same_arrays(current, tmp_path):
    """What is written now and what is checked in are of one format."""
    make_index(tmp_path / "new")
    with remedy():
        assert arrays_of(tmp_path / "new") == arrays_of(current)


def test_an_older_index_becomes_one_of_today_when_it_is_merged(index, tmp_path):
    """Its segments are written anew, in the form that those of a new index have."""
    with remedy():
        for directory in (index, tmp_path / "new"):
            if directory != index:
                make_index(directory)
            with IndexWriter(directory) as writer:
                writer.commit(optimize=True)
        assert arrays_of(tmp_path / "new") == arrays_of(index)


def arrays_of(directory: Path) -> list[tuple[str, dict[str, str]]]:
    """Return the names and types of the arrays in each file."""
    files = [path for path in directory.iterdir() if path.suffix in (".segment", ".deletions")]
    found = []
    for path in files:
        file = ArrayFile(path)
        types = {name: str(file.array(name).all().dtype) for name in file}
        found.append((path.suffix, types))
    return sorted(found, key=str)


OTHERS = sorted({*range(1, FORMAT_VERSION + 2)} - READABLE_FORMATS)


@pytest.fixture(params=OTHERS, ids=lambda version: f"format-{version}")
def other(request, current: Path, tmp_path: Path) -> tuple[int, Path]:
    """A format that is not today's, and a copy of an index of it.

    That of the next format is today's one, of which only the number is another.
    """
    version = request.param
    source = directory_of(version) if version < FORMAT_VERSION else current
    directory = Path(shutil.copytree(source, tmp_path / "other"))
    path = directory / GENERATION_FILE
    path.write_text(json.dumps({**json.loads(path.read_bytes()), "format": version}), "utf-8")
    return version, directory


@pytest.mark.parametrize("open_index", [searchd.open, IndexWriter, verify_index])
def test_another_format_is_refused_with_the_way_out(other, open_index):
    version, directory = other
    before = {path.name: path.read_bytes() for path in directory.iterdir()}
    with pytest.raises(IndexMismatchError) as refusal:
        open_index(directory)
    upgrade = "upgrade searchd, or " if version > FORMAT_VERSION else ""
    assert str(refusal.value) == (
        f"the index at {directory} has format {version}, this is format {FORMAT_VERSION}; {upgrade}"
        f"build the index again with 'searchd index --rebuild'"
    )
    after = {path.name: path.read_bytes() for path in directory.iterdir()}
    assert {name: after[name] for name in before} == before


def test_another_format_is_built_again(other):
    _version, directory = other
    with IndexWriter(directory, FIELDS, rebuild=True) as writer:
        for document in LIVE:
            writer.upsert(document)
        writer.commit()
    with searchd.open(directory) as engine:
        assert engine.ids("*") == [document.id for document in LIVE]
        assert engine.info().format == FORMAT_VERSION
