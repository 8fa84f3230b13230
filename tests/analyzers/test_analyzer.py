from __future__ import annotations

import hashlib
import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers import Analyzer, Token, tokenize
from analyzers.analyzer import (
    _LEXICON_HEADER_SIZE,
    MAX_SURFACE_LENGTH,
    Terms,
    surface_forms,
)
from analyzers.morphology.lexicon import HEADER, MAGIC
from analyzers.normalization import letter_pairs, turned_text
from analyzers.word_files import LEXICON_FILE, read_data
from tests.analyzers.assertions import ANALYZER, assert_analyzes_to

PINNED_WORDS = (Path(__file__).parent / "pinned_words.txt").read_text("utf-8").splitlines()
PINNED_DIGEST = "5848ec3b9c02a9bd"

PROJECT = Path(__file__).parents[2]


def digest_of(words: list[str]) -> str:
    lines = [
        " ".join(f"{terms.surface}/{terms.stem}" for terms in ANALYZER.terms(word))
        for word in words
    ]
    return hashlib.blake2b("\n".join(lines).encode(), digest_size=8).hexdigest()


def test_a_token_has_its_range_its_position_and_its_terms() -> None:
    text = "قَالَ: «وَبِالكِتَابِ»!"
    assert ANALYZER.analyze(text) == [
        Token(0, 5, 0, "قال", "قال"),
        Token(8, 21, 1, "وبالكتاب", "كتاب"),
    ]
    assert text[8:21] == "وَبِالكِتَابِ"
    assert_analyzes_to(text)


def test_tokens_are_values() -> None:
    (token,) = ANALYZER.analyze("كتاب")
    with pytest.raises(FrozenInstanceError):
        token.start = 1  # type: ignore[misc]


def test_the_words_of_a_ligature_share_a_range_and_have_a_position_each() -> None:
    tokens = ANALYZER.analyze("محمد ﷺ نبي")
    assert [(token.start, token.end) for token in tokens] == [(0, 4), *[(5, 6)] * 4, (7, 10)]
    assert [token.position for token in tokens] == [0, 1, 2, 3, 4, 5]
    assert_analyzes_to("محمد ﷺ نبي", surfaces=["محمد", "صلي", "الله", "عليه", "وسلم", "نبي"])


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        pytest.param("الرَّئِيسُ", "الرئيس", id="vocalised"),
        pytest.param("الكتاب", "کتاب", id="urdu-keyboard"),
        pytest.param("إِدَارَةُ", "ادارة", id="without-hamza"),
        pytest.param("بالصبر", "الصبر", id="clitic"),
        pytest.param("وجاهدوا", "جاهدوا", id="conjunction"),
        pytest.param("٢٠١٠", "2010", id="digits"),
        pytest.param("ﻣﺪﺭﺳﺔ", "مدرسة", id="presentation-forms"),
        pytest.param("كت\u200fاب", "\u202bكتاب\u202c", id="bidi-controls"),
        pytest.param("ﷺ", "صلى الله عليه وسلم", id="ligature"),
    ],
)
def test_what_is_typed_finds_what_is_written(written: str, typed: str) -> None:
    index = [terms.stem for terms in ANALYZER.terms(written)]
    query = [terms.stem for terms in ANALYZER.terms(typed)]
    assert index == query
    assert_analyzes_to(written, stems=query)


def test_long_surfaces_are_cut() -> None:
    assert_analyzes_to("ab" * 100, surfaces=["ab" * (MAX_SURFACE_LENGTH // 2)])


@given(st.lists(st.sampled_from(PINNED_WORDS), max_size=20).map(" ".join))
def test_cached_terms_equal_a_fresh_analysis(text: str) -> None:
    assert ANALYZER.terms(text) == [
        Terms(surface, ANALYZER.stem(surface))
        for start, end in tokenize(text)
        for surface in surface_forms(text[start:end])
    ]
    assert_analyzes_to(text)


@pytest.mark.parametrize(
    ("word", "stems"),
    [
        pytest.param("وَبِالكِتَابِ", ["كتاب"], id="one-word"),
        pytest.param("ﷺ", ["صلي", "الله", "علي", "سلم"], id="ligature"),
        pytest.param("\u064e", [], id="nothing"),
    ],
)
def test_the_terms_of_one_word(word: str, stems: list[str]) -> None:
    terms = ANALYZER.terms(word)
    assert [part.stem for part in terms] == stems
    assert [part.surface for part in terms] == surface_forms(word)
    again = ANALYZER.terms(word)
    assert all(one is other for one, other in zip(terms, again, strict=True)), "analysed twice"


@pytest.mark.parametrize("word", ["لبنان", "سماء", "nasa"])
def test_a_word_that_is_its_own_stem_is_held_once(word: str) -> None:
    (terms,) = Analyzer().terms(word)
    assert terms.surface is terms.stem


def test_a_full_cache_is_emptied(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cached word has the same `Terms` object each time; one that was dropped has a new one."""
    monkeypatch.setattr("analyzers.analyzer.MAX_CACHED_WORDS", 3)
    analyzer = Analyzer()
    (first,) = analyzer.terms("كتابهم")
    assert analyzer.terms("مدرسة كتابهم")[1] is first
    text = " ".join(PINNED_WORDS)
    assert analyzer.terms(text) == ANALYZER.terms(text)
    (again,) = analyzer.terms("كتابهم")
    assert again == first
    assert again is not first


def test_the_cache_of_terms_is_bounded_in_characters_and_has_no_long_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("analyzers.analyzer.MAX_CACHED_CHARACTERS", 1000)
    analyzer = Analyzer()
    cache = analyzer._terms
    for number in range(100):
        analyzer.terms("ب" * (number % 64 + 1) + chr(0x628 + number // 64))
        assert sum(map(len, cache)) <= 1000 + 64
    assert cache
    cached = len(cache)
    analyzer.terms("كتاب" * 17)
    assert len(cache) == cached


def test_long_words_are_not_cached_elsewhere() -> None:
    turned_text._likeliest.cache_clear()
    letter_pairs._word_cost.cache_clear()
    word = "االحتالل" + "ب" * 64
    assert letter_pairs.word_cost(word) > letter_pairs.word_cost("كتاب")
    text = "ثالث سنوات في االحتالل واإلسالم واملدرسة األولى " + word
    assert turned_text.mend_turned_text(text) != text
    assert letter_pairs._word_cost.cache_info().currsize == 1
    assert turned_text._likeliest.cache_info().currsize == len(text.split()) - 3


def test_threads_share_an_analyzer() -> None:
    analyzer = Analyzer()
    text = " ".join(PINNED_WORDS)
    expected = ANALYZER.analyze(text)
    with ThreadPoolExecutor(8) as pool:
        assert all(tokens == expected for tokens in pool.map(analyzer.analyze, [text] * 64))


def test_a_pickled_analyzer_is_small_and_equal() -> None:
    analyzer = Analyzer(frozenset({"بسبب"}))
    analyzer.analyze(" ".join(PINNED_WORDS))
    pickled = pickle.dumps(analyzer)
    assert len(pickled) < 200
    again = pickle.loads(pickled)
    assert again.fingerprint == analyzer.fingerprint
    assert again.terms("بسبب") == analyzer.terms("بسبب")


# --- the fingerprint -------------------------------------------------------------------------


def test_protected_words_change_the_fingerprint() -> None:
    assert Analyzer(frozenset({"بسبب"})).fingerprint != ANALYZER.fingerprint


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param({"بسبب", "كتابها"}, {"كتابها", "بسبب"}, id="order"),
        pytest.param({"مدرسة"}, {"مَدرسه"}, id="spelling"),
    ],
)
def test_what_does_not_change_the_fingerprint(one: set[str], other: set[str]) -> None:
    assert Analyzer(frozenset(one)).fingerprint == Analyzer(frozenset(other)).fingerprint


@pytest.mark.parametrize("name", ["ANALYSIS_VERSION", "MAX_SURFACE_LENGTH"])
def test_a_new_version_changes_the_fingerprint(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = Analyzer().fingerprint
    monkeypatch.setattr(f"analyzers.analyzer.{name}", 1000)
    assert Analyzer().fingerprint != before


def test_another_lexicon_changes_the_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    before = Analyzer().fingerprint

    def read_another(name: str, size: int = -1) -> bytes:
        data = read_data(name, size)
        return data[:-1] + bytes([data[-1] ^ 1]) if name == LEXICON_FILE else data

    monkeypatch.setattr("analyzers.analyzer.read_data", read_another)
    assert Analyzer().fingerprint != before
    assert len(read_data(LEXICON_FILE, _LEXICON_HEADER_SIZE)) == len(MAGIC) + HEADER.size


@pytest.mark.parametrize("seed", ["0", "1"])
def test_the_fingerprint_is_the_same_in_another_process(seed: str) -> None:
    code = "from analyzers import Analyzer; print(Analyzer().fingerprint)"
    printed = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert printed.strip() == ANALYZER.fingerprint


def test_the_terms_of_known_words_are_pinned() -> None:
    assert digest_of(PINNED_WORDS) == PINNED_DIGEST, (
        "analysis changed: raise ANALYSIS_VERSION, so that old indexes are refused, and pin the "
        "new digest"
    )


def test_a_surface_form_is_analyzed_like_the_word() -> None:
    for terms in ANALYZER.terms(" ".join(PINNED_WORDS)):
        assert ANALYZER.terms(terms.surface) == [terms]
