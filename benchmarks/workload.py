"""The workload of the engines: one JSON Lines file of documents, and one list of queries."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from analyzers.tokenizer import WORD
from indexer.fields import FieldMap
from indexer.mapping import to_document
from indexer.sources import Record, read_records

SAMPLE = Path(__file__).parent.parent / "corpus"

_CORPUS_NAMES = ("corpus.jsonl.gz", "corpus.jsonl")


@dataclass(frozen=True, slots=True)
class Query:
    """Words without query syntax, and the shape of the query, such as `2-words` or `phrase-3`."""

    shape: str
    text: str

    @property
    def is_phrase(self) -> bool:
        """Whether the words must be adjacent."""
        return self.shape.startswith("phrase")

    @property
    def written(self) -> str:
        """The query in the syntax that all engines have in common."""
        return f'"{self.text}"' if self.is_phrase else self.text

    def without(self, words: Sequence[str]) -> Query:
        """Return the query without some words; a phrase is not changed."""
        if self.is_phrase:
            return self
        return Query(self.shape, " ".join(w for w in self.text.split() if w not in words))


@dataclass(frozen=True, slots=True)
class Corpus:
    """A JSON Lines file of documents with `id`, `title` and `text`.

    `text_bytes` is the UTF-8 size of the texts alone, without titles, ids and JSON.
    """

    path: Path
    documents: int
    text_bytes: int

    @property
    def megabytes(self) -> float:
        """The size of the texts in units of 10^6 bytes."""
        return self.text_bytes / 1e6


def find_data(folder: Path | None) -> Path:
    """Return the folder with the corpus: `folder`, its `large`, or the sample of this project.

    Raises FileNotFoundError if neither folder has a corpus.
    """
    if folder is None:
        return SAMPLE
    for found in (folder, folder / "large"):
        if any((found / name).exists() for name in _CORPUS_NAMES):
            return found.resolve()
    raise FileNotFoundError(f"{folder} holds no {' or '.join(_CORPUS_NAMES)}")


def write_corpus(data: Path, target: Path, documents: int | None = None) -> Corpus:
    """Write the first `documents` of a data folder, or all, to an uncompressed file."""
    return write_documents(islice(_documents(data), documents), target)


def repeat_corpus(corpus: Corpus, target: Path, copies: int) -> Corpus:
    """Write `copies` copies of a corpus, each under new ids."""
    return write_documents(
        (
            {**document, "id": f"{document['id']}-copy{copy}" if copy else document["id"]}
            for copy in range(copies)
            for document in read_documents(corpus.path)
        ),
        target,
    )


def cut_corpus(corpus: Corpus, target: Path, documents: int) -> Corpus:
    """Write the first `documents` of a corpus to another file."""
    return write_documents(islice(read_documents(corpus.path), documents), target)


def read_documents(path: Path) -> Iterator[dict[str, str]]:
    """Yield the documents of a corpus file, which may be compressed with gzip."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
        yield from map(json.loads, lines)


def read_queries(data: Path, corpus: Corpus) -> list[Query]:
    """Return the queries of a data folder; a question without a shape becomes several queries.

    These use only the words of the question that occur in the corpus as they are written, because
    not every engine normalizes spelling.
    """
    lines = (data / "queries.jsonl").read_text("utf-8").splitlines()
    queries = []
    questions = []
    for values in map(json.loads, lines):
        if "shape" in values:
            queries.append(Query(values["shape"], values["text"]))
        else:
            questions.append(WORD.findall(values["text"]))
    if questions:
        vocabulary: set[str] = set()
        for document in read_documents(corpus.path):
            vocabulary.update(WORD.findall(document["title"]), WORD.findall(document["text"]))
        for question in questions:
            words = [word for word in question if word.isalpha() and word in vocabulary]
            queries += _queries_of(words)
    return list(dict.fromkeys(queries))


def _queries_of(words: Sequence[str]) -> Iterator[Query]:
    """Yield queries of several shapes from the words of a question."""
    if words:
        yield Query("1-word", max(words, key=len))
    for count in (2, 3):
        if len(words) >= count:
            yield Query(f"{count}-words", " ".join(words[:count]))
            yield Query(f"phrase-{count}", " ".join(words[:count]))
    if len(words) > 3:
        yield Query("question", " ".join(words))


def _documents(data: Path) -> Iterator[dict[str, str]]:
    for name in _CORPUS_NAMES:
        if (data / name).exists():
            for values in read_documents(data / name):
                yield {name: str(values.get(name) or "") for name in ("id", "title", "text")}
            return
    for record in read_records([data / "articles"]):
        if isinstance(record, Record):
            document = to_document(record, FieldMap())
            yield {"id": document.id, "title": document.title, "text": document.text}


def write_documents(documents: Iterable[dict[str, str]], target: Path) -> Corpus:
    """Write documents to a corpus file."""
    count = size = 0
    with target.open("w", encoding="utf-8") as file:
        for document in documents:
            count += 1
            size += len(document["text"].encode())
            file.write(json.dumps(document, ensure_ascii=False) + "\n")
    return Corpus(target, count, size)
