"""Writes the document store of a new segment: ids, stored fields, columns and texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import zstandard

from indexer.damage import damaged
from indexer.segment.array_file import ArrayFile, ArrayFileWriter, narrow
from indexer.segment.character_codes import CHARACTERS, CharacterCodes
from indexer.segment.document_store import BLOCK_SIZES, DocumentStore, StoredText, id_hash
from indexer.segment.sort_keys import SortKeyReader, write_title_keys
from indexer.segment.stored_fields import id_of
from indexer.segment.stored_places import write_places
from indexer.segment.term_dictionary import write_term_dictionary
from indexer.segment.write.temporary_files import reporting_temporary_files, temporary_file

BLOCK_BYTES = 6000
"""Texts are compressed in blocks of about this size where there is a compression dictionary."""

PLAIN_BLOCK_BYTES = 1 << 14
"""The size of a block where there is none: blocks are a third smaller than texts one by one."""

LONG_TEXT = 50_000
"""A text of more code points is stored in parts, so that a search need not read all of it."""

TEXT_PART = 1 << 12
"""The code points of a part, or a word more. The first part tells whether ligatures are turned."""

TRAINING_CHARACTERS = 1 << 21
"""Characters of text from which a compression dictionary is trained. With fewer there is none, because
it would take more space than it saves."""

_DICTIONARY_BYTES = 112 << 10
_SAMPLE_BYTES = 1 << 12
_COVER = {"k": 50, "d": 8}
"""What the search for the best parameters of the COVER algorithm finds for Arabic and English text:
given, training takes a fifth of the time."""

_PARAMETERS = zstandard.ZstdCompressionParameters(
    window_log=17,
    hash_log=17,
    chain_log=16,
    search_log=2,
    min_match=5,
    target_length=8,
    strategy=zstandard.STRATEGY_GREEDY,
)
"""Measured on Arabic texts in codes of one byte: they save 4 % of level 3 of zstd in half as much time
again; level 6 takes three times as long for 6 %."""


@dataclass(slots=True)
class DocumentStoreWriter:
    """Collects what is stored of the documents of a new segment, in their order.

    `stored_fields`: packed by `indexer.segment.stored_fields.pack_stored_fields`.
    `hashes`: content hashes of 16 bytes.
    `lengths`: int64 [documents], words with those of the title counted with their weight.
    `numbers`: number columns and date columns (milliseconds since 1970), NaN for no value.
    `keywords`: keyword columns, folded.
    `title_keys`: the keys by which titles are put in order.
    `blocks`: the texts.
    `places`: packed by `indexer.segment.stored_places.pack_places`, by number of document.
    """

    stored_fields: list[str] = field(default_factory=list)
    hashes: list[bytes] = field(default_factory=list)
    lengths: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    numbers: dict[str, list[float]] = field(default_factory=dict)
    keywords: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    title_keys: list[bytes] = field(default_factory=list)
    blocks: TextBlockWriter = field(default_factory=lambda: TextBlockWriter())
    places: dict[int, bytes] = field(default_factory=dict)

    def write(self, writer: ArrayFileWriter) -> None:
        """Write every array."""
        self.blocks.write(writer)
        _write_stored_fields(writer, self.stored_fields, self.blocks.codes)
        writer.add("hashes", np.frombuffer(b"".join(self.hashes), np.uint8))
        writer.add("lengths", narrow(self.lengths))
        for name, numbers in self.numbers.items():
            column = np.array(numbers, np.float64)
            writer.add(f"numbers.{name}", column[:0] if np.all(np.isnan(column)) else column)
        for name, keywords in self.keywords.items():
            _write_keywords(writer, f"keywords.{name}", keywords)
        write_title_keys(writer, self.title_keys)
        write_places(writer, self.places)


class TextBlockWriter:
    """Codes the texts of documents and compresses them in blocks, into a temporary file.

    Each part of a text in parts is a block of its own. `part_words` are the words of all parts, in
    order; it is filled before `write`. `codes` are those of characters, chosen when `write` returns.

    The first texts are kept until the codes of characters and a compression dictionary can be made from
    them. Blocks with a dictionary take a tenth less space, and are shorter, so a text is read in half
    the time.
    """

    def __init__(self) -> None:
        self.part_words: list[int] = []
        self._part_characters: list[int] = []
        self._part_blocks: list[int] = []
        self._training: list[tuple[str, ...]] = []
        self._training_characters = 0
        self.codes = CharacterCodes("")
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

    def add(self, parts: Sequence[str]) -> None:
        """Add the text of the next document, in one part or in several."""
        if len(parts) > 1:
            self._part_characters += map(len, parts)
        if self._compressor is not None:
            self._put(self._compressor, [self.codes.encode(part) for part in parts])
            return
        self._training.append(tuple(parts))
        self._training_characters += sum(map(len, parts))
        if self._training_characters >= TRAINING_CHARACTERS:
            self._start(others_follow=True)

    def add_stored(self, text: StoredText, documents: DocumentStore) -> None:
        """Add the text of the next document as it is stored elsewhere.

        Raises ValueError where it is no text.
        """
        if self._compressor is None or documents.codes is None:
            self.add([documents.decode(part) for part in text.parts])
            return
        self._part_characters += text.characters
        recode, codes = self.codes.recode, documents.codes
        self._put(self._compressor, [recode(part, codes) for part in text.parts])

    def _start(self, *, others_follow: bool) -> zstandard.ZstdCompressor:
        """Choose the codes of characters, and code and compress the texts that were kept."""
        kept = (part for parts in self._training for part in parts)
        self.codes = CharacterCodes.of_texts(kept, others_follow=others_follow)
        texts = [[self.codes.encode(part) for part in parts] for parts in self._training]
        self._training = []
        dictionary = None
        if others_follow and (dictionary := _train_dictionary(texts)) is not None:
            self._dictionary = dictionary.as_bytes()
            self._block_bytes = BLOCK_BYTES
        compressor = zstandard.ZstdCompressor(dict_data=dictionary, compression_params=_PARAMETERS)
        for parts in texts:
            self._put(compressor, parts)
        self._compressor = compressor
        return compressor

    def _put(self, compressor: zstandard.ZstdCompressor, parts: Sequence[bytes]) -> None:
        if len(parts) > 1:
            self._put_parts(compressor, parts)
            return
        (data,) = parts
        self._offsets.append(self._position_in_block)
        self._block.append(data)
        self._position_in_block += len(data)
        if self._position_in_block >= self._block_bytes:
            self._write_block(compressor)

    def _put_parts(self, compressor: zstandard.ZstdCompressor, parts: Sequence[bytes]) -> None:
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
        compressor = self._compressor or self._start(others_follow=False)
        if self._block:
            self._write_block(compressor)
        starts = np.zeros(len(self._compressed_sizes) + 1, np.int64)
        np.cumsum(self._compressed_sizes, out=starts[1:])
        writer.add(CHARACTERS, self.codes.array())
        writer.add("texts.dictionary", np.frombuffer(self._dictionary, np.uint8))
        with reporting_temporary_files():
            self._file.flush()
        writer.add_file("texts.bytes", self._file, np.uint8)
        writer.add("texts.block_starts", starts)
        writer.add(BLOCK_SIZES, narrow(np.array(self._block_sizes, np.int64)))
        writer.add("texts.block_documents", np.array(self._block_documents, np.uint32))
        writer.add("texts.offsets", narrow(np.array(self._offsets, np.int64)))
        if self._part_blocks:
            for name, values in (("words", self.part_words), ("characters", self._part_characters)):
                of_blocks = np.zeros(len(self._block_sizes), np.int64)
                of_blocks[self._part_blocks] = values
                writer.add(f"texts.part_{name}", narrow(of_blocks))

    def close(self) -> None:
        """Close the temporary file."""
        self._file.close()


def _train_dictionary(
    texts: Sequence[Sequence[bytes]],
) -> zstandard.ZstdCompressionDict | None:
    """Train a compression dictionary, None where the texts have too little in common."""
    training = b"".join(part for parts in texts for part in parts)
    samples: list[bytes | bytearray | memoryview] = [
        training[start : start + _SAMPLE_BYTES] for start in range(0, len(training), _SAMPLE_BYTES)
    ]
    try:
        return zstandard.train_dictionary(_DICTIONARY_BYTES, samples, **_COVER)
    except zstandard.ZstdError:
        return None


def _write_stored_fields(
    writer: ArrayFileWriter, stored_fields: Sequence[str], codes: CharacterCodes
) -> None:
    """Write stored fields, and the sorted hashes by which documents are found by id."""
    encoded = list(map(codes.encode, stored_fields))
    offsets = np.zeros(len(stored_fields) + 1, np.int64)
    np.cumsum([len(data) for data in encoded], out=offsets[1:])
    hashes = np.array([id_hash(id_of(data)) for data in stored_fields], np.uint64)
    order = np.argsort(hashes, kind="stable")
    writer.add("stored_fields.offsets", narrow(offsets))
    writer.add("stored_fields.bytes", np.frombuffer(b"".join(encoded), np.uint8))
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
    writer: ArrayFileWriter, sources: Sequence[tuple[ArrayFile, npt.NDArray[np.bool_]]]
) -> None:
    """Write the document store of a merged segment.

    `sources` are the files of the segments, in order, each with which of its documents are live;
    bool [documents].
    """
    merged = DocumentStoreWriter()
    stores = [(DocumentStore(array_file), live) for array_file, live in sources]
    first = stores[0][0]
    merged.numbers = {name: [] for name in first.columns.number_names}
    merged.keywords = {name: [] for name in first.columns.keyword_names}
    try:
        for (array_file, _live), (documents, live) in zip(sources, stores, strict=True):
            _copy_live(merged, array_file.path, documents, live)
            titles = SortKeyReader(array_file, documents).titles()
            keys = [*titles.keys(), b""]  # the last for rank -1
            merged.title_keys += [keys[rank] for rank in titles.ranks[live].tolist()]
        merged.lengths = np.concatenate(
            [documents.lengths()[live].astype(np.int64) for documents, live in stores]
        )
        merged.write(writer)
    finally:
        merged.blocks.close()


def _copy_live(
    merged: DocumentStoreWriter,
    path: Path,
    documents: DocumentStore,
    live: npt.NDArray[np.bool_],
) -> None:
    """Copy the live documents of one segment, of the file at a path, without their lengths."""
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
    for number, text in zip(numbers, documents.stored_texts(live), strict=True):
        try:
            merged.blocks.add_stored(text, documents)
        except ValueError as error:
            raise damaged(path, f"the text of document {number}: {error}") from error
        merged.blocks.part_words += text.words
