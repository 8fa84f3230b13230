"""Mapping: a record of any source becomes a document, by the columns of a field map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from indexer.document import Document, FieldValue
from indexer.errors import RecordError
from indexer.fields import STANDARD_FIELDS, FieldMap, FieldSpec, FieldType
from indexer.nested_columns import nested_value
from indexer.places import Place, PlaceKind
from indexer.scalars import clean, parse_date, parse_number
from indexer.sources.records import Record

ID_LIMIT = 512
"""The longest id in characters. A longer one is a text from the wrong column."""

PLACES_COLUMN = "_places"
"""The column of the places of a text in exported documents."""

_PLACE_FORM = 'write them as \'searchd export\' does: [{"start": 0, "kind": "page", "label": "1"}]'
ARABIC_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("المعرف", "معرف", "الرقم", "رقم"),
    "title": ("العنوان", "عنوان"),
    "text": ("النص", "نص", "المتن", "متن"),
    "date": ("التاريخ", "تاريخ"),
    "url": ("الرابط", "رابط"),
}
"""The Arabic names of the columns of the standard fields, which count where there is no other."""

_ID_FORMS = "write it as text or a whole number"
_SCALARS = (str, int, float)


def to_document(record: Record, field_map: FieldMap, *, id_prefix: str = "") -> Document:
    """Return the document that a record describes, whose id begins with `id_prefix`.

    An id and a title or a text are required. An empty value or null means that the document has no
    such field. Lone surrogates become U+FFFD and NUL a space, because neither can be stored.
    Raises RecordError with the origin of the record and the reason.
    """
    values = record.values
    columns = resolve_columns(values, field_map)
    try:
        title = _text(values, columns.title).strip()
        text = _text(values, columns.text)
        if not title and (not text or text.isspace()):
            raise ValueError(
                f"no title and no text: the columns {columns.title!r} and {columns.text!r} are "
                f"empty{_list_columns(values)}; name another with --field text=COLUMN"
            )
        fields: dict[str, FieldValue] = {}
        for spec in field_map.extra:
            value = _field(values, spec)
            if value is not None:
                fields[spec.name] = value
        return Document(
            id=_id(values, columns.id, id_prefix),
            text=text,
            title=title,
            url=_text(values, columns.url).strip(),
            date=parse_date(written) if (written := _scalar(values, columns.date)) else None,
            fields=fields,
            origin=record.origin,
            places=_places(record) if columns.text == "text" else (),
        )
    except ValueError as error:
        raise RecordError(record.origin, str(error)) from None


def _places(record: Record) -> tuple[Place, ...]:
    """Return the places of a text, which a file has, or which were exported with it."""
    exported = record.values.get(PLACES_COLUMN)
    if record.places or not exported:
        return record.places
    if not isinstance(exported, list) or not all(isinstance(each, Mapping) for each in exported):
        raise ValueError(f"the column {PLACES_COLUMN!r} is no list of places; {_PLACE_FORM}")
    try:
        return tuple(
            Place(each["start"], PlaceKind(each["kind"]), each["label"]) for each in exported
        )
    except (KeyError, ValueError):
        raise ValueError(
            f"a place in the column {PLACES_COLUMN!r} has no start, kind or label; {_PLACE_FORM}"
        ) from None


def resolve_columns(values: Mapping[str, object], field_map: FieldMap) -> FieldMap:
    """Return the columns to read of a record: the default one where a given one is missing.

    So one run may read articles with a column `body` and text files, which have only `text`. A table
    without either may have the Arabic name.
    """
    columns = field_map
    for name in STANDARD_FIELDS:
        column = getattr(field_map, name)
        if column in values or is_nested(values, column):
            continue
        found = next((each for each in (name, *ARABIC_COLUMNS[name]) if each in values), None)
        if found is not None:
            columns = replace(columns, **{name: found})  # type: ignore[arg-type]
    return columns


def is_nested(values: Mapping[str, object], column: str) -> bool:
    """Return whether a record has a value for a column within another (`author.name`)."""
    return "." in column and nested_value(values, column) is not None


def _value(values: Mapping[str, object], column: str) -> object:
    """Return the value of a column, also of one within another (`author.name`)."""
    value = values.get(column)
    if value is None and "." in column and column not in values:
        return nested_value(values, column)
    return value


def _id(values: Mapping[str, object], column: str, prefix: str) -> str:
    match _value(values, column):
        case None:
            name = ""
        case str() | int() as value if not isinstance(value, bool):
            name = clean(str(value)).strip()
        case value:
            raise ValueError(f"the id in the column {column!r} is {_describe(value)}; {_ID_FORMS}")
    if not name:
        raise ValueError(
            f"no id: the column {column!r} is empty or missing{_list_columns(values)}; "
            f"name the column of the id with --field id=COLUMN, or number the records with --id row"
        )
    name = prefix + name
    if len(name) > ID_LIMIT:
        raise ValueError(
            f"the id in the column {column!r} has {len(name)} characters and starts with "
            f"{name[:40]!r}; at most {ID_LIMIT} are possible, name another column with "
            f"--field id=COLUMN"
        )
    return name


def _field(values: Mapping[str, object], spec: FieldSpec) -> FieldValue | None:
    """Return the value of an extra field, None where the record has none."""
    match spec.type:
        case FieldType.TEXT:
            return _text(values, spec.column).strip() or None
        case FieldType.NUMBER:
            written = _scalar(values, spec.column)
            return parse_number(written, spec.column) if written else None
        case FieldType.DATE:
            written = _scalar(values, spec.column)
            return parse_date(written, spec.column) if written else None
        case FieldType.KEYWORD:
            return _keywords(_value(values, spec.column), spec.column)


def _keywords(value: object, column: str) -> FieldValue | None:
    if isinstance(value, list | tuple):
        words = tuple(word for item in value if (word := _as_text(item, column).strip()))
        return words or None
    return _as_text(value, column).strip() or None


def _text(values: Mapping[str, object], column: str) -> str:
    """Return the value of a column as text; the texts of a list become lines."""
    value = _value(values, column)
    if isinstance(value, list | tuple):
        return "\n".join(_as_text(item, column) for item in value)
    return _as_text(value, column)


def _scalar(values: Mapping[str, object], column: str) -> str:
    return _as_text(_value(values, column), column).strip()


def _as_text(value: object, column: str) -> str:
    """Return one value as text, empty for null. Raises ValueError for an object or a list."""
    if isinstance(value, str):
        return clean(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, _SCALARS):
        return str(value)
    raise ValueError(
        f"the column {column!r} holds {_describe(value)}; give it a text, a number or a list of texts"
    )


def _describe(value: object) -> str:
    match value:
        case bool():
            return "true or false"
        case float():
            return f"the fraction {value}"
        case Mapping():
            return "an object"
        case list() | tuple():
            return "a list"
        case _:
            return f"a value of type {type(value).__name__}"


def _list_columns(values: Mapping[str, object]) -> str:
    """Return the columns of a record, for the message that one is missing."""
    names = [clean(name) for name in list(values)[:12]]
    if not names:
        return ""
    return f" (columns here: {', '.join(names)}{', ...' if len(values) > 12 else ''})"
