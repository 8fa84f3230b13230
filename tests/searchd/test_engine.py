from __future__ import annotations

import json
import shutil
import threading
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import searchd
from analyzers.synonyms import Synonyms, parse_rules
from indexer.document import Document
from indexer.errors import IndexMismatchError, IndexMissingError
from indexer.fields import FieldMap, FieldSpec, FieldType
from indexer.indexing import delete_documents
from indexer.writer import IndexWriter
from searchd.errors import (
    EngineClosedError,
    QuerySyntaxError,
    SearchArgumentError,
    SearchError,
)
from searchd.ranking import STEM_ONLY, SURFACE_ONLY, Ranking
from searchd.search_arguments import MOST_HITS

COLLECTION = [
    Document("hashd", "أعلنت هيئة الحشد الشعبي أمس عن خطة جديدة. وقال قائد الحشد إن الخطة جاهزة."),
    Document("law", "أقر البرلمان قانون هيئة الحشد.", title="قانون الحشد الشعبي"),
    Document("arts", "مهرجان الفن الشعبي: حضر الحشد، وغنى الشعب في المهرجان."),
    Document("book", "قرأ الطلاب كتابهم في المدرسة، ثم ذهبوا إلى مكتبة الكتاب."),
    Document("school", "المدرسة تفتح أبوابها، والكتب للطلاب."),
    Document("virus", "انتشر COVID-19 في العالم، ثم عاد Covid مرة أخرى."),
    Document("plane", "طائرة F-16 أقلعت في 20/8 عند 10:30."),
    Document("empty", ""),
]


@pytest.fixture
def engine(make_engine):
    return make_engine(COLLECTION)


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


class TestPages:
    @pytest.fixture
    def many(self, make_engine):
        texts = ["كتاب " * (number % 5 + 1) + "نص " * (number % 3) for number in range(50)]
        documents = [Document(str(number), text) for number, text in enumerate(texts)]
        return make_engine(documents[:36], documents[36:])

    @pytest.mark.parametrize("query", ["كتاب", "كتاب نص", "*", "كتاب AND نص", "-نص"])
    @pytest.mark.parametrize("size", [1, 7, 49, 50, 51])
    def test_pages_together_are_one_large_page(self, many, query, size):
        whole = many.search(query, limit=1000).hits
        pages = [many.search(query, limit=size, offset=offset) for offset in range(0, 60, size)]
        assert tuple(hit for page in pages for hit in page.hits) == whole
        assert [hit.rank for hit in whole] == list(range(1, len(whole) + 1))
        assert {page.total for page in pages} == {len(whole)}

    def test_no_hit_is_asked_for(self, many):
        results = many.search("كتاب", limit=0)
        assert (results.total, results.hits) == (50, ())

    @pytest.mark.parametrize("offset", [50, 51, MOST_HITS - 10])
    def test_beyond_the_last(self, many, offset):
        results = many.search("كتاب", offset=offset)
        assert (results.total, results.hits, results.offset) == (50, (), offset)

    def test_what_no_search_can_be_asked_for(self, engine):
        with pytest.raises(TypeError, match=r"filters are a list of conditions: \['date=2024'\]"):
            engine.search("كتاب", filters="date=2024")
        with pytest.raises(ValueError, match="no syntax 'all'; use full or plain"):
            engine.search("كتاب", syntax="all")

    @pytest.mark.parametrize(
        "options",
        [
            {"limit": -1},
            {"offset": -1},
            {"limit": MOST_HITS + 1},
            {"limit": 10, "offset": MOST_HITS - 9},
            {"snippets": -1},
            {"snippet_length": 0},
        ],
        ids=str,
    )
    def test_pages_that_cannot_be(self, many, options):
        with pytest.raises(SearchArgumentError, match=r"whole number from|reach past hit 10,000"):
            many.search("كتاب", **options)

    @pytest.mark.parametrize(
        ("arguments", "name"),
        [
            pytest.param({"query": None}, "query", id="no-query"),
            pytest.param({"query": "كتاب".encode()}, "query", id="query-in-bytes"),
            pytest.param({"query": ["كتاب"]}, "query", id="query-in-a-list"),
            pytest.param({"limit": "3"}, "limit", id="limit-in-a-text"),
            pytest.param({"limit": None}, "limit", id="no-limit"),
            pytest.param({"limit": 2.5}, "limit", id="limit-of-a-fraction"),
            pytest.param({"limit": True}, "limit", id="limit-of-a-truth"),
            pytest.param({"offset": "0"}, "offset", id="offset-in-a-text"),
            pytest.param({"offset": MOST_HITS}, "offset", id="offset-too-deep"),
            pytest.param({"filters": "date=2024"}, "filters", id="filters-in-one-text"),
            pytest.param({"filters": [1]}, "filters", id="filters-of-numbers"),
            pytest.param({"filters": {"date": 2024}}, "filters", id="filters-in-a-mapping"),
            pytest.param({"filters": 7}, "filters", id="filters-in-a-number"),
            pytest.param({"sort": ["-date"]}, "sort", id="sort-in-a-list"),
            pytest.param({"sort": 3}, "sort", id="sort-by-a-number"),
            pytest.param({"snippets": "1"}, "snippets", id="snippets-in-a-text"),
            pytest.param({"snippet_length": None}, "snippet_length", id="no-length"),
            pytest.param({"syntax": ["full"]}, "syntax", id="syntax-in-a-list"),
        ],
    )
    def test_arguments_of_a_wrong_type(self, engine, arguments, name):
        with pytest.raises(SearchArgumentError) as caught:
            engine.search(**{"query": "كتاب", **arguments})
        assert caught.value.argument == name
        assert isinstance(caught.value, SearchError)

    @pytest.mark.parametrize("call", ["ids", "count", "analyze"])
    def test_other_calls_check_their_text(self, engine, call):
        with pytest.raises(SearchArgumentError):
            getattr(engine, call)(None)

    def test_numbers_and_conditions_of_other_types(self, engine):
        """Whatever counts as a whole number, and conditions in any order of iteration."""
        found = engine.search("كتاب", limit=np.int64(3), filters=(f for f in ["date>=1000"]))
        assert found.total == engine.count("كتاب", filters=["date>=1000"])

    def test_the_way_out_of_a_sort_in_a_list(self, engine):
        with pytest.raises(SearchArgumentError, match="'-date,title'"):
            engine.search("كتاب", sort=["-date", "title"])


class TestAnswer:
    def test_terms_say_what_was_searched(self, engine):
        results = engine.search('وَالحشد "البيت الأبيض" كتا* الطلاق~ =كتابهم')
        shown = {term.text: (term.surface, term.stem, term.documents) for term in results.terms}
        assert shown == {
            "وَالحشد": ("والحشد", "حشد", 3),
            "البيت الأبيض": ("البيت الابيض", "بيت ابيض", 0),
            "كتا*": ("كتا*", "", 1),
            "الطلاق": ("الطلاق", "", 1),
            "كتابهم": ("كتابهم", "", 1),
        }
        assert len(results.terms) == len(shown)

    def test_terms_are_in_the_order_of_the_query(self, engine):
        results = engine.search('وَالحشد "البيت الأبيض" كتا* كتابهم')
        texts = [term.text for term in results.terms]
        assert texts == ["وَالحشد", "البيت الأبيض", "كتا*", "كتابهم"]

    def test_terms_say_what_lemma_a_word_has(self, engine):
        results = engine.search('والكتب covid "الحشد الشعبي" =كتاب مكت* غائب')
        assert {term.text: (term.lemma, term.similar) for term in results.terms} == {
            "والكتب": ("كتاب", ()),
            "covid": ("covid", ()),
            "الحشد الشعبي": ("", ()),
            "كتاب": ("", ()),
            "مكت*": ("", ()),
            "غائب": ("غايب", ()),
        }

    def test_a_hit_has_what_was_stored(self, make_engine):
        moment = datetime(2024, 5, 1, tzinfo=UTC)
        fields = {"word": ("أ", "ب"), "number": 2.0, "moment": moment, "prose": "نص"}
        kinds = {"word": "keyword", "number": "number", "moment": "date", "prose": "text"}
        specs = tuple(FieldSpec(name, FieldType(kind)) for name, kind in kinds.items())
        document = Document("١", "نص الكتاب", "عنوان", "http://x", moment, fields)
        found = make_engine([document], fields=FieldMap(extra=specs))
        (hit,) = found.search("كتاب").hits
        assert (hit.rank, hit.id, hit.title, hit.url, hit.date) == (
            1, "١", "عنوان", "http://x", moment
        )  # fmt: skip
        assert hit.fields == fields

    def test_the_highlighted_words_are_those_that_matched(self, engine):
        (hit,) = engine.search("covid").hits
        assert (
            hit.snippets[0].render("[", "]")
            == "انتشر [COVID-19] في العالم، ثم عاد [Covid] مرة أخرى."
        )
        (hit,) = engine.search("الطلاق~").hits
        assert "[الطلاب]" in hit.snippets[0].render("[", "]")
        (hit,) = engine.search("مكت*").hits
        assert "[مكتبة]" in hit.snippets[0].render("[", "]")
        (hit,) = engine.search("title:قانون").hits
        assert hit.title_snippet().render("[", "]") == "[قانون] الحشد الشعبي"
        assert hit.snippets[0].highlights == ()

    @pytest.mark.parametrize(
        ("query", "text", "expected"),
        [
            pytest.param(
                "كتاب",
                "كِتَاب والكتاب وكتب، والكتب. كاتب مكتبة",
                ["كِتَاب surface", "والكتاب stem", "وكتب lemma", "والكتب lemma"],
                id="lemma",
            ),
            pytest.param("كتب", "الكتاب كتب", ["الكتاب lemma", "كتب surface"], id="plural"),
            pytest.param("=كتاب", "كتاب كتب الكتاب", ["كتاب surface"], id="exact"),
            pytest.param('"كتاب الطالب"', "كتاب الطالب", ["كتاب الطالب surface"], id="phrase"),
            pytest.param(
                '"كتاب الطالب"', "والكتاب للطالب", ["والكتاب للطالب stem"], id="phrase-by-stem"
            ),
            pytest.param("كتا*", "كتاب كتب", ["كتاب surface"], id="pattern"),
            pytest.param("كتاب~", "كتاب كتام", ["كتاب surface", "كتام similar"], id="fuzzy"),
            pytest.param(
                "covid", "Covid COVID-19", ["Covid surface", "COVID-19 surface"], id="number"
            ),
            pytest.param(
                "سفر كتاب", "كتاب السيارة والعربة", ["كتاب surface"], id="not-a-synonym-of-others"
            ),
            pytest.param(
                "سيارة", "السيارة والعربة", ["السيارة stem", "والعربة synonym"], id="synonym"
            ),
            pytest.param(
                "الاتحاد الأوروبي",
                "قال EU إن الاتحاد",
                ["EU synonym", "الاتحاد surface"],
                id="synonym-of-two-words",
            ),
            pytest.param(
                "EU",
                "الاتحاد الأوروبي والاتحاد",
                ["الاتحاد الأوروبي synonym"],
                id="synonym-in-two-words",
            ),
            pytest.param(
                "كتاب شليمبوفسكي",
                "كتاب شليمبوفسك",
                ["كتاب surface", "شليمبوفسك similar"],
                id="like-a-word-that-is-nowhere",
            ),
        ],
    )
    def test_a_highlight_says_how_it_matched(self, make_engine, query, text, expected):
        synonyms = Synonyms(parse_rules(["سيارة, عربة", "الاتحاد الأوروبي, EU"]))
        (hit,) = make_engine([Document("1", text)], synonyms=synonyms).search(query).hits
        (snippet,) = hit.snippets
        found = [f"{text[mark.start : mark.end]} {mark.level}" for mark in snippet.highlights]
        assert found == expected

    def test_words_that_look_alike_are_not_highlighted_where_the_index_has_the_word(
        self, make_engine
    ):
        documents = [Document("1", "زار غورباتشوف بغداد"), Document("2", "زار جورباتشوف بغداد")]
        found = make_engine(documents, synonyms=Synonyms())
        same, other = found.search("غورباتشوف بغداد", explain=True).hits
        assert same.snippets[0].render("[", "]") == "زار [غورباتشوف] [بغداد]"
        assert "similar" in {part.level for part in other.explanation}
        assert other.snippets[0].render("[", "]") == "زار جورباتشوف [بغداد]"

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            pytest.param("كتاب عربة", [("كتاب", 1, (), ()), ("عربة", 0, ("سياره",), ())], id="one"),
            pytest.param(
                "الاتحاد الأوروبي",
                [("الاتحاد", 0, ("eu",), ()), ("الأوروبي", 0, (), ())],
                id="of-two-words",
            ),
            pytest.param("سفر كتاب", [("سفر", 0, (), ()), ("كتاب", 1, (), ())], id="not-held"),
            pytest.param(
                "كتاب شليمبوفسكو",
                [("كتاب", 1, (), ()), ("شليمبوفسكو", 0, (), ("شليمبوفسكي",))],
                id="similar",
            ),
        ],
    )
    def test_terms_say_what_was_searched_in_their_place(self, make_engine, query, expected):
        synonyms = Synonyms(
            parse_rules(["سيارة, عربة, مركبة", "الاتحاد الأوروبي, EU", "سفر, مجلد"])
        )
        found = make_engine([Document("1", "كتاب سيارة EU شليمبوفسكي")], synonyms=synonyms)
        terms = found.search(query).terms
        assert [(t.text, t.documents, t.synonyms, t.similar) for t in terms] == expected

    def test_a_hit_in_the_title_alone_has_a_lead(self, make_engine):
        found = make_engine([Document("1", "نص لا يذكره. وجملة أخرى.", title="الكتاب")])
        (hit,) = found.search("كتاب").hits
        assert hit.title_snippet().render("[", "]") == "[الكتاب]"
        assert hit.snippets[0].text == "نص لا يذكره. وجملة أخرى."

    def test_a_title_without_text_has_no_snippet(self, make_engine):
        (hit,) = make_engine([Document("1", "", title="الكتاب")]).search("كتاب").hits
        assert hit.snippets == ()

    def test_snippets_can_be_left_out(self, engine):
        assert engine.search("حشد", snippets=0).hits[0].snippets == ()

    def test_plain_syntax_takes_anything(self, engine):
        query = 'من قال "الحشد (؟ title:x AND'
        with pytest.raises(QuerySyntaxError):
            engine.search(query)
        assert engine.search(query, syntax="plain").total == 3
        assert engine.count(query, syntax="plain") == 3

    @pytest.mark.parametrize(
        ("query", "position"),
        [('""', 1), ("حشد AND ؟", 8), ("title:؟", 6), ('حشد -"،"', 6)],
    )
    def test_operators_need_a_word(self, engine, query, position):
        with pytest.raises(QuerySyntaxError, match="there is no word") as caught:
            engine.search(query)
        assert caught.value.position == position

    def test_a_plus_before_punctuation_is_punctuation_too(self, engine):
        assert engine.count("+؟") == 0
        assert engine.ids("+؟ قانون") == ["law"]

    def test_a_pattern_that_is_too_wide_is_refused(self, make_engine):
        ranking = Ranking(most_expansions=5)
        found = make_engine([Document("1", "با بب بت بث بج بح")], ranking=ranking)
        with pytest.raises(QuerySyntaxError, match="6 words of the index match 'ب\\*'"):
            found.search("ب*")
        assert found.count("با*") == 1

    def test_a_pattern_of_many_stars_is_fast(self, make_engine):
        found = make_engine([Document("1", "ا" * 2 + "ب" + "اب" * 60)])
        assert found.count("*ا*ا*ا*ا*ا*ا*ا*ا*ا*ا*ا*ا*ا*ا*ت") == 0


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


class TestInformation:
    def test_info(self, make_engine):
        fields = FieldMap(extra=(FieldSpec("قسم"), FieldSpec("price", FieldType.NUMBER)))
        found = make_engine(COLLECTION[:6], COLLECTION[6:], fields=fields)
        info = found.info()
        assert (info.documents, info.segments, info.generation) == (8, 2, 2)
        assert info.fields == (
            ("title", "text"), ("text", "text"), ("date", "date"),
            ("قسم", "keyword"), ("price", "number"),
        )  # fmt: skip
        files = [path for path in Path(info.path).iterdir() if path.is_file()]
        assert info.bytes == sum(path.stat().st_size for path in files)
        assert datetime.fromisoformat(info.created).tzinfo is not None

    def test_analyze(self, engine):
        text = "وَبِالكِتَابِ، في F-16"
        tokens = engine.analyze(text)
        assert [text[token.start : token.end] for token in tokens] == [
            token.text for token in tokens
        ]
        shown = [(token.text, token.surface, token.stem, token.stopword) for token in tokens]
        assert shown == [
            ("وَبِالكِتَابِ", "وبالكتاب", "كتاب", False),
            ("في", "في", "في", True),
            ("F-16", "f", "f", False),
            ("F-16", "16", "16", False),
        ]
        assert "conjunction" in tokens[0].why
        assert (tokens[0].lemma, tokens[0].proclitics) == ("كتاب", ("و", "ب", "ال"))
        assert "كتب" in tokens[0].related_stems
        assert engine.analyze("") == []

    def test_an_empty_index(self, make_engine):
        empty = make_engine([])
        assert empty.info().documents == 0
        for query in (
            "كتاب",
            "*",
            "-كتاب",
            "كتا*",
            "كتاب~",
            '"كتاب قلم"',
            "title:كتاب",
            "NOT كتاب",
        ):
            results = empty.search(query)
            assert (results.total, results.hits) == (0, ())
            assert empty.ids(query) == []

    def test_an_index_of_which_everything_was_deleted(self, make_engine):
        found = make_engine([Document("1", "كتاب قلم")])
        delete_documents(Path(found.info().path), ["1"])
        for query in ("كتاب", "*", "-كتاب", "كتا*", "كتاب~", '"كتاب قلم"'):
            assert found.count(query) == 0


class TestLife:
    def test_open(self, make_engine):
        path = make_engine([Document("1", "كتاب")]).info().path
        with searchd.open(path) as engine, searchd.open(Path(path)) as other:
            assert engine.count("كتاب") == other.count("كتاب") == 1

    def test_a_missing_index_says_what_to_do(self, tmp_path):
        with pytest.raises(IndexMissingError, match="searchd index --index"):
            searchd.open(tmp_path / "none")
        assert not (tmp_path / "none").exists()

    def test_a_closed_engine(self, engine):
        engine.close()
        engine.close()
        for call in (engine.search, engine.count, engine.ids):
            with pytest.raises(EngineClosedError, match=r"searchd\.open"):
                call("كتاب")
        with pytest.raises(EngineClosedError):
            engine.info()
        with engine, pytest.raises(EngineClosedError):
            engine.search("كتاب")

    def test_new_generations_are_seen_without_opening_again(self, make_engine):
        engine = make_engine([Document("1", "كتاب")])
        directory = Path(engine.info().path)

        def write(*documents: Document, **options: bool) -> None:
            with IndexWriter(directory, rebuild=options.pop("rebuild", False)) as writer:
                for document in documents:
                    writer.upsert(document)
                writer.commit(**options)

        write(Document("2", "كتاب"))
        assert set(engine.ids("كتاب")) == {"1", "2"}
        write(Document("2", "قلم"))
        assert engine.ids("كتاب") == ["1"]
        delete_documents(directory, ["1"])
        assert engine.ids("كتاب") == []
        write(Document("3", "كتاب"), optimize=True)
        assert engine.ids("كتاب") == ["3"]
        write(Document("4", "كتاب"), rebuild=True)
        assert engine.ids("*") == ["4"]

    def test_an_index_that_was_deleted_and_made_again_is_seen(self, make_engine, tmp_path):
        engine = make_engine([Document("1", "كتاب")])
        directory = Path(engine.info().path)
        shutil.rmtree(directory)
        with pytest.raises(IndexMissingError):
            engine.search("كتاب")
        with IndexWriter(directory) as writer:
            writer.upsert(Document("2", "كتاب"))
            writer.commit()
        assert engine.ids("كتاب") == ["2"]

    def test_an_index_rebuilt_by_another_analysis_is_refused(self, make_engine):
        from analyzers import Analyzer

        engine = make_engine([Document("1", "كتاب")])
        other = Analyzer(frozenset({"والكتاب"}))
        with IndexWriter(Path(engine.info().path), analyzer=other, rebuild=True) as writer:
            writer.commit()
        with pytest.raises(IndexMismatchError, match="--rebuild"):
            engine.search("كتاب")


def test_searching_while_a_writer_commits(make_engine):
    """Every answer is that of one generation: all its documents say the same number."""
    first = [Document(str(number), "كتاب جولة0") for number in range(20)]
    engine = make_engine(first)
    directory = Path(engine.info().path)
    done = threading.Event()
    problems: list[object] = []

    def search() -> None:
        newest = 0
        while not done.wait(0.005):
            try:
                hits = engine.search("كتاب", limit=100).hits
                runs = {hit.snippets[0].text for hit in hits}
                (only,) = runs
                run = int(only.removeprefix("كتاب جولة"))
                if len(hits) != 20 or run < newest:
                    problems.append((len(hits), run, newest))
                newest = run
                if engine.count(f'"كتاب جولة" +{run}') not in (0, 20):
                    problems.append("count")
                if engine.info().documents != 20:
                    problems.append("info")
            except Exception as error:
                problems.append(error)
                raise

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for run in range(1, 22):
            with IndexWriter(directory, rebuild=run % 5 == 0) as writer:
                for number in range(20):
                    writer.upsert(Document(str(number), f"كتاب جولة{run}"))
                writer.commit(optimize=run % 7 == 0)
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert problems == []
    assert engine.search("جولة +21").total == 20


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
