from __future__ import annotations

import pytest

HEAD = rb"{\rtf1\ansi\ansicpg1252\uc1{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset178 Arial;}}"


def escaped(text: str, encoding: str = "cp1256") -> bytes:
    return b"".join(b"\\'%02x" % byte for byte in text.encode(encoding))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param(rb"\f1 " + escaped("كتاب"), "كتاب", id="by-the-font"),
        pytest.param(rb"\ansicpg1256 " + escaped("كتاب"), "كتاب", id="by-the-document"),
        pytest.param(rb"\rtlch\af1\ltrch\f0\rtlch " + escaped("كتاب"), "كتاب", id="right-to-left-font"),
        pytest.param(rb"caf\'e9", "café", id="western"),
        pytest.param(rb"\u1603?\u1578\'ca\u1575?\u1576?", "كتاب", id="numbers-with-fallback"),
        pytest.param(rb"{\uc0\u1603\u1578}\uc2 \u1575ab\u1576cd", "كتاب", id="length-of-fallback"),
        pytest.param(rb"\u-10179?\u-8704?", "\U0001f600", id="surrogates"),
        pytest.param(rb"one{\footnote note} two", "one two\nnote", id="footnote"),
        pytest.param(rb"one{\shp{\*\shpinst{\sp{\sn x}{\sv y}}{\shptxt box\par}}} two", "one two\nbox", id="shape"),
        pytest.param(rb"{\field{\*\fldinst HYPERLINK x}{\fldrslt link}}", "link", id="field"),
        pytest.param(rb"\trowd a\cell b\cell\row", "a\tb", id="row"),
        pytest.param(rb"a\tab b\line c\~d\{e\}\\", "a b c d{e}\\", id="characters"),
        pytest.param(rb"{\deleted gone}{\v hidden\v0  shown}", "shown", id="deleted-and-hidden"),
        pytest.param(rb"{\pict\bin4 }{}}}after", "after", id="raw-bytes"),
        pytest.param(rb"{\*\unknown x}{\stylesheet y}z", "z", id="unknown-destination"),
        pytest.param(b"bro\r\nken", "broken", id="line-ends-of-the-file"),
    ],
)  # fmt: skip
def test_the_text(read, body, text):
    (record,) = read("a.rtf", HEAD + rb"{\info{\title T}}" + body + rb"\par last}")
    assert record.values["text"] == f"{text}\nlast"


def test_a_property_in_unicode_counts(read):
    title = rb"{\upr{\title ???}{\*\ud{\title \u1603?\u1578?}}}"
    (record,) = read("a.rtf", HEAD + rb"{\info" + title + rb"}text\par text}")
    assert record.values["title"] == "كت"


def test_the_columns_of_its_properties(read):
    info = rb"{\info{\title \f1 " + escaped("عنوان") + rb"}{\author A B}{\revtim\yr2024\mo5\dy1}}"
    (record,) = read("a.rtf", HEAD + info + rb"text\par text}")
    assert record.values["title"] == "عنوان"
    assert record.values["author"] == "A B"
    assert record.values["date"] == "2024-05-01"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(HEAD + b"}", "holds no text", id="empty"),
        pytest.param(HEAD + b"{" * 5001, "more than 5,000 groups", id="deep"),
    ],
)
def test_what_cannot_be_read_is_named(read, data, reason):
    (bad,) = read("a.rtf", data)
    assert reason in bad.reason


def test_a_file_that_is_cut_off_gives_what_it_has(read):
    (record,) = read("a.rtf", HEAD + rb"{\b one\par two {\f1 " + escaped("كتاب")[:-4])
    assert record.values["text"] == "two كتا"
