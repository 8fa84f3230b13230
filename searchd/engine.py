"""The engine: a query to ranked documents with snippets.

An engine is safe to share between threads and sees each new generation of the index with the next
search. It is cheap to open; open one and keep it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from analyzers import Analyzer
from analyzers.synonyms import Synonyms, shipped_synonyms
from indexer.scalars import clean
from indexer.segment.segment import Segment
from indexer.segment.stored_fields import StoredFields
from indexer.snapshot import Snapshot
from searchd.budget import DEFAULT_BUDGET, SearchBudget, check, limited
from searchd.highlighting.highlights import find_matches, merge_highlights
from searchd.highlighting.matchers import Matcher, distinct_matchers
from searchd.highlighting.passages import SNIPPET_LENGTH, TextWindow, snippets_of_windows
from searchd.ranking import DEFAULT_RANKING, Ranking
from searchd.results import Hit, Results, SearchedTerm, Snippet
from searchd.search.collector import ScoredDoc
from searchd.search.damaged_index import explaining_damage
from searchd.search.index_searcher import IndexSearcher, TopDocs
from searchd.search.resolved_query import ResolvedTerm
from searchd.search_arguments import (
    MOST_HITS as MOST_HITS,
)
from searchd.search_arguments import (
    check_filters,
    check_memory_limit,
    check_paging,
    check_sort,
    check_syntax,
    check_text,
    check_timeout,
)
from searchd.searcher_manager import SearcherManager

if TYPE_CHECKING:
    from indexer.places import Place
    from searchd.analysis_report import AnalyzedToken
    from searchd.index_info import IndexInfo

Syntax = Literal["full", "plain"]


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
        ranking: Ranking | None = None,
        synonyms: Synonyms | None = None,
        budget: SearchBudget | None = None,
        memory_limit: int | None = None,
    ) -> None:
        """Open the index.

        `ranking` defaults to `DEFAULT_RANKING` with the title weight of the index, `synonyms` to
        the packs that ship. `budget` limits what each search may cost, by default `SearchBudget()`.
        `memory_limit` bounds what is cached, in bytes; by default it grows with the index.

        Raises SearchArgumentError for a limit that is no whole number above 0.
        """
        self._directory = Path(index)
        self._analyzer = analyzer or Analyzer()
        self._ranking = ranking
        self._synonyms = synonyms
        self._budget = budget or DEFAULT_BUDGET
        self._memory_limit = check_memory_limit(memory_limit)
        self._searchers = SearcherManager(self._open_snapshot, self._new_searcher)

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
        timeout: float | None = None,
    ) -> Results:
        """Return the best documents for a query, from rank `offset + 1`.

        `filters` are conditions such as `category=sport` or `date>=2024`, which must all hold;
        `sort` is a field or `-field`, several with commas. Each hit has up to `snippets`
        passages of about `snippet_length` characters. With `syntax="plain"` every character of the
        query is prose, so a question can hold quotation marks and colons. With `explain` each hit
        has the contribution of each term to its score. A search that takes longer than `timeout`
        seconds ends with SearchTimeoutError; None leaves the time of the engine's budget.

        Raises QuerySyntaxError, FilterSyntaxError, SearchBudgetError for a query that costs too
        much, and SearchArgumentError for an argument of a wrong type, a page that is out of range
        and an unknown syntax.
        """
        with limited(self._budget_for(timeout)):
            return self._search(
                query,
                limit=limit,
                offset=offset,
                filters=filters,
                sort=sort,
                snippets=snippets,
                snippet_length=snippet_length,
                syntax=syntax,
                explain=explain,
            )

    def _search(
        self,
        query: str,
        *,
        limit: int,
        offset: int,
        filters: Sequence[str],
        sort: str | None,
        snippets: int,
        snippet_length: int,
        syntax: Syntax,
        explain: bool,
    ) -> Results:
        limit, offset, snippets, snippet_length = check_paging(
            limit, offset, snippets, snippet_length
        )
        started = time.perf_counter()
        searcher = self._searchers.acquire()
        with explaining_damage(searcher.snapshot):
            found = self._find(searcher, query, limit, offset, filters, sort, syntax)
            documents = found.page.documents
            matchers = distinct_matchers(
                matcher for term in found.resolved.terms for matcher in term.matchers
            )
            hits = [
                self._hit(rank, stored, document, matchers, snippets, snippet_length, found.scored)
                for rank, (stored, document) in enumerate(
                    zip(_stored_fields(documents), documents, strict=True), start=offset + 1
                )
            ]
            if explain:
                hits = [
                    replace(hit, explanation=searcher.explain(found, document, hit.rank))
                    for hit, document in zip(hits, documents, strict=True)
                ]
            return Results(
                query=query,
                total=found.page.total,
                hits=tuple(hits),
                offset=offset,
                terms=tuple(map(_searched_term, found.resolved.terms)),
                common=tuple(word.word.text for word in found.resolved.common),
                suggestions=() if found.page.total else searcher.suggest(found),
                conditions=found.conditions,
                took=time.perf_counter() - started,
            )

    def count(
        self,
        query: str,
        *,
        filters: Sequence[str] = (),
        syntax: Syntax = "full",
        timeout: float | None = None,
    ) -> int:
        """Return the number of documents that match a query. Raises like `search`."""
        found = self.search(query, limit=0, filters=filters, syntax=syntax, timeout=timeout)
        return found.total

    def ids(
        self, query: str, *, filters: Sequence[str] = (), timeout: float | None = None
    ) -> list[str]:
        """Return the id of every document that matches a query, in the order of the index."""
        searcher = self._searchers.acquire()
        limit = searcher.snapshot.document_count
        with limited(self._budget_for(timeout)), explaining_damage(searcher.snapshot):
            found = self._find(searcher, query, limit, 0, filters, None, "full")
            documents = sorted(
                found.page.documents,
                key=lambda document: (document.segment_number, document.number),
            )
            return [stored.id for stored in _stored_fields(documents)]

    def analyze(self, text: str) -> list[AnalyzedToken]:
        """Return every word of a text with its terms, how they were derived, and its synonyms."""
        from searchd.analysis_report import analyze_text

        return analyze_text(check_text("text", text), self._analyzer, self._synonyms)

    def info(self) -> IndexInfo:
        """Return facts about the index."""
        from searchd.index_info import IndexInfo

        snapshot = self._searchers.acquire().snapshot
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
            title_weight=snapshot.generation.title_weight,
            created=snapshot.generation.created,
        )

    def close(self) -> None:
        """Close the files of the index once the last running search is done."""
        self._searchers.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _budget_for(self, timeout: float | None) -> SearchBudget:
        seconds = check_timeout(timeout)
        return self._budget if seconds is None else replace(self._budget, seconds=seconds)

    def _open_snapshot(self, previous: Snapshot | None) -> Snapshot:
        return Snapshot(
            self._directory,
            analysis=self._analyzer.fingerprint,
            title_weight=self._ranking.title_weight if self._ranking else None,
            previous=previous,
            memory_limit=self._memory_limit,
        )

    def _new_searcher(self, snapshot: Snapshot) -> IndexSearcher:
        if self._synonyms is None:
            self._synonyms = shipped_synonyms()
        ranking = self._ranking or replace(
            DEFAULT_RANKING, title_weight=snapshot.generation.title_weight
        )
        return IndexSearcher(snapshot, self._analyzer, ranking, self._synonyms)

    def _find(
        self,
        searcher: IndexSearcher,
        query: str,
        limit: int,
        offset: int,
        filters: Sequence[str],
        sort: str | None,
        syntax: Syntax,
    ) -> TopDocs:
        """Parse and plan a query; the searcher resolves, scores and rescores it."""
        query = clean(check_text("query", query))  # lone surrogates occur in no term
        plan = searcher.plan(query, check_syntax(syntax))
        return searcher.search(
            plan,
            limit=limit,
            offset=offset,
            filters=check_filters(filters),
            sort=check_sort(sort),
        )

    def _hit(
        self,
        rank: int,
        stored: StoredFields,
        document: ScoredDoc,
        matchers: Sequence[Matcher],
        snippets: int,
        length: int,
        scored: bool,
    ) -> Hit:
        check(f"hit {rank}")
        score = document.score if scored else None
        hit = Hit(rank, stored.id, stored.title, score, stored.url, stored.date, stored.fields)
        if snippets < 1:
            return hit
        title_words = self._analyzer.tokenize(stored.title)
        title_matches = find_matches(title_words, matchers, ("", "title"))
        places = document.segment.documents.places(document.number)
        found = snippets_of_windows(
            self._windows(document, matchers, snippets, length, places),
            title=stored.title,
            count=snippets,
            length=length,
        )
        return replace(
            hit,
            title_highlights=merge_highlights(title_matches, 0, len(stored.title)),
            snippets=_with_places(found, places) if places else found,
        )

    def _windows(
        self,
        document: ScoredDoc,
        matchers: Sequence[Matcher],
        snippets: int,
        length: int,
        places: Sequence[Place],
    ) -> list[TextWindow]:
        """Return the text of a document, or the parts of a long one in which passages may be best."""
        documents = document.segment.documents
        breaks = _breaks(places) if places else ()
        parts = documents.text_parts(document.number)
        if parts is None:
            text = documents.text(document.number)
            words = self._analyzer.tokenize(text)
            matches = find_matches(words, matchers, ("", "text"))
            return [TextWindow(text, words, matches, breaks=breaks)]
        from searchd.highlighting.long_texts import read_windows

        return read_windows(document, parts, matchers, self._analyzer, snippets, length, breaks)


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


def _stored_fields(documents: Sequence[ScoredDoc]) -> list[StoredFields]:
    """Return the stored fields of documents in their order, read segment by segment."""
    numbers: dict[Segment, list[int]] = {}
    for document in documents:
        numbers.setdefault(document.segment, []).append(document.number)
    stored = {
        segment: iter(segment.documents.stored_fields(chosen))
        for segment, chosen in numbers.items()
    }
    return [next(stored[document.segment]) for document in documents]


def _searched_term(term: ResolvedTerm) -> SearchedTerm:
    return SearchedTerm(
        text=term.word.text,
        surface=term.word.terms.surface,
        stem=term.word.terms.stem,
        documents=term.documents,
        lemma=term.lemma,
        similar=term.similar,
        synonyms=term.synonyms,
        written=term.word.terms.written,
    )


def _size(directory: Path) -> int:
    """Return the bytes of the files in a directory; a writer may remove some meanwhile."""
    total = 0
    for file in directory.iterdir():
        with suppress(FileNotFoundError):
            total += file.stat().st_size
    return total
