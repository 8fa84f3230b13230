"""Passages: where texts are cut, what each passage has of its book, and the field of the book."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.document import Document
from indexer.errors import FieldOptionError, IndexMismatchError
from indexer.fields import FieldMap, FieldSpec, FieldType
from indexer.indexing import index_records
from indexer.passages import LONGEST_PAGE, SHORTEST_PAGE, book_id, fields_with_book, passages
from indexer.places import Place, PlaceKind, check_places, joined, place_of


def words(count: int, word: str = "كلمة") -> str:
    return " ".join([word] * count)


def sizes(document: Document) -> list[int]:
    return [len(each.text.split()) for each in passages(document)]


def paged(*counts: int, kind: PlaceKind = PlaceKind.PAGE) -> Document:
    """Return a document of pages with so many words each, numbered from 1."""
    text, places = joined(
        [(kind, str(n), words(count, f"w{n}")) for n, count in enumerate(counts, 1)]
    )
    return Document("b", text, places=places)


def test_a_passage_has_what_its_book_has():
    book = Document(
        "a/ب.txt",
        words(700),
        title="عنوان",
        url="https://example.org",
        date=date(2020, 1, 2),
        fields={"author": "محمد"},
        origin="a/ب.txt",
    )
    first, second = passages(book)
    assert [first.id, second.id] == ["a/ب.txt#p1", "a/ب.txt#p2"]
    for each in (first, second):
        assert (each.title, each.url, each.date, each.origin) == (
            book.title,
            book.url,
            book.date,
            book.origin,
        )
        assert each.fields == {"author": "محمد", "book": "a/ب.txt"}


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        pytest.param([200, 250, 400], [200, 250, 400], id="pages-as-they-are"),
        pytest.param([20, 30, 200, 250], [250, 250], id="short-joined-to-the-next"),
        pytest.param([200, 250, 20], [200, 270], id="short-at-the-end"),
        pytest.param([1000, 200], [333, 333, 334, 200], id="long-cut"),
        pytest.param([20, 1000], [20, 333, 333, 334], id="short-before-long"),
        pytest.param([40] * 10, [160, 240], id="slides"),
        pytest.param([5], [5], id="one"),
    ],
)
def test_pages_become_passages(counts, expected):
    assert sizes(paged(*counts)) == expected


def test_each_passage_has_the_places_of_its_part():
    found = list(passages(paged(20, 200, 1000)))
    labels = [[place.label for place in each.places] for each in found]
    assert labels == [["1", "2"], ["3"], ["3"], ["3"]]
    for each in found:
        for word in ("w1", "w2", "w3"):
            if (at := each.text.find(word)) >= 0:
                place = place_of(each.places, at)
                assert place is not None
                assert place.label == word[1:]


def test_text_before_the_first_place_has_none():
    text = words(200, "مقدمة") + "\n" + words(200, "متن")
    book = Document("b", text, places=[Place(text.index("متن"), PlaceKind.PAGE, "1")])
    assert [len(each.places) for each in passages(book)] == [0, 1]


@pytest.mark.parametrize(
    ("text", "end"),
    [
        pytest.param(f"{words(280)}\n\n{words(15)}.\n{words(305)}", "كلمة", id="empty-line"),
        pytest.param(f"{words(280)}.\n{words(15)}. {words(305)}", "كلمة.", id="paragraph"),
        pytest.param(f"{words(285)}؟ {words(315)}", "كلمة؟", id="sentence"),
        pytest.param(f"{words(285)}.» {words(315)}", "كلمة.»", id="quoted-sentence"),
        pytest.param(f"{words(285)}\n{words(315)}", "كلمة", id="line"),
    ],
)
def test_a_cut_is_at_the_best_place_near(text, end):
    first, _ = passages(Document("b", text))
    assert len(first.text.split()) in (280, 285)
    assert first.text.endswith(end)


def test_a_title_alone_is_one_passage():
    (only,) = passages(Document("b", "", title="عنوان"))
    assert (only.id, only.text, only.places) == ("b#p1", "", ())


@given(
    st.lists(st.integers(0, 700), max_size=12),
    st.lists(st.sampled_from([" ", "\n", "\n\n", ". ", ".\n"]), min_size=1, max_size=5),
)
def test_every_word_is_in_one_passage_and_keeps_its_place(counts, gaps):
    parts = []
    number = 0
    for page, count in enumerate(counts):
        text = ""
        for _ in range(count):
            text += f"w{number}" + gaps[number % len(gaps)]
            number += 1
        parts.append((PlaceKind.PAGE, str(page), text))
    text, places = joined(parts)
    book = Document("b", text, places=places)
    found = list(passages(book))
    assert " ".join(each.text for each in found).split() == text.split()
    assert all(each.text == each.text.strip() for each in found)
    for each in found:
        check_places(each.places)
        count = len(each.text.split())
        assert count <= LONGEST_PAGE + SHORTEST_PAGE
        if each.text:
            start = text.index(each.text)
            middle = len(each.text) // 2
            before, here = place_of(places, start + middle), place_of(each.places, middle)
            assert before is not None
            assert here is not None
            assert before.label == here.label


@pytest.mark.parametrize(
    ("document", "book"),
    [
        ("a/b.epub#p12", "a/b.epub"),
        ("a#p1#p2", "a#p1"),
        ("mail.mbox#p", "mail.mbox#p"),
        ("a#p1x", "a#p1x"),
    ],
)
def test_the_book_of_an_id(document, book):
    assert book_id(document) == book


def test_a_new_index_gets_the_field(tmp_path):
    given_fields = FieldMap.from_specs([FieldSpec("author")])
    made = fields_with_book(given_fields, "book", tmp_path)
    assert made is not None
    assert [spec.name for spec in made.extra] == ["author", "book"]
    assert fields_with_book(made, "book", tmp_path) == made


def test_an_index_without_the_field_is_refused_unless_it_is_rebuilt(tmp_path):
    index_records(tmp_path, [], FieldMap.from_specs([FieldSpec("author")]))
    with pytest.raises(IndexMismatchError, match="no field 'book'.*--book-field"):
        fields_with_book(None, "book", tmp_path)
    assert fields_with_book(None, "author", tmp_path) is None
    made = fields_with_book(None, "book", tmp_path, rebuild=True)
    assert made is not None
    assert [spec.name for spec in made.extra] == ["author", "book"]


@pytest.mark.parametrize("name", ["year", "title"])
def test_a_field_that_holds_no_keywords_is_refused(tmp_path, name):
    fields = FieldMap.from_specs([FieldSpec("year", FieldType.NUMBER)])
    with pytest.raises(FieldOptionError, match=f"{name}.*--book-field"):
        fields_with_book(fields, name, tmp_path)
