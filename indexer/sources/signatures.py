"""Signatures: what the first bytes of a file say of its kind, whatever its name is."""

from __future__ import annotations

import re
import zipfile
from typing import BinaryIO

HEAD_BYTES = 1 << 13
"""How many bytes of a file are looked at."""

ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The first bytes of the old binary files of Microsoft Office."""

_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>|<!--.*?-->|\s)*<(?:!doctype\s+html|html[\s>])", re.IGNORECASE | re.DOTALL
)
_DOC = re.compile(rb"(?:\xef\xbb\xbf)?\s*<doc[\s>]", re.IGNORECASE)
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")

_UNREADABLE = (
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"AT&TFORM", "a DjVu file"),
    (b"ID3", "a sound file"),
    (b"OggS", "a sound or video file"),
    (b"fLaC", "a sound file"),
    (b"\x1aE\xdf\xa3", "a video file"),
    (b"RIFF", "a sound, video or image file"),
    (b"\x7fELF", "a program"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it, or store it as ZIP"),
    (b"Rar!\x1a\x07", "a RAR archive; unpack it, or store it as ZIP"),
    (
        b"\x78\x9f\x3e\x22",
        "attachments of Outlook (TNEF); unpack them, for example with: tnef FILE",
    ),
    (b"!BDN", "a mailbox of Outlook; export it as .mbox, for example with: readpst -r FILE"),
    (OLE_START, "an old Microsoft Office file; save it as .docx, .pptx or .xlsx"),
)
_COMPOUND: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("__nameid_version1.0", (".msg", ".oft"), "an Outlook message; save it as .eml"),
    ("WordDocument", (".doc", ".dot"), "an old Word file; save it as .docx"),
    ("PowerPoint Document", (".ppt", ".pps"), "an old PowerPoint file; save it as .pptx"),
)
"""A stream of each kind, its usual endings, and what it is."""

_MP4 = re.compile(rb".{4}ftyp", re.DOTALL)

_MAX_CONTENT_TYPES = 1 << 20


def looks_like_html(head: bytes, _name: str = "") -> bool:
    """Return whether a file begins as a page does, in UTF-8, UTF-16 or a legacy encoding."""
    for mark in _BYTE_ORDER_MARKS:
        head = head.removeprefix(mark)
    return _HTML.match(head.replace(b"\0", b"")) is not None


def looks_like_trec(head: bytes, _name: str = "") -> bool:
    """Return whether a file begins with <DOC>."""
    return _DOC.match(head) is not None


def looks_like_rtf(head: bytes, _name: str = "") -> bool:
    """Return whether a file begins as Rich Text Format does."""
    return head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{\\rtf")


def looks_like_xls(head: bytes, name: str) -> bool:
    """Return whether a file is an Excel workbook of before 2007, by its stream or by its name."""
    return head.startswith(OLE_START) and (
        "Workbook".encode("utf-16-le") in head or name.lower().endswith((".xls", ".xlt"))
    )


def looks_like_pdf(head: bytes, _name: str = "") -> bool:
    """Return whether a file begins as a PDF does; some programs write up to 1,024 bytes before it."""
    return b"%PDF-" in head[:1029]


def looks_like_tar(head: bytes, _name: str = "") -> bool:
    """Return whether a file begins with the header of a member whose checksum is right."""
    if len(head) < 512:
        return False
    try:
        written = int(head[148:156].strip(b" \0") or b"x", 8)
    except ValueError:
        return False
    return written == sum(head[:148]) + 8 * ord(" ") + sum(head[156:512])


def _kind_of_compound(head: bytes, name: str) -> str:
    """Return what a compound file (OLE 2) is, by the streams that it begins with, or by its name."""
    if not head.startswith(OLE_START):
        return ""
    for stream, suffixes, what in _COMPOUND:
        if stream.encode("utf-16-le") in head or name.lower().endswith(suffixes):
            return what
    return ""


def unreadable_as(head: bytes, name: str = "") -> str:
    """Return what a file is that cannot be read as text, empty where its bytes do not say so."""
    for start, what in _UNREADABLE:
        if head.startswith(start):
            return _kind_of_compound(head, name) or what
    return "a video or image file" if _MP4.match(head) else ""


_OPEN_XML = (
    (b"wordprocessingml", "docx"),
    (b"ms-word", "docx"),
    (b"presentationml", "pptx"),
    (b"ms-powerpoint", "pptx"),
    (b"spreadsheetml", "xlsx"),
    (b"ms-excel", "xlsx"),
)
_MAIN_PART = re.compile(rb"""ContentType\s*=\s*["']application/([^"']*)\.main(?:\+xml)?["']""")
_MIME_TYPES = (
    (b"application/epub+zip", "epub"),
    (b"application/vnd.oasis.opendocument.text", "odt"),
    (b"application/vnd.oasis.opendocument.presentation", "odp"),
    (b"application/vnd.oasis.opendocument.spreadsheet", "ods"),
)


def kind_of_zip(stream: BinaryIO) -> str:
    """Return which kind of document a ZIP file is, by what it holds, or `zip` for an archive.

    Empty for one that is damaged. Reads the list of members and at most one small one of them.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            names = {info.filename: info for info in archive.infolist()}
            for name in ("mimetype", "[Content_Types].xml"):
                info = names.get(name)
                if info is not None and info.file_size <= _MAX_CONTENT_TYPES:
                    with archive.open(info) as member:
                        kind = _declared_kind(member.read(_MAX_CONTENT_TYPES))
                    if kind:
                        return kind
            return "epub" if "META-INF/container.xml" in names else "zip"
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, ValueError):
        return ""


def _declared_kind(declared: bytes) -> str:
    for mime_type, kind in _MIME_TYPES:
        if declared.strip().startswith(mime_type):
            return kind
    for main in _MAIN_PART.findall(declared):
        for word, kind in _OPEN_XML:
            if word in main:
                return kind
    return ""
