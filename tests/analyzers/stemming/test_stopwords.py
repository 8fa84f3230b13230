from __future__ import annotations

import pytest

from analyzers import fold, is_function_word, is_stopword
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


@pytest.mark.parametrize(
    "word",
    [
        pytest.param("على", id="alef-maksura"),
        pytest.param("علی", id="farsi-yeh"),
        pytest.param("إلى", id="hamza"),
        pytest.param("الى", id="without-its-hamza"),
        pytest.param("أن", id="hamza-above"),
        pytest.param("ان", id="either-hamza-left-out"),
        pytest.param("فى", id="without-the-dots-of-yeh"),
        pytest.param("التى", id="relative-without-dots"),
        pytest.param("مني", id="pronoun"),
        pytest.param("إيه", id="dialect"),
        pytest.param("هذة", id="with-the-dots-of-teh"),
        pytest.param("وعلى", id="after-a-conjunction"),
        pytest.param("مِنْ", id="vocalised"),
        pytest.param("ﻋﻠﻰ", id="presentation-forms"),
        pytest.param("ٱلَّذِينَ", id="quranic"),
    ],
)
def test_written_as_a_function_word(word: str) -> None:
    assert is_function_word(word)


@pytest.mark.parametrize(
    "word",
    [
        pytest.param("علي", id="name"),
        pytest.param("عليّ", id="vocalised-name"),
        pytest.param("وعلي", id="name-after-a-conjunction"),
        pytest.param("منى", id="name-in-alef-maksura"),
        pytest.param("آلي", id="automatic"),
        pytest.param("آية", id="verse"),
        pytest.param("آن", id="moment"),
        pytest.param("آيا", id="Hagia"),
        pytest.param("أم", id="mother"),
        pytest.param("مثل", id="proverb"),
        pytest.param("نفس", id="soul"),
        pytest.param("متى", id="Matthew"),
        pytest.param("ظل", id="shadow"),
        pytest.param("سوي", id="straight"),
        pytest.param("أذن", id="ear"),
        pytest.param("ذي", id="Dhi Qar"),
        pytest.param("وفد", id="delegation"),
        pytest.param("كتاب", id="noun"),
        pytest.param("", id="nothing"),
    ],
)
def test_written_as_another_word(word: str) -> None:
    assert not is_function_word(word)


def test_a_word_is_in_one_list() -> None:
    words, homographs = read_word_list("stopwords.txt"), read_word_list("homographs.txt")
    assert words
    assert homographs
    assert not words & homographs
    assert all(is_function_word(word) for word in words)
    assert not any(is_function_word(word) for word in homographs)
    assert all(is_stopword(fold(word)) for word in words | homographs)
