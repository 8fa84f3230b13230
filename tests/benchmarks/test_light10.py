from __future__ import annotations

import doctest

import pytest

from benchmarks import light10 as module
from benchmarks.light10 import light10


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        pytest.param("الحسن", "حسن", id="al"),
        pytest.param("والحسن", "حسن", id="wal"),
        pytest.param("بالحسن", "حسن", id="bal"),
        pytest.param("كالحسن", "حسن", id="kal"),
        pytest.param("فالحسن", "حسن", id="fal"),
        pytest.param("للاخر", "اخر", id="lil"),
        pytest.param("وحسن", "حسن", id="wa"),
        pytest.param("زوجها", "زوج", id="her"),
        pytest.param("زوجان", "زوج", id="dual"),
        pytest.param("زوجات", "زوج", id="feminine-plural"),
        pytest.param("زوجون", "زوج", id="masculine-plural"),
        pytest.param("زوجين", "زوج", id="oblique-plural"),
        pytest.param("زوجيه", "زوج", id="nisba-folded"),
        pytest.param("زوجية", "زوج", id="nisba-as-written"),
        pytest.param("زوجه", "زوج", id="heh"),
        pytest.param("زوجة", "زوج", id="teh-marbuta"),
        pytest.param("زوجي", "زوج", id="yeh"),
        pytest.param("وساهدون", "ساهد", id="prefix-and-suffix"),
        pytest.param("ساهدهات", "ساهد", id="suffixes-in-turn"),
        pytest.param("وزارتها", "زارت", id="real-waw-is-cut"),
    ],
)
def test_cut(word: str, expected: str) -> None:
    assert light10(word) == expected


@pytest.mark.parametrize(
    "word",
    [
        pytest.param("ورد", id="waw-of-three-letters"),
        pytest.param("الم", id="one-letter-after-al"),
        pytest.param("بها", id="one-letter-before-a-suffix"),
        pytest.param("بكتاب", id="lone-beh"),
        pytest.param("كتابهم", id="their"),
        pytest.param("سيكتب", id="future"),
        pytest.param("", id="nothing"),
    ],
)
def test_kept(word: str) -> None:
    assert light10(word) == word


def test_one_prefix_at_most() -> None:
    assert light10("والالوان") == "الو"


def test_examples() -> None:
    assert doctest.testmod(module).failed == 0
