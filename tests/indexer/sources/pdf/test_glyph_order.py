"""Glyphs are bounded by those between which their fonts have them, where the fonts are in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import pytest

from indexer.sources.pdf.decipher import Decipherment
from indexer.sources.pdf.glyph_order import Rank, bounds
from indexer.sources.pdf.glyph_words import EncodedGlyph

IN_ORDER = {3: "ب", 9: "ج", 15: "د", 21: "س", 27: "ع", 33: "ف", 39: "ل", 45: "ن"}


def of_font(letters: Mapping[int, str], font: int = 0) -> dict[Rank, str]:
    return {Rank(font, True, number): letter for number, letter in letters.items()}


@pytest.mark.parametrize(
    ("number", "letters"),
    [
        (12, "جحخد"),
        (40, "لمن"),
        (39, "ل"),
        (1, "ءآأؤإئاب"),
        (46, [*"نهوىي", "لآ", "لأ", "لإ", "لا"]),
    ],
)
def test_a_glyph_is_between_its_neighbours(number: int, letters: Sequence[str]) -> None:
    rank = Rank(0, True, number)
    assert list(bounds(of_font(IN_ORDER), [rank])[0][rank]) == list(letters)


def test_what_is_out_of_order_is_found_anew() -> None:
    letters, wrong = bounds(of_font({**IN_ORDER, 30: "ب"}), [])
    assert wrong == {Rank(0, True, 30)}
    assert list(letters[Rank(0, True, 30)]) == [*"عغف"]


@pytest.mark.parametrize(
    ("letters", "other", "is_bounded"),
    [
        ({3: "ن", 9: "ب", 15: "ل", 21: "د", 27: "س", 33: "ج", 39: "ف", 45: "ع"}, {}, False),
        ({3: "ب", 9: "ج", 15: "د"}, {}, False),
        ({3: "ب", 9: "ج", 15: "د"}, IN_ORDER, True),
        ({3: "ج", 9: "ب", 15: "د"}, IN_ORDER, False),
        ({3: "ا", 9: "ه", 15: "ي"}, {}, False),
    ],
    ids=["in_no_order", "few", "few_beside_another_font", "disorder_beside_it", "ambiguous"],
)
def test_only_fonts_in_order_bound(
    letters: Mapping[int, str], other: Mapping[int, str], is_bounded: bool
) -> None:
    rank = Rank(0, True, 11)
    assert (rank in bounds(of_font(letters) | of_font(other, 1), [rank])[0]) is is_bounded


def test_places_tell_letters_that_words_leave_open() -> None:
    """Of two letters that both make known words, it is the one that fits between its neighbours."""
    alphabet = "ءأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي"
    places = {letter: 0xE000 + 4 * place for place, letter in enumerate(alphabet)}
    words = [
        *("مدينة", "كبيرة", "جديدة", "سنوات", "علاقات", "حكومة", "فصول", "رسمية", "قانونية"),
        *("محكمة", "دستور", "مجلس", "بلدية", "معلومات", "تعليم", "شركات", "طلبة", "صحيفة"),
        *("عطف", "صفر"),
    ]
    decipherment = Decipherment()
    decipherment.add(
        Counter(
            tuple(
                EncodedGlyph((0, places[letter]), chr(places[letter]) if letter in "صعط" else letter,
                             letter not in "صعط")
                for letter in word
            )
            for word in words
        )
    )  # fmt: skip
    found = decipherment.solve()
    assert {chr(code): text for (_font, code), text in found.items()} == {
        chr(places[letter]): letter for letter in "صعط"
    }
