"""MARC 21 and UNIMARC: catalogue records in ISO 2709, a record for each title.

The script of 880 fields comes before the romanised form that they are linked to. MARC-8 is decoded by
pymarc, of the extra `files`; UTF-8, and the windows-1256 of old Arabic catalogues, need nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from indexer.errors import SourceError
from indexer.sources.encodings import UndecodableError, decode
from indexer.sources.limits import RECORD_LIMIT, too_long
from indexer.sources.marc_values import DataField, MarcRecord
from indexer.sources.opening import Input
from indexer.sources.records import BadRecord, Record
from indexer.sources.unimarc import catalogue_values, is_unimarc

_RECORD_END = b"\x1d"
_FIELD_END = b"\x1e"
_SUBFIELD = b"\x1f"
_CHUNK_BYTES = 1 << 16
_LEADER_BYTES = 24
_ENTRY_BYTES = 12
_ENTRY = re.compile(rb"[0-9A-Za-z]{3}\d{9}")
_NOT_MARC = (
    "not a MARC 21 or UNIMARC record in ISO 2709 ({}); export it again, or convert the file to MARCXML, "
    "for example with: yaz-marcdump -o marcxml"
)

_NOT_UTF8 = (
    "a UNIMARC record in an old character set such as ISO 5426; export it again in UTF-8, or convert "
    "the file, for example with: yaz-marcdump -f iso5426 -t utf-8"
)


def read_marc(source: Input) -> Iterator[Record | BadRecord]:
    """Yield a record per catalogue record; the file is read one record after another.

    The columns are those of `catalogue_values`. A record that cannot be read is a BadRecord with its
    number. Raises SourceError where MARC-8 needs a library that is missing.
    """
    for number, data in enumerate(_split(source), 1):
        origin = f"{source.origin}#{number}"
        size = source.measure(len(data))
        if len(data) > RECORD_LIMIT:
            yield BadRecord(origin, too_long("the record"), size)
            continue
        try:
            record = parse_record(data.lstrip(b"\r\n \x00\x1a"))
        except ValueError as error:
            yield BadRecord(origin, _NOT_MARC.format(error), size)
            continue
        except UndecodableError as error:
            yield BadRecord(origin, str(error), size)
            continue
        yield Record(origin, catalogue_values(record, source.file.name, number), size)


def _split(source: Input) -> Iterator[bytes]:
    """Yield the bytes of each record with its end; of one that is too long only the first."""
    pending = bytearray()
    while data := source.stream.read(_CHUNK_BYTES):
        *whole, rest = data.split(_RECORD_END)
        for part in whole:
            pending += part + _RECORD_END
            yield bytes(pending)
            pending.clear()
        if len(pending) <= RECORD_LIMIT:
            pending += rest
    if pending.strip(b"\r\n \x00\x1a"):
        yield bytes(pending)


def parse_record(data: bytes) -> MarcRecord:
    """Return the fields of one record. Raises ValueError with what is wrong with it.

    The directory says where each field begins. Where its lengths are wrong, as where characters
    were counted and not bytes, the fields are taken in its order.
    """
    leader = data[:_LEADER_BYTES]
    base = leader[12:17]
    if len(leader) < _LEADER_BYTES or not leader[:5].isdigit() or not base.isdigit():
        raise ValueError("it has no leader with two lengths")
    if not data.endswith(_RECORD_END):
        raise ValueError("the file ends within it")
    directory, _, body = data[_LEADER_BYTES:].partition(_FIELD_END)
    entries = [
        directory[start : start + _ENTRY_BYTES] for start in range(0, len(directory), _ENTRY_BYTES)
    ]
    if not all(map(_ENTRY.fullmatch, entries)):
        raise ValueError("its directory is damaged")
    contents = _by_position(entries, data[int(base) :]) or _by_order(entries, body)
    tags = [entry[:3].decode() for entry in entries]
    decoder = _Decoder(is_unicode=leader[9:10] == b"a", is_unimarc=is_unimarc(tags))
    return decoder.record(zip(tags, contents, strict=True))


def _by_position(entries: list[bytes], body: bytes) -> list[bytes]:
    """Return the content of each entry, nothing where one does not end as it should."""
    contents = []
    for entry in entries:
        start = int(entry[7:])
        content = body[start : start + int(entry[3:7])]
        if not content.endswith(_FIELD_END) or _FIELD_END in content[:-1]:
            return []
        contents.append(content[:-1])
    return contents


def _by_order(entries: list[bytes], body: bytes) -> list[bytes]:
    contents = body.removesuffix(_RECORD_END).removesuffix(_FIELD_END).split(_FIELD_END)
    if len(contents) != len(entries):
        raise ValueError(f"it has {len(contents)} fields and {len(entries)} in its directory")
    return contents


@dataclass(slots=True)
class _Decoder:
    """Makes text of the fields of one record. `code_page` is that of an old Arabic catalogue."""

    is_unicode: bool
    is_unimarc: bool
    code_page: str = field(default="")

    def record(self, fields: Iterator[tuple[str, bytes]]) -> MarcRecord:
        found = list(fields)
        joined = b"\n".join(content for _, content in found)
        if not self.is_unicode and not joined.isascii():
            self._choose(joined)
        record = MarcRecord()
        for tag, content in found:
            if tag < "010":
                record.control[tag] = content.decode("utf-8", "replace").strip()
            else:
                subfields = [
                    (part[:1].decode("ascii", "replace"), self.text(part[1:]))
                    for part in content.split(_SUBFIELD)[1:]
                    if part
                ]
                record.fields.append(DataField(tag, subfields))
        return record

    def _choose(self, joined: bytes) -> None:
        """Choose the encoding of a record whose leader says MARC-8, which often is not so."""
        try:
            joined.decode()
            self.is_unicode = True
        except UnicodeDecodeError:
            if b"\x1b" not in joined:
                from indexer.sources.code_pages import detect_code_page

                found = detect_code_page(joined[next(_high(joined)) :])
                self.code_page = found.name if found is not None else ""

    def text(self, content: bytes) -> str:
        if self.is_unicode:
            try:
                return content.decode()
            except UnicodeDecodeError:
                return decode(content)
        if content.isascii() and b"\x1b" not in content:
            return content.decode()
        if self.code_page:
            return content.decode(self.code_page, "replace")
        if self.is_unimarc:
            raise UndecodableError(_NOT_UTF8)
        return _from_marc8(content)


def _high(data: bytes) -> Iterator[int]:
    return (index for index, byte in enumerate(data) if byte >= 0x80)


def _from_marc8(content: bytes) -> str:
    try:
        from pymarc.marc8 import marc8_to_unicode
    except ImportError:
        raise SourceError(
            "its records are in MARC-8; install what decodes them with: "
            "pip install 'searchd[files]'"
        ) from None
    return marc8_to_unicode(content, hide_utf8_warnings=True)
