"""Entries that Ghostscript writes wrong into the tables of fonts are left out, told, or doubted."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from indexer.sources.pdf.fonts import is_other_letter
from indexer.sources.pdf.stated_tables import (
    StatedTable,
    told_by_widths,
    with_high_bytes,
    without_wrong_bytes,
)
from tests.indexer.sources.pdf.pages import PdfMaker
from tests.indexer.sources.pdf.test_decipher import WITH_KAF

GHOSTSCRIPT = "/CMapType 2 def\n/CMapName/R21 def"

LATIN = {3: " ", 17: ".", 74: "g", 76: "i"}
"""Codes that are as far from ASCII as that of the space."""


@pytest.mark.parametrize(
    ("stated", "texts", "doubted"),
    [
        ({1: "ب", 2: "ÿ", 3: "ÿ", 4: "þ"}, {1: "ب"}, set()),
        ({1: "ÿ", 2: "þ", 3: "ÿ"}, {}, set()),
        ({1: "ب", 2: "þ", 3: "ÿ"}, {1: "ب", 2: "þ", 3: "ÿ"}, set()),
        ({1: "þ", 2: "a", 3: "b", 4: "a"}, {1: "þ", 2: "a", 3: "b", 4: "a"}, set()),
        ({**LATIN, 200: "ب", 201: "."}, {**LATIN, 200: "ب", 201: "."}, {201}),
        ({**LATIN, 200: "ب"}, {**LATIN, 200: "ب"}, set()),
    ],
    ids=[
        "forms_of_letters", "no_letter_left", "icelandic", "latin_alone", "two_stops", "sound",
    ],
)  # fmt: skip
def test_wrong_entries(
    stated: Mapping[int, str], texts: Mapping[int, str], doubted: set[int]
) -> None:
    table = without_wrong_bytes(stated)
    assert (table.texts, table.doubted) == (texts, doubted)


@pytest.mark.parametrize(
    ("text", "letters"),
    [("\u0644\u4423", "لأ"), ("\u064e\u4e51", "\u064e\u0651"), ("لا", "لا")],
)
def test_high_bytes(text: str, letters: str) -> None:
    assert with_high_bytes(text) == letters


@pytest.mark.parametrize(
    ("texts", "widths", "told"),
    [
        ({5: "f", 6: "g", 7: "h"}, {5: 0.5, 6: 0.5, 7: 0.5}, {5: "٠", 6: "١", 7: "٢"}),
        ({5: "f", 6: "g", 7: "h"}, {5: 0.3, 6: 0.5, 7: 0.5}, {5: "٠", 6: "١", 7: "٢"}),
        ({5: "g", 6: "h", 7: "i"}, {5: 0.3, 6: 0.5, 7: 0.5}, {5: "g", 6: "h", 7: "i"}),
        ({5: "g"}, {5: 0.5}, {5: "g"}),
        ({5: "V", 6: "W"}, {5: 0.0, 6: 0.0}, {5: "", 6: ""}),
    ],
    ids=["digits", "digits_of_two_widths", "letters", "one_alone", "marks"],
)
def test_widths_tell_digits_and_marks(
    texts: Mapping[int, str], widths: Mapping[int, float], told: Mapping[int, str]
) -> None:
    assert told_by_widths(StatedTable(texts, frozenset(texts)), widths.__getitem__).texts == told


@pytest.mark.parametrize(
    ("stated", "drawn", "is_wrong"),
    [
        ("ÿ", "لا", True),
        (" ", "لا", False),
        ("لا", "لم", False),
        ("ﻻ", "لا", False),
        ("ڋ", "الله", True),
        ("لک", "لك", False),
        ("أ", "\u0654", False),
        ("لك", "ك", True),
    ],
)
def test_what_is_drawn_and_what_is_stated(stated: str, drawn: str, is_wrong: bool) -> None:
    assert is_other_letter(stated, drawn) is is_wrong


def test_doubted_letters_are_read_by_their_words(text_of: Callable[[PdfMaker], str]) -> None:
    """Two glyphs state a full stop: one is a letter in its words, the other stands behind them."""
    made = PdfMaker(stated={"ك": "."}, table_head=GHOSTSCRIPT).page()
    for at, word in enumerate(WITH_KAF):
        made.arabic(word + "." * (at % 2), 500, 700 - 20 * at)
    assert text_of(made).split() == [word + "." * (at % 2) for at, word in enumerate(WITH_KAF)]


def test_signs_that_fonts_have_twice_stay(text_of: Callable[[PdfMaker], str]) -> None:
    """A font may have a full stop for Arabic and one for Latin."""
    made = PdfMaker(stated={"#": "."}).page().arabic("هذا كتاب#", 500, 700)
    assert text_of(made.show("2.5", 300, 600)) == "هذا كتاب.\n\n2.5"
