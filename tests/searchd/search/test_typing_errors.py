from __future__ import annotations

import pytest

from searchd.search.typing_errors import CONFUSIONS, intended_words, log_errors, log_space_error


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("كتب", "كتاب", id="missing"),
        pytest.param("كتتاب", "كتاب", id="doubled"),
        pytest.param("كاتب", "كتاب", id="swapped"),
        pytest.param("كناب", "كتاب", id="key-beside"),
        pytest.param("كثاب", "كتاب", id="alike"),
        pytest.param("كشاب", "كتاب", id="another-letter"),
        pytest.param("كتاضب", "كتاب", id="added"),
        pytest.param("cmputer", "computer", id="latin"),
    ],
)
def test_one_error(typed, meant):
    assert intended_words(typed)[meant] < 0


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("كتاب", "كتاب"), ("كتب", "مكتبات"), ("ب", ""), ("كتاب", "كتا ب")],
)
def test_no_error_or_more_than_one(typed, meant):
    assert meant not in intended_words(typed)


def test_usual_errors_are_likelier():
    found = intended_words("كناب")
    assert found["كتاب"] > found["كشاب"]
    doubled = intended_words("كتتاب")
    assert doubled["كتاب"] > doubled["كتتب"]


def test_confusions_go_both_ways():
    assert all(
        letter in CONFUSIONS[other] for letter, others in CONFUSIONS.items() for other in others
    )
    assert {"ن", "ث"} <= CONFUSIONS["ت"]
    assert "ش" not in CONFUSIONS["م"]


def test_longer_words_have_more_places_for_an_error():
    assert intended_words("كتب")["كتاب"] > intended_words("مكتبت")["مكتبات"]
    assert log_space_error(2) > log_space_error(4)
    assert log_errors("كتاب", "كتابات") < log_errors("كتاب", "كتابا") < 0
