"""A document: what every source yields and the writer stores."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

FieldValue = str | float | datetime | tuple[str, ...]
"""The value of an extra field: text, a number, a point in time (UTC), or several keywords."""

_NO_FIELDS: Mapping[str, FieldValue] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Document:
    """One searchable unit of a collection.

    `id` names the document in the index: writing another one with the same id replaces it.
    `title` and `text` are analysed and searched; `url` is stored only; `date` is in UTC.
    `fields` holds the extra fields that the index was created with, by name.
    `origin` says where the document was read (`news.jsonl:17`), for error messages.
    """

    id: str
    text: str
    title: str = ""
    url: str = ""
    date: datetime | None = None
    fields: Mapping[str, FieldValue] = field(default_factory=lambda: _NO_FIELDS)
    origin: str = ""

    def content_hash(self) -> bytes:
        """Return 16 bytes that change whenever anything that is indexed or stored changes."""
        digest = hashlib.blake2b(digest_size=16)
        parts = [self.id, self.title, self.text, self.url, repr(self.date)]
        parts += [f"{name}={value!r}" for name, value in sorted(self.fields.items())]
        for part in parts:
            data = part.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "little"))
            digest.update(data)
        return digest.digest()
