"""The documents of a segment: ids, content hashes, heads, lengths, columns and texts."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import zstandard

from indexer.errors import IndexDamagedError
from indexer.segment.container import Container, ContainerWriter
from indexer.segment.dictionary import Dictionary, write_dictionary
from indexer.segment.inversion import narrow

BLOCK_BYTES = 1 << 16
"""Texts are compressed together up to this size: a third smaller than one by one."""

_LEVEL = 3  # of zstd: level 6 takes three times as long for 5 % less
HASH_BYTES = 16


@dataclass(slots=True)
class DocumentArrays:
    """The documents of a segment to be, in their order."""

    ids: list[bytes] = field(default_factory=list)
    heads: list[bytes] = field(default_factory=list)
    hashes: list[bytes] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    numbers: dict[str, list[float]] = field(default_factory=dict)
    keywords: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    blocks: TextBlocks = field(default_factory=lambda: TextBlocks())

    def write(self, writer: ContainerWriter) -> None:
        """Write every array."""
        _write_ids(writer, self.ids)
        _write_strings(writer, "heads", self.heads)
        writer.add("hashes", np.frombuffer(b"".join(self.hashes), np.uint8))
        writer.add("lengths", narrow(np.array(self.lengths, np.int64)))
        for name, numbers in self.numbers.items():
            writer.add(f"numbers.{name}", np.array(numbers, np.float64))
        for name, keywords in self.keywords.items():
            _write_keywords(writer, f"keywords.{name}", keywords)
        self.blocks.write(writer)


class TextBlocks:
    """The texts of documents, compressed in blocks as they come."""

    def __init__(self) -> None:
        self._compressor = zstandard.ZstdCompressor(level=_LEVEL)
        self._open: list[bytes] = []
        self._open_bytes = 0
        self._sizes: list[int] = []
        self._blocks = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        self._block_documents: list[int] = [0]
        self._offsets: list[int] = []

    def add(self, data: bytes) -> None:
        """Add the text of the next document."""
        self._offsets.append(self._open_bytes)
        self._open.append(data)
        self._open_bytes += len(data)
        if self._open_bytes >= BLOCK_BYTES:
            self._close_block()

    def _close_block(self) -> None:
        block = self._compressor.compress(b"".join(self._open))
        self._blocks.write(block)
        self._sizes.append(len(block))
        self._block_documents.append(len(self._offsets))
        self._open, self._open_bytes = [], 0

    def write(self, writer: ContainerWriter) -> None:
        """Write the blocks, where each begins, and the place of each document in its block."""
        if self._open:
            self._close_block()
        starts = np.zeros(len(self._sizes) + 1, np.int64)
        np.cumsum(self._sizes, out=starts[1:])
        writer.add_file("texts.bytes", self._blocks, np.uint8)
        writer.add("texts.block_starts", starts)
        writer.add("texts.block_documents", np.array(self._block_documents, np.uint32))
        writer.add("texts.offsets", np.array(self._offsets, np.uint32))

    def close(self) -> None:
        """Let go of the temporary file."""
        self._blocks.close()


def id_hash(document_id: bytes) -> int:
    """Return the 64-bit hash by which ids are found."""
    return int.from_bytes(hashlib.blake2b(document_id, digest_size=8).digest(), "little")


def _write_strings(writer: ContainerWriter, name: str, strings: Sequence[bytes]) -> None:
    offsets = np.zeros(len(strings) + 1, np.int64)
    np.cumsum([len(string) for string in strings], out=offsets[1:])
    writer.add(f"{name}.offsets", narrow(offsets))
    writer.add(f"{name}.bytes", np.frombuffer(b"".join(strings), np.uint8))


def _write_ids(writer: ContainerWriter, ids: Sequence[bytes]) -> None:
    hashes = np.array([id_hash(document_id) for document_id in ids], np.uint64)
    order = np.argsort(hashes, kind="stable")
    _write_strings(writer, "ids", ids)
    writer.add("ids.hashes", hashes[order])
    writer.add("ids.documents", narrow(order))


def _write_keywords(
    writer: ContainerWriter, name: str, keywords: Iterable[tuple[str, ...]]
) -> None:
    keywords = list(keywords)
    values = sorted({keyword.encode() for found in keywords for keyword in found})
    numbers = {value: number for number, value in enumerate(values)}
    starts = np.zeros(len(keywords) + 1, np.uint32)
    np.cumsum([len(found) for found in keywords], out=starts[1:])
    codes = [numbers[keyword.encode()] for found in keywords for keyword in found]
    write_dictionary(writer, f"{name}.values", values)
    writer.add(f"{name}.starts", starts)
    writer.add(f"{name}.codes", narrow(np.array(codes, np.int64)))


def write_merged_documents(
    writer: ContainerWriter, sources: Sequence[tuple[Documents, npt.NDArray[np.bool_]]]
) -> None:
    """Write the live documents of several segments, in their order."""
    merged = DocumentArrays()
    first = sources[0][0]
    merged.numbers = {name: [] for name in first.number_names}
    merged.keywords = {name: [] for name in first.keyword_names}
    for documents, live in sources:
        numbers = np.flatnonzero(live).tolist()
        merged.ids += [documents.id(number) for number in numbers]
        merged.heads += [documents.head(number) for number in numbers]
        merged.hashes += [documents.content_hash(number) for number in numbers]
        merged.lengths += documents.lengths()[live].astype(np.int64).tolist()
        for name in merged.numbers:
            merged.numbers[name] += documents.numbers(name)[live].tolist()
        for name in merged.keywords:
            found = documents.keywords(name)
            merged.keywords[name] += [found[number] for number in numbers]
        for data in documents.texts(live):
            merged.blocks.add(data)
    merged.write(writer)
    merged.blocks.close()


class _Strings:
    """Byte strings by number."""

    def __init__(self, container: Container, name: str) -> None:
        self._offsets = container.array(f"{name}.offsets")
        self._bytes = container.array(f"{name}.bytes")
        self.size = self._offsets.size - 1

    def get(self, number: int) -> bytes:
        start, stop = self._offsets.slice(number, number + 2).tolist()
        return self._bytes.slice(start, stop).tobytes()


class Documents:
    """The documents of a segment, read back."""

    def __init__(self, container: Container) -> None:
        self._container = container
        self._ids = _Strings(container, "ids")
        self._heads = _Strings(container, "heads")
        self._id_hashes = container.array("ids.hashes")
        self._id_documents = container.array("ids.documents")
        self._hashes = container.array("hashes")
        self._block_starts = container.array("texts.block_starts")
        self._block_documents = container.array("texts.block_documents")
        self._texts = container.array("texts.bytes")
        self._text_offsets = container.array("texts.offsets")
        self.count = self._ids.size

    def lengths(self) -> npt.NDArray[np.float32]:
        """Return the weighted number of words of each document."""
        return self._container.array("lengths").all().astype(np.float32)

    def id(self, number: int) -> bytes:
        """Return the id of a document in UTF-8."""
        return self._ids.get(number)

    def head(self, number: int) -> bytes:
        """Return the head of a document as `indexer.stored.pack_head` made it."""
        return self._heads.get(number)

    def find(self, document_id: bytes) -> list[int]:
        """Return the numbers of the documents with an id, deleted ones too."""
        hashes = self._id_hashes.all()
        wanted = np.uint64(id_hash(document_id))
        first = int(np.searchsorted(hashes, wanted, side="left"))
        last = int(np.searchsorted(hashes, wanted, side="right"))
        numbers = self._id_documents.slice(first, last).tolist()
        return [number for number in numbers if self.id(number) == document_id]

    def content_hash(self, number: int) -> bytes:
        """Return the content hash that a document was written with."""
        return self._hashes.slice(number * HASH_BYTES, (number + 1) * HASH_BYTES).tobytes()

    def text(self, number: int) -> bytes:
        """Return the text of a document in UTF-8. Raises IndexDamagedError."""
        firsts = self._block_documents.all()
        block = int(np.searchsorted(firsts, number, side="right")) - 1
        data = self._block(block)
        start = self._text_offsets.item(number)
        is_last = number + 1 == int(firsts[block + 1])
        return data[start:] if is_last else data[start : self._text_offsets.item(number + 1)]

    def _block(self, block: int) -> bytes:
        start, stop = self._block_starts.slice(block, block + 2).tolist()
        try:
            data = self._texts.slice(start, stop)
            return zstandard.ZstdDecompressor().decompress(data.tobytes())
        except zstandard.ZstdError as error:
            raise IndexDamagedError(f"a block of texts cannot be read: {error}") from error

    def texts(self, live: npt.NDArray[np.bool_]) -> Iterator[bytes]:
        """Yield the texts of the live documents, each block decompressed once."""
        firsts = self._block_documents.all().tolist()
        offsets = self._text_offsets.all().tolist()
        for block, (first, last) in enumerate(pairwise(firsts)):
            data = self._block(block)
            bounds = [*offsets[first:last], len(data)]
            for number, (start, stop) in enumerate(pairwise(bounds), start=first):
                if live[number]:
                    yield data[start:stop]

    @property
    def number_names(self) -> list[str]:
        """The names of the number and date columns."""
        return self._names_after("numbers.")

    @property
    def keyword_names(self) -> list[str]:
        """The names of the keyword columns."""
        return [
            name.removesuffix(".codes")
            for name in self._names_after("keywords.")
            if name.endswith(".codes")
        ]

    def _names_after(self, prefix: str) -> list[str]:
        return [name.removeprefix(prefix) for name in self._container if name.startswith(prefix)]

    def numbers(self, name: str) -> npt.NDArray[np.float64]:
        """Return a number column; NaN where a document has none."""
        return self._container.array(f"numbers.{name}").all()

    def keyword_values(self, name: str) -> Dictionary:
        """Return the distinct values of a keyword column, sorted."""
        return Dictionary(self._container, f"keywords.{name}.values")

    def keywords(self, name: str) -> list[tuple[str, ...]]:
        """Return the keywords of each document."""
        starts, codes = self.keyword_codes(name)
        values = [value.decode() for value in self.keyword_values(name).all()]
        words = [values[code] for code in codes.tolist()]
        return [tuple(words[start:stop]) for start, stop in pairwise(starts.tolist())]

    def keyword_codes(self, name: str) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
        """Return where the keywords of each document begin, and the number of each keyword."""
        starts = self._container.array(f"keywords.{name}.starts").all()
        return starts, self._container.array(f"keywords.{name}.codes").all().astype(np.int64)
