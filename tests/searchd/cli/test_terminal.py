"""Display width: how many columns a text takes on a terminal."""

from __future__ import annotations

import subprocess
import sys
from unicodedata import category

import pytest
import wcwidth

from searchd.cli.terminal import display_width
from tests.searchd.cli.test_program import ROOT


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        pytest.param("", 0, id="empty"),
        pytest.param("كتاب", 4, id="letters"),
        pytest.param("كِتَابٌ", 4, id="vowel-marks"),
        pytest.param("رَبَّنَا", 4, id="shadda"),
        pytest.param("الرَّحْمٰن", 6, id="superscript-alef"),
        pytest.param("كتـــاب", 7, id="tatweel"),
        pytest.param("ا\u0654حمد", 4, id="combining-hamza"),
        pytest.param("\u200fنعم\u200e\u200c", 3, id="direction-marks-and-joiners"),
        pytest.param("٢٠٠٣", 4, id="digits"),
        pytest.param("F-16 «نص»…", 10, id="latin-and-punctuation"),
        pytest.param("😀", 2, id="emoji"),
        pytest.param("日本", 4, id="east-asian"),
        pytest.param("\x1b[33m\x1b[1mكِتاب\x1b[0m", 4, id="escape-sequences"),
    ],
)
def test_display_width(text: str, columns: int) -> None:
    assert display_width(text) == columns


def test_arabic_marks_take_no_column_and_letters_one() -> None:
    for code in range(0x0620, 0x06D4):
        character = chr(code)
        if category(character) == "Lo":
            assert display_width(character) == 1, hex(code)
    for code in (*range(0x064B, 0x0660), 0x0670, *range(0x06D6, 0x06DD)):
        assert display_width("ب" + chr(code)) == 1, hex(code)


def test_wcwidth_loads_only_for_text_that_needs_it() -> None:
    program = """
import sys
from searchd.cli.terminal import display_width
for text in ("قال «الوزير»، ثم 2 letters…", "كِتاب"):
    display_width(text)
    print("wcwidth" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True, cwd=ROOT
    )
    assert done.stdout.split() == ["False", "True"]


def test_every_character_has_the_width_that_wcwidth_gives() -> None:
    """Common characters are counted without loading `wcwidth`."""
    for code in (*range(0x20, 0x7F), *range(0xA0, 0x3000)):
        assert display_width(chr(code)) == wcwidth.width(chr(code)), hex(code)
