"""Hits: the documents of a page with their stored fields, snippets and highlights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from analyzers import Analyzer
from indexer.segment.segment import Segment
from indexer.segment.stored_fields import StoredFields
from searchd.budget import check
from searchd.highlighting.highlights import find_matches, merge_highlights
from searchd.highlighting.matchers import Matcher, distinct_matchers
from searchd.highlighting.passages import snippets_of_windows
from searchd.highlighting.windows import text_windows
from searchd.results import Hit, Snippet
from searchd.search.collector import ScoredDoc
from searchd.search.index_searcher import TopDocs

if TYPE_CHECKING:
    from indexer.places import Place


def make_hits(
    found: TopDocs, analyzer: Analyzer, before: int, snippets: int, length: int
) -> list[Hit]:
    """Return the hits of a page, which is after `before` others.

    Each has up to `snippets` passages of about `length` code points.
    """
    documents = found.page.documents
    matchers = distinct_matchers(
        matcher for term in found.resolved.terms for matcher in term.matchers
    )
    hits = []
    numbered = enumerate(zip(stored_fields_of(documents), documents, strict=True), before + 1)
    for rank, (stored, document) in numbered:
        check(f"hit {rank}")
        score = document.score if found.scored else None
        hit = Hit(rank, stored.id, stored.title, score, stored.url, stored.date, stored.fields)
        if snippets > 0:
            hit = _with_snippets(hit, document, matchers, analyzer, snippets, length)
        hits.append(hit)
    return hits


def _with_snippets(
    hit: Hit,
    document: ScoredDoc,
    matchers: Sequence[Matcher],
    analyzer: Analyzer,
    count: int,
    length: int,
) -> Hit:
    title_matches = find_matches(analyzer.tokenize(hit.title), matchers, ("", "title"))
    places = document.segment.documents.places(document.number)
    breaks = _breaks(places) if places else ()
    windows = text_windows(document, matchers, analyzer, count, length, breaks)
    snippets = snippets_of_windows(windows, title=hit.title, count=count, length=length)
    return replace(
        hit,
        title_highlights=merge_highlights(title_matches, 0, len(hit.title)),
        snippets=_with_places(snippets, places) if places else snippets,
    )


def _breaks(places: Sequence[Place]) -> list[int]:
    """Return the offsets over which no passage goes on."""
    from indexer.places import FLOWING

    return [place.start for place in places if place.kind not in FLOWING]


def _with_places(snippets: Sequence[Snippet], places: Sequence[Place]) -> tuple[Snippet, ...]:
    """Return snippets with the place of each: that of its first highlight, else of its start."""
    from indexer.places import place_of

    found = []
    for snippet in snippets:
        first = snippet.highlights[0].start if snippet.highlights else 0
        found.append(replace(snippet, place=place_of(places, snippet.start + first)))
    return tuple(found)


def stored_fields_of(documents: Sequence[ScoredDoc]) -> list[StoredFields]:
    """Return the stored fields of documents in their order, read segment by segment."""
    numbers: dict[Segment, list[int]] = {}
    for document in documents:
        numbers.setdefault(document.segment, []).append(document.number)
    stored = {
        segment: iter(segment.documents.stored_fields(chosen))
        for segment, chosen in numbers.items()
    }
    return [next(stored[document.segment]) for document in documents]
