"""What a writer does with each document, and the indexes and directories that it refuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from analyzers import Analyzer
from indexer import generation as generations
from indexer.document import Document
from indexer.errors import (
    IndexAccessError,
    IndexBusyError,
    IndexMismatchError,
    RecordError,
)
from indexer.fields import FieldMap, FieldSpec, FieldType
from indexer.snapshot import Snapshot
from indexer.writer import IndexWriter
from tests.indexer.conftest import ONE, OTHER_ONE, TWO, TYPED


@pytest.mark.parametrize(
    ("before", "written", "outcomes", "after"),
    [
        pytest.param([], [], [], {}, id="nothing"),
        pytest.param([], [ONE], ["added"], {"1": "كتاب أول"}, id="added"),
        pytest.param([ONE], [ONE], ["unchanged"], {"1": "كتاب أول"}, id="unchanged"),
        pytest.param([ONE], [OTHER_ONE], ["replaced"], {"1": "كتاب آخر"}, id="replaced"),
        pytest.param(
            [], [ONE, OTHER_ONE], ["added", "replaced"], {"1": "كتاب آخر"}, id="twice-last-wins"
        ),
        pytest.param(
            [],
            [ONE, OTHER_ONE, ONE],
            ["added", "replaced", "replaced"],
            {"1": "كتاب أول"},
            id="thrice-last-wins",
        ),
        pytest.param(
            [ONE, TWO],
            [OTHER_ONE, ONE],
            ["replaced", "replaced"],
            {"1": "كتاب أول", "2": "مدرسة"},
            id="replaced-then-the-original",
        ),
        pytest.param(
            [ONE],
            [ONE, OTHER_ONE],
            ["unchanged", "replaced"],
            {"1": "كتاب آخر"},
            id="unchanged-then-replaced",
        ),
        pytest.param(
            [ONE],
            [TWO, OTHER_ONE],
            ["added", "replaced"],
            {"1": "كتاب آخر", "2": "مدرسة"},
            id="added-beside-replaced",
        ),
    ],
)
def test_upsert(index, before, written, outcomes, after):
    index.write(*before)
    assert index.write(*written) == outcomes
    assert index.texts() == after
    index.write(Document("9", "زيادة"), optimize=True)
    assert index.texts() == {**after, "9": "زيادة"}, "a merge brings nothing back"


def test_every_part_of_a_document_counts_as_a_change(index):
    moment = datetime(2024, 5, 1, tzinfo=UTC)
    versions = [
        Document("1", "نص"),
        Document("1", "نص "),
        Document("1", "نص", title="نص"),
        Document("1", "نص", url="نص"),
        Document("1", "نص", date=moment),
        Document("1", "نص", fields={"a_keyword": "1"}),
        Document("1", "نص", fields={"a_keyword": ("1",)}),
        Document("1", "نص", fields={"a_number": 1.0}),
        Document("1", "نص", fields={"a_date": moment}),
    ]
    index.write(versions[0], fields=TYPED)
    for version in versions[1:]:
        assert index.write(version) == ["replaced"]
    assert len({version.content_hash() for version in versions}) == len(versions)
    assert Document("1", "نص", origin="a:1").content_hash() == versions[0].content_hash()


def test_delete(index):
    index.write(ONE, TWO)
    index.write(delete=["1"])
    assert index.texts() == {"2": "مدرسة"}
    index.write(ONE)
    assert index.texts() == {"1": "كتاب أول", "2": "مدرسة"}
    index.write(delete=["1", "2"], optimize=True)
    assert index.texts() == {}


def test_delete_of_documents_written_in_this_run(index):
    index.write(ONE)
    with IndexWriter(index.directory) as writer:
        writer.upsert(OTHER_ONE)
        writer.upsert(TWO)
        assert writer.delete("1")
        assert writer.delete("2")
        assert not writer.delete("1")
        assert not writer.delete("2")
        assert writer.upsert(Document("2", "أخرى")) == "added"
        writer.commit()
    assert index.texts() == {"2": "أخرى"}


@pytest.mark.parametrize(
    "missing",
    ["", "3", "كتاب", "\ud800", "\0"],
    ids=["empty", "number", "word", "surrogate", "nul"],
)
def test_delete_of_what_is_not_there(index, missing):
    index.write(ONE)
    before = index.generation()
    with IndexWriter(index.directory) as writer:
        assert not writer.delete(missing)
        writer.commit()
    assert index.generation() == before


def test_an_unchanged_run_makes_no_generation_and_touches_no_file(index):
    index.write(ONE, TWO)
    before = index.files()
    assert index.write(ONE, TWO) == ["unchanged", "unchanged"]
    assert index.files() == before


def test_changes_counts_what_was_written(index):
    with IndexWriter(index.directory) as writer:
        assert writer.upsert(ONE) == "added"
        assert writer.upsert(ONE) == "unchanged"
        assert writer.upsert(OTHER_ONE) == "replaced"
        writer.delete("1")
        assert writer.changes == 3
        writer.commit()


@pytest.mark.parametrize(
    "document_id",
    ["١", "تقرير سنوي/٢٠٢٤ #3", "a:b*?\"'()", "\t", " ", "..", "\u200f", "😀", "x" * 512, "id\0"],
)
def test_ids_are_kept_as_they_are(index, document_id):
    index.write(Document(document_id, "نص"), TWO)
    assert index.texts() == {document_id: "نص", "2": "مدرسة"}
    assert index.write(Document(document_id, "نص")) == ["unchanged"]
    assert index.write(Document(document_id, "غيره")) == ["replaced"]
    index.write(delete=[document_id])
    assert index.texts() == {"2": "مدرسة"}


def test_ids_that_differ_only_in_what_analysis_folds_stay_apart(index):
    ids = ["أحمد", "احمد", "أَحمد", "A", "a", "1", "١"]
    index.write(*(Document(document_id, document_id) for document_id in ids))
    assert index.texts() == {document_id: document_id for document_id in ids}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param(" \n\t", id="blank"),
        pytest.param("\u064b\u064c\u0651", id="marks-only"),
        pytest.param("a\0ب", id="nul"),
        pytest.param("😀\U0001f1ee\U0001f1f6", id="astral"),
        pytest.param("سطر\r\nسطر\r", id="crlf"),
        pytest.param("ا" * 100_000, id="one-long-word"),
    ],
)
def test_texts_are_kept_as_they_are(index, text):
    index.write(Document("1", text, title=text), TWO)
    assert index.texts() == {"1": text, "2": "مدرسة"}


def test_a_document_of_five_megabytes(index):
    text = " ".join(f"كلمة{number % 7} نص" for number in range(400_000))
    assert len(text.encode()) > 5_000_000
    index.write(Document("1", text), memory_mb=16)
    assert index.texts() == {"1": text}
    (segment,) = Snapshot(index.directory).segments
    assert segment.postings.postings_of("", "surface", "نص").frequencies.tolist() == [400_000]


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(Document("\ud800", "نص"), id="id"),
        pytest.param(Document("1", "a\udfff"), id="text"),
        pytest.param(Document("1", "نص", title="\ud800"), id="title"),
        pytest.param(Document("1", "نص", url="\ud800"), id="url"),
        pytest.param(Document("1", "نص", fields={"a_keyword": "\ud800"}), id="keyword"),
        pytest.param(Document("1", "نص", fields={"a_keyword": ("a", "\ud800")}), id="keywords"),
        pytest.param(Document("1", "نص", fields={"a_number": "5"}), id="text-for-a-number"),
        pytest.param(Document("1", "نص", fields={"a_date": 5.0}), id="number-for-a-date"),
        pytest.param(Document("1", "نص", fields={"a_keyword": 5.0}), id="number-for-a-keyword"),
        pytest.param(Document("1", "نص", fields={"a_text": 5.0}), id="number-for-a-text"),
        pytest.param(Document("1", "نص", fields={"other": "x"}), id="unknown-field"),
    ],
)
def test_a_document_that_cannot_be_stored_is_refused_and_the_writer_goes_on(index, document):
    with IndexWriter(index.directory, TYPED) as writer:
        with pytest.raises(RecordError, match="the document '"):
            writer.upsert(document)
        writer.upsert(TWO)
        writer.commit()
    assert index.texts() == {"2": "مدرسة"}


def test_a_naive_date_is_utc(index):
    baghdad = timezone(timedelta(hours=3))
    index.write(
        Document("naive", "", date=datetime(2024, 5, 1), fields={"a_date": datetime(2024, 5, 1)}),
        Document("aware", "", date=datetime(2024, 5, 1, 3, tzinfo=baghdad)),
        fields=TYPED,
    )
    (segment,) = Snapshot(index.directory).segments
    naive, aware = segment.documents.stored_fields([0])[0], segment.documents.stored_fields([1])[0]
    assert naive.date == naive.fields["a_date"] == aware.date == datetime(2024, 5, 1, tzinfo=UTC)
    assert len(set(segment.columns.numbers("date").tolist())) == 1


def test_a_second_writer_is_refused_and_the_first_goes_on(index):
    with IndexWriter(index.directory) as writer:
        writer.upsert(ONE)
        with pytest.raises(IndexBusyError):
            IndexWriter(index.directory)
        writer.commit()
    index.write(TWO)
    assert index.texts() == {"1": "كتاب أول", "2": "مدرسة"}


class TestMismatch:
    def test_another_analysis(self, index):
        index.write(ONE)
        other = Analyzer(frozenset({"والكتاب"}))
        with pytest.raises(IndexMismatchError, match="searchd index --rebuild"):
            IndexWriter(index.directory, analyzer=other)
        index.write(ONE, analyzer=other, rebuild=True)
        assert generations.read(index.directory).analysis == other.fingerprint

    @pytest.mark.parametrize(
        "fields",
        [
            pytest.param(FieldMap(), id="fewer"),
            pytest.param(FieldMap(extra=(FieldSpec("a", FieldType.NUMBER),)), id="another-type"),
            pytest.param(FieldMap(extra=(FieldSpec("a"), FieldSpec("b"))), id="more"),
        ],
    )
    def test_other_fields(self, index, fields):
        index.write(ONE, fields=FieldMap(extra=(FieldSpec("a"),)))
        before = index.files()
        with pytest.raises(IndexMismatchError, match=r"has the fields a:keyword, not .*--rebuild"):
            IndexWriter(index.directory, fields)
        assert index.files() == before

    def test_other_columns_are_no_mismatch_and_are_remembered(self, index):
        index.write(ONE, fields=FieldMap(extra=(FieldSpec("a"), FieldSpec("b"))))
        moved = FieldMap(text="body", extra=(FieldSpec("b", column="B"), FieldSpec("a")))
        index.write(ONE, fields=moved)
        assert generations.read(index.directory).fields == moved


@pytest.mark.parametrize("where", ["a file", "below a file"])
def test_a_directory_that_cannot_be_made(index, where):
    index.directory.write_bytes(b"a file")
    directory = index.directory / "x" if where == "below a file" else index.directory
    with pytest.raises(IndexAccessError, match="choose another with --index"):
        IndexWriter(directory)


class TestProcesses:
    """Several processes write the same index as one."""

    def test_the_same_documents(self, index, tmp_path):
        documents = [Document(str(number % 40), f"نص رقم {number}") for number in range(60)]
        alone = type(index)(tmp_path / "alone")
        alone.write(*documents)
        outcomes = index.write(*documents, processes=2, memory_mb=0)
        assert outcomes == ["added"] * 40 + ["replaced"] * 20
        assert index.texts() == alone.texts()
        before = index.files()
        assert set(index.write(*documents[20:], processes=2)) == {"unchanged"}
        assert index.files() == before

    def test_a_document_that_cannot_be_stored(self, index):
        with IndexWriter(index.directory, TYPED, processes=2) as writer:
            with pytest.raises(RecordError):
                writer.upsert(Document("1", "نص", fields={"other": "x"}))
            writer.upsert(TWO)
            writer.commit()
        assert index.texts() == {"2": "مدرسة"}

    def test_leaving_without_commit(self, index):
        index.write(ONE)
        before = index.files()
        with IndexWriter(index.directory, processes=2, memory_mb=0) as writer:
            for number in range(6):
                writer.upsert(Document(str(number), f"غيره {number}"))
        assert index.files() == before

    def test_a_full_disk(self, index):
        index.write(ONE)
        before = index.files()
        with IndexWriter(index.directory, processes=2) as writer:
            writer.upsert(OTHER_ONE)
            (index.directory / "searchd.json.new").mkdir()
            with pytest.raises(IndexAccessError):
                writer.commit()
            (index.directory / "searchd.json.new").rmdir()
        assert index.files() == before

    @pytest.mark.parametrize("processes", [0, -1])
    def test_less_than_one(self, index, processes):
        with pytest.raises(ValueError, match="use 1 or more"):
            IndexWriter(index.directory, processes=processes)
        assert not index.directory.exists()
