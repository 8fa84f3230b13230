from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers import Analyzer
from analyzers.normalization.folding import fold
from searchd.highlighting.highlights import find_matches, merge_highlights
from searchd.highlighting.matchers import Matcher, PhraseMatcher, SurfaceMatcher, TermMatcher
from searchd.highlighting.passages import SNIPPET_LENGTH
from searchd.results import Snippet
from tests.searchd.highlighting.snippets import make_snippets

ANALYZER = Analyzer()


def word(text: str, weight: float = 1.0, **others: str) -> TermMatcher:
    (terms,) = ANALYZER.terms(text)
    levels = {other: level for level, other in others.items()} | {terms.stem: "stem"}
    return TermMatcher(levels, terms.surface, "", weight)


def exact(text: str) -> SurfaceMatcher:
    return SurfaceMatcher({fold(text): "surface"}, "", 1.0)


def phrase(text: str, slop: int = 0, *, exactly: bool = False) -> PhraseMatcher:
    return PhraseMatcher(tuple(ANALYZER.terms(text)), exactly, slop, "", 2.0)


def near(text: str, slop: int, *, exactly: bool = False) -> PhraseMatcher:
    return PhraseMatcher(tuple(ANALYZER.terms(text)), exactly, slop, "", 2.0, ordered=False)


def snippets(
    text: str,
    *matchers: Matcher,
    title: str = "",
    count: int = 1,
    length: int = SNIPPET_LENGTH,
) -> tuple[Snippet, ...]:
    words = ANALYZER.tokenize(text)
    return make_snippets(
        text,
        words,
        find_matches(words, matchers, ("", "text")),
        title=title,
        count=count,
        length=length,
    )


def marked(text: str, *matchers: Matcher, **options: object) -> str:
    return " | ".join(found.render("[", "]") for found in snippets(text, *matchers, **options))  # type: ignore[arg-type]


NEAR = [
    pytest.param("الشعبي ثم الحشد", [near("الحشد الشعبي", 1)], "[الشعبي] ثم [الحشد]",
                 id="near-turned"),
    pytest.param("الحشد ثم الشعبي", [near("الحشد الشعبي", 1)], "[الحشد] ثم [الشعبي]",
                 id="near-in-order"),
    pytest.param("الحشد ثم ثم الشعبي", [near("الحشد الشعبي", 1)], "الحشد ثم ثم الشعبي",
                 id="near-too-far"),
    pytest.param("للحشد شعبيًّا", [near("الشعبي الحشد", 0)], "[للحشد] [شعبيًّا]", id="near-with-clitics"),
    pytest.param("كتاب عن كتاب", [near("كتاب كتاب", 1)], "[كتاب] عن [كتاب]", id="near-repeated"),
    pytest.param("كتاب واحد", [near("كتاب كتاب", 9)], "كتاب واحد", id="near-repeated-once"),
    pytest.param("قلم كتاب ورق بعيد كتاب", [near("كتاب ورق قلم", 0)],
                 "[قلم] [كتاب] [ورق] بعيد كتاب", id="near-three"),
    pytest.param("الكتاب قلم كتاب", [near("كتاب قلم", 0, exactly=True)], "الكتاب [قلم] [كتاب]",
                 id="near-exact"),
    pytest.param("الحشد ثم الشعبي ثم الشعب", [near("الحشد الشعبي", 1), word("ثم")],
                 "[الحشد] [ثم] [الشعبي] [ثم] الشعب", id="near-around-another-word"),
    pytest.param("قلم قلم كتاب", [near("كتاب قلم", 5)], "قلم [قلم] [كتاب]", id="near-closest-window"),
    pytest.param("كتاب قلم كتاب", [near("كتاب قلم", 0)], "[كتاب] [قلم] [كتاب]",
                 id="near-windows-that-overlap"),
]  # fmt: skip
"""Words near each other in any order: those that take part are marked, and none between them."""


@pytest.mark.parametrize(
    ("text", "matchers", "expected"),
    [
        pytest.param("قرأ كتاباً", [word("كتاب")], "قرأ [كتاباً]", id="ending"),
        pytest.param("بِالْكِتَابِ نبدأ", [word("كتاب")], "[بِالْكِتَابِ] نبدأ", id="marks-and-clitics"),
        pytest.param("وبالكتـــاب.", [word("كتاب")], "[وبالكتـــاب].", id="tatweel"),
        pytest.param("«الكتاب»،", [word("كتاب")], "«[الكتاب]»،", id="punctuation-outside"),
        pytest.param("ﻛﺘﺎﺏ جديد", [word("كتاب")], "[ﻛﺘﺎﺏ] جديد", id="presentation-forms"),
        pytest.param("قال ﷺ نعم", [exact("الله")], "قال [ﷺ] نعم", id="phrase-ligature"),
        pytest.param("😀 كتاب 😀", [word("كتاب")], "😀 [كتاب] 😀", id="astral"),
        pytest.param("COVID-19 انتهى", [exact("covid")], "[COVID-19] انتهى", id="latin"),
        pytest.param("<script>كتاب</script>", [word("كتاب")], "<script>[كتاب]</script>", id="html"),
        pytest.param(
            "زار الحشد الشعبي أمس",
            [phrase("الحشد الشعبي")],
            "زار [الحشد الشعبي] أمس",
            id="phrase-in-one-range",
        ),
        pytest.param(
            "زار الحشد، الشعبي أمس",
            [phrase("الحشد الشعبي"), word("حشد")],
            "زار [الحشد، الشعبي] أمس",
            id="word-within-a-phrase",
        ),
        pytest.param(
            "أ كتاب مدرسة قلم ب",
            [phrase("كتاب مدرسة"), phrase("مدرسة قلم")],
            "أ [كتاب مدرسة قلم] ب",
            id="phrases-that-overlap",
        ),
        pytest.param(
            "كتاب مدرسة", [word("كتاب"), word("مدرسة")], "[كتاب] [مدرسة]", id="words-apart"
        ),
        pytest.param(
            "الحشد الكبير الشعبي", [phrase("الحشد الشعبي", 1)], "[الحشد الكبير الشعبي]", id="slop"
        ),
        *NEAR,
        pytest.param("كُتُب كاتب", [word("كتاب")], "كُتُب كاتب", id="other-words"),
    ],
)
def test_highlights_are_whole_words(text, matchers, expected):
    assert marked(text, *matchers) == expected


@pytest.mark.parametrize(
    ("text", "matchers", "expected"),
    [
        pytest.param("كِتاب", [word("كتاب")], ["surface"], id="surface-whatever-the-marks"),
        pytest.param("والكتاب كتابهم", [word("كتاب")], ["stem", "stem"], id="stem"),
        pytest.param("الكتب", [word("كتاب", lemma="كتب")], ["lemma"], id="lemma"),
        pytest.param(
            "كتب الكتاب",
            [word("كتاب", lemma="كتب"), word("كتب")],
            ["surface", "stem"],
            id="closest",
        ),
        pytest.param("كتاب", [word("كتاب").at_level("synonym")], ["synonym"], id="synonym"),
        pytest.param("كتاب", [exact("كتاب").at_level("synonym")], ["synonym"], id="exact-synonym"),
        pytest.param("الحشد الشعبي", [phrase("الحشد الشعبي")], ["surface"], id="phrase-as-it-is"),
        pytest.param("للحشد الشعبي", [phrase("الحشد الشعبي")], ["stem"], id="phrase-by-stem"),
        pytest.param(
            "للحشد الشعبي والحشد الشعبي. الحشد الشعبي",
            [phrase("الحشد الشعبي", exactly=True)],
            ["surface"],
            id="exact-phrase",
        ),
        pytest.param(
            "الحشد الكبير الشعبي", [phrase("الحشد الشعبي", 1)], ["surface"], id="phrase-with-slop"
        ),
        pytest.param(
            "الشعبي الحشد", [near("الحشد الشعبي", 1)], ["surface", "surface"], id="near-as-typed"
        ),
        pytest.param("شعبي الحشد", [near("الحشد الشعبي", 1)], ["stem", "stem"], id="near-by-stem"),
        pytest.param(
            "كتاب مدرسة", [phrase("كتاب مدرسة").at_level("synonym")], ["synonym"], id="other-name"
        ),
        pytest.param(
            "للحشد الشعبي", [word("شعبي"), phrase("حشد شعبي")], ["stem"], id="word-in-a-phrase"
        ),
        pytest.param(
            "كتاب مدرسة القلم",
            [phrase("كتاب مدرسة"), phrase("مدرسة قلم")],
            ["stem"],
            id="furthest-of-phrases-that-overlap",
        ),
    ],
)
def test_highlights_say_how_they_matched(text, matchers, expected):
    (found,) = snippets(text, *matchers)
    assert [highlight.level for highlight in found.highlights] == expected


def test_a_matcher_of_another_field_is_not_highlighted():
    matcher = TermMatcher({"كتاب": "stem"}, "كتاب", "title", 1.0)
    words = ANALYZER.tokenize("كتاب")
    assert find_matches(words, [matcher], ("", "text")) == []
    assert len(find_matches(words, [matcher], ("", "title"))) == 1


FILLER = "هذه جملة طويلة لا تقول شيئا عن الموضوع الذي نبحث عنه هنا. "


class TestPassages:
    def test_the_sentence_of_the_match_is_shown_from_its_beginning(self):
        text = FILLER * 9 + "اجتمع مجلس النواب أمس في بغداد. " + FILLER * 9
        found = marked(text, word("بغداد"), length=60)
        assert found == "… اجتمع مجلس النواب أمس في [بغداد]. …"

    def test_a_short_sentence_takes_in_the_following(self):
        text = "اجتمع المجلس في بغداد. " + FILLER + FILLER
        (found,) = snippets(text, word("بغداد"), length=100)
        assert found.text == "اجتمع المجلس في بغداد. " + FILLER.strip()

    def test_more_words_of_the_query_win(self):
        text = FILLER + "المجلس وحده. " + FILLER * 5 + "المجلس في بغداد. " + FILLER * 5
        assert "المجلس في بغداد" in snippets(text, word("مجلس"), word("بغداد"), length=80)[0].text

    def test_rare_words_win(self):
        text = "المجلس اجتمع في مساء أمس. " + FILLER * 5 + "ذهب الوفد إلى مدينة بغداد. " + FILLER
        found = snippets(text, word("مجلس", 0.5), word("بغداد", 5.0), length=60)
        assert "بغداد" in found[0].text

    def test_a_second_snippet_shows_another_word(self):
        text = "المجلس في جلسة صباح أمس. " * 3 + FILLER * 5 + "ذهب الوفد إلى مدينة بغداد. "
        first, second = snippets(text, word("مجلس"), word("بغداد"), count=2, length=60)
        assert "المجلس" in first.text
        assert "بغداد" in second.text

    @pytest.mark.parametrize("end", [".", "!", "?", "؟", "۔", "…", ".»", '."', "؟!", "\n", "\r\n"])
    def test_sentences_end_at(self, end):
        text = f"جملة أولى طويلة بما يكفي هنا{end} اجتمع المجلس الكبير في مدينة بغداد{end} ثم انتهى"
        assert snippets(text, word("بغداد"), length=50)[0].text.startswith("اجتمع المجلس")

    @pytest.mark.parametrize("inner", ["3.14", "d.m.", "example.org", "٢٫٥"])
    def test_sentences_do_not_end_within_a_word(self, inner):
        text = f"بلغ {inner}كذا في مدينة بغداد"
        assert snippets(text, word("بغداد"))[0].text == text

    def test_a_long_sentence_is_cut_at_words(self):
        text = " ".join(["كلام"] * 200 + ["بغداد"] + ["كلام"] * 200)
        (found,) = snippets(text, word("بغداد"), length=80)
        assert set(found.text.split()) == {"كلام", "بغداد"}
        assert 60 < len(found.text) <= 80
        assert found.before
        assert found.after

    def test_a_phrase_over_two_sentences_is_shown_whole(self):
        text = FILLER * 3 + "زار الوفد الحشد. الشعبي كلمة أخرى. " + FILLER * 3
        assert "[الحشد. الشعبي]" in marked(text, phrase("الحشد الشعبي"), length=70)
        long = "كلام " * 60 + "الحشد. الشعبي " + "كلام " * 60
        assert "[الحشد. الشعبي]" in marked(long, phrase("الحشد الشعبي"), length=70)

    def test_a_phrase_longer_than_the_passage_is_shown_whole(self):
        words = [f"كلمه{letter}" for letter in "بتثجحخدذرزسش"]
        text = FILLER + " ".join(words) + " " + FILLER
        (found,) = snippets(text, phrase(" ".join(words)), length=20)
        assert " ".join(words) in found.text

    @pytest.mark.parametrize(
        "boilerplate",
        [
            pytest.param("زيارة بغداد: الوفد في المدينة اليوم بعد غياب\n", id="title-again"),
            pytest.param("بغداد (أ ب)\n", id="caption"),
            pytest.param("التعليقات على بغداد\n", id="comments"),
        ],
    )
    def test_boilerplate_does_not_win(self, boilerplate):
        text = (
            boilerplate + FILLER + "\nوصل الوفد مساء أمس إلى مدينة بغداد القديمة.\n" + boilerplate
        )
        found = snippets(
            text, word("بغداد"), title="زيارة بغداد: الوفد في المدينة اليوم بعد غياب", length=80
        )
        assert "وصل الوفد" in found[0].text

    def test_a_line_that_is_repeated_is_shown_once(self):
        repeated = "اقرأ أيضا كل ما يخص مدينة بغداد هنا\n" * 3
        text = repeated + FILLER + "\nوصل الوفد مساء أمس إلى مدينة بغداد القديمة.\n" + repeated
        found = snippets(
            text, word("بغداد"), title="زيارة بغداد: الوفد في المدينة اليوم بعد غياب", length=80
        )
        assert [passage.text.count("اقرأ أيضا") for passage in found] == [1]

    def test_without_a_match_the_beginning_is_shown_but_not_the_title(self):
        text = "عنوان الخبر الطويل جدا هنا\n\nصورة (أ ب)\n" + FILLER * 9
        (found,) = snippets(text, word("غائب"), title="عنوان الخبر الطويل جدا هنا", length=70)
        assert found.text == FILLER.strip()
        assert found.highlights == ()
        assert (found.before, found.after) == (True, True)

    def test_a_text_that_is_only_its_title_is_shown(self):
        assert snippets("عنوان", word("غائب"), title="عنوان")[0].text == "عنوان"

    @pytest.mark.parametrize("text", ["", " \n", "\t\r\n"])
    def test_a_blank_text_has_no_passage(self, text):
        assert snippets(text, word("كتاب")) == ()

    def test_no_passage_is_asked_for(self):
        assert snippets("كتاب", word("كتاب"), count=0) == ()

    def test_crlf(self):
        text = "أول سطر في النص\r\nثاني سطر فيه كتاب\r\nثالث سطر\r\n"
        (found,) = snippets(text, word("كتاب"), length=20)
        assert found.text == "ثاني سطر فيه كتاب"

    def test_one_enormous_line_is_fast(self):
        text = "كلام كثير عن الكتاب " * 20_000
        words = ANALYZER.tokenize(text)
        matches = find_matches(words, [word("كتاب")], [""])
        started = time.process_time()
        (found,) = make_snippets(text, words, matches)
        assert time.process_time() - started < 4
        assert len(found.text) <= SNIPPET_LENGTH + 10

    def test_one_enormous_word(self):
        assert len(snippets("ب" * 5000, word("غائب"), length=50)[0].text) == 50


WORDS = st.sampled_from(
    [
        "كتاب",
        "بِالْكِتَابِ",
        "والمدرسة",
        "مدرسة",
        "كلام",
        "في",
        "نص",
        "ﷺ",
        "COVID-19",
        "٢٠٠٣",
        "😀",
        "الحشد",
        "الشعبي",
        "كـــتاب",
        "<b>",
        "ﻛﺘﺎﺏ",
        "ك\u200dتاب",
        "x" * 30,
    ]
)
SPACES = st.sampled_from(
    [" "] * 12 + [". ", "؟ ", "! ", "، ", "\n", "\r\n", "\n\n", " … ", "،", ".» ", " — ", "\u200f "]
)
TEXTS = st.lists(st.tuples(WORDS, SPACES), max_size=60).map(
    lambda pairs: "".join(part for pair in pairs for part in pair)
) | st.text(max_size=200)
MATCHERS: Sequence[Matcher] = (
    word("كتاب"),
    word("مدرسة"),
    exact("الله"),
    exact("٢٠٠٣"),
    phrase("الحشد الشعبي"),
    phrase("كتاب مدرسة", 2),
)


@settings(max_examples=400)
@given(
    TEXTS,
    st.lists(st.sampled_from(MATCHERS), max_size=4),
    st.integers(1, 4),
    st.sampled_from([1, 10, 40, 100, 240]),
)
def test_properties(text, matchers, count, length):
    words = ANALYZER.tokenize(text)
    matches = find_matches(words, matchers, ("",))
    found = snippets(text, *matchers, count=count, length=length)
    tokens = ANALYZER.analyze(text)
    starts = {token.start for token in tokens}
    ends = {token.end for token in tokens}

    assert len(found) <= count
    assert bool(found) == bool(text.strip())
    for one, following in pairwise(found):
        assert one.end <= following.start, "in text order, and disjoint"
    for snippet in found:
        assert snippet.text == text[snippet.start : snippet.end]
        assert snippet.before == bool(text[: snippet.start].strip())
        assert snippet.after == bool(text[snippet.end :].strip())
        last = 0
        for highlight in snippet.highlights:
            assert last <= highlight.start < highlight.end <= len(snippet.text)
            assert snippet.start + highlight.start in starts
            assert snippet.start + highlight.end in ends
            last = highlight.end
        assert bool(snippet.highlights) == bool(matches)
        longest = max((match.end - match.start for match in matches), default=0)
        assert len(snippet.text) <= max(length, longest)
        if not any(token.end - token.start > length for token in tokens):
            inside = [t for t in tokens if t.start < snippet.end and t.end > snippet.start]
            assert all(snippet.start <= t.start and t.end <= snippet.end for t in inside)


@given(TEXTS, st.lists(st.sampled_from(MATCHERS), max_size=4))
def test_merged_highlights_cover_exactly_what_matched(text, matchers):
    matches = find_matches(ANALYZER.tokenize(text), matchers, ("",))
    covered = {at for match in matches for at in range(match.start, match.end)}
    merged = merge_highlights(matches, 0, len(text))
    assert {at for each in merged for at in range(each.start, each.end)} == covered
