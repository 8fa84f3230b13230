from __future__ import annotations

import random

import pytest

from analyzers import Analyzer
from benchmarks.suggestions import KINDS, draw_cases, draw_query, misspell, surfaces

TEXTS = [("قانون الحشد الشعبي", "أعلنت هيئة الحشد الشعبي أمس عن خطة جديدة للمدينة القديمة")]


@pytest.mark.parametrize(
    ("kind", "change"),
    [("missing", -1), ("doubled", 1), ("swapped", 0), ("neighbouring key", 0), ("lost space", -1)],
)
def test_an_error_of_each_kind(kind, change):
    words = ["الحشد", "الشعبي"]
    for seed in range(30):
        typed = misspell(words, kind, random.Random(seed))
        if typed is not None:
            assert typed != " ".join(words)
            assert len(typed) == len(" ".join(words)) + change


def test_queries_are_drawn_again_by_their_seed():
    analyzer = Analyzer()
    first, again, other = (list(draw_cases(TEXTS, 20, seed, analyzer)) for seed in (1, 1, 2))
    assert first == again != other
    for case in first:
        assert case.kind in KINDS
        assert surfaces(case.typed, analyzer) != surfaces(case.meant, analyzer)


def test_queries_are_words_in_a_row():
    words = draw_query(TEXTS, random.Random(3))
    assert 2 <= len(words) <= 4
    assert any(" ".join(words) in text for text in TEXTS[0])
