"""Building a segment: documents one after the other, then one file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from indexer.document import Document
from indexer.fields import FieldSpec, FieldType
from indexer.segment.container import ContainerWriter, narrow
from indexer.segment.document_arrays import DocumentArrays
from indexer.segment.inversion import Numbers, Vocabulary, invert
from indexer.segment.values import TITLE_WEIGHT, column_values
from indexer.stored import pack_head

_NO_WORDS: Numbers = np.empty(0, np.int32)


class SegmentBuilder:
    """Takes documents in order and writes them as one segment.

    `words` counts the running words taken so far: what they take of memory decides when a segment
    is written.
    """

    def __init__(self, vocabulary: Vocabulary, extra: Sequence[FieldSpec]) -> None:
        self._vocabulary = vocabulary
        self._extra = extra
        self._documents = DocumentArrays()
        names = ["title", "text", *(spec.name for spec in extra if spec.type is FieldType.TEXT)]
        self._texts: dict[str, list[Numbers]] = {name: [] for name in names}
        self._documents.numbers["date"] = []
        for spec in extra:
            if spec.type is FieldType.KEYWORD:
                self._documents.keywords[spec.name] = []
            elif spec.type is not FieldType.TEXT:
                self._documents.numbers[spec.name] = []
        self.words = 0

    @property
    def count(self) -> int:
        """The number of documents taken so far."""
        return len(self._documents.heads)

    def content_hash(self, number: int) -> bytes:
        """Return the content hash of a document that was taken."""
        return self._documents.hashes[number]

    def add(self, document: Document, digest: bytes) -> None:
        """Take the next document; `digest` is its content hash.

        Raises RecordError where a field is not one of the index or its value not of its type.
        """
        values = column_values(document, self._extra)
        title = self._vocabulary.encode(document.title)
        text = self._vocabulary.encode(document.text)
        documents = self._documents
        documents.hashes.append(digest)
        documents.lengths.append(TITLE_WEIGHT * title.size + text.size)
        documents.heads.append(pack_head(document))
        documents.blocks.add(document.text.encode())
        for name, numbers in documents.numbers.items():
            numbers.append(values.numbers.get(name, np.nan))
        for name, keywords in documents.keywords.items():
            keywords.append(values.keywords.get(name, ()))
        for name, words in self._texts.items():
            if name == "title":
                words.append(title)
            elif name == "text":
                words.append(text)
            else:
                words.append(self._vocabulary.encode(values.texts.get(name, "")))
            self.words += words[-1].size

    def write(self, path: Path) -> None:
        """Write the segment. The builder is used up."""
        with ContainerWriter(path) as writer:
            self._documents.write(writer)
            for name, words in self._texts.items():
                self._write_text(writer, name, words)
            writer.finish({"documents": self.count, "fields": list(self._texts)})

    def close(self) -> None:
        """Let go of temporary files."""
        self._documents.blocks.close()

    def _write_text(self, writer: ContainerWriter, name: str, words: list[Numbers]) -> None:
        sizes = np.array([found.size for found in words], np.int64)
        numbers = np.concatenate(words) if words else _NO_WORDS
        words.clear()
        documents = np.repeat(np.arange(sizes.size, dtype=np.uint32), sizes)
        positions = np.arange(numbers.size, dtype=np.uint32)
        positions -= np.repeat(np.cumsum(sizes) - sizes, sizes).astype(np.uint32)
        writer.add(f"{name}.sizes", narrow(sizes))
        invert(self._vocabulary, numbers, documents, positions).write(writer, name)
