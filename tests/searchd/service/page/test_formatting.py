"""Numbers, counts and dates in both languages, and per country in Arabic."""

from __future__ import annotations

from datetime import date

import pytest

from searchd.service.page.formatting import Formatting
from searchd.service.page.texts import Language


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, "لا نتائج"),
        (1, "نتيجة واحدة"),
        (2, "نتيجتان"),
        (3, "٣ نتائج"),
        (10, "١٠ نتائج"),
        (11, "١١ نتيجة"),
        (99, "٩٩ نتيجة"),
        (100, "١٠٠ نتيجة"),
        (101, "١٠١ نتيجة"),
        (102, "١٠٢ نتيجة"),
        (103, "١٠٣ نتائج"),
        (111, "١١١ نتيجة"),
        (1_234_567, "١٬٢٣٤٬٥٦٧ نتيجة"),
    ],
)
def test_counts_in_arabic(number: int, expected: str) -> None:
    assert Formatting("ar").count(number, "result") == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, "no results"), (1, "one result"), (2, "2 results"), (12_000, "12,000 results")],
)
def test_counts_in_english(number: int, expected: str) -> None:
    assert Formatting("en").count(number, "result") == expected


@pytest.mark.parametrize(
    ("language", "country", "expected"),
    [
        ("ar", "", "١١ يوليو ٢٠٢١"),
        ("ar", "EG", "١١ يوليو ٢٠٢١"),
        ("ar", "IQ", "١١ تموز ٢٠٢١"),
        ("ar", "DZ", "11 جويلية 2021"),
        ("ar", "MA", "11 يوليوز 2021"),
        ("en", "IQ", "11 July 2021"),
    ],
)
def test_dates(language: Language, country: str, expected: str) -> None:
    assert Formatting(language, country).date(date(2021, 7, 11)) == expected


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [(0.0614, 3, "٠٫٠٦١"), (2.0, 3, "٢"), (1500, 0, "١٬٥٠٠"), (100, 0, "١٠٠")],
)
def test_numbers(value: float, digits: int, expected: str) -> None:
    assert Formatting("ar").number(value, digits) == expected
