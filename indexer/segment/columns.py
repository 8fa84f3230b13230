"""Columns: the values of a document's date and extra fields, in the form that a segment stores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from analyzers.normalization.folding import fold
from indexer.errors import RecordError
from indexer.fields import FieldSpec, FieldType
from indexer.segment.stored_fields import to_milliseconds

if TYPE_CHECKING:
    from indexer.document import Document, FieldInput


@dataclass(slots=True)
class ColumnValues:
    """The values of one document by field name.

    `numbers` are numbers and dates (milliseconds since 1970 in UTC), `keywords` are folded, `texts`
    are the extra text fields as written.
    """

    numbers: dict[str, float] = field(default_factory=dict)
    keywords: dict[str, tuple[str, ...]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)


def column_values(document: Document, extra: Sequence[FieldSpec]) -> ColumnValues:
    """Return the values of a document, keywords folded so that filters match every spelling.

    Raises RecordError for a field that the index does not have and for a value of another type.
    """
    values = ColumnValues()
    if document.date is not None:
        values.numbers["date"] = to_milliseconds(document.date)
    if document.fields:
        types = {spec.name: spec.type for spec in extra}
        for name, value in document.fields.items():
            if name not in types:
                raise RecordError(document.where, f"the index has no field {name!r}")
            if not _add_value(values, name, types[name], value):
                raise RecordError(
                    document.where, f"the field {name!r} holds {value!r}, which is no {types[name]}"
                )
    return values


def _add_value(values: ColumnValues, name: str, field_type: FieldType, value: FieldInput) -> bool:
    """Add a value to the values of its type; return False where it is of another type."""
    match field_type, value:
        case FieldType.KEYWORD, str():
            values.keywords[name] = (fold_keyword(value),)
        case FieldType.KEYWORD, (tuple() | list()):
            values.keywords[name] = tuple(map(fold_keyword, value))
        case FieldType.TEXT, str():
            values.texts[name] = value
        case FieldType.NUMBER, _ if isinstance(value, float | int):
            values.numbers[name] = float(value)
        case FieldType.DATE, date():
            values.numbers[name] = to_milliseconds(value)
        case _:
            return False
    return True


def fold_keyword(keyword: str) -> str:
    """Return the form in which keywords are compared: folded word by word, spaces single.

    >>> fold_keyword("الرِّياضة  المحلية") == fold_keyword("الرياضه المحليه")
    True
    """
    return " ".join(map(fold, keyword.split()))
