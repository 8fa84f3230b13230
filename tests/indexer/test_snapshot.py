from __future__ import annotations

import math
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from indexer.document import Document
from indexer.errors import IndexDamagedError, IndexMismatchError, IndexMissingError
from indexer.fields import DEFAULT_TITLE_WEIGHT as TITLE_WEIGHT
from indexer.fields import FieldMap, FieldSpec, FieldType
from indexer.generation import FORMAT_VERSION, GENERATION_FILE
from indexer.segment.segment import Segment
from indexer.segment.term_scan import TermShape
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


def positions_of(segment: Segment, field: str, level: str, term: str) -> list[tuple[int, int]]:
    """Return the live documents and positions of a term in one text field."""
    words = segment.postings.text_field(field)
    found = words.occurrences(level, term)
    documents = found.documents().astype(int).tolist()
    pairs = zip(documents, found.positions.all().astype(int).tolist(), strict=True)
    return [(document, position) for document, position in pairs if segment.live[document]]


class TestContent:
    def test_postings_weigh_the_title(self, index):
        index.write(
            Document("1", "كتاب ثم كتاب", title="والكتاب"),
            Document("2", "مدرسة"),
            Document("3", "كتاب"),
            Document("4", "", title="كتاب كتاب"),
        )
        (segment,) = Snapshot(index.directory).segments
        found = segment.postings.postings_of("", "stem", "كتاب")
        assert found.ids.tolist() == [0, 2, 3]
        assert found.frequencies.tolist() == [2 + TITLE_WEIGHT, 1, 2 * TITLE_WEIGHT]
        assert segment.postings.postings_of("", "surface", "كتاب").frequencies.tolist() == [
            2,
            1,
            2 * TITLE_WEIGHT,
        ]
        assert segment.postings.postings_of("text", "stem", "كتاب").ids.tolist() == [0, 2]
        assert segment.postings.postings_of("title", "stem", "كتاب").ids.tolist() == [0, 3]
        assert segment.postings.postings_of("", "stem", "غائب").ids.size == 0
        assert segment.lengths.tolist() == [3 + TITLE_WEIGHT, 1, 1, 2 * TITLE_WEIGHT]

    @pytest.mark.parametrize("level", ["stem", "surface"])
    def test_positions(self, index, level):
        index.write(Document("0", "نص"), Document("1", "أول ثان أول", title="أول"))
        (segment,) = Snapshot(index.directory).segments
        assert positions_of(segment, "text", level, "اول") == [(1, 0), (1, 2)]
        assert positions_of(segment, "title", level, "اول") == [(1, 0)]
        assert positions_of(segment, "text", level, "غائب") == []

    def test_a_title_of_any_length_is_indexed_whole(self, index):
        index.write(Document("1", "آخر", title=" ".join(f"{number}" for number in range(5000))))
        (segment,) = Snapshot(index.directory).segments
        assert positions_of(segment, "title", "surface", "4999") == [(0, 4999)]
        assert segment.lengths.tolist() == [5000 * TITLE_WEIGHT + 1]

    def test_deleted_documents_are_nowhere(self, index):
        index.write(*(Document(str(number), "كتاب نص") for number in range(5)))
        index.write(delete=["0", "3"])
        found = Snapshot(index.directory)
        (segment,) = found.segments
        assert segment.document_count == 5
        assert segment.live.tolist() == [False, True, True, False, True]
        assert segment.live_ids.tolist() == [1, 2, 4]
        for level in ("stem", "surface"):
            assert segment.postings.postings_of("", level, "كتاب").ids.tolist() == [1, 2, 4]
            assert positions_of(segment, "text", level, "نص") == [(1, 1), (2, 1), (4, 1)]
            assert found.document_frequency("", level, "كتاب") == 3
        assert found.document_count == 3
        assert found.mean_length == 2

    def test_columns(self, index):
        moment = datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)
        fields = {"section": ("رياضة", "كُرة  القدم"), "price": 2, "seen": moment, "author": "علي"}
        index.write(
            Document("1", "نص", date=moment, fields=fields), Document("2", "نص"), fields=FIELDS
        )
        found = Snapshot(index.directory)
        (segment,) = found.segments
        assert segment.columns.with_keyword("section", "كره القدم").tolist() == [True, False]
        values, firsts = segment.columns.first_keywords("section")
        assert [values[first] for first in firsts.tolist() if first >= 0] == ["رياضه"]
        assert firsts.tolist()[1] == -1
        for name, value in (("price", 2.0), ("seen", 1000.0), ("date", 1000.0)):
            first, second = segment.columns.numbers(name).tolist()
            assert first == value
            assert math.isnan(second)
        assert segment.postings.postings_of("author", "stem", "علي").ids.tolist() == [0]
        assert segment.postings.postings_of("", "stem", "علي").ids.size == 0
        assert found.field_type("author") is FieldType.TEXT
        assert found.field_type("date") is FieldType.DATE
        assert found.field_type("id") is None

    def test_names_of_fields_never_meet(self, index):
        """Every field has several arrays of its own in a segment, and so has the segment."""
        names = (
            "stem",
            "surface",
            "texts",
            "ids",
            "stored_fields",
            "numbers",
            "lengths",
            "قسم",
            "offsets",
        )
        specs = [FieldSpec(name, FieldType.TEXT) for name in names[:5]]
        specs += [FieldSpec(name) for name in names[5:]]
        values = {name: f"قيمة{number}" for number, name in enumerate(names)}
        index.write(Document("1", "نص", fields=values), fields=FieldMap(extra=tuple(specs)))
        (segment,) = Snapshot(index.directory).segments
        assert segment.documents.stored_fields([0])[0].fields == values
        for name in names[:5]:
            assert segment.postings.postings_of(name, "surface", "قيمه").ids.tolist() == [0]
        for name in names[5:]:
            assert segment.columns.with_keyword(name, f"قيمه{names.index(name)}").tolist() == [True]

    def test_terms_are_those_of_all_segments(self, index):
        index.write(*(Document(str(number), "ب أ zebra") for number in range(9)))
        index.write(*(Document(f"b{number}", "ب تاج", title="ثم") for number in range(4)))
        index.write(Document("c", "ت ٢"))
        found = Snapshot(index.directory)
        assert len(found.segments) == 3
        every = found.terms_of_shape("", "surface", TermShape())
        assert sorted(set(every)) == ["2", "zebra", "ا", "ب", "ت", "تاج", "ثم"]
        assert set(found.terms_of_shape("text", "surface", TermShape("ت"))) == {"ت", "تاج"}
        assert list(found.terms_of_shape("title", "stem", TermShape())) == ["ثم"]

    def test_segments_count_on(self, index):
        for size in (7, 3, 1):
            index.write(*(Document(f"{size}-{number}", "نص") for number in range(size)))
        found = Snapshot(index.directory)
        assert [segment.document_count for segment in found.segments] == [7, 3, 1]
        assert found.bases == [0, 7, 10]

    @pytest.mark.parametrize("documents", [[], [Document("1", "كتاب")]], ids=["never", "deleted"])
    def test_an_index_without_documents(self, index, documents):
        index.write(*documents)
        index.write(delete=[document.id for document in documents])
        found = Snapshot(index.directory)
        assert (found.document_count, found.mean_length) == (0, 0.0)
        assert found.document_frequency("", "stem", "كتاب") == 0
        assert found.segments == []

    def test_postings_are_cached(self, index):
        index.write(Document("1", "أول ثان"))
        (segment,) = Snapshot(index.directory).segments
        first = segment.postings.postings_of("", "surface", "اول")
        assert segment.postings.postings_of("", "surface", "ثان") is not first
        assert segment.postings.postings_of("", "surface", "اول") is first


class TestGenerations:
    def test_a_commit_is_seen_and_the_old_stays_readable(self, index):
        index.write(Document("1", "قديم"))
        old = Snapshot(index.directory)
        assert old.is_current()
        index.write(Document("1", "جديد"), optimize=True)
        assert not old.is_current()
        assert old.segments[0].documents.text(0) == "قديم"
        assert old.document_frequency("", "surface", "قديم") == 1
        assert Snapshot(index.directory).document_frequency("", "surface", "قديم") == 0

    def test_a_rebuild_is_seen(self, index):
        index.write(Document("1", "قديم"))
        old = Snapshot(index.directory)
        index.write(Document("1", "جديد"), rebuild=True)
        assert not old.is_current()
        assert old.segments[0].documents.text(0) == "قديم"

    def test_an_unchanged_run_is_not(self, index):
        index.write(Document("1", "نص"))
        old = Snapshot(index.directory)
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

    def test_threads_share_a_snapshot(self, index):
        words = [f"كلم{letter}" for letter in "بتثجحخدذرزسش"]
        index.write(*(Document(str(number), " ".join(words[number:])) for number in range(12)))
        found = Snapshot(index.directory)
        wrong: list[str] = []

        def read() -> None:
            (segment,) = found.segments
            for _ in range(20):
                for number, word in enumerate(words):
                    found_in = [
                        document for document, _ in positions_of(segment, "text", "stem", word)
                    ]
                    if not (
                        segment.postings.postings_of("", "surface", word).ids.tolist()
                        == found_in
                        == list(range(number + 1))
                        and segment.documents.text(number).split() == words[number:]
                    ):
                        wrong.append(word)

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
        path = index.directory / GENERATION_FILE
        path.write_text(
            path.read_text("utf-8").replace(f'"format": {FORMAT_VERSION}', '"format": 99'),
            "utf-8",
        )
        for use in (Snapshot, IndexWriter):
            with pytest.raises(IndexMismatchError, match=r"format 99.*--rebuild"):
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
@pytest.mark.parametrize("file", ["searchd.json", ".segment", ".deletions"])
def test_a_damaged_file_is_named_and_a_rebuild_is_the_way_out(index, file, damage):
    index.write(*(Document(str(number), f"كتاب رقم {number}") for number in range(50)))
    index.write(delete=["7"])
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
    else:
        with pytest.raises(IndexDamagedError, match=r"holds 2 files .* put it back"):
            IndexWriter(index.directory, rebuild=True)
        for name in index.files():
            (index.directory / name).unlink()
    index.write(Document("1", "كتاب"), rebuild=True)
    assert index.texts() == {"1": "كتاب"}


@pytest.mark.parametrize("file", ["searchd.json", ".segment", ".deletions"])
def test_a_changed_byte_is_never_a_wrong_answer(index, file):
    """Every page has a checksum, so what is read is what was written, or an error."""
    fields = {"section": ("رياضة", "سياسة"), "price": 2.0, "author": "طه حسين"}
    index.write(
        *(Document(str(n), f"كتاب رقم {n}", title="عنوان", fields=fields) for n in range(30)),
        fields=FIELDS,
    )
    index.write(delete=["7"])

    def everything() -> list[object]:
        found = Snapshot(index.directory)
        (segment,) = found.segments
        read: list[object] = [found.generation, segment.live.tolist(), segment.lengths.tolist()]
        for field in ("", "author"):
            for level in ("stem", "surface"):
                for term in found.terms_of_shape(field, level, TermShape()):
                    name = field or "text"
                    read += [
                        term,
                        segment.postings.postings_of(field, level, term).frequencies.tolist(),
                    ]
                    read += positions_of(segment, name, level, term)
        read += [
            segment.columns.numbers("price").tolist(),
            segment.columns.first_keywords("section")[0],
        ]
        read += [
            (segment.documents.stored_fields([n])[0], segment.documents.text(n)) for n in range(30)
        ]
        return read

    path = index.path(file)
    whole = path.read_bytes()
    expected = everything()
    named = 0
    offsets = range(0, len(whole), max(1, len(whole) // 150))
    for offset in offsets:
        path.write_bytes(whole[:offset] + bytes([whole[offset] ^ 0x55]) + whole[offset + 1 :])
        try:
            found = everything()
        except (IndexDamagedError, IndexMismatchError):
            named += 1
        else:
            assert found == expected, offset
    assert named > len(offsets) * 0.9


@pytest.mark.skipif(
    not Path("/proc/self/fd").is_dir(), reason="the system does not list open files"
)
def test_files_of_replaced_segments_are_closed(index):
    """Cached values of a segment hold its file open."""
    index.write(Document("0", "كتاب قديم في بغداد"))
    snapshot = Snapshot(index.directory)
    for number in range(1, 8):
        index.write(Document(str(number % 3), "كتاب جديد في بغداد"))
        snapshot = Snapshot(index.directory, previous=snapshot)
        for segment in snapshot.segments:
            segment.positions.match_phrase("text", ["كتاب", "جديد"])
            segment.postings.postings_of("", "surface", "كتاب")
    opened = {str(file.resolve()) for file in Path("/proc/self/fd").iterdir()}
    held = [name for name in opened if str(index.directory) in name]
    assert len(held) <= len(snapshot.segments), held
