"""Documents like another, by the words that tell most about it."""

from __future__ import annotations

import pytest

from indexer.document import Document
from indexer.fields import FieldMap, FieldSpec, FieldType
from searchd.errors import DocumentNotFoundError, FilterSyntaxError, SearchArgumentError

DOCUMENTS = [
    Document("a", "زراعة القمح والشعير في السهول", title="القمح", fields={"kind": "farm"}),
    Document("b", "حصاد القمح في الصيف وتخزين الشعير", fields={"kind": "farm"}),
    Document("c", "أسعار القمح في الأسواق", fields={"kind": "trade"}),
    Document("d", "مباراة كرة القدم في الملعب", fields={"kind": "sport"}),
    Document("e", "في على من 2021", fields={"kind": "none"}),
    Document("f", "", fields={"kind": "none"}),
    Document("س/1 =", "القمح والشعير", fields={"kind": "farm"}),
]


@pytest.fixture
def engine(make_engine):
    return make_engine(DOCUMENTS, fields=FieldMap(extra=(FieldSpec("kind", FieldType.KEYWORD),)))


def test_the_most_like_it_come_first_and_never_itself(engine):
    found = engine.similar("a")
    ids = [hit.id for hit in found]
    assert set(ids) == {"b", "c", "س/1 ="}
    assert ids[-1] == "c"
    assert (found.id, found.total, len(found)) == ("a", 3, 3)
    scores = [hit.score for hit in found]
    assert scores == sorted(scores, reverse=True)


def test_the_words_that_were_used(engine):
    found = engine.similar("a")
    assert {term.text for term in found.terms} == {"القمح", "والشعير"}
    assert found.terms[0].weight == 1
    assert all(0 < term.weight <= 1 for term in found.terms)
    by_text = {term.text: term for term in found.terms}
    assert by_text["القمح"].documents == 4
    assert by_text["والشعير"].stem == "شعير"


def test_filters_pages_and_snippets(engine):
    assert {hit.id for hit in engine.similar("a", filters=["kind=farm"])} == {"b", "س/1 ="}
    first = engine.similar("a", limit=1)
    second = engine.similar("a", limit=1, offset=1)
    assert [first.hits[0].rank, second.hits[0].rank] == [1, 2]
    assert first.hits[0].id != second.hits[0].id
    assert first.total == second.total == 3
    assert first.hits[0].snippets
    assert not engine.similar("a", snippets=0).hits[0].snippets
    with pytest.raises(FilterSyntaxError):
        engine.similar("a", filters=["nothing=1"])


@pytest.mark.parametrize("empty", ["e", "f"])
def test_a_document_without_telling_words_is_like_none(engine, empty):
    found = engine.similar(empty)
    assert (found.total, found.hits, found.terms) == (0, (), ())


def test_ids_are_compared_as_written(engine):
    assert engine.similar("س/1 =").hits
    for unknown in ("A", "", "a ", "\ud800"):
        with pytest.raises(DocumentNotFoundError, match="no document with the id"):
            engine.similar(unknown)
    with pytest.raises(SearchArgumentError):
        engine.similar(7)


def test_it_reads_the_beginning_of_a_long_text(make_engine):
    long = "القمح " * 30_000 + "الحديد"
    found = make_engine([Document("long", long), Document("x", "القمح"), Document("y", "الحديد")])
    assert [hit.id for hit in found.similar("long")] == ["x"]


def test_plain_values(engine):
    values = engine.similar("a").to_dict()
    assert list(values) == ["id", "total", "offset", "took", "terms", "hits"]
    assert list(values["terms"][0]) == ["text", "stem", "documents", "weight"]
