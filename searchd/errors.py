"""The errors of the search side.

SearchError
├── QuerySyntaxError     a query that cannot be understood; `position` says where
├── FilterSyntaxError    a filter or sort key that cannot be understood
├── CollectionError      questions, judgments or a run that cannot be evaluated with
└── EngineClosedError    a search after `Engine.close()`

Errors about the index itself are `indexer.errors.IndexerError`.
"""


class SearchError(Exception):
    """The root of every error that searching raises on purpose."""


class QuerySyntaxError(SearchError):
    """A query cannot be understood. `position` is a code point offset into `query`."""

    def __init__(self, query: str, position: int, reason: str) -> None:
        super().__init__(f"the query has an error at character {position + 1}: {reason}")
        self.query = query
        self.position = position
        self.reason = reason


class FilterSyntaxError(SearchError):
    """A filter or sort key cannot be understood, or names no field of the index."""


class CollectionError(SearchError):
    """Questions, judgments or a run do not hold what they should.

    `origin` says where (path:line), `reason` what is wrong and what to do.
    """

    def __init__(self, origin: str, reason: str) -> None:
        super().__init__(f"{origin}: {reason}")
        self.origin = origin
        self.reason = reason


class EngineClosedError(SearchError):
    """The engine was closed."""
