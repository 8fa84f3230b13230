"""Test collections: questions, and judgments of which document answers which.

Questions are JSON Lines with `id` and `text`, or lines `id<TAB>text`. Judgments are lines
`question<TAB>document<TAB>relevance`, or the four columns of TREC's qrels (question, iteration,
document, relevance) between white space. A relevance of 1 or more is relevant, and more is better.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from indexer.scalars import clean
from indexer.snapshot import Snapshot
from searchd.errors import CollectionError
from searchd.evaluation.line_reader import read_lines

Qrels = dict[str, dict[str, int]]
"""For each question the relevance of each document that was judged."""


def read_queries(path: Path | str) -> dict[str, str]:
    """Return the text of each question by its id, in the order of the file.

    Raises SourceError for a file that cannot be read, CollectionError for a bad line.
    """
    queries: dict[str, str] = {}
    places: dict[str, str] = {}
    for origin, line in read_lines(path):
        name, text = _parse_query(origin, line)
        if not name or name.split() != [name]:
            raise CollectionError(
                origin, f"the id {name!r} is empty or holds white space; give another id"
            )
        if not text.strip():
            raise CollectionError(
                origin, f"the question {name} has no text; write it or leave it out"
            )
        if name in queries:
            raise CollectionError(
                origin, f"the id {name} was given in {places[name]}; ids must differ"
            )
        queries[name] = text
        places[name] = origin
    if not queries:
        raise CollectionError(str(path), "there is no question in it; write one on each line")
    return queries


def read_qrels(path: Path | str) -> Qrels:
    """Return the judgments of a file.

    Raises SourceError for a file that cannot be read, CollectionError for a bad line.
    """
    qrels: Qrels = {}
    for origin, line in read_lines(path):
        query, document, written = _parse_judgment(origin, line)
        try:
            relevance = int(written)
        except ValueError:
            raise CollectionError(
                origin,
                f"the relevance {written!r} is no whole number; write 0, 1, 2, …, "
                f"and take out a line that names the columns",
            ) from None
        judged = qrels.setdefault(query, {})
        if document in judged:
            raise CollectionError(
                origin, f"{document} is judged twice for {query}; keep one of the judgments"
            )
        judged[document] = relevance
    if not qrels:
        raise CollectionError(str(path), "there is no judgment in it; write one on each line")
    return qrels


def absent_documents(index: Path, qrels: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Return the ids of relevant documents that an index does not hold, in order.

    No search can find them, so the measures are lower than they would be over the whole
    collection. Raises what opening the index raises.
    """
    snapshot = Snapshot(index)
    relevant = {
        document: None
        for judged in qrels.values()
        for document, relevance in judged.items()
        if relevance > 0
    }
    return [document for document in relevant if not _holds(snapshot, document)]


def _holds(snapshot: Snapshot, document: str) -> bool:
    key = document.encode()
    return any(segment.find_live(key) for segment in snapshot.segments)


def _parse_query(origin: str, line: str) -> tuple[str, str]:
    if not line.lstrip().startswith("{"):
        name, tab, text = line.partition("\t")
        if not tab:
            raise CollectionError(
                origin,
                'it is neither {"id": …, "text": …} nor an id, a tab and a text; write one of them',
            )
        return name, text
    try:
        values = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CollectionError(
            origin, f"not valid JSON: {error}; each line must hold one whole object"
        ) from None
    name, text = values.get("id"), values.get("text")
    if type(name) not in (str, int) or not isinstance(text, str):
        raise CollectionError(
            origin, 'it needs the members "id", a text or a number, and "text", the question'
        )
    return clean(str(name)), text


def _parse_judgment(origin: str, line: str) -> tuple[str, str, str]:
    columns = line.split("\t") if "\t" in line else line.split()
    match columns:
        case [query, document, relevance] if "\t" in line:
            return query, document, relevance
        case [query, _iteration, document, relevance]:
            return query, document, relevance
    raise CollectionError(
        origin,
        f"it has {len(columns)} columns; write question, document and relevance with tabs between "
        f"them, or the four columns of TREC",
    )
