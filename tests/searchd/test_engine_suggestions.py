"""Words of the index that are suggested where a search finds nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.document import Document
from indexer.indexing import delete_documents


class TestSuggestions:
    def test_near_words_of_a_word_that_is_not_there(self, engine):
        results = engine.search("البرلمام")
        assert (results.total, results.suggestions) == (0, ("البرلمان",))

    def test_near_words_of_one_word_of_a_phrase(self, engine):
        assert engine.search('"الحشذ الشعبي"').suggestions == ("الحشد",)
        assert engine.search('="قانون الحشذ"').suggestions == ("الحشد",)

    def test_common_words_come_first(self, make_engine):
        found = make_engine(
            [Document("1", "كتاب كتان"), Document("2", "كتاب"), Document("3", "كتام قلم")]
        )
        assert found.search("كتاق").suggestions == ("كتاب", "كتام", "كتان")

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            pytest.param("برلمن", ("برلمان",), id="without-the-article"),
            pytest.param("مشتشفى", ("مستشفي",), id="spelling"),
            pytest.param("الحشذ", ("الحشد",), id="the-nearest-alone"),
            pytest.param("C++", (), id="too-short"),
            pytest.param("دادز", (), id="a-stem-that-is-no-word"),
        ],
    )
    def test_the_nearest_words_are_suggested(self, make_engine, query, expected):
        found = make_engine([Document("1", "البرلمان المستشفى الحشد الحكم بغداد")])
        assert found.search(query).suggestions == expected

    @pytest.mark.parametrize(
        ("text", "query", "expected"),
        [
            pytest.param("الرحمن", "برلمن", (), id="ba-is-of-the-root"),
            pytest.param("الرحمن البرلمان", "برلمن", ("برلمان",), id="the-nearer-word"),
            pytest.param("وبالبرلمان الرحمن", "برلمن", ("برلمان",), id="behind-particles"),
            pytest.param("للبرلمان", "برلمن", ("برلمان",), id="behind-lam-and-article"),
            pytest.param("والمستشفى", "مستشقى", ("مستشفي",), id="behind-waw-and-article"),
            pytest.param("السلطان", "بسلطن", (), id="another-beginning"),
            pytest.param("القاهرة", "القاهره القاهزة", (), id="one-is-there"),
            pytest.param("القاهرة", "القاهزة", ("القاهره",), id="with-the-article"),
            pytest.param("فلسطين", "قلسطين", ("فلسطين",), id="one-slip-at-the-beginning"),
            pytest.param("كهرباء", "لهربا", (), id="two-slips-with-another-beginning"),
            pytest.param("وزير الوزارة", "وزيز", ("وزير",), id="waw-of-the-root"),
            pytest.param("بنك البنك", "ينك", ("بنك",), id="short"),
        ],
    )
    def test_letters_of_the_root_are_no_particles(self, make_engine, text, query, expected):
        assert make_engine([Document("1", text)]).search(query).suggestions == expected

    def test_words_of_deleted_documents_are_not_suggested(self, make_engine):
        found = make_engine([Document("1", "البرلمان"), Document("2", "نص")])
        delete_documents(Path(found.info().path), ["1"])
        assert found.search("البرلمام").suggestions == ()

    def test_none_where_something_was_found_or_all_words_are_there(self, engine):
        assert engine.search("حشد البرلمام").suggestions == ()
        assert engine.search("حشد AND كتاب").suggestions == ()
