"""Columns, tables and headings are read in the order in which a reader reads them."""

from __future__ import annotations

from collections.abc import Callable

from tests.indexer.sources.pdf.pages import PdfMaker

TextOf = Callable[[PdfMaker], str]


def words(text: str) -> list[str]:
    return text.split()


def test_columns_are_read_from_the_right(text_of: TextOf) -> None:
    made = PdfMaker().page()
    for line, (right, left) in enumerate(
        [("اول سطور العمود", "رابع سطور الجميع"), ("ثاني سطور العمود", "خامس سطور الجميع"),
         ("ثالث سطور العمود", "سادس سطور الجميع")]
    ):  # fmt: skip
        made.arabic(right, 500, 700 - 14 * line).arabic(left, 300, 700 - 14 * line)
    assert words(text_of(made))[::3] == ["اول", "ثاني", "ثالث", "رابع", "خامس", "سادس"]


def test_columns_of_a_latin_page_are_read_from_the_left(text_of: TextOf) -> None:
    made = PdfMaker().page()
    for line in range(3):
        made.show(f"one{line} more words", 100, 700 - 14 * line)
        made.show(f"two{line} more words", 300, 700 - 14 * line)
    assert words(text_of(made))[::3] == ["one0", "one1", "one2", "two0", "two1", "two2"]


def test_a_heading_over_columns_comes_first(text_of: TextOf) -> None:
    made = PdfMaker().page().arabic("عنوان طويل فوق العمودين كليهما معا على الصفحة", 500, 730)
    for line in range(3):
        made.arabic("نص العمود الايمن", 500, 700 - 14 * line)
        made.arabic("نص العمود الايسر", 300, 700 - 14 * line)
    found = text_of(made)
    assert found.startswith("عنوان طويل فوق العمودين")
    assert found.index("الايمن") < found.index("الايسر")


def test_cells_between_rules_keep_their_lines_together(text_of: TextOf) -> None:
    made = PdfMaker().page()
    for x in (200, 300, 400):
        made.draw(f"{x} 600 m {x} 720 l S")
    for y in (600, 660, 720):
        made.draw(f"200 {y} m 400 {y} l S")
    made.arabic("ضمان تجميع", 395, 700).arabic("سجلات الأمن", 395, 686)
    made.arabic("من أجل", 295, 700).arabic("الاكتشاف", 295, 686)
    made.arabic("الصف الثاني", 395, 640).arabic("خلية", 295, 640)
    expected = "ضمان تجميع سجلات الأمن من أجل الاكتشاف الصف الثاني خلية"
    assert words(text_of(made)) == expected.split()


def test_a_table_of_one_line_rows_is_read_by_rows(text_of: TextOf) -> None:
    made = PdfMaker().page()
    for line, (name, price) in enumerate([("تفاح", "10"), ("برتقال كبير", "20"), ("موز", "30")]):
        made.arabic(name, 500, 700 - 20 * line).show(price, 300, 700 - 20 * line)
    assert words(text_of(made)) == ["تفاح", "10", "برتقال", "كبير", "20", "موز", "30"]


def test_paragraphs_are_set_apart(text_of: TextOf) -> None:
    made = PdfMaker().page().arabic("السطر الأول", 500, 700).arabic("السطر الثاني", 500, 686)
    made.arabic("فقرة أخرى", 500, 640)
    assert text_of(made) == "السطر الأول\nالسطر الثاني\n\nفقرة أخرى"


def test_divided_latin_words_are_joined(text_of: TextOf) -> None:
    made = PdfMaker().page().show("a cyber-", 100, 700).show("security plan", 100, 686)
    assert text_of(made) == "a cybersecurity plan"
