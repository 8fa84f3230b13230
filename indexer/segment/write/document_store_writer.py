"""Writes the document store of a new segment: ids, stored fields, columns and texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import zstandard

from indexer.segment.array_file import ArrayFileWriter, narrow
from indexer.segment.document_store import BLOCK_SIZES, DocumentStore, id_hash
from indexer.segment.stored_fields import id_of
from indexer.segment.stored_places import write_places
from indexer.segment.term_dictionary import write_term_dictionary
from indexer.segment.write.temporary_files import reporting_temporary_files, temporary_file

BLOCK_BYTES = 1 << 13
"""Texts are compressed in blocks of about this size where there is a compression dictionary."""

PLAIN_BLOCK_BYTES = 1 << 15
"""The size of a block where there is none: blocks are a third smaller than texts one by one."""

LONG_TEXT = 50_000
"""A text of more code points is stored in parts, so that a search need not read all of it."""

TEXT_PART = 1 << 12
"""The code points of a part, or a word more. The first part tells whether ligatures are turned."""

TRAINING_BYTES = 1 << 21
"""Bytes of text from which a compression dictionary is trained. With fewer there is none, because
it would take more space than it saves."""

_DICTIONARY_BYTES = 1 << 16
_SAMPLE_BYTES = 1 << 12
_LEVEL = 3  # of zstd: level 6 takes three times as long and saves 5 %


@dataclass(slots=True)
class DocumentStoreWriter:
    """Collects what is stored of the documents of a new segment, in their order.

    `stored_fields`: packed by `indexer.segment.stored_fields.pack_stored_fields`.
    `hashes`: content hashes of 16 bytes.
    `lengths`: int64 [documents], words with those of the title counted with their weight.
    `numbers`: number columns and date columns (milliseconds since 1970), NaN for no value.
    `keywords`: keyword columns, folded.
    `blocks`: the texts.
    `places`: packed by `indexer.segment.stored_places.pack_places`, by number of document.
    """

    stored_fields: list[bytes] = field(default_factory=list)
    hashes: list[bytes] = field(default_factory=list)
    lengths: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    numbers: dict[str, list[float]] = field(default_factory=dict)
    keywords: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    blocks: TextBlockWriter = field(default_factory=lambda: TextBlockWriter())
    places: dict[int, bytes] = field(default_factory=dict)

    def write(self, writer: ArrayFileWriter) -> None:
        """Write every array."""
        _write_stored_fields(writer, self.stored_fields)
        writer.add("hashes", np.frombuffer(b"".join(self.hashes), np.uint8))
        writer.add("lengths", narrow(self.lengths))
        for name, numbers in self.numbers.items():
            writer.add(f"numbers.{name}", np.array(numbers, np.float64))
        for name, keywords in self.keywords.items():
            _write_keywords(writer, f"keywords.{name}", keywords)
        self.blocks.write(writer)
        write_places(writer, self.places)


class TextBlockWriter:
    """Compresses the texts of documents in blocks, into a temporary file.

    Each part of a text in parts is a block of its own. `part_words` are the words of all parts, in
    order; it is filled before `write`.

    The first texts are kept until a compression dictionary can be trained from them. Blocks with a
    dictionary take a tenth less space, and are shorter, so a text is read in half the time.
    """

    def __init__(self) -> None:
        self.part_words: list[int] = []
        self._part_characters: list[int] = []
        self._part_blocks: list[int] = []
        self._training: list[tuple[bytes, ...]] = []
        self._training_bytes = 0
        self._dictionary = b""
        self._compressor: zstandard.ZstdCompressor | None = None
        self._block_bytes = PLAIN_BLOCK_BYTES
        self._block: list[bytes] = []
        self._position_in_block = 0
        self._block_sizes: list[int] = []
        self._compressed_sizes: list[int] = []
        self._file = temporary_file()
        self._block_documents: list[int] = [0]
        self._offsets: list[int] = []

    def add(self, data: bytes) -> None:
        """Add the text of the next document."""
        self._add((data,))

    def add_parts(self, parts: Sequence[bytes], characters: Sequence[int]) -> None:
        """Add the text of the next document in parts, each with its number of code points."""
        self._part_characters += characters
        self._add(tuple(parts))

    def _add(self, parts: tuple[bytes, ...]) -> None:
        if self._compressor is not None:
            self._put(self._compressor, parts)
            return
        self._training.append(parts)
        self._training_bytes += sum(map(len, parts))
        if self._training_bytes >= TRAINING_BYTES:
            dictionary = _train_dictionary(self._training)
            if dictionary is not None:
                self._dictionary = dictionary.as_bytes()
                self._block_bytes = BLOCK_BYTES
            self._start(zstandard.ZstdCompressor(level=_LEVEL, dict_data=dictionary))

    def _start(self, compressor: zstandard.ZstdCompressor) -> None:
        """Compress the texts that were kept for training."""
        self._compressor = compressor
        for parts in self._training:
            self._put(compressor, parts)
        self._training = []

    def _put(self, compressor: zstandard.ZstdCompressor, parts: tuple[bytes, ...]) -> None:
        if len(parts) > 1:
            self._put_parts(compressor, parts)
            return
        (data,) = parts
        self._offsets.append(self._position_in_block)
        self._block.append(data)
        self._position_in_block += len(data)
        if self._position_in_block >= self._block_bytes:
            self._write_block(compressor)

    def _put_parts(self, compressor: zstandard.ZstdCompressor, parts: tuple[bytes, ...]) -> None:
        if self._block:
            self._write_block(compressor)
        for part in parts:
            self._part_blocks.append(len(self._block_sizes))
            self._block, self._position_in_block = [part], len(part)
            self._write_block(compressor)
        self._offsets.append(0)
        self._block_documents[-1] = len(self._offsets)

    def _write_block(self, compressor: zstandard.ZstdCompressor) -> None:
        block = compressor.compress(b"".join(self._block))
        with reporting_temporary_files():
            self._file.write(block)
        self._block_sizes.append(self._position_in_block)
        self._compressed_sizes.append(len(block))
        self._block_documents.append(len(self._offsets))
        self._block, self._position_in_block = [], 0

    def write(self, writer: ArrayFileWriter) -> None:
        """Write the blocks, where each begins, and where each text begins in its block."""
        compressor = self._compressor or zstandard.ZstdCompressor(level=_LEVEL)
        if self._training:
            self._start(compressor)
        if self._block:
            self._write_block(compressor)
        starts = np.zeros(len(self._compressed_sizes) + 1, np.int64)
        np.cumsum(self._compressed_sizes, out=starts[1:])
        writer.add("texts.dictionary", np.frombuffer(self._dictionary, np.uint8))
        with reporting_temporary_files():
            self._file.flush()
        writer.add_file("texts.bytes", self._file, np.uint8)
        writer.add("texts.block_starts", starts)
        writer.add(BLOCK_SIZES, narrow(np.array(self._block_sizes, np.int64)))
        writer.add("texts.block_documents", np.array(self._block_documents, np.uint32))
        writer.add("texts.offsets", np.array(self._offsets, np.uint32))
        if self._part_blocks:
            for name, values in (("words", self.part_words), ("characters", self._part_characters)):
                of_blocks = np.zeros(len(self._block_sizes), np.int64)
                of_blocks[self._part_blocks] = values
                writer.add(f"texts.part_{name}", narrow(of_blocks))

    def close(self) -> None:
        """Close the temporary file."""
        self._file.close()


def _train_dictionary(
    texts: Sequence[tuple[bytes, ...]],
) -> zstandard.ZstdCompressionDict | None:
    """Train a compression dictionary, None where the texts have too little in common."""
    training = b"".join(part for parts in texts for part in parts)
    samples: list[bytes | bytearray | memoryview] = [
        training[start : start + _SAMPLE_BYTES] for start in range(0, len(training), _SAMPLE_BYTES)
    ]
    try:
        return zstandard.train_dictionary(_DICTIONARY_BYTES, samples)
    except zstandard.ZstdError:
        return None


def _write_stored_fields(writer: ArrayFileWriter, stored_fields: Sequence[bytes]) -> None:
    """Write stored fields, and the sorted hashes by which documents are found by id."""
    offsets = np.zeros(len(stored_fields) + 1, np.int64)
    np.cumsum([len(data) for data in stored_fields], out=offsets[1:])
    hashes = np.array([id_hash(id_of(data)) for data in stored_fields], np.uint64)
    order = np.argsort(hashes, kind="stable")
    writer.add("stored_fields.offsets", narrow(offsets))
    writer.add("stored_fields.bytes", np.frombuffer(b"".join(stored_fields), np.uint8))
    writer.add("ids.hashes", hashes[order])
    writer.add("ids.documents", narrow(order))


def _write_keywords(
    writer: ArrayFileWriter, name: str, keywords: Sequence[tuple[str, ...]]
) -> None:
    """Write a keyword column: its sorted values, and the codes of the keywords of each document."""
    values = sorted({keyword.encode() for found in keywords for keyword in found})
    code_of = {value: code for code, value in enumerate(values)}
    starts = np.zeros(len(keywords) + 1, np.uint32)
    np.cumsum([len(found) for found in keywords], out=starts[1:])
    codes = [code_of[keyword.encode()] for found in keywords for keyword in found]
    write_term_dictionary(writer, f"{name}.values", values)
    writer.add(f"{name}.starts", starts)
    writer.add(f"{name}.codes", narrow(np.array(codes, np.int64)))


def write_merged_documents(
    writer: ArrayFileWriter, sources: Sequence[tuple[DocumentStore, npt.NDArray[np.bool_]]]
) -> None:
    """Write the document store of a merged segment.

    `sources` are the document stores of the segments, in order, each with which of its documents
    are live; bool [documents].
    """
    merged = DocumentStoreWriter()
    first = sources[0][0]
    merged.numbers = {name: [] for name in first.columns.number_names}
    merged.keywords = {name: [] for name in first.columns.keyword_names}
    try:
        for documents, live in sources:
            _copy_live(merged, documents, live)
        merged.lengths = np.concatenate(
            [documents.lengths()[live].astype(np.int64) for documents, live in sources]
        )
        merged.write(writer)
    finally:
        merged.blocks.close()


def _copy_live(
    merged: DocumentStoreWriter, documents: DocumentStore, live: npt.NDArray[np.bool_]
) -> None:
    """Copy the live documents of one segment, without their lengths."""
    numbers = np.flatnonzero(live).tolist()
    if (stored := documents.stored_places) is not None:
        for new, number in enumerate(numbers, start=len(merged.stored_fields)):
            if packed := stored.packed(number):
                merged.places[new] = packed
    merged.stored_fields += documents.packed_fields(numbers)
    merged.hashes += [documents.content_hash(number) for number in numbers]
    for name in merged.numbers:
        merged.numbers[name] += documents.columns.numbers(name)[live].tolist()
    for name in merged.keywords:
        found = documents.columns.keywords(name)
        merged.keywords[name] += [found[number] for number in numbers]
    for parts in documents.encoded_parts(live):
        if len(parts.encoded) == 1:
            merged.blocks.add(parts.encoded[0])
        else:
            merged.blocks.add_parts(parts.encoded, parts.characters)
            merged.blocks.part_words += parts.words
