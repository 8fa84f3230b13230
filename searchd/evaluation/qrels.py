"""Test collections: queries (topics) and relevance judgments (qrels).

Queries are JSON Lines with `id` and `text`, or lines `id<TAB>text`. Judgments are lines
`query<TAB>document<TAB>relevance`, or the four columns of TREC qrels (query, iteration, document,
relevance) separated by white space. The relevance is graded: an integer, where 1 or more is relevant
and a higher grade is better. Documents without a judgment count as not relevant.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from indexer.cluster.address import ClusterAddress, Location
from indexer.scalars import clean
from indexer.snapshot import Snapshot
from searchd.errors import CollectionError
from searchd.evaluation.line_reader import read_lines

Qrels = dict[str, dict[str, int]]
"""The relevance of each judged document, by query id and document id."""


def read_queries(path: Path | str) -> dict[str, str]:
    """Return the text of each query by its id, in the order of the file.

    Raises SourceError if the file cannot be read, CollectionError for a bad or repeated line and
    for a file without queries.
    """
    queries: dict[str, str] = {}
    origins: dict[str, str] = {}
    for origin, line in read_lines(path):
        name, text = _parse_query(origin, line)
        if not name or name.split() != [name]:
            raise CollectionError(
                origin, f"the id {name!r} is empty or holds white space; give another id"
            )
        if not text.strip():
            raise CollectionError(
                origin, f"the query {name} has no text; write one or remove the line"
            )
        if name in queries:
            raise CollectionError(
                origin, f"the id {name} was used in {origins[name]}; give another id"
            )
        queries[name] = text
        origins[name] = origin
    if not queries:
        raise CollectionError(str(path), "the file has no query; write one on each line")
    return queries


def read_qrels(path: Path | str) -> Qrels:
    """Return the relevance judgments of a file.

    Raises SourceError if the file cannot be read, CollectionError for a bad or repeated line and
    for a file without judgments.
    """
    qrels: Qrels = {}
    for origin, line in read_lines(path):
        query, document, written = _parse_judgment(origin, line)
        try:
            relevance = int(written)
        except ValueError:
            raise CollectionError(
                origin,
                f"the relevance {written!r} is not a whole number; write 0, 1, 2, …, "
                f"and remove a line with column names",
            ) from None
        judged = qrels.setdefault(query, {})
        if document in judged:
            raise CollectionError(
                origin, f"{document} is judged twice for {query}; keep one of the judgments"
            )
        judged[document] = relevance
    if not qrels:
        raise CollectionError(str(path), "the file has no judgment; write one on each line")
    return qrels


def absent_documents(index: Location, qrels: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Return the ids of relevant documents that are not in an index, in the order of the qrels.

    No search can retrieve them, so they lower the metrics. Raises the errors of opening an index
    (`indexer.errors`).
    """
    relevant = {
        document: None
        for judged in qrels.values()
        for document, relevance in judged.items()
        if relevance > 0
    }
    if isinstance(index, ClusterAddress):
        from indexer.cluster.deletion import missing_on_cluster

        return missing_on_cluster(index, list(relevant))
    snapshot = Snapshot(index)
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
                'it is neither {"id": …, "text": …} nor an id, a tab and a text; write one of the two',
            )
        return name, text
    try:
        values = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CollectionError(
            origin, f"not valid JSON: {error}; write one JSON object on each line"
        ) from None
    name, text = values.get("id"), values.get("text")
    if type(name) not in (str, int) or not isinstance(text, str):
        raise CollectionError(
            origin, 'it needs the members "id", a string or an integer, and "text", a string'
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
        f"it has {len(columns)} columns; write query, document and relevance with tabs between "
        f"them, or the four columns of TREC qrels",
    )
