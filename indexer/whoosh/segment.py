"""A segment as a Whoosh segment: its term sources, columns, deletions and term statistics."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, lru_cache, partial
from typing import Any, NoReturn

import numpy as np
from whoosh.codec.base import Segment as WhooshSegment
from whoosh.columns import ColumnReader
from whoosh.fields import NUMERIC, Schema

from analyzers import Analyzer
from indexer.fields import FieldMap, FieldType
from indexer.segment.segment import Segment
from indexer.whoosh.codec import ArrayCodec, read_only
from indexer.whoosh.columns import BytesColumn, NumberColumn, keyword_column
from indexer.whoosh.keyword_terms import IdTerms, KeywordTerms
from indexer.whoosh.numeric_terms import (
    NumberTerms,
    date_keys,
    date_values,
    number_keys,
    number_values,
)
from indexer.whoosh.schema import TermField, term_fields
from indexer.whoosh.term_source import TermSource
from indexer.whoosh.text_terms import TextLengths, TextTerms

STATISTICS_CACHE_SIZE = 10_000
"""Terms of a segment whose statistics are cached."""

Statistics = tuple[float, int, int, int, float, int | None, int]
"""The arguments of Whoosh's TermInfo: weight, number of documents, shortest and longest field,
largest weight, first and last document."""


class ArraySegment(WhooshSegment):  # type: ignore[misc]  # Whoosh has no types
    """A segment for Whoosh. Threads may share it.

    `data` is the segment itself. `sources` makes the term source of each searchable field,
    `columns` the column reader of each sortable one. `text_fields` are the fields of stems and
    surface forms.
    """

    def __init__(self, data: Segment, fields: FieldMap, schema: Schema, analyzer: Analyzer) -> None:
        entry = data.entry
        super().__init__("searchd")
        self.segid = f"{entry.name}-{entry.deletions}"
        self.data = data
        self.analyzer = analyzer
        self.lengths = TextLengths(data)
        self.text_fields: Mapping[str, TermField] = term_fields(fields)
        self.sources: dict[str, Callable[[], TermSource]] = {"id": partial(IdTerms, data)}
        self.columns: dict[str, Callable[[], ColumnReader]] = {
            "id": partial(BytesColumn, data.document_count, data.documents.id)
        }
        for name, field in self.text_fields.items():
            self.sources[name] = partial(TextTerms, data, field, self.lengths)
        for name, kind in [("date", FieldType.DATE), *((s.name, s.type) for s in fields.extra)]:
            if kind is FieldType.KEYWORD:
                self.sources[name] = partial(KeywordTerms, data, name)
                self.columns[name] = partial(self._keyword_column, name)
            elif kind is not FieldType.TEXT:
                self.sources[name] = partial(self._number_terms, name, kind, schema[name])
                self.columns[name] = partial(self._number_column, name, kind)
        self._cached_sources: dict[str, TermSource] = {}
        self.statistics = lru_cache(STATISTICS_CACHE_SIZE)(self._statistics)

    def source(self, field: str) -> TermSource:
        """Return the term source of a field."""
        found = self._cached_sources.get(field)
        if found is None:
            found = self._cached_sources[field] = self.sources[field]()
        return found

    def _statistics(self, field: str, term: bytes) -> Statistics:
        """Return the statistics of an existing term, including deleted documents."""
        source = self.source(field)
        postings = source.postings(term)
        lengths = source.lengths
        found = np.zeros(1, np.int64) if lengths is None else lengths[postings.ids]
        return (
            float(postings.frequencies.sum(dtype=np.float64)),
            int(postings.ids.size),
            int(found.min()),
            int(found.max()),
            float(postings.frequencies.max()),
            int(postings.ids[0]),
            int(postings.ids[-1]),
        )

    def _number_terms(self, name: str, kind: FieldType, field: NUMERIC) -> NumberTerms:
        numbers = self.data.columns.numbers(name)
        keys = date_keys(numbers) if kind is FieldType.DATE else number_keys(numbers)
        return NumberTerms(self.data, keys, ~np.isnan(numbers), field.shift_step)

    def _number_column(self, name: str, kind: FieldType) -> NumberColumn:
        numbers = self.data.columns.numbers(name)
        return NumberColumn(
            date_values(numbers) if kind is FieldType.DATE else number_values(numbers)
        )

    def _keyword_column(self, name: str) -> BytesColumn:
        return keyword_column(*self.data.columns.first_keywords(name))

    def codec(self, **_options: Any) -> ArrayCodec:
        """Return the codec that reads this segment."""
        return ArrayCodec()

    def doc_count_all(self) -> int:
        """Return the number of documents, including deleted ones."""
        return self.data.document_count

    def deleted_count(self) -> int:
        """Return the number of deleted documents."""
        return len(self._deleted)

    @cached_property
    def _deleted(self) -> frozenset[int]:
        # A set, because Whoosh also asks for the number after the last document.
        return frozenset(np.flatnonzero(~self.data.live).tolist())

    def deleted_docs(self) -> Iterator[int]:
        """Return the deleted documents."""
        return iter(self._deleted)

    def is_deleted(self, docnum: int) -> bool:
        """Return whether a document is deleted."""
        return docnum in self._deleted

    def delete_document(self, docnum: int, delete: bool = True) -> NoReturn:  # noqa: ARG002
        """Raise ReadOnlyError: `IndexWriter.delete` deletes documents."""
        raise read_only("delete documents")

    def set_doc_count(self, doccount: int) -> NoReturn:  # noqa: ARG002
        """Raise ReadOnlyError."""
        raise read_only("write documents")
