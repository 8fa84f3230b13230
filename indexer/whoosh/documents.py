"""The document reader of a segment: deletions, lengths, columns, vectors and stored fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from whoosh.codec.base import PerDocumentReader
from whoosh.columns import Column, ColumnReader
from whoosh.formats import Format
from whoosh.matching import ListMatcher

from indexer.segment.sorted_arrays import IdArray
from indexer.segment.stored_fields import StoredFields
from indexer.whoosh.vectors import term_vector

if TYPE_CHECKING:
    from indexer.whoosh.segment import ArraySegment


class ArrayDocumentReader(PerDocumentReader):  # type: ignore[misc]  # Whoosh has no types
    """Reads the documents of a segment for Whoosh."""

    def __init__(self, segment: ArraySegment) -> None:
        self._segment = segment
        self._data = segment.data

    def doc_count(self) -> int:
        """Return the number of live documents."""
        return int(self._data.live_ids.size)

    def doc_count_all(self) -> int:
        """Return the number of documents, including deleted ones."""
        return self._data.document_count

    def has_deletions(self) -> bool:
        """Return whether any document is deleted."""
        return bool(self._data.entry.deletions)

    def is_deleted(self, docnum: int) -> bool:
        """Return whether a document is deleted."""
        return self._segment.is_deleted(docnum)

    def deleted_docs(self) -> Iterator[int]:
        """Return the deleted documents."""
        return self._segment.deleted_docs()

    def all_doc_ids(self) -> Iterator[int]:
        """Return the live documents."""
        return iter(self._data.live_ids.tolist())

    def supports_columns(self) -> bool:
        """Return True: segments have columns."""
        return True

    def has_column(self, fieldname: str) -> bool:
        """Return whether a field has a column."""
        return fieldname in self._segment.columns

    def list_columns(self) -> list[str]:
        """Return the fields that have a column."""
        return list(self._segment.columns)

    def column_reader(self, fieldname: str, column: Column) -> ColumnReader:  # noqa: ARG002
        """Return the column of a field; its kind follows from the type of the field."""
        return self._segment.columns[fieldname]()

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Return the length of a field of a document, `default` where it has no word."""
        lengths = self._lengths(fieldname)
        return default if lengths is None else int(lengths[docnum]) or default

    def field_length(self, fieldname: str) -> int:
        """Return the sum of the lengths of a field."""
        lengths = self._lengths(fieldname)
        return 0 if lengths is None else int(lengths.sum())

    def min_field_length(self, fieldname: str) -> int:
        """Return the length of the shortest field."""
        lengths = self._lengths(fieldname)
        return 0 if lengths is None else int(lengths.min())

    def max_field_length(self, fieldname: str) -> int:
        """Return the length of the longest field."""
        lengths = self._lengths(fieldname)
        return 0 if lengths is None else int(lengths.max())

    def _lengths(self, field: str) -> IdArray | None:
        return self._segment.source(field).lengths if field in self._segment.sources else None

    def has_vector(self, docnum: int, fieldname: str) -> bool:
        """Return whether a field of a document has words, so that a vector can be made of them."""
        return (
            fieldname in self._segment.text_fields and self.doc_field_length(docnum, fieldname) > 0
        )

    def vector(self, docnum: int, fieldname: str, format_: Format) -> ListMatcher:
        """Return the term vector of a field of a document, made from its stored text."""
        field = self._segment.text_fields[fieldname]
        head = self._data.documents.stored_fields([docnum])[0]
        texts = [(self._text(docnum, head, name), 1, 0) for name in field.texts]
        if len(texts) == 2:
            (title, text), start = texts, int(self._segment.lengths.text_starts[docnum])
            texts = [(title[0], self._data.title_weight, 0), (text[0], 1, start)]
        return term_vector(texts, field.level, self._segment.analyzer, format_)

    def _text(self, document: int, head: StoredFields, field: str) -> str:
        if field == "title":
            return head.title
        return (
            self._data.documents.text(document)
            if field == "text"
            else str(head.fields.get(field, ""))
        )

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Return the stored fields of a document. Raises IndexDamagedError."""
        return _stored(
            self._data.documents.stored_fields([docnum])[0], self._data.documents.text(docnum)
        )

    def iter_docs(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield every live document and its stored fields. Reads each block of texts once."""
        texts = self._data.documents.live_texts(self._data.live)
        for number, text in zip(self._data.live_ids.tolist(), texts, strict=True):
            yield number, _stored(self._data.documents.stored_fields([number])[0], text)

    def all_stored_fields(self) -> Iterator[dict[str, Any]]:
        """Yield the stored fields of every live document."""
        return (stored for _number, stored in self.iter_docs())


def _stored(head: StoredFields, text: str) -> dict[str, Any]:
    stored = {"id": head.id, "title": head.title, "text": text, **head.fields}
    if head.url:
        stored["url"] = head.url
    if head.date is not None:
        stored["date"] = head.date
    return stored
