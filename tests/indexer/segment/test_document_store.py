from __future__ import annotations

import math
import tempfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.document import Document
from indexer.errors import IndexDamagedError
from indexer.fields import FieldSpec, FieldType
from indexer.generation import SegmentEntry
from indexer.segment import document_store as documents_module
from indexer.segment.segment import Segment
from indexer.segment.stored_fields import StoredFields
from indexer.segment.write.document_store_writer import (
    LONG_TEXT,
    PLAIN_BLOCK_BYTES,
    TEXT_PART,
    TRAINING_CHARACTERS,
)
from indexer.segment.write.segment_writer import SegmentWriter
from indexer.segment.write.term_ids import TermIds
from tests.indexer.segment.texts import ANALYZER

MOMENT = datetime(2024, 5, 1, 13, 30, tzinfo=UTC)
FIELDS = (
    FieldSpec("section"),
    FieldSpec("price", FieldType.NUMBER),
    FieldSpec("seen", FieldType.DATE),
    FieldSpec("author", FieldType.TEXT),
)


def segment_of(directory: Path, documents: list[Document], fields=FIELDS) -> Segment:
    builder = SegmentWriter(TermIds(ANALYZER), fields)
    try:
        for document in documents:
            builder.add(document, document.content_hash())
        assert builder.count == len(documents)
        builder.write(directory / "a.segment")
    finally:
        builder.close()
    return Segment(directory, SegmentEntry("a.segment", len(documents)))


class TestIds:
    IDS = ("1", "١", "a", "A", "أحمد", "احمد", "..", "\t", "id\0", "\0", "😀", "x" * 5000)

    def test_each_is_found_as_it_is(self, tmp_path):
        segment = segment_of(tmp_path, [Document(name, name) for name in self.IDS])
        for number, name in enumerate(self.IDS):
            assert segment.documents.find(name.encode()) == [number]
            assert segment.documents.id(number) == name.encode()
            assert segment.documents.stored_fields([number])[0].id == name
        assert segment.documents.find(b"none") == []
        assert segment.documents.find(b"") == []

    def test_an_id_that_is_there_several_times(self, tmp_path):
        """One run may write an id again; the older documents are deleted, and found too."""
        documents = [Document(name, str(number)) for number, name in enumerate("abacab")]
        segment = segment_of(tmp_path, documents)
        assert sorted(segment.documents.find(b"a")) == [0, 2, 4]
        assert sorted(segment.documents.find(b"b")) == [1, 5]

    def test_ids_with_one_hash_are_told_apart(self, tmp_path, monkeypatch):
        monkeypatch.setattr(documents_module, "id_hash", lambda _id: 7)
        monkeypatch.setattr("indexer.segment.write.document_store_writer.id_hash", lambda _id: 7)
        segment = segment_of(tmp_path, [Document(name, "") for name in self.IDS])
        for number, name in enumerate(self.IDS):
            assert segment.documents.find(name.encode()) == [number]
        assert segment.documents.find(b"none") == []

    def test_content_hashes(self, tmp_path):
        documents = [Document(str(number), f"نص {number}") for number in range(20)]
        segment = segment_of(tmp_path, documents)
        found = [segment.documents.content_hash(number) for number in range(20)]
        assert found == [document.content_hash() for document in documents]


class TestHeads:
    def test_a_whole_head(self, tmp_path):
        fields = {"section": ("أ", "ب"), "price": 2.5, "seen": MOMENT, "author": "علي"}
        document = Document("1", "نص", "عنوان", "http://x/؟", MOMENT, fields)
        assert segment_of(tmp_path, [document]).documents.stored_fields([0])[0] == StoredFields(
            "1", "عنوان", "http://x/؟", MOMENT, fields
        )

    @pytest.mark.parametrize("title", ["أول\0ثان", "\0", "\0\0أول", "أول\0"])
    def test_a_nul_in_a_title_is_a_space(self, tmp_path, title):
        """Of the same length, so that highlights stay where they are."""
        segment = segment_of(tmp_path, [Document("1\0", "نص\0نص", title, "u\0")])
        stored = segment.documents.stored_fields([0])[0]
        assert stored == StoredFields("1\0", title.replace("\0", " "), "u\0", None, {})
        assert segment.documents.text(0) == "نص\0نص"
        words = [token.surface for token in ANALYZER.analyze(title)]
        assert [token.surface for token in ANALYZER.analyze(stored.title)] == words


class TestColumns:
    def test_numbers_and_dates(self, tmp_path):
        baghdad = timezone(timedelta(hours=3))
        documents = [
            Document(
                "1", "", date=datetime(1970, 1, 1, 0, 0, 1), fields={"price": 2, "seen": MOMENT}
            ),
            Document("2", "", fields={"price": -0.25}),
            Document("3", "", date=datetime(1970, 1, 1, 3, tzinfo=baghdad)),
        ]
        segment = segment_of(tmp_path, documents)
        columns = {
            name: segment.columns.numbers(name).tolist() for name in ("price", "seen", "date")
        }
        assert columns["price"][:2] == [2.0, -0.25]
        assert columns["seen"][0] == MOMENT.timestamp() * 1000
        assert (columns["date"][0], columns["date"][2]) == (1000.0, 0.0)
        missing = (columns["price"][2], *columns["seen"][1:], columns["date"][1])
        assert all(math.isnan(value) for value in missing)

    def test_keywords(self, tmp_path):
        values = [("رياضة", "كُرة  القدم"), (), "رياضه", ("ب", "أ", "ب")]
        documents = [
            Document(str(number), "", fields={"section": value})
            for number, value in enumerate(values)
        ]
        segment = segment_of(tmp_path, [*documents, Document("bare", "")])
        assert segment.documents.columns.keywords("section") == [
            ("رياضه", "كره القدم"), (), ("رياضه",), ("ب", "ا", "ب"), ()
        ]  # fmt: skip
        assert segment.columns.with_keyword("section", "رياضه").tolist() == [
            True,
            False,
            True,
            False,
            False,
        ]
        assert segment.columns.with_keyword("section", "ا").tolist() == [
            False,
            False,
            False,
            True,
            False,
        ]
        for missing in ("غائب", "", "\ud800"):
            assert not segment.columns.with_keyword("section", missing).any()
        names, firsts = segment.columns.first_keywords("section")
        assert names == sorted({"رياضه", "كره القدم", "ا", "ب"})
        assert [names[first] if first >= 0 else None for first in firsts.tolist()] == [
            "رياضه", None, "رياضه", "ب", None
        ]  # fmt: skip

    def test_columns_without_any_value(self, tmp_path):
        segment = segment_of(tmp_path, [Document("1", ""), Document("2", "")])
        assert np.isnan(segment.columns.numbers("price")).all()
        assert segment.documents.columns.keywords("section") == [(), ()]
        assert not segment.columns.with_keyword("section", "ا").any()

    def test_names(self, tmp_path):
        found = segment_of(tmp_path, [Document("1", "")]).columns
        assert set(found.number_names) == {"date", "price", "seen"}
        assert found.keyword_names == ["section"]


class TestTexts:
    @pytest.mark.parametrize(
        "sizes",
        [
            pytest.param([0], id="empty"),
            pytest.param([0, 0, 0], id="all-empty"),
            pytest.param([PLAIN_BLOCK_BYTES], id="one-block"),
            pytest.param([PLAIN_BLOCK_BYTES - 1, 1, 1], id="full-to-the-byte"),
            pytest.param([PLAIN_BLOCK_BYTES - 1, 0, 5], id="an-empty-one-before-the-border"),
            pytest.param([PLAIN_BLOCK_BYTES, 0, 5], id="an-empty-one-after-the-border"),
            pytest.param([PLAIN_BLOCK_BYTES * 5 + 3, 1], id="larger-than-blocks"),
            pytest.param([1, PLAIN_BLOCK_BYTES * 3, 0, PLAIN_BLOCK_BYTES, 7], id="mixed"),
            pytest.param([700] * 500, id="many-small"),
        ],
    )
    def test_over_the_borders_of_blocks(self, tmp_path, sizes):
        """Texts of one word and spaces: bytes are what counts here."""
        texts = [f"{number}".ljust(size)[:size] for number, size in enumerate(sizes)]
        segment = segment_of(
            tmp_path, [Document(str(number), text) for number, text in enumerate(texts)]
        )
        assert [segment.documents.text(number) for number in range(len(texts))] == texts
        every = np.ones(len(texts), np.bool_)
        assert [*segment.documents.live_texts(every)] == texts
        odd = np.arange(len(texts)) % 2 == 1
        assert [*segment.documents.live_texts(odd)] == texts[1::2]

    @pytest.mark.parametrize("words", [pytest.param(2000, id="prose"), pytest.param(1, id="one")])
    def test_with_a_dictionary(self, tmp_path, words):
        """The texts that it was made of and those after them."""
        random = np.random.default_rng(words)
        known = [f"كلمة{number}" for number in range(words)]
        texts = []
        while sum(map(len, texts)) < TRAINING_CHARACTERS:
            texts.append(" ".join(random.choice(known, random.integers(0, 4000))))
        segment = segment_of(
            tmp_path, [Document(str(number), text) for number, text in enumerate(texts)]
        )
        assert segment.array_file.array("texts.dictionary").size
        assert [segment.documents.text(number) for number in range(len(texts))] == texts
        every = np.ones(len(texts), np.bool_)
        assert [*segment.documents.live_texts(every)] == texts

    def test_a_long_text_is_stored_in_parts(self, tmp_path):
        """Each can be read alone, and the words before it are counted."""
        long = "".join(f"كلمة{number} F16 ثم. " for number in range(LONG_TEXT // 14))
        texts = ["قصير", long, "", "آخر", long[: LONG_TEXT + 1], "ختام"]
        documents = [Document(str(number), text) for number, text in enumerate(texts)]
        store = segment_of(tmp_path, documents).documents
        assert [store.text(number) for number in range(len(texts))] == texts
        every = np.ones(len(texts), np.bool_)
        assert [*store.live_texts(every)] == texts
        assert [*store.live_texts(~every)] == []
        assert [store.text_parts(number) is None for number in range(len(texts))] == [
            len(text) <= LONG_TEXT for text in texts
        ]
        parts = store.text_parts(1)
        assert parts.read(0, len(parts)) == long
        for number in range(len(parts)):
            text = parts.read(number, number + 1)
            start = int(parts.characters[number])
            assert text == long[start : start + len(text)]
            assert TEXT_PART <= len(text) < TEXT_PART + 20 or number == len(parts) - 1
            words = ANALYZER.tokenize(long[:start])
            assert len(words) == parts.words[number]
        assert (parts.characters[-1], parts.words[-1]) == (len(long), len(ANALYZER.tokenize(long)))

    def test_a_long_text_without_separators_is_stored_whole(self, tmp_path):
        store = segment_of(tmp_path, [Document("1", "ب" * (LONG_TEXT + 1))]).documents
        assert store.text_parts(0) is None
        assert len(store.text(0)) == LONG_TEXT + 1

    @settings(deadline=None, max_examples=50)
    @given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), max_size=20))
    def test_any_texts(self, texts):
        with tempfile.TemporaryDirectory() as directory:
            documents = [Document(str(number), text) for number, text in enumerate(texts)]
            segment = segment_of(Path(directory), documents, ())
            assert [segment.documents.text(number) for number in range(len(texts))] == texts

    def test_a_block_that_cannot_be_read_names_the_file(self, tmp_path, monkeypatch):
        segment = segment_of(tmp_path, [Document("1", "نص")])
        monkeypatch.setattr(
            segment.documents, "_texts", segment.array_file.array("stored_fields.bytes")
        )
        with pytest.raises(IndexDamagedError, match=r"a\.segment is damaged: a block.*--rebuild"):
            segment.documents.text(0)


def test_lengths_count_the_title_with_weight(tmp_path):
    documents = [Document("1", "كتاب ﷺ", title="عنوان"), Document("2", ""), Document("3", "أ ب")]
    assert segment_of(tmp_path, documents).lengths.tolist() == [5 + 3, 0, 2]


def test_the_words_of_a_batch_are_counted_for_its_memory(tmp_path):
    builder = SegmentWriter(TermIds(ANALYZER), FIELDS)
    document = Document("1", "واحد اثنان", title="عنوان", fields={"author": "أ ب ت"})
    builder.add(document, document.content_hash())
    builder.write(tmp_path / "a.segment")  # till then the words of the last texts are estimated
    builder.close()
    assert builder.words == 6
