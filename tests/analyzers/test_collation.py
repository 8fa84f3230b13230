"""The order of lists: what makes no difference, what does, and which comes first."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analyzers.collation import MOST_KEY_CHARACTERS, collation_key, collation_keys
from analyzers.normalization.folding import fold


@pytest.mark.parametrize(
    ("text", "other"),
    [
        pytest.param("أحمد", "احمد", id="hamza-above"),
        pytest.param("إسلام", "اسلام", id="hamza-below"),
        pytest.param("آداب", "اداب", id="madda"),
        pytest.param("مسؤول", "مسوول", id="hamza-on-waw"),
        pytest.param("مسئول", "مسؤول", id="hamza-seats"),
        pytest.param("رائد", "رايد", id="hamza-on-yeh"),
        pytest.param("كِتَابٌ", "كتاب", id="marks"),
        pytest.param("كـتـاب", "كتاب", id="tatweel"),
        pytest.param("مكتبة", "مكتبه", id="teh-marbuta"),
        pytest.param("مصطفى", "مصطفي", id="alef-maksura"),
        pytest.param("الكتاب", "كتاب", id="article"),
        pytest.param("الأَيَّام", "أيام", id="article-before-hamza"),
        pytest.param("«الكتاب»:  الأول", "كتاب الأول", id="punctuation"),
        pytest.param("٢٠٠٣", "2003", id="digits"),
        pytest.param("الجزء 007", "الجزء 7", id="zeros-before-a-number"),
        pytest.param("1,234 كتاب", "1234 كتاب", id="thousands"),
        pytest.param("École", "ecole", id="latin"),
        pytest.param("\u200fكتاب\u200e", "كتاب", id="direction-marks"),
        pytest.param("...", "", id="no-words"),
    ],
)
def test_equal(text, other):
    assert collation_key(text) == collation_key(other)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        pytest.param("ألمانيا", "مانيا", id="alef-and-lam-of-the-word"),
        pytest.param("المانيا", "مانيا", id="without-its-hamza"),
        pytest.param("الله", "له", id="allah"),
        pytest.param("إلى", "ى", id="preposition"),
        pytest.param("والكتاب", "كتاب", id="conjunction"),
        pytest.param("كتاب العلم", "كتاب علم", id="article-of-a-later-word"),
        pytest.param("كتاب علم", "كتابعلم", id="space"),
        pytest.param("ماء", "ما", id="hamza-alone"),
        pytest.param("الجزء 7", "الجزء 70", id="zeros-after-a-number"),
        pytest.param("الجزء 1 2", "الجزء 12", id="two-numbers"),
        pytest.param("مدرسة", "مدرستي", id="ending"),
    ],
)
def test_different(text, other):
    assert collation_key(text) != collation_key(other)


def test_order():
    ordered = [
        "!",
        "0",
        "00 ألف",
        "2 ملايين",
        "٣ قصص",
        "3.5 قرون",
        "10 قصص",
        "100 عام",
        "99999999",
        "999999999",
        "1000000000",
        "BBC",
        "Cairo",
        "ابن خلدون",
        "أحمد",
        "«الإسلام والعصر»",
        "الله",  # begins with alef, like every word without the article
        "ألمانيا",
        "إلى الأمام",
        "البيت",
        "بيت الحكمة",
        "بيتنا",
        "ثقافة",
        "الجزء",
        "الجزء ١",
        "الجزء 2",
        "الجزء 2 الفصل 9",
        "الجزء 2 الفصل ١٠",
        "الجزء ٣",
        "الجزء 10",
        "الجزء ۱۱",  # Persian digits
        "الجزء الأول",
        "الجزائر",
        "هدى",
        "الوزير",
        "ياسمين",
        "گلستان",
    ]
    assert all(collation_key(a) < collation_key(b) for a, b in pairwise(ordered))


def test_keys_are_bounded():
    assert len(collation_key("كتاب " * 100_000)) == MOST_KEY_CHARACTERS
    assert collation_key("ـ" * 100_000 + "ب") == ""


_ARABIC = st.text("ءآأؤإئابةتجحدرسعفقكلمنهوىيـ\u064b\u064e\u0651 ", max_size=40)


@given(_ARABIC)
@example("ء \u064bء")
def test_folded_keywords_have_the_keys_of_the_keywords_as_written(text):
    folded = " ".join(map(fold, text.split()))
    assert collation_key(folded) == collation_key(text)


@given(st.lists(st.text(alphabet="ابةىأئؤءلو ً-٢7xﻻ\n", max_size=24), max_size=6))
@example(["- الكتاب", "", "...", "الجزء ٢", "لايمكن شيء", "عبدالله بن مسعود", "x" * 3000])
def test_the_keys_of_many_are_those_of_each(texts):
    assert collation_keys(texts) == list(map(collation_key, texts))
