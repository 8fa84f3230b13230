"""UNIMARC values: the columns of a catalogue record of the format of French and Maghreb libraries.

It is written in ISO 2709 and MARCXML like MARC 21, with other numbers of fields (UNIMARC Manual,
Bibliographic Format, IFLA): 200 is the title, 210 the publication, 700 and following the names.
"""

from __future__ import annotations

from collections.abc import Iterator

from indexer.sources.dates import first_date
from indexer.sources.marc_values import (
    DataField,
    MarcRecord,
    all_texts,
    first_text,
    heading,
    marc_values,
    urls,
    year_in,
)

_TITLE = "200"
_AUTHORS = ("700", "701", "702", "710", "711", "712", "720", "721", "722")
_SUBJECTS = ("600", "601", "602", "604", "605", "606", "607", "608", "610")
_PUBLICATION = ("210", "214")
_FIRST_WORDS, _LAST_WORDS = "200", "801"
_YEAR_PLACE = slice(9, 13)
_LATIN = "ba"


def is_unimarc(tags: list[str]) -> bool:
    """Return whether the fields of a record are those of UNIMARC: a title in 200 and none in 245."""
    return _TITLE in tags and "245" not in tags


def catalogue_values(record: MarcRecord, name: str, number: int) -> dict[str, object]:
    """Return the columns of a record of MARC 21 or UNIMARC, the `number`th of the file `name`."""
    made = unimarc_values if is_unimarc([each.tag for each in record.fields]) else marc_values
    return made(record, name, number)


def unimarc_values(record: MarcRecord, name: str, number: int) -> dict[str, object]:
    """Return the columns of a record, as `marc_values` does for MARC 21.

    A field in another script than the Latin one ($7) comes before its twin in that.
    """
    record = MarcRecord(record.control, sorted(record.fields, key=_is_latin))
    control_number = record.control.get("001", "")
    written = [each.text("d") for each in record.having(*_PUBLICATION)]
    coded = [each.text("a")[_YEAR_PLACE] for each in record.having("100")]
    values: dict[str, object] = {
        "id": f"{name}#{control_number or number}",
        "control_number": control_number,
        "title": first_text(record, "aehi", _TITLE),
        "author": _authors(record),
        "date": first_date(year for text in (*coded, *written) if (year := year_in(text))),
        "publisher": first_text(record, "c", *_PUBLICATION),
        "place": first_text(record, "a", *_PUBLICATION),
        "subject": list(dict.fromkeys(filter(None, map(heading, record.having(*_SUBJECTS))))),
        "series": first_text(record, "av", "225") or first_text(record, "tv", "410"),
        "language": first_text(record, "a", "101"),
        "isbn": all_texts(record, "a", "010"),
        "issn": first_text(record, "a", "011"),
        "url": next((value for each in record.having("856") for value in urls(each)), ""),
        "text": "\n".join(_lines(record)),
    }
    return {column: value for column, value in values.items() if value}


def _is_latin(each: DataField) -> bool:
    return any(code == "7" and value.startswith(_LATIN) for code, value in each.subfields)


def _authors(record: MarcRecord) -> list[str]:
    """Return the names of persons and bodies, or else the statement of responsibility."""
    names = (
        ", ".join(part for code in "ab" if (part := each.text(code).strip(" ,،")))
        for each in record.having(*_AUTHORS)
    )
    return list(dict.fromkeys(filter(None, names))) or all_texts(record, "f", _TITLE)


def _lines(record: MarcRecord) -> Iterator[str]:
    """Yield the text of each field of words; those before 200 are codes and numbers."""
    fields = sorted(
        (each for each in record.fields if _FIRST_WORDS <= each.tag < _LAST_WORDS),
        key=lambda each: each.tag,
    )
    return filter(None, (each.text() for each in fields))
