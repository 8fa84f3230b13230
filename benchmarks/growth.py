"""What grows with the collection: indexing, memory, disk, opening and queries.

    python -m benchmarks.growth [--data FOLDER] [--documents N] [--doublings K]

A collection is indexed, then one of twice as many documents, and so on. They are the documents of the
corpus again and again, under new ids and with 3 % of the words changed, so that the vocabulary grows
as it does with new texts. The queries are the same; their times are the median in milliseconds for the
first time and again.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from benchmarks import comparing, opening, querying, workload
from benchmarks.engines import SEARCHD, load
from benchmarks.report import about
from benchmarks.workload import Corpus, Query

CHANGED_SHARE = 0.03
"""The share of the words of a document that are changed each time it is repeated."""

_LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"


@dataclass(frozen=True, slots=True)
class Row:
    """One collection. Times are in milliseconds: (first, again) by shape."""

    documents: int
    megabytes: float
    cpu_rate: float
    peak_megabytes: float
    disk_ratio: float
    opened: float
    times: dict[str, tuple[float, float]]


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.growth", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--data", type=Path, help="folder with the corpus and its queries")
    parser.add_argument("--documents", type=int, default=25_000, help="of the first collection")
    parser.add_argument("--doublings", type=int, default=3, help="how often it is doubled")
    options = parser.parse_args()
    data = workload.find_data(options.data)
    rows = []
    with tempfile.TemporaryDirectory(prefix="searchd-growth-") as folder:
        work = Path(folder)
        source = workload.write_corpus(data, work / "corpus.jsonl")
        queries = workload.read_queries(data, source)
        for doubling in range(options.doublings + 1):
            documents = options.documents << doubling
            corpus = workload.write_documents(grown(source, documents), work / f"{documents}.jsonl")
            rows.append(measure(corpus, queries, work))
            corpus.path.unlink()
    for name, value in about().items():
        print(f"- {name}: {value}")
    shapes = list(rows[0].times)
    columns = "| documents | MB | MB/s of CPU | peak MB | disk / text | opening ms "
    print(f"\n{columns}| {' | '.join(shapes)} |")
    print("|" + "--:|" * (6 + len(shapes)))
    for row in rows:
        times = (f"{first:.2f}, {again:.2f}" for first, again in row.times.values())
        print(
            f"| {row.documents:,} | {row.megabytes:,.0f} | {row.cpu_rate:.1f} "
            f"| {row.peak_megabytes:,.0f} | {row.disk_ratio:.2f} | {row.opened:.1f} "
            f"| {' | '.join(times)} |"
        )


def measure(corpus: Corpus, queries: list[Query], work: Path) -> Row:
    """Index a collection, open the index and run the queries twice."""
    directory = work / "index"
    built = comparing.index_row(SEARCHD, corpus, [comparing.build(SEARCHD, corpus, directory)])
    opened = opening.measure_opening(directory, queries).opened * 1e3
    with closing(load(SEARCHD).open(directory)) as index:
        written = {query: query.written for query in queries}
        answers = querying.run_queries({SEARCHD: (index, written)}, queries, passes=1)[SEARCHD]
    comparing.remove(directory)
    times = {
        shape: (
            querying.percentiles(answers.first[query] for query in block).p50,
            querying.percentiles(answers.seconds[query] for query in block).p50,
        )
        for shape, block in querying.by_shape(queries).items()
    }
    return Row(
        corpus.documents,
        corpus.megabytes,
        built.cpu_rate,
        built.peak_megabytes,
        built.disk_ratio,
        opened,
        times,
    )


def grown(corpus: Corpus, documents: int) -> Iterator[dict[str, str]]:
    """Yield so many documents: those of a corpus again and again, ever more of their words changed."""
    draw = random.Random(7)
    left = documents
    for copy in count():
        for document in workload.read_documents(corpus.path):
            if not left:
                return
            left -= 1
            text = _changed(document["text"], draw) if copy else document["text"]
            yield {"id": f"{document['id']}-{copy}", "title": document["title"], "text": text}


def _changed(text: str, draw: random.Random) -> str:
    words = text.split(" ")
    for _ in range(max(1, int(len(words) * CHANGED_SHARE))):
        place = draw.randrange(len(words))
        words[place] += draw.choice(_LETTERS) + draw.choice(_LETTERS)
    return " ".join(words)


if __name__ == "__main__":
    main()
