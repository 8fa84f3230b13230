"""A document: what the writer indexes and stores."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from indexer.errors import RecordError
from indexer.places import Place
from indexer.utc import in_utc

FieldValue = str | float | datetime | tuple[str, ...]
"""The value of an extra field: a text or keyword, a number, a date, or several keywords."""

DateInput = date | datetime
"""A point in time: without a time zone in UTC, and without a time midnight."""

FieldInput = FieldValue | DateInput | list[str]
"""What may be given for it besides: a date for its midnight in UTC, a list for several keywords."""

_LONGEST_SHOWN = 80
_LONG_PART = 1 << 16
"""Bytes of a part of a document above which it is hashed where it is, and not copied first."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a collection.

    `id` identifies the document in the index: writing another one with the same id replaces it.
    `title` and `text` are analysed and searched, `url` is only stored.
    `date` without a time zone is in UTC, and without a time is its midnight.
    `fields` are the values of extra fields, by the names that the index was created with.
    `origin` is where the document was read (`news.jsonl:17`), for error messages; it is not stored.
    `places` are the pages, sheets or other places of `text`, in order.
    """

    id: str
    text: str
    title: str = ""
    url: str = ""
    date: DateInput | None = None
    fields: Mapping[str, FieldInput] = field(default_factory=dict)
    origin: str = ""
    places: Sequence[Place] = ()

    @property
    def where(self) -> str:
        """What an error message calls the document: its origin, or else its id."""
        return self.origin or f"the document {shortened(self.id)}"

    def content_hash(self) -> bytes:
        """Return 16 bytes that differ for documents that differ in anything indexed or stored.

        A document has the same hash when it was stored and read back: `verify` compares them.
        Raises RecordError for a lone surrogate, which is not text and cannot be stored.
        """
        digest = hashlib.blake2b(digest_size=16)
        title = self.title.replace("\0", " ")  # as it is stored
        date = in_utc(self.date).isoformat() if self.date else ""
        parts = [self.id, title, self.text, self.url, date]
        parts += [
            part for name, value in sorted(self.fields.items()) for part in (name, _encode(value))
        ]
        for place in self.places:
            parts += ["\0place", str(place.start), place.kind, place.label]
        pieces: list[bytes] = []
        for part in parts:
            try:
                data = part.encode("utf-16-le")  # five times as fast as UTF-8
            except UnicodeEncodeError as error:
                raise RecordError(
                    self.where,
                    f"it holds the lone surrogate U+{ord(part[error.start]):04X}, which is not a "
                    f"character; replace it, as indexer.scalars.clean does",
                ) from None
            pieces.append(len(data).to_bytes(8, "little"))
            if len(data) > _LONG_PART:
                digest.update(b"".join(pieces))
                digest.update(data)
                pieces = []
            else:
                pieces.append(data)
        digest.update(b"".join(pieces))
        return digest.digest()


def _encode(value: FieldInput) -> str:
    """Return a text that differs for values that differ or are of different types."""
    match value:
        case str():
            return f"'{value}"
        case tuple() | list():
            return "".join(f"{len(word)}'{word}" for word in value)
        case date():
            return in_utc(value).isoformat()
        case _:
            return json.dumps(value)


def shortened(value: object) -> str:
    """Return a value as an error message shows it, cut short where it is long."""
    shown = repr(value)
    return shown if len(shown) <= _LONGEST_SHOWN else f"{shown[:_LONGEST_SHOWN]}..."
