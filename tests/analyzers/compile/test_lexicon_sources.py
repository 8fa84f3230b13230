"""The lemma of a noun by its paradigm in a dictionary, with the frequencies of wordfreq."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzers.compile.lexicon_sources import Dictionary, read_lemma_list, spelling_frequency


def test_read_lemma_list(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text("# comment\n\nكتاب\tكتب\nمكتب\tمكاتب\tكتب\n", "utf-8")
    assert read_lemma_list(path) == {
        "كتب": "كتاب",
        "كتاب": "كتاب",
        "مكاتب": "مكتب",
        "مكتب": "مكتب",
    }


def test_a_dictionary_has_arabic_words_alone() -> None:
    assert Dictionary({"كتب": "كتاب", "ABC": "abc", "كِتاب": "كتاب", "و": "و"}) == {"كتب": "كتاب"}


def test_verbs_have_a_past_dual() -> None:
    assert Dictionary({"كتبتما": "كتب", "كتب": "كتاب", "تما": "تم"}).verbs == {"كتب"}


@pytest.mark.parametrize(
    ("word", "forms", "expected"),
    [
        pytest.param("كتاب", {"كتاب": "كتاب", "الكتاب": "كتاب"}, False, id="the-article-alone"),
        pytest.param("كتاب", {"كتابين": "كتاب"}, True, id="another-form"),
        pytest.param("كتاب", {}, False, id="unknown"),
    ],
)
def test_has_paradigm(word: str, forms: dict[str, str], expected: bool) -> None:
    assert Dictionary(forms).has_paradigm(word) is expected


@pytest.mark.parametrize(
    ("form", "forms", "lemma"),
    [
        pytest.param(
            "علماء",
            {"علماء": "عالم", "العلماء": "عالم"},
            "عالم",
            id="plural",
        ),
        pytest.param("قلم", {"قلم": "قلم"}, "قلم", id="its-own-lemma"),
        pytest.param("كتب", {"كتب": "كتاب", "الكتب": "كتاب"}, "كتب", id="from-the-treebank"),
        pytest.param(
            "شعور", {"شعور": "شعر", "شعرتما": "شعر", "الشعور": "شعر"}, "شعور", id="verbal-noun"
        ),
        pytest.param(
            "كبيرة", {"كبيرة": "كبير", "كبير": "كبير"}, "كبير", id="feminine-of-an-adjective"
        ),
        pytest.param(
            "مدرسة",
            {"مدرسة": "مدرس", "مدرس": "مدرس", "مدارس": "مدرسة", "المدارس": "مدرسة"},
            "مدرسة",
            id="feminine-with-a-plural-of-its-own",
        ),
        pytest.param("محاولة", {"محاولة": "حاول"}, "محاولة", id="feminine-verbal-noun"),
        pytest.param("مدرسات", {"مدرسة": "مدرسة"}, "مدرسة", id="plural-in-at-of-a-noun"),
        pytest.param(
            "علماء", {"علماء": "زعنف", "العلماء": "زعنف"}, "علماء", id="a-singular-too-rare"
        ),
    ],
)
def test_noun_lemma(form: str, forms: dict[str, str], lemma: str) -> None:
    assert Dictionary(forms).noun_lemma(form) == lemma


def test_spelling_frequency_counts_the_article() -> None:
    assert spelling_frequency("كتاب") > 2e-5
    assert spelling_frequency("ضظطغ") == 0
