"""The list of broken plurals: its form, and plurals that it must and must not hold."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from analyzers import fold, is_stopword
from analyzers.word_files import DATA_DIR, read_word_file

ENTRIES = {
    singular: plurals
    for line in read_word_file(DATA_DIR / "broken_plurals.txt")
    for singular, *plurals in [line.text.split("\t")]
}
LEMMAS: dict[str, str] = {}
for singular, plurals in ENTRIES.items():
    for plural in plurals:
        LEMMAS.setdefault(fold(plural), singular)

OF_SEVERAL = {"أطقم", "ألواح", "عرائس", "طبول", "شرائط", "مناشير", "بناطيل", "مثاقب"}
"""The plurals of several singulars."""


def test_every_line_is_words_with_tabs_between() -> None:
    word = re.compile("[\u0621-\u063a\u0641-\u064a]{2,}")
    for singular, plurals in ENTRIES.items():
        assert plurals
        for form in (singular, *plurals):
            assert word.fullmatch(form), form


def test_there_are_enough() -> None:
    assert len(ENTRIES) > 1200


def test_every_singular_has_one_line() -> None:
    lines = [line.text.split("\t")[0] for line in read_word_file(DATA_DIR / "broken_plurals.txt")]
    assert len(lines) == len(set(lines))


def test_few_plurals_have_several_singulars_and_none_is_one_itself() -> None:
    plurals = [fold(plural) for forms in ENTRIES.values() for plural in forms]
    counts = Counter(plurals)
    assert {plural for plural, count in counts.items() if count > 1} == set(map(fold, OF_SEVERAL))
    assert not set(plurals) & set(map(fold, ENTRIES))


def test_no_singular_is_a_stop_word() -> None:
    """A stop word as lemma would bring every document; أم is mother as often as or."""
    assert [singular for singular in ENTRIES if is_stopword(fold(singular))] == ["أم"]


@pytest.mark.parametrize(
    ("plural", "singular"),
    [
        ("نساء", "امرأة"),
        ("مياه", "ماء"),
        ("أفواه", "فم"),
        ("إخوة", "أخ"),
        ("كتب", "كتاب"),
        ("مدن", "مدينة"),
        ("دول", "دولة"),
        ("رؤساء", "رئيس"),
        ("مدارس", "مدرسة"),
        ("قوانين", "قانون"),
        ("أطفال", "طفل"),
        ("شوارع", "شارع"),
    ],
)
def test_plurals(plural: str, singular: str) -> None:
    assert LEMMAS[fold(plural)] == singular


@pytest.mark.parametrize(
    "word",
    [
        pytest.param("جمال", id="beauty"),
        pytest.param("رياض", id="capital"),
        pytest.param("جزائر", id="country"),
        pytest.param("سور", id="wall"),
        pytest.param("حكم", id="rule"),
        pytest.param("إعلام", id="media-not-flags"),
        pytest.param("إسلام", id="islam"),
        pytest.param("مقاتل", id="fighter-not-deaths"),
        pytest.param("مواطن", id="citizen-not-homes"),
        pytest.param("عقاب", id="punishment"),
    ],
)
def test_words_that_are_no_plurals_here(word: str) -> None:
    assert fold(word) not in LEMMAS
