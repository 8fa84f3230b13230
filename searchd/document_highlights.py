"""A stored document, or a window of a long one, with every match of a query in it.

A long text is stored in parts. Only the parts of the window are read, and one more before and after
it for phrases that reach across; the index knows in which part the next match is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analyzers import Analyzer
from analyzers.levels import Level
from indexer.places import Place, places_within
from indexer.segment.document_store import TextParts
from indexer.segment.sorted_arrays import distinct_values
from searchd.budget import check
from searchd.highlighting.highlights import Match, find_matches, merge_matches
from searchd.highlighting.long_texts import word_ranges
from searchd.highlighting.matchers import Matcher
from searchd.search.collector import ScoredDoc
from searchd.search.resolved_query import ResolvedTerm

if TYPE_CHECKING:
    from indexer.document import FieldValue
    from searchd.results import SearchedTerm

_FIELDS = ("", "text")
_STAGE = "highlights"

_PARTS_PER_STEP = 16
"""Parts of a long text that are tokenized together, between two looks at the budget."""


@dataclass(frozen=True, slots=True)
class DocumentMatch:
    """A match in a document: the code points `[start, end)` of whole words, and their level.

    `term` is the number of the word or phrase of the query that matched, counted from 0 in
    `HighlightedDocument.terms`.
    """

    start: int
    end: int
    level: Level
    term: int


@dataclass(frozen=True, slots=True)
class HighlightedDocument:
    """A stored document with the matches of a query, each in order and disjoint.

    `text` is the part `[start, end)` of the text, which has `length` code points in all. `matches`
    are those that begin in it; they count from the beginning of the whole text, as do
    `previous_match` and `next_match`: where the last match before the part and the first one after it
    begin, None for none. `title_matches` count from the beginning of the title, and `field_matches`,
    those in extra text fields by the name of the field, from the beginning of its value. `places` are
    the pages or other places of the part, from the one in which it begins.
    """

    id: str
    title: str
    url: str
    date: datetime | None
    fields: Mapping[str, FieldValue]
    text: str
    start: int
    end: int
    length: int
    title_matches: tuple[DocumentMatch, ...] = ()
    matches: tuple[DocumentMatch, ...] = ()
    previous_match: int | None = None
    next_match: int | None = None
    terms: tuple[SearchedTerm, ...] = field(default=())
    places: tuple[Place, ...] = ()
    field_matches: Mapping[str, tuple[DocumentMatch, ...]] = field(default_factory=dict)


class TermMatchers(NamedTuple):
    """The matchers of a query, and for each the number of the term that it is of."""

    matchers: Sequence[Matcher]
    terms: Sequence[int]


def matchers_of(terms: Iterable[ResolvedTerm]) -> TermMatchers:
    """Return the matchers of some terms, each distinct one once, with the first term that has it."""
    found: dict[object, tuple[Matcher, int]] = {}
    for number, term in enumerate(terms):
        for matcher in term.matchers:
            found.setdefault(matcher.key, (matcher, number))
    return TermMatchers(
        [matcher for matcher, _ in found.values()], [number for _, number in found.values()]
    )


def highlight_document(
    document: ScoredDoc,
    query: TermMatchers,
    analyzer: Analyzer,
    *,
    start: int = 0,
    length: int | None = None,
) -> HighlightedDocument:
    """Return a document, with the window of its text that begins at `start` and has `length`."""
    store = document.segment.documents
    stored = store.stored_fields([document.number])[0]
    title_words = analyzer.tokenize(stored.title)
    title_matches = find_matches(title_words, query.matchers, ("", "title"))
    parts = store.text_parts(document.number)
    if parts is None:
        reader: _WholeText | _TextInParts = _WholeText(store.text(document.number), query, analyzer)
    else:
        reader = _TextInParts(document, parts, query, analyzer)
    start = min(start, reader.length)
    end = reader.length if length is None else min(start + length, reader.length)
    return HighlightedDocument(
        **stored._asdict(),
        text=reader.text(start, end),
        start=start,
        end=end,
        length=reader.length,
        title_matches=_document_matches(title_matches, query),
        matches=_document_matches(reader.matches(start, end), query),
        previous_match=reader.previous_match(start),
        next_match=reader.next_match(end),
        places=places_within(store.places(document.number), start, end),
        field_matches=_field_matches(stored.fields, query, analyzer),
    )


def _field_matches(
    fields: Mapping[str, FieldValue], query: TermMatchers, analyzer: Analyzer
) -> dict[str, tuple[DocumentMatch, ...]]:
    """Return the matches in extra text fields, which a query has to name."""
    found = {}
    for name in sorted({matcher.field for matcher in query.matchers} & fields.keys()):
        value = fields[name]
        if isinstance(value, str):
            matches = find_matches(analyzer.tokenize(value), query.matchers, (name,))
            found[name] = _document_matches(matches, query)
    return {name: matches for name, matches in found.items() if matches}


def _document_matches(matches: Sequence[Match], query: TermMatchers) -> tuple[DocumentMatch, ...]:
    return tuple(
        DocumentMatch(match.start, match.end, match.level, query.terms[match.matcher])
        for match in merge_matches(matches)
    )


class _WholeText:
    """A text that is short enough to be read as a whole."""

    def __init__(self, text: str, query: TermMatchers, analyzer: Analyzer) -> None:
        self._text = text
        self.length = len(text)
        words = analyzer.tokenize(text) if query.matchers else None
        self._matches = find_matches(words, query.matchers, _FIELDS) if words else []

    def text(self, start: int, end: int) -> str:
        return self._text[start:end]

    def matches(self, start: int, end: int) -> list[Match]:
        return [match for match in self._matches if start <= match.start < end]

    def previous_match(self, start: int) -> int | None:
        return max((match.start for match in self._matches if match.start < start), default=None)

    def next_match(self, end: int) -> int | None:
        return min((match.start for match in self._matches if match.start >= end), default=None)


class _TextInParts:
    """A long text, of which only some parts are read."""

    def __init__(
        self, document: ScoredDoc, parts: TextParts, query: TermMatchers, analyzer: Analyzer
    ) -> None:
        self._document = document
        self._parts = parts
        self._matchers = query.matchers
        self._analyzer = analyzer
        self._beginning = parts.read(0, 1)
        self.length = int(parts.characters[-1])

    def text(self, start: int, end: int) -> str:
        if start >= end:
            return ""
        first, last = self._range(start, end)
        offset = int(self._parts.characters[first])
        return self._parts.read(first, last)[start - offset : end - offset]

    def matches(self, start: int, end: int) -> list[Match]:
        if start >= end or not self._matchers:
            return []
        first, last = self._range(start, end)
        found: list[Match] = []
        for step in range(first, last, _PARTS_PER_STEP):
            check(_STAGE)
            found += self._matches_in(step, min(step + _PARTS_PER_STEP, last))
        return [match for match in found if start <= match.start < end]

    def previous_match(self, start: int) -> int | None:
        candidates = self._parts_with_words()
        for part in candidates[self._parts.characters[candidates] < start][::-1].tolist():
            check(_STAGE)
            found = [match.start for match in self._matches_in(part, part + 1)]
            before = [each for each in found if each < start]
            if before:
                return max(before)
        return None

    def next_match(self, end: int) -> int | None:
        candidates = self._parts_with_words()
        for part in candidates[self._parts.characters[candidates + 1] > end].tolist():
            check(_STAGE)
            found = [match.start for match in self._matches_in(part, part + 1)]
            after = [each for each in found if each >= end]
            if after:
                return min(after)
        return None

    def _range(self, start: int, end: int) -> tuple[int, int]:
        """Return the parts, half-open, that hold some code points."""
        ends = self._parts.characters[1:]
        first = int(ends.searchsorted(start, side="right"))
        last = int(ends.searchsorted(end, side="left"))
        return first, min(last + 1, len(self._parts))

    def _matches_in(self, first: int, last: int) -> list[Match]:
        """Return the matches that begin in some parts, with offsets in the whole text."""
        characters = self._parts.characters
        before = max(first - 1, 0)
        text = self._parts.read(before, min(last + 1, len(self._parts)))
        words = self._analyzer.tokenize(text, beginning=self._beginning)
        offset = int(characters[before])
        low, high = int(characters[first]), int(characters[last])
        return [
            match.moved(offset)
            for match in find_matches(words, self._matchers, _FIELDS)
            if low <= match.start + offset < high
        ]

    def _parts_with_words(self) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        """Return the parts in which a match may begin, by the word positions of the index."""
        found: set[int] = set()
        for matcher in self._matchers:
            if matcher.field in _FIELDS:
                check(_STAGE)
                starts, _ends = word_ranges(self._document, matcher, every=True)
                places = self._parts.words.searchsorted(starts, side="right") - 1
                found.update(distinct_values(places).tolist())
        last = len(self._parts) - 1
        return np.array(sorted({min(part, last) for part in found}), np.intp)
