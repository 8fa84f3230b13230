"""The Whoosh schema of an index, made from the fields that its metadata names.

Every text is indexed on two levels, in a field each, with positions:

- `stem` and `surface` hold title and text together, so a document is scored as one text in which
  a word of the title counts `TITLE_WEIGHT` times (the simple form of BM25F: Robertson, Zaragoza
  and Taylor, "Simple BM25 extension to multiple weighted fields", CIKM 2004);
- `title_stem`, `title_surface`, and the same for each extra field of type text, answer queries
  such as `title:word`.

Keywords, numbers and dates are columns: one value for each document, to filter and sort by.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from whoosh import columns, fields, formats
from whoosh.analysis import IDTokenizer

from indexer.fields import FieldSpec, FieldType

TITLE_WEIGHT = 3
"""How many times a word of the title counts. Chosen on four collections: `make quality`."""

TITLE_START = 1 << 30
"""Position of the first word of the title; the text is far before it, so no phrase spans both."""

LEVELS = ("stem", "surface")

ID_FIELD = "id"
HASH_FIELD = "hash"
LENGTH_FIELD = "length"
STORED_FIELD = "stored"
HASH_BYTES = 16


def column_field(name: str) -> str:
    """Return the name of the Whoosh field that holds the column of an extra field or `date`."""
    return f"{name}_column"


def text_field(name: str, level: str) -> str:
    """Return the name of the Whoosh field that holds one level of a text field."""
    return f"{name}_{level}"


@dataclass(frozen=True, slots=True)
class LevelTerms:
    """The terms of one document on one level: of its title and of its text, in order."""

    title: Sequence[str]
    text: Sequence[str]


class LevelField(fields.FieldType):  # type: ignore[misc]
    """A field that is given the terms of a document, analysed already, as `LevelTerms`.

    Postings hold positions and, as their weight, the number of occurrences with those in the
    title counted `TITLE_WEIGHT` times.
    """

    indexed = True
    stored = False
    scorable = False
    unique = False
    vector = None
    spelling = False

    def __init__(self) -> None:
        self.format = formats.Positions()
        self.analyzer = IDTokenizer()
        self.multitoken_query = "default"

    def index(
        self, value: LevelTerms, **_options: Any
    ) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield (term, occurrences, weight, encoded positions) for each distinct term."""
        positions: defaultdict[str, list[int]] = defaultdict(list)
        for position, term in enumerate(value.text):
            positions[term].append(position)
        for position, term in enumerate(value.title, start=TITLE_START):
            positions[term].append(position)
        in_title = Counter(value.title)
        for term, found in positions.items():
            weight = len(found) + (TITLE_WEIGHT - 1) * in_title[term]
            yield term.encode(), len(found), float(weight), self.format.encode(found)


def whoosh_schema(extra: Sequence[FieldSpec]) -> fields.Schema:
    """Return the schema of an index with these extra fields beside the standard ones."""
    schema = fields.Schema()
    schema.add(ID_FIELD, fields.ID(unique=True))
    schema.add(HASH_FIELD, fields.COLUMN(columns.FixedBytesColumn(HASH_BYTES)))
    schema.add(LENGTH_FIELD, fields.COLUMN(columns.NumericColumn("d")))
    schema.add(STORED_FIELD, fields.STORED())
    schema.add(column_field("date"), _number_column())
    for level in LEVELS:
        schema.add(level, LevelField())
        schema.add(text_field("title", level), LevelField())
    for spec in extra:
        if spec.type is FieldType.TEXT:
            for level in LEVELS:
                schema.add(text_field(spec.name, level), LevelField())
        elif spec.type is FieldType.KEYWORD:
            schema.add(column_field(spec.name), fields.COLUMN(columns.VarBytesColumn()))
        else:
            schema.add(column_field(spec.name), _number_column())
    return schema


def _number_column() -> fields.COLUMN:
    return fields.COLUMN(columns.NumericColumn("d", default=float("nan")))
