"""The exceptions of the package `searchd`.

SearchError
├── QuerySyntaxError     a query cannot be parsed; `position` says where
├── FilterSyntaxError    a filter, facet or sort key cannot be parsed, or names no field
├── SearchArgumentError  an argument of a search has a wrong type or is out of range
├── DocumentNotFoundError  no document of the index has an id
├── CursorError          a cursor cannot be used here: it is none, or one of another search
│   └── CursorExpiredError   the index was changed, and the order does not outlast that
├── SearchBudgetError    a query costs more than a search may; `part` says which part of it
│   └── SearchTimeoutError   its time is up
├── CollectionError      a file of queries, relevance judgments or a run has an error
├── KeyFileError         a file of API keys cannot be read or written, or has no such key
└── EngineClosedError    a search after `Engine.close()`

The errors of an index (`indexer.errors`, under IndexerError) and of the analysis
(`analyzers.errors`, under AnalyzersError) can be imported from here too.
"""

from analyzers.errors import AnalyzersError, DataFileError, LexiconError, WordFileError
from indexer.errors import (
    BackupError,
    ClusterAddressError,
    ClusterBusyError,
    ClusterError,
    ClusterTimeoutError,
    DuplicateIdError,
    FieldOptionError,
    IndexAccessError,
    IndexBusyError,
    IndexDamagedError,
    IndexerError,
    IndexMismatchError,
    IndexMissingError,
    RecordError,
    ReplicaError,
    SourceError,
    SyncRefusedError,
    WorkerError,
)

__all__ = [
    "AnalyzersError",
    "BackupError",
    "ClusterAddressError",
    "ClusterBusyError",
    "ClusterError",
    "ClusterTimeoutError",
    "CollectionError",
    "CursorError",
    "CursorExpiredError",
    "DataFileError",
    "DocumentNotFoundError",
    "DuplicateIdError",
    "EngineClosedError",
    "FieldOptionError",
    "FilterSyntaxError",
    "IndexAccessError",
    "IndexBusyError",
    "IndexDamagedError",
    "IndexMismatchError",
    "IndexMissingError",
    "IndexerError",
    "KeyFileError",
    "LexiconError",
    "QuerySyntaxError",
    "RecordError",
    "ReplicaError",
    "SearchArgumentError",
    "SearchBudgetError",
    "SearchError",
    "SearchTimeoutError",
    "SourceError",
    "SyncRefusedError",
    "WordFileError",
    "WorkerError",
]


class SearchError(Exception):
    """The base class of the exceptions of this package."""


class QuerySyntaxError(SearchError):
    """A query cannot be parsed.

    `position` is the code point offset of the error in `query`, `reason` what is wrong and what to
    write instead.
    """

    def __init__(self, query: str, position: int, reason: str) -> None:
        super().__init__(query, position, reason)
        self.query = query
        self.position = position
        self.reason = reason

    def __str__(self) -> str:
        return f"the query has an error at character {self.position + 1}: {self.reason}"


class FilterSyntaxError(SearchError):
    """A filter, facet or sort key cannot be parsed, or names a field that the index does not have.

    `reason` is what is wrong and what to write instead. Of a filter `text` is all of it, and
    `position` the code point offset of the error in it, which is None elsewhere.
    """

    def __init__(self, reason: str, text: str = "", position: int | None = None) -> None:
        super().__init__(reason, text, position)
        self.reason = reason
        self.text = text
        self.position = position

    def __str__(self) -> str:
        if self.position is None:
            return self.reason
        return (
            f"the filter {self.text!r} cannot be understood at character {self.position + 1}: "
            f"{self.reason}"
        )


class SearchArgumentError(SearchError, ValueError, TypeError):
    """An argument of a search has a wrong type, or a value that is out of range.

    `argument` is its name, `reason` what it must be. Programs that expect Python's own errors find
    a ValueError and a TypeError in it.
    """

    def __init__(self, argument: str, reason: str) -> None:
        super().__init__(argument, reason)
        self.argument = argument
        self.reason = reason

    def __str__(self) -> str:
        return f"the argument {self.argument!r}: {self.reason}"


class DocumentNotFoundError(SearchError, LookupError):
    """No document of the index has an id, which is `document_id`."""

    def __init__(self, document_id: str) -> None:
        super().__init__(document_id)
        self.document_id = document_id

    def __str__(self) -> str:
        shown = self.document_id if len(self.document_id) <= 80 else self.document_id[:80] + "…"
        return f"the index has no document with the id {shown!r}; ids are compared as written"


class CursorError(SearchError):
    """A cursor cannot be used: it is damaged, or of another query, other filters or another order."""


class CursorExpiredError(CursorError):
    """The index was changed since a cursor was made, and its order has no place that outlasts that."""


class SearchBudgetError(SearchError):
    """A query costs more than a search may.

    `part` is the part of the query that was worked on, or the stage of the search; `reason` is the
    limit and what to do.
    """

    def __init__(self, part: str, reason: str) -> None:
        super().__init__(part, reason)
        self.part = part
        self.reason = reason

    def __str__(self) -> str:
        return f"the search was ended at {self.part!r}: {self.reason}"


class SearchTimeoutError(SearchBudgetError, TimeoutError):
    """The time of a search was up before its answer was complete.

    `seconds` is the time that it had, `part` what was worked on in the end.
    """

    def __init__(self, part: str, seconds: float) -> None:
        SearchError.__init__(self, part, seconds)
        self.part = part
        self.seconds = seconds
        self.reason = f"its {seconds:g} s were over; ask for less, or allow more time with timeout"


class CollectionError(SearchError):
    """A file of queries, relevance judgments or a run has an error.

    `origin` is the file and line (path:line), `reason` what is wrong and what to do.
    """

    def __init__(self, origin: str, reason: str) -> None:
        super().__init__(origin, reason)
        self.origin = origin
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.origin}: {self.reason}"


class KeyFileError(SearchError):
    """A file of API keys cannot be read or written, is damaged, or has no key of an id."""


class EngineClosedError(SearchError):
    """The engine was closed."""
