"""OpenITI mARkdown: the classical texts of the OpenITI corpus, one document each, with their pages.

A page mark (`PageV01P012`) ends its page, as the corpus has it: the text before it is on that page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.places import Place, PlaceKind
from indexer.sources.limits import RECORD_LIMIT, too_long
from indexer.sources.lines import DecodedLines
from indexer.sources.opening import Input
from indexer.sources.records import BadRecord, Record

MAGIC = "######OpenITI#"
_HEADER_END = "#META#Header#End#"
_META = re.compile(r"#META#\s*(?:\d+[.#])?([^:]*?)\s*::?\s*(.*)")
_PAGE = re.compile(r"Page(?:V([\dA-Za-z]+)P|BegV\d+P|EndV\d+P)(\d+[A-Z]?)")
_NOT_WORDS = re.compile(
    r"\b(?:ms[A-Z]?|[Mm]ilestone)\d{1,6}\b"
    r"|@[A-Z]+@(?:[A-Z][A-Z_]*@)?"  # parts of a tradition, verses of the Quran, a user's tags
    r"|@[A-Z]{1,6}\d{0,4}(?=[\s\u0600-\u06FF]|$)"  # names and dates
    r"|\(@+\)|%~%|§[^§\s]*§|#~:\w+:|#\$#[A-Z]+"
)
_FOOTNOTE = re.compile(r"(?<=\S) ?\[\d{1,3}\]")
_STRUCTURE = re.compile(
    r"###\s*(?:\|+(?:[A-Z]+\|)?|\$[A-Z_]+\$|\$+|@(?:\s*RAW)?)\s*"
    r"|#\s*(?:\$[A-Z_]+\$|\$|\|+|-|@(?=\s))?\s*"
)
_CONTINUED = "~~"
_VALUES = {
    "title": ("booktitle", "title", "الكتاب", "bookname"),
    "author": ("authorname", "author", "المؤلف", "authoraka"),
    "publisher": ("edpublisher", "publisher", "الناشر"),
    "editor": ("ededitor", "editor", "المحقق", "تحقيق"),
    "subject": ("booksubj", "genre", "bookgenre", "genres", "القسم", "التصنيف"),
    "edition": ("ednumber", "edition", "الطبعة"),
    "language": ("lang", "language"),
    "url": ("liburl", "onlineurl", "url"),
}
_NO_VALUE = re.compile(r"(?:NODATA|NOTGIVEN|NOCODE|-+|\.+)?", re.IGNORECASE)


def read_openiti(source: Input) -> Iterator[Record | BadRecord]:
    """Yield the text as one record; its id is the name of the file.

    Lines that continue a paragraph (`~~`) are joined to it, headings and paragraphs are lines.
    Marks of structure, milestones (`ms12`) and tags of names are left out. The pages are places:
    `12`, and with the volume `1/12` where there are several or the text is not in the first. The
    columns title, author, editor, publisher, subject, language and url come from the header.
    """
    lines = DecodedLines(source)
    header: dict[str, str] = {}
    text = _Text()
    length = 0
    in_header = True
    for line in lines:
        length += len(line)
        if length > RECORD_LIMIT:
            yield BadRecord(source.origin, too_long("the text"), lines.take()[0])
            return
        line = line.rstrip("\r\n")
        if in_header:
            in_header = not line.startswith(_HEADER_END)
            if in_header and not _is_header(line):
                in_header = False  # a header that is not closed
                text.add(line)
            elif meta := _META.match(line):
                header.setdefault(meta[1].strip().lower(), meta[2].strip())
        else:
            text.add(line)
    size, damage = lines.take()
    content, places = text.finish()
    if damage or not content:
        yield BadRecord(source.origin, damage or "the text is empty after its header", size)
        return
    values: dict[str, object] = {"id": source.file.name, "language": "ar", **_columns(header)}
    values["text"] = content
    yield Record(source.origin, values, size, is_named=True, places=places)


def _is_header(line: str) -> bool:
    return not line.strip() or line.lstrip("\ufeff").startswith(("#META#", MAGIC))


def _columns(header: dict[str, str]) -> dict[str, str]:
    columns = {}
    for column, names in _VALUES.items():
        given = (header.get(name, "") for name in names)
        value = next((each for each in given if not _NO_VALUE.fullmatch(each)), "")
        if value:
            columns[column] = value
    return columns


class _Text:
    """The text so far, and its pages: the end of each with its volume and number."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._gap = ""
        self._ends: list[tuple[int, str, str]] = []

    def add(self, line: str) -> None:
        """Add one line of the file."""
        if not line.strip():
            return
        if line.startswith(_CONTINUED):
            line = line.removeprefix(_CONTINUED)
            self._gap = self._gap or " "
        elif _PAGE.fullmatch(line.strip().lstrip("# ")):
            pass  # a page mark alone does not end a paragraph
        else:
            self._gap = "\n"
            if not line.startswith(("#~", "#$#")):
                line = _STRUCTURE.sub("", line, count=1) if line.startswith("#") else line
        at = 0
        for mark in _PAGE.finditer(line):
            self._words(line[at : mark.start()])
            self._ends.append((self._length, mark[1] or "", mark[2]))
            at = mark.end()
        self._words(line[at:])

    def _words(self, text: str) -> None:
        words = " ".join(_FOOTNOTE.sub("", _NOT_WORDS.sub(" ", text)).split())
        if not words:
            return
        if self._parts:
            gap = self._gap or " "
            self._parts.append(gap)
            self._length += len(gap)
        self._gap = ""
        self._parts.append(words)
        self._length += len(words)

    def finish(self) -> tuple[str, tuple[Place, ...]]:
        """Return the text and its pages."""
        text = "".join(self._parts)
        volumes = {volume for _, volume, _ in self._ends}
        is_single = volumes <= {"00", "01", "0", "1", ""} and len(volumes) <= 1
        places: list[Place] = []
        start = 0
        for end, volume, page in self._ends:
            number = page.lstrip("0")
            if number and end > start:
                label = number if is_single or not volume else f"{volume.lstrip('0') or 0}/{number}"
                while start < end and text[start].isspace():
                    start += 1
                if not places or places[-1].label != label:
                    places.append(Place(start, PlaceKind.PAGE, label))
            start = end
        return text, tuple(places)
