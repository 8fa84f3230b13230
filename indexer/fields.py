"""The fields of an index: their names and types, the columns they are read from, their weight."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from indexer.errors import FieldOptionError


class FieldType(StrEnum):
    """The type of a field, which decides how it is stored and searched."""

    KEYWORD = "keyword"
    """One or several values that are compared whole: a section, an author, tags."""
    TEXT = "text"
    """A text that is analysed and searched like the text of the document."""
    NUMBER = "number"
    """A number, for ranges and sorting."""
    DATE = "date"
    """A point in time in UTC, for ranges and sorting."""


STANDARD_FIELDS: Mapping[str, FieldType] = MappingProxyType(
    {
        "id": FieldType.KEYWORD,
        "title": FieldType.TEXT,
        "text": FieldType.TEXT,
        "date": FieldType.DATE,
        "url": FieldType.KEYWORD,
    }
)
"""The fields that every document has. Their types are fixed, the columns they are read from not."""

DEFAULT_TITLE_WEIGHT = 3
"""How many times a word of the title counts in frequency and length, where none is asked for.

Chosen on four collections of questions: `make weights`.
"""

MAX_TITLE_WEIGHT = 100
"""The largest title weight of an index."""

RESERVED_NAMES = frozenset({"hash", "content"})
"""Names that no extra field may have, beside every name that starts with an underscore."""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field: its name in the index, its type, and the input column that it is read from.

    Without a column, it is read from the column of its own name.
    A standard field has its standard type: `FieldSpec("title")` is a text.
    Raises FieldOptionError for a name that an index cannot have.

    >>> FieldSpec("section").column
    'section'
    """

    name: str
    type: FieldType = FieldType.KEYWORD
    column: str = ""

    def __post_init__(self) -> None:
        _check_name(self.name)
        standard = STANDARD_FIELDS.get(self.name)
        if standard is not None and self.type is FieldType.KEYWORD:
            object.__setattr__(self, "type", standard)
        elif standard is not None and self.type is not standard:
            raise FieldOptionError(
                f"the field {self.name!r} is always of type {standard}, not {self.type}; "
                f"leave the type out, or give the field another name"
            )
        if not self.column:
            object.__setattr__(self, "column", self.name)


def parse_field_option(option: str) -> FieldSpec:
    """Parse a declaration `NAME`, `NAME:TYPE`, `NAME=COLUMN` or `NAME:TYPE=COLUMN`.

    The column is everything after the first `=`, so it may contain colons and spaces.
    Raises FieldOptionError for a declaration that cannot be understood.

    >>> parse_field_option("price:number=السعر")
    FieldSpec(name='price', type=<FieldType.NUMBER: 'number'>, column='السعر')
    >>> parse_field_option("title=headline").column
    'headline'
    """
    declared, equals, column = option.partition("=")
    name, colon, kind = declared.partition(":")
    name, kind, column = name.strip(), kind.strip(), column.strip()
    if equals and not column:
        raise FieldOptionError(
            f"the field declaration {option!r} names no column after '='; "
            f"write {name}=COLUMN, or leave '=' out to read the column {name!r}"
        )
    try:
        given = FieldType(kind) if colon else FieldType.KEYWORD
    except ValueError:
        raise FieldOptionError(
            f"the field declaration {option!r} has the unknown type {kind!r}; "
            f"use one of {', '.join(FieldType)}"
        ) from None
    standard = STANDARD_FIELDS.get(name)
    if colon and standard is not None and given is not standard:
        # Checked here too: a FieldSpec cannot tell a keyword that was written from the default.
        raise FieldOptionError(
            f"the field declaration {option!r} changes the type of the standard field {name!r}, "
            f"which is always {standard}; leave the type out, or give the field another name"
        )
    return FieldSpec(name, given, column)


def check_title_weight(weight: object) -> int:
    """Return a title weight that an index can have. Raises ValueError for any other value.

    It is a whole number, so that weighted lengths and frequencies are whole numbers too: small in
    the files of an index and exact in float32.

    >>> check_title_weight(3)
    3
    """
    if type(weight) is not int or not 1 <= weight <= MAX_TITLE_WEIGHT:
        raise ValueError(
            f"the title weight {weight!r} is not possible; "
            f"use a whole number from 1 to {MAX_TITLE_WEIGHT}"
        )
    return weight


def _check_name(name: str) -> None:
    if name.startswith("_") or name in RESERVED_NAMES:
        raise FieldOptionError(
            f"the field name {name!r} is reserved for the index itself; choose another name"
            f" and read the column with NAME={name}"
        )
    if not name.isidentifier():
        raise FieldOptionError(
            f"{name!r} cannot be the name of a field; use letters, digits and underscores, "
            f"starting with a letter, and read any other column with NAME=COLUMN"
        )


@dataclass(frozen=True, slots=True)
class FieldMap:
    """The column of each standard field, and the extra fields of an index.

    `FieldMap.from_specs` makes one from declarations.
    """

    id: str = "id"
    title: str = "title"
    text: str = "text"
    date: str = "date"
    url: str = "url"
    extra: tuple[FieldSpec, ...] = ()

    @classmethod
    def from_specs(cls, specs: Iterable[FieldSpec]) -> FieldMap:
        """Return the map of some declarations. Raises FieldOptionError for a field declared twice.

        >>> FieldMap.from_specs([parse_field_option("id=doc"), parse_field_option("author")])
        ... # doctest: +ELLIPSIS
        FieldMap(id='doc', title='title', ..., extra=(FieldSpec(name='author', ...),))
        """
        by_name: dict[str, FieldSpec] = {}
        for spec in specs:
            if spec.name in by_name:
                raise FieldOptionError(
                    f"the field {spec.name!r} is declared twice, from the columns "
                    f"{by_name[spec.name].column!r} and {spec.column!r}; keep one of them"
                )
            by_name[spec.name] = spec
        columns = {name: by_name.pop(name).column for name in STANDARD_FIELDS if name in by_name}
        return cls(**columns, extra=tuple(by_name.values()))
