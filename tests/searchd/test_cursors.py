"""Cursors: what they hold, what they are refused for, and what a commit in between does to them."""

from __future__ import annotations

import binascii
import json
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.document import Document
from indexer.fields import FieldMap, FieldSpec
from indexer.writer import IndexWriter
from searchd.cursors import LONGEST_CURSOR, Place, decode, encode
from searchd.engine import Engine
from searchd.errors import CursorError, CursorExpiredError, SearchArgumentError
from searchd.listing import Listing
from searchd.search_arguments import MOST_HITS

LISTING = Listing("search", "كتاب", "full", ("date>2020",), ("-date", "title"), "")
KINDS = (float, str)


def document(number: int, **changes: Any) -> Document:
    made = Document(
        f"{number:03}",
        "كتاب " * (number % 4 + 1),
        title=f"عنوان {number % 9}",
        date=datetime(2024, 1, 1 + number % 5, tzinfo=UTC),
        fields={"section": "أ" if number % 2 else "ب"},
    )
    return replace(made, **changes)


@pytest.fixture
def engine(make_engine):
    fields = FieldMap(extra=(FieldSpec("section"),))
    return make_engine([document(number) for number in range(0, 80, 2)], fields=fields)


def commit(engine: Engine, *documents: Document, deleted: tuple[str, ...] = ()) -> None:
    with IndexWriter(engine.info().path) as writer:
        for each in documents:
            writer.upsert(each)
        for each in deleted:
            writer.delete(each)
        writer.commit()


def forged(value: object) -> str:
    """Return a cursor with any content and the right checksum."""
    data = json.dumps(value).encode()
    packed = zlib.crc32(data).to_bytes(4, "little") + data
    return (
        binascii.b2a_base64(packed, newline=False).decode().translate({43: "-", 47: "_", 61: None})
    )


@given(
    st.integers(0, 1 << 40),
    st.none() | st.floats(allow_nan=False, allow_infinity=False),
    st.none() | st.text(st.characters(exclude_categories=["Cs"])),
    st.text(st.characters(exclude_categories=["Cs"])),
)
def test_a_place_survives(before, number, key, document_id):
    place = Place(before, (number, key), document_id)
    cursor = encode(LISTING, place)
    assert decode(cursor, LISTING, KINDS) == place
    assert set(cursor) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@pytest.mark.parametrize(
    "other",
    [
        LISTING._replace(method="documents"),
        LISTING._replace(query="كتب"),
        LISTING._replace(syntax="plain"),
        LISTING._replace(filters=()),
        LISTING._replace(keys=("date", "title")),
    ],
    ids=["method", "query", "syntax", "filters", "order"],
)
def test_a_cursor_of_something_else_is_refused(other):
    cursor = encode(other, Place(10, (1.0, "عنوان"), "7"))
    with pytest.raises(CursorError, match="another query, other filters or another order"):
        decode(cursor, LISTING, KINDS)


def test_only_a_cursor_of_one_generation_expires():
    for_one = LISTING._replace(generation="4 2024-05-01")
    place = Place(10, (1.0, "عنوان"), "7")
    assert decode(encode(for_one, place), for_one, KINDS) == place
    with pytest.raises(CursorExpiredError, match="begin at the first page, or sort by fields"):
        decode(encode(for_one, place), LISTING._replace(generation="5 2024-05-01"), KINDS)


DIGEST = "a" * 16


@pytest.mark.parametrize(
    "cursor",
    [
        pytest.param("", id="empty"),
        pytest.param("كتاب", id="letters"),
        pytest.param("AAAA", id="short"),
        pytest.param("A" * (LONGEST_CURSOR + 1), id="long"),
        pytest.param(encode(LISTING, Place(1))[:-2], id="cut"),
        pytest.param("B" + encode(LISTING, Place(1))[1:], id="changed"),
        pytest.param(forged([1, DIGEST, "", -1, [], ""]), id="below-zero"),
        pytest.param(forged([1, DIGEST, "", 1 << 60, [], ""]), id="too-far"),
        pytest.param(forged([2, DIGEST, "", 1, [], ""]), id="version"),
        pytest.param(forged([1, DIGEST, "", 1, [[]], ""]), id="list"),
        pytest.param(forged([1, DIGEST, "", 1, [True], ""]), id="bool"),
        pytest.param(forged([1, DIGEST, "", 1, [10**400], ""]), id="huge"),
        pytest.param(forged({"a": 1}), id="object"),
    ],
)
def test_what_is_no_cursor(cursor):
    with pytest.raises(CursorError, match="cannot be read"):
        decode(cursor, LISTING, KINDS)


@pytest.mark.parametrize("values", [(), (1.0,), ("a", "b"), (1.0, 1.0), (1.0, "a", "b")], ids=str)
def test_values_of_other_types(values):
    with pytest.raises(CursorError, match="cannot be read"):
        decode(encode(LISTING, Place(1, values, "7")), LISTING, KINDS)


class TestAfterACommit:
    @pytest.mark.parametrize("sort", ["title", "-title", "date,-title", "section", "-id", "id"])
    def test_an_order_by_values_goes_on(self, engine, sort):
        """What is new or gone shows where it belongs, and nothing comes twice."""
        first = engine.search("*", limit=15, sort=sort)
        seen = [hit.id for hit in first]
        commit(
            engine,
            *(document(number) for number in range(1, 80, 2)),
            deleted=(seen[2], seen[-1], "040"),
        )
        left = [hit.id for hit in engine.search("*", limit=1000, sort=sort, after=first.cursor)]
        whole = [hit.id for hit in engine.search("*", limit=1000, sort=sort)]
        assert left == [i for i in whole if i in set(left)]
        assert not set(left) & set(seen)
        everything = [*map(document, range(80))]
        reference = make_order(engine, sort, everything, seen[-1])
        assert left == [i for i in reference[reference.index(seen[-1]) + 1 :] if i in set(whole)]

    def test_the_document_of_the_cursor_has_moved(self, engine):
        """It is seen again where it went, as a document that is new there."""
        first = engine.search("*", limit=15, sort="title,id")
        last = first.hits[-1]
        commit(engine, document(int(last.id), title="ياء"))
        left = [
            hit.id for hit in engine.search("*", limit=1000, sort="title,id", after=first.cursor)
        ]
        assert left[-1] == last.id
        assert len(left) == 40 - 15 + 1

    def test_the_numbers_of_hits_go_on(self, engine):
        first = engine.search("*", limit=15, sort="title")
        commit(engine, deleted=("000",))
        second = engine.search("*", limit=3, sort="title", after=first.cursor)
        assert ([hit.rank for hit in second], second.offset, second.total) == ([16, 17, 18], 15, 39)

    @pytest.mark.parametrize("sort", [None, "score,title", "-date,score"])
    def test_an_order_by_score_expires(self, engine, sort):
        first = engine.search("كتاب", sort=sort)
        assert engine.search("كتاب", sort=sort, after=first.cursor).hits
        commit(engine, document(1))
        with pytest.raises(CursorExpiredError):
            engine.search("كتاب", sort=sort, after=first.cursor)

    def test_the_order_of_the_index_expires(self, engine):
        stream = engine.documents(limit=3)
        assert len(list(stream)) == 3
        assert [each.id for each in engine.documents(limit=1, after=stream.cursor)] == ["006"]
        commit(engine, document(1))
        with pytest.raises(CursorExpiredError):
            engine.documents(after=stream.cursor)


def make_order(engine: Engine, sort: str, documents: list[Document], kept: str) -> list[str]:
    """Return the order of all documents, the one that was deleted too."""
    with IndexWriter(engine.info().path) as writer:
        for each in documents:
            writer.upsert(each)
        writer.commit()
    return [hit.id for hit in engine.search("*", limit=1000, sort=sort)]


class TestSearches:
    @pytest.mark.parametrize("query", ["كتاب", "*", "كتاب عنوان", 'title:"عنوان 3"'])
    def test_pages_in_order_of_relevance(self, engine, query):
        whole = engine.search(query, limit=1000).hits
        walked, cursor = [], None
        while True:
            page = engine.search(query, limit=7, after=cursor)
            walked += page.hits
            cursor = page.cursor
            if cursor is None:
                break
        assert tuple(walked) == whole

    def test_beyond_the_last_hit_of_offsets(self, make_engine):
        documents = [Document(f"{number:05}", "نص") for number in range(MOST_HITS + 5)]
        engine = make_engine(documents)
        page = engine.search("نص", offset=MOST_HITS - 2, limit=2, snippets=0)
        page = engine.search("نص", limit=3, snippets=0, after=page.cursor)
        assert [(hit.rank, hit.id) for hit in page] == [
            (MOST_HITS + 1, "10000"),
            (MOST_HITS + 2, "10001"),
            (MOST_HITS + 3, "10002"),
        ]
        page = engine.search("نص", limit=3, snippets=0, after=page.cursor)
        assert ([hit.id for hit in page], page.cursor) == (["10003", "10004"], None)

    def test_results_have_a_cursor_where_another_page_follows(self, engine):
        assert engine.search("كتاب", limit=39).cursor
        assert engine.search("كتاب", limit=40).cursor is None
        assert engine.search("كتاب", limit=0).cursor is None
        assert engine.search("كتاب", limit=5).to_dict()["cursor"]

    def test_spellings_of_one_order(self, engine):
        first = engine.search("كتاب", sort="العنوان, -date")
        assert engine.search("كتاب", sort="title,-date", after=first.cursor).hits

    def test_an_offset_beside_it(self, engine):
        cursor = engine.search("كتاب").cursor
        with pytest.raises(SearchArgumentError, match="'after': a cursor takes no offset"):
            engine.search("كتاب", offset=3, after=cursor)
        with pytest.raises(SearchArgumentError, match="'after': must be a text"):
            engine.search("كتاب", after=7)
