"""Speed of indexing and querying, compared with Tantivy, stock Whoosh and Lucene on the same data.

    python -m benchmarks.speed [--data FOLDER] [--documents N] [--lucene JARS] [--json FILE]

The folder has `corpus.jsonl.gz` or `corpus.jsonl` (id, title, text) and `queries.jsonl` (shape,
text). Without one the sample corpus of this project is used, with queries made of its own queries'
words. Times are printed only if the engines count the expected totals; no time is a failure.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from benchmarks import comparing, opening, workload
from benchmarks.checks import WrongAnswerError
from benchmarks.counting import count_documents
from benchmarks.engines import (
    LUCENE,
    LUCENE_JARS,
    LUCENE_OPTIMIZED,
    SEARCHD,
    SEARCHD_OPTIMIZED,
    TANTIVY,
    WHOOSH,
    use_lucene,
)
from benchmarks.report import Report
from benchmarks.workload import Corpus, Query


def main() -> None:
    """Print a Markdown report."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="searchd-speed-") as folder:
        try:
            report = measure(options, Path(folder))
        except (WrongAnswerError, FileNotFoundError) as error:
            raise SystemExit(f"no times are printed: {error}") from error
    print("\n".join(report.to_markdown()))
    if options.json:
        text = json.dumps(report.to_dict(), ensure_ascii=False, indent=1)
        options.json.write_text(text + "\n", "utf-8")


def measure(options: argparse.Namespace, work: Path) -> Report:
    """Prepare the data in an empty folder and run the measurements that the options select."""
    data = workload.find_data(options.data)
    corpus = workload.write_corpus(data, work / "corpus.jsonl", options.documents)
    for_whoosh = _of_size(corpus, work, options.whoosh_documents)
    report = Report()
    if options.only != "query":
        report.indexing = comparing.compare_indexing(
            corpus, for_whoosh, work, options.repeat, with_lucene=LUCENE_JARS in os.environ
        )
    if options.only != "index":
        queries = workload.read_queries(data, corpus)
        _measure_queries(report, corpus, queries, work, options)
        if for_whoosh is not None:
            _measure_whoosh(report, for_whoosh, queries, work, options.passes)
    return report


def _measure_queries(
    report: Report, corpus: Corpus, queries: list[Query], work: Path, options: argparse.Namespace
) -> None:
    copies = options.query_repeat
    repeated = corpus
    if copies > 1:
        repeated = workload.repeat_corpus(corpus, work / "repeated.jsonl", copies)
    counts = _counts(corpus, queries)
    indexes = {SEARCHD: work / "searchd", TANTIVY: work / "tantivy"}
    comparing.build(TANTIVY, repeated, indexes[TANTIVY])
    built = comparing.build(SEARCHD_OPTIMIZED, repeated, indexes[SEARCHD])
    if LUCENE_JARS in os.environ:
        indexes[LUCENE] = work / "lucene"
        comparing.build(LUCENE_OPTIMIZED, repeated, indexes[LUCENE])
    report.repeated = comparing.index_row(SEARCHD_OPTIMIZED, repeated, [built])
    report.queries = comparing.compare_with_peers(repeated, indexes, counts, copies, options.passes)
    asked = list(counts)
    report.opening = opening.measure_opening(indexes[SEARCHD], asked)
    report.cold = opening.measure_cold_start(indexes[SEARCHD], asked[0])


def _measure_whoosh(
    report: Report, corpus: Corpus, queries: list[Query], work: Path, passes: int
) -> None:
    asked = list(_counts(corpus, queries))
    indexes = {SEARCHD: work / "searchd beside whoosh", WHOOSH: work / "whoosh"}
    comparing.build(WHOOSH, corpus, indexes[WHOOSH])
    comparing.build(SEARCHD_OPTIMIZED, corpus, indexes[SEARCHD])
    report.whoosh = comparing.compare_with_whoosh(corpus, indexes, asked, passes)


def _of_size(corpus: Corpus, work: Path, documents: int) -> Corpus | None:
    """Return the first documents of a corpus, repeated if it has fewer; None for 0."""
    if not documents:
        return None
    if documents == corpus.documents:
        return corpus
    copies = -(-documents // corpus.documents)
    if copies > 1:
        corpus = workload.repeat_corpus(corpus, work / "copies.jsonl", copies)
    return workload.cut_corpus(corpus, work / "for whoosh.jsonl", documents)


def _counts(corpus: Corpus, queries: list[Query]) -> dict[Query, int]:
    """Return the queries that occur in a corpus with their document frequencies."""
    print(f"counting {len(queries)} queries in {corpus.documents} documents", file=sys.stderr)
    counts = count_documents(corpus.path, queries)
    found = {query: count for query, count in counts.items() if count}
    if not found:
        raise WrongAnswerError(f"none of {len(queries)} queries occurs in the documents")
    return found


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speed", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--data", type=Path, help="folder with the corpus and its queries")
    parser.add_argument("--documents", type=int, help="index the first N documents only")
    parser.add_argument(
        "--whoosh-documents",
        type=int,
        default=3000,
        help="documents for stock Whoosh, which is slow; the corpus is repeated if it has fewer; "
        "0 omits Whoosh (default: %(default)s)",
    )
    parser.add_argument(
        "--query-repeat",
        type=int,
        default=5,
        help="copies of the corpus, under new ids, in the index for queries (default: %(default)s)",
    )
    parser.add_argument(
        "--passes",
        type=int,
        default=5,
        help="measured passes over the queries (default: %(default)s)",
    )
    parser.add_argument(
        "--repeat", type=int, default=1, help="indexing runs of each engine (default: %(default)s)"
    )
    parser.add_argument(
        "--only", choices=("index", "query"), help="measure indexing or querying only"
    )
    parser.add_argument(
        "--lucene",
        type=Path,
        metavar="JARS",
        help="measure Lucene too: a folder with its jars, see benchmarks/lucene_engine.py",
    )
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    for name in ("documents", "query_repeat", "passes", "repeat"):
        value = getattr(options, name)
        if value is not None and value < 1:
            parser.error(f"--{name.replace('_', '-')} is {value}; it must be 1 or more")
    if options.whoosh_documents < 0:
        parser.error("--whoosh-documents must not be negative")
    use_lucene(parser, options.lucene)
    return options


if __name__ == "__main__":
    main()
