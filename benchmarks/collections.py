"""Test collections: documents, queries, and relevance judgments (qrels).

A collection is a folder with `corpus.jsonl` (id, title, text), `queries.jsonl` (id, text) and
`qrels.tsv` (query, document, relevance; no header).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from searchd.evaluation.qrels import Qrels, read_qrels, read_queries


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection: the path of its documents, its judged queries, and the qrels."""

    name: str
    documents: Path
    queries: dict[str, str]
    qrels: Qrels


def load(folder: Path, documents: Path | None = None) -> Collection:
    """Read a collection from its folder; `documents` is the path used instead of `corpus.jsonl`."""
    qrels = read_qrels(folder / "qrels.tsv")
    queries = read_queries(folder / "queries.jsonl")
    judged = {name: text for name, text in queries.items() if name in qrels}
    return Collection(
        folder.name,
        documents or folder / "corpus.jsonl",
        judged,
        {name: qrels[name] for name in judged},
    )


def find(data: Path | None) -> Iterator[Collection]:
    """Yield the sample collection of this project, then those in `data/collections`."""
    corpus = Path(__file__).parent.parent / "corpus"
    yield load(corpus, corpus / "articles")
    if data is not None:
        for folder in sorted((data / "collections").iterdir()):
            yield load(folder)
