"""The Whoosh schema of a searchd index.

    id                           ID, unique, sortable
    title, text, url             stored
    stem, surface                terms of title and text; those of the title count `title_weight`
                                 times, which the index was built with
    title_stem, title_surface    terms of the title
    text_stem, text_surface      terms of the text
    date                         DATETIME in UTC, sortable

An extra field `name` of type keyword is searched by whole folded values and sortable by the first of
them. A number is a sortable NUMERIC(float), a date a sortable DATETIME. A text is stored as `name`
and searched as `name_stem` and `name_surface`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from whoosh.analysis import Token, Tokenizer
from whoosh.columns import VarBytesColumn
from whoosh.fields import DATETIME, NUMERIC, STORED, FieldType, Schema
from whoosh.formats import Existence

from analyzers import Analyzer
from analyzers.levels import INDEXED_LEVELS, Level
from analyzers.whoosh_adapters import ArabicAnalyzer
from indexer import fields as searchd
from indexer.errors import IndexMismatchError
from indexer.fields import FieldMap
from indexer.segment.columns import fold_keyword
from indexer.segment.segment import DEFAULT_FIELD
from indexer.whoosh.formats import PackedPositions


@dataclass(frozen=True, slots=True)
class TermField:
    """A Whoosh field of stems or surface forms: its text field in a segment, and its level.

    The text field "" is title and text together.
    """

    field: str
    level: Level

    @property
    def texts(self) -> tuple[str, ...]:
        """The text fields of the segment whose terms it has, in order."""
        return ("title", "text") if self.field == DEFAULT_FIELD else (self.field,)


class WholeValueTokenizer(Tokenizer):  # type: ignore[misc]  # Whoosh has no types
    """Makes one token of a whole value: a keyword, folded as in the index, or an id as it is."""

    def __init__(self, *, folded: bool) -> None:
        self.folded = folded

    def __call__(
        self,
        value: str,
        positions: bool = False,
        chars: bool = False,
        keeporiginal: bool = False,
        removestops: bool = True,
        start_pos: int = 0,
        start_char: int = 0,
        mode: str = "",
        **kwargs: Any,
    ) -> Iterator[Token]:
        """Yield the value as one token."""
        token = Token(positions, chars, removestops=removestops, mode=mode, **kwargs)
        token.text = fold_keyword(value) if self.folded else value
        token.boost, token.stopped = 1.0, False
        if keeporiginal:
            token.original = value
        if positions:
            token.pos = start_pos
        if chars:
            token.startchar, token.endchar = start_char, start_char + len(value)
        yield token


class UtcDate(DATETIME):  # type: ignore[misc]  # Whoosh has no types
    """A date. Whoosh's dates have no time zone; here they are in UTC, also in queries.

    A date with a zone is converted, except in Whoosh's `DateRange`, which drops the zone. The
    column value of a document without a date is None.
    """

    def prepare_datetime(self, x: Any) -> Any:
        """Return a date in UTC without a zone, as Whoosh converts it."""
        if isinstance(x, datetime) and x.tzinfo is not None:
            x = x.astimezone(UTC).replace(tzinfo=None)
        return super().prepare_datetime(x)

    def from_column_value(self, x: int) -> datetime | None:
        """Return the date of a column value, None for a document that has none."""
        try:
            date: datetime = super().from_column_value(x)
        except OverflowError:
            return None
        return date


def make_schema(fields: FieldMap, analyzer: Analyzer) -> Schema:
    """Return the Whoosh schema of an index with these fields.

    Raises IndexMismatchError where an extra field has the name of another field of the schema.
    """
    standard = {
        "id": _whole_values(unique=True, folded=False),
        "title": STORED(),
        "text": STORED(),
        "url": STORED(),
        "date": UtcDate(stored=True, sortable=True),
    }
    extra = {spec.name: _extra_field(spec.type) for spec in fields.extra}
    texts = {name: _text_field(found, analyzer) for name, found in term_fields(fields).items()}
    taken = (standard.keys() & extra.keys()) | (texts.keys() & extra.keys())
    if taken:
        raise IndexMismatchError(
            f"the index cannot be read by Whoosh: its field {min(taken)!r} has the name of a field "
            f"that every Whoosh schema of searchd has; build the index again with another name"
        )
    return Schema(**standard, **extra, **texts)


def term_fields(fields: FieldMap) -> Mapping[str, TermField]:
    """Return the Whoosh fields of stems and surface forms, by name."""
    found = {str(level): TermField(DEFAULT_FIELD, level) for level in INDEXED_LEVELS}
    texts = [spec.name for spec in fields.extra if spec.type is searchd.FieldType.TEXT]
    for name in ("title", "text", *texts):
        for level in INDEXED_LEVELS:
            found[f"{name}_{level}"] = TermField(name, level)
    return found


def _text_field(field: TermField, analyzer: Analyzer) -> FieldType:
    adapter = ArabicAnalyzer(field.level)
    adapter.analyzer = analyzer
    return FieldType(format=PackedPositions(), analyzer=adapter, scorable=True, vector=True)


def _whole_values(*, unique: bool, folded: bool) -> FieldType:
    return FieldType(
        format=Existence(),
        analyzer=WholeValueTokenizer(folded=folded),
        stored=True,
        unique=unique,
        sortable=VarBytesColumn(),
    )


def _extra_field(kind: searchd.FieldType) -> FieldType:
    match kind:
        case searchd.FieldType.KEYWORD:
            return _whole_values(unique=False, folded=True)
        case searchd.FieldType.NUMBER:
            return NUMERIC(float, stored=True, sortable=True)
        case searchd.FieldType.DATE:
            return UtcDate(stored=True, sortable=True)
        case searchd.FieldType.TEXT:
            return STORED()
