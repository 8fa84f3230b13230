"""Sorting: alphabetical order, several keys, no value last, ties by id; pages and their work."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from analyzers.collation import collation_key
from indexer.document import Document
from indexer.fields import FieldMap, FieldSpec, FieldType
from indexer.segment.document_store import DocumentStore
from searchd.errors import FilterSyntaxError
from searchd.search import sorting

FIELDS = FieldMap(extra=(FieldSpec("section"), FieldSpec("price", FieldType.NUMBER)))
TITLES = ["الكتاب", "أحمد", "", "بيت", "كِتَاب", "ابن خلدون", "الله", "والد"]
SECTIONS = [None, "رياضة", ("الاقتصاد", "آداب"), "أدب"]


def document(number: int) -> Document:
    fields: dict[str, Any] = {}
    if section := SECTIONS[number % 4]:
        fields["section"] = section
    if number % 3:
        fields["price"] = number % 5
    return Document(
        f"{number * 37 % 100:02}",
        "كتاب " * (number % 4 + 1),
        title=TITLES[number % len(TITLES)],
        date=datetime(2024, 1, 1 + number % 6, tzinfo=UTC) if number % 7 else None,
        fields=fields,
    )


DOCUMENTS = {each.id: each for each in map(document, range(90))}


@pytest.fixture
def engine(make_engine):
    documents = list(DOCUMENTS.values())
    return make_engine(documents[:50], documents[50:75], documents[75:], fields=FIELDS)


def value(document: Document, name: str) -> Any:
    match name:
        case "id":
            return document.id
        case "title":
            return collation_key(document.title)
        case "date":
            return document.date and document.date.timestamp()
        case "section":
            found = document.fields.get("section")
            return found and collation_key(found if isinstance(found, str) else found[0])
    return document.fields.get(name)


def expected(sort: str) -> list[str]:
    """Sort by the last key first, and by the id before all: Python's sort keeps the order of ties."""
    ids = sorted(DOCUMENTS)
    for key in reversed(sort.split(",")):
        name = key.removeprefix("-")
        present = [i for i in ids if value(DOCUMENTS[i], name) not in (None, "")]
        absent = [i for i in ids if i not in set(present)]
        descending = key.startswith("-")
        ranks = {
            each: rank
            for rank, each in enumerate(sorted({value(DOCUMENTS[i], name) for i in present}))
        }
        present.sort(
            key=lambda i: (
                -ranks[value(DOCUMENTS[i], name)]
                if descending
                else ranks[value(DOCUMENTS[i], name)]
            )
        )
        ids = present + absent
    return ids


SORTS = [
    "title", "-title", "id", "-id", "section", "-section", "date", "-date", "price,-date",
    "-price,title", "section,price,-title", "title,-id", "-date,section,-price,title",
]  # fmt: skip


@pytest.mark.parametrize("sort", SORTS)
def test_order(engine, sort):
    hits = engine.search("*", limit=1000, sort=sort).hits
    assert [hit.id for hit in hits] == expected(sort)


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("size", [1, 13, 89])
def test_pages_by_offset_and_by_cursor_are_the_order(engine, sort, size):
    pages = [
        engine.search("كتاب", limit=size, offset=offset, sort=sort) for offset in range(0, 90, size)
    ]
    assert [hit.id for page in pages for hit in page] == expected(sort)
    walked, cursor = [], None
    while True:
        page = engine.search("كتاب", limit=size, sort=sort, after=cursor)
        walked += [hit.id for hit in page]
        cursor = page.cursor
        if cursor is None:
            break
    assert walked == expected(sort)


@pytest.mark.parametrize("sort", ["section", "-price", "date"])
def test_many_ties_are_ranked_and_few_are_read(engine, monkeypatch, sort):
    """Both ways to order documents that tie give one order."""
    monkeypatch.setattr(sorting, "_IDS_READ_ONE_BY_ONE", 0)
    assert [hit.id for hit in engine.search("*", limit=7, offset=3, sort=sort)] == expected(sort)[
        3:10
    ]
    first = engine.search("*", limit=10, sort=sort)
    second = engine.search("*", limit=10, sort=sort, after=first.cursor)
    assert [hit.id for hit in second] == expected(sort)[10:20]


def test_a_page_reads_the_ids_of_its_own_ties_alone(engine, monkeypatch):
    read = 0
    plain = DocumentStore.id

    def counting(self: DocumentStore, number: int) -> bytes:
        nonlocal read
        read += 1
        return plain(self, number)

    monkeypatch.setattr(DocumentStore, "id", counting)
    engine.search("*", limit=1, sort="-date")
    ties = sum(each.date == datetime(2024, 1, 6, tzinfo=UTC) for each in DOCUMENTS.values())
    assert read == ties < len(DOCUMENTS)
    engine.search("*", limit=1, sort="id")
    assert read == ties


def test_titles_are_ranked_once(engine, monkeypatch):
    engine.search("*", sort="title")

    def refuse(*_args: object) -> None:
        raise AssertionError("ranked again")

    monkeypatch.setattr("searchd.search.sort_columns.SortColumns._merge", refuse)
    assert engine.search("*", sort="-title").total == 90


def test_the_arabic_name_of_the_title(engine):
    by_name = [hit.id for hit in engine.search("*", sort="العنوان")]
    assert by_name == [hit.id for hit in engine.search("*", sort="title")]


@pytest.mark.parametrize("sort", ["text", "nothing", "title,", "--date", "url"])
def test_what_cannot_be_sorted_by(engine, sort):
    with pytest.raises(
        FilterSyntaxError, match="this index has score, title, id, date, section, price"
    ):
        engine.search("*", sort=sort)


@pytest.mark.parametrize(
    ("sort", "way_out"),
    [
        pytest.param("date desc", "write -date for", id="space"),
        pytest.param("price:asc", "write price for", id="colon"),
        pytest.param("title DESCENDING", "write -title for", id="in-full"),
    ],
)
def test_a_direction_as_in_other_systems_is_refused_with_the_way_out(engine, sort, way_out):
    with pytest.raises(FilterSyntaxError, match=way_out):
        engine.search("*", sort=sort)


def test_no_document_matches(engine):
    page = engine.search("لاشيءكهذا", sort="title,-date")
    assert (page.total, page.hits, page.cursor) == (0, (), None)
