"""Bare readers: the text of a file as the common library for its kind gives it, for comparison."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path


def docx(path: Path) -> str:
    """Read a Word document with docx2python."""
    from docx2python import docx2python

    with docx2python(path) as document:
        return str(document.text)


def epub(path: Path) -> str:
    """Read a book with EbookLib, and its chapters with selectolax."""
    import warnings

    from ebooklib import ITEM_DOCUMENT
    from ebooklib.epub import read_epub
    from selectolax.lexbor import LexborHTMLParser

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = read_epub(str(path))
    pages = (LexborHTMLParser(item.get_content()) for item in book.get_items_of_type(ITEM_DOCUMENT))
    return "\n".join(page.body.text() for page in pages if page.body is not None)


def rtf(path: Path) -> str:
    """Read a file with striprtf."""
    from striprtf.striprtf import rtf_to_text

    return str(rtf_to_text(path.read_text("ascii")))


def xlsx(path: Path) -> str:
    """Read a workbook with python-calamine."""
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_path(str(path)) as workbook:
        rows = workbook.get_sheet_by_index(0).iter_rows()
        return "\n".join("\t".join(map(str, row)) for row in rows)


def eml(path: Path) -> str:
    """Read a message with the standard library."""
    from email import message_from_bytes
    from email.policy import default

    message = message_from_bytes(path.read_bytes(), policy=default)
    return str(message.get_content())


def html(path: Path) -> str:
    """Read a page with selectolax."""
    from selectolax.lexbor import LexborHTMLParser

    body = LexborHTMLParser(path.read_bytes()).body
    return body.text(separator="\n") if body is not None else ""


def jsonl(path: Path) -> str:
    """Read lines with the standard library."""
    with path.open(encoding="utf-8") as lines:
        return "\n".join(json.loads(line)["text"] for line in lines)


def srt(path: Path) -> str:
    """Read subtitles with the package srt."""
    from srt import parse

    return "\n".join(cue.content for cue in parse(path.read_text("utf-8")))


def mrc(path: Path) -> str:
    """Read catalogue records with pymarc."""
    from pymarc import MARCReader

    with path.open("rb") as stream:
        records = [record for record in MARCReader(stream) if record is not None]
    fields = (field for record in records for field in record.get_fields("245", "520"))
    return "\n".join(field.format_field() for field in fields)


BARE_READERS: dict[str, tuple[str, Callable[[Path], str]]] = {
    "docx": ("docx2python", docx),
    "epub": ("EbookLib", epub),
    "rtf": ("striprtf", rtf),
    "xlsx": ("python-calamine", xlsx),
    "eml": ("email", eml),
    "html": ("selectolax", html),
    "jsonl": ("json", jsonl),
    "srt": ("srt", srt),
    "mrc": ("pymarc", mrc),
}
"""The name and the reader of each kind, by its ending."""
