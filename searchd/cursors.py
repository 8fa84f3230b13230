"""Cursors: the place in an order of documents after which the next page begins, as a text.

A cursor says of which query, filters and order it is, and has the values by which the last document
of its page was sorted, with its id. An order by values goes on behind that place whatever was
committed in between: documents that are new before it are not seen, none comes twice. Relevance and
the order of the index have no such values, so their cursors hold for one generation.

A cursor has nothing that the page did not show, and gives no access to anything. It is base64url of
a checksum (CRC-32) and JSON.
"""

from __future__ import annotations

import binascii
import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

from indexer.segment.columns import fold_keyword
from indexer.segment.sort_keys import title_sort_key
from indexer.segment.stored_fields import to_milliseconds
from searchd.errors import CursorError, CursorExpiredError
from searchd.listing import Listing, PageEnd

if TYPE_CHECKING:
    from indexer.document import FieldValue

_VERSION = 1

LONGEST_CURSOR = 100_000
"""Characters of the longest text that is read as a cursor."""

CursorValue = float | str | None
"""A value of a document to sort by: a number, or the key of a text; None for no value."""


class Sorted(Protocol):
    """What a hit and the stored fields of a document have in common."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def date(self) -> datetime | None:
        """Its date in UTC."""

    @property
    def fields(self) -> Mapping[str, FieldValue]:
        """The values of its extra fields."""


class Place(NamedTuple):
    """A place in a listing: after `before` documents, of which the last had these values and this id.

    `values` are those of the keys of the listing; without keys `before` alone is the place.
    """

    before: int
    values: tuple[CursorValue, ...] = ()
    document_id: str = ""


def cursor_after(end: PageEnd, last: Sorted, score: float | None = None) -> str:
    """Return the cursor at the end of a page, which is after its last document."""
    names = [key.removeprefix("-") for key in end.listing.keys]
    values = tuple(score if name == "score" else sort_value(name, last) for name in names)
    return encode(end.listing, Place(end.before, values, last.id if values else ""))


def sort_value(name: str, document: Sorted) -> CursorValue:
    """Return the value by which a document is sorted by a field."""
    match name:
        case "id":
            return document.id
        case "title":
            return title_sort_key(document.title).decode() or None
        case "date":
            return to_milliseconds(document.date) if document.date else None
    match document.fields.get(name):
        case datetime() as moment:
            return to_milliseconds(moment)
        case str(keyword) | (str(keyword), *_):
            return title_sort_key(fold_keyword(keyword)).decode() or None
        case int() | float() as number:
            return float(number)
    return None


def encode(listing: Listing, place: Place) -> str:
    """Return a cursor."""
    value = [_VERSION, _digest(listing), listing.generation, *place]
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    checksum = zlib.crc32(data).to_bytes(4, "little")
    encoded = binascii.b2a_base64(checksum + data, newline=False).decode()
    return encoded.rstrip("=").translate({ord("+"): "-", ord("/"): "_"})


def decode(cursor: str, listing: Listing, kinds: Sequence[type[float] | type[str]]) -> Place:
    """Return the place that a cursor names in a listing, whose keys have values of these types.

    Raises CursorError for a text that is no cursor, or one of another listing, and
    CursorExpiredError for one of another generation where that matters.
    """
    digest, generation, place = _parse(cursor)
    if digest != _digest(listing):
        raise CursorError(
            "the cursor is of another query, other filters or another order; send it with those "
            "of the page that it came with, or begin at the first page"
        )
    if generation != listing.generation:
        raise CursorExpiredError(
            "the cursor has expired: the index was changed since, and this order has no place "
            "that outlasts that; begin at the first page, or sort by fields, such as sort=id"
        )
    fits = len(place.values) == len(kinds) and all(
        value is None or isinstance(value, kind)
        for value, kind in zip(place.values, kinds, strict=True)
    )
    if not fits:
        raise _no_cursor()
    return place


def _digest(listing: Listing) -> str:
    """Return a text that differs for another listing, whatever its generation."""
    asked = json.dumps(listing[:-1]).encode()
    return hashlib.blake2b(asked, digest_size=8).hexdigest()


def _parse(cursor: str) -> tuple[str, str, Place]:
    """Return the digest of the listing of a cursor, its generation, and its place."""
    try:
        if len(cursor) > LONGEST_CURSOR:
            raise _no_cursor()
        text = cursor.strip().translate({ord("-"): "+", ord("_"): "/"})
        data = binascii.a2b_base64(text + "=" * (-len(text) % 4), strict_mode=True)
        if zlib.crc32(data[4:]).to_bytes(4, "little") != data[:4]:
            raise _no_cursor()
        match json.loads(data[4:]):
            case [int(version), str(digest), str(generation), int(count), list(values), str(found)]:
                if version == _VERSION and 0 <= count < 1 << 53:
                    return digest, generation, Place(count, tuple(map(_value, values)), found)
    except (ValueError, OverflowError, RecursionError):
        pass
    raise _no_cursor()


def _value(value: object) -> CursorValue:
    match value:
        case bool():
            raise ValueError(value)
        case int() | float():
            return float(value)
        case str() | None:
            return value
    raise ValueError(value)


def _no_cursor() -> CursorError:
    return CursorError(
        "the cursor cannot be read; send the text of a page's cursor unchanged, or begin at the "
        "first page"
    )
