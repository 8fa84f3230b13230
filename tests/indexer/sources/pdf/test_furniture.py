"""Headers are kept once, page numbers not at all, and everything else stays."""

from __future__ import annotations

import pytest

from indexer.sources.pdf.furniture import without_furniture
from indexer.sources.pdf.page_text import Line


def page(*texts: str, edge: tuple[int, ...] = (0, -1)) -> list[Line]:
    """Return the lines of a page, of which those at `edge` are in its first or last rows."""
    edges = {at % len(texts) for at in edge}
    return [Line(text, False, at in edges, 12.0) for at, text in enumerate(texts)]


def texts_of(pages: list[list[Line]]) -> list[list[str]]:
    return [[line.text for line in lines] for lines in without_furniture(pages)]


def test_a_header_is_kept_on_its_first_page() -> None:
    pages = [page("الجريدة الرسمية", f"مادة {name}", "نهاية") for name in ("أ", "ب", "ج")]
    assert texts_of(pages) == [
        ["الجريدة الرسمية", "مادة أ", "نهاية"],
        ["مادة ب"],
        ["مادة ج"],
    ]


def test_headers_differ_in_their_numbers_alone() -> None:
    pages = [page(f"العدد {n} السنة ٤٥", f"نص {'ابجد'[n]}", f"خاتمة {'ابجد'[n]}") for n in range(4)]
    assert [lines[0] for lines in texts_of(pages)] == ["العدد 0 السنة ٤٥", "نص ب", "نص ج", "نص د"]


def test_left_and_right_pages_have_headers_of_their_own() -> None:
    names = "ابجدهو"
    pages = [
        page("الباب الأول" if n % 2 else "كتاب النحو", f"نص {names[n]}", f"آخر {names[n]}")
        for n in range(6)
    ]
    found = [text for lines in texts_of(pages) for text in lines]
    assert found.count("الباب الأول") == found.count("كتاب النحو") == 1
    assert sum(text.startswith(("نص", "آخر")) for text in found) == 12


def test_a_line_that_repeats_within_pages_stays() -> None:
    pages = [page(f"أول {n}", "نعم", f"آخر {n}") for n in "ابج"]
    assert [lines[1] for lines in texts_of(pages)] == ["نعم"] * 3


def test_two_pages_have_no_furniture() -> None:
    pages = [page("عنوان", "نص", "7"), page("عنوان", "نص", "8")]
    assert texts_of(pages) == [["عنوان", "نص", "7"], ["عنوان", "نص", "8"]]


@pytest.mark.parametrize(
    "number", ["12", "- ١٢ -", "صفحة 12", "الصفحة ١٢ من ٣٠", "ص: 12", "Page 3 of 9", "xiv", "[7]"]
)
def test_page_numbers_are_left_out(number: str) -> None:
    pages = [page(f"أول {n}", f"نص {n}", number if n == "ب" else f"آخر {n}") for n in "ابج"]
    assert texts_of(pages)[1] == ["أول ب", "نص ب"]


@pytest.mark.parametrize("text", ["سنة 2024", "12345", "المادة 12", "3.5%", "12 ريالا"])
def test_other_lines_with_numbers_stay(text: str) -> None:
    pages = [page(f"أول {n}", f"نص {n}", text if n == "ب" else f"آخر {n}") for n in "ابج"]
    assert texts_of(pages)[1][-1] == text


def test_a_number_alone_on_its_page_stays() -> None:
    assert texts_of([page("7"), page("8"), page("نص", "آخر")])[0] == ["7"]
