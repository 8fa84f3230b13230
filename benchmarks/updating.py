"""Speed of small commits, and of queries over the segments that they leave.

    python -m benchmarks.updating [--data FOLDER] [--commits N] [--batch N] [--json FILE]

Indexes the corpus of `benchmarks.speed`, commits batches of its documents under new ids, and runs
every query before and after the index is merged into one segment. Times are printed only if both
give the same totals.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import count, islice
from pathlib import Path

from benchmarks import comparing, querying, workload
from benchmarks.checks import WrongAnswerError
from benchmarks.engines import SEARCHD_OPTIMIZED
from benchmarks.querying import Answers, Percentiles
from benchmarks.report import about
from benchmarks.searchd_engine import SearchdIndex
from benchmarks.workload import Corpus, Query
from indexer.document import Document
from indexer.writer import IndexWriter

NAME = "searchd"


@dataclass(frozen=True, slots=True)
class Updating:
    """Times of commits in seconds, and of queries before and after optimizing in milliseconds."""

    documents: int
    commits: int
    batch: int
    median: float
    p95: float
    longest: float
    segments: int
    before: Percentiles
    optimized: Percentiles

    def to_markdown(self) -> Iterator[str]:
        """Yield the lines of a Markdown table."""
        yield f"\n| {self.commits:,} commits of {self.batch:,} documents to {self.documents:,} | |"
        yield "|---|--:|"
        yield f"| a commit, median | {self.median:.3f} s |"
        yield f"| 95th percentile | {self.p95:.3f} s |"
        yield f"| the longest, with the largest merge | {self.longest:.2f} s |"
        yield f"| segments after the last commit | {self.segments} |"
        yield f"| queries over them, p50 / p95 | {self.before.p50:.3f} / {self.before.p95:.3f} ms |"
        yield (
            f"| the same, optimized | {self.optimized.p50:.3f} / {self.optimized.p95:.3f} ms "
            f"(ratio {self.before.p50 / self.optimized.p50:.2f}) |"
        )


def measure(corpus: Corpus, queries: list[Query], work: Path, commits: int, batch: int) -> Updating:
    """Measure commits and queries. Raises WrongAnswerError if optimizing changes a total."""
    directory = work / "index"
    comparing.build(SEARCHD_OPTIMIZED, corpus, directory)
    added = _documents(corpus)
    seconds = []
    for _ in range(commits):
        documents = list(islice(added, batch))
        started = time.perf_counter()
        with IndexWriter(directory) as writer:
            for document in documents:
                writer.upsert(document)
            writer.commit()
        seconds.append(time.perf_counter() - started)
    segments, before = _run_queries(directory, queries)
    with IndexWriter(directory) as writer:
        writer.commit(optimize=True)
    _one, optimized = _run_queries(directory, queries)
    differing = [q.text for q in queries if before.totals[q] != optimized.totals[q]]
    if differing:
        raise WrongAnswerError(f"optimizing changed the totals of {len(differing)} queries")
    commit_times = querying.percentiles(seconds)
    return Updating(
        documents=corpus.documents,
        commits=commits,
        batch=batch,
        median=statistics.median(seconds),
        p95=commit_times.p95 / 1e3,
        longest=max(seconds),
        segments=segments,
        before=querying.percentiles(before.seconds.values()),
        optimized=querying.percentiles(optimized.seconds.values()),
    )


def _documents(corpus: Corpus) -> Iterator[Document]:
    """Yield the documents of a corpus endlessly, under new ids each time."""
    for copy in count(1):
        for values in workload.read_documents(corpus.path):
            name = f"{values['id']}-added{copy}"
            yield Document(name, values["text"], title=values["title"])


def _run_queries(directory: Path, queries: list[Query]) -> tuple[int, Answers]:
    """Run the queries on an index; return its number of segments, and totals and times."""
    index = SearchdIndex(directory)
    written = {query: query.written for query in queries}
    answers = querying.run_queries({NAME: (index, written)}, queries, passes=3)[NAME]
    segments = index.segments()
    index.close()
    return segments, answers


def main() -> None:
    """Print a Markdown table of the times."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder with the corpus and its queries")
    parser.add_argument("--commits", type=int, default=1000, help="(default: %(default)s)")
    parser.add_argument("--batch", type=int, default=100, help="(default: %(default)s)")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    if options.commits < 1 or options.batch < 1:
        parser.error("--commits and --batch must be 1 or more")
    data = workload.find_data(options.data)
    with tempfile.TemporaryDirectory(prefix="searchd-updating-") as folder:
        work = Path(folder)
        corpus = workload.write_corpus(data, work / "corpus.jsonl")
        queries = workload.read_queries(data, corpus)
        print(f"{options.commits} commits of {options.batch} documents", file=sys.stderr)
        found = measure(corpus, queries, work, options.commits, options.batch)
    print("\n".join(f"- {name}: {value}" for name, value in about().items()))
    print("\n".join(found.to_markdown()))
    if options.json:
        text = json.dumps({"about": about(), **asdict(found)}, ensure_ascii=False, indent=1)
        options.json.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
