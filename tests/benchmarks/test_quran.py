from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.quran import (
    Finder,
    as_older_fonts,
    lost_pairs,
    read_lines,
    read_word_list,
    without_basmala,
)

PLAIN = {(1, 1): "بسم الله الرحمن الرحيم", (2, 1): "بسم الله الرحمن الرحيم ذلك الكتاب الكتاب"}
WRITTEN = {(1, 1): "بِسْمِ ٱللَّهِ ٱلرَّحْمَـٰنِ ٱلرَّحِيمِ", (2, 1): "ذَٰلِكَ ٱلْكِتَـٰبُ"}


def test_lines_are_read_by_sura_and_verse(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_text("\ufeff1|1|ذلك\n1|2|الكتاب\n\n# 2026\n", "utf-8")
    assert read_lines(path) == {(1, 1): "ذلك", (1, 2): "الكتاب"}


def test_a_list_of_words_is_read_by_its_starts(tmp_path: Path) -> None:
    path = tmp_path / "text.json"
    words = {"words": list("ابتثج"), "ayah_starts": [0, 2, 3], "surah_starts": [0, 3]}
    path.write_text(json.dumps(words), "utf-8")
    assert read_word_list(path) == {(1, 1): "ا ب", (1, 2): "ت", (2, 1): "ث ج"}


def test_the_basmala_is_left_out_where_it_is_no_verse() -> None:
    assert without_basmala(PLAIN) == {(1, 1): PLAIN[1, 1], (2, 1): "ذلك الكتاب الكتاب"}
    assert without_basmala(WRITTEN) == WRITTEN


def test_a_distinct_word_of_a_verse_is_one_pair() -> None:
    assert lost_pairs(Finder(), without_basmala(PLAIN), WRITTEN) == (6, [])


def test_lost_pairs_are_named() -> None:
    plain = {(1, 1): "ذلك القمر"}
    assert lost_pairs(Finder(), plain, {(1, 1): WRITTEN[2, 1]}) == (2, [("1:1", "القمر")])


@pytest.mark.parametrize("verse", list(WRITTEN))
def test_older_fonts_encode_the_same_words(verse: tuple[int, int]) -> None:
    rewritten = as_older_fonts(WRITTEN[verse])
    assert rewritten != WRITTEN[verse]
    assert Finder().terms(rewritten) == Finder().terms(WRITTEN[verse])
