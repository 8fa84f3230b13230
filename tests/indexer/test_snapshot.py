from __future__ import annotations

import math
import threading
from datetime import UTC, datetime

import numpy as np
import pytest
from indexer.schema import TITLE_START, TITLE_WEIGHT

from indexer import metadata, snapshot
from indexer.document import Document
from indexer.errors import IndexDamagedError, IndexMismatchError, IndexMissingError
from indexer.fields import FieldMap, FieldSpec, FieldType
from indexer.snapshot import Snapshot
from indexer.writer import IndexWriter

FIELDS = FieldMap(
    extra=(
        FieldSpec("section"),
        FieldSpec("price", FieldType.NUMBER),
        FieldSpec("seen", FieldType.DATE),
        FieldSpec("author", FieldType.TEXT),
    )
)


@pytest.fixture
def opened():
    """Open snapshots that are closed after the test."""
    snapshots: list[Snapshot] = []

    def open_snapshot(directory, **options):
        snapshots.append(Snapshot(directory, **options))
        return snapshots[-1]

    yield open_snapshot
    for each in snapshots:
        each.close()


class TestContent:
    def test_postings_weigh_the_title(self, index, opened):
        index.write(
            Document("1", "كتاب ثم كتاب", title="والكتاب"),
            Document("2", "مدرسة"),
            Document("3", "كتاب"),
        )
        (segment,) = opened(index.directory).segments
        stems = segment.postings("stem", "كتاب")
        assert stems.ids.tolist() == [0, 2]
        assert stems.weights.tolist() == [2 + TITLE_WEIGHT, 1]
        assert (stems.ids.dtype, stems.weights.dtype) == (np.int32, np.float32)
        assert segment.postings("surface", "كتاب").weights.tolist() == [2, 1]
        assert segment.postings("title_stem", "كتاب").ids.tolist() == [0]
        assert segment.postings("stem", "غائب").ids.size == 0
        assert segment.lengths.tolist() == [3 + TITLE_WEIGHT, 1, 1]

    def test_positions_of_title_and_text_are_far_apart(self, index, opened):
        index.write(Document("0", ""), Document("1", "أول ثان أول", title="أول"))
        (segment,) = opened(index.directory).segments
        base = 1 << 32
        assert segment.positions("surface", "اول").tolist() == [
            base,
            base + 2,
            base + TITLE_START,
        ]
        assert segment.positions("surface", "ثان").tolist() == [base + 1]
        assert segment.positions("surface", "غائب").size == 0

    def test_a_title_of_any_length_is_indexed_whole(self, index, opened):
        index.write(Document("1", "آخر", title=" ".join(f"w{number}" for number in range(5000))))
        (segment,) = opened(index.directory).segments
        assert segment.positions("surface", "w4999").tolist() == [TITLE_START + 4999]
        assert segment.lengths.tolist() == [5000 * TITLE_WEIGHT + 1]

    def test_deleted_documents_are_nowhere(self, index, opened):
        index.write(*(Document(str(number), "كتاب نص") for number in range(5)))
        index.write(delete=["0", "3"])
        found = opened(index.directory)
        (segment,) = found.segments
        assert segment.document_count == 5
        assert segment.live.tolist() == [False, True, True, False, True]
        assert segment.live_ids.tolist() == [1, 2, 4]
        assert segment.postings("stem", "كتاب").ids.tolist() == [1, 2, 4]
        assert (segment.positions("stem", "كتاب") >> 32).tolist() == [1, 2, 4]
        assert found.document_count == 3
        assert found.document_frequency("stem", "كتاب") == 3
        assert found.mean_length == 2

    def test_columns(self, index, opened):
        moment = datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)
        fields = {"section": ("رياضة", "كُرة  القدم"), "price": 2, "seen": moment, "author": "علي"}
        index.write(
            Document("1", "نص", date=moment, fields=fields), Document("2", "نص"), fields=FIELDS
        )
        found = opened(index.directory)
        (segment,) = found.segments
        assert segment.keywords("section").tolist() == [("رياضه", "كره القدم"), ()]
        for name, value in (("price", 2.0), ("seen", 1000.0), ("date", 1000.0)):
            first, second = segment.numbers(name).tolist()
            assert first == value
            assert math.isnan(second)
        assert segment.postings("author_stem", "علي").ids.tolist() == [0]
        assert found.field_type("author") is FieldType.TEXT
        assert found.field_type("date") is FieldType.DATE
        assert found.field_type("id") is None

    def test_names_of_fields_never_meet(self, index, opened):
        """A text field has two Whoosh fields, a keyword one; none may be that of another."""
        names = ("stem", "surface", "column", "title_stem", "stored", "length", "قسم")
        specs = [FieldSpec(name, FieldType.TEXT) for name in names[:4]]
        specs += [FieldSpec(name) for name in names[4:]]
        values = {name: f"قيمة{number}" for number, name in enumerate(names)}
        index.write(Document("1", "نص", fields=values), fields=FieldMap(extra=tuple(specs)))
        (segment,) = opened(index.directory).segments
        assert segment.document(0).fields == values
        for name in names[:4]:
            assert segment.postings(f"{name}_surface", "قيمه").ids.tolist() == [0]
        for name in names[4:]:
            assert segment.keywords(name).tolist() == [(f"قيمه{names.index(name)}",)]

    def test_terms_are_in_code_point_order_without_repetition(self, index, opened):
        for number, text in enumerate(("ب أ zebra", "ب تاج", "ت ٢")):
            index.write(Document(str(number), text))
        found = opened(index.directory)
        assert len(found.segments) == 3
        assert found.terms("surface") == ["2", "zebra", "ا", "ب", "ت", "تاج"]
        assert found.terms("surface", "ت") == ["ت", "تاج"]
        assert found.vocabulary("surface") is found.vocabulary("surface")

    def test_segments_count_on(self, index, opened):
        for run in range(3):
            index.write(*(Document(f"{run}-{number}", "نص") for number in range(run + 1)))
        found = opened(index.directory)
        assert sorted(segment.document_count for segment in found.segments) == [1, 2, 3]
        bases = [segment.base for segment in found.segments]
        assert bases == np.cumsum([0, *(s.document_count for s in found.segments)])[:-1].tolist()

    @pytest.mark.parametrize("documents", [[], [Document("1", "كتاب")]], ids=["never", "deleted"])
    def test_an_index_without_documents(self, index, opened, documents):
        index.write(*documents)
        index.write(delete=[document.id for document in documents])
        found = opened(index.directory)
        assert (found.document_count, found.mean_length) == (0, 0.0)
        assert found.document_frequency("stem", "كتاب") == 0

    def test_the_shelf_forgets_what_was_unused_for_longest(self, index, opened, monkeypatch):
        monkeypatch.setattr(snapshot, "CACHED_POSTINGS", 4)
        index.write(*(Document(str(number), "أول ثان ثالث") for number in range(2)))
        (segment,) = opened(index.directory).segments
        first, second = segment.postings("surface", "اول"), segment.postings("surface", "ثان")
        assert segment.postings("surface", "اول") is first
        segment.postings("surface", "ثالث")
        assert segment.postings("surface", "اول") is first
        assert segment.postings("surface", "ثان") is not second


class TestGenerations:
    def test_a_commit_is_seen_and_the_old_stays_readable(self, index, opened):
        index.write(Document("1", "قديم"))
        old = opened(index.directory)
        assert old.is_current()
        index.write(Document("1", "جديد"), optimize=True)
        assert not old.is_current()
        assert old.segments[0].document(0).text == "قديم"
        assert old.document_frequency("surface", "قديم") == 1
        assert opened(index.directory).document_frequency("surface", "قديم") == 0

    def test_a_rebuild_is_seen(self, index, opened):
        index.write(Document("1", "قديم"))
        old = opened(index.directory)
        index.write(Document("1", "جديد"), rebuild=True)
        assert not old.is_current()
        assert old.segments[0].document(0).text == "قديم"

    def test_an_unchanged_run_is_not(self, index, opened):
        index.write(Document("1", "نص"))
        old = opened(index.directory)
        index.write(Document("1", "نص"))
        assert old.is_current()

    def test_opening_while_a_writer_commits(self, index):
        """Files vanish between the look at their names and their opening."""
        index.write(Document("run", "0"))
        stop = threading.Event()

        def write() -> None:
            for run in range(1, 31):
                index.write(Document("run", str(run)), rebuild=run % 3 == 0, optimize=run % 3 == 1)
            stop.set()

        writer = threading.Thread(target=write)
        writer.start()
        seen = []
        while not stop.is_set():
            seen.append(int(index.texts()["run"]))
        writer.join()
        assert seen == sorted(seen)
        assert index.texts() == {"run": "30"}

    def test_threads_share_a_snapshot(self, index, opened):
        words = [f"كلم{letter}" for letter in "بتثجحخدذرزسش"]
        index.write(*(Document(str(number), " ".join(words[number:])) for number in range(12)))
        found = opened(index.directory)
        wrong: list[str] = []

        def read() -> None:
            for _ in range(20):
                for number, word in enumerate(words):
                    (segment,) = found.segments
                    if segment.postings("surface", word).ids.tolist() != list(range(number + 1)):
                        wrong.append(word)
                    if (segment.positions("surface", word) >> 32).tolist() != list(
                        range(number + 1)
                    ):
                        wrong.append(word)
                    if segment.document(number).id != str(number):
                        wrong.append(str(number))

        threads = [threading.Thread(target=read) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []


class TestRefusals:
    def test_no_index(self, index):
        with pytest.raises(IndexMissingError, match="searchd index --index"):
            Snapshot(index.directory)
        index.directory.mkdir()
        with pytest.raises(IndexMissingError):
            Snapshot(index.directory)

    def test_another_analysis(self, index):
        index.write(Document("1", "نص"))
        with pytest.raises(IndexMismatchError, match="--rebuild"):
            Snapshot(index.directory, analysis="other")

    def test_another_format(self, index):
        index.write(Document("1", "نص"))
        path = index.directory / metadata.METADATA_FILE
        path.write_text(path.read_text("utf-8").replace('"format": 1', '"format": 2'), "utf-8")
        for use in (Snapshot, IndexWriter):
            with pytest.raises(IndexMismatchError, match=r"format 2.*--rebuild"):
                use(index.directory)


def truncate(data: bytes) -> bytes:
    return data[: len(data) * 2 // 3]


DAMAGES = {
    "missing": lambda _data: None,
    "empty": lambda _data: b"",
    "one-byte": lambda data: data[:1],
    "truncated": truncate,
    "last-byte-lost": lambda data: data[:-1],
    "zeros": lambda data: bytes(len(data)),
    "other-content": lambda data: b"<html>not found</html>" * 9,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
@pytest.mark.parametrize("file", ["searchd.json", ".toc", ".seg"])
def test_a_damaged_file_is_named_and_a_rebuild_is_the_way_out(index, file, damage):
    index.write(*(Document(str(number), f"كتاب رقم {number}") for number in range(50)))
    path = index.path(file)
    data = damage(path.read_bytes())
    path.unlink()
    if data is not None:
        path.write_bytes(data)
    missing = file == "searchd.json" and data is None
    error, way_out = (
        (IndexMissingError, "searchd index") if missing else (IndexDamagedError, "--rebuild")
    )
    with pytest.raises(error, match=way_out):
        Snapshot(index.directory)
    if not missing:
        damaged = index.files()
        with pytest.raises(error, match=way_out):
            IndexWriter(index.directory)
        with pytest.raises(RuntimeError), IndexWriter(index.directory, rebuild=True):
            raise RuntimeError
        assert index.files() == damaged, "a failed attempt takes nothing away"
    index.write(Document("1", "كتاب"), rebuild=True)
    assert index.texts() == {"1": "كتاب"}


def test_damage_that_shows_only_when_read_is_named_too(index):
    """No file has checksums, so a flipped byte shows late; but never as Whoosh's own error."""
    index.write(*(Document(str(number), f"كتاب رقم {number}") for number in range(20)))
    path = index.path(".seg")
    whole = path.read_bytes()
    named = 0
    for offset in range(12, len(whole), 37):
        path.write_bytes(whole[:offset] + bytes([whole[offset] ^ 0xFF]) + whole[offset + 1 :])
        try:
            index.texts()
            found = Snapshot(index.directory)
            try:
                for level in ("stem", "surface"):
                    for term in found.terms(level):
                        found.segments[0].postings(level, term)
                        found.segments[0].positions(level, term)
            finally:
                found.close()
        except IndexDamagedError:
            named += 1
        except AssertionError:
            pass  # a value that was changed and can be read
    assert named > 20
