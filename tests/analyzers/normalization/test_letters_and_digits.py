"""A word of letters and digits has a term for each part, however it is written."""

from __future__ import annotations

import pytest

from analyzers import Analyzer
from analyzers.analyzer import surface_forms
from analyzers.normalization.letters_and_digits import MAX_PARTS
from tests.analyzers.assertions import assert_analyzes_to

ANALYZER = Analyzer()


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        pytest.param("QLED-55Q70", "qled 55 q 70", id="hyphen-and-borders"),
        pytest.param("i7-1185G7", "i 7 1185 g 7", id="hyphen-between-digits"),
        pytest.param("F16", "f 16", id="letter-digits"),
        pytest.param("256GB", "256 gb", id="digits-letters"),
        pytest.param("١٦GB", "16 gb", id="arabic-digits"),
        pytest.param("COVID\u201119", "covid 19", id="no-break-hyphen"),
        pytest.param("iPhone15Pro", "iphone 15 pro", id="three-parts"),
        pytest.param("É2", "e 2", id="accent"),
        pytest.param("Ж7", "ж 7", id="cyrillic"),
        pytest.param("covid", "covid", id="letters-alone"),
        pytest.param("don’t", "dont", id="apostrophe"),
        pytest.param("2024", "2024", id="digits-alone"),
        pytest.param("3.14", "3.14", id="decimal"),
        pytest.param("5,800", "5800", id="thousands"),
        pytest.param("كتاب", "كتاب", id="arabic"),
    ],
)
def test_parts(word: str, parts: str) -> None:
    assert surface_forms(word) == parts.split()
    assert_analyzes_to(word)


@pytest.mark.parametrize(
    "spellings",
    [
        pytest.param(("F16", "F-16", "F 16"), id="aeroplane"),
        pytest.param(("256GB", "256 GB", "٢٥٦ gb"), id="memory"),
        pytest.param(("RTX4090", "RTX 4090", "rtx-4090"), id="card"),
        pytest.param(("QLED-55Q70", "QLED 55Q70", "qled55q70"), id="model"),
        pytest.param(("COVID-19", "COVID19", "Covid 19"), id="disease"),
    ],
)
def test_spellings_share_their_terms(spellings: tuple[str, ...]) -> None:
    assert len({tuple(ANALYZER.terms(spelling)) for spelling in spellings}) == 1


def test_the_whole_word_is_the_range_of_each_part() -> None:
    tokens = ANALYZER.analyze("شاشة QLED-55Q70 جديدة")
    assert [(token.start, token.end) for token in tokens] == [(0, 4), *[(5, 15)] * 4, (16, 21)]
    assert [token.position for token in tokens] == list(range(6))


def test_an_identifier_stays_whole() -> None:
    word = "a1" * (MAX_PARTS // 2)
    assert len(surface_forms(word)) == MAX_PARTS
    assert surface_forms(word + "b") == [word + "b"]
