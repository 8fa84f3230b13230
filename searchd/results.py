"""Results of a search: immutable values, which convert to JSON and show in notebooks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, overload

from analyzers.levels import Level

if TYPE_CHECKING:
    from indexer.document import FieldValue
    from indexer.places import Place
    from searchd.facets import FacetCounts
    from searchd.groups import Group
    from searchd.listing import PageEnd
    from searchd.searched_condition import SearchedCondition

HIGHLIGHT_LEVELS = (Level.SURFACE, Level.STEM, Level.LEMMA, Level.SYNONYM, Level.SIMILAR)
"""The levels of highlights, from the closest to the furthest from the query."""


@dataclass(frozen=True, slots=True)
class Highlight:
    """A half-open code point range `[start, end)` of whole words that the query matched.

    `level` is the level on which they matched; it compares equal to its name, such as "stem".
    A phrase matches on SURFACE where all of its words do.
    """

    start: int
    end: int
    level: Level


@dataclass(frozen=True, slots=True)
class Snippet:
    """A passage of a document's original text, with what to highlight in it.

    `start` and `end` are the passage's code point range in the document's text; the ranges of
    `highlights` count from the beginning of `text`, are sorted and do not overlap.
    `before` and `after` are whether the document has text before and after the passage.
    `place` is the page, sheet or other place of its first highlight, None where the document has
    none.
    """

    text: str
    start: int
    end: int
    highlights: tuple[Highlight, ...] = ()
    before: bool = False
    after: bool = False
    place: Place | None = None

    def render(self, opening: str, closing: str) -> str:
        """Return the passage with each highlight between two strings; nothing is escaped."""
        return self._render(lambda _level: opening, closing, str)

    def to_html(self, tag: str = "mark", *, levels: bool = False) -> str:
        """Return the passage as HTML: the text escaped, each highlight in an element `tag`.

        With `levels` its attribute `data-level` is the level of the highlight.
        """
        from html import escape  # its table of entities takes longer than a search

        def opening(level: str) -> str:
            return f'<{tag} data-level="{level}">' if levels else f"<{tag}>"

        return self._render(opening, f"</{tag}>", escape)

    def _render(
        self, opening: Callable[[str], str], closing: str, escape: Callable[[str], str]
    ) -> str:
        parts = ["… "] if self.before else []
        last = 0
        for highlight in self.highlights:
            parts.append(escape(self.text[last : highlight.start]))
            parts.append(opening(highlight.level))
            parts += [escape(self.text[highlight.start : highlight.end]), closing]
            last = highlight.end
        parts.append(escape(self.text[last:]))
        if self.after:
            parts.append(" …")
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one word, phrase or pattern of the query added to a score, on one level.

    `field` is "" for title and text together. On the level NEAR `terms` are the two words that are
    close to each other. `frequency` counts the occurrences in the document, those in the title
    times the title weight; `idf` is the inverse document frequency. The scores of all contributions
    sum to that of the hit.
    """

    field: str
    level: Level
    terms: tuple[str, ...]
    frequency: float
    idf: float
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """One document that matched.

    `rank` counts from 1 over all pages; `score` is None when the hits are sorted by fields alone.
    `title_highlights` are ranges in `title`. `snippets` holds the best passages in text order;
    where only the title matched, the beginning of the text. `explanation` is filled on request.
    """

    rank: int
    id: str
    title: str
    score: float | None
    url: str = ""
    date: datetime | None = None
    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    title_highlights: tuple[Highlight, ...] = ()
    snippets: tuple[Snippet, ...] = ()
    explanation: tuple[Contribution, ...] = ()

    def title_snippet(self) -> Snippet:
        """Return the title as a passage, to render it like the others."""
        return Snippet(self.title, 0, len(self.title), self.title_highlights)


@dataclass(frozen=True, slots=True)
class SearchedTerm:
    """One word of the query as it was searched: as typed, and its form on each level.

    `written` is `surface` with the hamzas, marks and dots that were typed and count ("" for `surface`). `documents` is the number of documents that contain it on its widest level. Where that is 0,
    `similar` has the stems of words like it that were searched in its place. `synonyms` are the
    synonyms of it, or of it and the words after it, that some document contains.
    """

    text: str
    surface: str
    stem: str
    documents: int
    lemma: str = ""
    similar: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    written: str = ""


class CorrectedWords(NamedTuple):
    """Words of a query that were likely meant to be others.

    `start` and `end` are their half-open code point range in the query, `typed` is what it has
    there and `corrected` what was likely meant.
    """

    start: int
    end: int
    typed: str
    corrected: str


class Correction(NamedTuple):
    """The query that was likely meant: its text, and what it changes, in the order of the query.

    Operators, fields and quotation marks are those of the query as typed. Where its letters were
    changed as a whole, by another keyboard or a wrong encoding, one change has the whole query.
    """

    text: str
    changes: tuple[CorrectedWords, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the correction as plain values for JSON."""
        return {"text": self.text, "changes": [each._asdict() for each in self.changes]}


class Suggestion(NamedTuple):
    """A text that completes what was typed, and about how often documents have its last words.

    `frequency` counts the word or phrase that completes it, 0 where documents do not have this word
    after the one before it.
    """

    text: str
    frequency: int


@dataclass(frozen=True, slots=True)
class Results(Sequence[Hit]):
    """The answer to one search: a sequence of its hits.

    `len(results)` counts the hits of this page, `total` every matching document; the page starts at
    rank `offset + 1`. `terms` are the words that were searched, `common` the function words, which
    only order what these found. `suggestions` are words of the index near those that were not
    found; only filled when nothing matched, as are `conditions`: the conditions on fields, of the
    query and of its filters, each with the documents that meet it and with values that the field
    has. `correction` is a much likelier query, None where there is none or none was looked for
    (`Engine.search`). `facets` are the counts of the facets that were asked for, in their order. With groups the
    hits are those of all `groups` of this page, group after group, and `group_count` is the number
    of groups on all pages; else it is None. `took` is in seconds. `page_end` is what `cursor` is made of. Results pickle, and a notebook shows them with their
    highlights.
    """

    query: str
    total: int
    hits: tuple[Hit, ...]
    offset: int = 0
    terms: tuple[SearchedTerm, ...] = ()
    common: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    conditions: tuple[SearchedCondition, ...] = ()
    took: float = 0.0
    correction: Correction | None = None
    facets: tuple[FacetCounts, ...] = ()
    groups: tuple[Group, ...] = ()
    group_count: int | None = None
    page_end: PageEnd | None = field(default=None, repr=False)

    @property
    def cursor(self) -> str | None:
        """The cursor after the last hit, for `Engine.search(..., after=)`; None on the last page."""
        if self.page_end is None or not self.hits:
            return None
        from searchd.cursors import cursor_after  # few searches have a next page asked for

        return cursor_after(self.page_end, self.hits[-1], self.hits[-1].score)

    def __len__(self) -> int:
        return len(self.hits)

    @overload
    def __getitem__(self, index: int) -> Hit: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Hit, ...]: ...
    def __getitem__(self, index: int | slice) -> Hit | tuple[Hit, ...]:
        return self.hits[index]

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def _repr_html_(self) -> str:
        """Return the hits as HTML, right to left, for a notebook; the texts are escaped."""
        from html import escape

        parts = [
            f'<p dir="auto">{escape(self.query)}: {self.total:,} documents '
            f"({self.took * 1000:.1f} ms)</p>"
        ]
        for hit in self.hits:
            title = hit.title_snippet().to_html() if hit.title else escape(hit.id)
            score = "" if hit.score is None else f" <small>{hit.score:.2f}</small>"
            passages = "".join(f"<p>{snippet.to_html()}</p>" for snippet in hit.snippets)
            parts.append(
                f'<li value="{hit.rank}"><strong>{title}</strong>{score} '
                f"<small>{escape(hit.id)}</small>{passages}</li>"
            )
        body = "".join(parts[1:])
        return f'<div dir="rtl">{parts[0]}<ol>{body}</ol></div>'

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain values for JSON; dates in ISO 8601."""
        return {
            "query": self.query,
            "total": self.total,
            "offset": self.offset,
            "took": round(self.took, 6),
            "terms": [term_to_dict(term) for term in self.terms],
            "common": list(self.common),
            "suggestions": list(self.suggestions),
            "correction": self.correction.to_dict() if self.correction else None,
            "conditions": [_condition_to_dict(condition) for condition in self.conditions],
            "cursor": self.cursor,
            "facets": [facet.to_dict() for facet in self.facets],
            "groups": [_group_to_dict(group) for group in self.groups],
            "group_count": self.group_count,
            "hits": [hit_to_dict(hit) for hit in self.hits],
        }


def term_to_dict(term: SearchedTerm) -> dict[str, Any]:
    """Return a term of the query as plain values for JSON."""
    return {
        "text": term.text,
        "surface": term.surface,
        "written": term.written or term.surface,
        "stem": term.stem,
        "lemma": term.lemma,
        "documents": term.documents,
        "similar": list(term.similar),
        "synonyms": list(term.synonyms),
    }


def _group_to_dict(group: Group) -> dict[str, Any]:
    return {
        "value": group.value,
        "documents": group.documents,
        "start": group.start,
        "end": group.end,
    }


def _condition_to_dict(condition: SearchedCondition) -> dict[str, Any]:
    return {
        "text": condition.text,
        "field": condition.field,
        "documents": condition.documents,
        "values": list(condition.values),
        "is_range": condition.is_range,
    }


def _highlights(found: Sequence[Highlight]) -> list[dict[str, Any]]:
    return [{"start": each.start, "end": each.end, "level": str(each.level)} for each in found]


def hit_to_dict(hit: Hit) -> dict[str, Any]:
    """Return a hit as plain values for JSON; dates in ISO 8601."""
    return {
        "rank": hit.rank,
        "id": hit.id,
        "score": hit.score,
        "title": hit.title,
        "title_highlights": _highlights(hit.title_highlights),
        "url": hit.url,
        "date": hit.date.isoformat() if hit.date else None,
        "fields": {name: plain_value(value) for name, value in hit.fields.items()},
        "snippets": [
            {
                "text": snippet.text,
                "start": snippet.start,
                "end": snippet.end,
                "highlights": _highlights(snippet.highlights),
                "before": snippet.before,
                "after": snippet.after,
                "html": snippet.to_html(),
                "place": place_to_dict(snippet.place) if snippet.place else None,
            }
            for snippet in hit.snippets
        ],
        **(
            {"explanation": [_explained(part) for part in hit.explanation]}
            if hit.explanation
            else {}
        ),
    }


def place_to_dict(place: Place) -> dict[str, Any]:
    """Return a place of a text as plain values."""
    return {"kind": str(place.kind), "label": place.label, "start": place.start}


def _explained(part: Contribution) -> dict[str, Any]:
    return {
        "field": part.field or "title and text",
        "level": str(part.level),
        "terms": list(part.terms),
        "frequency": part.frequency,
        "idf": round(part.idf, 4),
        "score": round(part.score, 4),
    }


def plain_value(value: object) -> Any:
    """Return the value of an extra field as JSON has it: dates in ISO 8601, keywords as a list."""
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
