"""Pairs of letters tell Arabic from the same letters in another order."""

from __future__ import annotations

import pytest

from analyzers.compile.letter_pairs import pair_costs, render
from analyzers.errors import DataFileError
from analyzers.normalization import letter_pairs
from analyzers.normalization.letter_pairs import ALPHABET, DIGITS, EDGE, plain_words, word_cost


@pytest.mark.parametrize("word", ["المدرسة", "إيران", "الشعبي", "مصر", "في", "وزارة", "لبنان"])
def test_a_word_costs_less_than_its_reverse(word: str) -> None:
    assert word_cost(word) < word_cost(word[::-1])


def test_costs_are_those_of_the_frequencies() -> None:
    costs = pair_costs({"بت": 3.0, "بب": 1.0, "x": 9.0})
    assert costs["بت"] < costs["بب"] < costs["با"] == len(DIGITS) - 1
    assert costs[EDGE + "ب"] == 0
    lines = render(costs).splitlines()[1:]
    assert len(lines) == len(EDGE + ALPHABET) == len(lines[0])


def test_words_of_other_languages_are_left_out() -> None:
    assert plain_words("الْكِتَـاب پدر کی abc ١٢ \ufefb xكتاب") == ["الكتاب", "كي", "لا"]


def test_a_damaged_file_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letter_pairs, "read_data_text", lambda _name: "012\n")
    letter_pairs._costs.cache_clear()
    letter_pairs._word_cost.cache_clear()
    with pytest.raises(DataFileError, match="letter_pairs.txt: is damaged"):
        word_cost("كتاب")
    letter_pairs._costs.cache_clear()
