"""What a search returns: values that never change, ready for JSON and for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from indexer.document import FieldValue

HIGHLIGHT_LEVELS = ("surface", "stem", "lemma", "synonym", "similar")
"""How a highlighted word belongs to the query, from the closest to the furthest."""


@dataclass(frozen=True, slots=True)
class Highlight:
    """A half-open code point range `[start, end)` of whole words that the query matched.

    `level` is "surface" for a word as the query has it, whatever its marks; "stem" with other
    clitics or endings; "lemma" for another form of the word (كتب for كتاب); "synonym" for what it
    may be called; "similar" for what looks like it. A phrase is one by surface form where all of
    its words are.
    """

    start: int
    end: int
    level: str


@dataclass(frozen=True, slots=True)
class Snippet:
    """A passage of a document's original text, with what to highlight in it.

    `start` and `end` are the passage's code point range in the document's text; the ranges of
    `highlights` count from the beginning of `text`, are sorted and do not overlap.
    `before` and `after` tell whether the document's text goes on outside the passage.
    """

    text: str
    start: int
    end: int
    highlights: tuple[Highlight, ...] = ()
    before: bool = False
    after: bool = False

    def render(self, opening: str, closing: str) -> str:
        """Return the passage with each highlight between two strings; nothing is escaped."""
        return self._render(lambda _level: opening, closing, str)

    def to_html(self, tag: str = "mark", *, levels: bool = False) -> str:
        """Return the passage as HTML: the text escaped, each highlight in an element `tag`.

        With `levels` its attribute `data-level` says how the word belongs to the query.
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

    The levels are "lemma", "stem" and "surface"; "synonym" for what a word may be called; "similar"
    for a word that looks like one that is lacking; "near" for two words that stand close together,
    both of which are in `terms`.

    `frequency` counts its occurrences in the document, those in the title with their weight;
    `idf` says how rare it is. The scores of all contributions sum to that of the hit.
    """

    field: str
    level: str
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

    `documents` is the number of documents that hold it on its widest level. Where that is 0,
    `similar` has the stems of words like it that were searched in its place. `synonyms` has what
    else it, or it and the words behind it, was searched as, where a document holds that.
    """

    text: str
    surface: str
    stem: str
    documents: int
    lemma: str = ""
    similar: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to one search.

    `total` counts every matching document; `hits` is the page that was asked for, from rank
    `offset + 1`. `terms` says what was searched. `suggestions` holds words of the index near those
    that were not found; it is only filled when nothing matched. `took` is in seconds.
    """

    query: str
    total: int
    hits: tuple[Hit, ...]
    offset: int = 0
    terms: tuple[SearchedTerm, ...] = ()
    ignored: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    took: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain values for JSON; dates in ISO 8601."""
        return {
            "query": self.query,
            "total": self.total,
            "offset": self.offset,
            "took": round(self.took, 6),
            "terms": [_term_to_dict(term) for term in self.terms],
            "ignored": list(self.ignored),
            "suggestions": list(self.suggestions),
            "hits": [_hit_to_dict(hit) for hit in self.hits],
        }


def _term_to_dict(term: SearchedTerm) -> dict[str, Any]:
    return {
        "text": term.text,
        "surface": term.surface,
        "stem": term.stem,
        "lemma": term.lemma,
        "documents": term.documents,
        "similar": list(term.similar),
        "synonyms": list(term.synonyms),
    }


def _highlights(found: Sequence[Highlight]) -> list[dict[str, Any]]:
    return [{"start": each.start, "end": each.end, "level": each.level} for each in found]


def _hit_to_dict(hit: Hit) -> dict[str, Any]:
    return {
        "rank": hit.rank,
        "id": hit.id,
        "score": hit.score,
        "title": hit.title,
        "title_highlights": _highlights(hit.title_highlights),
        "url": hit.url,
        "date": hit.date.isoformat() if hit.date else None,
        "fields": {name: _plain(value) for name, value in hit.fields.items()},
        "snippets": [
            {
                "text": snippet.text,
                "start": snippet.start,
                "end": snippet.end,
                "highlights": _highlights(snippet.highlights),
                "before": snippet.before,
                "after": snippet.after,
                "html": snippet.to_html(),
            }
            for snippet in hit.snippets
        ],
        **(
            {"explanation": [_explained(part) for part in hit.explanation]}
            if hit.explanation
            else {}
        ),
    }


def _explained(part: Contribution) -> dict[str, Any]:
    return {
        "field": part.field or "title and text",
        "level": part.level,
        "terms": list(part.terms),
        "frequency": part.frequency,
        "idf": round(part.idf, 4),
        "score": round(part.score, 4),
    }


def _plain(value: FieldValue) -> str | float | list[str]:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
