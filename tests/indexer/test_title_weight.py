"""The title weight of an index: written into it, used by every reader, and never mixed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from whoosh.qparser import QueryParser

from indexer import generation as generations
from indexer.check.index_check import verify_index
from indexer.document import Document
from indexer.errors import IndexDamagedError, IndexMismatchError
from indexer.fields import DEFAULT_TITLE_WEIGHT
from indexer.indexing import index_records
from indexer.snapshot import Snapshot
from indexer.sources.records import Record
from indexer.whoosh import open_whoosh_index
from indexer.writer import IndexWriter

TITLES = ["كتاب التاريخ", "المدرسة", "", "كتاب", "تاريخ كتاب كتاب"]
TEXTS = ["عن المدرسة", "كتاب في المدرسة", "كتاب كتاب كتاب", "", "المدرسة والكتاب في التاريخ"]


def documents(repeat: int = 1) -> list[Document]:
    """Return documents whose titles are written several times, one after the other."""
    return [
        Document(str(number), text, title=" ".join([title] * repeat))
        for number, (title, text) in enumerate(zip(TITLES, TEXTS, strict=True))
    ]


@pytest.mark.parametrize("weight", [1, 5, 100])
@pytest.mark.parametrize("processes", [1, 2])
def test_a_weighted_title_counts_like_one_written_so_many_times(index, tmp_path, weight, processes):
    index.write(*documents(), title_weight=weight, processes=processes)
    index.write(Document("more", "نص", title="كتاب"))  # a later writer keeps the weight
    other = type(index)(tmp_path / "repeated")
    other.write(*documents(weight), title_weight=1)
    other.write(Document("more", "نص", title=" ".join(["كتاب"] * weight)))
    for optimize in (False, True):
        index.write(optimize=optimize)
        other.write(optimize=optimize)
        weighted, repeated = Snapshot(index.directory), Snapshot(other.directory)
        assert weighted.generation.title_weight == weight
        assert weighted.mean_length == repeated.mean_length
        for one, two in zip(weighted.segments, repeated.segments, strict=True):
            assert one.title_weight == weight
            assert np.array_equal(one.lengths, two.lengths)
            for term in ("كتاب", "تاريخ", "مدرس"):
                for field in ("", "title"):
                    found, expected = (
                        segment.postings.postings_of(field, "stem", term) for segment in (one, two)
                    )
                    assert found.ids.tolist() == expected.ids.tolist()
                    assert found.frequencies.tolist() == expected.frequencies.tolist()
        verify_index(index.directory)


def test_whoosh_reads_the_weight_of_the_index(index, tmp_path):
    index.write(*documents(), title_weight=5)
    other = type(index)(tmp_path / "repeated")
    other.write(*documents(5), title_weight=1)
    scores = []
    for directory in (index.directory, other.directory):
        found = open_whoosh_index(directory)
        with found.searcher() as searcher:
            query = QueryParser("stem", found.schema).parse("كتاب")
            scores.append({hit["id"]: hit.score for hit in searcher.search(query)})
    assert scores[0] == scores[1]
    with open_whoosh_index(index.directory).reader() as reader:
        assert [reader.doc_field_length(number, "title_stem") for number in range(5)] == [
            len(title.split()) for title in TITLES
        ]
        assert [reader.doc_field_length(number, "text_stem") for number in range(5)] == [
            len(text.split()) for text in TEXTS
        ]


def test_a_new_index_has_the_default(index):
    index.write(*documents())
    assert generations.read(index.directory).title_weight == DEFAULT_TITLE_WEIGHT == 3


def test_an_index_keeps_its_weight_and_refuses_another(index):
    index.write(*documents(), title_weight=5)
    before = index.files()
    with pytest.raises(IndexMismatchError, match=r"5 times, not 3 times.*--rebuild"):
        IndexWriter(index.directory, title_weight=3)
    with pytest.raises(IndexMismatchError, match="5 times, not 2 times"):
        index_records(index.directory, [], title_weight=2)
    assert index.files() == before
    index.write(Document("9", "نص"), title_weight=5)
    index_records(index.directory, [Record("a:1", {"id": "10", "text": "نص"})])
    assert generations.read(index.directory).title_weight == 5
    assert len(index.texts()) == 7


def test_a_rebuild_takes_the_weight_that_is_given_or_the_default(index):
    """Else the way out of a mismatch, `searchd index --rebuild`, would lead nowhere."""
    index.write(*documents(), title_weight=5)
    index.write(*documents(), title_weight=7, rebuild=True)
    assert generations.read(index.directory).title_weight == 7
    index.write(*documents(), rebuild=True)
    assert generations.read(index.directory).title_weight == 3
    verify_index(index.directory)


@pytest.mark.parametrize("weight", [0, -1, 101, 2.0, "3", True])
def test_an_impossible_weight_is_refused_before_anything_is_made(index, weight):
    with pytest.raises(ValueError, match="use a whole number from 1 to 100"):
        IndexWriter(index.directory, title_weight=weight)
    assert not index.directory.exists()


def test_a_weight_that_the_lengths_were_not_made_with_is_damage(index):
    """Only a program that writes `searchd.json` by itself could do this."""
    index.write(*documents(), title_weight=5)
    path: Path = index.directory / generations.GENERATION_FILE
    values = json.loads(path.read_text("utf-8")) | {"title_weight": 3}
    values["checksum"] = generations._checksum(values)
    path.write_text(json.dumps(values), "utf-8")
    with pytest.raises(IndexDamagedError, match="lengths: not the words"):
        verify_index(index.directory)


def test_a_format_before_the_weight_was_recorded_is_replaced_by_a_rebuild(index):
    index.write(*documents())
    path: Path = index.directory / generations.GENERATION_FILE
    values = json.loads(path.read_text("utf-8")) | {"format": 2}
    del values["title_weight"]
    values["checksum"] = generations._checksum(values)
    path.write_text(json.dumps(values), "utf-8")
    for read in (Snapshot, IndexWriter, verify_index, open_whoosh_index):
        with pytest.raises(IndexMismatchError, match="format 2, this is format 4.*--rebuild"):
            read(index.directory)
    index.write(*documents(), rebuild=True)
    assert len(index.texts()) == len(TITLES)
