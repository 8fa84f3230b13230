"""Ordinary words: many at once are the same as each by itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.analyzer import MAX_SURFACE_LENGTH, surface_forms
from analyzers.ordinary_words import LONGEST, ordinary_surface_forms
from benchmarks.conflation import read_pair_set

PAIRS = read_pair_set()
WORDS = sorted(
    {
        word
        for pair in (*PAIRS.meet, *PAIRS.apart)
        for word in (*pair.first.split(), *pair.second.split())
    }
)


def check(words: list[str]) -> list[str]:
    """Check the forms of some words against those of each by itself; return the ordinary words."""
    forms = ordinary_surface_forms(words)
    wanted = [surface_forms(word) for word in words]
    assert [[form] if form else each for form, each in zip(forms, wanted, strict=True)] == wanted
    return [word for word, form in zip(words, forms, strict=True) if form]


def test_real_words() -> None:
    assert len(check(WORDS)) > 0.8 * len(WORDS)


@given(st.lists(st.text("اأإآىةهيءئؤولمجحخبتكنرعدفذز", min_size=1, max_size=9), max_size=30))
def test_any_letters(words: list[str]) -> None:
    check(words)


@given(st.lists(st.text("اأولمةىيء\u064eـ٣3aB.-ﷲپ\u200d", min_size=1, max_size=6), max_size=30))
def test_other_characters(words: list[str]) -> None:
    forms = ordinary_surface_forms(words)
    for word, form in zip(words, forms, strict=True):
        assert not form or surface_forms(word) == [form]


@pytest.mark.parametrize(
    "word",
    [
        "الرحمان",
        "سموات",
        "أأنتم",
        "ماءة",
        "جدااا",
        "لايمكن",
        "أبوبكر",
        "اململكة",
        "عىل",
        "مدرسةجديدة",
    ],
)
def test_words_that_other_rules_apply_to_are_no_ordinary_ones(word: str) -> None:
    assert ordinary_surface_forms(["كتاب", word, "إلام"]) == ["كتاب", "", ""]


def test_no_words() -> None:
    assert ordinary_surface_forms([]) == []


def test_a_word_that_is_too_long_is_no_ordinary_one() -> None:
    long = "كتاب" * LONGEST
    assert LONGEST <= MAX_SURFACE_LENGTH
    assert ordinary_surface_forms([long, "كتاب"]) == ["", "كتاب"]
