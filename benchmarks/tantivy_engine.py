"""Tantivy as an engine of `benchmarks.engines`: one thread, Arabic stemmer, stored text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import tantivy

from benchmarks.engines import read_bodies

HEAP_BYTES = 512_000_000


class TantivyIndex:
    """A searcher over one index. Several words are a disjunction, which is Tantivy's default."""

    def __init__(self, directory: Path) -> None:
        self._index = _with_analyzer(tantivy.Index.open(str(directory)))
        self._searcher = self._index.searcher()

    def search(self, text: str) -> Any:
        """Parse a query, count its documents and return the best ten."""
        return self._searcher.search(self._index.parse_query(text, ["body"]), 10)

    def total(self, answer: Any) -> int:
        """Return the number of matching documents."""
        return int(answer.count)

    def top(self, answer: Any) -> tuple[str, ...]:
        """Return the addresses of the best documents, in their order."""
        return tuple(f"{address.segment_ord}:{address.doc}" for _score, address in answer.hits)

    def documents(self) -> int:
        """Return the number of documents in the index."""
        return int(self._searcher.num_docs)

    def close(self) -> None:
        """Do nothing: Tantivy closes its files with the last reference."""


class TantivyEngine:
    """Builds an index with one thread, with positions and stored text."""

    def index(self, corpus: Path, directory: Path) -> None:
        """Index a JSON Lines file into an empty directory, and commit."""
        schema = tantivy.SchemaBuilder()
        schema.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        schema.add_text_field("body", stored=True, tokenizer_name="arabic")
        index = _with_analyzer(tantivy.Index(schema.build(), path=str(directory)))
        writer = index.writer(heap_size=HEAP_BYTES, num_threads=1)
        for name, body in read_bodies(corpus):
            writer.add_document(tantivy.Document(id=name, body=body))
        writer.commit()
        writer.wait_merging_threads()

    def open(self, directory: Path) -> TantivyIndex:
        """Open an index made by `index`."""
        return TantivyIndex(directory)


def _with_analyzer(index: tantivy.Index) -> tantivy.Index:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    filters = builder.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.stemmer("arabic"))
    index.register_tokenizer("arabic", filters.build())
    return index
