from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
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

ONE = Document("1", "كتاب أول")
OTHER_ONE = Document("1", "كتاب آخر")
TWO = Document("2", "مدرسة")

TYPED = FieldMap(extra=tuple(FieldSpec(f"a_{kind}", kind) for kind in FieldType))


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


class TestEndings:
    """However a writer ends, the directory holds what the current generation needs."""

    @pytest.fixture
    def before(self, index):
        index.write(ONE, TWO)
        index.write(Document("3", "ثالث"))
        return index.files()

    def test_leaving_without_commit(self, index, before):
        with IndexWriter(index.directory) as writer:
            writer.upsert(OTHER_ONE)
            writer.delete("2")
        assert index.files() == before

    def test_cancelling_twice(self, index, before):
        writer = IndexWriter(index.directory)
        writer.upsert(OTHER_ONE)
        writer.cancel()
        writer.cancel()
        assert index.files() == before

    def test_a_closed_writer(self, index, before):
        with IndexWriter(index.directory) as writer:
            writer.commit()
        for call in (lambda: writer.upsert(ONE), lambda: writer.delete("1"), writer.commit):
            with pytest.raises(ValueError, match="this writer is closed"):
                call()
        assert index.files() == before

    @pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, MemoryError])
    def test_an_error_between_documents(self, index, before, error):
        def run() -> None:
            with IndexWriter(index.directory) as writer:
                writer.upsert(OTHER_ONE)
                raise error

        with pytest.raises(error):
            run()
        assert index.files() == before

    @pytest.mark.parametrize("step", ["column_values", "pack_stored_fields"])
    @pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, MemoryError])
    def test_an_error_within_a_document(self, index, before, error, step, monkeypatch):
        """What is written of half a document cannot be told from the rest: the run is off."""

        def fail(*_args):
            raise error

        with IndexWriter(index.directory) as writer:
            writer.upsert(Document("4", "رابع"))
            with monkeypatch.context() as patch:
                patch.setattr(f"indexer.segment.write.segment_writer.{step}", fail)
                with pytest.raises(error):
                    writer.upsert(OTHER_ONE)
            with pytest.raises(ValueError, match="closed"):
                writer.upsert(Document("5", "خامس"))
        assert index.files() == before
        index.write(Document("6", "سادس"), optimize=True)
        assert index.texts()["6"] == "سادس"

    @pytest.mark.parametrize(
        "step",
        [
            "indexer.segment.array_file.ArrayFileWriter.add",
            "indexer.segment.array_file.ArrayFileWriter.finish",
            "indexer.pending_segment.merge_segments",
            "indexer.generation.write",
            "indexer.generation.json.dump",
            "os.fsync",
        ],
    )
    @pytest.mark.parametrize(
        ("error", "seen"),
        [
            (OSError(28, "No space left"), IndexAccessError),
            (KeyboardInterrupt(), KeyboardInterrupt),
        ],
        ids=["disk-full", "interrupted"],
    )
    def test_an_error_within_the_commit(self, index, before, step, error, seen, monkeypatch):
        def fail(*_args, **_options):
            raise error

        writer = IndexWriter(index.directory)
        writer.upsert(OTHER_ONE)
        with monkeypatch.context() as patch:
            patch.setattr(step, fail)
            with pytest.raises(seen):
                writer.commit(optimize=True)
        assert index.files() == before
        assert index.write(OTHER_ONE) == ["replaced"]

    def test_an_error_after_a_segment_was_written(self, index, before):
        """A batch that fills the memory becomes a segment before the commit."""
        with IndexWriter(index.directory, memory_mb=0) as writer:
            for number in range(5):
                writer.upsert(Document(str(number), f"نص {number}"))
                writer.upsert(Document("1", f"كتاب {number}"))
            assert len(index.files()) > len(before)
        assert index.files() == before

    def test_a_run_of_many_segments(self, index, before):
        with IndexWriter(index.directory, memory_mb=0) as writer:
            for number in range(10):
                writer.upsert(Document(str(number), f"نص {number}"))
                writer.upsert(Document("last", f"آخر {number}"))
                if number % 3 == 2:
                    assert writer.delete(str(number - 1))
            writer.commit()
        left = {str(n): f"نص {n}" for n in range(10) if n not in (1, 4, 7)}
        assert index.texts() == {**left, "last": "آخر 9"}

    def test_a_first_run_that_fails_leaves_no_index(self, index):
        with IndexWriter(index.directory) as writer:
            writer.upsert(ONE)
        assert index.files() == {}
        assert not generations.exists(index.directory)
        index.write(ONE)
        assert index.texts() == {"1": "كتاب أول"}

    def test_a_first_run_whose_commit_fails_leaves_no_index(self, index, monkeypatch):
        def fail(*_args):
            raise OSError(28, "No space left")

        with monkeypatch.context() as patch, IndexWriter(index.directory) as writer:
            patch.setattr(generations, "write", fail)
            writer.upsert(ONE)
            with pytest.raises(IndexAccessError, match="No space left"):
                writer.commit()
        assert index.files() == {}

    def test_a_rebuild_replaces_everything_at_once(self, index, before):
        with IndexWriter(index.directory, rebuild=True) as writer:
            assert writer.upsert(OTHER_ONE) == "added"
            assert index.texts() == {"1": "كتاب أول", "2": "مدرسة", "3": "ثالث"}
            writer.commit()
        assert index.texts() == {"1": "كتاب آخر"}
        assert before.keys() & index.files().keys() == {"searchd.json"}

    def test_a_rebuild_that_fails_keeps_the_old(self, index, before):
        with IndexWriter(index.directory, rebuild=True) as writer:
            writer.upsert(OTHER_ONE)
        assert index.files() == before

    def test_a_rebuild_of_nothing_is_empty(self, index, before):
        index.write(rebuild=True)
        assert index.texts() == {}

    def test_a_rebuild_keeps_the_fields_or_takes_new_ones(self, index):
        index.write(ONE, fields=TYPED)
        index.write(ONE, rebuild=True)
        assert generations.read(index.directory).fields == TYPED
        index.write(ONE, rebuild=True, fields=FieldMap())
        assert generations.read(index.directory).fields == FieldMap()

    def test_what_a_killed_writer_left_goes_with_the_next(self, index, before):
        for name in ("killed.segment", "killed.deletions", "searchd.json.new"):
            (index.directory / name).write_bytes(b"left over")
        (index.directory / "notes.txt").write_bytes(b"not ours")
        index.write(ONE)
        assert index.files() == {**before, "notes.txt": b"not ours"}


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


_KILLED = """
import sys
from pathlib import Path
from indexer.document import Document
from indexer.writer import IndexWriter

print("ready", flush=True)
for run in range(10_000):
    with IndexWriter(Path(sys.argv[1]), rebuild=run % 4 == 3) as writer:
        for number in range(60):
            writer.upsert(Document(str(number), f"جولة{run} نص رقم {number}"))
        writer.commit()
    print(run, flush=True)
"""


@pytest.mark.parametrize("seed", range(5))
def test_a_killed_writer_leaves_the_old_or_the_new_generation(index, seed):
    command = [sys.executable, "-c", _KILLED, str(index.directory)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writing:
        assert writing.stdout is not None
        for line in writing.stdout:
            if line.strip() == "1":
                break
        time.sleep(random.Random(seed).uniform(0, 0.25))
        writing.send_signal(signal.SIGKILL)
        reported = [int(line) for line in writing.stdout.read().split()]
    last = max(reported, default=1)
    texts = index.texts()
    runs = {text.split()[0] for text in texts.values()}
    assert len(texts) == 60
    assert runs in ({f"جولة{last}"}, {f"جولة{last + 1}"})
    index.write(Document("next", "بعده"))
    assert index.texts() == {**texts, "next": "بعده"}
    needed = {
        name
        for entry in generations.read(index.directory).segments
        for name in (entry.name, entry.deletions)
        if name
    }
    assert index.files().keys() == needed | {"searchd.json"}


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
