"""Building a segment: documents one after the other, then one file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from analyzers import Analyzer
from indexer.document import Document
from indexer.fields import DEFAULT_TITLE_WEIGHT, FieldSpec, FieldType
from indexer.segment.array_file import ArrayFileWriter, narrow
from indexer.segment.columns import column_values
from indexer.segment.stored_fields import pack_stored_fields
from indexer.segment.write.document_store_writer import DocumentStoreWriter
from indexer.segment.write.inverter import invert
from indexer.segment.write.term_ids import Numbers, TermIds

_CHARACTERS_AT_ONCE = 1 << 16
"""Texts are cut into words together up to this size: the arrays stay in the cache."""

CHARACTERS_PER_WORD = 5.5
"""About how many characters a word of Arabic and the space after it have."""


class _FieldWords:
    """The words of one text field: those of the last documents not yet cut."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._numbers: list[Numbers] = []
        self._sizes: list[npt.NDArray[np.int64]] = []

    def add(self, text: str) -> None:
        """Take the text of the next document."""
        self._texts.append(text)

    def encode(self, vocabulary: TermIds) -> int:
        """Cut the texts taken since the last call into words; return how many words they are."""
        numbers, sizes = vocabulary.encode_all(self._texts)
        self._texts.clear()
        self._numbers.append(numbers)
        self._sizes.append(sizes)
        return numbers.size

    def take_numbers(self) -> Numbers:
        """Return the numbers of all words, which are let go of here; int32 [words]."""
        numbers = np.concatenate(self._numbers)
        self._numbers.clear()
        return numbers

    def sizes(self) -> npt.NDArray[np.int64]:
        """Return the number of words of each document."""
        return np.concatenate(self._sizes)


class SegmentWriter:
    """Takes documents in order and writes them as one segment."""

    def __init__(
        self,
        vocabulary: TermIds,
        extra: Sequence[FieldSpec],
        *,
        title_weight: int = DEFAULT_TITLE_WEIGHT,
    ) -> None:
        self._vocabulary = vocabulary
        self._title_weight = title_weight
        self._extra = extra
        self._documents = DocumentStoreWriter()
        names = ["title", "text", *(spec.name for spec in extra if spec.type is FieldType.TEXT)]
        self._fields = {name: _FieldWords() for name in names}
        self._documents.numbers["date"] = []
        for spec in extra:
            if spec.type is FieldType.KEYWORD:
                self._documents.keywords[spec.name] = []
            elif spec.type is not FieldType.TEXT:
                self._documents.numbers[spec.name] = []
        self._words = 0
        self._waiting = 0  # characters that are not cut into words

    @property
    def count(self) -> int:
        """The number of documents taken so far."""
        return len(self._documents.stored_fields)

    @property
    def words(self) -> int:
        """The running words taken so far (about).

        What they take of memory decides when a segment is written.
        """
        return self._words + int(self._waiting / CHARACTERS_PER_WORD)

    def content_hash(self, number: int) -> bytes:
        """Return the content hash of a document that was taken."""
        return self._documents.hashes[number]

    def add(self, document: Document, digest: bytes) -> None:
        """Take the next document; `digest` is its content hash.

        Raises RecordError where a field is not one of the index or its value not of its type.
        """
        values = column_values(document, self._extra)
        documents = self._documents
        documents.hashes.append(digest)
        documents.stored_fields.append(pack_stored_fields(document))
        documents.blocks.add(document.text.encode())
        for name, numbers in documents.numbers.items():
            numbers.append(values.numbers.get(name, np.nan))
        for name, keywords in documents.keywords.items():
            keywords.append(values.keywords.get(name, ()))
        texts = {**values.texts, "title": document.title, "text": document.text}
        for name, field in self._fields.items():
            text = texts.get(name, "")
            field.add(text)
            self._waiting += len(text)
        if self._waiting >= _CHARACTERS_AT_ONCE:
            self._encode()

    def write(self, path: Path) -> None:
        """Write the segment. The builder is used up."""
        self._encode()
        sizes = {name: field.sizes() for name, field in self._fields.items()}
        self._documents.lengths = self._title_weight * sizes["title"] + sizes["text"]
        with ArrayFileWriter(path) as writer:
            self._documents.write(writer)
            for name, field in self._fields.items():
                writer.add(f"{name}.lengths", narrow(sizes[name]))
                arrays = invert(self._vocabulary, field.take_numbers(), sizes[name])
                arrays.write(writer, name)
            writer.finish({"documents": self.count, "fields": list(self._fields)})

    def close(self) -> None:
        """Let go of temporary files."""
        self._documents.blocks.close()

    def _encode(self) -> None:
        """Cut the texts that wait into words."""
        self._words += sum(field.encode(self._vocabulary) for field in self._fields.values())
        self._waiting = 0


class SegmentWriterFactory:
    """Makes the segment writers of one process, one after the other.

    They share the term ids, so that a word of an earlier segment need not be analysed again. A
    table of term ids that is full is replaced by an empty one, which bounds memory.
    """

    def __init__(
        self, analyzer: Analyzer, extra: Sequence[FieldSpec], *, title_weight: int
    ) -> None:
        self._analyzer = analyzer
        self._extra = extra
        self._title_weight = title_weight
        self._term_ids = TermIds(analyzer)

    def new(self) -> SegmentWriter:
        """Return a writer without documents."""
        if self._term_ids.is_full:
            self._term_ids = TermIds(self._analyzer)
        return SegmentWriter(self._term_ids, self._extra, title_weight=self._title_weight)
