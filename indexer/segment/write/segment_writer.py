"""Writing a segment: documents are added one after the other, then written to one file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from analyzers import Analyzer
from analyzers.collation import COLLATION_VERSION
from analyzers.normalization.turned_text import is_turned, turn_ligatures
from analyzers.tokenizer import split_text
from indexer.document import Document
from indexer.errors import NO_MEMORY_REASON, RecordError
from indexer.fields import DEFAULT_TITLE_WEIGHT, FieldSpec, FieldType
from indexer.segment.array_file import ArrayFileWriter, narrow
from indexer.segment.columns import column_values
from indexer.segment.document_store import HASHES_OF_CONTENT, MAX_TEXT_BYTES
from indexer.segment.sort_keys import TITLE_KEYS, title_sort_keys
from indexer.segment.stored_fields import pack_stored_fields
from indexer.segment.stored_places import pack_places
from indexer.segment.write.document_store_writer import (
    LONG_TEXT,
    TEXT_PART,
    DocumentStoreWriter,
)
from indexer.segment.write.inverter import invert
from indexer.segment.write.term_ids import DEFAULT_MAX_BYTES, IdArray, TermIds, WantedTerms

_CHARACTERS_PER_STEP, _LEAST_PER_STEP = 1 << 20, 1 << 12
"""Texts are tokenized together, up to about this many characters: the arrays of a step take some 30 MB,
and indexing takes a seventh less time than with a sixteenth of it."""

_TERM_BYTES_PER_CHARACTER = 256
"""A step has fewer characters where the table of term ids may take little memory."""

CHARACTERS_PER_WORD = 5.5
"""About how many characters a word of Arabic and the space after it have."""


class _FieldTerms:
    """The term ids of one text field, and the texts that are not tokenized yet.

    A long text is added in parts, one after the other.
    """

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._mended: set[int] = set()
        self._parts: list[int] = []
        self._ids: list[IdArray] = []
        self._lengths: list[npt.NDArray[np.int64]] = []

    @property
    def pending(self) -> Sequence[str]:
        """The texts that are not tokenized yet; of a long one its parts."""
        return self._texts

    def add(self, text: str) -> None:
        """Add the text of the next document."""
        self._texts.append(text)
        self._parts.append(1)

    def add_part(self, text: str, *, first: bool) -> None:
        """Add a part of the text of a document, whose turned ligatures were seen to."""
        self._mended.add(len(self._texts))
        self._texts.append(text)
        if first:
            self._parts.append(0)
        self._parts[-1] += 1

    def encode(self, term_ids: TermIds) -> int:
        """Tokenize the texts added since the last call; return the number of their words."""
        ids, lengths = term_ids.encode(self._texts, self._mended)
        self._texts.clear()
        self._mended.clear()
        self._ids.append(ids)
        self._lengths.append(lengths)
        return ids.size

    def pop_ids(self) -> IdArray:
        """Return the ids of all words, and forget them here, as they are large; int32 [words]."""
        ids = np.concatenate(self._ids)
        self._ids.clear()
        return ids

    def lengths(self) -> npt.NDArray[np.int64]:
        """Return the number of words of each document; int64 [documents]."""
        lengths = np.concatenate(self._lengths)
        if lengths.size == len(self._parts):
            return lengths
        parts = np.array(self._parts, np.int64)
        return np.add.reduceat(lengths, np.cumsum(parts) - parts)

    def part_lengths(self) -> npt.NDArray[np.int64]:
        """Return the number of words of each part of the texts in parts; int64 [parts]."""
        parts = np.array(self._parts, np.int64)
        return np.concatenate(self._lengths)[parts.repeat(parts) > 1]


class SegmentWriter:
    """Writes documents as one segment, in the order in which they are added.

    `extra` are the extra fields of the index. `title_weight` is how many times a word of the title
    counts in the stored length of a document.
    """

    def __init__(
        self,
        term_ids: TermIds,
        extra: Sequence[FieldSpec],
        *,
        title_weight: int = DEFAULT_TITLE_WEIGHT,
    ) -> None:
        self._term_ids = term_ids
        self._title_weight = title_weight
        self._extra = extra
        self._store = DocumentStoreWriter()
        names = ["title", "text", *(spec.name for spec in extra if spec.type is FieldType.TEXT)]
        self._fields = {name: _FieldTerms() for name in names}
        self._store.numbers["date"] = []
        for spec in extra:
            if spec.type is FieldType.KEYWORD:
                self._store.keywords[spec.name] = []
            elif spec.type is not FieldType.TEXT:
                self._store.numbers[spec.name] = []
        self._words = 0
        self._pending_characters = 0  # of texts that are not tokenized yet
        self._characters_per_step = min(
            _CHARACTERS_PER_STEP,
            max(term_ids.max_bytes // _TERM_BYTES_PER_CHARACTER, _LEAST_PER_STEP),
        )

    @property
    def count(self) -> int:
        """The number of documents added so far."""
        return len(self._store.stored_fields)

    @property
    def words(self) -> int:
        """About how many running words were added so far.

        Their memory decides when a segment is written.
        """
        return self._words + int(self._pending_characters / CHARACTERS_PER_WORD)

    @property
    def terms_are_full(self) -> bool:
        """Whether the table of term ids is full, so that the segment should be written."""
        return self._term_ids.is_full

    def add(self, document: Document, content_hash: bytes) -> None:
        """Add a document and its content hash.

        Raises RecordError where a field is not one of the index or its value not of its type, and
        where the memory does not suffice to store it; then nothing is added.
        """
        is_long = len(document.text) > LONG_TEXT
        try:
            values = column_values(document, self._extra)
            stored = pack_stored_fields(document)
            places = pack_places(document.places) if document.places else b""
            parts = split_text(document.text, TEXT_PART) if is_long else [document.text]
            too_long = _is_too_long(document.text)
        except MemoryError:
            raise RecordError(document.where, NO_MEMORY_REASON) from None
        if too_long:
            raise RecordError(
                document.where, f"its text is longer than {MAX_TEXT_BYTES:,} bytes; divide it"
            )
        store = self._store
        store.hashes.append(content_hash)
        if places:
            store.places[len(store.stored_fields)] = places
        store.stored_fields.append(stored)
        store.blocks.add(parts)
        for name, numbers in store.numbers.items():
            numbers.append(values.numbers.get(name, np.nan))
        for name, keywords in store.keywords.items():
            keywords.append(values.keywords.get(name, ()))
        texts = {**values.texts, "title": document.title, "text": document.text}
        for name, field in self._fields.items():
            text = texts.get(name, "")
            if name == "text" and len(parts) > 1:
                self._add_parts(field, parts)
            else:
                field.add(text)
                self._pending_characters += len(text)
        self._encode_pending()

    def _add_parts(self, field: _FieldTerms, parts: Sequence[str]) -> None:
        """Add a long text in parts, of which only some are in memory as words at once."""
        turned = is_turned(parts[0])
        for number, part in enumerate(parts):
            field.add_part(turn_ligatures(part) if turned else part, first=number == 0)
            self._pending_characters += len(part)
            self._encode_pending()

    def _encode_pending(self) -> None:
        if self._pending_characters >= self._characters_per_step:
            self._encode()

    def write(self, path: Path, *, durable: bool = True, wanted: WantedTerms | None = None) -> None:
        """Write the segment to `path`. After that only `close` may be called.

        A file that is not `durable` may be lost with the machine. With `wanted` terms no others can be
        looked up, while lengths and positions are those of all words; this takes less time.
        """
        self._encode()
        lengths = {name: field.lengths() for name, field in self._fields.items()}
        self._store.blocks.part_words = self._fields["text"].part_lengths().tolist()
        self._store.lengths = self._title_weight * lengths["title"] + lengths["text"]
        with ArrayFileWriter(path, durable=durable) as writer:
            self._store.write(writer)
            for name, field in self._fields.items():
                writer.add(f"{name}.lengths", narrow(lengths[name]))
                ids = field.pop_ids()
                if wanted is not None:
                    ids = self._term_ids.replace_others(ids, wanted)
                invert(self._term_ids, ids, lengths[name]).write(writer, name)
            writer.finish(
                {
                    "documents": self.count,
                    "fields": list(self._fields),
                    HASHES_OF_CONTENT: True,
                    TITLE_KEYS: COLLATION_VERSION,
                }
            )

    def close(self) -> None:
        """Close temporary files."""
        self._store.blocks.close()

    def _encode(self) -> None:
        """Tokenize the texts added since the last call."""
        self._store.title_keys += title_sort_keys(self._fields["title"].pending)
        self._words += sum(field.encode(self._term_ids) for field in self._fields.values())
        self._pending_characters = 0


def _is_too_long(text: str) -> bool:
    """Return whether a text has more than MAX_TEXT_BYTES in UTF-8."""
    return 4 * len(text) > MAX_TEXT_BYTES and len(text.encode()) > MAX_TEXT_BYTES


class SegmentWriterFactory:
    """Makes the segment writers of one process, one after the other.

    They share the term ids, so that a word of an earlier segment need not be analysed again. A
    table of term ids that is full, with `term_bytes` of memory, is replaced by an empty one.
    """

    def __init__(
        self,
        analyzer: Analyzer,
        extra: Sequence[FieldSpec],
        *,
        title_weight: int,
        term_bytes: int = DEFAULT_MAX_BYTES,
    ) -> None:
        self._analyzer = analyzer
        self._extra = extra
        self._title_weight = title_weight
        self._term_bytes = term_bytes
        self._term_ids = TermIds(analyzer, term_bytes)

    def new(self) -> SegmentWriter:
        """Return a writer without documents."""
        if self._term_ids.is_full:
            self._term_ids = TermIds(self._analyzer, self._term_bytes)
        return SegmentWriter(self._term_ids, self._extra, title_weight=self._title_weight)
