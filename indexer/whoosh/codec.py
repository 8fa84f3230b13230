"""The codec: how Whoosh reads a segment of a searchd index. It only reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from whoosh.codec.base import Automata, Codec
from whoosh.filedb.filestore import ReadOnlyError, Storage
from whoosh.formats import Format
from whoosh.reading import TermInfo

from indexer.whoosh.documents import ArrayDocumentReader
from indexer.whoosh.matcher import ArrayMatcher
from indexer.whoosh.terms import ArrayTermsReader

if TYPE_CHECKING:
    from indexer.whoosh.segment import ArraySegment


class ArrayCodec(Codec):  # type: ignore[misc]  # Whoosh has no types
    """Reads segments of memory-mapped arrays. Their files are open, so it needs no storage."""

    def terms_reader(self, storage: Storage | None, segment: ArraySegment) -> ArrayTermsReader:  # noqa: ARG002
        """Return the reader of a segment's terms."""
        return ArrayTermsReader(self, segment)

    def per_document_reader(
        self,
        storage: Storage | None,  # noqa: ARG002
        segment: ArraySegment,
    ) -> ArrayDocumentReader:
        """Return the reader of a segment's documents."""
        return ArrayDocumentReader(segment)

    def postings_reader(
        self,
        dbfile: ArraySegment,
        terminfo: TermInfo,  # noqa: ARG002
        format_: Format,
        term: tuple[str, bytes],
        scorer: Any = None,
    ) -> ArrayMatcher:
        """Return the postings of a term. `dbfile` is the segment: there is no file of postings."""
        return ArrayMatcher(dbfile.source(term[0]), term, format_, scorer)

    def automata(self, storage: Storage | None, segment: ArraySegment) -> Automata:  # noqa: ARG002
        """Return Whoosh's automata, which find similar terms through a cursor."""
        return Automata()

    def per_document_writer(self, storage: Storage, segment: ArraySegment) -> NoReturn:  # noqa: ARG002
        """Raise ReadOnlyError."""
        raise read_only("write documents")

    def field_writer(self, storage: Storage, segment: ArraySegment) -> NoReturn:  # noqa: ARG002
        """Raise ReadOnlyError."""
        raise read_only("write terms")

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> NoReturn:  # noqa: ARG002
        """Raise ReadOnlyError."""
        raise read_only("write postings")

    def new_segment(self, storage: Storage, indexname: str) -> NoReturn:  # noqa: ARG002
        """Raise ReadOnlyError."""
        raise read_only("write segments")


def read_only(action: str) -> ReadOnlyError:
    """Return the error for an action that only `IndexWriter` can do."""
    return ReadOnlyError(
        f"Whoosh cannot {action} in a searchd index, it only reads it; "
        f"use indexer.writer.IndexWriter"
    )
