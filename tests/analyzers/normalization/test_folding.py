from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarabic import araby, araby_const

from analyzers.normalization.folding import CONTROLS, MARKS, PHRASE_LIGATURES, _fold_uncommon, fold
from tests.analyzers.assertions import assert_analyzes_to

ARABIC_BLOCKS = (
    (0x0600, 0x06FF),
    (0x0750, 0x077F),
    (0x0870, 0x08FF),
    (0xFB50, 0xFDFF),
    (0xFE70, 0xFEFF),
)


def code_points(first: int, last: int) -> list[str]:
    return [chr(code) for code in range(first, last + 1)]


# --- what is deleted -------------------------------------------------------------------------

MARK_RANGES = [
    pytest.param(0x0610, 0x061A, id="honorifics"),
    pytest.param(0x064B, 0x0652, id="harakat"),
    pytest.param(0x0658, 0x065F, id="extended-harakat"),
    pytest.param(0x06D6, 0x06DC, id="quranic-high"),
    pytest.param(0x06DF, 0x06E4, id="quranic-signs"),
    pytest.param(0x06EA, 0x06ED, id="quranic-low"),
    pytest.param(0x0897, 0x089F, id="extended-b"),
    pytest.param(0x08CA, 0x08E1, id="extended-a"),
    pytest.param(0x08E3, 0x08FF, id="extended-a-harakat"),
    pytest.param(0x10EFA, 0x10EFF, id="extended-c"),
]

CONTROL_RANGES = [
    pytest.param(0x0001, 0x0008, id="control-characters"),
    pytest.param(0x000E, 0x001B, id="control-characters-after-white-space"),
    pytest.param(0x007F, 0x0084, id="delete-and-c1"),
    pytest.param(0x0086, 0x009F, id="c1-after-next-line"),
    pytest.param(0x200C, 0x200F, id="joiners-and-directions"),
    pytest.param(0x202A, 0x202E, id="embeddings"),
    pytest.param(0x2066, 0x2069, id="isolates"),
    pytest.param(0x061C, 0x061C, id="arabic-letter-mark"),
    pytest.param(0xFEFF, 0xFEFF, id="byte-order-mark"),
    pytest.param(0x00AD, 0x00AD, id="soft-hyphen"),
    pytest.param(0x2060, 0x2064, id="word-joiners"),
    pytest.param(0xFE00, 0xFE0F, id="variation-selectors"),
]


@pytest.mark.parametrize(("first", "last"), MARK_RANGES)
def test_marks_vanish_inside_a_word_and_at_its_end(first: int, last: int) -> None:
    for mark in code_points(first, last):
        assert_analyzes_to(f"كت{mark}اب", surfaces=["كتاب"])
        assert_analyzes_to(f"كتاب{mark}", surfaces=["كتاب"])
        assert_analyzes_to(f"ك{mark * 3}ت{mark}اب", surfaces=["كتاب"])


@pytest.mark.parametrize("mark", [araby_const.MADDA_ABOVE, araby_const.HAMZA_ABOVE, "\u0655"])
def test_marks_that_compose_vanish_where_there_is_nothing_to_compose(mark: str) -> None:
    assert_analyzes_to(f"كت{mark}ب", surfaces=["كتب"])


@pytest.mark.parametrize(("first", "last"), CONTROL_RANGES)
def test_controls_vanish_inside_a_word_and_around_it(first: int, last: int) -> None:
    for control in code_points(first, last):
        assert_analyzes_to(f"كت{control}اب", surfaces=["كتاب"])
        assert_analyzes_to(f"{control}كتاب{control}", surfaces=["كتاب"])


def test_every_nonspacing_mark_of_the_arabic_blocks_is_a_mark() -> None:
    missing = [
        f"{ord(character):04X}"
        for block in ARABIC_BLOCKS
        for character in code_points(*block)
        if unicodedata.category(character) == "Mn" and character not in MARKS
    ]
    assert not missing


def test_marks_controls_and_tatweel_are_apart() -> None:
    assert not {*MARKS} & {*CONTROLS}
    assert araby_const.TATWEEL not in MARKS + CONTROLS


@pytest.mark.parametrize(
    "word",
    [
        pytest.param("ـكتاب", id="before"),
        pytest.param("كـــتاب", id="inside"),
        pytest.param("كتابـ", id="after"),
        pytest.param("كـَـتـَـا\u200dب", id="with-marks-and-a-joiner"),
    ],
)
def test_tatweel_is_deleted(word: str) -> None:
    assert_analyzes_to(word, surfaces=["كتاب"])


# --- what is replaced ------------------------------------------------------------------------

SAME_SURFACE = [
    # alef
    pytest.param("أحمد", "احمد", id="alef-hamza-above"),
    pytest.param("إسلام", "اسلام", id="alef-hamza-below"),
    pytest.param("آثار", "اثار", id="alef-madda"),
    pytest.param("ٱلكتاب", "الكتاب", id="alef-wasla"),
    pytest.param("ٲحمد", "احمد", id="alef-wavy-hamza-above"),
    pytest.param("ٳسلام", "اسلام", id="alef-wavy-hamza-below"),
    pytest.param("ٵحمد", "احمد", id="high-hamza-alef"),
    # yeh
    pytest.param("مستشفى", "مستشفي", id="alef-maksura"),
    pytest.param("علی", "علي", id="farsi-yeh"),
    pytest.param("علې", "علي", id="pashto-e"),
    pytest.param("علے", "علي", id="yeh-barree"),
    # kaf
    pytest.param("کتاب", "كتاب", id="keheh"),
    pytest.param("ڪتاب", "كتاب", id="swash-kaf"),
    # heh
    pytest.param("اللہ", "الله", id="heh-goal"),
    pytest.param("ھند", "هند", id="heh-doachashmee"),
    pytest.param("مدرسۀ", "مدرسه", id="heh-with-yeh"),
    pytest.param("مدرسە", "مدرسه", id="ae"),
    # teh marbuta
    pytest.param("مدرسة", "مدرسه", id="teh-marbuta"),
    pytest.param("مدرسۃ", "مدرسه", id="teh-marbuta-goal"),
    # hamza seats that other keyboards write
    pytest.param("مٶمن", "مؤمن", id="high-hamza-waw"),
    pytest.param("رٸيس", "رئيس", id="high-hamza-yeh"),
    pytest.param("رۓيس", "رئيس", id="yeh-barree-hamza"),
    # decomposed
    pytest.param("ا\u0654حمد", "احمد", id="alef+hamza-above"),
    pytest.param("ا\u0655سلام", "اسلام", id="alef+hamza-below"),
    pytest.param("ا\u0653ثار", "اثار", id="alef+madda"),
    pytest.param("مو\u0654من", "مؤمن", id="waw+hamza"),
    pytest.param("ري\u0654يس", "رئيس", id="yeh+hamza"),
    pytest.param("رى\u0654يس", "رئيس", id="alef-maksura+hamza"),
    pytest.param("ری\u0654يس", "رئيس", id="farsi-yeh+hamza"),
    pytest.param("مُو\u064f\u0654مِن", "مؤمن", id="hamza-behind-a-vowel"),
    # digits
    pytest.param("٢٠١٠", "2010", id="arabic-digits"),
    pytest.param("۲۰۱۰", "2010", id="persian-digits"),
    pytest.param("२०१०", "2010", id="devanagari-digits"),
    pytest.param("٥٬٨٠٠", "5800", id="arabic-thousands"),
    pytest.param("5,800", "5800", id="latin-thousands"),
    pytest.param("٣٫١٤", "3.14", id="arabic-decimal-point"),
    # Latin
    pytest.param("NASA", "nasa", id="case"),
    pytest.param("Café", "cafe", id="accent"),
    pytest.param("Cafe\u0301", "cafe", id="combining-accent"),
    pytest.param("Straße", "strasse", id="sharp-s"),
    pytest.param("ＮＡＳＡ", "nasa", id="full-width"),
    pytest.param("don’t", "dont", id="apostrophe"),
    # presentation forms
    pytest.param("ﻛﺘﺎﺏ", "كتاب", id="presentation-forms-b"),
    pytest.param("ﺳﻼﻡ", "سلام", id="lam-alef-ligature"),
    pytest.param("ﺍﻷﺣﺪ", "الاحد", id="lam-alef-hamza-ligature"),
    pytest.param("ﻻ", "لا", id="lam-alef-alone"),
    pytest.param("ﷲ", "الله", id="allah-ligature"),
    pytest.param("ﷴ", "محمد", id="mohammad-ligature"),
    pytest.param("ﭘﺎﮐﺴﺘﺎﻥ", "پاكستان", id="presentation-forms-a"),
    pytest.param("ﺷﱠﺮ", "شر", id="presentation-form-of-marks"),
    # lengthening
    pytest.param("جمييييل", "جميل", id="long-vowel"),
    pytest.param("جميييل", "جميل", id="three-vowels"),
    pytest.param("شكرررا", "شكرا", id="three-consonants"),
    pytest.param("مدرسةةةة", "مدرسه", id="last-letter"),
    pytest.param("فييي", "في", id="short-word"),
    pytest.param("هههههه", "ه", id="laughter"),
    pytest.param("ههه", "ه", id="short-laughter"),
    pytest.param("الله", "الله", id="allah"),
    pytest.param("اللللله", "الله", id="allah-lengthened"),
    pytest.param("واللللله", "والله", id="by-allah"),
    pytest.param("للللكتاب", "للكتاب", id="for-the"),
    pytest.param("ممممكن", "ممكن", id="possible"),
    pytest.param("مممتاز", "ممتاز", id="excellent"),
    pytest.param("مممدرسة", "مدرسه", id="other-meem"),
    pytest.param("وووكر", "وووكر", id="and-walker"),
    # the name of God in pieces
    pytest.param("ﺍﷲ", "الله", id="alef-and-allah-ligature"),
    pytest.param("ﻭﺍﷲ", "والله", id="waw-alef-and-allah-ligature"),
    pytest.param("ﻟﷲ", "لله", id="lam-and-allah-ligature"),
]


@pytest.mark.parametrize(("word", "surface"), SAME_SURFACE)
def test_spellings_share_a_surface_form(word: str, surface: str) -> None:
    assert fold(word) == surface
    assert_analyzes_to(word, surfaces=[surface])


APART = [
    pytest.param("گاز", "كاز", id="gaf-and-kaf"),
    pytest.param("پاریس", "باريس", id="peh-and-beh"),
    pytest.param("مؤمن", "مومن", id="hamza-on-waw"),
    pytest.param("رئيس", "رييس", id="hamza-on-yeh"),
    pytest.param("ماء", "ما", id="final-hamza"),
    pytest.param("مسؤول", "مسئول", id="two-seats"),
    pytest.param("ضلال", "ظلال", id="dad-and-zah"),
    pytest.param("الله", "اللّ", id="heh-is-kept"),
    pytest.param("3.14", "314", id="decimal-point"),
    pytest.param("تتتابع", "تابع", id="three-teh-of-a-verb"),
    pytest.param("شتتت", "شت", id="three-teh-at-the-end"),
    pytest.param("بهاييين", "بهاين", id="yeh-for-a-hamza"),
]


@pytest.mark.parametrize(("one", "other"), APART)
def test_surface_forms_that_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("ligature", "words"),
    [
        pytest.param("ﷺ", ["صلي", "الله", "عليه", "وسلم"], id="salla"),
        pytest.param("ﷻ", ["جل", "جلاله"], id="jalla"),
        pytest.param("﷽", ["بسم", "الله", "الرحمن", "الرحيم"], id="bismillah"),
    ],
)
def test_a_phrase_ligature_is_its_words(ligature: str, words: list[str]) -> None:
    assert ligature in PHRASE_LIGATURES
    assert fold(ligature).split() == words
    assert_analyzes_to(f"النبي {ligature} قال", surfaces=["النبي", *words, "قال"])


def test_composed_and_decomposed_letters_are_one() -> None:
    for block in ARABIC_BLOCKS[:3]:
        for letter in code_points(*block):
            decomposed = unicodedata.normalize("NFD", letter)
            assert fold(f"ب{decomposed}ب") == fold(f"ب{letter}ب"), f"{ord(letter):04X}"


def test_presentation_forms_are_their_letters() -> None:
    for block in ARABIC_BLOCKS[3:]:
        for form in code_points(*block):
            letters = unicodedata.normalize("NFKC", form)
            if letters.isalpha() and letters != form:
                assert fold(form) == fold(letters), f"{ord(form):04X}"


WRITTEN = st.text(
    st.one_of(
        *(st.characters(min_codepoint=first, max_codepoint=last) for first, last in ARABIC_BLOCKS),
        st.sampled_from(CONTROLS + MARKS + "0123456789.,-'"),
        st.characters(min_codepoint=0x20, max_codepoint=0x24F),
    ),
    max_size=12,
)


@given(WRITTEN)
def test_folding_twice_is_folding_once(word: str) -> None:
    assert fold(fold(word)) == fold(word)


@given(WRITTEN)
def test_the_fast_path_folds_like_the_full_one(word: str) -> None:
    assert fold(word) == fold(_fold_uncommon(word))


def test_a_mark_in_presentation_form_does_not_stop_compatibility_mappings() -> None:
    assert fold("\u0676\ufe7c") == fold("\u0676") == "ؤ"


@given(WRITTEN)
def test_nothing_invisible_is_left(word: str) -> None:
    assert not {*fold(word)} & {*MARKS, *CONTROLS, araby_const.TATWEEL}


# --- PyArabic: where it agrees, and why its functions are not used ---------------------------


def test_pyarabic_names_the_code_points_that_unicode_names() -> None:
    names = {
        "ALEF": "ARABIC LETTER ALEF",
        "ALEF_MADDA": "ARABIC LETTER ALEF WITH MADDA ABOVE",
        "ALEF_MAKSURA": "ARABIC LETTER ALEF MAKSURA",
        "ALEF_WASLA": "ARABIC LETTER ALEF WASLA",
        "TEH_MARBUTA": "ARABIC LETTER TEH MARBUTA",
        "WAW_HAMZA": "ARABIC LETTER WAW WITH HAMZA ABOVE",
        "YEH_HAMZA": "ARABIC LETTER YEH WITH HAMZA ABOVE",
        "HAMZA_ABOVE": "ARABIC HAMZA ABOVE",
        "SMALL_ALEF": "ARABIC LETTER SUPERSCRIPT ALEF",
        "TATWEEL": "ARABIC TATWEEL",
        "DECIMAL": "ARABIC DECIMAL SEPARATOR",
        "THOUSANDS": "ARABIC THOUSANDS SEPARATOR",
    }
    named = {name: unicodedata.name(getattr(araby_const, name)) for name in names}
    assert named == names


@pytest.mark.parametrize(
    ("function", "words"),
    [
        pytest.param(araby.strip_tashkeel, "الْعَرَبِيّةُ كِتَابٌ مُدَرِّسٍ", id="strip_tashkeel"),
        pytest.param(araby.strip_tatweel, "العـــربية كـتـاب", id="strip_tatweel"),
        pytest.param(araby.normalize_ligature, "ﻻعب اﻻسم", id="normalize_ligature"),
    ],
)
def test_where_pyarabic_agrees(function: Callable[[str], str], words: str) -> None:
    for word in words.split():
        assert fold(function(word)) == fold(word)
        assert function(word) != word


PYARABIC_DIFFERS = [
    pytest.param(araby.strip_tashkeel, "الرحمٰن", "الرحمن", id="strip_tashkeel-keeps-small-alef"),
    pytest.param(araby.strip_tashkeel, "قال\u0610", "قال", id="strip_tashkeel-keeps-honorifics"),
    pytest.param(araby.strip_tashkeel, "سوا\u0653ء", "سواء", id="strip_tashkeel-keeps-maddah"),
    pytest.param(araby.strip_tashkeel, "به\u06e6", "به", id="strip_tashkeel-keeps-small-yeh"),
    pytest.param(araby.strip_tashkeel, "ريب\u06db", "ريب", id="strip_tashkeel-keeps-pauses"),
    pytest.param(araby.strip_tashkeel, "قال\u08f0", "قال", id="strip_tashkeel-keeps-extended"),
    pytest.param(araby.strip_tashkeel, "قا\u200dل", "قال", id="strip_tashkeel-keeps-controls"),
    pytest.param(araby.strip_diacritics, "قال\u08f0", "قال", id="strip_diacritics-first-block"),
    pytest.param(araby.strip_diacritics, "به\u06e6", "به", id="strip_diacritics-small-yeh"),
    pytest.param(araby.normalize_alef, "على", "علي", id="normalize_alef-takes-alef-maksura"),
    pytest.param(araby.normalize_hamza, "إسلام", "اسلام", id="normalize_hamza-parts-islam"),
    pytest.param(araby.normalize_hamza, "سؤال", "سؤال", id="normalize_hamza-loses-the-seat"),
    pytest.param(araby.normalize_ligature, "ﷲ", "الله", id="normalize_ligature-only-lam-alef"),
    pytest.param(araby.normalize_ligature, "ﺍﻷﺣﺪ", "الاحد", id="normalize_ligature-other-forms"),
    pytest.param(araby.normalize_teh, "مدرسۃ", "مدرسه", id="normalize_teh-only-arabic"),
]


@pytest.mark.parametrize(("function", "word", "surface"), PYARABIC_DIFFERS)
def test_where_pyarabic_differs(function: Callable[[str], str], word: str, surface: str) -> None:
    assert fold(word) == surface
    assert function(word) != surface


@pytest.mark.parametrize("word", ["کتاب", "علی", "اللہ"])
def test_pyarabic_folds_no_letter_of_other_keyboards(word: str) -> None:
    normal = araby.normalize_hamza(araby.normalize_alef(araby.normalize_teh(word)))
    assert normal == word != fold(word)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("لَا رَيۡبَ", id="quranic-sukun"),
        pytest.param("مَآءٗ", id="open-tanween"),
        pytest.param("می\u200cخواهم", id="joiner"),
    ],
)
def test_pyarabic_tokenize_splits_words_at_marks(text: str) -> None:
    words = text.split()
    assert len(araby.tokenize(text)) > len(words)
    assert_analyzes_to(text, surfaces=[fold(word) for word in words])
