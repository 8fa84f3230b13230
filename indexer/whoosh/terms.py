"""The term reader of a segment: membership, order, statistics and a cursor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from whoosh.codec.base import FieldCursor, TermsReader
from whoosh.fields import FieldType
from whoosh.formats import Format
from whoosh.reading import TermInfo, TermNotFound

from indexer.whoosh.term_source import TermSource

if TYPE_CHECKING:
    from indexer.whoosh.codec import ArrayCodec
    from indexer.whoosh.matcher import ArrayMatcher
    from indexer.whoosh.segment import ArraySegment


class ArrayTermsReader(TermsReader):  # type: ignore[misc]  # Whoosh has no types
    """Reads the terms of all searchable fields, ordered by the name of the field, then by term."""

    def __init__(self, codec: ArrayCodec, segment: ArraySegment) -> None:
        self._codec = codec
        self._segment = segment

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        field, text = term
        return field in self._segment.sources and text in self._segment.source(field)

    def indexed_field_names(self) -> list[str]:
        """Return the names of the fields that have terms."""
        return sorted(self._segment.sources)

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Yield the field and the bytes of every term."""
        for field in self.indexed_field_names():
            for term in self._segment.source(field).terms_from(b""):
                yield field, term

    def terms_from(self, field: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """Yield the terms of a field from `prefix` on, then those of the fields after it."""
        if field in self._segment.sources:
            for term in self._segment.source(field).terms_from(prefix):
                yield field, term
        for other in self.indexed_field_names():
            if other > field:
                for term in self._segment.source(other).terms_from(b""):
                    yield other, term

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Yield every term with its statistics."""
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, field: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Yield terms as `terms_from` does, with their statistics."""
        return ((term, self.term_info(*term)) for term in self.terms_from(field, prefix))

    def term_info(self, field: str, text: bytes) -> TermInfo:
        """Return the statistics of a term, including deleted documents. Raises KeyError."""
        if (field, text) not in self:
            raise KeyError((field, text))
        # A new object, because Whoosh changes the one that it gets.
        return TermInfo(*self._segment.statistics(field, text))

    def frequency(self, field: str, text: bytes) -> float:
        """Return the sum of the weights of a term. Raises KeyError."""
        weight: float = self.term_info(field, text).weight()
        return weight

    def doc_frequency(self, field: str, text: bytes) -> int:
        """Return the number of documents that hold a term. Raises KeyError."""
        count: int = self.term_info(field, text).doc_frequency()
        return count

    def matcher(self, field: str, text: bytes, format_: Format, scorer: Any = None) -> ArrayMatcher:
        """Return the postings of a term. Raises TermNotFound."""
        try:
            info = self.term_info(field, text)
        except KeyError:
            raise TermNotFound(f"no term {field}:{text!r}") from None
        return self._codec.postings_reader(
            self._segment, info, format_, term=(field, text), scorer=scorer
        )

    def cursor(self, field: str, fieldobj: FieldType) -> TermCursor:
        """Return a cursor at the first term of a field."""
        return TermCursor(self, self._segment.source(field), field, fieldobj)


class TermCursor(FieldCursor):  # type: ignore[misc]  # Whoosh has no types
    """Moves over the terms of one field, in order."""

    def __init__(
        self, reader: ArrayTermsReader, source: TermSource, field: str, fieldobj: FieldType
    ) -> None:
        self._reader = reader
        self._source = source
        self._field = field
        self._type = fieldobj
        self._term: bytes | None = None
        self.first()

    def first(self) -> Any:
        """Move to the first term and return it, None where there is none."""
        return self.find(b"")

    def find(self, term: Any) -> Any:
        """Move to the first term from this one on and return it, None at the end."""
        start = term if isinstance(term, bytes) else self._type.to_bytes(term)
        self._rest = self._source.terms_from(start)
        return self.next()

    def next(self) -> Any:
        """Move to the next term and return it, None at the end."""
        self._term = next(self._rest, None)
        return self.text()

    def text(self) -> Any:
        """Return the current term, None at the end."""
        return None if self._term is None else self._type.from_bytes(self._term)

    def term(self) -> Any:
        """Return the current term, by the name that Whoosh's base class gives it."""
        return self.text()

    def term_info(self) -> TermInfo | None:
        """Return the statistics of the current term, None at the end."""
        return None if self._term is None else self._reader.term_info(self._field, self._term)

    def is_valid(self) -> bool:
        """Return whether there is a current term."""
        return self._term is not None
