from __future__ import annotations

import gzip

import pytest

from indexer.sources import Kind, scan
from tests.indexer.sources.test_marc import BOOK, marc

MESSAGE = b"Received: by x\n\tfolded\nFrom: a@b.example\nSubject: s\n\nx"
SRT = b"1\n00:00:01,000 --> 00:00:02,000\nx\n"
FOUND = [
    pytest.param(Kind.SQLITE, b"SQLite format 3\0" + b"x" * 84, id="sqlite"),
    pytest.param(Kind.PARQUET, b"PAR1xxxx", id="parquet"),
    pytest.param(Kind.OPENITI, b"######OpenITI#\n\n#META#", id="openiti"),
    pytest.param(Kind.OPENITI, b"\xef\xbb\xbf######OpenITI#\n", id="openiti-with-a-mark"),
    pytest.param(Kind.MARC, marc(*BOOK), id="marc"),
    pytest.param(Kind.MBOX, b"From a@b.example Mon Oct  5 10:00:00 2026\n" + MESSAGE, id="mbox"),
    pytest.param(Kind.VTT, b"\xef\xbb\xbfWEBVTT\n\n", id="vtt"),
    pytest.param(Kind.XML, b"<?xml version='1.0'?><!-- x --><TEI xmlns='t'>", id="tei"),
    pytest.param(Kind.XML, b"<article><front>", id="jats"),
    pytest.param(Kind.XML, b"<rss version='2.0'>", id="rss"),
    pytest.param(Kind.XML, b"\xef\xbb\xbf<feed xmlns='a'>", id="atom"),
    pytest.param(Kind.XML, "<?xml version='1.0'?><feed/>".encode("utf-16"), id="utf-16"),
    pytest.param(Kind.XML, b"<collection xmlns='http://www.loc.gov/MARC21/slim'>", id="marcxml"),
]
LIKELY = [
    pytest.param(Kind.EML, MESSAGE, id="eml"),
    pytest.param(Kind.SRT, SRT, id="srt"),
    pytest.param(Kind.SRT, ("\ufeff" + SRT.decode()).encode("utf-16-le"), id="srt-in-utf-16"),
    pytest.param(Kind.RIS, b"TY  - JOUR\r\nTI  - x\r\n", id="ris"),
    pytest.param(Kind.BIB, b"% x\n@article{k,\n title = {x}}", id="bib"),
]


def kind_of(tmp_path, name: str, data: bytes) -> Kind | None:
    (tmp_path / name).write_bytes(data)
    found = scan([tmp_path]).files
    return found[0].kind if found else None


@pytest.mark.parametrize(("kind", "data"), FOUND)
@pytest.mark.parametrize("name", ["a", "a.txt", "a.v1-ara1"])
def test_content_tells_the_kind_whatever_the_name(tmp_path, name, kind, data):
    assert kind_of(tmp_path, name, data) is kind


@pytest.mark.parametrize(("kind", "data"), FOUND)
def test_compressed_files_too(tmp_path, kind, data):
    assert kind_of(tmp_path, "a.gz", gzip.compress(data)) is kind


@pytest.mark.parametrize(("kind", "data"), LIKELY)
def test_content_tells_the_kind_where_the_name_does_not(tmp_path, kind, data):
    assert kind_of(tmp_path, "a.unknown", data) is kind
    (tmp_path / "a.unknown").unlink()
    assert kind_of(tmp_path, "a.txt", data) is Kind.TXT


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        pytest.param("a.txt", b"From here to there 2026\n", Kind.TXT, id="from"),
        pytest.param("a.txt", b"<p>text</p>", Kind.TXT, id="markup"),
        pytest.param("a.txt", b"WEBVTTX", Kind.TXT, id="not-vtt"),
        pytest.param("a.md", b"Subject: x\nDate: y\n\nz", Kind.MD, id="headers"),
        pytest.param("a", b"Subject: x\nNote: y\n\nz", None, id="one-header"),
        pytest.param("a.xml", b"<DOC><DOCNO>1", Kind.TREC, id="trec"),
        pytest.param("a.xml", b"<html><p>x", Kind.HTML, id="xhtml"),
        pytest.param("a.xml", b"<project>", None, id="other-xml"),
        pytest.param(
            "a.xml", b"<article xmlns='http://docbook.org/ns/docbook'>", None, id="docbook"
        ),
        pytest.param("a", b"<collection><item/></collection>", None, id="no-marcxml"),
        pytest.param("a.txt", b"00123 text", Kind.TXT, id="number"),
    ],
)
def test_what_only_looks_alike(tmp_path, name, data, kind):
    assert kind_of(tmp_path, name, data) is kind
