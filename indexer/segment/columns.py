"""The values of a document's extra fields, as the columns of a segment hold them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from analyzers.normalization.folding import fold
from indexer.errors import RecordError
from indexer.fields import FieldSpec, FieldType
from indexer.segment.stored_fields import to_milliseconds

if TYPE_CHECKING:
    from indexer.document import Document, FieldValue


@dataclass(slots=True)
class ColumnValues:
    """What a document has for each field: numbers, dates in milliseconds, keywords, texts."""

    numbers: dict[str, float] = field(default_factory=dict)
    keywords: dict[str, tuple[str, ...]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)


def column_values(document: Document, extra: Sequence[FieldSpec]) -> ColumnValues:
    """Return the values of a document, keywords folded so that filters meet every spelling.

    Raises RecordError where a field is not one of the index or its value not of its type.
    """
    values = ColumnValues()
    if document.date is not None:
        values.numbers["date"] = to_milliseconds(document.date)
    if document.fields:
        types = {spec.name: spec.type for spec in extra}
        for name, value in document.fields.items():
            if name not in types:
                raise RecordError(document.where, f"the index has no field {name!r}")
            if not _put(values, name, types[name], value):
                raise RecordError(
                    document.where, f"the field {name!r} holds {value!r}, which is no {types[name]}"
                )
    return values


def _put(values: ColumnValues, name: str, kind: FieldType, value: FieldValue) -> bool:
    """Put a value in its place; tell whether it is of its type."""
    match kind, value:
        case FieldType.KEYWORD, str():
            values.keywords[name] = (fold_keyword(value),)
        case FieldType.KEYWORD, tuple():
            values.keywords[name] = tuple(map(fold_keyword, value))
        case FieldType.TEXT, str():
            values.texts[name] = value
        case FieldType.NUMBER, _ if isinstance(value, float | int):
            values.numbers[name] = float(value)
        case FieldType.DATE, datetime():
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
