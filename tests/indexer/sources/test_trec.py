from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.sources import BadRecord, Record, read_records

PLAIN = "<DOC>\n<DOCNO> A-1 </DOCNO>\n<TITLE>خبر</TITLE>\n<TEXT>\nكتاب &amp; قلم\n</TEXT>\n</DOC>\n"


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        pytest.param(PLAIN, {"id": "A-1", "title": "خبر", "text": "كتاب & قلم"}, id="plain"),
        pytest.param(
            "<DOC><DOCNO>1</DOCNO><TEXT>أ</TEXT><TEXT>ب</TEXT></DOC>",
            {"id": "1", "text": "أ\nب"},
            id="two-texts-on-one-line",
        ),
        pytest.param(
            "<DOC>\n<DOCNO>1</DOCNO>\n<HEADER><DATE_TIME>2000-01-02</DATE_TIME></HEADER>\n<BODY>\n"
            "<HEADLINE>خبر</HEADLINE>\n<TEXT>\n<P>\nفقرة\n</P>\n</TEXT>\n</BODY>\n</DOC>",
            {"id": "1", "date": "2000-01-02", "title": "خبر", "text": "فقرة"},
            id="arabic-newswire",
        ),
        pytest.param(
            '<DOC id="AFP_1" type="story" >\n<HEAD>خبر</HEAD>\n<TEXT>نص</TEXT>\n</DOC>',
            {"id": "AFP_1", "title": "خبر", "text": "نص"},
            id="gigaword-id-attribute",
        ),
        pytest.param(
            "<doc><docno>1</docno><body>نص < 5 <b>و</b>قلم</body><author>علي</author></doc>",
            {"id": "1", "text": "نص < 5 وقلم", "author": "علي"},
            id="lower-case-body-other-column",
        ),
        pytest.param(
            "<DOC><DOCNO>1</DOCNO><P>غير مغلق<TEXT>نص</TEXT></DOC>",
            {"id": "1", "text": "نص"},
            id="unclosed-tag",
        ),
    ],
)
def test_elements_become_columns(read_stored, block, expected):
    (item,) = read_stored("a.trec", block.encode())
    assert isinstance(item, Record)
    assert item.values | expected == item.values


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        pytest.param("<DOC>\n<TEXT>نص</TEXT>\n</DOC>\n", "no <DOCNO>", id="no-docno"),
        pytest.param("<DOC>\n<DOCNO>1</DOCNO>\n", "no </DOC> before the next", id="not-closed"),
    ],
)
def test_a_bad_block_is_reported_and_reading_goes_on(read_stored, block, reason):
    first, bad, last = read_stored("a.sgml", (PLAIN + block + PLAIN).encode())
    assert isinstance(first, Record)
    assert isinstance(last, Record)
    assert bad.origin.endswith(":8")
    assert reason in bad.reason


def test_a_last_block_that_is_cut(read_stored):
    _, bad = read_stored("a.sgm", (PLAIN + "<DOC>\n<DOCNO>2</DOCNO>").encode())
    assert isinstance(bad, BadRecord)
    assert "before the end of the file" in bad.reason


def test_bad_bytes_harm_only_the_document_they_are_in(read_stored):
    data = PLAIN.encode() + b"\xff between\n" + PLAIN.encode().replace(b"&amp;", b"\xff") * 1
    first, bad = read_stored("a.trec", data + b"")
    assert isinstance(first, Record)
    assert isinstance(bad, BadRecord)
    assert "line 13: the bytes ff" in bad.reason


def test_a_file_without_blocks(read_stored):
    (bad,) = read_stored("a.trec", "كتاب".encode())
    assert "no <DOC>" in bad.reason


def test_many_tags_take_linear_time(read_stored):
    block = "<DOC><DOCNO>1</DOCNO>" + "<P><Q>" * 100_000 + "<TEXT>نص</TEXT></DOC>"
    (item,) = read_stored("a.trec", block.encode())
    assert item.values["text"] == "نص"


PARTS = [
    "<DOC>",
    "</DOC>",
    "<DOCNO>",
    "</DOCNO>",
    "<TEXT>",
    "</TEXT>",
    "<a>",
    "</a>",
    "\n",
    "ك",
    "<",
]


@settings(deadline=None)
@given(
    data=st.binary() | st.lists(st.sampled_from(PARTS)).map(lambda parts: "".join(parts).encode())
)
def test_arbitrary_bytes_never_raise(tmp_path_factory: pytest.TempPathFactory, data: bytes):
    path: Path = tmp_path_factory.mktemp("any") / "a.trec"
    path.write_bytes(data)
    assert all(isinstance(item, Record | BadRecord) for item in read_records([path]))
