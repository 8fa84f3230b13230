"""The interface of an engine in the benchmarks: searchd, Tantivy, Lucene and stock Whoosh implement it.

Each engine is a module, imported by the process that measures it, so that no engine pays for the
imports of another.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

SEARCHD = "searchd"
SEARCHD_2 = "searchd, 2 processes"
SEARCHD_OPTIMIZED = "searchd, optimized"
TANTIVY = "Tantivy"
WHOOSH = "Whoosh"
LUCENE = "Lucene"
LUCENE_OPTIMIZED = "Lucene, optimized"

LUCENE_JARS = "LUCENE_JARS"
"""The environment variable with the folder of Lucene's jars, also for processes that are started."""


class OpenIndex(Protocol):
    """An index that is open for searching.

    Only `search` is timed. Its answer is what the engine returns; `total` and `top` read it later.
    """

    def search(self, text: str) -> Any:
        """Parse a query, count its documents and return the best ten."""

    def total(self, answer: Any) -> int:
        """Return the number of matching documents."""

    def top(self, answer: Any) -> tuple[str, ...]:
        """Return identifiers of the best documents, in their order."""

    def documents(self) -> int:
        """Return the number of documents in the index."""

    def close(self) -> None:
        """Close the files of the index."""


class Engine(Protocol):
    """Builds an index and opens it."""

    def index(self, corpus: Path, directory: Path) -> None:
        """Index a JSON Lines file into an empty directory, and commit."""

    def open(self, directory: Path) -> OpenIndex:
        """Open an index made by `index`."""


def use_lucene(parser: argparse.ArgumentParser, jars: Path | None) -> None:
    """Let `load` find Lucene in a folder of jars; None leaves the environment as it is.

    Ends the program with an error of `parser` for a folder without Lucene.
    """
    if jars is None:
        return
    if not list(jars.glob("lucene-core-*.jar")):
        parser.error(
            f"{jars} has no lucene-core-*.jar; get the jars with: mvn dependency:copy-dependencies "
            f"-DoutputDirectory={jars}"
        )
    os.environ[LUCENE_JARS] = str(jars.resolve())


def load(name: str) -> Engine:
    """Return an engine by one of the names above."""
    if name == TANTIVY:
        from benchmarks.tantivy_engine import TantivyEngine

        return TantivyEngine()
    if name in (LUCENE, LUCENE_OPTIMIZED):
        from benchmarks.lucene_engine import LuceneEngine

        return LuceneEngine(optimize=name == LUCENE_OPTIMIZED)
    if name == WHOOSH:
        from benchmarks.whoosh_engine import WhooshEngine

        return WhooshEngine()
    from benchmarks.searchd_engine import SearchdEngine

    return SearchdEngine(
        processes=2 if name == SEARCHD_2 else 1, optimize=name == SEARCHD_OPTIMIZED
    )


def read_bodies(corpus: Path) -> Iterator[tuple[str, str]]:
    """Yield the id of each document, and its title and text as one string."""
    with corpus.open("rb") as lines:
        for line in lines:
            document = json.loads(line)
            yield document["id"], f"{document['title']}\n{document['text']}"
