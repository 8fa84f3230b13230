"""The documents of a segment to be: ids, heads, content hashes, lengths, columns and texts."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import zstandard

from indexer.segment.array_file import ArrayFileWriter, narrow
from indexer.segment.document_store import DocumentStore, id_hash
from indexer.segment.stored_fields import id_of
from indexer.segment.term_dictionary import write_term_dictionary

BLOCK_BYTES = 1 << 13
"""Texts are compressed together up to this size, with a dictionary of what is frequent in them."""

PLAIN_BLOCK_BYTES = 1 << 15
"""The size where there is no dictionary: a third smaller than one by one."""

TRAINING_BYTES = 1 << 21
"""A dictionary is made of so much text; in less it would not earn its own place."""

_DICTIONARY_BYTES = 1 << 16
_SAMPLE_BYTES = 1 << 12
_LEVEL = 3  # of zstd: level 6 takes three times as long for 5 % less


@dataclass(slots=True)
class DocumentStoreWriter:
    """The documents of a segment to be, in their order."""

    stored_fields: list[bytes] = field(default_factory=list)
    hashes: list[bytes] = field(default_factory=list)
    lengths: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    numbers: dict[str, list[float]] = field(default_factory=dict)
    keywords: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    blocks: TextBlockWriter = field(default_factory=lambda: TextBlockWriter())

    def write(self, writer: ArrayFileWriter) -> None:
        """Write every array."""
        _write_heads(writer, self.stored_fields)
        writer.add("hashes", np.frombuffer(b"".join(self.hashes), np.uint8))
        writer.add("lengths", narrow(self.lengths))
        for name, numbers in self.numbers.items():
            writer.add(f"numbers.{name}", np.array(numbers, np.float64))
        for name, keywords in self.keywords.items():
            _write_keywords(writer, f"keywords.{name}", keywords)
        self.blocks.write(writer)


class TextBlockWriter:
    """The texts of documents, compressed in blocks as they come.

    The first of them wait until there are enough to make a dictionary of. Blocks with one are a
    tenth smaller than those without, and a text is read in half the time, as they are shorter.
    """

    def __init__(self) -> None:
        self._first: list[bytes] = []
        self._first_bytes = 0
        self._dictionary = b""
        self._compressor: zstandard.ZstdCompressor | None = None
        self._block_bytes = PLAIN_BLOCK_BYTES
        self._open: list[bytes] = []
        self._open_bytes = 0
        self._sizes: list[int] = []
        self._blocks = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        self._block_documents: list[int] = [0]
        self._offsets: list[int] = []

    def add(self, data: bytes) -> None:
        """Add the text of the next document."""
        if self._compressor is not None:
            self._put(self._compressor, data)
            return
        self._first.append(data)
        self._first_bytes += len(data)
        if self._first_bytes >= TRAINING_BYTES:
            dictionary = _dictionary(b"".join(self._first))
            if dictionary is not None:
                self._dictionary = dictionary.as_bytes()
                self._block_bytes = BLOCK_BYTES
            self._begin(zstandard.ZstdCompressor(level=_LEVEL, dict_data=dictionary))

    def _begin(self, compressor: zstandard.ZstdCompressor) -> None:
        """Compress the texts that waited."""
        self._compressor = compressor
        for data in self._first:
            self._put(compressor, data)
        self._first = []

    def _put(self, compressor: zstandard.ZstdCompressor, data: bytes) -> None:
        self._offsets.append(self._open_bytes)
        self._open.append(data)
        self._open_bytes += len(data)
        if self._open_bytes >= self._block_bytes:
            self._close_block(compressor)

    def _close_block(self, compressor: zstandard.ZstdCompressor) -> None:
        block = compressor.compress(b"".join(self._open))
        self._blocks.write(block)
        self._sizes.append(len(block))
        self._block_documents.append(len(self._offsets))
        self._open, self._open_bytes = [], 0

    def write(self, writer: ArrayFileWriter) -> None:
        """Write the blocks, where each begins, and the place of each document in its block."""
        compressor = self._compressor or zstandard.ZstdCompressor(level=_LEVEL)
        if self._first:
            self._begin(compressor)
        if self._open:
            self._close_block(compressor)
        starts = np.zeros(len(self._sizes) + 1, np.int64)
        np.cumsum(self._sizes, out=starts[1:])
        writer.add("texts.dictionary", np.frombuffer(self._dictionary, np.uint8))
        writer.add_file("texts.bytes", self._blocks, np.uint8)
        writer.add("texts.block_starts", starts)
        writer.add("texts.block_documents", np.array(self._block_documents, np.uint32))
        writer.add("texts.offsets", np.array(self._offsets, np.uint32))

    def close(self) -> None:
        """Let go of the temporary file."""
        self._blocks.close()


def _dictionary(texts: bytes) -> zstandard.ZstdCompressionDict | None:
    """Make a dictionary of texts, None where they have too little in common."""
    samples: list[bytes | bytearray | memoryview] = [
        texts[start : start + _SAMPLE_BYTES] for start in range(0, len(texts), _SAMPLE_BYTES)
    ]
    try:
        return zstandard.train_dictionary(_DICTIONARY_BYTES, samples)
    except zstandard.ZstdError:
        return None


def _write_heads(writer: ArrayFileWriter, stored_fields: Sequence[bytes]) -> None:
    """Write the heads, and the hashes by which documents are found by id."""
    offsets = np.zeros(len(stored_fields) + 1, np.int64)
    np.cumsum([len(head) for head in stored_fields], out=offsets[1:])
    hashes = np.array([id_hash(id_of(head)) for head in stored_fields], np.uint64)
    order = np.argsort(hashes, kind="stable")
    writer.add("stored_fields.offsets", narrow(offsets))
    writer.add("stored_fields.bytes", np.frombuffer(b"".join(stored_fields), np.uint8))
    writer.add("ids.hashes", hashes[order])
    writer.add("ids.documents", narrow(order))


def _write_keywords(
    writer: ArrayFileWriter, name: str, keywords: Iterable[tuple[str, ...]]
) -> None:
    keywords = list(keywords)
    values = sorted({keyword.encode() for found in keywords for keyword in found})
    numbers = {value: number for number, value in enumerate(values)}
    starts = np.zeros(len(keywords) + 1, np.uint32)
    np.cumsum([len(found) for found in keywords], out=starts[1:])
    codes = [numbers[keyword.encode()] for found in keywords for keyword in found]
    write_term_dictionary(writer, f"{name}.values", values)
    writer.add(f"{name}.starts", starts)
    writer.add(f"{name}.codes", narrow(np.array(codes, np.int64)))


def write_merged_documents(
    writer: ArrayFileWriter, sources: Sequence[tuple[DocumentStore, npt.NDArray[np.bool_]]]
) -> None:
    """Write the live documents of several segments, in their order."""
    merged = DocumentStoreWriter()
    first = sources[0][0]
    merged.numbers = {name: [] for name in first.columns.number_names}
    merged.keywords = {name: [] for name in first.columns.keyword_names}
    try:
        for documents, live in sources:
            _take(merged, documents, live)
        merged.lengths = np.concatenate(
            [documents.lengths()[live].astype(np.int64) for documents, live in sources]
        )
        merged.write(writer)
    finally:
        merged.blocks.close()


def _take(
    merged: DocumentStoreWriter, documents: DocumentStore, live: npt.NDArray[np.bool_]
) -> None:
    """Add the live documents of one segment."""
    numbers = np.flatnonzero(live).tolist()
    merged.stored_fields += documents.packed_fields(numbers)
    merged.hashes += [documents.content_hash(number) for number in numbers]
    for name in merged.numbers:
        merged.numbers[name] += documents.columns.numbers(name)[live].tolist()
    for name in merged.keywords:
        found = documents.columns.keywords(name)
        merged.keywords[name] += [found[number] for number in numbers]
    for data in documents.encoded_texts(live):
        merged.blocks.add(data)
