from __future__ import annotations

import pytest

from analyzers import fold, is_stopword
from analyzers.word_files import read_word_list


@pytest.mark.parametrize(
    "word",
    [
        pytest.param("في", id="preposition"),
        pytest.param("مِنْ", id="vocalised"),
        pytest.param("إلى", id="alef-maksura"),
        pytest.param("علی", id="farsi-yeh"),
        pytest.param("عليها", id="preposition-and-pronoun"),
        pytest.param("هذه", id="demonstrative"),
        pytest.param("الذين", id="relative"),
        pytest.param("أولئك", id="hamza-seat"),
        pytest.param("هؤلاء", id="hamza-on-waw"),
        pytest.param("و", id="waw-alone"),
        pytest.param("لم", id="negation"),
        pytest.param("ماذا", id="interrogative"),
        pytest.param("كان", id="auxiliary"),
        pytest.param("وهو", id="behind-waw"),
        pytest.param("فإن", id="behind-fa"),
        pytest.param("ولماذا", id="interrogative-behind-waw"),
        pytest.param("ﻓﻲ", id="presentation-forms"),
    ],
)
def test_function_words(word: str) -> None:
    assert is_stopword(fold(word))


@pytest.mark.parametrize(
    "word",
    [
        pytest.param("كتاب", id="noun"),
        pytest.param("لبنان", id="name"),
        pytest.param("وزارة", id="own-waw"),
        pytest.param("فيلم", id="begins-like-in"),
        pytest.param("وفد", id="short-noun"),
        pytest.param("منزل", id="begins-like-from"),
        pytest.param("حرب", id="war"),
        pytest.param("ليبيا", id="country"),
        pytest.param("2010", id="number"),
        pytest.param("the", id="latin"),
        pytest.param("", id="nothing"),
    ],
)
def test_other_words(word: str) -> None:
    assert not is_stopword(fold(word))


def test_the_list_holds_surface_forms_once() -> None:
    words = read_word_list("stopwords.txt")
    assert words
    assert all(fold(word) == word for word in words)
