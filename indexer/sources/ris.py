"""RIS: references as reference managers exchange them, a record for each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import blake2b

from indexer.sources.dates import first_date
from indexer.sources.limits import RECORD_LIMIT, too_long
from indexer.sources.lines import DecodedLines
from indexer.sources.opening import Input
from indexer.sources.records import BadRecord, Record

_FIELD = re.compile(r"([A-Z][A-Z0-9]) {1,2}-(?: (.*))?$")
_TITLES = ("TI", "T1", "CT", "BT")
_TEXTS = ("AB", "N2", "N1", "T2", "T3", "JO", "JF", "JA", "ST", "TT")
_LISTS = {"author": ("AU", "A1"), "editor": ("ED", "A2", "A3"), "subject": ("KW",)}
_SINGLE = {
    "type": ("TY",),
    "journal": ("JO", "JF", "T2", "JA"),
    "publisher": ("PB",),
    "place": ("CY", "PP"),
    "language": ("LA",),
    "volume": ("VL",),
    "issue": ("IS",),
    "isbn": ("SN",),
    "doi": ("DO",),
}
_DATES = ("DA", "PY", "Y1", "Y2")
_NO_REFERENCE = (
    "no reference in the file; each begins with a line like 'TY  - JOUR' and ends with 'ER  - '"
)


def read_ris(source: Input) -> Iterator[Record | BadRecord]:
    """Yield a record per reference, from `TY` to `ER`.

    The columns are title, text (abstract and notes), author, editor, date, subject, journal,
    publisher, place, language, volume, issue, isbn, doi, url and type. The id is the name of the
    file with the reference's own id, or else a hash of it. A reference without an end, or with bytes that are not
    valid in the encoding of the file, is a BadRecord.
    """
    lines = DecodedLines(source)
    fields: dict[str, list[list[str]]] = {}  # the lines of each value
    first = length = 0
    tag = ""
    found = False
    for line in lines:
        field = _FIELD.match(line.rstrip("\r\n").lstrip("\ufeff"))
        if field is None:
            if fields and tag and line.strip() and length <= RECORD_LIMIT:  # a long value goes on
                fields[tag][-1].append(line.strip())
            length += len(line)
            continue
        tag, value = field[1], (field[2] or "").strip()
        if tag == "TY":
            if fields:
                yield _finish(source, lines, first, fields, "no ER before the next TY")
            fields, first, length, found = {"TY": [[value]]}, lines.number, 0, True
        elif tag == "ER":
            if fields:
                yield _finish(
                    source, lines, first, fields, too_long("it") if length > RECORD_LIMIT else ""
                )
            fields = {}
        elif fields and length <= RECORD_LIMIT:
            fields.setdefault(tag, []).append([value])
            length += len(value)
    if fields:
        yield _finish(source, lines, first, fields, "no ER before the end of the file")
    elif not found:
        yield BadRecord(source.origin, _NO_REFERENCE, lines.take()[0])


def _finish(
    source: Input,
    lines: DecodedLines,
    first: int,
    lines_of: dict[str, list[list[str]]],
    reason: str,
) -> Record | BadRecord:
    origin = f"{source.origin}:{first}"
    size, damage = lines.take()
    if damage or reason:
        return BadRecord(origin, damage or f"the reference is not sound: {reason}", size)
    fields = {tag: [" ".join(value) for value in values] for tag, values in lines_of.items()}

    def values_of(*tags: str) -> list[str]:
        return [value for each in tags for value in fields.get(each, ()) if value]

    def single(*tags: str) -> str:
        return next(iter(values_of(*tags)), "")

    title = single(*_TITLES) or single("T2")
    texts = dict.fromkeys(values_of(*_TEXTS))
    key = single("ID") or single("DO")
    digest = blake2b(repr(sorted(fields.items())).encode("utf-8", "replace"), digest_size=8)
    doi = single("DO")
    values: dict[str, object] = {
        "id": f"{source.file.name}#{key or digest.hexdigest()}",
        "title": title,
        "text": "\n".join(value for value in texts if value != title),
        "date": first_date(value.rstrip("/") for value in values_of(*_DATES)),
        "url": single("UR", "L2", "LK") or (f"https://doi.org/{doi}" if doi else ""),
        **{column: values_of(*tags) for column, tags in _LISTS.items()},
        **{column: single(*tags) for column, tags in _SINGLE.items()},
    }
    return Record(origin, {column: value for column, value in values.items() if value}, size)
