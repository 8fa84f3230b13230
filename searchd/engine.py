"""The engine: a query to ranked documents with snippets.

An engine is safe to share between threads and sees each new generation of the index with the next
search. It is cheap to open; open one and keep it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from analyzers import Analyzer
from analyzers.synonyms import Synonyms, shipped_synonyms
from indexer.scalars import clean
from indexer.snapshot import Snapshot
from searchd.budget import DEFAULT_BUDGET, SearchBudget, limited
from searchd.errors import SearchArgumentError
from searchd.highlighting.passages import SNIPPET_LENGTH
from searchd.hits import make_hits, stored_fields_of
from searchd.ranking import DEFAULT_RANKING, Ranking
from searchd.results import Correction, Results, Suggestion
from searchd.search.damaged_index import explaining_damage
from searchd.search.index_searcher import IndexSearcher, TopDocs
from searchd.search.resolved_query import searched_term
from searchd.search_arguments import MOST_HITS as MOST_HITS
from searchd.search_arguments import (
    MOST_SUGGESTIONS,
    check_correct,
    check_count,
    check_cursor,
    check_filters,
    check_limit,
    check_memory_limit,
    check_paging,
    check_sort,
    check_syntax,
    check_text,
    check_text_field,
    check_timeout,
)
from searchd.search_engine import Correcting, StoredDocuments, Syntax
from searchd.search_turns import search_turn
from searchd.searcher_manager import SearcherManager

if TYPE_CHECKING:
    from indexer.document import Document
    from indexer.segment.cache import CacheStatistics
    from searchd.analysis_report import AnalyzedToken
    from searchd.document_highlights import HighlightedDocument
    from searchd.facets import Facet
    from searchd.filter_tree import Filter
    from searchd.index_info import IndexInfo
    from searchd.refinement import Refinement
    from searchd.search.grouping import GroupedPage
    from searchd.similar_results import SimilarDocuments


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
        self._reloads = 0
        self._searchers = SearcherManager(self._open_snapshot, self._new_searcher)

    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        offset: int = 0,
        after: str | None = None,
        filters: Sequence[str | Filter] = (),
        sort: str | None = None,
        snippets: int = 1,
        snippet_length: int = SNIPPET_LENGTH,
        syntax: Syntax = "full",
        explain: bool = False,
        correct: Correcting = "auto",
        timeout: float | None = None,
        facets: Sequence[str | Facet] = (),
        facet_filters: Sequence[str | Filter] = (),
        group_by: str | None = None,
        group_size: int = 3,
    ) -> Results:
        """Return the best documents for a query, from rank `offset + 1`.

        `filters` are conditions such as `category=sport` or `date>=2024 AND NOT EXISTS author`, which
        must all hold; `sort` is a field or `-field`, several with commas; besides numbers, dates and
        keywords it may be title, id and score. `after` is the cursor of a page (`Results.cursor`),
        after which this one begins, in place of an offset and at any depth. `facets`, such as
        `category` or `date:month`, count the values of fields in the whole result; those of
        `facet_filters` that ask for the field of a facet do not narrow its counts. With `group_by`,
        a keyword field, the hits are the best `group_size` of each value, and `limit` and
        `offset` count groups, which have no cursor. Each hit has up to `snippets`
        passages of about `snippet_length` characters. With `syntax="plain"` every character of the
        query is prose, so a question can hold quotation marks and colons. With `explain` each hit
        has the contribution of each term to its score. `correct` is when to look for a much
        likelier query, `Results.correction`: with "auto" where nothing matches or no document
        contains a word of the query, with "always" also where words that exist were likely typed
        for others, which takes ten times as long as a search. A search that takes longer than `timeout`
        seconds ends with SearchTimeoutError; None leaves the time of the engine's budget.

        Raises QuerySyntaxError, FilterSyntaxError, SearchBudgetError for a query that costs too
        much, and SearchArgumentError for an argument of a wrong type, a page that is out of range
        and an unknown syntax. Raises CursorError for a cursor of another query, other filters or
        another order, and CursorExpiredError for one in order of the score after a commit; a cursor
        in order of fields alone goes on.
        """
        with limited(self._budget_for(timeout)), search_turn():
            return self._search(
                query,
                limit=limit,
                offset=offset,
                after=after,
                filters=filters,
                sort=sort,
                snippets=snippets,
                snippet_length=snippet_length,
                syntax=syntax,
                explain=explain,
                refinement=_refinement(limit, facets, facet_filters, group_by, group_size),
                correct=check_correct(correct),
            )

    def _search(
        self,
        query: str,
        *,
        limit: int,
        offset: int,
        after: str | None,
        filters: Sequence[str | Filter],
        sort: str | None,
        snippets: int,
        snippet_length: int,
        syntax: Syntax,
        explain: bool,
        refinement: Refinement | None,
        correct: str,
    ) -> Results:
        limit, offset, snippets, snippet_length = check_paging(
            limit, offset, snippets, snippet_length
        )
        after = check_cursor(after, offset)
        if after is not None and refinement is not None and refinement.group_by is not None:
            raise SearchArgumentError("after", "groups have no cursor; page them by offset")
        started = time.perf_counter()
        searcher = self._searchers.acquire()
        with explaining_damage(searcher.snapshot):
            found = self._find(
                searcher, query, limit, offset, filters, sort, syntax, after, refinement
            )
            documents = found.page.documents
            before = found.offset if found.grouped is None else found.grouped.before
            hits = make_hits(found, self._analyzer, before, snippets, snippet_length)
            if explain:
                ranks = found.grouped.ranks if found.grouped else [hit.rank for hit in hits]
                hits = [
                    replace(hit, explanation=searcher.explain(found, document, rank))
                    for hit, document, rank in zip(hits, documents, ranks, strict=True)
                ]
            results = Results(
                query=query,
                total=found.page.total,
                hits=tuple(hits),
                offset=found.offset,
                terms=tuple(map(searched_term, found.resolved.terms)),
                common=tuple(word.word.text for word in found.resolved.common),
                suggestions=() if found.page.total else searcher.suggest(found),
                conditions=found.conditions,
                facets=found.facets,
                correction=searcher.correction_of(found, query, syntax, correct),
                took=time.perf_counter() - started,
                page_end=found.end,
            )
            if found.grouped is not None:
                results = _in_groups(results, found.grouped, found.group_field)
            return results

    def correct(
        self, query: str, *, syntax: Syntax = "full", timeout: float | None = None
    ) -> Correction | None:
        """Return the query that was likely meant by one with typing errors, None for none.

        It finds words that do not exist and words that do, by those beside them. Raises like
        `search`.
        """
        query = clean(check_text("query", query))
        searcher = self._searchers.acquire()
        with limited(self._budget_for(timeout)), explaining_damage(searcher.snapshot):
            return searcher.correct(query, check_syntax(syntax))

    def suggest(
        self, text: str, *, limit: int = 10, field: str = "", timeout: float | None = None
    ) -> list[Suggestion]:
        """Return texts that complete what was typed, by words and phrases of documents.

        `field` is "title", "text" or another text field, "" for title and text. Raises
        SearchArgumentError for another field and for a limit that is not from 1 to 20.
        """
        text, limit = clean(check_text("text", text)), check_limit(limit, MOST_SUGGESTIONS)
        searcher = self._searchers.acquire()
        check_text_field(field, searcher.snapshot)
        with limited(self._budget_for(timeout)), explaining_damage(searcher.snapshot):
            return searcher.complete(text, field, limit)

    def similar(
        self,
        document_id: str,
        *,
        limit: int = 10,
        offset: int = 0,
        filters: Sequence[str | Filter] = (),
        snippets: int = 1,
        snippet_length: int = SNIPPET_LENGTH,
        timeout: float | None = None,
    ) -> SimilarDocuments:
        """Return the documents most like one, by the words that tell most about it.

        The arguments are those of `search`. Raises DocumentNotFoundError for an unknown id, and like
        `search`.
        """
        from searchd.search.similar_documents import find_similar
        from searchd.similar_results import SimilarDocuments

        page = check_paging(limit, offset, snippets, snippet_length)
        document_id, filters = check_text("document_id", document_id), check_filters(filters)
        started = time.perf_counter()
        searcher = self._searchers.acquire()
        with limited(self._budget_for(timeout)), explaining_damage(searcher.snapshot):
            terms, found = find_similar(
                searcher, self._analyzer, document_id, page.limit, page.offset, filters
            )
            hits = make_hits(found, self._analyzer, page.offset, page.snippets, page.snippet_length)
            took = time.perf_counter() - started
            return SimilarDocuments(
                document_id, found.page.total, tuple(hits), page.offset, terms, took
            )

    def count(
        self,
        query: str,
        *,
        filters: Sequence[str | Filter] = (),
        syntax: Syntax = "full",
        timeout: float | None = None,
    ) -> int:
        """Return the number of documents that match a query. Raises like `search`."""
        found = self.search(query, limit=0, filters=filters, syntax=syntax, timeout=timeout)
        return found.total

    def ids(
        self, query: str, *, filters: Sequence[str | Filter] = (), timeout: float | None = None
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
            return [stored.id for stored in stored_fields_of(documents)]

    def get(self, document_id: str) -> Document:
        """Return a stored document as it was given: a moment is in UTC, a list is a tuple.

        What it returns can be written again. Raises DocumentNotFoundError for an unknown id.
        """
        from searchd.stored_documents import get_document

        searcher = self._searchers.acquire()
        with explaining_damage(searcher.snapshot):
            return get_document(searcher.snapshot, check_text("document_id", document_id))

    def documents(
        self,
        query: str | None = None,
        *,
        filters: Sequence[str | Filter] = (),
        sort: str | None = None,
        limit: int | None = None,
        after: str | None = None,
        text_length: int | None = None,
        syntax: Syntax = "full",
        timeout: float | None = None,
    ) -> StoredDocuments:
        """Return an iterator over the documents of a query, or over all, with their texts.

        They are in the order of `sort`, by default in that of the index, and as many as `limit`, by
        default all: a search ends sooner. Its `cursor` is `after` of the next call; in the order of
        the index it holds until the next commit. `text_length` is how many code points of each text
        are read, by default all. `timeout` is for finding the documents. Raises like `search`.
        """
        from searchd.stored_documents import open_stream

        with limited(self._budget_for(timeout)):
            searcher = self._searchers.acquire()
            with explaining_damage(searcher.snapshot):
                return open_stream(
                    searcher,
                    "*" if query is None else clean(check_text("query", query)),
                    syntax=check_syntax(syntax),
                    filters=check_filters(filters),
                    sort=check_sort(sort),
                    limit=check_count("limit", limit),
                    after=check_cursor(after),
                    text_length=check_count("text_length", text_length),
                )

    def highlight(
        self,
        document_id: str,
        query: str | None,
        *,
        start: int = 0,
        length: int | None = None,
        syntax: Syntax = "full",
        timeout: float | None = None,
    ) -> HighlightedDocument:
        """Return a document with every match of a query in its title and text.

        The document need not be among the results of the query; without a query nothing is marked.
        Of a long text `length` code points from `start` on cost the same wherever they are. Raises DocumentNotFoundError for an unknown id, and like `search`.
        """
        from searchd.stored_documents import highlight

        with limited(self._budget_for(timeout)):
            searcher = self._searchers.acquire()
            with explaining_damage(searcher.snapshot):
                return highlight(
                    searcher,
                    self._analyzer,
                    check_text("document_id", document_id),
                    None if query is None else clean(check_text("query", query)),
                    syntax=check_syntax(syntax),
                    start=check_count("start", start),
                    length=check_count("length", length),
                )

    def analyze(self, text: str) -> list[AnalyzedToken]:
        """Return every word of a text with its terms, how they were derived, and its synonyms."""
        from searchd.analysis_report import analyze_text

        return analyze_text(check_text("text", text), self._analyzer, self._synonyms)

    def info(self) -> IndexInfo:
        """Return facts about the index."""
        from searchd.index_info import IndexInfo

        snapshot = self._searchers.acquire().snapshot
        return IndexInfo.of(snapshot, self._directory)

    def revision(self) -> str:
        """Return a text that changes with the index, and with the word files of this engine."""
        generation = self._searchers.acquire().snapshot.generation
        return f"{generation.created}-{generation.number}-{self._reloads}"

    def cache_statistics(self) -> CacheStatistics:
        """Return what is cached, and how often a value was found there."""
        return self._searchers.acquire().snapshot.memory.cache.statistics

    def reload_words(self, analyzer: Analyzer | None, synonyms: Synonyms | None) -> None:
        """Analyze and search with others from the next search on; None stands for the default.

        A search that is at work may end with either. Raises like the constructor where
        the index was made with other protected words, and EngineClosedError; nothing is changed then.
        """
        self._searchers.acquire()  # a closed engine stays closed
        new = Engine(
            self._directory,
            analyzer=analyzer,
            ranking=self._ranking,
            synonyms=synonyms,
            budget=self._budget,
            memory_limit=self._memory_limit,
        )
        # The searchers last: a search takes them first.
        self._analyzer, self._synonyms = new._analyzer, new._synonyms
        self._searchers = SearcherManager(self._open_snapshot, self._new_searcher)
        self._reloads += 1

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
        filters: Sequence[str | Filter],
        sort: str | None,
        syntax: Syntax,
        after: str | None = None,
        refinement: Refinement | None = None,
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
            query=(query, syntax),
            after=after,
            refinement=refinement,
        )


def _refinement(limit: int, *asked: object) -> Refinement | None:
    """Return the refinement that a search asks for, None for none, as of most searches."""
    facets, facet_filters, group_by, group_size = asked
    if not (facets or facet_filters or group_by):
        return None
    from searchd.refinement import check_refinement

    return check_refinement(facets, facet_filters, group_by, group_size, limit)


def _in_groups(results: Results, grouped: GroupedPage, field: str) -> Results:
    from searchd.groups import make_groups

    sizes = [(group.shown, group.documents) for group in grouped.groups]
    groups = make_groups([hit.fields for hit in results.hits], field, sizes)
    return replace(results, groups=groups, group_count=grouped.group_count)
