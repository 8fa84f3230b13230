"""Stored documents and their highlights as plain values for JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from indexer.fields import STANDARD_FIELDS, FieldType
from indexer.mapping import PLACES_COLUMN
from searchd.results import place_to_dict, plain_value, term_to_dict

if TYPE_CHECKING:
    from indexer.document import Document
    from searchd.document_highlights import DocumentMatch, HighlightedDocument


def document_to_dict(document: Document) -> dict[str, Any]:
    """Return a document, its extra fields in an object of their own; dates in ISO 8601."""
    return {
        "id": document.id,
        "title": document.title,
        "url": document.url,
        "date": document.date.isoformat() if document.date else None,
        "fields": _fields(document.fields),
        "text": document.text,
        "places": list(map(place_to_dict, document.places)),
    }


def document_to_record(document: Document) -> dict[str, Any]:
    """Return a document as `searchd index` reads it: extra fields beside the others, nothing empty.

    Its places are the value `PLACES_COLUMN`.
    """
    record = document_to_dict(document)
    fields: dict[str, Any] = record.pop("fields")
    record[PLACES_COLUMN] = record.pop("places")
    return {name: value for name, value in record.items() if value} | fields


def highlighted_to_dict(document: HighlightedDocument) -> dict[str, Any]:
    """Return a document with its matches."""
    return {
        "id": document.id,
        "title": document.title,
        "title_matches": _matches(document.title_matches),
        "url": document.url,
        "date": document.date.isoformat() if document.date else None,
        "fields": _fields(document.fields),
        "field_matches": {
            name: _matches(matches) for name, matches in document.field_matches.items()
        },
        "text": document.text,
        "start": document.start,
        "end": document.end,
        "length": document.length,
        "places": list(map(place_to_dict, document.places)),
        "matches": _matches(document.matches),
        "previous_match": document.previous_match,
        "next_match": document.next_match,
        "terms": [term_to_dict(term) for term in document.terms],
    }


def field_options(fields: Sequence[tuple[str, str]]) -> str:
    """Return the options of `searchd index` that read the extra fields of exported documents.

    `fields` are the names and types of the fields of an index.

    >>> field_options([("title", "text"), ("category", "keyword"), ("price", "number")])
    '--field category --field price:number'
    """
    return " ".join(
        f"--field {name}" if kind == FieldType.KEYWORD else f"--field {name}:{kind}"
        for name, kind in fields
        if name not in STANDARD_FIELDS
    )


def _matches(matches: Sequence[DocumentMatch]) -> list[dict[str, Any]]:
    return [
        {"start": each.start, "end": each.end, "level": str(each.level), "term": each.term}
        for each in matches
    ]


def _fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain_value(value) for name, value in fields.items()}
