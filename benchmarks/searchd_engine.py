"""searchd as an engine of `benchmarks.engines`, through its public API alone."""

from __future__ import annotations

from pathlib import Path

import searchd
from indexer.indexing import index_records
from indexer.sources import read_records
from searchd.ranking import DEFAULT_RANKING, Ranking
from searchd.results import Results


class SearchdIndex:
    """An engine with a given ranking, and `snippets` snippets for each of the ten hits."""

    def __init__(
        self, directory: Path, ranking: Ranking = DEFAULT_RANKING, snippets: int = 0
    ) -> None:
        self._engine = searchd.open(directory, ranking=ranking)
        self._snippets = snippets

    def search(self, text: str) -> Results:
        """Parse a query, count its documents and return the best ten."""
        return self._engine.search(text, limit=10, snippets=self._snippets)

    def total(self, answer: Results) -> int:
        """Return the number of matching documents."""
        return answer.total

    def top(self, answer: Results) -> tuple[str, ...]:
        """Return the ids of the best documents, in their order."""
        return tuple(hit.id for hit in answer.hits)

    def ignored(self, text: str) -> tuple[str, ...]:
        """Return the stop words that are left out of a query, as written."""
        return self.search(text).common

    def documents(self) -> int:
        """Return the number of documents in the index."""
        return self._engine.info().documents

    def segments(self) -> int:
        """Return the number of segments of the index."""
        return self._engine.info().segments

    def close(self) -> None:
        """Close the files of the index."""
        self._engine.close()


class SearchdEngine:
    """Builds an index with the default settings."""

    def __init__(self, *, processes: int = 1, optimize: bool = False) -> None:
        self._processes = processes
        self._optimize = optimize

    def index(self, corpus: Path, directory: Path) -> None:
        """Index a JSON Lines file into an empty directory, and commit."""
        index_records(
            directory,
            read_records([corpus]),
            processes=self._processes,
            optimize=self._optimize,
        )

    def open(self, directory: Path) -> SearchdIndex:
        """Open an index with the default ranking."""
        return SearchdIndex(directory)
