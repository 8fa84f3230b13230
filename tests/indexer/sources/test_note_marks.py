"""Raised numbers that lead to notes do not break phrases, in any kind of file that has them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest

from indexer.sources import Record, read_records
from indexer.sources.note_marks import is_note_mark
from indexer.sources.office.docx import WordText
from indexer.sources.office.xml_events import read_xml
from tests.indexer.sources.office.packages import docx, epub, opendocument, xml
from tests.indexer.sources.test_jats import article
from tests.indexer.sources.test_tei import tei


@pytest.mark.parametrize(
    ("raised", "before"),
    [
        pytest.param("1", "قاعة العدل", id="western"),
        pytest.param("١٢", "قاعة العدل", id="arabic"),
        pytest.param("[3]", "قاعة العدل", id="brackets"),
        pytest.param("(أ)", "قاعة العدل", id="letter-in-brackets"),
        pytest.param("*", "قاعة العدل", id="star"),
        pytest.param("1, 2", "قاعة العدل", id="several"),
        pytest.param("1", "قاعة العدل ", id="after-a-space"),
        pytest.param("1", "قاعة العَدْلِ", id="after-marks"),
        pytest.param("1", "قاعة العدل.", id="after-a-full-stop"),
        pytest.param("1", "«له»", id="after-a-quotation"),
        pytest.param("1", "the court", id="latin"),
    ],
)
def test_marks_of_notes(raised, before):
    assert is_note_mark(raised, before)


@pytest.mark.parametrize(
    ("raised", "before"),
    [
        pytest.param("2", "٣ م", id="metres"),
        pytest.param("2", "٣ كم", id="unit"),
        pytest.param("2", "x", id="symbol"),
        pytest.param("2", "25 km", id="latin-unit"),
        pytest.param("6", "10", id="power"),
        pytest.param("1", "", id="begins-a-line"),
        pytest.param("er", "القرن XXe", id="letters"),
        pytest.param("ثان", "قاعة العدل", id="word"),
        pytest.param("(تابع)", "قاعة العدل", id="word-in-brackets"),
    ],
)
def test_what_is_raised_and_no_mark(raised, before):
    assert not is_note_mark(raised, before)


def word_run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


def word(align: str) -> bytes:
    raised = word_run("2", f'<w:vertAlign w:val="{align}"/>')
    runs = word_run("قاعة العدل") + raised + word_run(" الكبرى")
    return docx(f"<w:p>{runs}</w:p><w:p>{word_run('آخر')}</w:p>")


def odt(position: str, *, in_styles: bool = False) -> bytes:
    style = (
        '<style:style style:name="T1" style:family="text">'
        f'<style:text-properties style:text-position="{position}"/></style:style>'
    )
    paragraph = '<text:p>قاعة العدل<text:span text:style-name="T1">2</text:span> الكبرى</text:p>'
    body = f"<office:text>{paragraph}<text:p>آخر</text:p></office:text>"
    if in_styles:
        return opendocument("text", body, styles=f"<office:styles>{style}</office:styles>")
    automatic = f"</office:body><office:automatic-styles>{style}</office:automatic-styles>"
    return opendocument("text", f"{automatic}<office:body>{body}")


def page(mark: str) -> bytes:
    return f"<meta charset=utf-8><body><p>قاعة العدل{mark} الكبرى<p>آخر".encode()


def rtf(mark: bytes) -> bytes:
    written = b"".join(b"\\'%02x" % byte for byte in "قاعة العدل".encode("cp1256"))
    after = b"".join(b"\\'%02x" % byte for byte in " الكبرى".encode("cp1256"))
    return rb"{\rtf1\ansi\ansicpg1256 " + written + mark + after + rb"\par\'c2\'ce\'d1}"


NOTE_REFERENCE = '<a epub:type="noteref" href="#n">2</a>'
PAGE_BREAK = '<span epub:type="pagebreak" id="p5" title="5">5</span>'
PARAGRAPH = "<p>قاعة العدل{} الكبرى</p><p>آخر</p>"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("a.docx", word("superscript"), id="docx"),
        pytest.param("a.odt", odt("super 58%"), id="odt"),
        pytest.param("a.odt", odt("33% 58%", in_styles=True), id="odt-style-of-the-file"),
        pytest.param("a.rtf", rtf(rb"{\super 2}"), id="rtf"),
        pytest.param("a.rtf", rtf(rb"\super 2\nosupersub "), id="rtf-without-a-group"),
        pytest.param("a.rtf", rtf(rb"{\up6 \u1634?}"), id="rtf-set-up"),
        pytest.param("a.html", page("<sup>2</sup>"), id="html"),
        pytest.param("a.html", page('<sup><a href="#n"><b>[</b>2]</a></sup>'), id="html-link"),
        pytest.param("a.html", page('<a role="doc-noteref" href="#n">2</a>'), id="html-role"),
        pytest.param(
            "a.html",
            page('<a class="footnote-ref" href="#n"><sup>2</sup></a>'),
            id="html-around-the-raised",
        ),
        pytest.param("a.html", page('<a href="#_ftn2"><span>[2]</span></a>'), id="html-of-word"),
        pytest.param("a.epub", epub({"a": PARAGRAPH.format(NOTE_REFERENCE)}, "c0"), id="epub"),
        pytest.param("a.epub", epub({"a": PARAGRAPH.format(PAGE_BREAK)}, "c0"), id="epub-page"),
        pytest.param("a.xml", article(PARAGRAPH.format("<sup>2</sup>")), id="jats"),
        pytest.param("a.xml", tei(PARAGRAPH.format('<hi rend="superscript">2</hi>')), id="tei"),
        pytest.param("a.xml", tei(PARAGRAPH.format('<hi rendition="#sup">2</hi>')), id="tei-sup"),
        pytest.param("a.md", "قاعة العدل[^2] الكبرى\n\nآخر\n".encode() + b"\n[^2]: 5", id="md"),
    ],
)
def test_the_phrase_is_whole(tmp_path: Path, name: str, data: bytes):
    (tmp_path / name).write_bytes(data)
    (record,) = read_records([tmp_path / name])
    assert isinstance(record, Record)
    assert "قاعة العدل الكبرى" in f"{record.values['text']}{record.values.get('title')}"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("a.docx", word("subscript"), id="docx"),
        pytest.param("a.odt", odt("sub 58%"), id="odt"),
        pytest.param("a.odt", odt("-33% 58%"), id="odt-lowered"),
        pytest.param("a.rtf", rtf(rb"{\sub 2}"), id="rtf"),
        pytest.param("a.rtf", rtf(rb"{\super\plain 2}"), id="rtf-plain"),
        pytest.param("a.html", page("<sub>2</sub>"), id="html"),
        pytest.param("a.html", page('<a href="#n">2</a>'), id="html-link"),
        pytest.param("a.xml", article(PARAGRAPH.format("<sub>2</sub>")), id="jats"),
        pytest.param("a.xml", tei(PARAGRAPH.format('<hi rend="suppressed">2</hi>')), id="tei"),
        pytest.param("a.md", "قاعة العدل2 الكبرى `[^2]`\n\nآخر\n".encode(), id="md-without-a-note"),
    ],
)
def test_numbers_that_are_not_raised_are_kept(tmp_path: Path, name: str, data: bytes):
    (tmp_path / name).write_bytes(data)
    (record,) = read_records([tmp_path / name])
    assert isinstance(record, Record)
    assert "قاعة العدل2 الكبرى" in f"{record.values['text']}{record.values.get('title')}"


def test_a_slide_without_the_mark_of_a_note():
    mark = '<a:r><a:rPr baseline="30000"/><a:t>2</a:t></a:r>'
    kept = '<a:r><a:rPr baseline="-25000"/><a:t>3</a:t></a:r>'
    runs = f"<a:r><a:t>قاعة العدل</a:t></a:r>{mark}<a:r><a:t> الكبرى</a:t></a:r>{kept}"
    slide = WordText()
    read_xml(BytesIO(xml("p:sld", f"<a:p>{runs}</a:p>").encode()), slide, "a slide")
    assert slide.flow.take() == "قاعة العدل الكبرى3"


def test_notes_of_markdown_are_paragraphs_whatever_they_hold(tmp_path: Path):
    written = "# عنوان\n\nنص[^1] كامل[^x].\n\n[^1]: واحدة\n[^x]: الحاشية الثانية\n"
    (tmp_path / "a.md").write_text(written, "utf-8")
    (record,) = read_records([tmp_path / "a.md"])
    assert isinstance(record, Record)
    assert record.values["text"] == "نص كامل.\nواحدة\nالحاشية الثانية"
