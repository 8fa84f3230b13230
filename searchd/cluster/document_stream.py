"""Reading the documents of an index on a cluster, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Self

from indexer.cluster.client import ClusterClient
from indexer.cluster.encoding import decode
from indexer.cluster.scan import PointInTime
from indexer.document import Document
from searchd.cluster.requests import Query
from searchd.cursors import Place, cursor_after, encode
from searchd.listing import Listing, PageEnd


class ClusterDocumentStream(Iterator[Document]):
    """Stored documents in an order, read as they are asked for, like `DocumentStream`.

    A stream reads the index as it was when it began. `total` is the number of all that match.
    """

    def __init__(
        self,
        client: ClusterClient,
        query: Query,
        *,
        sort: Sequence[Any],
        listing: Listing,
        after: list[Any] | None,
        before: int,
        limit: int | None,
        text_length: int | None,
    ) -> None:
        self._listing = listing
        self._before = before
        self._limit = limit
        self._text_length = text_length
        self._read = 0
        self._last: Document | None = None
        self._last_ordinal = 0.0
        self._view = PointInTime(client, client.address.index)
        self._pages = self._view.pages(query, sort=sort, source=True, after=after)
        self._page = next(self._pages)
        self.total: int = self._page["hits"]["total"]["value"]
        self._documents = self._iterate()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Document:
        """Return the next document. Raises ClusterError and IndexDamagedError."""
        return next(self._documents)

    @property
    def cursor(self) -> str | None:
        """The cursor after the last document that was read, None where no other comes after it."""
        if self._last is None or self._before + self._read >= self.total:
            return None
        end = PageEnd(self._listing, self._before + self._read)
        if self._listing.keys:
            return cursor_after(end, self._last)  # type: ignore[arg-type]
        return encode(self._listing, Place(end.before, (self._last_ordinal,), self._last.id))

    def _iterate(self) -> Iterator[Document]:
        try:
            while True:
                for hit in self._page["hits"]["hits"]:
                    if self._limit is not None and self._read >= self._limit:
                        return
                    document = self._shortened(decode(hit["_source"])[0])
                    self._read += 1
                    self._last, self._last_ordinal = document, float(hit["_source"]["ordinal"])
                    yield document
                following = next(self._pages, None)
                if following is None:
                    return
                self._page = following
        finally:
            self._view.close()

    def _shortened(self, document: Document) -> Document:
        length = self._text_length
        if length is None or len(document.text) <= length:
            return document
        return replace(document, text=document.text[:length])
