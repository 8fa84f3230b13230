"""A document as Whoosh takes it: a value for each field of the schema, every word analysed once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from analyzers import Analyzer
from analyzers.analysis import Terms
from analyzers.characters import fold
from indexer import schema, stored
from indexer.document import Document, FieldValue
from indexer.errors import RecordError
from indexer.fields import FieldSpec, FieldType

KEYWORD_SEPARATOR = "\x1f"


def whoosh_values(
    document: Document, digest: bytes, extra: Sequence[FieldSpec], analyzer: Analyzer
) -> dict[str, Any]:
    """Return the values of a document for `indexer.schema.whoosh_schema(extra)`.

    Raises RecordError where a field is not one of the index or its value not of its type.
    """
    title = analyzer.terms(document.title)
    text = analyzer.terms(document.text)
    values: dict[str, Any] = {
        schema.ID_FIELD: document.id,
        schema.HASH_FIELD: digest,
        schema.LENGTH_FIELD: float(schema.TITLE_WEIGHT * len(title) + len(text)),
        schema.STORED_FIELD: stored.pack(document),
        **{level: _level_terms(level, title, text) for level in schema.LEVELS},
        **_levels("title", title, ()),
    }
    if document.date is not None:
        values[schema.column_field("date")] = stored.to_milliseconds(document.date)
    specs = {spec.name: spec for spec in extra}
    for name, value in document.fields.items():
        if name not in specs:
            raise RecordError(document.where, f"the index has no field {name!r}")
        if specs[name].type is FieldType.TEXT and isinstance(value, str):
            values |= _levels(name, (), analyzer.terms(value))
        else:
            values[schema.column_field(name)] = _column_value(value, specs[name], document)
    return values


def _levels(name: str, title: Sequence[Terms], text: Sequence[Terms]) -> dict[str, Any]:
    return {
        schema.text_field(name, level): _level_terms(level, title, text) for level in schema.LEVELS
    }


def _level_terms(level: str, title: Sequence[Terms], text: Sequence[Terms]) -> schema.LevelTerms:
    return schema.LevelTerms(
        [getattr(terms, level) for terms in title], [getattr(terms, level) for terms in text]
    )


def _column_value(value: FieldValue, spec: FieldSpec, document: Document) -> bytes | float:
    """Return a value as its column holds it; keywords folded, so filters meet every spelling."""
    kind = spec.type
    if kind is FieldType.KEYWORD and isinstance(value, str):
        return fold_keyword(value).encode()
    if kind is FieldType.KEYWORD and isinstance(value, tuple):
        return KEYWORD_SEPARATOR.join(map(fold_keyword, value)).encode()
    if kind is FieldType.NUMBER and isinstance(value, float | int):
        return float(value)
    if kind is FieldType.DATE and isinstance(value, datetime):
        return stored.to_milliseconds(value)
    raise RecordError(
        document.where, f"the field {spec.name!r} holds {value!r}, which is no {spec.type}"
    )


def fold_keyword(keyword: str) -> str:
    """Return the form in which keywords are compared: folded word by word, spaces single.

    >>> fold_keyword("الرِّياضة  المحلية") == fold_keyword("الرياضه المحليه")
    True
    """
    return " ".join(map(fold, keyword.split()))
