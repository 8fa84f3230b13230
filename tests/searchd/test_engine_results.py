"""What a search returns: the words that were searched, what was stored, highlights and snippets."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from analyzers.synonyms import Synonyms, parse_rules
from indexer.document import Document
from indexer.fields import FieldMap, FieldSpec, FieldType


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
