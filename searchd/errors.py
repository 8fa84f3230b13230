"""The exceptions of the package `searchd`.

SearchError
├── QuerySyntaxError     a query cannot be parsed; `position` says where
├── FilterSyntaxError    a filter or sort key cannot be parsed, or names no field
├── SearchArgumentError  an argument of a search has a wrong type or is out of range
├── SearchBudgetError    a query costs more than a search may; `part` says which part of it
│   └── SearchTimeoutError   its time is up
├── CollectionError      a file of queries, relevance judgments or a run has an error
└── EngineClosedError    a search after `Engine.close()`

The errors of an index (`indexer.errors`, under IndexerError) and of the analysis
(`analyzers.errors`, under AnalyzersError) can be imported from here too.
"""

from analyzers.errors import AnalyzersError, LexiconError, WordFileError
from indexer.errors import (
    FieldOptionError,
    IndexAccessError,
    IndexBusyError,
    IndexDamagedError,
    IndexerError,
    IndexMismatchError,
    IndexMissingError,
    RecordError,
    SourceError,
    SyncRefusedError,
    WorkerError,
)

__all__ = [
    "AnalyzersError",
    "CollectionError",
    "EngineClosedError",
    "FieldOptionError",
    "FilterSyntaxError",
    "IndexAccessError",
    "IndexBusyError",
    "IndexDamagedError",
    "IndexMismatchError",
    "IndexMissingError",
    "IndexerError",
    "LexiconError",
    "QuerySyntaxError",
    "RecordError",
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
    """A filter or sort key cannot be parsed, or names a field that the index does not have."""


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


class EngineClosedError(SearchError):
    """The engine was closed."""
