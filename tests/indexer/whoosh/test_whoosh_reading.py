"""What a reader tells of terms, lengths, columns and stored fields, compared with stock."""

from __future__ import annotations

import math
import random

import pytest
from whoosh.reading import TermNotFound

FIELDS = ("stem", "surface", "title_stem", "text_surface", "note_stem", "section", "id", "price")


@pytest.fixture
def readers(pair):
    with pair.ours.reader() as ours, pair.stock.reader() as stock:
        yield ours, stock


@pytest.fixture(params=FIELDS)
def field(request) -> str:
    return request.param


def test_counts(readers):
    ours, stock = readers
    assert ours.doc_count() == stock.doc_count()
    assert ours.doc_count_all() == stock.doc_count_all()
    assert ours.has_deletions() == stock.has_deletions()
    assert list(ours.all_doc_ids()) == list(stock.all_doc_ids())
    for number in range(ours.doc_count_all() + 1):
        if number < ours.doc_count_all():
            assert ours.is_deleted(number) == stock.is_deleted(number)


def test_terms_in_order(readers, field):
    ours, stock = readers
    terms = list(stock.lexicon(field))
    assert list(ours.lexicon(field)) == terms
    # As text: Whoosh 2.7.4 reads terms of ranges of numbers as NaN.
    assert str(list(ours.field_terms(field))) == str(list(stock.field_terms(field)))
    prefix = terms[len(terms) // 2][:3]
    assert list(ours.expand_prefix(field, prefix)) == list(stock.expand_prefix(field, prefix))
    assert list(ours.terms_from(field, prefix))[:9] == list(stock.terms_from(field, prefix))[:9]


def test_all_terms_are_those_of_every_field(readers):
    ours, stock = readers
    assert set(stock.indexed_field_names()) == set(ours.indexed_field_names())
    assert list(ours.all_terms()) == sorted(stock.all_terms())


def test_statistics_of_terms(readers, field):
    ours, stock = readers
    chance = random.Random(3)
    terms = list(stock.lexicon(field))
    for term in chance.sample(terms, min(60, len(terms))):
        assert (field, term) in ours
        info, expected = ours.term_info(field, term), stock.term_info(field, term)
        for name in ("weight", "doc_frequency", "max_weight", "min_id", "max_id"):
            assert getattr(info, name)() == getattr(expected, name)(), name
        assert ours.frequency(field, term) == stock.frequency(field, term)
        assert ours.doc_frequency(field, term) == stock.doc_frequency(field, term)
        # Stock rounds lengths to a byte.
        for name in ("min_length", "max_length"):
            assert math.isclose(
                getattr(info, name)() or 0, getattr(expected, name)() or 0, rel_tol=0.05, abs_tol=1
            )


def test_postings(readers, field):
    ours, stock = readers
    chance = random.Random(4)
    terms = list(stock.lexicon(field))
    for term in chance.sample(terms, min(40, len(terms))):
        matcher, expected = ours.postings(field, term), stock.postings(field, term)
        assert list(matcher.all_ids()) == list(stock.postings(field, term).all_ids())
        while expected.is_active():
            assert (matcher.id(), matcher.weight()) == (expected.id(), expected.weight())
            if expected.supports("positions"):
                positions = expected.value_as("positions")
                assert matcher.value_as("positions") == positions
                assert matcher.value_as("frequency") == len(positions)
                assert matcher.supports("positions")
                assert [span.start for span in matcher.spans()] == positions
                format_ = ours.schema[field].format
                assert format_.decode_positions(matcher.value()) == positions
                assert format_.decode_weight(matcher.value()) == matcher.weight()
            matcher.next()
            expected.next()
        assert not matcher.is_active()


def test_most_frequent_and_distinctive_terms(readers):
    ours, stock = readers
    for field in ("stem", "title_surface"):
        assert ours.most_frequent_terms(field, 9) == stock.most_frequent_terms(field, 9)
        most = [reader.most_distinctive_terms(field, 9) for reader in readers]
        assert [term for _score, term in most[0]] == [term for _score, term in most[1]]


def test_a_term_that_is_not_there(readers, field):
    ours, _stock = readers
    assert (field, b"\x00nothing") not in ours
    assert ours.doc_frequency(field, b"\x00nothing") == 0
    with pytest.raises(TermNotFound):
        ours.term_info(field, b"\x00nothing")
    with pytest.raises(TermNotFound):
        ours.postings(field, b"\x00nothing")


def test_lengths_of_fields_are_exact(readers):
    ours, stock = readers
    for field in ("stem", "surface", "title_stem", "text_stem", "note_surface"):
        assert ours.field_length(field) == stock.field_length(field)
        lengths = [stock.doc_field_length(n, field) or 0 for n in range(stock.doc_count_all())]
        assert [ours.doc_field_length(n, field) for n in range(len(lengths))] == lengths
        assert ours.max_field_length(field) == max(lengths)
        assert ours.min_field_length(field) == min(lengths)


@pytest.mark.parametrize("name", ["price", "date", "seen", "section", "id"])
def test_columns(readers, name):
    ours, _stock = readers
    columns = [reader.column_reader(name, translate=False) for reader in readers]
    count = ours.doc_count_all()
    for number in range(count):
        actual, expected = (column[number] for column in columns)
        assert actual == expected
    assert ours.has_column(name)
    assert not ours.has_column("stem")
    assert list(ours.column_reader(name, translate=False)) == [
        columns[0][number] for number in range(count)
    ]


def test_stored_fields(readers):
    ours, stock = readers
    for number in ours.all_doc_ids():
        stored, expected = ours.stored_fields(number), stock.stored_fields(number)
        for name in ("id", "title", "text", "url", "price"):
            assert stored.get(name) == expected.get(name)
        for name in ("date", "seen"):
            there = stored.get(name)
            assert (there and there.replace(tzinfo=None)) == expected.get(name)
    documents = dict(ours.iter_docs())
    assert documents == {number: ours.stored_fields(number) for number in ours.all_doc_ids()}
    assert list(ours.all_stored_fields()) == list(documents.values())


def test_cursors_walk_the_terms_of_a_field(pairs, field):
    pair = pairs("one-deleted")
    with pair.ours.reader() as ours, pair.stock.reader() as stock:
        cursor, expected = ours.cursor(field), stock.cursor(field)
        for _ in range(50):
            assert cursor.text() == expected.text()
            assert cursor.is_valid() == expected.is_valid()
            if not cursor.is_valid():
                break
            assert cursor.term_info().doc_frequency() == expected.term_info().doc_frequency()
            cursor.next()
            expected.next()
        middle = list(stock.field_terms(field))[3]
        assert cursor.find(middle) == middle
        assert cursor.first() == next(iter(ours.field_terms(field)))


@pytest.mark.parametrize(
    ("layout", "segments", "deletions"),
    [
        pytest.param("one", 1, False, id="one"),
        pytest.param("one-deleted", 1, True, id="one-deleted"),
        pytest.param("seven", 7, True, id="seven-with-replaced-documents"),
        pytest.param("seven-deleted", 7, True, id="seven-deleted"),
        pytest.param("optimized", 1, False, id="optimized"),
    ],
)
def test_the_layouts_are_what_they_say(pairs, layout, segments, deletions):
    with pairs(layout).ours.reader() as ours, pairs(layout).stock.reader() as stock:
        assert len(ours.leaf_readers()) == len(stock.leaf_readers()) == segments
        assert ours.has_deletions() == deletions
