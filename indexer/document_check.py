"""The check of a document before it is written: each part must have a type that can be stored."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from indexer.document import Document, shortened
from indexer.errors import RecordError
from indexer.fields import FieldSpec, FieldType
from indexer.places import check_places
from indexer.utc import in_utc

_TO_GIVE = {
    FieldType.KEYWORD: "give a str, or a list or tuple of str",
    FieldType.TEXT: "give a str",
    FieldType.NUMBER: "give an int or a float",
    FieldType.DATE: "give a datetime or a date",
}


def check_document(document: Document, extra: Sequence[FieldSpec]) -> None:
    """Raise RecordError for a document that cannot be stored, and say what to give instead.

    `extra` are the extra fields of the index.
    """
    if not isinstance(document, Document):
        raise RecordError(
            f"a value of type {type(document).__name__}",
            "it is no document; make one with searchd.Document(id, text)",
        )
    check_id_type(document.id)
    if not document.id:
        raise RecordError(
            document.where,
            "the id is empty; give each document an id of its own, by which it can be replaced",
        )
    for name in ("text", "title", "url"):
        value = getattr(document, name)
        if not isinstance(value, str):
            raise _wrong_type(document, f"the {name}", value, _TO_GIVE[FieldType.TEXT])
    if document.date is not None:
        _check_moment(document, "the date", document.date)
    if document.fields != {}:
        _check_fields(document, extra)
    if document.places != ():
        _check_places(document)


def _check_places(document: Document) -> None:
    try:
        check_places(document.places)
    except (ValueError, TypeError) as error:
        raise RecordError(document.where, f"places: {error}") from None
    if document.places and document.places[-1].start > len(document.text):
        last = document.places[-1]
        raise RecordError(
            document.where,
            f"the place {last.label!r} starts at {last.start:,}, behind the end of the text "
            f"({len(document.text):,}); give places of this text",
        )


def check_id_type(document_id: object) -> None:
    """Raise RecordError for an id that is not a str."""
    if not isinstance(document_id, str):
        raise RecordError(
            f"the document {shortened(document_id)}",
            f"the id is of type {type(document_id).__name__}; give a str, for example str(number)",
        )


def _check_fields(document: Document, extra: Sequence[FieldSpec]) -> None:
    fields = document.fields
    if not isinstance(fields, Mapping):
        raise _wrong_type(document, "fields", fields, "give a mapping of names to values")
    types = {spec.name: spec.type for spec in extra}
    for name, value in fields.items():
        if name not in types:
            raise RecordError(
                document.where,
                f"the index has no field {shortened(name)}, its extra fields are "
                f"{', '.join(types) or '(none)'}; leave it out, or build the index again with it",
            )
        _check_value(document, f"the field {name!r} of type {types[name]}", types[name], value)


def _check_value(document: Document, what: str, kind: FieldType, value: object) -> None:
    match kind, value:
        case ((FieldType.KEYWORD | FieldType.TEXT), str()):
            return
        case FieldType.KEYWORD, (list() | tuple()):
            for word in value:
                if not isinstance(word, str):
                    raise _wrong_type(document, f"{what}, in its list,", word, _TO_GIVE[kind])
        case FieldType.NUMBER, (int() | float()) if not isinstance(value, bool):
            if not _is_finite(value):
                raise _no_value(document, what, value, "no finite number of double precision")
        case FieldType.DATE, date():
            _check_moment(document, what, value)
        case _:
            raise _wrong_type(document, what, value, _TO_GIVE[kind])


def _is_finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:  # an int that no float can hold
        return False


def _check_moment(document: Document, what: str, value: object) -> None:
    if not isinstance(value, date):
        raise _wrong_type(document, what, value, _TO_GIVE[FieldType.DATE])
    try:
        datetime.fromisoformat(in_utc(value).isoformat())
    except (ValueError, TypeError, OverflowError):  # also of what pandas has for no date
        raise _no_value(
            document, what, value, "no point in time from year 1 to 9999 in UTC"
        ) from None


def _wrong_type(document: Document, what: str, value: object, to_give: str) -> RecordError:
    kind = type(value).__name__
    return RecordError(
        document.where, f"{what} holds a value of type {kind}, {shortened(value)}; {to_give}"
    )


def _no_value(document: Document, what: str, value: object, why: str) -> RecordError:
    return RecordError(
        document.where, f"{what} holds {shortened(value)}, which is {why}; leave it out or mend it"
    )
