"""Stock Whoosh as an engine of `benchmarks.engines`, with searchd's analyzer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from whoosh.fields import ID, TEXT, Schema
from whoosh.index import create_in, open_dir
from whoosh.qparser import OrGroup, QueryParser

from analyzers.whoosh_adapters import ArabicAnalyzer
from benchmarks.engines import read_bodies

MEMORY_MB = 512


class WhooshIndex:
    """A searcher over one index. Several words are a disjunction, as with the other engines.

    `search` does not count all matches, which would be a second search: that favours Whoosh.
    """

    def __init__(self, directory: Path) -> None:
        self._index = open_dir(str(directory))
        self._searcher = self._index.searcher()
        self._parser = QueryParser("body", self._index.schema, group=OrGroup)

    def search(self, text: str) -> Any:
        """Parse a query and return the best ten documents."""
        return self._searcher.search(self._parser.parse(text), limit=10)

    def total(self, answer: Any) -> int:
        """Return the number of matching documents."""
        return len(answer)

    def top(self, answer: Any) -> tuple[str, ...]:
        """Return the ids of the best documents, in their order."""
        return tuple(hit["id"] for hit in answer)

    def documents(self) -> int:
        """Return the number of documents in the index."""
        return int(self._searcher.doc_count())

    def close(self) -> None:
        """Close the files of the index."""
        self._searcher.close()
        self._index.close()


class WhooshEngine:
    """Builds an index with a stock schema and writer, with positions and stored text."""

    def index(self, corpus: Path, directory: Path) -> None:
        """Index a JSON Lines file into an empty directory, and commit."""
        schema = Schema(id=ID(stored=True), body=TEXT(analyzer=ArabicAnalyzer(), stored=True))
        writer = create_in(str(directory), schema).writer(limitmb=MEMORY_MB)
        for name, body in read_bodies(corpus):
            writer.add_document(id=name, body=body)
        writer.commit()

    def open(self, directory: Path) -> WhooshIndex:
        """Open an index made by `index`."""
        return WhooshIndex(directory)
