"""Partial updates: the values of a record put into those of a stored document."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from indexer.document import Document, FieldInput
from indexer.fields import STANDARD_FIELDS, FieldMap
from indexer.mapping import PLACES_COLUMN, is_nested, resolve_columns
from indexer.utc import in_utc

TEXTS = frozenset({"title", "text"})
"""The fields whose damage the repair of a document looks at together."""


def given_fields(values: Mapping[str, object], field_map: FieldMap) -> frozenset[str]:
    """Return the names of the fields that the columns of a record give, also those given as null.

    >>> sorted(given_fields({"id": "1", "العنوان": "خبر"}, FieldMap()))
    ['id', 'title']
    """
    columns = resolve_columns(values, field_map)
    standard = {name: getattr(columns, name) for name in STANDARD_FIELDS}
    by_name = standard | {spec.name: spec.column for spec in field_map.extra}
    return frozenset(
        name for name, column in by_name.items() if column in values or is_nested(values, column)
    )


def merge_values(
    values: Mapping[str, object], stored: Document, field_map: FieldMap
) -> dict[str, object]:
    """Return the values of a whole record: those that are given, and of `stored` all others.

    A null takes a value away. A list replaces a list. The places of a text stay until another text
    is given. The result is read by `indexer.mapping.to_document` with the same field map.

    >>> stored = Document("1", "نص", title="خبر")
    >>> merge_values({"id": "1", "title": "خبر آخر"}, stored, FieldMap())
    {'text': 'نص', 'id': '1', 'title': 'خبر آخر'}
    """
    given = given_fields(values, field_map)
    kept: dict[str, object] = {
        "title": stored.title,
        "text": stored.text,
        "url": stored.url,
        "date": in_utc(stored.date).isoformat() if stored.date else "",
    }
    merged = {name: value for name, value in kept.items() if value and name not in given}
    for spec in field_map.extra:
        if spec.name not in given and spec.name in stored.fields:
            merged[spec.column] = _plain(stored.fields[spec.name])
    if "text" not in given and stored.places:
        merged[PLACES_COLUMN] = [
            {"start": place.start, "kind": place.kind, "label": place.label}
            for place in stored.places
        ]
    return merged | dict(values)


def _plain(value: FieldInput) -> object:
    """Return the value of an extra field as a record has it."""
    return value.isoformat() if isinstance(value, datetime) else value
