"""Each rule of declension: a noun of its class with all inflections that are made of it."""

from __future__ import annotations

import pytest

from analyzers.compile.declension import inflect
from analyzers.morphology.lexicon import fold_for_lexicon


@pytest.mark.parametrize(
    ("noun", "inflections"),
    [
        pytest.param(
            "معلم",
            "معلما معلمان معلمين معلمون معلمات معلمة معلمتان معلمتين معلمو",
            id="sound-masculine",
        ),
        pytest.param("مدرسة", "مدرستان مدرستين مدرسات مدرستا مدرستي", id="teh-marbuta"),
        pytest.param(
            "قاضي",
            "قاضيا قاضيان قاضيين قاضيون قاضيات قاضية قاضيتان قاضيتين قاضيو قاضون قاضين",
            id="yeh-can-be-dropped",
        ),
        pytest.param(
            "صحراء",
            "صحراان صحراين صحراات صحراوان صحراوين صحراوات صحرايين صحرايون",
            id="alef-and-hamza",
        ),
        pytest.param("دنيا", "دنيات دنييات دنيوات", id="alef"),
        pytest.param("معلمات", "", id="a-plural-in-at"),
        pytest.param("معلمون", "", id="a-plural-in-un"),
        pytest.param("معلمين", "", id="a-plural-in-in"),
        pytest.param("أب", "", id="two-letters"),
    ],
)
def test_inflect(noun: str, inflections: str) -> None:
    expected = [fold_for_lexicon(form) for form in inflections.split()]
    assert list(inflect(fold_for_lexicon(noun))) == expected
