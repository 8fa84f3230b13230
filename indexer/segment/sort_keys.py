"""Sort keys: by which keys the documents of a segment are put in order, and the rank of each.

Titles and keywords are ordered by their `collation_key`, ids as they are. The keys of titles are
stored with the segment, because making them takes longer than a search; those of an older segment,
and all others, are made when they are first asked for, and cached.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import zstandard

from analyzers.collation import (
    COLLATION_VERSION,
    MOST_KEY_CHARACTERS,
    collation_key,
    collation_keys,
)
from indexer.damage import damaged
from indexer.segment.array_file import ArrayFile, ArrayFileWriter, narrow
from indexer.segment.cache import CacheRegion, SizedCache
from indexer.segment.document_store import DocumentStore
from indexer.segment.stored_fields import id_of
from indexer.segment.term_scan import Pause, no_pause

TITLE_KEYS = "title_keys"
"""The value of a segment with the version of the collation that made its stored keys."""

TITLE_ARRAYS = "sort.title"
"""The first part of the names of the arrays of stored keys; older segments lack them."""

_SEPARATOR = b"\xff"
_LEVEL = 3
_DOCUMENTS_PER_STEP = 1000
_MOST_KEY_BYTES = 4 * MOST_KEY_CHARACTERS + len(_SEPARATOR)


class SortKeys(NamedTuple):
    """The distinct keys of some documents in order, and the place of the key of each document.

    `ranks` is int32 [documents]: an index into the keys, -1 for a document without one. `packed`
    are the keys in UTF-8 with the byte FF between them, compressed.
    """

    ranks: npt.NDArray[np.int32]
    packed: bytes

    @property
    def nbytes(self) -> int:
        """The bytes in memory."""
        return self.ranks.nbytes + len(self.packed)

    def keys(self) -> list[bytes]:
        """Return the keys in order, in UTF-8."""
        return unpack_keys(self.packed)


def rank_keys(keys: Sequence[bytes]) -> SortKeys:
    """Return the ranks of the keys of documents, in UTF-8; an empty key is none."""
    distinct = sorted(set(keys) - {b""})
    rank_of = {key: rank for rank, key in enumerate(distinct)}
    rank_of[b""] = -1
    ranks = np.fromiter(map(rank_of.__getitem__, keys), np.int32, len(keys))
    return SortKeys(ranks, pack_keys(distinct))


def pack_keys(keys: Sequence[bytes]) -> bytes:
    """Return keys as one compressed value. FF occurs in no text in UTF-8."""
    return zstandard.ZstdCompressor(level=_LEVEL).compress(_SEPARATOR.join(keys))


def unpack_keys(packed: bytes) -> list[bytes]:
    """Return the keys that `pack_keys` packed."""
    data = zstandard.ZstdDecompressor().decompress(packed)
    return data.split(_SEPARATOR) if data else []


def title_sort_key(title: str) -> bytes:
    """Return the key of a title, in UTF-8; empty for one without words."""
    return collation_key(title).encode()


def title_sort_keys(titles: Sequence[str]) -> list[bytes]:
    """Return the key of each of some titles: faster than one by one."""
    return [key.encode() for key in collation_keys(titles)]


def write_title_keys(writer: ArrayFileWriter, keys: Sequence[bytes]) -> None:
    """Write the keys of the titles of all documents, in their order."""
    found = rank_keys(keys)
    writer.add(f"{TITLE_ARRAYS}.ranks", narrow(found.ranks + 1))
    writer.add(f"{TITLE_ARRAYS}.bytes", np.frombuffer(found.packed, np.uint8))


class SortKeyReader:
    """The sort keys of one segment. Threads may share it.

    `pause` of a method is called every few milliseconds while keys are made, and may raise.
    """

    def __init__(
        self, array_file: ArrayFile, documents: DocumentStore, cache: SizedCache | None = None
    ) -> None:
        self._file = array_file
        self._documents = documents
        self._cached: CacheRegion[str, SortKeys] = (cache or SizedCache(0)).region(_size)

    @property
    def has_title_keys(self) -> bool:
        """Whether keys of titles are stored that are those of this collation."""
        return self._file.values.get(TITLE_KEYS) == COLLATION_VERSION

    def titles(self, pause: Pause = no_pause) -> SortKeys:
        """Return the keys of the titles. Raises IndexDamagedError."""

        def read() -> SortKeys:
            if self.has_title_keys:
                return self.stored_title_keys()
            packed = self._packed_fields(pause)
            return rank_keys(title_sort_keys([_title_of(each) for each in packed]))

        return self._cached.get_or_compute("title", read)

    def ids(self, pause: Pause = no_pause) -> SortKeys:
        """Return the ids as keys. Raises IndexDamagedError."""
        return self._cached.get_or_compute(
            "id", lambda: rank_keys([id_of(each) for each in self._packed_fields(pause)])
        )

    def keywords(self, name: str, pause: Pause = no_pause) -> SortKeys:
        """Return the keys of the first keyword of each document in a field.

        Raises IndexDamagedError.
        """

        def read() -> SortKeys:
            values, firsts = self._documents.columns.first_keywords(name)
            keys = []
            for number, value in enumerate(values):
                if number % _DOCUMENTS_PER_STEP == 0:
                    pause()
                keys.append(collation_key(value).encode())
            distinct = rank_keys(keys)
            ranks = np.append(distinct.ranks, np.int32(-1))[firsts]  # -1, for none, is the last
            return SortKeys(ranks, distinct.packed)

        return self._cached.get_or_compute(f"keywords.{name}", read)

    def stored_title_keys(self) -> SortKeys:
        """Return the stored keys of titles. Raises IndexDamagedError."""
        ranks = self._file.array(f"{TITLE_ARRAYS}.ranks").all()
        packed = self._file.array(f"{TITLE_ARRAYS}.bytes").all().tobytes()
        try:
            size = zstandard.frame_content_size(packed)
        except zstandard.ZstdError:
            size = -1
        if ranks.size != self._documents.count:
            raise damaged(self._file.path, f"{TITLE_ARRAYS}.ranks: not of each document")
        if not 0 <= size <= ranks.size * _MOST_KEY_BYTES:
            raise damaged(self._file.path, f"{TITLE_ARRAYS}.bytes: not the keys of titles")
        return SortKeys(ranks.astype(np.int32) - 1, packed)

    def _packed_fields(self, pause: Pause) -> Iterator[str]:
        """Yield the packed stored fields of each document."""
        numbers = iter(range(self._documents.count))
        while step := list(islice(numbers, _DOCUMENTS_PER_STEP)):
            pause()
            yield from self._documents.packed_fields(step)


def _title_of(packed: str) -> str:
    return packed.split("\0", 1)[0]


def _size(keys: SortKeys) -> int:
    return keys.nbytes
