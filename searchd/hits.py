"""Hits: the documents of a page with their stored fields, snippets and highlights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from analyzers import Analyzer
from analyzers.tokenized_text import TokenizedText
from indexer.segment.segment import Segment
from indexer.segment.stored_fields import StoredFields
from searchd.budget import check
from searchd.highlighting.highlights import FieldMatchers, merge_highlights
from searchd.highlighting.matchers import Matcher, distinct_matchers
from searchd.highlighting.passages import TextWindow, snippets_of_windows
from searchd.results import Hit, Snippet
from searchd.search.collector import ScoredDoc
from searchd.search.index_searcher import TopDocs

if TYPE_CHECKING:
    from indexer.places import Place

_CHARACTERS_AT_ONCE = 200_000
"""So many characters of texts are tokenized together, or those of one text."""


def make_hits(
    found: TopDocs, analyzer: Analyzer, before: int, snippets: int, length: int
) -> list[Hit]:
    """Return the hits of a page, which is after `before` others.

    Each has up to `snippets` passages of about `length` code points.
    """
    documents = found.page.documents
    hits = [
        Hit(
            rank,
            stored.id,
            stored.title,
            document.score if found.scored else None,
            stored.url,
            stored.date,
            stored.fields,
        )
        for rank, (stored, document) in enumerate(
            zip(stored_fields_of(documents), documents, strict=True), before + 1
        )
    ]
    if snippets < 1:
        return hits
    matchers = distinct_matchers(
        matcher for term in found.resolved.terms for matcher in term.matchers
    )
    highlighter = _Highlighter(matchers, analyzer, snippets, length)
    return [
        highlighter.highlighted(shown, title, text)
        for group in _groups(hits, documents)
        for shown, title, text in _tokenized(group, analyzer)
    ]


class _ShownDocument(NamedTuple):
    """A hit and its document. `text` is None where it is stored in parts."""

    hit: Hit
    document: ScoredDoc
    text: str | None


def _groups(hits: Sequence[Hit], documents: Sequence[ScoredDoc]) -> Iterator[list[_ShownDocument]]:
    """Yield hits with the texts of their documents; those of a group are tokenized together."""
    group: list[_ShownDocument] = []
    characters = 0
    for hit, document in zip(hits, documents, strict=True):
        check(f"hit {hit.rank}")
        store = document.segment.documents
        text = None if store.is_in_parts(document.number) else store.text(document.number)
        group.append(_ShownDocument(hit, document, text))
        characters += len(text or "")
        if characters >= _CHARACTERS_AT_ONCE:
            yield group
            group, characters = [], 0
    if group:
        yield group


def _tokenized(
    group: Sequence[_ShownDocument], analyzer: Analyzer
) -> Iterator[tuple[_ShownDocument, TokenizedText, TokenizedText]]:
    """Yield each hit with the words of its title and of its text."""
    words = analyzer.tokenize_all(
        [text for shown in group for text in (shown.hit.title, shown.text or "")]
    )
    return zip(group, words[::2], words[1::2], strict=True)


class _Highlighter:
    """Makes the snippets and highlights of the hits of a page."""

    def __init__(
        self, matchers: Sequence[Matcher], analyzer: Analyzer, count: int, length: int
    ) -> None:
        self._matchers = matchers
        self._of_titles = FieldMatchers(matchers, ("", "title"))
        self._of_texts = FieldMatchers(matchers, ("", "text"))
        self._analyzer = analyzer
        self._count = count
        self._length = length

    def highlighted(self, shown: _ShownDocument, title: TokenizedText, words: TokenizedText) -> Hit:
        """Return a hit with its snippets and highlights; `words` are those of its text."""
        hit, document, text = shown
        check(f"hit {hit.rank}")
        places = document.segment.documents.places(document.number)
        breaks = _breaks(places) if places else ()
        count, length = self._count, self._length
        if text is None:
            from searchd.highlighting.long_texts import read_windows

            windows = read_windows(document, self._matchers, self._analyzer, count, length, breaks)
        else:
            windows = [TextWindow(text, words, self._of_texts.find(words), breaks=breaks)]
        snippets = snippets_of_windows(windows, title=hit.title, count=count, length=length)
        return replace(
            hit,
            title_highlights=merge_highlights(self._of_titles.find(title), 0, len(hit.title)),
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
