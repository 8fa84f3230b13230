"""Stored documents: one by its id, and all of them in any order."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from indexer.document import Document
from indexer.errors import IndexDamagedError
from indexer.fields import FieldMap, FieldSpec, FieldType
from indexer.segment.document_store import DocumentStore
from indexer.segment.write.document_store_writer import LONG_TEXT
from indexer.writer import IndexWriter
from searchd.errors import (
    DocumentNotFoundError,
    FilterSyntaxError,
    QuerySyntaxError,
    SearchArgumentError,
    SearchTimeoutError,
)

FIELDS = FieldMap(
    extra=(
        FieldSpec("section"),
        FieldSpec("price", FieldType.NUMBER),
        FieldSpec("seen", FieldType.DATE),
        FieldSpec("note", FieldType.TEXT),
    )
)
LONG = "".join(f"السطر {number} من كتاب طويل.\n" for number in range(LONG_TEXT // 20))
GIVEN = [
    Document(
        "مقال/١",
        "نص\r\nبسطرين\t و\u200fعلامة 😀 \n",
        title="  عنوانٌ بمسافات ",
        url="https://example.org/1",
        date=datetime(2024, 5, 1, 13, 30, 0, 123, UTC),
        fields={"section": ("ثقافة", "أدب"), "price": 12.5, "note": "ملحوظة", "seen": datetime(1999, 1, 2, tzinfo=UTC)},
    ),
    Document("one", "", title="عنوان", fields={"section": "ثقافة", "price": 3}),
    Document("empty", ""),
    Document("long", LONG, title="كتاب طويل"),
    Document("-7 ", "كتاب", fields={"price": -0.0, "section": ("واحد",)}),
]  # fmt: skip


@pytest.fixture
def engine(make_engine):
    return make_engine(GIVEN[:2], GIVEN[2:], fields=FIELDS)


class TestGet:
    @pytest.mark.parametrize("given", GIVEN, ids=lambda given: given.id)
    def test_a_document_is_as_it_was_given(self, engine, given):
        found = engine.get(given.id)
        assert found == given
        assert {name: type(value) for name, value in found.fields.items()} == {
            name: type(value) for name, value in given.fields.items()
        }
        assert found.content_hash() == given.content_hash()

    def test_moments_are_in_utc_and_lists_are_tuples(self, make_engine):
        cairo = timezone(timedelta(hours=3))
        given = Document(
            "1", "نص", date=date(2024, 5, 1),
            fields={"section": ["أ", "ب"], "seen": datetime(2024, 5, 1, 2, tzinfo=cairo)},
        )  # fmt: skip
        found = make_engine([given], fields=FIELDS).get("1")
        assert found.date == datetime(2024, 5, 1, tzinfo=UTC)
        assert found.fields["section"] == ("أ", "ب")
        assert found.fields["seen"] == datetime(2024, 4, 30, 23, tzinfo=UTC)

    @pytest.mark.parametrize("unknown", ["", "One", "one ", "\ud800", "مقال/2"])
    def test_an_unknown_id(self, engine, unknown):
        with pytest.raises(DocumentNotFoundError, match="no document with the id"):
            engine.get(unknown)

    def test_a_deleted_and_a_replaced_one(self, engine):
        with IndexWriter(engine.info().path) as writer:
            writer.delete("one")
            writer.upsert(Document("empty", "لم يعد فارغا"))
            writer.commit()
        assert engine.get("empty").text == "لم يعد فارغا"
        with pytest.raises(LookupError):
            engine.get("one")

    def test_no_text_is_no_id(self, engine):
        with pytest.raises(SearchArgumentError, match="'document_id': must be a text"):
            engine.get(7)


class TestDocuments:
    def test_all_in_the_order_of_the_index(self, engine):
        stream = engine.documents()
        assert list(stream) == GIVEN
        assert (stream.total, stream.cursor) == (5, None)

    def test_of_a_query_with_filters(self, engine):
        found = engine.documents("عنوان OR كتاب", filters=["section=ثقافة"])
        assert [each.id for each in found] == ["مقال/١", "one"]

    def test_sorted(self, engine):
        assert [each.id for each in engine.documents(sort="-price,id")] == [
            "مقال/١", "one", "-7 ", "empty", "long",
        ]  # fmt: skip

    def test_in_order_of_the_score(self, engine):
        by_score = [hit.id for hit in engine.search("كتاب", sort="score")]
        assert [each.id for each in engine.documents("كتاب", sort="score")] == by_score

    @pytest.mark.parametrize("sort", [None, "title", "-price", "score,id"])
    @pytest.mark.parametrize("size", [1, 2, 5, 6])
    def test_page_by_page(self, engine, sort, size):
        whole = list(engine.documents(sort=sort))
        found, cursor = [], None
        while True:
            page = engine.documents(sort=sort, limit=size, after=cursor)
            found += list(page)
            cursor = page.cursor
            if cursor is None:
                break
        assert found == whole

    def test_a_stream_that_is_left_can_be_taken_up(self, engine):
        stream = engine.documents(sort="id")
        assert stream.cursor is None
        first = [next(stream), next(stream)]
        rest = list(engine.documents(sort="id", after=stream.cursor))
        assert first + rest == sorted(GIVEN, key=lambda each: each.id)

    def test_a_stream_reads_the_generation_that_it_began_with(self, engine):
        stream = engine.documents()
        next(stream)
        with IndexWriter(engine.info().path) as writer:
            writer.delete("long")
            writer.commit(optimize=True)
        assert list(stream) == GIVEN[1:]

    def test_the_beginning_of_texts(self, engine):
        for length in (0, 3, 5000, len(LONG) + 1):
            found = [each.text for each in engine.documents(text_length=length)]
            assert found == [given.text[:length] for given in GIVEN]

    def test_the_beginning_of_a_long_text_is_read_alone(self, engine, monkeypatch):
        blocks = []
        plain = DocumentStore._block

        def counting(self, block):
            blocks.append(block)
            return plain(self, block)

        monkeypatch.setattr(DocumentStore, "_block", counting)
        (found,) = engine.documents(filters=["id=long"], text_length=10)
        assert (found.text, len(blocks)) == (LONG[:10], 1)

    def test_neighbours_share_a_block(self, make_engine, monkeypatch):
        engine = make_engine([Document(str(number), f"نص {number}") for number in range(300)])
        blocks = []
        plain = DocumentStore._block

        def counting(self, block):
            blocks.append(block)
            return plain(self, block)

        monkeypatch.setattr(DocumentStore, "_block", counting)
        assert [each.text for each in engine.documents()] == [
            f"نص {number}" for number in range(300)
        ]
        assert len(blocks) == 2  # one block, in two steps of 256 documents

    def test_memory_is_bounded_by_one_text(self, make_engine):
        text = "كتاب في المكتبة القديمة. " * 1500
        engine = make_engine([Document(str(number), f"{text}{number}") for number in range(150)])
        sum(len(each.text) for each in engine.documents())  # caches are full
        tracemalloc.start()
        for each in engine.documents(sort="-id"):
            assert each.text
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 10 * len(text.encode()) < 150 * len(text.encode())

    @pytest.mark.parametrize(
        ("options", "error"),
        [
            ({"query": '"'}, QuerySyntaxError),
            ({"filters": ["x=1"]}, FilterSyntaxError),
            ({"sort": "x"}, FilterSyntaxError),
            ({"limit": -1}, SearchArgumentError),
            ({"text_length": "1"}, SearchArgumentError),
            ({"query": 7}, SearchArgumentError),
            ({"timeout": 1e-9}, SearchTimeoutError),
        ],
        ids=str,
    )
    def test_errors_come_with_the_call(self, engine, options, error):
        with pytest.raises(error):
            engine.documents(**options)

    def test_an_empty_index(self, make_engine):
        for sort in (None, "title", "-date"):
            stream = make_engine().documents(sort=sort)
            assert (list(stream), stream.total, stream.cursor) == ([], 0, None)

    def test_a_damaged_text(self, make_engine, monkeypatch):
        engine = make_engine([Document("1", "نص")])
        path = next(iter(engine.documents())) and engine.info().path

        def damaged(_self, _block):
            raise IndexDamagedError(f"{path} is damaged")

        monkeypatch.setattr(DocumentStore, "_block", damaged)
        stream = engine.documents()
        with pytest.raises(IndexDamagedError):
            next(stream)
