"""Which kind a file is of, by what it holds."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile

import pytest
import zstandard

from indexer.sources import Kind, scan
from indexer.sources.signatures import OLE_START
from tests.indexer.sources.office.packages import docx, epub, opendocument, package, xlsx

PAGE = b"<!DOCTYPE html><html><body>x"


def tar(names: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, data in names.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        pytest.param("a.pdf", PAGE, Kind.HTML, id="page-named-pdf"),
        pytest.param("a.doc", b"\xef\xbb\xbf<?xml version='1.0'?>\n<html>", Kind.HTML, id="page-named-doc"),
        pytest.param("a.xls", b"<!-- a --><HTML xmlns='x'>", Kind.HTML, id="page-named-xls"),
        pytest.param("page", PAGE, Kind.HTML, id="page-without-a-suffix"),
        pytest.param("page.aspx", PAGE.decode().encode("utf-16"), Kind.HTML, id="page-in-utf-16"),
        pytest.param("a.txt", PAGE, Kind.TXT, id="text-stays-what-its-name-says"),
        pytest.param("a.jsonl", b"II*\0", Kind.JSONL, id="text-that-begins-like-an-image"),
        pytest.param("a.doc", rb"{\rtf1 x}", Kind.RTF, id="rtf-named-doc"),
        pytest.param("a.bin", docx(""), Kind.DOCX, id="docx"),
        pytest.param("a.zip", docx(""), Kind.DOCX, id="docx-named-zip"),
        pytest.param("a", epub({}, ""), Kind.EPUB, id="epub"),
        pytest.param("a.zip", opendocument("text", ""), Kind.ODT, id="odt"),
        pytest.param("a.docx", opendocument("spreadsheet", ""), Kind.ODS, id="ods-named-docx"),
        pytest.param("a.xls", xlsx({"a": ""}), Kind.XLSX, id="xlsx-named-xls"),
        pytest.param("a.docx", docx("")[:200], Kind.DOCX, id="docx-cut-off"),
        pytest.param("a.docx", b"", Kind.DOCX, id="empty-docx"),
        pytest.param("a.txt", package({"b.txt": "x"}), Kind.ZIP, id="zip-named-txt"),
        pytest.param("a.xls", OLE_START + bytes(600), Kind.XLS, id="xls"),
        pytest.param("a", OLE_START + bytes(200) + "Workbook".encode("utf-16-le"), Kind.XLS, id="xls-without-a-suffix"),
        pytest.param("a", tar({"b.txt": b"x"}), Kind.TAR, id="tar"),
        pytest.param("a.tgz", gzip.compress(tar({"b.txt": b"x"})), Kind.TAR, id="tgz"),
        pytest.param("a.html.bz2", bz2.compress(b"x"), Kind.HTML, id="bz2"),
        pytest.param("a.md.xz", lzma.compress(b"x"), Kind.MD, id="xz"),
        pytest.param("a.csv", zstandard.compress(b"x"), Kind.CSV, id="zstandard-without-its-suffix"),
        pytest.param("a.xml.zst", zstandard.compress(b"<DOC>"), Kind.TREC, id="trec-in-zstandard"),
    ],
)  # fmt: skip
def test_the_kind_of_a_file(tmp_path, name, data, kind):
    (tmp_path / name).write_bytes(data)
    assert [file.kind for file in scan([tmp_path]).files] == [kind]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.jpg", b"\xff\xd8\xff\xe0", "a JPEG image"),
        ("a.docx", b"\x89PNG\r\n\x1a\n", "a PNG image"),
        ("a", b"\0\0\0\x18ftypmp42", "a video or image file"),
        ("a.old", OLE_START + bytes(600), "an old Microsoft Office file; save it as"),
        ("a.doc", OLE_START + bytes(600), "an old Word file; save it as .docx"),
        ("a", OLE_START + bytes(600) + "WordDocument".encode("utf-16-le"), "an old Word file"),
        ("a.ppt", OLE_START + bytes(600), "an old PowerPoint file; save it as .pptx"),
        ("a.msg", OLE_START + bytes(600), "an Outlook message; save it as .eml"),
        ("winmail.dat", b"\x78\x9f\x3e\x22\1\0", "attachments of Outlook (TNEF); unpack them"),
        ("a.pst", b"!BDN" + bytes(600), "a mailbox of Outlook; export it as .mbox"),
        ("a.rar", b"Rar!\x1a\x07\x00", "a RAR archive; unpack it"),
        ("a.bin", b"x", ""),
        ("a.xml", b"<project>", "XML of no known kind"),
        ("a.bz2", bz2.compress(b"x"), ""),
    ],
)
def test_what_cannot_be_read_is_skipped_with_a_reason(tmp_path, name, data, reason):
    (tmp_path / name).write_bytes(data)
    found = scan([tmp_path])
    assert found.files == ()
    assert [path.name for path in found.skipped] == [name]
    assert found.reasons.get(tmp_path / name, "").startswith(reason)
    assert bool(found.reasons) is bool(reason)


def test_a_given_format_counts_except_for_archives(tmp_path):
    (tmp_path / "a.docx").write_bytes(docx(""))
    (tmp_path / "b.zip").write_bytes(package({"c": "x"}))
    found = scan([tmp_path], format="txt")
    assert [(file.kind, file.members_kind) for file in found.files] == [
        (Kind.TXT, Kind.TXT),
        (Kind.ZIP, Kind.TXT),
    ]
