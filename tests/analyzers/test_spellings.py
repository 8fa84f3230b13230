"""Spellings: each way to write a word is found by the word as readers type it."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from time import process_time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.analyzer import surface_forms
from analyzers.normalization.folding import CONTROLS, SPACES, fold
from analyzers.normalization.honorifics import HONORIFICS
from analyzers.normalization.quranic_letters import QURANIC_LETTERS
from analyzers.normalization.turned_ligatures import repair_turned_word
from analyzers.normalization.turned_text import turned_words
from analyzers.pretokenizer import split_at_separators
from analyzers.tokenizer import WORD
from tests.analyzers.assertions import ANALYZER, assert_invariants

TABLES = Path(__file__).parent / "spellings"


def rows(name: str) -> list[list[str]]:
    """Return the rows of a table, with \\uXXXX replaced by the code point."""
    lines = (TABLES / f"{name}.tsv").read_text("utf-8").splitlines()
    return [
        re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), line).split("\t")
        for line in lines
        if not line.startswith("#")
    ]


def finds(query: str, document: str) -> bool:
    """Tell whether a document has every word of a query, on the level of stems or of lemmas."""
    there = {stem for terms in ANALYZER.terms(document) for stem in terms}
    wanted = ANALYZER.terms(query)
    return bool(wanted) and all(
        word.stem in there
        or not there.isdisjoint(ANALYZER.lemma_expander.related_stems(word.surface, word.stem))
        for word in wanted
    )


TABLE_NAMES = [path.stem for path in sorted(TABLES.glob("*.tsv")) if path.stem != "correct_words"]


AMBIGUOUS = {"سالمتكم": "سالمة is a word too"}


def marks(written: str) -> list[pytest.MarkDecorator]:
    """Return a strict xfail for a spelling that is another word."""
    reason = AMBIGUOUS.get(written)
    return [pytest.mark.xfail(reason=reason, strict=True)] if reason else []


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        pytest.param(*row, id=f"{name}-{number}", marks=marks(row[0]))
        for name in TABLE_NAMES
        for number, row in enumerate(rows(name), start=1)
    ],
)
def test_what_is_written_is_found_as_it_is_typed(written: str, typed: str) -> None:
    document = f"قال {written}، ثم"
    assert_invariants(document, ANALYZER.analyze(document))
    assert finds(typed, document)


@pytest.mark.parametrize("word", [row[0] for row in rows("correct_words")])
def test_correct_words_are_left(word: str) -> None:
    assert repair_turned_word(word) == word
    assert turned_words(f"قال {word}، ثم") == []


@pytest.mark.parametrize(
    ("written", "typed"), [row for row in rows("turned_ligatures") if row[0] not in AMBIGUOUS]
)
def test_a_repaired_word_needs_no_repair(written: str, typed: str) -> None:
    repaired = repair_turned_word(written)
    assert repaired != written
    assert repair_turned_word(repaired) == repaired
    assert fold(repaired) == fold(typed)


def test_every_honorific_is_its_words() -> None:
    for ligature, phrase in HONORIFICS.items():
        document = f"قال{ligature}ثم"
        tokens = ANALYZER.analyze(document)
        terms = ANALYZER.terms(f"قال {phrase} ثم")
        assert [(token.surface, token.stem) for token in tokens] == [
            (each.surface, each.stem) for each in terms
        ]
        assert {(token.start, token.end) for token in tokens[1:-1]} == {(3, 4)}


def test_honorifics_are_those_of_unicode() -> None:
    """Each has a name in a database that is new enough, and none is a letter of a word."""
    for ligature in HONORIFICS:
        name = unicodedata.name(ligature, "ARABIC LIGATURE")
        assert name.startswith("ARABIC LIGATURE")
        assert WORD.findall(f"قال{ligature}ثم") == ["قال", ligature, "ثم"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("قال \u064e محمد", ["قال \u064e", "محمد"], id="a-mark-alone"),
        pytest.param(
            "قال \u064e\u0651 \u064e محمد", ["قال \u064e\u0651 \u064e", "محمد"], id="three-marks"
        ),
        pytest.param("رَيْبَ ۛ فِيهِ ۛ هُدًى", ["رَيْبَ ۛ", "فِيهِ ۛ", "هُدًى"], id="pause-signs"),
        pytest.param(" \u064e محمد", ["محمد"], id="no-letter-before"),
        pytest.param("قال\n\u064eمحمد", ["قال", "\u064eمحمد"], id="another-line"),
        pytest.param("قال، \u064eمحمد", ["قال", "\u064eمحمد"], id="punctuation-between"),
        pytest.param("2020 \u064eمحمد", ["2020", "\u064eمحمد"], id="number-before"),
        pytest.param("قال \u0640\u0640 محمد", ["قال", "محمد"], id="tatweel-is-no-mark"),
        pytest.param("قال\u2060 محمد", ["قال", "محمد"], id="a-joiner-and-a-space"),
        pytest.param("قال\u0019محمد", ["قال\u0019محمد"], id="control-character"),
        pytest.param("قال\u0000محمد", ["قال", "محمد"], id="nul"),
        pytest.param("قال\u0085محمد", ["قال", "محمد"], id="next-line"),
        pytest.param("قال\u001fمحمد", ["قال", "محمد"], id="unit-separator"),
    ],
)
def test_where_words_end(text: str, expected: list[str]) -> None:
    assert WORD.findall(text) == expected
    assert words_of_chunks(text) == expected
    assert_invariants(text, ANALYZER.analyze(text))


def words_of_chunks(text: str) -> list[str]:
    """Return the words of a text as an index gets them: those of its chunks."""
    chunks = split_at_separators([text])
    parts = chunks.decode(np.arange(chunks.starts.size))
    return [word for part in parts for word in WORD.findall(part)]


GAPS = st.text(
    st.one_of(
        st.sampled_from("كتاب قالةى"),
        st.sampled_from(SPACES),
        st.sampled_from(CONTROLS),
        st.sampled_from("\u064e\u0651\u0670\u06db\u06e5\u0640"),
        st.sampled_from("a1-'`ʿﷺ\ufd47\n،"),
    ),
    max_size=30,
)


@given(GAPS)
def test_an_index_has_the_words_of_the_text(text: str) -> None:
    assert words_of_chunks(text) == WORD.findall(text)
    assert_invariants(text, ANALYZER.analyze(text))


@given(GAPS)
def test_folding_twice_is_folding_once(text: str) -> None:
    for word in WORD.findall(text):
        assert fold(fold(word)) == fold(word)


@pytest.mark.parametrize(
    "unit",
    [
        *("ـَٔ", "كـٔ", "ا\u06df", "ص\u06dc", "ي\u0652", "ءَ", "رءَ", "ىِ", "و\u0653", "ا\u0670"),
        *("ى\u0670", "\u0670", "ـ\u0670", "ؤُ", "تَ", "\u0656", "ا\u0652\u06e1", "حُ", "ال", "چ"),
    ],
)
def test_long_words_take_linear_time(unit: str) -> None:
    def seconds(length: int) -> float:
        word = "ك" + unit * (length // len(unit)) + "ب"
        start = process_time()
        surface_forms(word)
        return process_time() - start

    short = min(seconds(4_000) for _ in range(3))
    assert seconds(40_000) < 40 * short + 0.05, "ten times the word took over forty times as long"


SIGNS = (
    "\u06d6\u06dc\u06df\u06e0\u06e1\u06e3\u06e4\u06e5\u06e6\u06e7\u06e8\u0670\u08f0\u2060\u200a "
)
VOWELS = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0653\u0654\u0655\u0656\u0657"
MARKED = st.text(
    st.one_of(
        st.sampled_from("اأإآٱىيیٮوءؤئكتابحصسلمنهرةـ"),
        st.sampled_from(VOWELS),
        st.sampled_from(SIGNS),
    ),
    max_size=16,
)


@given(MARKED)
def test_marked_words_keep_the_invariants(text: str) -> None:
    assert words_of_chunks(text) == WORD.findall(text)
    assert_invariants(text, ANALYZER.analyze(text))
    for word in WORD.findall(text):
        assert fold(fold(word)) == fold(word)


@given(st.text(st.sampled_from("اأإآىيوءؤئكتابحصسلمنهرة"), max_size=12))
def test_no_rule_of_quranic_letters_applies_without_a_sign(word: str) -> None:
    assert not QURANIC_LETTERS.search(word)


@pytest.mark.parametrize(
    "unit", ["ك \u064e", " \u064e", " \u200f", "ك\u200f ", "\u064e\u2060 ", " \u0640"]
)
def test_spaces_and_marks_take_linear_time(unit: str) -> None:
    def seconds(length: int) -> float:
        text = "ك" + unit * (length // len(unit)) + "!"
        start = process_time()
        words_of_chunks(text)
        fold(text)
        return process_time() - start

    short = min(seconds(10_000) for _ in range(3))
    assert seconds(100_000) < 40 * short + 0.05, "ten times the text took over forty times as long"
