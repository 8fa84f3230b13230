"""Spellings of a final hamza, and words in which ي and و before it are vowels."""

from __future__ import annotations

import pytest

from analyzers import fold
from analyzers.stemming.hamza import final_hamza
from tests.analyzers.assertions import assert_analyzes_to, stem_of


@pytest.mark.parametrize(
    ("word", "usual"),
    [
        pytest.param("مبادىء", "مبادئ", id="plural"),
        pytest.param("والشواطىء", "الشواطئ", id="with-clitics"),
        pytest.param("قارىء", "قارئ", id="participle"),
        pytest.param("بارىء", "بارئ", id="a-radical-that-looks-like-a-preposition"),
        pytest.param("لآلىء", "لآلئ", id="another-one"),
        pytest.param("مخطىء", "مخطئ", id="short-participle"),
        pytest.param("لاجىء", "لاجئ", id="not-la-and-three-letters"),
        pytest.param("ينشىء", "ينشئ", id="verb"),
        pytest.param("شئ", "شيء", id="two-letters"),
        pytest.param("بالشئ", "بالشيء", id="two-letters-with-clitics"),
        pytest.param("بطئ", "بطيء", id="without-the-vowel"),
        pytest.param("بطىء", "بطيء", id="with-an-alef-maksura"),
        pytest.param("سيئ", "سيء", id="doubled"),
        pytest.param("سيىء", "سيء", id="doubled-and-a-seat"),
        pytest.param("ملئ", "مليء", id="full"),
        pytest.param("تباطوء", "تباطؤ", id="waw"),
        pytest.param("كفائة", "كفاءة", id="in-the-middle"),
        pytest.param("المسئلة", "المسألة", id="on-a-yeh"),
        pytest.param("تسائل", "تساؤل", id="reciprocal"),
        pytest.param("يتفاءلون", "يتفائل", id="reciprocal-verb"),
    ],
)
def test_spellings_share_a_stem(word: str, usual: str) -> None:
    assert stem_of(word) == stem_of(usual)
    assert_analyzes_to(word)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("شيء", "شي", id="thing"),
        pytest.param("بريء", "بري", id="innocent-and-wild"),
        pytest.param("مليء", "ملي", id="full-and-milli"),
        pytest.param("فيء", "فى", id="shade-and-in"),
        pytest.param("فئ", "في", id="two-letters-that-are-not-listed"),
        pytest.param("هدوء", "هدو", id="a-long-waw"),
        pytest.param("لجوء", "لجو", id="refuge"),
        pytest.param("أسئلة", "أسالة", id="questions"),
        pytest.param("تلائم", "تلاؤم", id="a-verb-of-another-measure"),
        pytest.param("تفاجئ", "تفاوئ", id="a-hamza-that-is-no-third-letter"),
        pytest.param("توائم", "تواؤم", id="twins"),
        pytest.param("أبنائه", "أبناية", id="a-pronoun"),
    ],
)
def test_other_words_stay_apart(one: str, other: str) -> None:
    assert fold(one) == fold(other) or stem_of(one) != stem_of(other)


@pytest.mark.parametrize("word", ["سماء", "جزء", "عبء", "بدء", "ضوء", "سوء", "مجيء", "شيء", "قارئ"])
def test_usual_spellings_are_left(word: str) -> None:
    assert final_hamza(fold(word)) == fold(word)
