"""What an engine does with stored documents: get one, read many, mark a query in one."""

from __future__ import annotations

from dataclasses import replace

from analyzers import Analyzer
from indexer.document import Document
from indexer.snapshot import Snapshot
from searchd.cursors import Place
from searchd.document_highlights import (
    HighlightedDocument,
    TermMatchers,
    highlight_document,
    matchers_of,
)
from searchd.document_stream import DocumentStream, after_number, read_documents
from searchd.errors import DocumentNotFoundError
from searchd.filter_tree import Filter
from searchd.search.collector import ScoredDoc
from searchd.search.index_searcher import IndexSearcher
from searchd.search.resolved_query import searched_term
from searchd.search.sorting import SortOrder
from searchd.search.top_k import Matches


def get_document(snapshot: Snapshot, document_id: str) -> Document:
    """Return the document with an id. Raises DocumentNotFoundError."""
    place = _find(snapshot, document_id)
    ((_stored, document),) = read_documents(place.segment, [place])
    return document


def highlight(
    searcher: IndexSearcher,
    analyzer: Analyzer,
    document_id: str,
    query: str | None,
    *,
    syntax: str,
    start: int,
    length: int | None,
) -> HighlightedDocument:
    """Return a document with the matches of a query. Raises DocumentNotFoundError."""
    place = _find(searcher.snapshot, document_id)
    terms = searcher.resolve(searcher.plan(query, syntax)).terms if query is not None else ()
    matchers = matchers_of(terms) if terms else TermMatchers((), ())
    found = highlight_document(place, matchers, analyzer, start=start, length=length)
    return replace(found, terms=tuple(map(searched_term, terms)))


def open_stream(
    searcher: IndexSearcher,
    query: str,
    *,
    syntax: str,
    filters: tuple[str | Filter, ...],
    sort: str | None,
    limit: int | None,
    after: str | None,
    text_length: int | None = None,
) -> DocumentStream:
    """Return the documents of a query in an order, after a cursor."""
    order = searcher.parse_sort(sort) if sort else None
    asked = ("documents", query, syntax, tuple(map(str, filters)))
    place = searcher.place(after, asked, order) if after is not None else None
    matches = searcher.match_all(searcher.plan(query, syntax), filters)
    left = _after(matches, place, order) if place else matches
    count = left.ids.size if limit is None else min(limit, left.ids.size)
    rows = slice(0, count) if order is None else order.page(left.ids, left.scores, 0, count)
    return DocumentStream(
        searcher.snapshot,
        left.ids[rows],
        left.scores[rows],
        total=int(matches.ids.size),
        listing=searcher.listing(asked, order),
        before=place.before if place else 0,
        more=left.ids.size > count,
        text_length=text_length,
    )


def _after(matches: Matches, place: Place, order: SortOrder | None) -> Matches:
    """Return the matches after a place in an order, or in that of the index."""
    if order is None:
        first = after_number(matches.ids, place)
        return Matches(matches.ids[first:], matches.scores[first:])
    later = order.after(matches.ids, matches.scores, place.values, place.document_id)
    return Matches(matches.ids[later], matches.scores[later])


def _find(snapshot: Snapshot, document_id: str) -> ScoredDoc:
    found = snapshot.find_document(document_id)
    if found is None:
        raise DocumentNotFoundError(document_id)
    segment, number = found
    return ScoredDoc(snapshot.segments[segment], segment, number, 0.0)
