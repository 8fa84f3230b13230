"""The words of a text layer, which a program for OCR puts onto the picture of a page, stay whole."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.indexer.sources.pdf.pages import PdfMaker

TextOf = Callable[[PdfMaker], str]


def layer(words: str, *, step: float = 1.0, turned: bool = False) -> PdfMaker:
    """Return a page with words as Tesseract draws them: from the right, also numbers.

    `step` is the share of the width of a word after which the next begins. `turned` is whether the
    page is upside down, as Ghostscript makes it.
    """
    made = PdfMaker().page()
    right, y = (100.0, 100.0) if turned else (500.0, 700.0)
    for word in words.split():
        codes = "".join(f"{made._code(glyph):04x}" for glyph in word + " ")
        matrix = f"1 0 0 -1 {right} {y}" if turned else f"-1 0 0 1 {right} {y}"
        made.draw(f"BT 3 Tr /F1 10 Tf {matrix} Tm <{codes}> Tj ET")
        width = 5 * len(word) * step
        right += width if turned else -width
    return made


@pytest.mark.parametrize(
    "step", [pytest.param(1.2, id="apart"), pytest.param(0.85, id="overlapping")]
)
@pytest.mark.parametrize("turned", [False, True], ids=["upright", "upside down"])
def test_words_and_numbers_are_whole(text_of: TextOf, step: float, turned: bool) -> None:
    text = "انظر اللائحة الصادرة (الطبعة الثانية) بمبلغ 1,250 ريالا في سنة ٢٠٢٤ وما بعدها"
    assert text_of(layer(text, step=step, turned=turned)) == text


def test_text_that_is_shown_is_read_by_its_places(text_of: TextOf) -> None:
    made = PdfMaker().page().draw("3 Tr").show("باتك", 100, 700)
    assert text_of(made) == "كتاب"
