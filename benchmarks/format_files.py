"""Writers of one file of each kind from the same paragraphs, for `benchmarks.formats`."""

from __future__ import annotations

import json
from base64 import encodebytes
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from itertools import chain
from zipfile import ZIP_DEFLATED, ZipFile

_CHAPTER = 100
_ROWS = 5000
"""The paragraphs of a chapter, and the rows of a sheet."""


def _package(parts: Mapping[str, str]) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()


_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_PARTS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ML = "application/vnd.openxmlformats-officedocument"


def _open_xml(main: str, kind: str, content: str, *others: tuple[str, str, str, str]) -> bytes:
    """Return an Open XML file; `others` have name, content type, type of relation and content."""
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{_ML}.{type_}+xml"/>'
        for name, type_ in ((main, kind), *(other[:2] for other in others))
    )
    folder, _, name = main.rpartition("/")
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{relation}" Target="/{part}"/>'
        for number, (part, _, relation, _) in enumerate(others, 1)
    )
    return _package(
        {
            "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>',
            "_rels/.rels": f'<Relationships xmlns="{_PARTS}"><Relationship Id="rId1" '
            f'Type="{_OFFICE}/officeDocument" Target="{main}"/></Relationships>',
            f"{folder}/_rels/{name}.rels": f'<Relationships xmlns="{_PARTS}">{links}</Relationships>',
            main: content,
            **{part: written for part, _, _, written in others},
        }
    )


def docx(texts: Sequence[str]) -> bytes:
    """Return a Word document whose paragraphs have three runs each, as Word splits them."""
    properties = '<w:rPr><w:rFonts w:cs="Arial"/><w:rtl/></w:rPr>'
    paragraphs = []
    for text in texts:
        third = len(text) // 3
        runs = "".join(
            f'<w:r>{properties}<w:t xml:space="preserve">{part}</w:t></w:r>'
            for part in (text[:third], text[third : 2 * third], text[2 * third :])
        )
        paragraphs.append(f"<w:p><w:pPr><w:bidi/></w:pPr>{runs}</w:p>")
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = f'<w:document xmlns:w="{main}" xmlns:r="{_OFFICE}"><w:body>{"".join(paragraphs)}</w:body></w:document>'
    return _open_xml("word/document.xml", "wordprocessingml.document.main", body)


def xlsx(texts: Sequence[str]) -> bytes:
    """Return a workbook with a word in each cell, in a table of shared strings."""
    words = [text.split() for text in texts]
    numbers = {word: number for number, word in enumerate(dict.fromkeys(chain(*words)))}
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rows = "".join(
        f'<row r="{number}">'
        + "".join(f'<c r="{_column(at)}{number}" t="s"><v>{numbers[word]}</v></c>' for at, word in enumerate(row))
        + "</row>"
        for number, row in enumerate(words, 1)
    )  # fmt: skip
    return _open_xml(
        "xl/workbook.xml",
        "spreadsheetml.sheet.main",
        f'<workbook xmlns="{main}" xmlns:r="{_OFFICE}"><sheets><sheet name="a" sheetId="1" r:id="rId1"/>'
        "</sheets></workbook>",
        ("xl/sheet1.xml", "spreadsheetml.worksheet", "worksheet",
         f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'),
        ("xl/sharedStrings.xml", "spreadsheetml.sharedStrings", "sharedStrings",
         f'<sst xmlns="{main}">' + "".join(f"<si><t>{word}</t></si>" for word in numbers) + "</sst>"),
    )  # fmt: skip


def _column(number: int) -> str:
    return chr(65 + number) if number < 26 else chr(64 + number // 26) + chr(65 + number % 26)


def epub(texts: Sequence[str]) -> bytes:
    """Return a book of chapters of a hundred paragraphs."""
    chapters = [
        "".join(f"<p>{text}</p>" for text in texts[start : start + _CHAPTER])
        for start in range(0, len(texts), _CHAPTER)
    ]
    items = "".join(
        f'<item id="c{number}" href="c{number}.xhtml" media-type="application/xhtml+xml"/>'
        for number in range(len(chapters))
    )
    order = "".join(f'<itemref idref="c{number}"/>' for number in range(len(chapters)))
    head = '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml" lang="ar">'
    return _package(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" '
            'version="1.0"><rootfiles><rootfile full-path="b.opf" media-type="application/oebps-package+xml"'
            "/></rootfiles></container>",
            "b.opf": '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i">'
            '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>a</dc:title><dc:identifier id='
            f'"i">a</dc:identifier></metadata><manifest>{items}</manifest><spine>{order}</spine></package>',
            **{
                f"c{number}.xhtml": f"{head}<head><title>a</title></head><body>{chapter}</body></html>"
                for number, chapter in enumerate(chapters)
            },
        }
    )


def rtf(texts: Sequence[str]) -> bytes:
    """Return a file as Word writes it: bytes of windows-1256, with numbers for what it lacks."""
    written = []
    for text in texts:
        for character in text:
            try:
                (byte,) = character.encode("cp1256")
                written.append(f"\\'{byte:02x}" if byte > 127 else character)
            except UnicodeEncodeError:
                written.append(f"\\u{ord(character)}?")
        written.append("\\par\n")
    head = r"{\rtf1\ansi\ansicpg1256\uc1{\fonttbl{\f0\fcharset178 Arial;}}\f0 "
    return (head + "".join(written) + "}").encode("ascii")


def eml(texts: Sequence[str]) -> bytes:
    """Return a message in Base64."""
    head = "From: a@example.org\nSubject: a\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
    body = encodebytes("\n\n".join(texts).encode()).decode()
    return f"{head}Content-Transfer-Encoding: base64\n\n{body}".encode()


def html(texts: Sequence[str]) -> bytes:
    """Return a page of paragraphs with links and emphasis."""
    body = "".join(
        f'<div class="c"><p>{text[:40]}<b>{text[40:60]}</b>{text[60:90]}<a href="/x">{text[90:]}</a></p></div>'
        for text in texts
    )
    return f'<html lang="ar"><head><meta charset="utf-8"></head><body>{body}</body></html>'.encode()


def jsonl(texts: Sequence[str]) -> bytes:
    """Return a line for each paragraph."""
    lines = (
        json.dumps({"id": number, "text": text}, ensure_ascii=False)
        for number, text in enumerate(texts)
    )
    return "\n".join(lines).encode()  # fmt: skip


def srt(texts: Sequence[str]) -> bytes:
    """Return a cue of five words each."""
    words = " ".join(texts).split()
    cues = [
        f"{number + 1}\n{_time(2 * number)} --> {_time(2 * number + 1)}\n{' '.join(words[5 * number : 5 * number + 5])}\n"
        for number in range((len(words) + 4) // 5)
    ]  # fmt: skip
    return "\n".join(cues).encode()


def _time(second: int) -> str:
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02},000"


def mrc(texts: Sequence[str]) -> bytes:
    """Return a catalogue record for each paragraph, in UTF-8."""
    return b"".join(_marc_record(number, text.encode()) for number, text in enumerate(texts))


def _marc_record(number: int, text: bytes) -> bytes:
    fields = (("001", str(number).encode()), ("245", b"10\x1fa" + text[:90].rpartition(b" ")[0]),
              ("520", b"  \x1fa" + text[:90].rpartition(b" ")[2] + text[90:]))  # fmt: skip
    directory, data = b"", b""
    for tag, value in fields:
        value += b"\x1e"
        directory += f"{tag}{len(value):04}{len(data):05}".encode()
        data += value
    base = 24 + len(directory) + 1
    leader = f"{base + len(data) + 1:05}nam a22{base:05} a 4500".encode()
    return leader + directory + b"\x1e" + data + b"\x1d"


WRITERS: dict[str, Callable[[Sequence[str]], bytes]] = {
    "docx": docx,
    "epub": epub,
    "rtf": rtf,
    "xlsx": xlsx,
    "eml": eml,
    "html": html,
    "jsonl": jsonl,
    "srt": srt,
    "mrc": mrc,
}
"""What writes a file of each kind, by its ending."""
