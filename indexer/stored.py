"""The stored part of a document: what a hit shows, compressed, without pickles."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from indexer.document import Document, FieldValue
from indexer.errors import IndexDamagedError

_LEVEL = 3  # of compression: 6 takes twice the time for 4 % less


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """What an index gives back of a document."""

    id: str
    title: str
    text: str
    url: str
    date: datetime | None
    fields: Mapping[str, FieldValue]


def in_utc(moment: datetime) -> datetime:
    """Return a point in time in UTC; without a zone it is taken as UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def to_milliseconds(moment: datetime) -> float:
    """Return a point in time as milliseconds since 1970 in UTC."""
    return in_utc(moment).timestamp() * 1000


def pack(document: Document) -> bytes:
    """Return the stored form of a document."""
    values = {
        "id": document.id,
        "title": document.title,
        "text": document.text,
        "url": document.url,
        "date": in_utc(document.date).isoformat() if document.date else None,
        "fields": {name: _pack_value(value) for name, value in document.fields.items()},
    }
    return zlib.compress(json.dumps(values, ensure_ascii=False).encode(), _LEVEL)


def unpack(data: bytes) -> StoredDocument:
    """Return the document that `pack` packed. Raises IndexDamagedError."""
    try:
        values = json.loads(zlib.decompress(data))
        return StoredDocument(
            id=values["id"],
            title=values["title"],
            text=values["text"],
            url=values["url"],
            date=datetime.fromisoformat(values["date"]) if values["date"] else None,
            fields={name: _unpack_value(value) for name, value in values["fields"].items()},
        )
    except (zlib.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamagedError(
            f"a stored document cannot be read ({error}); build the index again with "
            f"'searchd index --rebuild'"
        ) from error


def _pack_value(value: FieldValue) -> object:
    if isinstance(value, datetime):
        return {"date": in_utc(value).isoformat()}
    return list(value) if isinstance(value, tuple) else value


def _unpack_value(value: object) -> FieldValue:
    match value:
        case {"date": str(text)}:
            return datetime.fromisoformat(text)
        case list():
            return tuple(map(str, value))
        case str() | float() | int():
            return value
    raise ValueError(f"unexpected value {value!r}")
