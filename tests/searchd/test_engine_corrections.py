"""The query that was likely meant: words that no document has, and words that context excludes."""

from __future__ import annotations

import pytest

from indexer.document import Document
from indexer.fields import FieldMap, FieldSpec, FieldType
from searchd.errors import QuerySyntaxError, SearchArgumentError
from searchd.results import CorrectedWords
from tests.searchd.conftest import delete_from

PHRASES = [
    *["أقر مجلس الوزراء قانون الأحوال الشخصية"] * 40,
    *["وصل رئيس الجمهورية العربية إلى المملكة العربية السعودية"] * 40,
    *["سار في عربة الخيل ثم ركب العربة"] * 30,
    *["ذهب الولد إلى المدرسة الكبيرة في المدينة"] * 30,
    *["لعب البنك دورا في البنوك"] * 10,
    "هذا مثال على كلمة نادرة مثل قلقشندي",
]


@pytest.fixture(scope="module")
def phrases(tmp_path_factory):
    from tests.searchd.conftest import write_index

    directory = tmp_path_factory.mktemp("phrases")
    write_index(directory, [Document(str(n), text) for n, text in enumerate(PHRASES)])
    from searchd.engine import Engine

    with Engine(directory) as engine:
        yield engine


def text_of(correction) -> str | None:
    return correction and correction.text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("مجلس الوزاء", "مجلس الوزراء", id="missing"),
        pytest.param("مجللس الوزراء", "مجلس الوزراء", id="doubled"),
        pytest.param("مجلس الوزارء", "مجلس الوزراء", id="swapped"),
        pytest.param("مجلس الوزراؤ", "مجلس الوزراء", id="neighbouring-key"),
        pytest.param("مجلسالوزراء", "مجلس الوزراء", id="lost-space"),
        pytest.param("مجلس الوز راء", "مجلس الوزراء", id="added-space"),
        pytest.param("المملكة العربة السعودية", "المملكة العربية السعودية", id="real-word"),
        pytest.param("مجاس الوزاء", "مجلس الوزراء", id="two-errors"),
        pytest.param("المدرسه الكبيره", None, id="dots-are-no-error"),
        pytest.param("الي المدرسة", None, id="hamzas-are-no-error"),
        pytest.param("العربة", None, id="a-word-without-context"),
        pytest.param("سار في عربة الخيل", None, id="as-documents-have-it"),
        pytest.param("قلقشندي", None, id="rare"),
        pytest.param("المدرسة الشخصية", None, id="never-together-but-nothing-likelier"),
        pytest.param("ظظظظظظظظ", None, id="nothing-like-it"),
        pytest.param("", None, id="empty"),
        pytest.param("ـــ", None, id="no-letters"),
        pytest.param("2021 f16", None, id="numbers"),
    ],
)
def test_what_was_meant(phrases, typed, meant):
    assert text_of(phrases.correct(typed)) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("l[gs hg,.vhx", "مجلس الوزراء", id="english-keyboard"),
        pytest.param('"l[gs hg,.vhx"', '"مجلس الوزراء"', id="english-keyboard-quoted"),
        pytest.param("ءارزولا سلجم", "مجلس الوزراء", id="visual-order"),
        pytest.param("ﺓﺮﻴﺒﻜﻟﺍ ﺔﺳﺭﺪﻤﻟﺍ", "المدرسة الكبيرة", id="visual-order-presentation-forms"),
        pytest.param("Ù…Ø¬Ù„Ø³ Ø§Ù„ÙˆØ²Ø±Ø§Ø¡", "مجلس الوزراء", id="utf-8-as-1252"),
        pytest.param("ãÌáÓ ÇáæÒÑÇÁ", "مجلس الوزراء", id="windows-1256-as-1252"),
        pytest.param("%D9%85%D8%AC%D9%84%D8%B3", "مجلس", id="address"),
        pytest.param(r"\u0645\u062c\u0644\u0633", "مجلس", id="json"),
        pytest.param("&#1605;&#1580;&#1604;&#1587;", "مجلس", id="html"),
        pytest.param("المملكة العربية الصعودية", "المملكة العربية السعودية", id="sounds-alike"),
        pytest.param("xyzzy qwerty", None, id="latin-that-is-no-arabic"),
        pytest.param("ظظظظ ةةةة", None, id="arabic-that-is-nothing-in-any-way"),
        pytest.param("سار في عربة الخيل 100%", None, id="per-cent"),
    ],
)
def test_a_query_whose_letters_were_changed_as_a_whole(phrases, typed, meant):
    assert text_of(phrases.correct(typed)) == meant


def test_latin_words_typed_on_an_arabic_keyboard(make_engine):
    engine = make_engine([Document("1", "شركة microsoft تطلق windows الجديد")])
    correction = engine.search("صهىيخصس").correction
    assert correction.text == "windows"
    assert correction.changes == (CorrectedWords(0, 7, "صهىيخصس", "windows"),)


def test_the_code_of_a_text_is_decoded_though_documents_have_its_parts(make_engine):
    engine = make_engine(
        [Document("1", "تاريخ مصر"), Document("2", "D9 85 D8 B5 B1 u0645 u0635 u0631")]
    )
    for typed in ("%D9%85%D8%B5%D8%B1", r"\u0645\u0635\u0631"):
        found = engine.search(typed)
        assert found.total
        assert found.correction.text == "مصر"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param('"مجلس الوزاء" -الخيل', '"مجلس الوزراء" -الخيل', id="quotation"),
        pytest.param("مجلس AND الوزاء", "مجلس AND الوزراء", id="operator"),
        pytest.param("+الوزاء", "+الوزراء", id="required"),
        pytest.param("title:(مجلس الوزاء)", None, id="a-field-without-words"),
        pytest.param("text:الوزاء^2", "text:الوزراء^2", id="field-and-boost"),
        pytest.param('="مجلس الوزاء"', '="مجلس الوزراء"', id="exact"),
        pytest.param("+مجلسالوزراء", "+(مجلس الوزراء)", id="two-words-of-an-operand"),
        pytest.param("-الوزاء مجلس", None, id="excluded"),
        pytest.param("NOT الوزاء", None, id="not"),
        pytest.param("الوزاء~ الوزا*", None, id="patterns"),
        pytest.param("id:الوزاء", None, id="a-value"),
    ],
)
def test_operators_stay_as_typed(phrases, typed, meant):
    assert text_of(phrases.correct(typed)) == meant


def test_what_is_changed_and_where(phrases):
    query = "  مجلسَ   الوزاء، (قانون)"
    correction = phrases.correct(query)
    assert correction.changes == (CorrectedWords(10, 16, "الوزاء", "الوزراء"),)
    assert correction.text == query.replace("الوزاء", "الوزراء")
    assert correction.to_dict() == {
        "text": correction.text,
        "changes": [{"start": 10, "end": 16, "typed": "الوزاء", "corrected": "الوزراء"}],
    }


def test_prose_has_no_operators(phrases):
    assert text_of(phrases.correct("-الوزاء", syntax="plain")) == "-الوزراء"
    with pytest.raises(QuerySyntaxError):
        phrases.correct('"الوزاء')


@pytest.mark.parametrize(
    ("text", "typed", "meant"),
    [
        pytest.param("البرلمان", "برلمن", "برلمان", id="documents-have-an-article"),
        pytest.param("والمستشفى", "مشتشفى", "مستشفى", id="written-as-documents-have-it"),
        pytest.param("الرحمن", "برلمن", None, id="a-letter-of-the-root-is-no-clitic"),
        pytest.param("وزير الوزارة", "وزيز", "وزير", id="waw-of-the-root"),
        pytest.param("أحمد أحمد احمد", "احمذ", "أحمد", id="the-usual-hamza"),
    ],
)
def test_single_words(make_engine, text, typed, meant):
    assert text_of(make_engine([Document("1", text)]).correct(typed)) == meant


def test_each_field_has_words_of_its_own(make_engine):
    fields = FieldMap(extra=(FieldSpec("author", FieldType.TEXT),))
    found = make_engine(
        [Document("1", "البرلمان", title="الديوان", fields={"author": "المنفلوطي"})], fields=fields
    )
    assert text_of(found.correct("author:المنقلوطي")) == "author:المنفلوطي"
    assert found.correct("author:البرلمام") is None
    assert text_of(found.correct("title:الديوام")) == "title:الديوان"


class TestWhenASearchLooksForOne:
    def test_where_nothing_is_found(self, phrases):
        assert text_of(phrases.search("الوزاء").correction) == "الوزراء"

    def test_where_a_word_is_in_no_document(self, phrases):
        results = phrases.search("مجلس الوزاء")
        assert results.total
        assert results.to_dict()["correction"] == results.correction.to_dict()

    def test_not_where_every_word_is_there_unless_asked(self, phrases, monkeypatch):
        query = "المملكة العربة السعودية"
        asked = phrases.search(query, correct="always").correction
        assert text_of(asked) == "المملكة العربية السعودية"
        calls = []
        monkeypatch.setattr(
            "searchd.search.index_searcher.IndexSearcher.correct",
            lambda *arguments: calls.append(arguments),
        )
        assert phrases.search(query).correction is None
        assert phrases.search("الوزاء", correct="never").correction is None
        assert not calls

    def test_another_value_is_an_error(self, phrases):
        with pytest.raises(SearchArgumentError, match="auto, always, never"):
            phrases.search("نص", correct="yes")


def test_counts_follow_commits(make_engine):
    found = make_engine([Document("1", "البرلمان"), Document("2", "نص")], changes=True)
    assert text_of(found.correct("البرلمام")) == "البرلمان"
    delete_from(found, ["1"])
    assert found.correct("البرلمام") is None


def test_the_work_is_bounded_whatever_the_query(phrases, monkeypatch):
    from searchd.search.word_statistics import WordStatistics

    pairs = []
    original = WordStatistics._pair
    monkeypatch.setattr(
        WordStatistics, "_pair", lambda *each: pairs.append(each) or original(*each)
    )
    phrases.correct(" ".join(f"الوزاء{letter}" for letter in "ابتثجحخدذرزسشصض" * 10))
    assert len(pairs) < 20_000


def test_a_correction_is_remembered_until_a_commit(phrases, monkeypatch):
    first = phrases.correct("مجلس الوزاء")
    assert first is not None
    monkeypatch.setattr(
        "searchd.search.query_correction.correct_query", lambda *_: pytest.fail("looked for again")
    )
    assert phrases.correct("مجلس الوزاء") == first
    assert phrases.search("مجلس الوزاء").correction == first
