"""Rich Text Format (.rtf): text, tables, notes, text boxes, headers and footers in order.

Bytes are decoded by the character set of their font, so that Arabic of old programs is read rightly.
Deleted and hidden text is left out.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from indexer.errors import SourceError
from indexer.sources.limits import OFFICE_LIMIT, RECORD_LIMIT, too_large
from indexer.sources.office.properties import is_date, short_first_line, with_title
from indexer.sources.office.text_flow import TextFlow
from indexer.sources.opening import Input
from indexer.sources.plain import NO_TEXT_REASON
from indexer.sources.records import BadRecord, Record

MAX_GROUPS = 5000
"""The most groups within each other."""

_TOKEN = re.compile(
    rb"\\'([0-9a-fA-F]{2})|\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|\\(.)|([{}])|([\r\n]+)|([^\\{}\r\n]+)",
    re.DOTALL,
)

_CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gbk", 136: "big5", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251",
    222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
_CODE_PAGES = {
    708: "iso8859_6",
    709: "iso8859_6",
    710: "cp1256",
    10000: "mac_roman",
    10004: "mac_arabic",
}

_DROPPED = frozenset(
    b"colortbl stylesheet listtable listoverridetable rsidtbl pict object objdata fldinst datafield "
    b"themedata colorschememapping latentstyles datastore xmlnstbl generator filetbl revtbl "
    b"listpicture pgptbl atrfstart atrfend atnid atnauthor atndate atnref atnicn atnparent "
    b"bkmkstart bkmkend tc xe template mmathPr shppict nonshppict shprslt sp ftnsep ftnsepc ftncn aftnsep "
    b"aftnsepc aftncn passwordhash private company operator category doccomm manager hlinkbase".split()
)
_ASIDES = frozenset(
    b"footnote annotation shptxt header headerl headerr headerf footer footerl footerr footerf".split()
)
_KEPT_IF_STARRED = _ASIDES | {b"shpinst", b"fldrslt", b"ud", b"upr"}
_INFO = {
    b"title": "title",
    b"author": "author",
    b"subject": "subject",
    b"keywords": "keywords",
}
_CHARACTERS = {
    b"tab": "\t", b"line": " ", b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’",
    b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•", b"emspace": " ", b"enspace": " ",
    b"zwj": "\u200d", b"zwnj": "\u200c", b"rtlmark": "\u200f", b"ltrmark": "\u200e",
    b"~": "\u00a0", b"_": "-", b"-": "\u00ad", b"{": "{", b"}": "}", b"\\": "\\",
}  # fmt: skip


@dataclass(slots=True)
class _Group:
    """What holds within a group: where its text goes, its fonts, and how it is decoded.

    `target` is `text`, `fonts`, a column of the properties, or empty for what is dropped. A
    character written as a number is followed by `fallback` characters for old programs.
    """

    target: str = "text"
    is_aside: bool = False
    is_new: bool = True
    is_starred: bool = False
    is_deleted: bool = False
    is_hidden: bool = False
    is_raised: bool = False
    fallback: int = 1
    font: int = -1
    font_rtl: int = -1
    is_rtl: bool = False


class _Parser:
    """Reads the tokens of one file; `values` are the columns of its properties."""

    def __init__(self) -> None:
        self.flow = TextFlow()
        self.values: dict[str, str] = {}
        self._group = _Group()
        self._groups: list[_Group] = []
        self._encoding = "cp1252"
        self._fonts: dict[int, str] = {}
        self._declared_font = 0
        self._bytes = bytearray()
        self._skip = 0
        self._surrogate = 0
        self._date: dict[bytes, int] = {}

    def read(self, data: bytes) -> None:
        """Read a file. What follows the group of the document is ignored."""
        position = 0
        while (token := _TOKEN.match(data, position)) is not None:
            position = token.end()
            hexadecimal, word, number, symbol, brace, line_end, text = token.groups()
            if hexadecimal is not None:
                self._add_bytes(bytes((int(hexadecimal, 16),)))
            elif text is not None:
                self._add_bytes(text)
            elif word == b"bin":
                position += max(int(number or 0), 0)  # so many bytes of any kind follow
            elif word is not None:
                self._word(word, int(number) if number is not None else None)
            elif brace == b"{":
                self._open()
            elif brace == b"}":
                self._close()
                if not self._groups:
                    return
            elif line_end is None:
                self._symbol(symbol)
        self._flush()

    def _open(self) -> None:
        self._flush()
        self._skip = 0
        if len(self._groups) >= MAX_GROUPS:
            raise SourceError(f"it has more than {MAX_GROUPS:,} groups within each other")
        self._groups.append(self._group)
        self._group = replace(self._group, is_new=True, is_aside=False, is_starred=False)

    def _close(self) -> None:
        self._flush()
        self._skip = 0
        if self._group.is_aside:
            self.flow.end_aside()
        if self._groups:
            self._group = self._groups.pop()

    def _symbol(self, symbol: bytes) -> None:
        self._flush()
        if symbol == b"*":
            self._group.is_starred = True
        elif symbol in (b"\r", b"\n"):
            self._word(b"par", None)
        elif symbol in _CHARACTERS:
            self._add(_CHARACTERS[symbol])

    def _word(self, word: bytes, number: int | None) -> None:
        group = self._group
        if group.is_new and self._destination(word):
            return
        group.is_new = False
        if word == b"u" and number is not None:
            self._add_unicode(number)
            return
        self._flush()
        self._skip = 0
        if word in _CHARACTERS:
            self._add(_CHARACTERS[word])
        elif group.target == "text":
            self._layout(word)
        self._format(word, number)

    def _destination(self, word: bytes) -> bool:
        """Follow a word that says what its group is for; return whether it does."""
        group = self._group
        if not group.target:
            return False
        if word == b"fonttbl":
            group.target = "fonts"
        elif word == b"info":
            group.target = "info"
        elif group.target == "info":
            self._property(word)
        elif word in _ASIDES and group.target == "text":
            self._flush()
            group.is_aside = True
            self.flow.begin_aside()
        elif word in _DROPPED or (group.is_starred and word not in _KEPT_IF_STARRED):
            group.target = ""
        else:
            return False
        group.is_new = False
        return True

    def _property(self, word: bytes) -> None:
        """Follow the name of a property; where it comes twice, the second one is in Unicode."""
        if word in (b"upr", b"ud"):
            return
        self._group.target = _INFO.get(word, "date" if word in (b"creatim", b"revtim") else "")
        self.values.pop(self._group.target, None)
        self._date.clear()

    def _layout(self, word: bytes) -> None:
        if word in (b"par", b"sect", b"page", b"column"):
            self.flow.end_paragraph()
        elif word in (b"cell", b"nestcell"):
            self.flow.end_cell()
        elif word in (b"row", b"nestrow"):
            self.flow.end_row()

    def _format(self, word: bytes, number: int | None) -> None:
        group = self._group
        match word:
            case b"f" if group.target == "fonts":
                self._declared_font = number or 0
            case b"fcharset":
                if (number or 0) in _CHARSETS:
                    self._fonts[self._declared_font] = _CHARSETS[number or 0]
            case b"f":
                group.font = number or 0
            case b"af":
                group.font_rtl = number or 0
            case b"rtlch":
                group.is_rtl = True
            case b"ltrch":
                group.is_rtl = False
            case b"plain":
                group.is_hidden = group.is_deleted = group.is_raised = False
            case b"super":
                group.is_raised = number != 0
            case b"up":
                group.is_raised = bool(number)
            case b"nosupersub":
                group.is_raised = False
            case b"uc":
                group.fallback = min(max(number or 0, 0), 100)
            case b"v":
                group.is_hidden = number != 0
            case b"deleted":
                group.is_deleted = number != 0
            case b"ansicpg":
                self._encoding = _code_page(number or 0) or self._encoding
            case b"mac":
                self._encoding = "mac_roman"
            case b"yr" | b"mo" | b"dy" if group.target == "date":
                self._date[word] = number or 0
                self._set_date()

    def _set_date(self) -> None:
        if len(self._date) == 3:
            year, month, day = (self._date[part] for part in (b"yr", b"mo", b"dy"))
            written = f"{year:04}-{month:02}-{day:02}"
            if is_date(written):
                self.values["date"] = written

    def _add_unicode(self, number: int) -> None:
        self._flush()
        code = number & 0xFFFF
        if 0xD800 <= code < 0xDC00:
            self._surrogate = code
        elif 0xDC00 <= code < 0xE000:
            if self._surrogate:
                self._add(chr(0x10000 + ((self._surrogate - 0xD800) << 10) + code - 0xDC00))
            self._surrogate = 0
        elif code:
            self._add(chr(code))
        self._skip = self._group.fallback

    def _add_bytes(self, data: bytes) -> None:
        self._group.is_new = False
        if not self._group.target:
            return
        if self._skip:
            skipped = min(self._skip, len(data))
            self._skip -= skipped
            data = data[skipped:]
        self._bytes += data

    def _flush(self) -> None:
        """Decode the bytes that came so far: a character may have two, and fonts end words."""
        if self._bytes:
            data, self._bytes = bytes(self._bytes), bytearray()
            self._add(data.decode(self._font_encoding(), "replace"))

    def _font_encoding(self) -> str:
        group = self._group
        font = group.font_rtl if group.is_rtl and group.font_rtl >= 0 else group.font
        return self._fonts.get(font, self._encoding)

    def _add(self, text: str) -> None:
        group = self._group
        group.is_new = False
        if group.target == "text":
            if not group.is_deleted and not group.is_hidden:
                (self.flow.add_raised if group.is_raised else self.flow.add)(text)
        elif group.target in _INFO.values():
            self.values[group.target] = self.values.get(group.target, "") + text


def _code_page(number: int) -> str:
    """Return the Python codec of a code page, empty where there is none."""
    name = _CODE_PAGES.get(number, "utf-8" if number == 65001 else f"cp{number}")
    try:
        codecs.lookup(name)
    except LookupError:
        return ""
    return name


def read_rtf(source: Input) -> Iterator[Record | BadRecord]:
    """Yield the document as one record, with the columns of its properties.

    The title is that of the properties, else a short first line. Raises SourceError where the file
    is too large or nested too deep.
    """
    data = source.read_all(OFFICE_LIMIT)  # most of which are pictures
    size = source.measure(len(data))
    parser = _Parser()
    parser.read(data)
    text = parser.flow.take()
    if len(text) > RECORD_LIMIT:
        raise too_large(RECORD_LIMIT, "characters")
    if not text:
        yield BadRecord(source.origin, NO_TEXT_REASON, size)
        return
    columns = {name: " ".join(value.split()) for name, value in parser.values.items()}
    found: dict[str, object] = {name: value for name, value in columns.items() if value}
    values = with_title(found, short_first_line(text), text) | {"id": source.file.name}
    yield Record(source.origin, values, size, is_named=True, is_markup=True)
