"""Spellings: what a surface form leaves out of a word, and which spellings agree."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.analyzer import surface_forms
from analyzers.normalization.spelling import (
    UNKNOWN,
    agrees,
    decode,
    join_spellings,
    respell,
    spelled_letters,
    spelling,
    typed_spelling,
    word_agrees,
)
from analyzers.tokenizer import WORD


def surface_of(word: str) -> str:
    (surface,) = surface_forms(word)
    return surface


@pytest.mark.parametrize(
    ("word", "written"),
    [
        pytest.param("كتاب", "كتاب", id="as-its-surface-form"),
        pytest.param("أحمد", "أحمد", id="hamza"),
        pytest.param("ا\u0654حمد", "أحمد", id="composed-hamza"),
        pytest.param("ٱلكتاب", "ٱلكتاب", id="wasla"),
        pytest.param("آخر", "آخر", id="madda"),
        pytest.param("مدرسة", "مدرسة", id="teh-marbuta"),
        pytest.param("مستشفى", "مستشفى", id="alef-maksura"),
        pytest.param("عِلْم", "عِلْم", id="marks"),
        pytest.param("مُدَرِّسة", "مُدَرِّسة", id="shadda-first"),
        pytest.param("مُدَر\u0650\u0651سة", "مُدَرِّسة", id="vowel-first"),
        pytest.param("عِـــلْـم", "عِلْم", id="tatweel"),
        pytest.param("ع\u200dل\u200eم", "علم", id="controls"),
        pytest.param("کتاب", "كتاب", id="another-keyboard"),
        pytest.param("ﻋِﻠﻢ", "عِلم", id="presentation-forms"),
        pytest.param("ﻷحمد", "لأحمد", id="ligature"),
        pytest.param("عـﹻلم", "عِلم", id="presentation-form-of-a-mark"),
        pytest.param("كتاباً", "كتابًا", id="fathatan-on-the-alef"),
        pytest.param("كتابَاً", "كتابًا", id="fathatan-after-fatha"),
        pytest.param("هدىً", "هدًى", id="fathatan-on-the-maksura"),
        pytest.param("هٰذا", "هَذا", id="dagger-alef"),
        pytest.param("رااائع", "رائع", id="lengthened"),
        pytest.param("أَحۡمَدُ", "أَحْمَدُ", id="sukun-of-the-quran"),
        pytest.param("سَمِيعَۢا", "سَمِيعًا", id="tanween-before-beh"),
        pytest.param("ءَامَنُوا۟", "آمَنُوا", id="hamza-and-alef"),
        pytest.param("ٱلْكِتَٰبُ", "ٱلْكِتَابُ", id="letter-from-a-sign"),
        pytest.param("مسئول", "مسئول", id="seat"),
        pytest.param("٢٠٠٣", "2003", id="number"),
        pytest.param("Book", "book", id="latin"),
    ],
)
def test_what_is_kept(word: str, written: str) -> None:
    surface = surface_of(word)
    assert respell(surface, spelling(word, surface)) == unicodedata.normalize("NFC", written)


@pytest.mark.parametrize(
    ("typed", "word", "same"),
    [
        pytest.param("ٱحمد", "احمد", True, id="wasla-and-alef"),
        pytest.param("ٱحمد", "أحمد", False, id="wasla-and-hamza"),
        pytest.param("أحمد", "ٱحمد", False, id="hamza-and-wasla"),
        pytest.param("علی", "علي", True, id="persian-yeh"),
        pytest.param("علی", "على", True, id="persian-yeh-without-dots"),
        pytest.param("على", "علی", True, id="alef-maksura-of-a-persian-keyboard"),
        pytest.param("قرآن", "قُرْآن", True, id="madda"),
        pytest.param("قرآن", "قرأن", False, id="madda-and-hamza"),
        pytest.param("حقّ", "حَقٌّ", True, id="shadda-beside-a-vowel"),
        pytest.param("حقٌّ", "حَقِّ", False, id="two-cases"),
        pytest.param("مدْرسة", "مدّرسة", False, id="sukun-and-shadda"),
        pytest.param("مدّرسة", "مدْرسة", False, id="shadda-and-sukun"),
        pytest.param("كِتَابُ", "ٱلْكِتَٰبُ", None, id="another-surface-form"),
        pytest.param("الكُتّاب", "ٱلْكِتَٰبُ", False, id="against-quranic-spelling"),
        pytest.param("الكِتاب", "ٱلْكِتَٰبُ", True, id="with-quranic-spelling"),
        pytest.param("السماوات", "ٱلسَّمَـٰوَٰتِ", True, id="signs-for-letters"),
    ],
)
def test_which_words_agree(typed: str, word: str, same: bool | None) -> None:
    surface = surface_of(word)
    if same is None:
        assert surface_of(typed) != surface
        return
    asked = typed_spelling(typed, surface_of(typed), exact=True)
    assert asked is None or word_agrees(asked, word, surface) is same
    assert same or asked is not None


@pytest.mark.parametrize(
    ("typed", "word", "same"),
    [
        ("مدرسة", "مدرسه", True),
        ("مَدرسة", "مَدرسه", True),
        ("مَدرسة", "مُدرسة", False),
        ("مدرسةٌ", "مدرسةً", False),
        ("أسرة", "أسره", True),
        ("أسرة", "اسرة", False),
        ("أسرته", "أسرته", True),
        ("مستشفى", "مستشفي", False),
    ],
)
def test_dots_of_teh_marbuta_count_in_exact_words_alone(typed: str, word: str, same: bool) -> None:
    surface = surface_of(word)
    asked = typed_spelling(typed, surface, exact=False)
    assert (asked is None or word_agrees(asked, word, surface)) is same
    assert asked is None or respell(surface, asked) == unicodedata.normalize("NFC", typed)


LETTERS = st.sampled_from("ابةهيىیأإآٱءكک" + "ـ" + "َُِّْ" + "\u064b\u0654\u0670\u200d")
words = st.text(LETTERS, min_size=1, max_size=12).filter(
    lambda text: bool(WORD.fullmatch(text)) and len(surface_forms(text)) == 1
)


@settings(deadline=None, max_examples=300)
@given(words)
def test_of_random_words(word: str) -> None:
    surface = surface_of(word)
    found = spelling(word, surface)
    letters = decode(surface, found)
    assert len(letters) == len(surface)
    assert 0 <= spelled_letters(found) <= len(surface)
    assert agrees(found, found, surface)
    assert agrees(found, UNKNOWN, surface)
    again = respell(surface, found)
    if UNKNOWN not in found and surface_forms(again) == [surface]:
        assert agrees(spelling(again, surface), found, surface)


@settings(deadline=None, max_examples=100)
@given(st.lists(words, min_size=1, max_size=4))
def test_words_that_are_joined(some: list[str]) -> None:
    pairs = [(surface_of(word), spelling(word, surface_of(word))) for word in some]
    joined = join_spellings(pairs)
    surface = " ".join(found for found, _spelling in pairs)
    assert respell(surface, joined) == " ".join(respell(*pair) for pair in pairs)


@pytest.mark.parametrize("text", ["ِ", "1", "0ة", "2x", "1ّّ", "1َِ", "-", "1 ة", "9999ة"])
def test_what_is_no_spelling(text: str) -> None:
    assert spelled_letters(text) == -1


def test_no_spelling_has_a_space() -> None:
    """Sets of them are written with spaces between."""
    text = "أَحْمَدُ ٱلصَّلَوٰةَ كِتَابًا مدرسة " + "يُـعـلِّـم سَمِيعَۢا"
    found = [spelling(word, surface_of(word)) for word in WORD.findall(text)]
    assert len(found) == 6
    assert not any(re.search(r"\s", each) for each in found)
