"""Which documents each kind of query finds, and in which order."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.document import Document
from searchd.errors import QuerySyntaxError
from searchd.ranking import STEM_ONLY, SURFACE_ONLY, Ranking
from tests.searchd.conftest import COLLECTION


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("", set(), id="empty"),
        pytest.param("؟!", set(), id="punctuation"),
        pytest.param("*", {document.id for document in COLLECTION}, id="all"),
        pytest.param("كتاب", {"book", "school"}, id="word"),
        pytest.param("وبالكتاب", {"book", "school"}, id="clitics-of-the-query"),
        pytest.param("كِتَـــابٌ", {"book", "school"}, id="marks-of-the-query"),
        pytest.param("\u202bكتاب\u202c", {"book", "school"}, id="direction-controls"),
        pytest.param("الحشد الشعبي", {"hashd", "law", "arts"}, id="any-word"),
        pytest.param('"الحشد الشعبي"', {"hashd", "law"}, id="phrase"),
        pytest.param('"حشد شعبي"', {"hashd", "law"}, id="phrase-clitics-free"),
        pytest.param('="الحشد الشعبي"', {"hashd", "law"}, id="exact-phrase"),
        pytest.param('="حشد شعبي"', set(), id="exact-phrase-of-other-forms"),
        pytest.param("الكتب", {"book", "school"}, id="broken-plural"),
        pytest.param('"الكتب"', {"book", "school"}, id="one-quoted-word"),
        pytest.param('"الكتب للطلاب"', {"school"}, id="phrase-by-stem"),
        pytest.param('"كتاب للطلاب"', set(), id="phrase-not-by-lemma"),
        pytest.param("=كتاب", set(), id="exact-word-not-by-lemma"),
        pytest.param("=الطلاب", {"book"}, id="exact-word"),
        pytest.param("الطلاب", {"book", "school"}, id="word-of-two-forms"),
        pytest.param('"الشعبي حضر الحشد"', {"arts"}, id="phrase-over-punctuation"),
        pytest.param('"الشعبي الحشد"', set(), id="phrase-in-order"),
        pytest.param('"الشعبي الحشد"~1', {"arts"}, id="phrase-with-a-word-between"),
        pytest.param('"قانون الحشد"', {"law"}, id="phrase-in-the-title"),
        pytest.param('"الشعبي أقر"', set(), id="no-phrase-from-title-to-text"),
        pytest.param('"الشعبي أقر"~99', set(), id="no-wide-phrase-from-title-to-text"),
        pytest.param("+حشد -قانون", {"hashd", "arts"}, id="must-and-must-not"),
        pytest.param("-حشد -كتاب -طلاب", {"virus", "plane", "empty"}, id="must-not-alone"),
        pytest.param("حشد NOT قانون", {"hashd", "arts"}, id="not"),
        pytest.param("حشد AND شعبي", {"hashd", "law", "arts"}, id="and"),
        pytest.param("حشد AND NOT (قانون OR مهرجان)", {"hashd"}, id="and-not-or"),
        pytest.param("كتاب OR قانون", {"book", "school", "law"}, id="or"),
        pytest.param("title:حشد", {"law"}, id="title"),
        pytest.param("text:شعبي", {"hashd", "arts"}, id="text-without-title"),
        pytest.param('text:"الحشد الشعبي"', {"hashd"}, id="text-phrase-without-title"),
        pytest.param("title:(حشد AND قانون)", {"law"}, id="title-group"),
        pytest.param("الشعب*", {"hashd", "law", "arts"}, id="prefix"),
        pytest.param("مكت*", {"book"}, id="prefix-as-written"),
        pytest.param("كتاب*", {"book"}, id="prefix-of-what-was-written-not-of-stems"),
        pytest.param("*كتب", {"school"}, id="suffix"),
        pytest.param("الم?رسة", {"book", "school"}, id="one-letter"),
        pytest.param("الم??رسة", set(), id="two-letters"),
        pytest.param("title:الش*", {"law"}, id="prefix-in-the-title"),
        pytest.param("الطلاق~", {"book"}, id="fuzzy"),
        pytest.param("الطلاق~0", set(), id="fuzzy-not-at-all"),
        pytest.param("البلبان~2", {"law"}, id="fuzzy-two-letters"),
        pytest.param("covid", {"virus"}, id="latin"),
        pytest.param("COVID-19", {"virus"}, id="latin-with-number"),
        pytest.param("F16", {"plane"}, id="without-hyphen"),
        pytest.param("٢٠/٨", {"plane"}, id="arabic-digits"),
        pytest.param("10:30", {"plane"}, id="time"),
        pytest.param("+٢٠/٩", set(), id="every-part-after-plus"),
        pytest.param("غائب", set(), id="absent"),
        pytest.param("حشد AND غائب", set(), id="and-absent"),
        pytest.param("+حشد غائب", {"hashd", "law", "arts"}, id="optional-absent"),
        pytest.param("حشد -غائب", {"hashd", "law", "arts"}, id="without-absent"),
    ],
)
def test_what_is_found(engine, query, expected):
    assert set(engine.ids(query)) == expected
    assert engine.count(query) == len(expected)
    results = engine.search(query)
    assert {hit.id for hit in results.hits} == expected
    assert results.total == len(expected)


def test_plain_syntax_takes_anything(engine):
    query = 'من قال "الحشد (؟ title:x AND'
    with pytest.raises(QuerySyntaxError):
        engine.search(query)
    assert engine.search(query, syntax="plain").total == 3
    assert engine.count(query, syntax="plain") == 3


@pytest.mark.parametrize(
    ("query", "position"),
    [('""', 1), ("حشد AND ؟", 8), ("title:؟", 6), ('حشد -"،"', 6)],
)
def test_operators_need_a_word(engine, query, position):
    with pytest.raises(QuerySyntaxError, match="there is no word") as caught:
        engine.search(query)
    assert caught.value.position == position


def test_a_plus_before_punctuation_is_punctuation_too(engine):
    assert engine.count("+؟") == 0
    assert engine.ids("+؟ قانون") == ["law"]


@pytest.mark.parametrize(
    ("query", "way_out"),
    [
        pytest.param("QLED-55*", "+qled +55*", id="hyphen"),
        pytest.param("55Q*", "+55 +q*", id="digits-and-letters"),
        pytest.param("م.ت.*", "+م +ت", id="abbreviation"),
        pytest.param("*عبدالعز*", "+*عبد +العز*", id="parts-of-a-name"),
        pytest.param("A*-algebra", "+A* +algebra", id="wildcard-inside"),
        pytest.param("title:الطائرة_F*", "+الطائرة +F*", id="underscore"),
    ],
)
def test_a_pattern_of_several_words_is_refused_with_a_way_out(make_engine, query, way_out):
    found = make_engine(
        [
            Document("1", "شاشة QLED-55Q70 لدى م.ت.ف عند عبدالعزيز: C*-algebra", title="الطائرة F"),
            Document("2", "نص"),
        ]
    )
    with pytest.raises(QuerySyntaxError, match=re.escape(f"is not; write {way_out}, or")) as caught:
        found.search(query)
    assert caught.value.position == query.find(":") + 1
    if query != "A*-algebra":
        assert found.count(way_out) == 1


@pytest.mark.parametrize(
    "pattern", ["شا*", "شَا*", "ش\u200dا*", "شـا*", "*اشه", "ش*ة", "#شاش*", "شاش*،"]
)
def test_a_pattern_of_one_word_is_none_of_several(make_engine, pattern):
    assert make_engine([Document("1", "شاشة")]).count(pattern) == 1


@pytest.mark.parametrize(
    ("text", "phrase", "marked"),
    [
        pytest.param("في عهد عمر وأبي بكر الصديق", '"أبي بكر"', "وأبي بكر", id="and"),
        pytest.param("كتاب لابن خلدون في التاريخ", '"ابن خلدون"', "لابن خلدون", id="to"),
        pytest.param("عاش بمصر القديمة قوم", '"مصر القديمة"', "بمصر القديمة", id="in"),
        pytest.param("تحسن بشكل عام أمس", '"شكل عام"', "بشكل عام", id="with"),
        pytest.param("لأهل مصر القديمة", '"أهل مصر"~2', "لأهل مصر", id="with-a-slop"),
    ],
)
def test_a_phrase_matches_with_a_clitic_that_its_first_stem_keeps(
    make_engine, text, phrase, marked
):
    found = make_engine([Document("1", text), Document("2", "باسل بكر بعيد عام")])
    (hit,) = found.search(phrase)
    (snippet,) = hit.snippets
    (mark,) = snippet.highlights
    assert snippet.text[mark.start : mark.end] == marked
    assert mark.level == "stem"
    assert found.count(f"={phrase}") == 0


def test_a_phrase_takes_no_letter_of_another_word_for_a_clitic(make_engine):
    """عيد is in بعيد, which is a word of its own."""
    assert make_engine([Document("1", "بعيد الأضحى")]).count('"عيد الأضحى"') == 0


def test_a_pattern_that_is_too_wide_is_refused(make_engine):
    ranking = Ranking(most_expansions=5)
    found = make_engine([Document("1", "با بب بت بث بج بح")], ranking=ranking)
    with pytest.raises(QuerySyntaxError, match="more than 5 words of the index match 'ب\\*'"):
        found.search("ب*")
    assert found.count("با*") == 1


def test_a_pattern_of_many_stars_is_fast(make_engine):
    found = make_engine([Document("1", "ا" * 2 + "ب" + "اب" * 60)])
    assert found.count("*ا*ا*ا*ا*ا*ا*ا*ا*ا*ا*ا*ا*ا*ا*ت") == 0


class TestStopWords:
    def test_they_choose_no_documents(self, engine):
        results = engine.search("الكتاب في المدرسة")
        assert results.common == ("في",)
        assert {hit.id for hit in results.hits} == {"book", "school"}
        assert all("في" not in term.text for term in results.terms)

    def test_after_plus_and_operators_they_count(self, engine):
        assert set(engine.ids("+في")) == {"book", "arts", "virus", "plane"}
        assert engine.ids("+في +كتاب") == ["book"]
        assert set(engine.ids("طائرة OR ثم")) == {"plane", "book", "virus"}
        assert engine.ids("مدرسة -في") == ["school"]

    def test_in_a_phrase_they_count(self, engine):
        assert engine.ids('"كتابهم في المدرسة"') == ["book"]
        assert engine.ids('"كتابهم المدرسة"') == []
        assert set(engine.ids('"في"')) == {"book", "arts", "virus", "plane"}

    def test_alone_they_are_searched(self, engine):
        results = engine.search("في ثم")
        assert {hit.id for hit in results.hits} == {"book", "virus", "arts", "plane"}
        assert results.common == ()

    def test_what_is_excluded_is_neither_listed_nor_highlighted(self, engine):
        results = engine.search("حشد -(قانون في)")
        assert [term.text for term in results.terms] == ["حشد"]
        assert results.common == ()


class TestRanking:
    def test_more_of_the_words_rank_first(self, engine):
        def ranked(query: str) -> list[str]:
            return [hit.id for hit in engine.search(query).hits]

        # Two documents hold all three words; the first holds them as a phrase.
        assert ranked("هيئة الحشد الشعبي") == ["hashd", "law", "arts"]
        assert ranked("مهرجان الشعبي") == ["arts", "law", "hashd"]

    def test_the_title_counts_more(self, make_engine):
        found = make_engine(
            [Document("text", "نص كتاب أول"), Document("title", "نص أول", title="كتاب")]
        )
        assert [hit.id for hit in found.search("كتاب").hits] == ["title", "text"]

    def test_the_very_form_adds(self, make_engine):
        found = make_engine([Document("other", "وبالكتاب نص"), Document("same", "كتاب نص")])
        assert [hit.id for hit in found.search("كتاب").hits] == ["same", "other"]
        first, second = found.search("كتاب").hits
        assert first.score > second.score > 0

    def test_another_ranking(self, make_engine):
        documents = [Document("other", "وبالكتاب نص"), Document("same", "كتاب نص")]
        assert make_engine(documents, ranking=SURFACE_ONLY).ids("كتاب") == ["same"]
        first, second = make_engine(documents, ranking=STEM_ONLY).search("كتاب").hits
        assert first.score == second.score

    def test_equal_documents_tie_in_the_order_of_the_index_in_any_segments(self, make_engine):
        documents = [Document(str(number), "كتاب المدرسة الجديد وقلم") for number in range(40)]
        found = make_engine(documents[:26], documents[26:36], documents[36:])
        assert found.info().segments == 3
        for query in ("كتاب", "كتاب قلم", "كتاب AND قلم AND مدرسة", "+كتاب قلم", '"كتاب المدرسة"'):
            hits = found.search(query, limit=40).hits
            assert len({hit.score for hit in hits}) == 1, query
            assert [hit.id for hit in hits] == [document.id for document in documents]

    def test_searching_twice_gives_the_same(self, engine):
        assert engine.search("الحشد الشعبي").hits == engine.search("الحشد الشعبي").hits


PARTS = st.sampled_from(
    [
        *'+-=()"«»~*?:؟/\0\u200f\u064b 12٣^|&!<>[]{}',
        "AND",
        "OR",
        "NOT",
        " ",
        " ",
        "title:",
        "date:",
        "x:",
        "الحشد",
        "كتاب",
        "و",
        "في",
        "covid",
        "ﷺ",
        "ب*",
        "\ud800",
        "😀",
        "price:",
        "2024",
        "\n",
    ]
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.lists(PARTS, max_size=20).map("".join) | st.text(max_size=30))
def test_any_query_is_answered_or_explained(engine, query):
    try:
        results = engine.search(query, snippets=2)
    except QuerySyntaxError as error:
        assert query[error.position :]
    else:
        assert results.total == engine.count(query) == len(engine.ids(query))
        json.dumps(results.to_dict())
    plain = engine.search(query, syntax="plain")
    assert plain.total <= len(COLLECTION)
