"""Markdown: what a reader of the page sees is the text, word for word."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.sources.markdown import blocks


def text(markup: str) -> str:
    return "\n".join(block.text for block in blocks(markup))


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        pytest.param("وصل **الحشد الشعبي** أمس", "وصل الحشد الشعبي أمس", id="strong"),
        pytest.param("الـ**كتاب** و*قلم*ه", "الـكتاب وقلمه", id="emphasis-inside-a-word"),
        pytest.param("**بِالْكِتَابِ**", "بِالْكِتَابِ", id="emphasis-around-marks"),
        pytest.param("__كتاب__ _قلم_ ***دار***", "كتاب قلم دار", id="other-emphasis"),
        pytest.param("snake_case_word 2*3*4", "snake_case_word 234", id="underscores-in-a-word"),
        pytest.param("~~قديم~~ جديد", "قديم جديد", id="struck-out"),
        pytest.param("ثلاثة * أربعة", "ثلاثة * أربعة", id="lone-asterisk"),
        pytest.param(r"\*ليس مائلاً\*", "*ليس مائلاً*", id="escape"),
        pytest.param("`كود` هنا", "كود هنا", id="inline-code"),
    ],
)
def test_emphasis_leaves_words_whole(markup: str, expected: str) -> None:
    assert text(markup) == expected


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        pytest.param('و[الحشد](https://a.b/c "عن")ي', "والحشدي", id="link-inside-a-word"),
        pytest.param("[نص *مائل*][1]\n\n[1]: https://a.b", "نص مائل", id="reference"),
        pytest.param("انظر <https://a.b/c>", "انظر https://a.b/c", id="address-as-text"),
        pytest.param("![صورة *الجسر*](a.png)تعليق", "صورة الجسر تعليق", id="image"),
        pytest.param("[![شعار](a.png)](https://a.b)", "شعار", id="linked-image"),
        pytest.param("![](a.png)", "", id="image-without-text"),
    ],
)
def test_addresses_are_dropped(markup: str, expected: str) -> None:
    assert text(markup) == expected


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        pytest.param("# أ #\nب\n\nج\n===\nد", "أ\nب\nج\nد", id="headings"),
        pytest.param("سطر طويل\nملفوف", "سطر طويل ملفوف", id="wrapped-line"),
        pytest.param("بيت  \nثان\\\nثالث", "بيت\nثان\nثالث", id="line-breaks"),
        pytest.param("- أ\n- ب\n  1. ج\n  2. د", "أ\nب\nج\nد", id="lists"),
        pytest.param("> قول\n>\n> > داخل", "قول\nداخل", id="quotations"),
        pytest.param("أ\n\n---\n\nب", "أ\nب", id="rule"),
        pytest.param("```py\nx = 1\n\ny\n```", "x = 1\n\ny", id="fenced-code"),
        pytest.param("    x = 1\n    y", "x = 1\ny", id="indented-code"),
        pytest.param(
            "| اسم | **عدد** |\n|:--|--:|\n| قلم | [3](u) |\n| | 4 |",
            "اسم\tعدد\nقلم\t3\n4",
            id="table",
        ),
        pytest.param("أ\r\n\r\nب", "أ\nب", id="crlf"),
        pytest.param(" \n\n", "", id="blank"),
    ],
)
def test_blocks_are_lines(markup: str, expected: str) -> None:
    assert text(markup) == expected


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        pytest.param("الـ<b>كتاب</b> <!-- x -->هنا", "الـكتاب هنا", id="inline"),
        pytest.param("أ<br>ب<BR />ج", "أ\nب\nج", id="line-break"),
        pytest.param('<div dir="rtl">\n\n# ع\n\nن\n\n</div>', "ع\nن", id="around-blocks"),
        pytest.param("<p>أ<b>ب</b></p>\n<p>ج</p>", "أب\nج", id="block"),
        pytest.param("<h1>ع</h1>\n<p>ن</p>", "ع\nن", id="heading-in-html"),
        pytest.param("<h1>ع</h1>\n<p>ن</p>\n<p>ع</p>", "ن\nع", id="heading-twice-in-html"),
        pytest.param("<script>\nx\n\ny\n</script>\n\nأ", "أ", id="script"),
        pytest.param("<!-- x\n\ny -->\n\nأ", "أ", id="comment"),
        pytest.param("&laquo;أ&raquo; &#1576; &amp; &copy", "«أ» ب & &copy", id="entities"),
        pytest.param("`&amp;`", "&amp;", id="no-entities-in-code"),
        pytest.param("3 < 5 و <كتاب>", "3 < 5 و <كتاب>", id="no-tag"),
    ],
)
def test_html_and_entities(markup: str, expected: str) -> None:
    assert text(markup) == expected


def test_only_headings_are_headings() -> None:
    kinds = [block.is_heading for block in blocks("# أ\nب\n- ## ج\n\n```\nد\n```")]
    assert kinds == [True, False, True, False]


def test_the_first_line_ends_where_the_source_has_it() -> None:
    (block,) = blocks("عنوان **مهم**\nنص\nثان")
    assert (block.first_line, block.text) == ("عنوان مهم", "عنوان مهم نص ثان")


def test_the_parser_is_loaded_for_markdown_alone(tmp_path) -> None:
    (tmp_path / "a.txt").write_text("عنوان\nنص")
    program = (
        "import sys\n"
        "from indexer.sources import read_records\n"
        "assert len(list(read_records([sys.argv[1]]))) == 1\n"
        "print('markdown_it' in sys.modules, end=' ')\n"
    )
    for name, loaded in [("a.txt", "False "), ("a.md", "True ")]:
        (tmp_path / name).write_text("عنوان\nنص")
        done = subprocess.run(
            [sys.executable, "-c", program, str(tmp_path / name)],
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == loaded


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("> " * 5_000 + "نص", id="quotations"),
        pytest.param("".join(" " * depth + "- نص\n" for depth in range(1_000)), id="lists"),
        pytest.param("[" * 5_000, id="brackets"),
        pytest.param("*ا **ب " * 5_000, id="emphasis"),
        pytest.param("<" * 50_000, id="angles"),
        pytest.param("|" * 20_000 + "\n" + "|-" * 20_000, id="bars"),
        pytest.param("كتاب جديد\n" * 10_000, id="one-paragraph"),
    ],
)
def test_hostile_pages_end_soon(markup: str) -> None:
    started = time.process_time()
    list(blocks(markup))
    assert time.process_time() - started < 5


@settings(deadline=None)
@given(markup=st.text("ا*_`[]()!<>&;#-=|~:\\\n\t \0\r\x1eab1/\u200f\u0301", max_size=80))
def test_arbitrary_pages_never_raise(markup: str) -> None:
    for block in blocks(markup):
        assert block.text == block.text.strip()
        assert block.text.startswith(block.first_line)
        assert block.first_line


def test_brackets_within_too_many_others_are_spaces(monkeypatch):
    """The parser looks for the end of each bracket in every one that is open."""
    (block,) = blocks("أ[" * 100 + "ب")
    assert block.text.count("[") == 16
    assert block.text.replace("[", " ").split() == ["أ"] * 100 + ["ب"]
    links = "[رابط](http://a.b) " * 100
    (block,) = blocks(links)
    assert block.text.split() == ["رابط"] * 100
    assert sum(block.text.count("[") for block in blocks("[ أ\n\n" * 100)) == 100
    assert list(blocks("<div>\n\n" * 100)) == []
