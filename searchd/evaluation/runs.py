"""Runs: the ranked documents that a system retrieved for each query.

A run is searched here or read from a file in the TREC format: six columns separated by white space,
query, `Q0`, document, rank, score and tag. As in `trec_eval`, documents are ordered by score, not
by the column of ranks, and ties by document id in descending order of code points.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from indexer.errors import SourceError
from indexer.sources.discovery import displayed
from searchd.errors import CollectionError
from searchd.evaluation.line_reader import read_lines
from searchd.ranking import STEM_ONLY, SURFACE_ONLY, Ranking
from searchd.search_engine import SearchEngine

Run = dict[str, dict[str, float]]
"""The score of each retrieved document, by query id and document id; the best document first."""

BASELINES: dict[str, Ranking] = {"stem": STEM_ONLY, "surface": SURFACE_ONLY}
"""Simpler rankings of this engine to compare with, by the name that `--baseline` takes."""

DEPTH = 1000
"""Retrieved documents for each query, as in the ad hoc tracks of TREC."""


def search_run(
    engine: SearchEngine,
    queries: Mapping[str, str],
    *,
    depth: int = DEPTH,
    progress: Callable[[], object] | None = None,
) -> Run:
    """Search every query as prose (`syntax="plain"`) and return the best `depth` documents of each.

    Tied documents keep the order of the engine: a score that is not below the one before it is
    lowered to the next smaller number in single precision, which `trec_eval` reads. Calls
    `progress` after each query. Raises the errors of `Engine.search`.
    """
    run: Run = {}
    for name, text in queries.items():
        results = engine.search(text, limit=depth, snippets=0, syntax="plain", correct="never")
        retrieved: dict[str, float] = {}
        bound = np.float32(np.inf)
        for hit in results.hits:
            bound = min(np.float32(hit.score or 0.0), np.nextafter(bound, np.float32(-np.inf)))
            retrieved[hit.id] = float(bound)
        run[name] = retrieved
        if progress is not None:
            progress()
    return run


def write_run(path: Path | str, run: Mapping[str, Mapping[str, float]], tag: str) -> None:
    """Write a run in the TREC format, with scores of nine digits, which single precision needs.

    `tag` names the system in the last column. White space in a document id is written as it is,
    which `read_run` reads back but other tools do not.

    Raises SourceError if the file cannot be written, CollectionError for an id with a line break.
    """
    try:
        with Path(path).open("w", encoding="utf-8", newline="\n") as file:
            for query, retrieved in run.items():
                for rank, (document, score) in enumerate(retrieved.items(), start=1):
                    if "\n" in document or "\r" in document:
                        raise CollectionError(
                            repr(document),
                            "a run cannot hold an id with a line break; change the id of the document",
                        )
                    file.write(f"{query} Q0 {document} {rank} {score:.9g} {tag}\n")
    except OSError as error:
        raise SourceError(
            f"cannot write {displayed(Path(path))}: {error.strerror or error}; name another file"
        ) from error


def read_run(path: Path | str) -> Run:
    """Return a run in the TREC format from a file.

    Raises SourceError if the file cannot be read, CollectionError for a bad or repeated line and
    for an empty file.
    """
    run: Run = {}
    for origin, line in read_lines(path):
        query, document, score = _parse(origin, line)
        retrieved = run.setdefault(query, {})
        if document in retrieved:
            raise CollectionError(
                origin, f"{document} is listed twice for {query}; keep one of the lines"
            )
        retrieved[document] = score
    if not run:
        raise CollectionError(
            str(path), "the file is empty; write a run with 'searchd evaluate --run'"
        )
    return {query: _ranked(retrieved) for query, retrieved in run.items()}


def _parse(origin: str, line: str) -> tuple[str, str, float]:
    start = line.split(maxsplit=2)
    end = start[-1].rsplit(maxsplit=3)
    if len(start) != 3 or len(end) != 4:
        raise CollectionError(
            origin,
            f"it has {len(line.split())} columns; a line of a run has six: "
            f"query, Q0, document, rank, score, tag",
        )
    document, _rank, written, _tag = end
    try:
        score = float(written)
    except ValueError:
        score = math.nan
    if math.isnan(score):
        raise CollectionError(origin, f"the score {written!r} is not a number; write one like 12.5")
    return start[0], document, score


def _ranked(retrieved: dict[str, float]) -> dict[str, float]:
    pairs = sorted(retrieved.items(), key=lambda pair: (pair[1], pair[0]), reverse=True)
    return dict(pairs)
