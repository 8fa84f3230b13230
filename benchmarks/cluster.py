"""An index on a cluster beside one in a directory and beside the cluster's own Arabic analyzer.

    python -m benchmarks.cluster --data FOLDER [--address http://127.0.0.1:9200] [--large] [--documents N]
    python -m benchmarks.cluster --data FOLDER --scale 25000,100000 [--processes N]
    python -m benchmarks.cluster --data FOLDER --suggestions [--queries N] [--documents N]

For each collection of FOLDER/collections it prints nDCG@10 of the three, and in how many places of the
top 10 the first two agree. With --large also the speed of indexing FOLDER/large and of its queries, by
shape. With --scale what grows with documents and with shards (`benchmarks.cluster_scale`), with
--suggestions what is typed is completed as in a directory (`benchmarks.cluster_suggestions`). Without an
address three nodes are started on this machine.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import itertools
import json
import math
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import searchd
from benchmarks.cluster_scale import measure_scale
from benchmarks.cluster_suggestions import compare_suggestions
from indexer.cluster.address import ClusterAddress, parse_address
from indexer.cluster.bulk import BulkSender, Operation
from indexer.cluster.client import ClusterClient
from indexer.document import Document
from indexer.indexing import open_writer
from searchd.evaluation.qrels import read_qrels, read_queries
from tests.cluster.nodes import VERSIONS, running

Search = Callable[[str], Sequence[str]]
"""Returns the ids of the best ten documents of a query."""

_TITLE_WEIGHT = 3


class Limits(NamedTuple):
    """How many queries are asked, and how many documents of `large` are read; None for all."""

    queries: int | None
    documents: int | None


def read_documents(path: Path, limit: int | None = None) -> Iterator[Document]:
    """Yield the documents of a file of JSON Lines, compressed or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open() as lines:
        for line in itertools.islice(lines, limit):
            values = json.loads(line)
            yield Document(str(values["id"]), values["text"], title=values.get("title") or "")


def index(location: Path | ClusterAddress, documents: Sequence[Document], shards: int) -> float:
    """Index documents; return the seconds that it took."""
    started = time.perf_counter()
    with open_writer(location, rebuild=True, shards=shards, replicas=1) as writer:
        for document in documents:
            writer.upsert(document)
        writer.commit()
    return time.perf_counter() - started


class ArabicAnalyzer:
    """The same cluster with its own Arabic analyzer: BM25 over text and title."""

    def __init__(self, address: ClusterAddress, shards: int) -> None:
        self._client = ClusterClient(address)
        self._name = f"{address.index}-arabic"
        with contextlib.suppress(Exception):
            self._client.request("DELETE", f"/{self._name}")
        text = {"type": "text", "analyzer": "arabic"}
        body = {
            "settings": {"number_of_shards": shards, "number_of_replicas": 1},
            "mappings": {"properties": {"title": text, "text": text}},
        }
        self._client.request("PUT", f"/{self._name}", body)

    def index(self, documents: Sequence[Document]) -> float:
        """Index documents; return the seconds that it took."""
        started = time.perf_counter()
        sender = BulkSender(self._client, on_refusal=print)
        for first in range(0, len(documents), 500):
            sender.send([self._operation(each) for each in documents[first : first + 500]])
        self._client.request("POST", f"/{self._name}/_refresh")
        return time.perf_counter() - started

    def _operation(self, document: Document) -> Operation:
        action = {"index": {"_index": self._name, "_id": document.id}}
        body = {"title": document.title, "text": document.text}
        return Operation(f"{json.dumps(action)}\n{json.dumps(body)}\n", document.id)

    def search(self, query: str) -> list[str]:
        """Return the ids of the best ten documents."""
        fields = [f"title^{_TITLE_WEIGHT}", "text"]
        wanted = {"multi_match": {"query": query, "fields": fields, "type": "most_fields"}}
        body = {"query": wanted, "size": 10, "track_total_hits": True}
        answer = self._client.request(
            "POST", f"/{self._name}/_search", body, search_type="dfs_query_then_fetch"
        )
        return [hit["_id"] for hit in answer["hits"]["hits"]]

    def close(self) -> None:
        """Delete the index."""
        self._client.request("DELETE", f"/{self._name}")
        self._client.close()


def ndcg(found: Sequence[str], judged: Mapping[str, int]) -> float:
    """Return nDCG@10 with the gain `relevance` (Järvelin and Kekäläinen 2002)."""
    gained = sum(judged.get(each, 0) / math.log2(n + 2) for n, each in enumerate(found[:10]))
    best = sorted(judged.values(), reverse=True)[:10]
    ideal = sum(gain / math.log2(n + 2) for n, gain in enumerate(best))
    return gained / ideal if ideal else 0.0


def compare(folder: Path, address: str, shards: int, limit: int | None) -> None:
    """Print the quality of one collection on both, and how far they agree."""
    documents = list(read_documents(folder / "corpus.jsonl"))
    queries, qrels = read_queries(folder / "queries.jsonl"), read_qrels(folder / "qrels.tsv")
    asked = dict(itertools.islice(queries.items(), limit))
    where = parse_address(f"{address}/bench-{folder.name}", {})
    with tempfile.TemporaryDirectory() as temporary:
        here = Path(temporary) / "index"
        index(here, documents, shards)
        index(where, documents, shards)
        arabic = ArabicAnalyzer(where, shards)
        arabic.index(documents)
        scores: dict[str, list[float]] = {"directory": [], "cluster": [], "arabic": []}
        same = places = 0
        with searchd.open(here) as first, searchd.open(where) as second:
            for name, text in asked.items():
                judged = qrels.get(name, {})
                left, right = ids_of(first, text), ids_of(second, text)
                places += max(len(left), len(right))
                same += sum(a == b for a, b in zip(left, right, strict=False))
                for system, found in zip(scores, (left, right, arabic.search(text)), strict=True):
                    scores[system].append(ndcg(found, judged))
        arabic.close()
    means = "  ".join(f"{name} {statistics.mean(each):.4f}" for name, each in scores.items())
    write(f"{folder.name:22} {len(asked):5} queries  nDCG@10 {means}  equal {same / places:.2%}")


def ids_of(engine: searchd.SearchEngine, text: str) -> list[str]:
    """Return the ids of the best ten documents."""
    return [hit.id for hit in engine.search(text, syntax="plain", snippets=0)]


def measure_large(folder: Path, address: str, shards: int, count: int | None) -> None:
    """Print the speed of indexing and of each shape of query."""
    documents = list(read_documents(folder / "corpus.jsonl.gz", count))
    megabytes = sum(len(each.text.encode()) + len(each.title.encode()) for each in documents) / 1e6
    where = parse_address(f"{address}/bench-large", {})
    shapes: dict[str, list[str]] = {}
    for line in (folder / "queries.jsonl").read_text("utf-8").splitlines():
        values = json.loads(line)
        shapes.setdefault(values["shape"], []).append(values["text"])
    with tempfile.TemporaryDirectory() as temporary:
        here = Path(temporary) / "index"
        seconds = {"directory": index(here, documents, shards)}
        seconds["cluster"] = index(where, documents, shards)
        arabic = ArabicAnalyzer(where, shards)
        seconds["arabic"] = arabic.index(documents)
        write(f"{len(documents):,} documents, {megabytes:.1f} MB")
        for name, took in seconds.items():
            write(f"  {name:9} indexed {megabytes / took:6.2f} MB/s")
        with searchd.open(here) as first, searchd.open(where) as second:
            searches: dict[str, Search] = {
                "directory": lambda text: [hit.id for hit in first.search(text)],
                "cluster": lambda text: [hit.id for hit in second.search(text)],
                "arabic": arabic.search,
            }
            for shape, texts in shapes.items():
                shown = "  ".join(
                    f"{name} {timed(search, texts[:40])}" for name, search in searches.items()
                )
                write(f"  {shape:14} {shown}")
            write(f"  bytes: directory {first.info().bytes:,}  cluster {second.info().bytes:,}")
        arabic.close()


def measure_collections(folder: Path, address: str, sizes: Sequence[int], processes: int) -> None:
    """Print what grows with the documents of the collections, by the first ten questions of each."""
    collections = sorted((folder / "collections").iterdir())
    documents = [each for one in collections for each in read_documents(one / "corpus.jsonl")]
    questions = [
        text
        for one in collections
        for text in itertools.islice(read_queries(one / "queries.jsonl").values(), 10)
    ]
    measure_scale(documents, questions, address, sizes, processes)


def measure_suggestions(folder: Path, address: str, shards: int, limits: Limits) -> None:
    """Print how far suggestions of each collection, and of large texts, are those of a directory."""
    count = limits.queries or 100
    for one in sorted((folder / "collections").iterdir()):
        documents = list(read_documents(one / "corpus.jsonl"))
        compare_suggestions(one.name, documents, address, shards, count)
    if limits.documents:
        documents = list(read_documents(folder / "large" / "corpus.jsonl.gz", limits.documents))
        compare_suggestions("large", documents, address, shards, count)


def timed(search: Search, texts: Sequence[str]) -> str:
    """Return the median and the 95th percentile of the milliseconds of some searches."""
    times = []
    for text in texts:
        started = time.perf_counter()
        with contextlib.suppress(searchd.errors.SearchError):
            search(text)
        times.append(1000 * (time.perf_counter() - started))
    times.sort()
    return f"p50 {times[len(times) // 2]:6.1f} p95 {times[int(len(times) * 0.95)]:6.1f} ms"


def write(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--address")
    parser.add_argument("--version", default=VERSIONS[0])
    parser.add_argument("--shards", type=int, default=5)
    parser.add_argument("--queries", type=int)
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--documents", type=int)
    parser.add_argument("--suggestions", action="store_true")
    parser.add_argument("--scale", metavar="N,N,...")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--nodes", type=int, default=3)
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        address: Any = options.address
        if not address:
            address = stack.enter_context(
                running(options.version, options.nodes, quick=False)
            ).address
        if options.scale:
            sizes = sorted(map(int, options.scale.split(",")))
            measure_collections(options.data, address, sizes, options.processes)
            return
        if options.suggestions:
            limits = Limits(options.queries, options.documents)
            measure_suggestions(options.data, address, options.shards, limits)
            return
        if options.large:
            measure_large(options.data / "large", address, options.shards, options.documents)
            return
        for folder in sorted((options.data / "collections").iterdir()):
            compare(folder, address, options.shards, options.queries)


if __name__ == "__main__":
    main()
