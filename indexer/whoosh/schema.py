"""The Whoosh schema of a searchd index.

    id                           ID, unique, sortable
    title, text, url             stored
    stem, surface                words of title and text, those of the title `title_weight` times
    title_stem, title_surface    words of the title
    text_stem, text_surface      words of the text
    date                         DATETIME in UTC, sortable

and for each extra field `name`: a keyword field is searched by whole folded values and sortable by
the first of them, a number is a sortable NUMERIC(float), a date a sortable DATETIME, and a text is
stored as `name` and searched as `name_stem` and `name_surface`.
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
from indexer.whoosh.formats import WordFormat


@dataclass(frozen=True, slots=True)
class WordField:
    """What a Whoosh field of words is in a segment: its field there ("" is both), and its level."""

    field: str
    level: Level

    @property
    def texts(self) -> tuple[str, ...]:
        """The text fields of the segment that it holds the words of, in order."""
        return ("title", "text") if self.field == DEFAULT_FIELD else (self.field,)


class WholeValue(Tokenizer):  # type: ignore[misc]  # Whoosh has no types
    """Analyses a keyword as one token, folded as the index holds it, or an id as it is."""

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
    """A point in time. Whoosh's dates have no zone: they are in UTC, and so are those of queries.

    A date with a zone is converted, but in Whoosh's `DateRange`, which drops the zone. The column
    of a document without a date gives None.
    """

    def prepare_datetime(self, x: Any) -> Any:
        """Return a date as Whoosh's number."""
        if isinstance(x, datetime) and x.tzinfo is not None:
            x = x.astimezone(UTC).replace(tzinfo=None)
        return super().prepare_datetime(x)

    def from_column_value(self, x: int) -> datetime | None:
        """Return the date of a column, None for a document that has none."""
        try:
            date: datetime = super().from_column_value(x)
        except OverflowError:
            return None
        return date


def make_schema(fields: FieldMap, analyzer: Analyzer) -> Schema:
    """Return the Whoosh schema of an index with these fields.

    Raises IndexMismatchError where an extra field has the name of another field of the schema.
    """
    exact = {
        "id": _whole_values(unique=True, folded=False),
        "title": STORED(),
        "text": STORED(),
        "url": STORED(),
        "date": UtcDate(stored=True, sortable=True),
    }
    extra = {spec.name: _extra_field(spec.type) for spec in fields.extra}
    words = {name: _words(word, analyzer) for name, word in word_fields(fields).items()}
    taken = (exact.keys() & extra.keys()) | (words.keys() & extra.keys())
    if taken:
        raise IndexMismatchError(
            f"the index cannot be read by Whoosh: its field {min(taken)!r} has the name of a field "
            f"that every Whoosh schema of searchd has; build the index again with another name"
        )
    return Schema(**exact, **extra, **words)


def word_fields(fields: FieldMap) -> Mapping[str, WordField]:
    """Return the Whoosh fields of words by name, and what each is in a segment."""
    found = {str(level): WordField(DEFAULT_FIELD, level) for level in INDEXED_LEVELS}
    texts = [spec.name for spec in fields.extra if spec.type is searchd.FieldType.TEXT]
    for name in ("title", "text", *texts):
        for level in INDEXED_LEVELS:
            found[f"{name}_{level}"] = WordField(name, level)
    return found


def _words(field: WordField, analyzer: Analyzer) -> FieldType:
    words = ArabicAnalyzer(field.level)
    words.analyzer = analyzer
    return FieldType(format=WordFormat(), analyzer=words, scorable=True, vector=True)


def _whole_values(*, unique: bool, folded: bool) -> FieldType:
    return FieldType(
        format=Existence(),
        analyzer=WholeValue(folded=folded),
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
