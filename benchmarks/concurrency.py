"""Queries from several threads at once, beside Tantivy and, with its jars, Lucene.

    python -m benchmarks.concurrency [--data FOLDER] [--documents N] [--lucene JARS]

Every thread takes the next of the same queries, which are new to the engine, until none is left. For
1, 2 and 8 threads the table has the queries answered in a second, and the median and the 95th
percentile of the times of single queries in milliseconds.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks import comparing, workload
from benchmarks.engines import (
    LUCENE_JARS,
    LUCENE_OPTIMIZED,
    SEARCHD_OPTIMIZED,
    TANTIVY,
    OpenIndex,
    load,
    use_lucene,
)
from benchmarks.querying import Percentiles, percentiles
from benchmarks.report import about

THREADS = (1, 2, 8)


@dataclass(frozen=True, slots=True)
class Run:
    """What one engine did with some threads."""

    engine: str
    threads: int
    per_second: float
    times: Percentiles


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.concurrency", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--data", type=Path, help="folder with the corpus and its queries")
    parser.add_argument("--documents", type=int, help="index the first N documents only")
    parser.add_argument("--lucene", type=Path, metavar="JARS", help="a folder with Lucene's jars")
    options = parser.parse_args()
    use_lucene(parser, options.lucene)
    with tempfile.TemporaryDirectory(prefix="searchd-concurrency-") as folder:
        work = Path(folder)
        data = workload.find_data(options.data)
        corpus = workload.write_corpus(data, work / "corpus.jsonl", options.documents)
        queries = [query.written for query in workload.read_queries(data, corpus)]
        engines = [SEARCHD_OPTIMIZED, TANTIVY]
        if LUCENE_JARS in os.environ:
            engines.append(LUCENE_OPTIMIZED)
        for name in engines:
            comparing.build(name, corpus, work / name)
        runs = [
            measure(name, work / name, queries, threads) for threads in THREADS for name in engines
        ]
    for name, value in about().items():
        print(f"- {name}: {value}")
    print(f"\n{len(queries)} queries over {corpus.documents:,} documents.\n")
    print("| threads | engine | queries/s | p50 ms | p95 ms |\n|--:|---|--:|--:|--:|")
    for run in runs:
        print(
            f"| {run.threads} | {run.engine} | {run.per_second:,.0f} "
            f"| {run.times.p50:.3f} | {run.times.p95:.3f} |"
        )


def measure(engine: str, directory: Path, queries: Sequence[str], threads: int) -> Run:
    """Run queries on a newly opened index from so many threads."""
    with closing(load(engine).open(directory)) as index:
        started = time.perf_counter()
        seconds = run_threads(index, queries, threads)
        took = time.perf_counter() - started
    return Run(engine, threads, len(queries) / took, percentiles(seconds))


def run_threads(index: OpenIndex, queries: Sequence[str], threads: int) -> list[float]:
    """Return the seconds that each query took. Raises what a query raised in a thread."""
    waiting = iter(queries)
    taking = threading.Lock()
    seconds: list[float] = []
    failures: list[Exception] = []

    def work() -> None:
        while not failures:
            with taking:
                text = next(waiting, None)
            if text is None:
                return
            started = time.perf_counter()
            try:
                index.search(text)
            except Exception as error:  # noqa: BLE001 - whatever it is, the table is not printed
                failures.append(error)
            seconds.append(time.perf_counter() - started)

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if failures:
        raise failures[0]
    return seconds


if __name__ == "__main__":
    main()
