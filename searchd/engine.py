"""The engine: a question to ranked documents with snippets.

An engine is safe to share between threads and sees each new generation of the index with the next
search. It is cheap to open; open one and keep it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self, get_args

from analyzers import Analyzer
from analyzers.synonyms import Synonyms, shipped_synonyms
from indexer.scalars import clean
from indexer.segment.segment import DEFAULT_FIELD, Segment
from indexer.segment.stored_fields import StoredFields
from indexer.snapshot import Snapshot
from searchd.highlighting.passages import (
    SNIPPET_LENGTH,
    find_matches,
    make_snippets,
    merge_highlights,
)
from searchd.query import parse, parse_plain
from searchd.ranking import DEFAULT_RANKING, Ranking
from searchd.results import Hit, Results
from searchd.search.collector import ScoredDoc, collect
from searchd.search.filters import RELEVANCE, parse_filter, parse_sort
from searchd.search.planner import Planned, plan_query
from searchd.search.rescorer import CANDIDATES, Rescorer
from searchd.snapshot_manager import SnapshotManager

if TYPE_CHECKING:
    from searchd.analysis_report import AnalyzedToken

Syntax = Literal["full", "plain"]
_SYNTAXES: tuple[str, ...] = get_args(Syntax)

MOST_HITS = 10_000
"""A page may not reach further: `offset + limit`."""


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """What an index is: where, how large, and what made it. `bytes` is its size on disk."""

    path: str
    documents: int
    generation: int
    segments: int
    bytes: int
    fields: tuple[tuple[str, str], ...]
    analysis: str
    format: int
    created: str


class Engine:
    """Searches the index in one directory.

    Use it as a context manager, or call `close`. Raises IndexMissingError, IndexMismatchError or
    IndexDamagedError where the index cannot be opened.
    """

    def __init__(
        self,
        index: Path | str,
        *,
        analyzer: Analyzer | None = None,
        ranking: Ranking = DEFAULT_RANKING,
        synonyms: Synonyms | None = None,
    ) -> None:
        """Open the index; without `synonyms` the packs that ship widen queries."""
        self._directory = Path(index)
        self._ranking = ranking
        self._analyzer = analyzer or Analyzer()
        self._synonyms = synonyms
        self._generations = SnapshotManager(self._directory, self._analyzer.fingerprint)

    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        offset: int = 0,
        filters: Sequence[str] = (),
        sort: str | None = None,
        snippets: int = 1,
        snippet_length: int = SNIPPET_LENGTH,
        syntax: Syntax = "full",
        explain: bool = False,
    ) -> Results:
        """Return the best documents for a query, from rank `offset + 1`.

        `filters` are conditions such as `category=sport` or `date>=2024`, of which every one must
        hold; `sort` is a field or `-field`, several with commas. Each hit has up to `snippets`
        passages of about `snippet_length` characters. With `syntax="plain"` every character of the
        query is prose, so a question can hold quotation marks and colons. With `explain` each hit
        says which term added what to its score.

        Raises QuerySyntaxError, FilterSyntaxError, ValueError for a page or a length
        of snippets that cannot be and for an unknown syntax, TypeError for filters in one text.
        """
        if limit < 0 or offset < 0 or offset + limit > MOST_HITS:
            raise ValueError(
                f"limit {limit} and offset {offset} must not be negative, "
                f"nor reach past hit {MOST_HITS}"
            )
        if isinstance(filters, str):
            raise TypeError(f"filters are a list of conditions: [{filters!r}]")
        if syntax not in _SYNTAXES:
            raise ValueError(f"there is no syntax {syntax!r}; use {' or '.join(_SYNTAXES)}")
        if snippets < 0 or snippet_length < 1:
            raise ValueError(f"{snippets} snippets of {snippet_length} characters cannot be made")
        started = time.perf_counter()
        snapshot = self._generations.newest()
        planned = self._plan(query, snapshot, syntax)
        keys = parse_sort(sort, snapshot) if sort else ()
        rescorer = None
        if len(planned.words) > 1 and self._ranking.refines and not keys:
            rescorer = Rescorer(snapshot, planned.words, self._ranking)
        page = collect(
            planned.plan,
            snapshot,
            limit=limit,
            offset=offset,
            filters=[parse_filter(condition, snapshot) for condition in filters],
            sort=keys,
            rescorer=rescorer,
        )
        scored = not keys or RELEVANCE in (key.name for key in keys)
        hits = tuple(
            self._hit(rank, head, ranked, planned, snippets, snippet_length, scored=scored)
            for rank, (head, ranked) in enumerate(
                zip(_heads(page.documents), page.documents, strict=True), start=offset + 1
            )
        )
        if explain:
            from searchd.search.explanation import explain as explained

            hits = tuple(
                replace(
                    hit,
                    explanation=explained(
                        planned.plan,
                        ranked,
                        snapshot.mean_length,
                        rescorer if hit.rank <= CANDIDATES else None,
                    ),
                )
                for hit, ranked in zip(hits, page.documents, strict=True)
            )
        suggestions = () if page.total else _suggest(planned, snapshot)
        return Results(
            query=query,
            total=page.total,
            hits=hits,
            offset=offset,
            terms=tuple(planned.terms),
            ignored=tuple(planned.ignored),
            suggestions=suggestions,
            took=time.perf_counter() - started,
        )

    def count(self, query: str, *, filters: Sequence[str] = (), syntax: Syntax = "full") -> int:
        """Return how many documents match a query. Raises like `search`."""
        return self.search(query, limit=0, filters=filters, syntax=syntax).total

    def ids(self, query: str, *, filters: Sequence[str] = ()) -> list[str]:
        """Return the id of every document that matches a query, in the order of the index."""
        snapshot = self._generations.newest()
        planned = self._plan(query, snapshot, "full")
        conditions = [parse_filter(condition, snapshot) for condition in filters]
        page = collect(planned.plan, snapshot, limit=snapshot.document_count, filters=conditions)
        order = {segment: number for number, segment in enumerate(snapshot.segments)}
        ranked = sorted(page.documents, key=lambda found: (order[found.segment], found.number))
        return [head.id for head in _heads(ranked)]

    def analyze(self, text: str) -> list[AnalyzedToken]:
        """Return every word of a text with its levels, what led to them, and its synonyms."""
        from searchd.analysis_report import analyze_text

        return analyze_text(text, self._analyzer, self._synonyms)

    def info(self) -> IndexInfo:
        """Return what the index is."""
        snapshot = self._generations.newest()
        standard = [("title", "text"), ("text", "text"), ("date", "date")]
        extra = [(spec.name, spec.type.value) for spec in snapshot.extra_fields]
        return IndexInfo(
            path=str(self._directory),
            documents=snapshot.document_count,
            generation=snapshot.generation.number,
            segments=len(snapshot.segments),
            bytes=_size(self._directory),
            fields=(*standard, *extra),
            analysis=snapshot.generation.analysis,
            format=snapshot.generation.format,
            created=snapshot.generation.created,
        )

    def close(self) -> None:
        """Close the files of the index once the last running search is done."""
        self._generations.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _plan(self, query: str, snapshot: Snapshot, syntax: Syntax) -> Planned:
        query = clean(query)  # a lone surrogate is no character of any term
        if syntax == "plain":
            tree = parse_plain(query)
        else:
            extra = (spec.name for spec in snapshot.extra_fields)
            tree = parse(query, {"title", "text", "date", *extra})
        if self._synonyms is None:
            self._synonyms = shipped_synonyms()
        return plan_query(query, tree, snapshot, self._analyzer, self._ranking, self._synonyms)

    def _hit(
        self,
        rank: int,
        head: StoredFields,
        ranked: ScoredDoc,
        planned: Planned,
        snippets: int,
        length: int,
        *,
        scored: bool,
    ) -> Hit:
        score = ranked.score if scored else None
        if snippets < 1:
            return Hit(rank, head.id, head.title, score, head.url, head.date, head.fields)
        title_words = self._analyzer.tokenize(head.title)
        title_matches = find_matches(title_words, planned.matchers, ("", "title"))
        text = ranked.segment.text(ranked.number)
        words = self._analyzer.tokenize(text)
        return Hit(
            rank=rank,
            id=head.id,
            title=head.title,
            score=score,
            url=head.url,
            date=head.date,
            fields=head.fields,
            title_highlights=merge_highlights(title_matches, 0, len(head.title)),
            snippets=make_snippets(
                text,
                words,
                find_matches(words, planned.matchers, ("", "text")),
                title=head.title,
                count=snippets,
                length=length,
            ),
        )


def _heads(documents: Sequence[ScoredDoc]) -> list[StoredFields]:
    """Return the heads of documents in their order, those of one segment read at once."""
    numbers: dict[Segment, list[int]] = {}
    for found in documents:
        numbers.setdefault(found.segment, []).append(found.number)
    stored_fields = {
        segment: iter(segment.stored_fields(chosen)) for segment, chosen in numbers.items()
    }
    return [next(stored_fields[found.segment]) for found in documents]


def _suggest(planned: Planned, snapshot: Snapshot) -> tuple[str, ...]:
    """Return words of the index near the words of a query that it does not hold."""
    missing = [
        word
        for term in planned.terms
        if not term.documents
        for word in term.surface.split()
        if not snapshot.document_frequency(DEFAULT_FIELD, "surface", word)
    ]
    if not missing:
        return ()
    from searchd.search.fuzzy import suggest

    return tuple(suggest(snapshot, missing))


def _size(directory: Path) -> int:
    """Return the size of the files in a directory, of which a writer may be removing some."""
    total = 0
    for file in directory.iterdir():
        with suppress(FileNotFoundError):
            total += file.stat().st_size
    return total
