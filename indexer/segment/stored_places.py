"""Stored places: the pages, sheets and messages of the texts of a segment.

Only documents that have places take room. A segment without any lacks these arrays, as all do that
were written before there were places.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from indexer.damage import UNFIT, damaged
from indexer.places import Place, PlaceKind, check_places

if TYPE_CHECKING:
    from indexer.segment.array_file import ArrayFile, ArrayFileWriter

DOCUMENTS = "places.documents"
"""The array of the numbers of the documents that have places, ascending."""

_OFFSETS, _BYTES = "places.offsets", "places.bytes"


def pack_places(places: Sequence[Place]) -> bytes:
    """Return the places of a text as JSON in UTF-8: start, kind and label of each in turn."""
    parts = [part for place in places for part in (place.start, place.kind, place.label)]
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()


def unpack_places(packed: bytes) -> tuple[Place, ...]:
    """Return the places that `pack_places` packed. Raises one of `indexer.damage.UNFIT`."""
    parts = iter(json.loads(packed))
    places = tuple(
        Place(start, PlaceKind(kind), label)
        for start, kind, label in zip(parts, parts, parts, strict=True)
    )
    check_places(places)
    return places


def write_places(writer: ArrayFileWriter, packed: Mapping[int, bytes]) -> None:
    """Write the packed places of documents by their numbers, which ascend; nothing for none."""
    from indexer.segment.array_file import narrow

    if not packed:
        return
    offsets = np.zeros(len(packed) + 1, np.int64)
    np.cumsum([len(data) for data in packed.values()], out=offsets[1:])
    writer.add(DOCUMENTS, np.array(list(packed), np.uint32))
    writer.add(_OFFSETS, narrow(offsets))
    writer.add(_BYTES, np.frombuffer(b"".join(packed.values()), np.uint8))


class StoredPlaces:
    """Reads the places of the documents of a segment that has some. Threads may share it."""

    def __init__(self, array_file: ArrayFile) -> None:
        self._file = array_file
        self._documents = array_file.array(DOCUMENTS)
        self._offsets = array_file.array(_OFFSETS)
        self._bytes = array_file.array(_BYTES)

    def of(self, number: int) -> tuple[Place, ...]:
        """Return the places of a document, in order. Raises IndexDamagedError."""
        data = self.packed(number)
        if not data:
            return ()
        try:
            return unpack_places(data)
        except UNFIT as error:
            raise damaged(self._file.path, f"places of document {number}: {error}") from error

    def packed(self, number: int) -> bytes:
        """Return the places of a document as `pack_places` packed them, empty where it has none."""
        documents = self._documents.all()
        row = int(np.searchsorted(documents, number))
        if row == documents.size or documents[row] != number:
            return b""
        start, stop = self._offsets.slice(row, row + 2).tolist()
        return self._bytes.slice(start, stop).tobytes()

    def check(self, count: int) -> Iterator[tuple[str, bool, str]]:
        """Yield for each array whether it fits a segment of `count` documents, and if not, why."""
        documents, offsets = self._documents.all(), self._offsets.all().astype(np.int64)
        yield (
            DOCUMENTS,
            bool(np.all(np.diff(documents.astype(np.int64)) > 0))
            and bool(documents.size and documents[-1] < count),
            "not ascending numbers of documents",
        )
        yield (
            _OFFSETS,
            offsets.size == documents.size + 1
            and offsets[0] == 0
            and bool(np.all(np.diff(offsets) > 0))
            and offsets[-1] == self._bytes.size,
            "not of each document with places",
        )
