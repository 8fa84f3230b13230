"""What every engine does, wherever its index is: in a directory or on a cluster.

`searchd.open` returns one. The commands, the service and the page use no more than this, so they do not
know which engine answers. `searchd.engine.Engine` says what each argument means and what is raised.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Protocol, Self

from searchd.highlighting.passages import SNIPPET_LENGTH

if TYPE_CHECKING:
    from analyzers import Analyzer
    from analyzers.synonyms import Synonyms
    from indexer.document import Document
    from indexer.segment.cache import CacheStatistics
    from searchd.analysis_report import AnalyzedToken
    from searchd.document_highlights import HighlightedDocument
    from searchd.facets import Facet
    from searchd.filter_tree import Filter
    from searchd.index_info import IndexInfo
    from searchd.results import Correction, Results, Suggestion
    from searchd.similar_results import SimilarDocuments

Syntax = Literal["full", "plain"]
Correcting = Literal["auto", "always", "never"]


class StoredDocuments(Protocol):
    """Stored documents in an order, read as they are asked for."""

    @property
    def total(self) -> int:
        """The number of all that match, on every page."""
        ...

    @property
    def cursor(self) -> str | None:
        """The cursor after the last document that was read, None where no other comes after it."""
        ...

    def __iter__(self) -> Self:
        """Return itself."""
        ...

    def __next__(self) -> Document:
        """Return the next document."""
        ...


class SearchEngine(Protocol):
    """Searches one index. Threads may share it; use it as a context manager, or call `close`."""

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
        """Return the best documents for a query, from rank `offset + 1`."""
        ...

    def correct(
        self, query: str, *, syntax: Syntax = "full", timeout: float | None = None
    ) -> Correction | None:
        """Return the query that was likely meant by one with typing errors, None for none."""
        ...

    def suggest(
        self, text: str, *, limit: int = 10, field: str = "", timeout: float | None = None
    ) -> list[Suggestion]:
        """Return texts that complete what was typed."""
        ...

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
        """Return the documents most like one."""
        ...

    def count(
        self,
        query: str,
        *,
        filters: Sequence[str | Filter] = (),
        syntax: Syntax = "full",
        timeout: float | None = None,
    ) -> int:
        """Return the number of documents that match a query."""
        ...

    def ids(
        self, query: str, *, filters: Sequence[str | Filter] = (), timeout: float | None = None
    ) -> list[str]:
        """Return the id of every document that matches a query."""
        ...

    def get(self, document_id: str) -> Document:
        """Return a stored document as it was given."""
        ...

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
        """Return an iterator over the documents of a query, or over all, with their texts."""
        ...

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
        """Return a document with every match of a query in its title and text."""
        ...

    def analyze(self, text: str) -> list[AnalyzedToken]:
        """Return every word of a text with its terms, and its synonyms."""
        ...

    def info(self) -> IndexInfo:
        """Return facts about the index."""
        ...

    def revision(self) -> str:
        """Return a text that changes with the index, and with the word files."""
        ...

    def cache_statistics(self) -> CacheStatistics:
        """Return what is cached, and how often a value was found there."""
        ...

    def reload_words(self, analyzer: Analyzer | None, synonyms: Synonyms | None) -> None:
        """Analyze and search with others from the next search on."""
        ...

    def close(self) -> None:
        """Close what is open once the last running search is done."""
        ...

    def __enter__(self) -> Self:
        """Return itself."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close what is open."""
        ...
