"""Targets of `tests.stress.fuzz` that take the files of each kind, or a part of one.

The part of a package or of a PDF that the input becomes is put into a sound file, so that the fuzzer
does not have to find the way through compression and checksums.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pikepdf

from indexer.errors import IndexerError, RecordError
from indexer.fields import FieldMap, FieldSpec, FieldType
from indexer.mapping import to_document
from indexer.places import check_places
from indexer.repair import repair_document
from indexer.sources.file_reading import read_file
from indexer.sources.kinds import Kind
from indexer.sources.records import BadRecord
from indexer.sources.source_file import SourceFile

Target = Callable[[bytes], None]

FIELDS = FieldMap(
    extra=(
        FieldSpec("author", FieldType.TEXT),
        FieldSpec("subject"),
        FieldSpec("language"),
        FieldSpec("year", FieldType.NUMBER),
    )
)
_PATH = Path(tempfile.mkdtemp()) / "file"

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"
DOCX_SEED = (
    f'<w:document xmlns:w="{_W}"><w:body><w:p><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
    "<w:t>نص</w:t><w:tab/></w:r><w:ins><w:r><w:t>ب</w:t></w:r></w:ins></w:p><w:tbl><w:tr><w:tc><w:p/>"
    "</w:tc></w:tr></w:tbl><w:txbxContent><w:p/></w:txbxContent></w:body></w:document>"
).encode()
ODT_SEED = (
    f'<office:document-content xmlns:office="{_ODF}:office:1.0" xmlns:text="{_ODF}:text:1.0" '
    f'xmlns:table="{_ODF}:table:1.0"><office:body><office:text><text:p>نص<text:s text:c="3"/><text:note>'
    "<text:note-body><text:p>ح</text:p></text:note-body></text:note></text:p><table:table-row>"
    "<table:table-cell><text:p/></table:table-cell></table:table-row></office:text></office:body>"
    "</office:document-content>"
).encode()
OPF_SEED = (
    b'<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>a</dc:title><dc:date>2020'
    b'</dc:date></metadata><manifest><item id="a" href="a.xhtml" media-type="text/html"/></manifest>'
    b'<spine><itemref idref="a"/></spine></package>'
)


def file_of(kind: Kind) -> Target:
    """Return a target whose input is a whole file of a kind."""

    def read(data: bytes) -> None:
        check_file(kind, data)

    return read


def check_file(kind: Kind, data: bytes) -> None:
    """Read a file, map and repair its documents; raise for what no documentation names."""
    _PATH.write_bytes(data)
    for item in read_file(SourceFile(_PATH, f"a.{kind}", kind, f"a.{kind}", len(data))):
        if isinstance(item, BadRecord):
            assert item.reason
            continue
        check_places(item.places)
        text = item.values.get("text")
        assert not item.places or item.places[-1].start <= len(str(text))
        try:
            document = repair_document(to_document(item, FIELDS)).document
        except RecordError as error:
            assert str(error)
            continue
        except IndexerError as error:
            assert str(error)
            continue
        document.text.encode()
        document.id.encode()
        check_places(document.places)


def _zipped(kind: Kind, part: str, data: bytes, **others: bytes) -> None:
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr(part, data)
        for name, content in others.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    check_file(kind, stream.getvalue())


def docx(data: bytes) -> None:
    """The body of a Word document."""
    _zipped(Kind.DOCX, "word/document.xml", data)


def odt(data: bytes) -> None:
    """The content of an OpenDocument text."""
    _zipped(Kind.ODT, "content.xml", data)


def properties(data: bytes) -> None:
    """The properties of an Open XML file."""
    _zipped(Kind.DOCX, "docProps/core.xml", data, word__document_dot_xml=DOCX_SEED)


_CONTAINER = b'<container><rootfile full-path="a.opf"/></container>'


def epub(data: bytes) -> None:
    """A chapter of a book."""
    parts = {"META-INF__container_dot_xml": _CONTAINER, "a_dot_opf": OPF_SEED}
    _zipped(Kind.EPUB, "a.xhtml", data, **parts)


def opf(data: bytes) -> None:
    """The package document of a book."""
    parts = {"META-INF__container_dot_xml": _CONTAINER, "a_dot_xhtml": b"<p>a"}
    _zipped(Kind.EPUB, "a.opf", data, **parts)


def _pdf(content: bytes, table: bytes, program: bytes = b"") -> None:
    """Read a page with a content stream, whose font has a table of texts, or a font program."""
    pdf = pikepdf.new()
    name, dictionary = pikepdf.Name, pikepdf.Dictionary
    descendant = dictionary(Type=name.Font, Subtype=name.CIDFontType2, BaseFont=name.A, DW=500)
    if program:
        file = pdf.make_stream(program)
        descendant.FontDescriptor = dictionary(
            Type=name.FontDescriptor, FontName=name.A, FontFile2=file
        )
    font = dictionary(
        Type=name.Font, Subtype=name.Type0, BaseFont=name.A, Encoding=name("/Identity-H"),
        DescendantFonts=pikepdf.Array([pdf.make_indirect(descendant)]),
    )  # fmt: skip
    if table:
        font.ToUnicode = pdf.make_stream(table)
    page = pdf.add_blank_page(page_size=(600, 800))
    page.obj.Resources = dictionary(Font=dictionary(F1=pdf.make_indirect(font)))
    page.obj.Contents = pdf.make_stream(content)
    stream = BytesIO()
    pdf.save(stream)
    check_file(Kind.PDF, stream.getvalue())


_SHOWN = b"BT /F1 10 Tf 1 0 0 1 50 700 Tm <000100020003> Tj ET"
_TABLE = b"1 beginbfrange <0001> <0009> <0628> endbfrange"


def pdf_content(data: bytes) -> None:
    """A content stream of a PDF."""
    _pdf(data, _TABLE)


def pdf_table(data: bytes) -> None:
    """A table of the texts of a font of a PDF."""
    _pdf(_SHOWN, data)


def pdf_font(data: bytes) -> None:
    """A font program that a PDF embeds, whose font has no table."""
    _pdf(_SHOWN, b"", data)


WHOLE = {
    Kind.RTF: [
        rb"{\rtf1\ansi\ansicpg1256{\fonttbl{\f0\fcharset178 A;}}{\info{\title a}}\f0 \'df\u1603?{\super 2}"
        rb"{\footnote b}\trowd a\cell b\row\par{\pict\bin4 abcd}}"
    ],
    Kind.EML: [
        b"From: =?windows-1256?B?xeg=?= <a@b.c>\nSubject: =?utf-8?Q?=D8=A7?=\nDate: Sun, 14 Mar 2021 10:00:00 "
        b"+0200\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: text/html"
        b"; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n<p>a=D8=A7</p>\n--B\nContent-Type: "
        b"text/plain\nContent-Disposition: attachment; filename*=UTF-8''a.txt\n\ntext\n--B--\n"
    ],
    Kind.MBOX: [b"From a@b Sun Mar 14 10:00:00 2021\nSubject: a\n\ntext\n\nFrom b\nSubject: b\n\n>From c\n"],
    Kind.MARC: [
        b"00120nam a2200049 a 4500001000300000245001500003880001900018\x1e77\x1e10\x1f6880-01\x1faab\x1e10"
        b"\x1f6245-01\x1fa\xd8\xa7\x1e\x1d"
    ],
    Kind.RIS: ["TY  - BOOK\nTI  - كتاب\nAU  - علي, محمد\nDA  - 2021/03/14\nER  - \n".encode()],
    Kind.BIB: [
        '@string{p = "دار"}\n@book{k, title = {كتاب {ا}}, author = "علي and محمد" # p, year = 2021}\n'.encode()
    ],
    Kind.XML: [
        '<article xml:lang="ar"><front><article-meta><title-group><article-title>ع</article-title>'
        "</title-group><pub-date><year>2020</year></pub-date></article-meta></front><body><sec><title>ب"
        "</title><p>نص<sup>1</sup><xref ref-type='fn'>1</xref></p><fn><p>ح</p></fn></sec></body></article>"
        .encode(),
        '<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>ع</title></titleStmt>'
        '</fileDesc></teiHeader><text><body><head>ب</head><p>نص<pb n="2"/><note>ح</note></p></body></text></TEI>'
        .encode(),
        b"<rss><channel><title>a</title><item><title>b</title><pubDate>Sun, 14 Mar 2021 10:00:00 +0200"
        b"</pubDate><description>&lt;p&gt;c</description></item></channel></rss>",
    ],
    Kind.JSON: ['[{"id": 1, "title": "a", "text": "نص", "author": {"name": ["b"]}}]'.encode()],
    Kind.SRT: ["1\n00:00:01,000 --> 00:00:03,500\n<i>نص</i>\n\n2\n00:00:04,000 --> 00:00:06,000\nب\n".encode()],
    Kind.VTT: ["WEBVTT\nLanguage: ar\n\n1\n00:01.000 --> 00:03.500 align:start\n<v س>نص &amp; ب\n".encode()],
    Kind.OPENITI: ["######OpenITI#\n\n#META# الكتاب :: ع\n#META#Header#End#\n\n### | باب\n# نص PageV01P002 ~~ب ms1\n".encode()],
    Kind.HTML: [
        b"<html lang=ar><head><title>a</title><script type='application/ld+json'>{\"@type\":\"Article\",\"author\":"
        b"[{\"name\":\"b\"}]}</script></head><body><p>a<sup>[1]</sup><ruby>b<rt>c</rt></ruby><a href=#n>[2]</a>"
    ],
    Kind.MD: ["---\ntitle: a\n---\n# ع\n\nنص[^1] | a\n\n| a | b |\n|--|--|\n| c | d |\n\n[^1]: ح\n".encode()],
}  # fmt: skip
"""Kinds whose files the fuzzer makes as they are, with seeds."""

TARGETS: dict[str, Target] = {
    **{str(kind): file_of(kind) for kind in WHOLE},
    "docx": docx,
    "odt": odt,
    "properties": properties,
    "epub": epub,
    "opf": opf,
    "pdf_content": pdf_content,
    "pdf_table": pdf_table,
    "pdf_font": pdf_font,
}
SEEDS: dict[str, list[bytes]] = {
    **{str(kind): seeds for kind, seeds in WHOLE.items()},
    "docx": [DOCX_SEED],
    "odt": [ODT_SEED],
    "properties": [b"<a><title xmlns='http://purl.org/dc/elements/1.1/'>t</title><modified>2020</modified></a>"],
    "epub": ["<html><body><h1>باب</h1><p>نص<a role='doc-noteref'>1</a></p><aside>ح</aside>".encode()],
    "opf": [OPF_SEED],
    "pdf_content": [_SHOWN, b"q 1 0 0 1 0 0 cm BT /F1 9 Tf [<0001> -250 <0002>] TJ T* (ab) ' ET Q 0 0 9 9 re f"],
    "pdf_table": [_TABLE, b"1 beginbfchar <01> <06440627> endbfchar 1 begincodespacerange <00> <ff> endcodespacerange"],
    "pdf_font": [b"\0\1\0\0\0\1\0\x10\0\0\0\0cmap\0\0\0\0\0\0\0\x1c\0\0\0\x04\0\0\0\0"],
}  # fmt: skip
