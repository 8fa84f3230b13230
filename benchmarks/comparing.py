"""Comparisons of all engines on one corpus and one list of queries, with checked results."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import checks
from benchmarks.engines import LUCENE, SEARCHD, SEARCHD_2, TANTIVY, WHOOSH, OpenIndex, load
from benchmarks.indexing import Indexing, run_engine
from benchmarks.querying import Answers, Percentiles, percentiles, run_queries
from benchmarks.searchd_engine import SearchdIndex
from benchmarks.workload import Corpus, Query
from searchd.ranking import DEFAULT_RANKING, STEM_ONLY

TANTIVY_FEWER = "Tantivy, without stop words"
WHOOSH_FEWER = "Whoosh, without stop words"
STEM = "searchd, stem only"
DEFAULT = "searchd, default"
SNIPPETS = "searchd, default, a snippet for each hit"


@dataclass(frozen=True, slots=True)
class IndexRow:
    """The medians over one engine's indexing runs. Sizes are in 10^6 bytes, rates in 10^6 bytes/s."""

    engine: str
    documents: int
    megabytes: float
    cpu_rate: float
    wall_rate: float
    disk_ratio: float
    peak_megabytes: float


@dataclass(frozen=True, slots=True)
class ShapeRow:
    """The queries of one shape: the median of their totals and the times, by engine.

    `ignored` counts the queries from which searchd removes stop words. `times` are those of warm
    caches and `first` those of the first pass. `extra` is the time that ten snippets add.
    """

    shape: str
    queries: int
    ignored: int
    found: dict[str, float]
    times: dict[str, Percentiles]
    first: dict[str, Percentiles]
    extra: Percentiles | None = None


@dataclass(frozen=True, slots=True)
class QueryTable:
    """One comparison of query times.

    `exceptions` has the queries that failed a check within its tolerance; `counted` is the number of
    totals that were compared with those of reading the texts.
    """

    documents: int
    baseline: str
    rows: list[ShapeRow]
    exceptions: dict[str, list[str]] = field(default_factory=dict)
    counted: int = 0


def compare_indexing(
    corpus: Corpus, fewer: Corpus | None, work: Path, repeat: int, *, with_lucene: bool
) -> list[IndexRow]:
    """Index with every engine in turn, `repeat` times; Whoosh indexes `fewer` documents."""
    engines = {TANTIVY: corpus, SEARCHD: corpus, SEARCHD_2: corpus}
    if with_lucene:
        engines[LUCENE] = corpus
    if fewer is not None:
        engines[WHOOSH] = fewer
    runs: dict[str, list[Indexing]] = {name: [] for name in engines}
    for number in range(repeat):
        for name, given in engines.items():
            directory = work / f"{name} {number}"
            runs[name].append(build(name, given, directory))
            check_size(name, directory, given)
            remove(directory)
    return [index_row(name, engines[name], found) for name, found in runs.items()]


def build(engine: str, corpus: Corpus, directory: Path) -> Indexing:
    """Index a corpus, with a message on standard error."""
    print(f"indexing {corpus.megabytes:.0f} MB: {engine}", file=sys.stderr)
    return run_engine(engine, corpus, directory)


def check_size(engine: str, directory: Path, corpus: Corpus) -> None:
    """Raise WrongAnswerError if an index does not hold as many documents as its corpus."""
    opened = load(engine).open(directory)
    checks.check_documents({engine: opened}, corpus)
    opened.close()


def remove(directory: Path) -> None:
    """Delete an index, so that the disk does not fill up."""
    for file in sorted(directory.rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    directory.rmdir()


def index_row(engine: str, corpus: Corpus, runs: Sequence[Indexing]) -> IndexRow:
    """Return the medians of several runs, as rates and ratios."""
    return IndexRow(
        engine,
        corpus.documents,
        corpus.megabytes,
        corpus.megabytes / statistics.median(run.cpu for run in runs),
        corpus.megabytes / statistics.median(run.wall for run in runs),
        statistics.median(run.disk for run in runs) / corpus.text_bytes,
        statistics.median(run.memory for run in runs) / 1e6,
    )


def compare_with_peers(
    corpus: Corpus,
    indexes: Mapping[str, Path],
    counts: Mapping[Query, int],
    copies: int,
    passes: int,
) -> QueryTable:
    """Compare query times with Tantivy, and with Lucene where `indexes` has an index of it.

    `counts` are the document frequencies of the queries in one of the `copies` of the corpus.
    """
    queries = list(counts)
    stem = SearchdIndex(indexes[SEARCHD], STEM_ONLY)
    default = SearchdIndex(indexes[SEARCHD], DEFAULT_RANKING)
    snippets = SearchdIndex(indexes[SEARCHD], DEFAULT_RANKING, snippets=1)
    peer = load(TANTIVY).open(indexes[TANTIVY])
    fewer_words = _leave_out(indexes[SEARCHD], queries)
    written = {query: query.written for query in queries}
    opened: dict[str, tuple[OpenIndex, Mapping[Query, str]]] = {
        TANTIVY: (peer, written),
        TANTIVY_FEWER: (peer, fewer_words),
        STEM: (stem, written),
        DEFAULT: (default, written),
        SNIPPETS: (snippets, written),
    }
    if LUCENE in indexes:
        opened[LUCENE] = load(LUCENE).open(indexes[LUCENE]), written
    checks.check_documents({name: index for name, (index, _written) in opened.items()}, corpus)
    counted = checks.check_counts(indexes[SEARCHD], counts, copies)
    answers = _run_all(opened, queries, passes)
    # Lucene finds nothing for its stop words alone.
    exceptions = checks.check_nonempty(
        {name: given for name, given in answers.items() if name != LUCENE}
    )
    checks.check_deterministic(answers)
    ignored = {query for query in queries if fewer_words[query] != query.written}
    _close(opened)
    return QueryTable(corpus.documents, TANTIVY, _rows(answers, ignored), exceptions, counted)


def compare_with_whoosh(
    corpus: Corpus, indexes: Mapping[str, Path], queries: Sequence[Query], passes: int
) -> QueryTable:
    """Compare query times with stock Whoosh, which has the same analyzer.

    Whoosh runs each query as written and without the stop words that searchd removes.
    """
    stem = SearchdIndex(indexes[SEARCHD], STEM_ONLY)
    default = SearchdIndex(indexes[SEARCHD], DEFAULT_RANKING)
    peer = load(WHOOSH).open(indexes[WHOOSH])
    fewer_words = _leave_out(indexes[SEARCHD], queries)
    written = {query: query.written for query in queries}
    opened: dict[str, tuple[OpenIndex, Mapping[Query, str]]] = {
        WHOOSH: (peer, written),
        WHOOSH_FEWER: (peer, fewer_words),
        STEM: (stem, written),
        DEFAULT: (default, written),
    }
    checks.check_documents({name: index for name, (index, _written) in opened.items()}, corpus)
    answers = _run_all(opened, queries, passes)
    exceptions = checks.check_nonempty(answers)
    checks.check_deterministic(answers)
    differing = checks.check_same_totals(
        (STEM, answers[STEM]), (WHOOSH_FEWER, answers[WHOOSH_FEWER])
    )
    exceptions["counted differently"] = differing
    ignored = {query for query in queries if fewer_words[query] != query.written}
    _close(opened)
    return QueryTable(corpus.documents, WHOOSH, _rows(answers, ignored), exceptions)


def _close(opened: Mapping[str, tuple[OpenIndex, Mapping[Query, str]]]) -> None:
    """Close every index once; one index may run two versions of the queries."""
    for index in dict.fromkeys(index for index, _written in opened.values()):
        index.close()


def _leave_out(directory: Path, queries: Sequence[Query]) -> dict[Query, str]:
    """Return every query as written without the stop words that searchd removes from it."""
    index = SearchdIndex(
        directory
    )  # an index of its own, because the first pass of the others is measured
    fewer = {query: query.without(index.ignored(query.written)).written for query in queries}
    index.close()
    return fewer


def _run_all(
    opened: Mapping[str, tuple[OpenIndex, Mapping[Query, str]]],
    queries: Sequence[Query],
    passes: int,
) -> dict[str, Answers]:
    print(f"running {len(queries)} queries on {', '.join(opened)}", file=sys.stderr)
    return run_queries(opened, queries, passes)


def _rows(answers: Mapping[str, Answers], ignored: set[Query]) -> list[ShapeRow]:
    by_shape: dict[str, list[Query]] = {}
    for query in next(iter(answers.values())).totals:
        by_shape.setdefault(query.shape, []).append(query)
    rows = []
    for shape, queries in sorted(by_shape.items()):
        times = {
            name: percentiles(given.seconds[query] for query in queries)
            for name, given in answers.items()
        }
        first = {
            name: percentiles(given.first[query] for query in queries)
            for name, given in answers.items()
        }
        found = {
            name: statistics.median(given.totals[query] for query in queries)
            for name, given in answers.items()
        }
        extra = None
        if SNIPPETS in answers:
            with_snippets, without = answers[SNIPPETS].seconds, answers[DEFAULT].seconds
            extra = percentiles(with_snippets[query] - without[query] for query in queries)
        left_out = len(ignored.intersection(queries))
        rows.append(ShapeRow(shape, len(queries), left_out, found, times, first, extra))
    return rows
