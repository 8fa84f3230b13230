"""Engines: one small interface for searchd and its peers, so that all are asked the same.

Each engine is a module of its own, loaded by name in the process that measures it, so that none
pays for the imports of another.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

SEARCHD = "searchd"
SEARCHD_2 = "searchd, 2 processes"
SEARCHD_OPTIMIZED = "searchd, optimized"
TANTIVY = "Tantivy"
WHOOSH = "Whoosh"


class OpenIndex(Protocol):
    """An index that is open for searching.

    `search` alone is timed; an answer is whatever the engine returns, and is read afterwards.
    """

    def search(self, text: str) -> Any:
        """Parse a query, count its documents and return the best ten."""

    def total(self, answer: Any) -> int:
        """Return how many documents matched."""

    def top(self, answer: Any) -> tuple[str, ...]:
        """Return what names the best documents, in their order."""

    def documents(self) -> int:
        """Return how many documents the index holds."""

    def close(self) -> None:
        """Close the files of the index."""


class Engine(Protocol):
    """Builds an index and opens it."""

    def index(self, corpus: Path, directory: Path) -> None:
        """Read a JSON Lines file into a new, committed index in an empty directory."""

    def open(self, directory: Path) -> OpenIndex:
        """Open an index that `index` has made."""


def load(name: str) -> Engine:
    """Return an engine by one of the names above."""
    if name == TANTIVY:
        from benchmarks.tantivy_engine import TantivyEngine

        return TantivyEngine()
    if name == WHOOSH:
        from benchmarks.whoosh_engine import WhooshEngine

        return WhooshEngine()
    from benchmarks.searchd_engine import SearchdEngine

    return SearchdEngine(
        processes=2 if name == SEARCHD_2 else 1, optimize=name == SEARCHD_OPTIMIZED
    )


def read_bodies(corpus: Path) -> Iterator[tuple[str, str]]:
    """Yield the id of each document and its title and text as one, as searchd searches them."""
    with corpus.open("rb") as lines:
        for line in lines:
            document = json.loads(line)
            yield document["id"], f"{document['title']}\n{document['text']}"
