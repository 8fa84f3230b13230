"""Runs: what a system found for each question, searched here or read from a file of TREC's form.

A run file has six columns between white space: question, `Q0`, document, rank, score, tag. As in
`trec_eval` the scores alone order it, whatever the ranks say; of equal scores the document whose id
is last in the order of its code points comes first.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from indexer.errors import SourceError
from indexer.sources.discovery import displayed
from searchd.engine import Engine
from searchd.errors import CollectionError
from searchd.evaluation.line_reader import read_lines
from searchd.ranking import STEM_ONLY, SURFACE_ONLY, Ranking

Run = dict[str, dict[str, float]]
"""For each question the score of each document that was found, the best first."""

BASELINES: dict[str, Ranking] = {"stem": STEM_ONLY, "surface": SURFACE_ONLY}
"""Simpler rankings of this engine, to compare with."""

DEPTH = 1000
"""How many documents TREC takes for each question."""


def search_run(
    engine: Engine,
    queries: Mapping[str, str],
    *,
    depth: int = DEPTH,
    progress: Callable[[], object] | None = None,
) -> Run:
    """Search every question as prose and return the best `depth` documents of each.

    Documents of equal score keep the engine's order: each score is lowered to the next below the
    one before it in single precision, which is what `trec_eval` reads. `progress` is called after
    each question. Raises what `Engine.search` raises.
    """
    run: Run = {}
    for name, text in queries.items():
        results = engine.search(text, limit=depth, snippets=0, syntax="plain")
        found: dict[str, float] = {}
        bound = np.float32(np.inf)
        for hit in results.hits:
            bound = min(np.float32(hit.score or 0.0), np.nextafter(bound, np.float32(-np.inf)))
            found[hit.id] = float(bound)
        run[name] = found
        if progress is not None:
            progress()
    return run


def write_run(path: Path | str, run: Mapping[str, Mapping[str, float]], tag: str) -> None:
    """Write a run; scores have the nine digits that give single precision back.

    Raises SourceError where the file cannot be written, and CollectionError for an id with a line
    break. Other white space in an id is written as it is: `read_run` understands it, other tools
    do not.
    """
    try:
        with Path(path).open("w", encoding="utf-8", newline="\n") as file:
            for query, found in run.items():
                for rank, (document, score) in enumerate(found.items(), start=1):
                    if "\n" in document or "\r" in document:
                        raise CollectionError(
                            repr(document),
                            "an id with a line break cannot stand in a run; change it",
                        )
                    file.write(f"{query} Q0 {document} {rank} {score:.9g} {tag}\n")
    except OSError as error:
        raise SourceError(
            f"cannot write {displayed(Path(path))}: {error.strerror or error}; name another file"
        ) from error


def read_run(path: Path | str) -> Run:
    """Return the run of a file.

    Raises SourceError for a file that cannot be read, CollectionError for a bad line.
    """
    run: Run = {}
    for origin, line in read_lines(path):
        query, document, score = _parse(origin, line)
        found = run.setdefault(query, {})
        if document in found:
            raise CollectionError(
                origin, f"{document} was found twice for {query}; keep one of the lines"
            )
        found[document] = score
    if not run:
        raise CollectionError(str(path), "there is no line in it; write it with --run")
    return {query: _ordered(found) for query, found in run.items()}


def _parse(origin: str, line: str) -> tuple[str, str, float]:
    start = line.split(maxsplit=2)
    end = start[-1].rsplit(maxsplit=3)
    if len(start) != 3 or len(end) != 4:
        raise CollectionError(
            origin,
            f"it has {len(line.split())} columns; a line of a run has six: "
            f"question, Q0, document, rank, score, tag",
        )
    document, _rank, written, _tag = end
    try:
        score = float(written)
    except ValueError:
        score = math.nan
    if math.isnan(score):
        raise CollectionError(origin, f"the score {written!r} is no number; write one like 12.5")
    return start[0], document, score


def _ordered(found: dict[str, float]) -> dict[str, float]:
    pairs = sorted(found.items(), key=lambda pair: (pair[1], pair[0]), reverse=True)
    return dict(pairs)
