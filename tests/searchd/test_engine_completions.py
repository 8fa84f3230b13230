"""Suggestions: completions of words and phrases while a query is typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.document import Document
from indexer.indexing import delete_documents
from searchd.errors import SearchArgumentError
from searchd.results import Suggestion
from tests.searchd.conftest import write_index

TEXTS = [
    *["أعلنت هيئة الحشد الشعبي أمس"] * 5,
    "الحشد الكبير في الأخبار",
    *["قرأ الكتاب في المكتبة الشعبية"] * 3,
    "كتابة الأخبار وكتاب قديم",
    "قال الرئيس جمال عبد الناصر",
]


@pytest.fixture
def engine(make_engine):
    return make_engine(
        [Document(str(n), text, title="قانون العمل") for n, text in enumerate(TEXTS)]
    )


def texts(found: list[Suggestion]) -> list[str]:
    return [each.text for each in found]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        pytest.param("كتا", "الكتاب", id="with-the-article"),
        pytest.param("الا", "الأخبار", id="written-as-documents-have-it"),
        pytest.param("الأخ", "الأخبار", id="hamza-as-typed"),
        pytest.param("كِتَا", "الكتاب", id="marks"),
        pytest.param("الحشد الش", "الحشد الشعبي", id="after-a-word"),
        pytest.param("الحشد ش", "الحشد الشعبي", id="after-a-word-with-the-article"),
        pytest.param("هيئة الحشد ", "هيئة الحشد الشعبي", id="the-next-word"),
        pytest.param("جمال عبد الن", "جمال عبد الناصر", id="after-two-words"),
        pytest.param('"الحشد الش', '"الحشد الشعبي', id="what-is-before-stays"),
        pytest.param("وبالمكت", "وبالمكتبة", id="after-clitics"),
        pytest.param("قانو", "قانون", id="of-titles"),
    ],
)
def test_the_likeliest_comes_first(engine, typed, first):
    assert texts(engine.suggest(typed))[0] == first


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        pytest.param("عبدالنا", ["عبد الناصر"], id="a-name-that-is-not-yet-known-as-joined"),
        pytest.param("جمال عبدالنا", ["جمال عبد الناصر"], id="after-a-word"),
        pytest.param("لايمك", ["لا يمكن"], id="a-particle"),
        pytest.param("مجلسالن", ["مجلس النواب"], id="any-words"),
        pytest.param("قناةال", ["قناة السويس"], id="split-by-the-analysis"),
        pytest.param('+"عبدالنا', ['+"عبد الناصر'], id="what-is-before-stays"),
        pytest.param("ﷺ", ["صلى الله عليه وسلم"], id="a-sign-of-several-words"),
        pytest.param("QLED-55Q7", ["QLED-55Q70"], id="parts-of-a-code-stay-together"),
        pytest.param("مجظظلن", [], id="no-words"),
    ],
)
def test_a_space_that_was_left_out_in_the_last_word(make_engine, typed, suggested):
    texts_ = [
        *["كان جمال عبد الناصر رئيسا"] * 10,
        *["لا يمكن ذلك أبدا"] * 10,
        *["اجتمع مجلس النواب أمس"] * 10,
        *["حفرت قناة السويس قديما"] * 10,
        *["محمد صلى الله عليه وسلم"] * 2,
        *["شاشة QLED-55Q70 جديدة"] * 2,
    ]
    engine = make_engine([Document(str(n), text) for n, text in enumerate(texts_)])
    found = engine.suggest(typed)
    assert texts(found)[: len(suggested)] == suggested
    assert bool(found) == bool(suggested)
    assert all(each.frequency for each in found)


WRITTEN_TWO_WAYS = [
    Document(str(number), text)
    for number, text in enumerate(
        ["وقف على الباب"] * 20 + ["حكم محمد علي مصر"] * 5 + ["محمد على الباب"]
    )
]


def test_a_word_is_written_as_documents_have_it_after_the_word_before(make_engine):
    engine = make_engine(WRITTEN_TWO_WAYS)
    assert texts(engine.suggest("محمد عل")) == ["محمد علي", "محمد علي مصر"]
    assert texts(engine.suggest("وقف عل"))[0] == "وقف على"
    assert texts(engine.suggest("عل"))[0] == "على"


def test_corrections_are_written_as_documents_have_them_after_the_word_before(make_engine):
    engine = make_engine(WRITTEN_TWO_WAYS)
    assert engine.correct("محممد علي").text == "محمد علي"
    assert engine.correct("محمدعلي مصر").text == "محمد علي مصر"


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        pytest.param("title:الع", "title:العمل", id="of-the-index"),
        pytest.param("عنوان:الع", "عنوان:العمل", id="arabic"),
        pytest.param("+العنوان:قان", "+العنوان:قانون", id="arabic-with-the-article"),
        pytest.param("text:الحش", "text:الحشد", id="another-field"),
        pytest.param(
            "الكتاب title:قانون الع", "الكتاب title:قانون العمل", id="after-its-first-word"
        ),
        pytest.param("الحشد:الش", "الحشد:الشعبي", id="a-word-before-a-colon-is-no-field"),
    ],
)
def test_the_name_of_a_field_is_no_word_before(engine, typed, suggested):
    assert texts(engine.suggest(typed))[0] == suggested


def test_words_after_the_name_of_a_field_are_those_of_the_field(engine):
    assert texts(engine.suggest("title:الحش")) == []


def test_words_come_by_use_and_phrases_with_them(engine):
    found = engine.suggest("الحش")
    assert found[:2] == [Suggestion("الحشد", 6), Suggestion("الحشد الشعبي", 5)]


def test_after_a_word_those_that_follow_it_and_else_any(engine):
    assert engine.suggest("الحشد ال") == [
        Suggestion("الحشد الشعبي", 5),
        Suggestion("الحشد الشعبي أمس", 5),
        Suggestion("الحشد الكبير", 1),
    ]
    assert engine.suggest("المكتبة الحش") == [Suggestion("المكتبة الحشد", 0)]


def test_the_field_decides(engine):
    assert texts(engine.suggest("قانون ال", field="title")) == ["قانون العمل"]
    assert engine.suggest("الحش", field="title") == []
    with pytest.raises(SearchArgumentError, match="title, text"):
        engine.suggest("ا", field="date")


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("", id="empty"),
        pytest.param("ـــ", id="tatweel"),
        pytest.param("\u064e\u064f", id="only-marks"),
        pytest.param("ا" * 1000, id="no-such-word"),
        pytest.param("ظظظ", id="no-word"),
        pytest.param("!؟.", id="signs"),
    ],
)
def test_nothing_to_suggest(engine, typed):
    assert engine.suggest(typed) == []


def test_limit(engine):
    assert len(engine.suggest("ا", limit=3)) == 3
    for wrong in (0, 21, "3"):
        with pytest.raises(SearchArgumentError, match="limit"):
            engine.suggest("ا", limit=wrong)


def test_long_texts_are_read_from_their_end(engine):
    before = "كلمة " * 5000
    assert engine.suggest(before + "الحشد الش")[0].text == before + "الحشد الشعبي"


@pytest.mark.parametrize("optimize", [False, True])
def test_several_segments_count_together(make_engine, optimize):
    runs = [[Document(f"{n}-{part}", text)] for part in range(2) for n, text in enumerate(TEXTS)]
    found = make_engine(*runs, optimize=optimize)
    assert found.suggest("الحشد ال")[0] == Suggestion("الحشد الشعبي", 10)


def test_commits_and_deletions_change_them(engine):
    path = Path(engine.info().path)
    write_index(path, [Document(f"new{n}", "الحشد الشاهق") for n in range(9)])
    assert engine.suggest("الحشد الش")[0] == Suggestion("الحشد الشاهق", 9)
    delete_documents(path, [f"new{n}" for n in range(9)])
    assert texts(engine.suggest("الحشد الش")) == ["الحشد الشعبي", "الحشد الشعبي أمس"]
    assert "الشاهق" not in " ".join(texts(engine.suggest("الشا")))


def test_the_work_is_bounded_whatever_the_word(engine, monkeypatch):
    from searchd.search import adjacent_words

    calls = []
    original = adjacent_words._count
    monkeypatch.setattr(adjacent_words, "_count", lambda *each: calls.append(1) or original(*each))
    for typed in ("الحشد ", "في ا", "ا"):
        calls.clear()
        engine.suggest(typed)
        assert len(calls) <= 2 * 24 * 5
