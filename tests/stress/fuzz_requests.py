"""Targets of `tests.stress.fuzz` that take what a caller or an operator sends: filters, cursors, files of options."""

from __future__ import annotations

import binascii
import json
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path

import click

from indexer.errors import RecordError
from indexer.fields import FieldMap, FieldType
from indexer.mapping import PLACES_COLUMN, to_document
from indexer.sources.records import Record
from searchd.cli.configuration import read_defaults
from searchd.cli.serve import serve
from searchd.cursors import Place, decode, encode
from searchd.errors import CursorError, CursorExpiredError, FilterSyntaxError
from searchd.listing import Listing
from searchd.search.filter_parser import parse_filter

Target = Callable[[bytes], None]

FIELDS = {
    "section": FieldType.KEYWORD,
    "price": FieldType.NUMBER,
    "date": FieldType.DATE,
    "author": FieldType.TEXT,
}
_FILE = Path(tempfile.mkdtemp()) / "searchd.toml"
LISTING = Listing("search", "q", "", (), ("price", "id"), "g")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _unsealed(cursor: str) -> bytes:
    """Return what a cursor has after its checksum."""
    text = cursor.replace("-", "+").replace("_", "/")
    return binascii.a2b_base64(text + "=" * (-len(text) % 4))[4:]


def filters(data: bytes) -> None:
    """A filter is understood, or refused at a place in it; what is written of it is understood again."""
    text = _text(data)
    try:
        tree = parse_filter(text, FIELDS)
    except FilterSyntaxError as error:
        assert 0 <= error.position <= len(text)
        assert str(error)
        return
    assert tree == parse_filter(text, FIELDS)


def cursors(data: bytes) -> None:
    """A cursor of any text, also with a right checksum, is a place or refused."""
    checksum = zlib.crc32(data).to_bytes(4, "little")
    sealed = binascii.b2a_base64(checksum + data, newline=False).decode().rstrip("=")
    for cursor in (_text(data), sealed.replace("+", "-").replace("/", "_")):
        try:
            place = decode(cursor, LISTING, [float, str])
        except (CursorError, CursorExpiredError) as error:
            assert str(error)
            continue
        assert decode(encode(LISTING, place), LISTING, [float, str]) == place


def places(data: bytes) -> None:
    """A document of JSON with places is taken, or refused with a reason."""
    try:
        values = json.loads(_text(data))
    except (ValueError, RecursionError):
        return
    try:
        record = Record("a", {"id": "1", "text": "نص\nثان", PLACES_COLUMN: values}, 1)
        document = to_document(record, FieldMap())
    except RecordError as error:
        assert str(error)
        return
    document.text.encode()


def configuration(data: bytes) -> None:
    """A file of options is taken, or refused with its name and a reason."""
    _FILE.write_bytes(data)
    try:
        read_defaults(click.Context(serve, info_name="serve"), _FILE)
    except click.ClickException as error:
        assert str(_FILE) in error.message


TARGETS: dict[str, Target] = {
    "filters": filters,
    "cursors": cursors,
    "places": places,
    "configuration": configuration,
}
SEEDS: dict[str, list[bytes]] = {
    "filters": [
        'section IN (a, "ب") AND (date >= 2024-01 OR NOT price < ١٢٫٥)'.encode(),
        "section = «أ» و price > 5".encode(),
    ],
    "cursors": [_unsealed(encode(LISTING, Place(5, (1.5, "a"), "id")))],
    "places": [b'[{"start": 0, "kind": "page", "label": "1"}]'],
    "configuration": [b'[serve]\nhost = "0.0.0.0"\nport = 80\nallowed-host = ["a"]\n'],
}
