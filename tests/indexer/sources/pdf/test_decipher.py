"""Glyphs without letters, or with wrong ones, are read by the words that they are in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest

from indexer.sources import Record
from indexer.sources.pdf.decipher import Decipherment
from indexer.sources.pdf.glyph_words import EncodedGlyph
from indexer.sources.pdf.known_words import is_known
from tests.indexer.sources.pdf.conftest import ReadPdf
from tests.indexer.sources.pdf.pages import PdfMaker

WITH_KAF = [
    "كتاب",
    "كبير",
    "كل",
    "شركة",
    "كانت",
    "الكلام",
    "تكون",
    "كثير",
    "لكن",
    "الكتابة",
    "مكتب",
    "ذلك",
    "هناك",
    "كذلك",
    "مشكلة",
]
WITH_LAM_ALEF = [
    "الإسلام",
    "السلام",
    "ثلاثة",
    "علاقة",
    "الاشتراك",
    "المعاملات",
    "البلاد",
    "خلال",
    "مسؤولا",
    "الاتصالات",
]


def solved(words: Sequence[str], wrong: dict[str, str], unknown: str = "") -> dict[str, str]:
    """Return the texts that are found for glyphs: `wrong` has what the font says of letters."""
    codes: dict[str, int] = {}
    decipherment = Decipherment()
    decipherment.add(
        Counter(
            tuple(
                EncodedGlyph(
                    (0, codes.setdefault(letter, len(codes))),
                    wrong.get(letter, letter),
                    letter not in unknown,
                )
                for letter in word
            )
            for word in words
        )
    )
    letters = {code: letter for letter, code in codes.items()}
    return {letters[code]: text for (_font, code), text in decipherment.solve().items()}


def test_a_letter_that_the_font_names_wrongly() -> None:
    assert solved(WITH_KAF, {"ك": "آ"}) == {"ك": "ك"}


def test_a_letter_without_a_name() -> None:
    assert solved(WITH_KAF, {"ك": "\ufffd"}, unknown="ك") == {"ك": "ك"}


def test_a_ligature_without_a_name() -> None:
    words = [word.replace("لا", "@") for word in WITH_LAM_ALEF]
    assert solved(words, {"@": "\ufffd"}, unknown="@") == {"@": "لا"}


@pytest.mark.parametrize("stated", ["0", "ر"])
def test_a_stroke_that_the_font_calls_something_else(stated: str) -> None:
    words = [
        "مخ~اطر",
        "سي~برانية",
        "مت~طلبات",
        "خ~دمات",
        "اع~تماد",
        "خ~ارجية",
        "مع~لومات",
        "تح~ديد",
        "س~ياسة",
        "مق~دمة",
    ]
    assert solved(words, {"~": stated}) == {"~": "\u0640"}


def test_two_letters_that_only_stand_together() -> None:
    words = ["#@" + word for word in ("قانونية", "حكومة", "دستور", "ساعة", "مملكة", "ثانية")]
    found = solved(words, {"#": "\ue001", "@": "\ue002"}, unknown="#@")
    assert found == {"#": "ا", "@": "ل"}


def test_sound_words_and_names_stay() -> None:
    assert solved([*WITH_KAF, *WITH_LAM_ALEF], {}) == {}
    assert solved(["جربة", "جرجيس", "ميدون"], {}) == {}


def test_a_glyph_of_which_the_words_do_not_decide_stays() -> None:
    assert solved(["ظ@ث", "غ@ذ"], {"@": "\ufffd"}, unknown="@") == {}


def test_the_lookups_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0

    def count(word: str) -> int:
        nonlocal calls
        calls += 1
        return 0

    monkeypatch.setattr("indexer.sources.pdf.glyph_words.word_weight", count)
    letters = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
    words = [a + b + c + a for a in letters for b in letters for c in letters[:9]]
    wrong = {letter: chr(0xE000 + at) for at, letter in enumerate(letters)}
    assert solved(words, wrong, unknown=letters) == {}
    assert calls <= 100_000


def test_known_words() -> None:
    assert is_known("والمدرسة")
    assert not is_known("آتاب")
    assert not is_known("")


def test_a_document_is_mended_and_the_pages_are_named(read_pdf: ReadPdf) -> None:
    made = PdfMaker(stated={"ك": "آ"})
    for page in range(2):
        made.page()
        for line, word in enumerate(WITH_KAF):
            made.arabic(word if not page else "بلا حرف", 500, 700 - 20 * line)
    record = read_pdf(made)
    assert isinstance(record, Record)
    assert str(record.values["text"]).split()[: len(WITH_KAF)] == WITH_KAF
    assert record.damage == {"font_tables": "page 1"}


@pytest.mark.parametrize(("sign", "text"), [("@", "\u0640"), ("Ž", "\u0640"), ("/", "/")])
def test_a_sign_that_nobody_writes_in_words_is_a_stroke(sign: str, text: str) -> None:
    found = solved(["ال~كتب", "ال~كبيرة"], {"~": sign})
    assert found == ({} if text == sign else {"~": text})
