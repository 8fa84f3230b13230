from __future__ import annotations

import re
from itertools import pairwise
from time import process_time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarabic.araby_const import LETTERS, TATWEEL

from analyzers import tokenize
from analyzers.normalization.folding import CONTROLS, MARKS
from analyzers.pretokenizer import split_at_separators
from analyzers.tokenizer import WORD, split_text
from tests.analyzers.assertions import ANALYZER, assert_analyzes_to, assert_invariants


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in tokenize(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("آب/أغسطس", ["آب", "أغسطس"], id="slash"),
        pytest.param("#الحشد_الشعبي", ["الحشد", "الشعبي"], id="hashtag"),
        pytest.param("@محمد_علي", ["محمد", "علي"], id="mention"),
        pytest.param("٢٠٠٣م", ["٢٠٠٣", "م"], id="digits-then-letter"),
        pytest.param("و2010", ["و", "2010"], id="letter-then-digits"),
        pytest.param("كوفيد-19", ["كوفيد", "19"], id="arabic-hyphen-digits"),
        pytest.param("الـBBC", ["الـ", "BBC"], id="article-then-latin"),
        pytest.param("iPhoneالجديد", ["iPhone", "الجديد"], id="latin-then-arabic"),
        pytest.param("لبنان،سوريا", ["لبنان", "سوريا"], id="comma"),
        pytest.param("لبنان؛سوريا", ["لبنان", "سوريا"], id="semicolon"),
        pytest.param("لماذا؟لأن", ["لماذا", "لأن"], id="question-mark"),
        pytest.param("انتهى۔بدأ", ["انتهى", "بدأ"], id="urdu-full-stop"),
        pytest.param("«قال»كتب", ["قال", "كتب"], id="guillemets"),
        pytest.param("“قال”كتب", ["قال", "كتب"], id="quotation-marks"),
        pytest.param("قال…كتب", ["قال", "كتب"], id="ellipsis"),
        pytest.param("قال...كتب", ["قال", "كتب"], id="three-dots"),
        pytest.param("﴿الحمد﴾لله", ["الحمد", "لله"], id="ornate-parentheses"),
        pytest.param("قال—كتب", ["قال", "كتب"], id="em-dash"),
        pytest.param("قال–كتب", ["قال", "كتب"], id="en-dash"),
        pytest.param("عربي-فرنسي", ["عربي", "فرنسي"], id="hyphen"),
        pytest.param("(لبنان)[سوريا]", ["لبنان", "سوريا"], id="brackets"),
        pytest.param("د.أحمد", ["د", "أحمد"], id="abbreviation"),
        pytest.param("ر.ع.", ["ر", "ع"], id="currency-letters"),
        pytest.param("قال:نعم", ["قال", "نعم"], id="colon"),
        pytest.param("أب😀أم", ["أب", "أم"], id="emoji"),
        pytest.param("لبنان\u00a0سوريا", ["لبنان", "سوريا"], id="no-break-space"),
        pytest.param("لبنان\nسوريا\tمصر", ["لبنان", "سوريا", "مصر"], id="white-space"),
        pytest.param("قال\u06ddكتب", ["قال", "كتب"], id="end-of-ayah"),
        pytest.param("قال\u06deكتب", ["قال", "كتب"], id="rub-el-hizb"),
        pytest.param("قال\u066dكتب", ["قال", "كتب"], id="five-pointed-star"),
        pytest.param("قالﷺكتب", ["قال", "ﷺ", "كتب"], id="phrase-ligature"),
        pytest.param("user@example.com", ["user", "example", "com"], id="address"),
    ],
)
def test_what_separates_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected
    assert_analyzes_to(text)


@pytest.mark.parametrize(
    ("word", "surface"),
    [
        pytest.param("الْمُسْتَشْفَى", "المستشفي", id="harakat"),
        pytest.param("قُرۡءَانٗا", "قرانا", id="quranic-marks"),
        pytest.param("هَٰذَا", "هذا", id="superscript-alef"),
        pytest.param("بِهِۦ", "به", id="small-yeh"),
        pytest.param("الســـلام", "السلام", id="tatweel"),
        pytest.param("السـَّـلام", "السلام", id="mark-on-tatweel"),
        pytest.param("می\u200cخواهم", "ميخواهم", id="non-joiner"),
        pytest.param("ه\u200dجري", "هجري", id="joiner"),
        pytest.param("كت\u200fاب", "كتاب", id="right-to-left-mark"),
        pytest.param("كت\u2067اب\u2069ي", "كتابي", id="isolates"),
        pytest.param("كت\u202bاب\u202cي", "كتابي", id="embedding"),
        pytest.param("كت\u061cاب", "كتاب", id="arabic-letter-mark"),
        pytest.param("كت\ufeffاب", "كتاب", id="byte-order-mark"),
        pytest.param("كت\u00adاب", "كتاب", id="soft-hyphen"),
        pytest.param("كتَ\u200c\u200fُاب", "كتاب", id="controls-between-marks"),
        pytest.param("ﻣﺤﻤﺪ", "محمد", id="presentation-forms"),
    ],
)
def test_what_does_not_separate_words(word: str, surface: str) -> None:
    assert words(word) == [word]
    assert_analyzes_to(f"قال {word}، ثم", surfaces=["قال", surface, "ثم"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("\u200fكتاب\u200f", ["كتاب"], id="direction-marks"),
        pytest.param("\u202bكتاب\u202c.", ["كتاب"], id="embedding"),
        pytest.param("كتاب\u061c-كتاب", ["كتاب", "كتاب"], id="before-a-hyphen"),
        pytest.param("\ufeffكتاب", ["كتاب"], id="byte-order-mark"),
        pytest.param("\u200eNASA\u200e", ["NASA"], id="latin"),
        pytest.param("A\u034f", ["A"], id="grapheme-joiner"),
    ],
)
def test_controls_around_a_word_stay_outside(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        pytest.param("COVID-19", ["covid", "19"], id="hyphen-digits"),
        pytest.param("COVID\u201119", ["covid", "19"], id="no-break-hyphen-digits"),
        pytest.param("F16 F-16", ["f", "16", "f", "16"], id="letter-digits"),
        pytest.param("H1N1", ["h", "1", "n", "1"], id="letters-and-digits"),
        pytest.param("3D", ["3", "d"], id="digit-letter"),
        pytest.param("iPhone", ["iphone"], id="inner-capital"),
        pytest.param("don't don’t", ["dont", "dont"], id="apostrophe"),
        pytest.param("‘quoted’ 'quoted'", ["quoted", "quoted"], id="quotes"),
        pytest.param("e-mail", ["e", "mail"], id="hyphen-letters"),
        pytest.param("boeing-737-max", ["boeing", "737", "max"], id="hyphen-each-way"),
        pytest.param("École naïve", ["ecole", "naive"], id="accents"),
        pytest.param("e\u0301cole", ["ecole"], id="combining-accent"),
        pytest.param("नमस्ते", ["नमस्ते"], id="devanagari"),
        pytest.param("עִבְרִית", ["עברית"], id="pointed-hebrew"),
        pytest.param("snake_case", ["snake", "case"], id="underscore"),
    ],
)
def test_other_scripts(text: str, surfaces: list[str]) -> None:
    assert_analyzes_to(text, surfaces=surfaces, stems=surfaces)


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        pytest.param("5,800 ٥٬٨٠٠ ۵٬۸۰۰ 5800", ["5800"] * 4, id="thousands"),
        pytest.param("1,234,567.89", ["1234567.89"], id="thousands-and-point"),
        pytest.param("20\u200f10 ٢٠\u2067١٠\u2069", ["2010"] * 2, id="controls-inside"),
        pytest.param("3.14 ٣٫١٤ ٣.١٤", ["3.14"] * 3, id="decimal-point"),
        pytest.param("2010 ٢٠١٠ ۲۰۱۰", ["2010"] * 3, id="digits-of-three-keyboards"),
        pytest.param("20.8.2020", ["20", "8", "2020"], id="date"),
        pytest.param("2020/8/20", ["2020", "8", "20"], id="date-slashes"),
        pytest.param("2020-08-20", ["2020", "08", "20"], id="date-hyphens"),
        pytest.param("192.168.1.1", ["192", "168", "1", "1"], id="address"),
        pytest.param("10:30", ["10", "30"], id="time"),
        pytest.param("12,34", ["12", "34"], id="list"),
        pytest.param("50% ٥٠٪", ["50", "50"], id="per-cent"),
        pytest.param("عام 2010.", ["عام", "2010"], id="end-of-sentence"),
        pytest.param("١٩٩٠-٢٠١٠", ["1990", "2010"], id="range"),
        pytest.param("٢٠٠٣م", ["2003", "م"], id="year-letter"),
    ],
)
def test_numbers(text: str, surfaces: list[str]) -> None:
    assert_analyzes_to(text, surfaces=surfaces, stems=surfaces)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param(" \n\t", id="white-space"),
        pytest.param("ـــ", id="tatweel"),
        pytest.param("\u064e\u0651 \u0670", id="marks"),
        pytest.param("\u200f\u202b\u202c\ufeff", id="controls"),
        pytest.param("،؛؟۔٪«»“”…﴿﴾—", id="punctuation"),
        pytest.param("😀👍🏽", id="emoji"),
        pytest.param("_ - ' . ,", id="joiners-alone"),
    ],
)
def test_texts_without_words(text: str) -> None:
    assert words(text) == []


def test_every_letter_that_pyarabic_knows_is_a_word() -> None:
    for letter in LETTERS:
        assert words(f" {letter} ") == [letter]


@pytest.mark.parametrize(
    ("text", "start"),
    [
        pytest.param("😀 كتاب", 2, id="emoji"),
        pytest.param("𝕏 كتاب", 2, id="mathematical-letter"),
        pytest.param("🏳️\u200d🌈 كتاب", 5, id="emoji-sequence"),
        pytest.param("👨\u200d👩\u200d👧كتاب", 5, id="family"),
    ],
)
def test_offsets_count_code_points(text: str, start: int) -> None:
    assert list(tokenize(text))[-1] == (start, start + 4)
    assert_analyzes_to(text)


# --- long runs -------------------------------------------------------------------------------

RUNS = [
    pytest.param(TATWEEL, id="tatweel"),
    pytest.param("\u064e", id="mark"),
    pytest.param("\u200f", id="control"),
    pytest.param("ـَ\u200f", id="mixed"),
    pytest.param("ك\u200f", id="letters-and-controls"),
    pytest.param("\u0640\u200c ", id="with-spaces"),
    pytest.param("a\u200f", id="latin-and-controls"),
    pytest.param("a'", id="apostrophes"),
    pytest.param("a-1", id="hyphens"),
    pytest.param("1,000", id="thousands"),
    pytest.param("1.", id="points"),
    pytest.param("1", id="digits"),
    pytest.param("_", id="underscores"),
]


@pytest.mark.parametrize("unit", RUNS)
@pytest.mark.parametrize("before", ["", "ك", "a", "1"])
def test_long_runs_take_linear_time(unit: str, before: str) -> None:
    def seconds(length: int) -> float:
        text = before + unit * (length // len(unit)) + "!"
        start = process_time()
        for _ in tokenize(text):
            pass
        return process_time() - start

    short = min(seconds(20_000) for _ in range(3))
    assert seconds(200_000) < 40 * short + 0.05, "ten times the text took over forty times as long"


# --- random texts ----------------------------------------------------------------------------

ARABIC_LETTER_OR_DIGIT = re.compile("[\u0621-\u063a\u0641-\u064a\u0671-\u06d30-9٠-٩۰-۹ﺀ-ﻼ]")

TEXTS = st.text(
    st.one_of(
        st.characters(min_codepoint=0x0600, max_codepoint=0x06FF),
        st.characters(min_codepoint=0x0750, max_codepoint=0x077F),
        st.characters(min_codepoint=0x0870, max_codepoint=0x08FF),
        st.characters(min_codepoint=0xFB50, max_codepoint=0xFDFF),
        st.characters(min_codepoint=0xFE70, max_codepoint=0xFEFF),
        st.sampled_from(MARKS),
        st.sampled_from(CONTROLS),
        st.sampled_from("كتابةأإآؤئءىيـ"),
        st.sampled_from(" \n.,-/_'’،؛؟«»…0123456789٠١٢٣"),
        st.sampled_from("😀👍🏽🏳️🌈𝕏"),
        st.characters(min_codepoint=0x41, max_codepoint=0x24F),
    ),
    max_size=40,
)


@given(TEXTS)
def test_ranges_are_sorted_disjoint_and_inside_the_text(text: str) -> None:
    ranges = list(tokenize(text))
    assert all(0 <= start < end <= len(text) for start, end in ranges)
    assert all(before[1] <= after[0] for before, after in pairwise(ranges))


@given(TEXTS)
def test_no_word_starts_or_ends_with_a_control(text: str) -> None:
    for word in words(text):
        assert word[0] not in CONTROLS
        assert word[-1] not in CONTROLS


@given(TEXTS)
def test_every_letter_and_digit_is_in_one_word(text: str) -> None:
    covered = [0] * len(text)
    for start, end in tokenize(text):
        for place in range(start, end):
            covered[place] += 1
    for match in ARABIC_LETTER_OR_DIGIT.finditer(text):
        assert covered[match.start()] == 1


@given(TEXTS)
def test_random_texts_keep_the_invariants(text: str) -> None:
    assert_invariants(text, ANALYZER.analyze(text))


SPLIT_TEXTS = (
    st.text(
        st.sampled_from("ابة ك\u064e\u0651\u0640\u200c\u200d\u00a0\u200b \n.,،؛'-/_1٣aZﷺ😀ड\u093f")
    )
    | st.text()
)


@given(SPLIT_TEXTS, st.integers(1, 9))
def test_the_parts_of_a_text_have_its_words(text, size):
    parts = split_text(text, size)
    assert "".join(parts) == text
    assert all(len(part) >= size for part in parts[:-1])
    words = [word for part in parts for word in WORD.findall(part)]
    assert words == WORD.findall(text)


@given(SPLIT_TEXTS)
def test_the_parts_of_a_text_have_the_chunks_of_its_words(text):
    parts = split_text(text, 2)
    chunks = split_at_separators(parts)
    found = chunks.decode(np.arange(chunks.starts.size))
    assert [word for chunk in found for word in WORD.findall(chunk)] == WORD.findall(text)


def test_a_run_of_spaces_is_split_once_it_ends():
    assert split_text("ا" + " " * 9 + "\u064eب ج", 2) == ["ا" + " " * 9 + "\u064eب ", "ج"]
