from __future__ import annotations

from itertools import pairwise

import pytest

from analyzers import Analyzer, is_stopword
from analyzers.morphology.lexicon import shipped_lexicon

ANALYZER = Analyzer()


def related_stems(word: str, analyzer: Analyzer = ANALYZER) -> tuple[str, ...]:
    (terms,) = analyzer.terms(word)
    return analyzer.lemma_expander.related_stems(terms.surface, terms.stem)


def rarity(word: str) -> float:
    (terms,) = ANALYZER.terms(word)
    return ANALYZER.lemma_expander.rarity(terms.surface)


@pytest.mark.parametrize(
    ("word", "others"),
    [
        pytest.param("كتاب", {"كتب"}, id="broken-plural"),
        pytest.param("كتب", {"كتاب"}, id="its-singular"),
        pytest.param("وبالكتب", {"كتاب"}, id="with-clitics"),
        pytest.param("كِتَـــابٌ", {"كتب"}, id="with-marks"),
        pytest.param("مدرسة", {"مدارس"}, id="feminine"),
        pytest.param("المدارس", {"مدرسه"}, id="with-the-article"),
        pytest.param("رئيس", {"روساء"}, id="hamza"),
        pytest.param("رؤساء", {"رييس"}, id="hamza-in-the-plural"),
        pytest.param("شواحن", {"شاحن"}, id="a-stem-that-is-mostly-another-word"),
        pytest.param("جوائز", {"جايز"}, id="a-feminine-singular"),
        pytest.param("أطقم", {"طقم", "طاقم"}, id="a-plural-of-two-singulars"),
        pytest.param("طقم", {"اطقم"}, id="the-second-singular"),
        pytest.param("نساء", {"امرا"}, id="another-root"),
        pytest.param("أتدرون", {"دري"}, id="after-the-interrogative"),
    ],
)
def test_siblings(word, others):
    found = related_stems(word)
    assert others <= set(found)
    (terms,) = ANALYZER.terms(word)
    assert terms.stem not in found
    assert list(found) == sorted(set(found))


@pytest.mark.parametrize(
    ("word", "other"),
    [
        pytest.param("أبيات", "ابي", id="a-plural-in-at-of-the-root"),
        pytest.param("كاظم", "كاظمي", id="name-and-longer-name"),
        pytest.param("الكاظمي", "كاظم", id="longer-name"),
        pytest.param("كتاب", "كاتب", id="who-writes"),
        pytest.param("كتاب", "مكتبه", id="where-they-are"),
        pytest.param("مدرسة", "مدرس", id="who-teaches"),
        pytest.param("رئيس", "رياسه", id="his-office"),
        pytest.param("قاسم", "كاظم", id="names-alike"),
    ],
)
def test_words_of_another_lemma_are_no_siblings(word, other):
    assert other not in related_stems(word)


@pytest.mark.parametrize("word", ["covid", "2024", "قطبزلخ", "غورباتشوف", "😀1"])
def test_words_that_the_lexicon_lacks_have_none(word):
    assert [related_stems(word) for _ in ANALYZER.terms(word)] in ([()], [])


class TestOwnEntries:
    def test_an_own_form_is_a_sibling_of_its_lemma_and_the_other_way_round(self):
        own = Analyzer(lexicon=shipped_lexicon().with_entries({"قطبزلخ": "كتاب"}))
        assert set(related_stems("كتاب", own)) == {*related_stems("كتاب"), "قطبزلخ"}
        assert {"كتاب", "كتب"} <= set(related_stems("والقطبزلخ", own))
        assert "قطبزلخ" not in related_stems("قطبزلخ", own)
        assert related_stems("قطبزلخ") == (), "the shipped lexicon is as it was"

    def test_a_lemma_that_is_itself_a_form_of_another(self):
        own = Analyzer(lexicon=shipped_lexicon().with_entries({"قطبزلخ": "كتب"}))
        assert own.lemma_expander.reading("قطبزلخ").lemma == own.lemma_expander.reading("كتب").lemma
        assert "قطبزلخ" in related_stems("كتاب", own)
        assert "كتاب" in related_stems("قطبزلخ", own)

    def test_entries_that_lead_to_one_another(self):
        own = Analyzer(lexicon=shipped_lexicon().with_entries({"قطبزلخ": "ظغضخ", "ظغضخ": "مدارس"}))
        assert {"مدارس", "قطبزلخ", "ظغضخ"} <= {*related_stems("مدرسة", own)}
        assert {"مدرسه", "ظغضخ"} <= {*related_stems("قطبزلخ", own)}

    def test_two_words_that_the_lexicon_lacks(self):
        own = Analyzer(lexicon=shipped_lexicon().with_entries({"قطبزلخ": "ظغضخ"}))
        assert (related_stems("قطبزلخ", own), related_stems("ظغضخ", own)) == (
            ("ظغضخ",),
            ("قطبزلخ",),
        )

    def test_their_stems_are_those_of_the_analyzer(self):
        """A protected word is its own stem."""
        entries = shipped_lexicon().with_entries({"قطبزلخون": "كتاب"})
        assert "قطبزلخ" in related_stems("كتاب", Analyzer(lexicon=entries))
        protecting = Analyzer(frozenset({"قطبزلخون"}), entries)
        assert "قطبزلخون" in related_stems("كتاب", protecting)

    def test_the_fingerprint_stays(self):
        own = Analyzer(lexicon=shipped_lexicon().with_entries({"قطبزلخ": "كتاب"}))
        assert own.fingerprint == ANALYZER.fingerprint


class TestRarity:
    def test_rare_words_have_more_of_it(self):
        words = ["كتاب", "مدارس", "رؤساء", "غورباتشوف"]
        found = [rarity(word) for word in words]
        assert found == sorted(set(found))

    def test_it_is_monotone_in_the_weight_of_the_lexicon(self):
        lexicon = shipped_lexicon()
        forms = [form for form, _n in zip(lexicon, range(3000), strict=False)]
        pairs = sorted(
            (entry.weight, ANALYZER.lemma_expander.rarity(form))
            for form in forms
            if (entry := lexicon.find(form))
            and ANALYZER.lemma_expander.reading(form).base == form
            and not is_stopword(form)
        )
        assert len({weight for weight, _rarity in pairs}) > 20
        for (lighter, before), (heavier, after) in pairwise(pairs):
            assert before == pytest.approx(after) if lighter == heavier else before > after

    @pytest.mark.parametrize("word", ["قطبزلخ", "covid", "2024", "غورباتشوف"])
    def test_unknown_words_are_the_rarest(self, word):
        assert rarity(word) == pytest.approx(1.842, abs=1e-3)

    def test_stop_words_are_the_commonest(self):
        assert rarity("في") == rarity("على") < rarity("كتاب")

    def test_clitics_do_not_make_a_word_rarer(self):
        assert rarity("وبالكتاب") == rarity("الكتاب") == rarity("كتاب")

    @pytest.mark.parametrize("word", ["في", "كتاب", "قال", "رئيس", "السياسية", "غورباتشوف", "و"])
    def test_range(self, word):
        assert 0.25 < rarity(word) < 1.9

    def test_own_entries_have_no_weight(self):
        own = Analyzer(lexicon=shipped_lexicon().with_entries({"قطبزلخ": "كتاب"}))
        assert own.lemma_expander.rarity("قطبزلخ") == pytest.approx(1.842, abs=1e-3)


@pytest.mark.parametrize("word", ["مصر", "حلب", "فرط", "عدم", "خفض"])
def test_a_name_that_may_be_a_verb_covers_its_form_with_the_preposition(word):
    expander = Analyzer().lemma_expander
    assert f"ب{word}" in expander.related_stems(word, word)


@pytest.mark.parametrize(
    "word",
    [
        pytest.param("تمت", id="a-form-of-another-lemma"),
        pytest.param("كتاب", id="a-noun-whose-preposition-is-cut"),
        pytest.param("رلمان", id="unknown"),
        pytest.param("عيد", id="known-with-the-letter"),
    ],
)
def test_other_words_do_not(word):
    assert f"ب{word}" not in Analyzer().lemma_expander.related_stems(word, word)


@pytest.mark.parametrize(
    ("word", "found"),
    [
        pytest.param("بمصر", "مصر", id="a-name-that-may-be-a-verb"),
        pytest.param("بعدم", "عدم", id="a-noun-that-may-be-a-verb"),
        pytest.param("اسم", "باسم", id="a-name-that-is-a-preposition-and-a-noun"),
        pytest.param("قل", "قال", id="an-imperative"),
        pytest.param("قولوا", "قال", id="an-imperative-in-the-plural"),
        pytest.param("قمت", "قام", id="a-past-that-looks-like-a-town"),
        pytest.param("أراض", "اراضي", id="a-plural-without-its-yeh"),
        pytest.param("أرض", "اراض", id="its-singular"),
    ],
)
def test_forms_that_a_search_covers(word, found):
    assert found in related_stems(word)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        pytest.param("باسم", "اسم", id="a-name"),
        pytest.param("برق", "رق", id="a-noun"),
        pytest.param("ببغاء", "بغاء", id="a-longer-noun"),
        pytest.param("بشر", "شر", id="people"),
    ],
)
def test_names_and_nouns_do_not_cover_what_follows_their_first_letter(word, other):
    assert other not in related_stems(word)
