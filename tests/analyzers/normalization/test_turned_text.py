"""Texts in which every ligature is turned: when it is certain, and what their words are."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers import Analyzer
from analyzers.normalization.turned_text import is_turned, mend_turned_text, turned_words

TURNED = (
    "قرر مجلس األمن إرسال ثالثة مراقبين إلى الواليات ملدة عام، وال يعرف بعد من االتحاد األوروبي"
)
RIGHT = "قرر مجلس الأمن إرسال ثلاثة مراقبين إلى الولايات لمدة عام، ولا يعرف بعد من الاتحاد الأوروبي"


def test_every_word_is_the_more_frequent_one() -> None:
    assert mend_turned_text(TURNED) == RIGHT


def test_a_right_text_is_left() -> None:
    assert not is_turned(RIGHT)
    assert mend_turned_text(RIGHT) == RIGHT


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("ثالث مرة في العالم", id="no-sign"),
        pytest.param("وزارة الشؤون اإلسالمية", id="one-sign-in-a-short-text"),
        pytest.param(
            "ثالث مرة " + "في اململكة واألردن ولا والإسلام والأمر ولأن", id="right-ones-too"
        ),
        pytest.param("The word اإلسالمي, quoted in English", id="a-quotation"),
    ],
)
def test_a_text_that_is_not_certainly_turned_is_left(text: str) -> None:
    assert mend_turned_text(text) == text


@pytest.mark.parametrize(
    ("word", "mended"),
    [
        pytest.param("السالم", "السلام", id="another-word"),
        pytest.param("علي", "علي", id="no-ligature"),
        pytest.param("العالم", "العالم", id="right-both-ways"),
        pytest.param("بدالً", "بدلاً", id="with-a-mark"),
        pytest.param("املقريزي", "المقريزي", id="unknown-with-an-article"),
        pytest.param("التي", "التي", id="a-function-word"),
        pytest.param("إلى", "إلى", id="hamza-below"),
        pytest.param("ألنه", "لأنه", id="hamza-above"),
    ],
)
def test_words_of_a_turned_text(word: str, mended: str) -> None:
    assert mend_turned_text(f"{TURNED} {word}.") == f"{RIGHT} {mended}."


def test_turned_words_are_distinct_and_in_order() -> None:
    text = "في اململكة وفي اململكة، وفي الأرض واألرض"
    assert turned_words(text) == ["اململكة", "واألرض"]


@given(st.text(alphabet="املألإىهثعبو َ\n.", max_size=60))
def test_lengths_and_other_characters_stay(text: str) -> None:
    written = f"{TURNED} {text}"
    mended = mend_turned_text(written)
    assert len(mended) == len(written)
    assert sorted(mended) == sorted(written)
    assert [at for at, character in enumerate(mended) if character in " .\n"] == [
        at for at, character in enumerate(written) if character in " .\n"
    ]


def test_tokens_are_those_of_the_mended_text_at_the_same_places() -> None:
    analyzer = Analyzer()
    assert analyzer.analyze(TURNED) == analyzer.analyze(RIGHT)
    assert analyzer.tokenize(TURNED).stems == analyzer.tokenize(RIGHT).stems


def test_a_long_word_is_examined_from_its_first_letter_alone():
    """In a turned text a word of 20,000 letters took ten seconds."""
    text = "اإلسالمية اململكة االحتالل األولى " + "ب" * 60_000
    started = time.process_time()
    assert mend_turned_text(text).endswith("ب" * 60_000)
    assert time.process_time() - started < 1.5
