"""Test collections: documents, questions, and judgments of which document answers which.

A collection is a folder with `corpus.jsonl` (id, title, text), `queries.jsonl` (id, text) and
`qrels.tsv` (query, document, relevance; no header).
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection: where its documents are, its judged questions, and the judgments."""

    name: str
    documents: Path
    queries: dict[str, str]
    qrels: dict[str, dict[str, int]]


def load(folder: Path, documents: Path | None = None) -> Collection:
    """Read a collection; `documents` are elsewhere than in its `corpus.jsonl`."""
    qrels: defaultdict[str, dict[str, int]] = defaultdict(dict)
    with (folder / "qrels.tsv").open(encoding="utf-8", newline="") as file:
        for query, document, relevance in csv.reader(file, delimiter="\t"):
            qrels[query][document] = int(relevance)
    lines = (folder / "queries.jsonl").read_text("utf-8").splitlines()
    queries = {str(query["id"]): str(query["text"]) for query in map(json.loads, lines)}
    judged = {name: text for name, text in queries.items() if name in qrels}
    return Collection(folder.name, documents or folder / "corpus.jsonl", judged, dict(qrels))


def find(data: Path | None) -> Iterator[Collection]:
    """Yield the sample collection of this project, then those in `data/collections`."""
    corpus = Path(__file__).parent.parent / "corpus"
    yield load(corpus, corpus / "articles")
    if data is not None:
        for folder in sorted((data / "collections").iterdir()):
            yield load(folder)
