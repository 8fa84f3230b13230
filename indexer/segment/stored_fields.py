"""Stored fields: what a hit shows of a document besides its text, packed as one text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from indexer.damage import UNFIT
from indexer.errors import IndexDamagedError
from indexer.utc import in_utc

if TYPE_CHECKING:
    from indexer.document import Document, FieldInput, FieldValue

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class StoredFields(NamedTuple):
    """The fields of a document that an index stores, except its text; `date` is in UTC."""

    id: str
    title: str
    url: str
    date: datetime | None
    fields: Mapping[str, FieldValue]


def to_milliseconds(moment: date) -> float:
    """Return a point in time as milliseconds since 1970 in UTC."""
    return (in_utc(moment) - _EPOCH) / timedelta(milliseconds=1)


def pack_stored_fields(document: Document) -> str:
    """Return the fields of a document except its text as one text: title, other fields, id.

    NUL bytes separate the three. The other fields are JSON, and empty where a document has none.
    They are stored apart from the text because every hit needs them.
    """
    others = {
        "url": document.url,
        "date": in_utc(document.date).isoformat() if document.date is not None else None,
        "fields": {name: _pack_value(value) for name, value in document.fields.items()},
    }
    written = json.dumps(others, ensure_ascii=False) if any(others.values()) else ""
    return "\0".join((document.title.replace("\0", " "), written, document.id))


def id_of(packed: str) -> bytes:
    """Return the id in packed stored fields, in UTF-8."""
    return packed.split("\0", 2)[2].encode()


def unpack_stored_fields(packed: str) -> StoredFields:
    """Return the fields that `pack_stored_fields` packed. Raises IndexDamagedError."""
    try:
        title, others, document_id = packed.split("\0", 2)
        if not others:
            return StoredFields(document_id, title, "", None, {})
        values = json.loads(others)
        if "\\u" in others:
            json.dumps(values, ensure_ascii=False).encode()  # raises for a lone surrogate
        return StoredFields(
            id=document_id,
            title=title,
            url=_text(values["url"]),
            date=_date(values["date"]) if values["date"] else None,
            fields={name: _unpack_value(value) for name, value in values["fields"].items()},
        )
    except UNFIT as error:
        raise IndexDamagedError(
            f"a stored document cannot be read ({error}); build the index again with "
            f"'searchd index --rebuild'"
        ) from error


def _pack_value(value: FieldInput) -> object:
    if isinstance(value, date):
        return {"date": in_utc(value).isoformat()}
    return list(value) if isinstance(value, tuple) else value


def _unpack_value(value: object) -> FieldValue:
    match value:
        case {"date": str(text)}:
            return _date(text)
        case list():
            return tuple(map(_text, value))
        case int():
            float(value)  # raises for one that no column holds
            return value
        case str() | float():
            return value
    raise ValueError(f"unexpected value {str(value)[:50]!r}")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"unexpected value {str(value)[:50]!r}")  # noqa: TRY004 - all are damage
    return value


def _date(text: str) -> datetime:
    return in_utc(datetime.fromisoformat(text))
