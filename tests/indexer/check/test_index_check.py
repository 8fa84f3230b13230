from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from indexer import generation as generations
from indexer.check import index_check, text_field_check
from indexer.check.index_check import Verified, verify_index
from indexer.document import Document
from indexer.errors import IndexDamagedError, IndexMismatchError, IndexMissingError
from indexer.fields import FieldMap, FieldSpec, FieldType
from indexer.segment.array_file import ArrayFile, ArrayFileWriter
from indexer.segment.write.document_store_writer import LONG_TEXT
from indexer.snapshot import Snapshot
from indexer.writer import IndexWriter
from tests.indexer.conftest import OnDisk

FIELDS = FieldMap(
    extra=(
        FieldSpec("section"),
        FieldSpec("price", FieldType.NUMBER),
        FieldSpec("seen", FieldType.DATE),
        FieldSpec("author", FieldType.TEXT),
    )
)


def document(number: int) -> Document:
    return Document(
        f"id{number}",
        f"كتاب رقم {number} والكتاب الكتاب في المدرسة ﷺ " * (1 + number % 3),
        title=f"عنوان {number}" if number % 2 else "",
        date=datetime(2024, 1, 1 + number % 28, tzinfo=UTC),
        fields={"section": ("أ", "ب"), "price": number, "author": "علي"} if number % 3 else {},
    )


@pytest.fixture(scope="module")
def three_segments(tmp_path_factory):
    """An index of three segments, of which the first has deletions."""
    index = OnDisk(tmp_path_factory.mktemp("three-segments") / "index")
    index.write(*map(document, range(40)), fields=FIELDS)
    index.write(*map(document, range(40, 55)))
    index.write(*map(document, range(55, 60)), delete=["id3", "id17"])
    snapshot = Snapshot(index.directory)
    assert [bool(segment.entry.deletions) for segment in snapshot.segments] == [True, False, False]
    return index.directory


@pytest.fixture
def whole(index, three_segments):
    """A copy of those three segments."""
    shutil.copytree(three_segments, index.directory)
    return index


class TestWhole:
    def test_it_says_what_there_is(self, whole):
        found = verify_index(whole.directory)
        written = sum(len(data) for name, data in whole.files().items() if name != "searchd.json")
        assert (found.documents, found.segments) == (58, 3)
        assert written * 0.5 < found.bytes < written

    def test_progress_goes_to_its_end(self, whole):
        calls: list[tuple[int, int]] = []
        verify_index(whole.directory, lambda *done: calls.append(done))
        assert len({total for _done, total in calls}) == 1
        assert [done for done, _total in calls] == sorted(done for done, _total in calls)
        done, total = calls[-1]
        assert 0.9 * total < done <= total

    @pytest.mark.parametrize("at_once", [1, 50])
    def test_in_steps(self, whole, monkeypatch, at_once):
        monkeypatch.setattr(text_field_check, "OCCURRENCES_PER_STEP", at_once)
        assert verify_index(whole.directory).documents == 58

    def test_after_every_kind_of_commit(self, index):
        for commit in (
            {"fields": FIELDS},
            {"optimize": True},
            {"delete": ["id0", "id1"]},
            {"delete": ["id2"], "optimize": True},
            {"rebuild": True},
        ):
            index.write(*map(document, range(9)), **commit)
            assert verify_index(index.directory).documents == len(index.texts())

    def test_an_empty_index(self, index):
        index.write()
        assert verify_index(index.directory) == Verified(0, 0, 0)
        index.write(Document("1", ""))
        assert verify_index(index.directory).documents == 1

    def test_nothing_is_changed(self, whole):
        before = whole.files()
        verify_index(whole.directory)
        assert whole.files() == before

    def test_while_a_writer_commits(self, index):
        index.write(document(0), fields=FIELDS)

        def write() -> None:
            for number in range(40):
                index.write(document(number), optimize=number % 3 == 0)

        writer = threading.Thread(target=write)
        writer.start()
        seen = []
        while writer.is_alive():
            seen.append(verify_index(index.directory).documents)
        writer.join()
        assert seen == sorted(seen)
        assert verify_index(index.directory).documents == 40

    def test_ids_with_one_hash(self, index, monkeypatch):
        for module in (
            "indexer.segment.document_store",
            "indexer.segment.write.document_store_writer",
            "indexer.check.segment_check",
        ):
            monkeypatch.setattr(f"{module}.id_hash", lambda _id: 7)
        index.write(*map(document, range(5)), fields=FIELDS)
        assert verify_index(index.directory).documents == 5


@pytest.mark.parametrize("file", ["searchd.json", "segment", "deletions"])
@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: b"", id="empty"),
        pytest.param(lambda data: data[:-1], id="truncated"),
        pytest.param(lambda data: data[: len(data) // 2], id="half"),
        pytest.param(lambda data: bytes(len(data)), id="zeros"),
        pytest.param(lambda data: data[:70] + bytes([data[70] ^ 1]) + data[71:], id="one-bit"),
        pytest.param(lambda data: data + b"\0", id="longer"),
    ],
)
def test_a_damaged_file_is_named(whole, file, damage):
    path = next(path for path in sorted(whole.directory.iterdir()) if path.name.endswith(file))
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(IndexDamagedError, match=rf"{path.name}.*'searchd index --rebuild'"):
        verify_index(whole.directory)


@pytest.mark.parametrize("file", [".segment", ".deletions"])
def test_a_file_that_is_missing_is_named(whole, file):
    path = next(path for path in whole.directory.iterdir() if path.name.endswith(file))
    path.unlink()
    with pytest.raises(IndexDamagedError, match=rf"lacks a file \(.*{path.name}.*--rebuild"):
        verify_index(whole.directory)


def test_no_index(tmp_path):
    with pytest.raises(IndexMissingError, match="searchd index"):
        verify_index(tmp_path)


def test_another_format(whole):
    path = whole.directory / generations.GENERATION_FILE
    now = f'"format": {generations.FORMAT_VERSION}'
    path.write_text(path.read_text("utf-8").replace(now, '"format": 99'), "utf-8")
    with pytest.raises(IndexMismatchError, match="format 99"):
        verify_index(whole.directory)


Array = npt.NDArray[Any]
Change = Callable[[Array], Array]


def rewrite(path: Path, changes: dict[str, Change], values: dict[str, Any] | None = None) -> None:
    """Write a container again with other arrays, and the checksums that they need."""
    array_file = ArrayFile(path)
    arrays = {name: np.array(array_file.array(name).all()) for name in array_file}
    for name, change in changes.items():
        arrays[name] = change(arrays[name])
    with ArrayFileWriter(path.with_suffix(".draft")) as writer:
        for name, array in arrays.items():
            writer.add(name, array)
        writer.finish({**array_file.values, **(values or {})})
    path.with_suffix(".draft").replace(path)


def put(place: int, value: float) -> Change:
    def change(array: Array) -> Array:
        array[place] = value
        return array

    return change


def swap(first: int, second: int) -> Change:
    def change(array: Array) -> Array:
        array[[first, second]] = array[[second, first]]
        return array

    return change


def cut(array: Array) -> Array:
    return array[:-1]


NONSENSE = [
    ("stored_fields.offsets", swap(3, 4), "not ascending"),
    ("stored_fields.offsets", cut, "document"),
    ("stored_fields.bytes", cut, "stored_fields.offsets: not ascending to the end"),
    ("stored_fields.bytes", put(0, 0xFF), "stored_fields: document 0 cannot be read"),
    ("ids.hashes", swap(3, 9), "ids.hashes: not ascending"),
    ("ids.hashes", put(0, 1), "ids.hashes: not that of document"),
    ("ids.hashes", cut, "ids.hashes: not of each document"),
    ("ids.documents", put(0, 39), "ids.documents: not all documents"),
    ("ids.documents", swap(0, 1), "ids.hashes: not that of document"),
    ("hashes", cut, "hashes: not of each document"),
    ("lengths", put(5, 3), "lengths: not the words"),
    ("numbers.date", put(5, 3.5), "numbers.date: not the values"),
    ("numbers.price", put(1, float("nan")), "numbers.price: not the values"),
    ("numbers.seen", cut, "numbers.seen: not of each document"),
    ("keywords.section.codes", put(3, 2), "keywords.section.codes: too large"),
    ("keywords.section.codes", np.zeros_like, "keywords.section.codes: a value that no document"),
    ("keywords.section.codes", swap(2, 3), "keywords.section.codes: not the values"),
    ("keywords.section.codes", cut, "keywords.section.starts: not ascending to the end"),
    ("keywords.section.starts", put(3, 1), "keywords.section.starts"),
    ("keywords.section.values.bytes", put(1, 0), "keywords.section.values"),
    ("texts.block_starts", put(-1, 9), "texts.block_starts: not ascending to the end"),
    ("texts.block_documents", put(0, 1), "texts.block_documents: not ascending to the end"),
    ("texts.bytes", put(0, 0), "texts.bytes: block 0 cannot be read"),
    ("texts.offsets", swap(3, 4), "texts.offsets: not ascending"),
    ("texts.offsets", np.zeros_like, "hashes: not that of document 0"),
    ("texts.block_sizes", put(0, 9), "texts.bytes: block 0 cannot be read: it says"),
    ("texts.block_sizes", cut, "texts.block_sizes: not of each block"),
    ("hashes", put(20, 0), "hashes: not that of document 1"),
    ("text.surface_codes", lambda codes: codes + np.uint32(1 << 31), "written forms have codes up"),
    ("texts.offsets", put(4, 1), "texts.offsets|texts.bytes"),
    ("text.stems.bytes", put(1, 0xFE), "text.stems.bytes: (terms not sorted|a term is no text)"),
    ("text.stems.bytes", put(-1, 0x41), "text.stems.bytes: not of its terms"),
    ("text.stems.bytes", cut, "text.stems.bytes: not of its terms"),
    ("text.stems.blocks", put(-1, 3), "text.stems.blocks: not of its terms"),
    ("text.stems.blocks", cut, "text.stems"),
    ("text.stems.firsts", put(1, 0x41), "text.stems.firsts: not of its terms"),
    ("text.stems.firsts", cut, "text.stems.firsts: not of its terms"),
    ("text.trigrams.letters", put(-1, 0x6FF), "text.trigrams.letters: not those of the stems"),
    ("text.trigrams.letters", cut, "text.trigrams.letters: not those of the stems"),
    ("text.trigrams.keys", swap(0, 1), "text.trigrams.keys: not those of the stems"),
    ("text.trigrams.keys", cut, "text.trigrams.keys: not those of the stems"),
    ("text.trigrams.starts", put(1, 0), "text.trigrams.starts: not those of the stems"),
    ("text.trigrams.starts", cut, "text.trigrams.starts: not those of the stems"),
    (
        "text.trigrams.stems",
        lambda stems: stems[::-1],
        "text.trigrams.stems: not those of the stems",
    ),
    ("text.trigrams.stems", cut, "text.trigrams.stems: not those of the stems"),
    ("text.trigrams.sizes", put(0, 99), "text.trigrams.sizes: not those of the stems"),
    ("text.trigrams.sizes", cut, "text.trigrams.sizes: not those of the stems"),
    ("title.trigrams.stems", put(0, 9), "title.trigrams.stems: not those of the stems"),
    ("author.trigrams.sizes", put(0, 9), "author.trigrams.sizes: not those of the stems"),
    ("text.surface_stems", put(0, 200), "text.surface_stems: no such stem"),
    ("text.surface_stems", cut, "text.surface_stems: not of each surface form"),
    ("text.surface_stems", put(-1, 0), "codes|surface"),
    ("text.surface_codes", put(-1, 200), "codes: no such surface form"),
    ("text.surface_spellings", cut, "text.surface_spellings: not of each surface form"),
    ("text.surface_spellings", put(0, 200), "text.surface_spellings: not those of the dictionary"),
    ("text.surface_spellings", lambda sets: sets[::-1], "codes|spellings"),
    ("text.spellings.bytes", cut, "text.spellings.bytes: not of its terms"),
    ("text.spellings.blocks", put(-1, 3), "text.spellings.blocks: not of its terms"),
    ("text.posting_starts", swap(1, 2), "text.posting_starts: not ascending"),
    ("text.posting_starts", put(0, 1), "text.posting_starts: not of each stem"),
    ("text.posting_starts", cut, "text.posting_starts: not of each stem"),
    ("text.occurrence_starts", put(2, 1), "text.occurrence_starts: not ascending"),
    ("text.ids", put(-1, 40), "text.ids: no such document"),
    ("text.ids", swap(-1, -2), "text.ids: not ascending in a term"),
    ("text.ids", cut, "text.ids: not as long as its stems say"),
    ("text.counts", put(-1, 0), "text.counts: a document without the term"),
    ("text.counts", put(-1, 9), "text.counts: not the number of positions"),
    ("text.counts", cut, "text.counts: not as long"),
    ("text.positions", swap(-1, -2), "text.positions: not ascending in a document"),
    ("text.positions", put(-1, 200), "text.positions: words missing, or two"),
    ("text.positions", cut, "text.positions: not as long"),
    ("text.codes", put(-1, 200), "text.codes: no such surface form"),
    ("text.codes", lambda codes: codes * 0, "text.surfaces: a surface form that no document holds"),
    ("text.codes", cut, "text.codes: not as long"),
    ("text.next_term_hashes", put(-1, 9), "text.next_term_hashes: not those of the next words"),
    (
        "text.next_term_hashes",
        lambda behind: behind[::-1],
        "text.next_term_hashes: not those of the next words",
    ),
    ("text.next_term_hashes", cut, "text.next_term_hashes: not as long"),
    ("text.lengths", put(0, 1), "text.lengths: not the words"),
]


@pytest.mark.parametrize(
    ("name", "change", "reason"),
    [pytest.param(*row, id=f"{row[0]}-{number}") for number, row in enumerate(NONSENSE)],
)
def test_arrays_that_do_not_fit_each_other(whole, name, change, reason):
    """Checksums are right here, and the content is wrong, as after an error in a program."""
    path = whole.directory / Snapshot(whole.directory).generation.segments[0].name
    rewrite(path, {name: change})
    with pytest.raises(IndexDamagedError, match=rf"{path.name} is damaged: .*{reason}.*--rebuild"):
        verify_index(whole.directory)


@pytest.mark.parametrize(
    ("name", "change", "reason"),
    [
        ("texts.part_words", put(3, 1), "texts.part_words: not the words of the texts"),
        ("texts.part_words", cut, "texts.part_words: not of each block"),
        ("texts.part_characters", put(3, 1), "texts.part_characters: not those of document 1"),
        ("texts.part_characters", cut, "texts.part_characters: not of each block"),
        ("texts.block_documents", put(3, 2), "texts"),
    ],
)
def test_parts_of_a_long_text_that_do_not_fit(tmp_path, name, change, reason):
    with IndexWriter(tmp_path) as writer:
        for number, times in enumerate((1, LONG_TEXT // 4, 1)):
            writer.upsert(Document(str(number), "كلمة ثم " * times))
        writer.commit()
    assert verify_index(tmp_path).documents == 3
    rewrite(next(tmp_path.glob("*.segment")), {name: change})
    with pytest.raises(IndexDamagedError, match=reason):
        verify_index(tmp_path)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"documents": 39}, "it holds 39 documents, not 40"),
        ({"documents": None}, "it holds None documents"),
        ({"fields": ["title", "text"]}, "fields: not title, text, author"),
    ],
)
def test_other_values(whole, values, reason):
    path = whole.directory / Snapshot(whole.directory).generation.segments[0].name
    rewrite(path, {}, values)
    with pytest.raises(IndexDamagedError, match=reason):
        verify_index(whole.directory)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(
            lambda deleted: deleted[:1], "1 of its documents are deleted, not 2", id="less"
        ),
        pytest.param(lambda deleted: deleted[::-1], "lists documents", id="not-ascending"),
        pytest.param(put(1, 40), "lists documents", id="no-such-document"),
    ],
)
def test_deletions_that_do_not_fit(whole, change, reason):
    path = whole.path(".deletions")
    rewrite(path, {"documents": change})
    with pytest.raises(IndexDamagedError, match=reason):
        verify_index(whole.directory)


def test_a_document_that_is_there_twice(whole):
    """Two segments with one document: as if a deletion had been forgotten."""
    current = generations.read(whole.directory)
    first, *_others = current.segments
    whole.write(document(3))
    newest = generations.read(whole.directory)
    kept = [entry for entry in newest.segments if entry.name == first.name]
    assert kept
    forgotten = tuple(
        replace(entry, deleted=0, deletions="") if entry.name == first.name else entry
        for entry in newest.segments
    )
    generations.write(whole.directory, newest.next(forgotten))
    with pytest.raises(IndexDamagedError, match="'id3' is there twice"):
        verify_index(whole.directory)


def test_keywords_of_another_analysis(whole):
    """How they were folded is not known then: equal ones have equal codes, and each is used."""
    current = generations.read(whole.directory)
    generations.write(whole.directory, replace(current, analysis="0123456789abcdef"))
    assert verify_index(whole.directory).documents == 58
    rewrite(whole.directory / current.segments[0].name, {"keywords.section.codes": swap(2, 3)})
    with pytest.raises(IndexDamagedError, match="codes: not the values of the documents"):
        verify_index(whole.directory)


def test_what_is_stored_has_the_hash_of_what_was_given(index):
    """Also where it is not stored as it was given."""
    zone = timezone(timedelta(hours=3))
    zero = chr(0)
    index.write(
        Document("1", "نص", title=f"a{zero}b", date=datetime(2024, 5, 1)),
        Document("2", "نص", date=datetime(2024, 5, 1, 3, fold=1, tzinfo=zone)),
        Document("3", "نص", fields={"seen": datetime(2024, 5, 1, 3, tzinfo=zone)}),
        Document("4", "نص", fields={"price": np.float64(2.5), "section": ("b", "a")}),
        Document("5", "نص", fields={"price": 1, "section": ["x", "y"]}),
        Document("6", "نص", fields={"price": 10**15 + 1}),
        fields=FIELDS,
    )
    assert verify_index(index.directory).documents == 6
    index.write(Document("7", "نص"), optimize=True)
    assert verify_index(index.directory).documents == 7
    again = Document("1", "نص", title=f"a{zero}b", date=datetime(2024, 5, 1, tzinfo=UTC))
    assert index.write(again) == ["unchanged"]


def test_a_segment_of_other_fields(whole, tmp_path):
    current = generations.read(whole.directory)
    generations.write(whole.directory, replace(current, fields=FieldMap()))
    with pytest.raises(IndexDamagedError, match=r"fields: not title, text"):
        verify_index(whole.directory)


def test_whatever_numpy_says_is_named(whole, monkeypatch):
    def fail(*_args: object) -> None:
        raise ValueError("operands could not be broadcast")

    monkeypatch.setattr(index_check, "check_segment", fail)
    with pytest.raises(IndexDamagedError, match=r"segment is damaged: ValueError: operands"):
        verify_index(whole.directory)
