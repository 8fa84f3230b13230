"""Reading the document store of a segment: ids, stored fields, content hashes, lengths, texts."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
import zstandard

from indexer.damage import damaged
from indexer.segment.array_file import ArrayFile
from indexer.segment.character_codes import CharacterCodes, read_codes
from indexer.segment.stored_fields import StoredFields, id_of, unpack_stored_fields

if TYPE_CHECKING:
    from indexer.places import Place
    from indexer.segment.column_reader import ColumnReader
    from indexer.segment.stored_places import StoredPlaces

HASH_BYTES = 16

MAX_TEXT_BYTES = 1 << 30
"""The size of the largest text that a document may have, in UTF-8."""

MAX_BLOCK_BYTES = 2 * MAX_TEXT_BYTES + (1 << 16)
"""A block holds one text of any size, and before it less than a usual block.

The codes of a text take twice the bytes of UTF-8 at most.
"""

HASHES_OF_CONTENT = "content_hashes"
"""The value of a segment which says that each content hash is that of what is stored.

Older segments lack it: their hashes tell 2024-05-01 without a zone from the same in UTC.
"""

BLOCK_SIZES = "texts.block_sizes"
"""The array of the sizes of blocks before compression; older segments lack it."""


def id_hash(document_id: bytes) -> int:
    """Return the 64-bit hash by which ids are found."""
    return int.from_bytes(hashlib.blake2b(document_id, digest_size=8).digest(), "little")


class Decompressor:
    """Decompresses the blocks of texts of a segment. Threads may share it."""

    def __init__(self, array_file: ArrayFile) -> None:
        self._dictionary = array_file.array("texts.dictionary")
        self._sizes = array_file.array(BLOCK_SIZES) if BLOCK_SIZES in array_file else None
        self._per_thread = threading.local()

    def decompress(self, number: int, block: bytes) -> bytes:
        """Return the texts of a block, which is that of a number.

        Raises ZstdError, and IndexDamagedError. Nothing is allocated for a block that says to be of
        another size than the index says, or larger than `MAX_BLOCK_BYTES`.
        """
        size = zstandard.frame_content_size(block)
        expected = size if self._sizes is None else self._sizes.item(number)
        if size != expected or not 0 <= size <= MAX_BLOCK_BYTES:
            raise zstandard.ZstdError(f"it says that it has {size:,} bytes, not {expected:,}")
        try:
            found: zstandard.ZstdDecompressor = self._per_thread.decompressor
        except AttributeError:  # slow to make, and threads may not share one
            found = self._per_thread.decompressor = self._new()
        return found.decompress(block, allow_extra_data=False)

    def _new(self) -> zstandard.ZstdDecompressor:
        data = self._dictionary.all().tobytes()
        return zstandard.ZstdDecompressor(zstandard.ZstdCompressionDict(data) if data else None)


class StoredText(NamedTuple):
    """The text of a document as it is stored, in parts, with the code points and the words of each.

    A text in one part has no counts.
    """

    parts: list[bytes]
    characters: Sequence[int] = ()
    words: Sequence[int] = ()


class TextParts:
    """The parts of a long text, of which each can be read alone.

    `characters` and `words` are how many code points and words of the text come before each part,
    and in all: int64 [parts + 1].
    """

    def __init__(
        self,
        read: Callable[[int], str],
        characters: npt.NDArray[np.int64],
        words: npt.NDArray[np.int64],
    ) -> None:
        self._read = read
        self.characters = np.concatenate(([0], np.cumsum(characters, dtype=np.int64)))
        self.words = np.concatenate(([0], np.cumsum(words, dtype=np.int64)))

    def __len__(self) -> int:
        return self.words.size - 1

    def read(self, first: int, last: int) -> str:
        """Return the text of the parts from `first` to before `last`. Raises IndexDamagedError."""
        return "".join(map(self._read, range(first, last)))


class DocumentStore:
    """Reads what a segment stores of each document, deleted ones too. Threads may share it.

    `count` is the number of documents, `columns` reads the values to filter and sort by.
    """

    def __init__(self, array_file: ArrayFile) -> None:
        self._file = array_file
        self._field_offsets = array_file.array("stored_fields.offsets")
        self._fields = array_file.array("stored_fields.bytes")
        self._id_hashes = array_file.array("ids.hashes")
        self._id_documents = array_file.array("ids.documents")
        self._hashes = array_file.array("hashes")
        self._block_starts = array_file.array("texts.block_starts")
        self._block_documents = array_file.array("texts.block_documents")
        self._texts = array_file.array("texts.bytes")
        self._text_offsets = array_file.array("texts.offsets")
        self._decompressor = Decompressor(array_file)
        self.count = self._field_offsets.size - 1

    @cached_property
    def columns(self) -> ColumnReader:
        """The values to filter and sort by; few searches read them."""
        from indexer.segment.column_reader import ColumnReader

        return ColumnReader(self._file, self.count)

    @cached_property
    def codes(self) -> CharacterCodes | None:
        """The codes of characters of texts and stored fields, None where these are in UTF-8."""
        return read_codes(self._file)

    @cached_property
    def decode(self) -> Callable[[bytes], str]:
        """What makes a text of its bytes as they are stored. It raises ValueError where they are none."""
        return bytes.decode if self.codes is None else self.codes.decode

    def lengths(self) -> npt.NDArray[np.float32]:
        """Return the length of each document in words; float32 [documents].

        Words of the title count as often as the title weight of the index says.
        """
        return self._file.array("lengths").all().astype(np.float32)

    def id(self, number: int) -> bytes:
        """Return the id of a document in UTF-8."""
        return id_of(self.packed_fields([number])[0])

    def stored_fields(self, numbers: Sequence[int]) -> list[StoredFields]:
        """Return the stored fields of some documents. Raises IndexDamagedError."""
        return list(map(unpack_stored_fields, self.packed_fields(numbers)))

    def packed_fields(self, numbers: Sequence[int]) -> list[str]:
        """Return the stored fields of some documents, still packed by `pack_stored_fields`.

        Raises IndexDamagedError.
        """
        rows = np.array(numbers, np.int64)
        offsets = self._field_offsets.all()
        starts, stops = offsets[rows].tolist(), offsets[rows + 1].tolist()
        try:
            return list(map(self.decode, self._fields.reads(zip(starts, stops, strict=True))))
        except ValueError as error:
            raise damaged(
                self._file.path, f"stored fields of a document cannot be read: {error}"
            ) from error

    def find(self, document_id: bytes) -> list[int]:
        """Return the numbers of the documents with an id, deleted ones too."""
        hashes = self._id_hashes.all()
        wanted = np.uint64(id_hash(document_id))
        first = int(np.searchsorted(hashes, wanted, side="left"))
        last = int(np.searchsorted(hashes, wanted, side="right"))
        numbers = self._id_documents.slice(first, last).tolist()
        return [number for number in numbers if self.id(number) == document_id]

    def content_hash(self, number: int) -> bytes:
        """Return the content hash of a document; HASH_BYTES bytes."""
        return self._hashes.slice(number * HASH_BYTES, (number + 1) * HASH_BYTES).tobytes()

    def text(self, number: int) -> str:
        """Return the text of a document. Raises IndexDamagedError."""
        first, block = self._blocks_of(number)
        if first < block:
            return "".join(self._text_of_block(part) for part in range(first, block + 1))
        return self._decoded(self._text_in(self._block(block), number, block), number)

    def _decoded(self, text: bytes, number: int) -> str:
        try:
            return self.decode(text)
        except ValueError as error:
            raise damaged(self._file.path, f"the text of document {number}: {error}") from error

    def _text_of_block(self, block: int) -> str:
        """Return the text of a block that holds a part of one."""
        return self._decoded(self._block(block), int(self._block_documents.item(block)))

    def texts(self, numbers: Iterable[int], length: int | None = None) -> Iterator[str]:
        """Yield the texts of some documents; a block is decompressed once for neighbours in it.

        With a `length` only so many code points, and of a text in parts only the parts that have them.

        Raises IndexDamagedError.
        """
        held, data = -1, b""
        for number in numbers:
            first, block = self._blocks_of(number)
            if first < block:
                yield self.text(number) if length is None else self._beginning(number, length)
                continue
            if block != held:
                held, data = block, self._block(block)
            yield self._decoded(self._text_in(data, number, block), number)[:length]

    def _beginning(self, number: int, length: int) -> str:
        """Return the first code points of a text in parts."""
        parts = self.text_parts(number)
        assert parts is not None
        last = int(parts.characters.searchsorted(length, side="left"))
        return parts.read(0, min(last, len(parts)))[:length]

    def _text_in(self, data: bytes, number: int, block: int) -> bytes:
        """Return the text of a document from the data of its block."""
        start = self._text_offsets.item(number)
        if number + 1 == int(self._block_documents.all()[block + 1]):
            return data[start:]
        return data[start : self._text_offsets.item(number + 1)]

    @cached_property
    def stored_places(self) -> StoredPlaces | None:
        """What reads the places of the texts, None where no text of the segment has any."""
        if "places.documents" not in self._file:
            return None
        from indexer.segment.stored_places import StoredPlaces

        return StoredPlaces(self._file)

    def places(self, number: int) -> tuple[Place, ...]:
        """Return the places of the text of a document, in order. Raises IndexDamagedError."""
        stored = self.stored_places
        return () if stored is None else stored.of(number)

    def is_in_parts(self, number: int) -> bool:
        """Return whether the text of a document is stored in parts, because it is long."""
        first, last = self._blocks_of(number)
        return first != last

    def text_parts(self, number: int) -> TextParts | None:
        """Return the text of a document in parts, None where it is stored whole.

        Raises IndexDamagedError.
        """
        first, last = self._blocks_of(number)
        if first == last:
            return None
        counts = [
            self._file.array(f"texts.part_{name}").slice(first, last + 1)
            for name in ("characters", "words")
        ]
        return TextParts(lambda part: self._text_of_block(first + part), *counts)

    def _blocks_of(self, number: int) -> tuple[int, int]:
        """Return the first and the last block of the text of a document: two of one in parts."""
        firsts = self._block_documents.all()
        wanted = firsts.dtype.type(number)  # with another type, all of them would be cast
        last = int(firsts.searchsorted(wanted, side="right")) - 1
        return min(int(firsts.searchsorted(wanted, side="left")), last), last

    def _block(self, block: int) -> bytes:
        start, stop = self._block_starts.slice(block, block + 2).tolist()
        try:
            data = self._texts.slice(start, stop)
            return self._decompressor.decompress(block, data.tobytes())
        except zstandard.ZstdError as error:
            raise damaged(self._file.path, f"a block of texts cannot be read: {error}") from error

    def live_texts(self, live: npt.NDArray[np.bool_]) -> Iterator[str]:
        """Yield the texts of the live documents, each block decompressed once."""
        numbers = live.nonzero()[0].tolist()
        for number, text in zip(numbers, self.stored_texts(live), strict=True):
            yield "".join(self._decoded(part, number) for part in text.parts)

    def stored_texts(self, live: npt.NDArray[np.bool_]) -> Iterator[StoredText]:
        """Yield the texts of the live documents as they are stored, like `live_texts`."""
        firsts = self._block_documents.all().tolist()
        offsets = self._text_offsets.all().tolist()
        parts: list[bytes] = []
        for block, (first, last) in enumerate(pairwise(firsts)):
            if first == last:
                if live[first]:
                    parts.append(self._block(block))
                continue
            if block and firsts[block - 1] == first:
                if live[first]:
                    yield self._stored_text(first, [*parts, self._block(block)])
                parts = []
                continue
            data = self._block(block)
            bounds = [*offsets[first:last], len(data)]
            for number, (start, stop) in enumerate(pairwise(bounds), start=first):
                if live[number]:
                    yield StoredText([data[start:stop]])

    def _stored_text(self, number: int, parts: list[bytes]) -> StoredText:
        first, last = self._blocks_of(number)
        characters, words = (
            self._file.array(f"texts.part_{name}").slice(first, last + 1).tolist()
            for name in ("characters", "words")
        )
        return StoredText(parts, characters, words)
