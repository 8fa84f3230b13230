from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.check.segment_check import check_segment
from indexer.document import Document
from indexer.errors import IndexDamagedError
from indexer.fields import FieldMap, FieldSpec, FieldType
from indexer.generation import Generation, SegmentEntry
from indexer.segment.segment import Segment
from indexer.segment.write import merger as merging
from indexer.segment.write.document_store_writer import BLOCK_BYTES, LONG_TEXT
from indexer.segment.write.merger import MergeSource, merge_segments
from indexer.segment.write.segment_writer import SegmentWriter
from indexer.segment.write.term_ids import TermIds
from tests.indexer.segment.texts import ANALYZER, LEVELS, WORDS, invert_plainly, read_back, texts

FIELDS = FieldMap(
    extra=(
        FieldSpec("section"),
        FieldSpec("price", FieldType.NUMBER),
        FieldSpec("author", FieldType.TEXT),
    )
)


def build(path: Path, documents: Sequence[Document]) -> Segment:
    builder = SegmentWriter(TermIds(ANALYZER), FIELDS.extra)
    try:
        for document in documents:
            builder.add(document, document.content_hash())
        builder.write(path)
    finally:
        builder.close()
    return Segment(path.parent, SegmentEntry(path.name, len(documents)))


def merge(
    directory: Path, parts: Sequence[Sequence[Document]], deleted: frozenset[str] = frozenset()
) -> Segment:
    """Write each part as a segment, and merge them without the deleted documents."""
    sources = [
        MergeSource(
            build(directory / f"{number}.segment", part).array_file,
            np.array([document.id not in deleted for document in part], np.bool_),
        )
        for number, part in enumerate(parts)
    ]
    count = merge_segments(sources, directory / "merged.segment")
    merged = Segment(directory, SegmentEntry("merged.segment", count))
    check_segment(merged.array_file, Generation(1, "", FIELDS, ""), lambda _bytes: None)
    return merged


def arrays_of(segment: Segment) -> dict[str, tuple[np.dtype[Any], bytes]]:
    """Return the type and the bytes of every array of a segment."""
    arrays = {name: segment.array_file.array(name).all() for name in segment.array_file}
    return {name: (array.dtype, array.tobytes()) for name, array in arrays.items()}


def assert_same(merged: Segment, wanted: Segment, documents: Sequence[Document]) -> None:
    """Check that two segments say the same of everything, whatever codes they use for it."""
    assert merged.document_count == wanted.document_count == len(documents)
    for name in ("title", "text", "author"):
        for level in LEVELS:
            found, other = merged.postings.text_field(name), wanted.postings.text_field(name)
            assert found.dictionary(level).all() == other.dictionary(level).all()
            assert read_back(found, level) == read_back(other, level)
        assert (
            merged.postings.text_field(name).lengths().tolist()
            == wanted.postings.text_field(name).lengths().tolist()
        )
    assert merged.lengths.tolist() == wanted.lengths.tolist()
    assert merged.documents.columns.keywords("section") == wanted.documents.columns.keywords(
        "section"
    )
    for name in ("date", "price"):
        assert np.array_equal(
            merged.columns.numbers(name), wanted.columns.numbers(name), equal_nan=True
        )
    for number, document in enumerate(documents):
        assert (
            merged.documents.stored_fields([number])[0]
            == wanted.documents.stored_fields([number])[0]
        )
        assert merged.documents.text(number) == document.text
        assert merged.documents.content_hash(number) == document.content_hash()
        assert merged.documents.find(document.id.encode()) == [number]


def some_documents(count: int, seed: int = 1) -> list[Document]:
    chance = random.Random(seed)

    def text(most: int) -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(1, most)))

    return [
        Document(
            str(number),
            f"{text(30)} كلمة{number}",
            title=text(4),
            date=datetime(2024, 1, 1 + number % 28, tzinfo=UTC) if number % 3 else None,
            fields={"author": text(2), "price": number}
            if number % 2
            else {"section": (text(1), "أ")},
        )
        for number in range(count)
    ]


@pytest.fixture(params=[merging.OCCURRENCES_PER_STEP, 100, 1], ids=["whole", "ranges", "by-stem"])
def at_once(request, monkeypatch):
    """A merge in one step, in several, and in one for every stem."""
    monkeypatch.setattr(merging, "OCCURRENCES_PER_STEP", request.param)


@pytest.mark.usefixtures("at_once")
class TestWithoutDeletions:
    @pytest.mark.parametrize(
        "borders",
        [[], [1], [59], [30], [10, 20, 30], [1, 2, 3, 4, 58, 59]],
        ids=lambda borders: "-".join(map(str, borders)) or "one-segment",
    )
    def test_equal_to_a_segment_built_at_once_byte_for_byte(self, tmp_path, borders):
        documents = some_documents(60)
        bounds = zip([0, *borders], [*borders, len(documents)], strict=True)
        merged = merge(tmp_path, [documents[start:stop] for start, stop in bounds])
        wanted = build(tmp_path / "wanted.segment", documents)
        assert arrays_of(merged) == arrays_of(wanted)
        assert merged.array_file.values == wanted.array_file.values

    def test_merging_in_turns_is_merging_at_once(self, tmp_path):
        documents = some_documents(40)
        (tmp_path / "first").mkdir()
        first = merge(tmp_path / "first", [documents[:9], documents[9:20]])
        last = build(tmp_path / "last.segment", documents[20:])
        sources = [MergeSource(found.array_file, found.live) for found in (first, last)]
        merge_segments(sources, tmp_path / "merged.segment")
        wanted = build(tmp_path / "wanted.segment", documents)
        found = Segment(tmp_path, SegmentEntry("merged.segment", 40))
        assert arrays_of(found) == arrays_of(wanted)


@pytest.mark.usefixtures("at_once")
class TestWithDeletions:
    @pytest.mark.parametrize(
        "deleted",
        [
            pytest.param([0], id="first"),
            pytest.param([59], id="last"),
            pytest.param(range(20), id="a-whole-segment"),
            pytest.param(range(0, 60, 2), id="every-other"),
            pytest.param(range(1, 60), id="all-but-one"),
        ],
    )
    def test_equal_to_a_segment_without_them(self, tmp_path, deleted):
        documents = some_documents(60)
        gone = frozenset(map(str, deleted))
        merged = merge(tmp_path, [documents[:20], documents[20:25], documents[25:]], gone)
        kept = [document for document in documents if document.id not in gone]
        assert_same(merged, build(tmp_path / "wanted.segment", kept), kept)

    def test_a_segment_by_itself(self, tmp_path):
        documents = some_documents(20)
        merged = merge(tmp_path, [documents], frozenset({"3", "7"}))
        kept = [document for document in documents if document.id not in ("3", "7")]
        assert_same(merged, build(tmp_path / "wanted.segment", kept), kept)

    def test_terms_that_only_deleted_documents_held_vanish(self, tmp_path):
        first = [Document("1", "كتاب نادر"), Document("2", "كتاب والكتاب")]
        second = [Document("3", "مدرسة وحيدة"), Document("4", "الكتاب", title="كتابه")]
        merged = merge(tmp_path, [first, second], frozenset({"1", "3"}))
        field = merged.postings.text_field("text")
        assert [term.decode() for term in field.stems.all()] == ["كتاب"]
        assert [term.decode() for term in field.surfaces.all()] == ["الكتاب", "كتاب", "والكتاب"]
        merged = merge(tmp_path, [first, second], frozenset({"1", "2", "3"}))
        assert [term.decode() for term in merged.postings.text_field("text").surfaces.all()] == [
            "الكتاب"
        ]
        assert merged.postings.postings_of("", "stem", "كتاب").ids.tolist() == [0]

    def test_every_document(self, tmp_path):
        documents = some_documents(6)
        merged = merge(tmp_path, [documents[:3], documents[3:]], frozenset("012345"))
        assert_same(merged, build(tmp_path / "wanted.segment", []), [])

    def test_codes_of_forms_that_vanished_do_no_harm_in_the_next_merge(self, tmp_path):
        """The codes of a merged segment have gaps where a form is gone."""
        forms = ["كتاب", "الكتاب", "والكتاب", "وكتاب", "للكتاب"]
        documents = [Document(str(number), form) for number, form in enumerate(forms)]
        more = [Document("5", "بالكتاب كتاب"), Document("6", "والكتاب")]
        merged = merge(tmp_path, [documents[:2], documents[2:]], frozenset("02"))
        other = build(tmp_path / "more.segment", more)
        sources = [MergeSource(found.array_file, found.live) for found in (merged, other)]
        merge_segments(sources, tmp_path / "again.segment")
        kept = [documents[1], *documents[3:], *more]
        found = Segment(tmp_path, SegmentEntry("again.segment", len(kept)))
        assert_same(found, build(tmp_path / "wanted.segment", kept), kept)


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.lists(st.tuples(texts, texts, st.booleans()), max_size=5), min_size=1, max_size=4),
    st.sampled_from([1, 7, 1000]),
)
def test_any_segments(parts, at_once):
    segments: list[list[Document]] = []
    deleted, number = set[str](), 0
    for part in parts:
        segments.append([])
        for title, text, gone in part:
            segments[-1].append(Document(str(number), text, title=title, fields={"author": title}))
            deleted |= {str(number)} if gone else set()
            number += 1
    kept = [document for part in segments for document in part if document.id not in deleted]
    with tempfile.TemporaryDirectory() as directory, pytest.MonkeyPatch.context() as patch:
        patch.setattr(merging, "OCCURRENCES_PER_STEP", at_once)
        merged = merge(Path(directory), segments, frozenset(deleted))
        assert_same(merged, build(Path(directory, "wanted.segment"), kept), kept)
        for level in LEVELS:
            plain = invert_plainly([document.text for document in kept], level)
            assert read_back(merged.postings.text_field("text"), level) == plain


@pytest.mark.stress
def test_more_stems_than_two_bytes_tell_apart(tmp_path):
    words = ["".join(letters) for letters in product("abcdefghijklmnopq", repeat=4)][:70_000]
    random.Random(3).shuffle(words)
    documents = [
        Document(str(start), " ".join(words[start : start + 7_000]))
        for start in range(0, 70_000, 5_000)
    ]
    merged = merge(tmp_path, [documents[:5], documents[5:6], documents[6:]], frozenset({"10000"}))
    kept = [document for document in documents if document.id != "10000"]
    wanted = build(tmp_path / "wanted.segment", kept)
    assert len(wanted.postings.text_field("text").dictionary("stem").all()) > 1 << 16
    # Each stem has one form, so there is one way to write them: no need to read 70,000 lists.
    assert arrays_of(merged) == arrays_of(wanted)


def test_texts_over_the_borders_of_blocks(tmp_path):
    sizes = [BLOCK_BYTES - 1, 1, BLOCK_BYTES * 2, 0, 5, BLOCK_BYTES, 3]
    documents = [Document(str(n), f"{n}".ljust(size)[:size]) for n, size in enumerate(sizes)]
    merged = merge(tmp_path, [documents[:2], documents[2:5], documents[5:]], frozenset("13"))
    kept = [document for document in documents if document.id not in "13"]
    assert [merged.documents.text(number) for number in range(len(kept))] == [d.text for d in kept]


def test_long_texts_stay_in_parts(tmp_path):
    long = "كلمة ثم أخرى. " * (LONG_TEXT // 10)
    documents = [Document(str(n), text) for n, text in enumerate(["أ", long, "ب", long + "ج", "د"])]
    merged = merge(tmp_path, [documents[:2], documents[2:4], documents[4:]], frozenset("1"))
    kept = [document for document in documents if document.id != "1"]
    wanted = build(tmp_path / "wanted.segment", kept)
    for number, document in enumerate(kept):
        assert merged.documents.text(number) == document.text
    parts, expected = merged.documents.text_parts(2), wanted.documents.text_parts(2)
    assert parts.characters.tolist() == expected.characters.tolist()
    assert parts.words.tolist() == expected.words.tolist()


@pytest.mark.parametrize("page", range(3))
def test_a_damaged_source_is_named_and_leaves_no_file(tmp_path, page):
    """And no temporary file: warnings of open files are errors here."""
    documents = [
        Document(str(n), f"{n} " + random.Random(n).randbytes(900).hex()) for n in range(99)
    ]
    source = build(tmp_path / "source.segment", documents)
    data = bytearray((tmp_path / "source.segment").read_bytes())
    data[source.array_file.size * (2 * page + 1) // 6] ^= 1
    (tmp_path / "damaged.segment").write_bytes(data)
    damaged = Segment(tmp_path, SegmentEntry("damaged.segment", 99))
    sources = [MergeSource(damaged.array_file, damaged.live)] * 2
    with pytest.raises(IndexDamagedError, match=r"damaged\.segment"):
        merge_segments(sources, tmp_path / "merged.segment")
    assert not (tmp_path / "merged.segment").exists()
