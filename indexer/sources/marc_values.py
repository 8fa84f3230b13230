"""MARC values: the columns of a catalogue record, from ISO 2709 and from MARCXML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from indexer.sources.dates import first_date

_AUTHORS = frozenset({"100", "110", "111", "700", "710", "711", "720"})
_SUBJECTS = frozenset({"600", "610", "611", "630", "648", "650", "651", "653", "655"})
_NAME_CODES = "abcq"
_LINKING = frozenset("0123456789uw")
"""Subfields that hold numbers, links and codes, and no words of the record."""

_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")
# Non-sorting marks of MARC, other controls, and the direction marks around each Arabic subfield.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e]+")
_END = " /:;,=.،؛"
_SUBDIVISIONS = "vxyz"


@dataclass(frozen=True, slots=True)
class DataField:
    """One field: its tag (`245`), and its subfields as code and text, in order."""

    tag: str
    subfields: list[tuple[str, str]]

    def text(self, codes: str = "") -> str:
        """Return the text of the subfields with one of some codes, or of all that hold words."""
        texts = [
            _cleaned(value)
            for code, value in self.subfields
            if (code in codes if codes else code not in _LINKING)
        ]
        return " ".join(filter(None, texts))

    @property
    def linked_tag(self) -> str:
        """The tag of the field whose original script this one (880) has, else its own."""
        if self.tag != "880":
            return self.tag
        return next((value[:3] for code, value in self.subfields if code == "6"), "880")


def _cleaned(value: str) -> str:
    """Return the text of a subfield without controls, with single spaces."""
    if value.isprintable() and "  " not in value:
        return value.strip()
    return " ".join(_CONTROLS.sub("", value).split())


@dataclass(slots=True)
class MarcRecord:
    """One catalogue record: its control fields by tag, and its other fields in order.

    Fields may be added until they are first asked for by their tags.
    """

    control: dict[str, str] = field(default_factory=dict)
    fields: list[DataField] = field(default_factory=list)
    _places: dict[str, list[tuple[bool, int]]] = field(default_factory=dict)

    def having(self, *tags: str) -> Iterator[DataField]:
        """Yield the fields with one of some tags, those in the original script first."""
        if not self._places:
            for place, each in enumerate(self.fields):
                self._places.setdefault(each.linked_tag, []).append((each.tag != "880", place))
        places = [place for tag in tags for place in self._places.get(tag, ())]
        return (self.fields[place] for _is_own, place in sorted(places))


def from_marcxml(element: Element) -> MarcRecord:
    """Return the record of a <record> of MARCXML."""
    record = MarcRecord()
    for child in element:
        tag = child.get("tag", "")
        if child.tag == "controlfield":
            record.control[tag] = (child.text or "").strip()
        elif child.tag == "datafield":
            subfields = [(each.get("code", ""), each.text or "") for each in child]
            record.fields.append(DataField(tag, subfields))
    return record


def marc_values(record: MarcRecord, name: str, number: int) -> dict[str, object]:
    """Return the columns of a record, the `number`th of the file `name`.

    The title and the authors are in the original script first; the text has a line per field of
    words. The id is the name of the file and the control number (001), or else `number`.
    """
    control_number = record.control.get("001", "")
    fixed = record.control.get("008", "").ljust(40)
    written = [each.text("cg") for each in record.having("260", "264")]
    dates = (year for text in (fixed[7:11], *written) if (year := year_in(text)))
    language = fixed[35:38].strip(" |")
    values: dict[str, object] = {
        "id": f"{name}#{control_number or number}",
        "control_number": control_number,
        "title": first_text(record, "abnp", "245"),
        "author": all_texts(record, _NAME_CODES, *_AUTHORS),
        "date": first_date(dates),
        "publisher": first_text(record, "b", "260", "264"),
        "place": first_text(record, "a", "260", "264"),
        "subject": list(dict.fromkeys(filter(None, map(heading, record.having(*_SUBJECTS))))),
        "series": first_text(record, "av", "490", "440"),
        "language": language or first_text(record, "a", "041"),
        "isbn": [isbn for each in record.having("020") if (isbn := each.text("a"))],
        "issn": first_text(record, "a", "022"),
        "url": next((value for each in record.having("856") for value in urls(each)), ""),
        "text": "\n".join(_lines(record)),
    }
    return {column: value for column, value in values.items() if value}


def _lines(record: MarcRecord) -> Iterator[str]:
    """Yield the text of each field of words, of 880 behind the field that it is linked to."""
    fields = sorted(
        (each for each in record.fields if "100" <= each.linked_tag < "856" or each.tag == "880"),
        key=lambda each: each.linked_tag,
    )
    return filter(None, (each.text() for each in fields))


def heading(each: DataField) -> str:
    """Return a heading as catalogues show it: `Islam -- 20th century`."""
    parts = [each.text("abcdqt")] + [
        DataField(each.tag, [part]).text() for part in each.subfields if part[0] in _SUBDIVISIONS
    ]
    return " -- ".join(part.rstrip(_END) for part in parts if part)


def year_in(text: str) -> str:
    """Return the first year of a text, from 1400 to 2099; empty for none."""
    found = _YEAR.search(text)
    return found[1] if found else ""


def urls(each: DataField) -> Iterator[str]:
    """Return the addresses of a field 856."""
    return (value.strip() for code, value in each.subfields if code == "u" and value.strip())


def all_texts(record: MarcRecord, codes: str, *tags: str) -> list[str]:
    """Return the different texts of the subfields `codes` of the fields with one of some tags."""
    texts = (each.text(codes).rstrip(_END) for each in record.having(*tags))
    return list(dict.fromkeys(filter(None, texts)))


def first_text(record: MarcRecord, codes: str, *tags: str) -> str:
    """Return the first of them, empty for none."""
    return next(iter(all_texts(record, codes, *tags)), "")
