"""What grows on a cluster with more documents and with more shards, as a table.

The given documents are repeated under new ids, up to each of some numbers, in an index of two and one of
six shards without replicas. So the words of the index do not grow, and those of the questions are in a
growing number of documents, as common words are. The processor time and the bytes depend little on what
else the machine does; the seconds of the clock do. The indexes must find the same.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from typing import Any

import searchd
from benchmarks.checks import WrongAnswerError
from benchmarks.cluster_costs import CostMeter, Costs, counted_traffic
from indexer.cluster.address import ClusterAddress, parse_address
from indexer.cluster.client import ClusterClient
from indexer.document import Document
from indexer.indexing import open_writer

_SHARDS = (2, 6)

_WARM_ROUNDS = 4
"""How often everything is asked before it is measured: until then a node still compiles."""

_SEARCHES: Mapping[str, Mapping[str, Any]] = {
    "new": {},
    "again": {},
    "rank 5,000": {"offset": 5000},
    "by title": {"sort": "-title"},
}
"""The searches of a question: when its words were not asked for before, and then with some options."""


def measure_scale(
    documents: Sequence[Document],
    questions: Sequence[str],
    address: str,
    sizes: Sequence[int],
    processes: int,
) -> None:
    """Print what indexing and searching take with each number of documents, in few shards and in more.

    Raises WrongAnswerError where two numbers of shards do not find the same.
    """
    characters = statistics.mean(len(each.text) + len(each.title) for each in documents)
    _write(f"{len(documents):,} documents of {characters:.0f} characters, repeated")
    _write("ms: processor time of nodes + client; KB: received from the cluster + between nodes")
    with ExitStack() as stack:
        traffic = stack.enter_context(counted_traffic())
        client = stack.enter_context(
            closing(ClusterClient(parse_address(f"{address}/bench-scale", {})))
        )
        meter = CostMeter(client, traffic)
        _warm_up(address, documents, questions)
        before = 0
        for size in sizes:
            totals = set()
            for shards in _SHARDS:
                where = parse_address(f"{address}/bench-scale-{shards}", {})
                title = f"{size:9,} documents, {shards} shards"
                _write(
                    f"{title}: {_indexed(meter, where, documents, before, size, shards, processes)}"
                )
                totals.add(_searched(meter, where, questions))
            if len(totals) > 1:
                raise WrongAnswerError(f"{size:,} documents: other hits with other shards")
            before = size


def _warm_up(address: str, documents: Sequence[Document], questions: Sequence[str]) -> None:
    """Let the nodes compile what they run often, over an index of its own."""
    where = parse_address(f"{address}/bench-warm", {})
    with open_writer(where, rebuild=True, shards=3, replicas=0) as writer:
        for document in documents:
            writer.upsert(document)
        writer.commit()
    for _ in range(_WARM_ROUNDS):
        with searchd.open(where) as engine:
            for options in _SEARCHES.values():
                for question in questions:
                    engine.search(question, syntax="plain", snippets=0, **options)


def _indexed(
    meter: CostMeter,
    where: ClusterAddress,
    documents: Sequence[Document],
    first: int,
    last: int,
    shards: int,
    processes: int,
) -> str:
    """Add the documents of some numbers; return what each thousand took, and the size of the index."""
    before, started = meter.read(), time.perf_counter()
    with open_writer(
        where, rebuild=not first, shards=shards, replicas=0, processes=processes
    ) as writer:
        for number in range(first, last):
            each = documents[number % len(documents)]
            writer.upsert(Document(f"{number}", each.text, title=each.title))
        writer.commit()
    seconds = time.perf_counter() - started
    spent = meter.read().since(before)
    thousands = (last - first) / 1000
    with searchd.open(where) as engine:
        info = engine.info()
    return (
        f"{info.bytes / 1e6:,.0f} MB in {info.segments} segments; for each 1,000: nodes "
        f"{spent.nodes / thousands:.2f} s, client {spent.client / thousands:.2f} s, sent "
        f"{spent.sent / thousands / 1e6:.1f} MB; {(last - first) / seconds:,.0f} documents/s"
    )


def _searched(meter: CostMeter, where: ClusterAddress, questions: Sequence[str]) -> tuple[int, ...]:
    """Print what a search of each kind takes; return the totals of all."""
    totals: list[int] = []
    with searchd.open(where) as engine:
        for kind, options in _SEARCHES.items():
            before, times = meter.read(), []
            hits = 0
            for question in questions:
                started = time.perf_counter()
                found = engine.search(question, syntax="plain", snippets=0, **options)
                times.append(1000 * (time.perf_counter() - started))
                hits += len(found)
                totals.append(found.total)
            spent = meter.read().since(before)
            _write(f"    {kind:10} {_shown(spent, sorted(times))}  hits {hits / len(times):.1f}")
    _write(f"    documents found by a question: {statistics.mean(totals):,.0f}")
    return tuple(totals)


def _shown(spent: Costs, times: Sequence[float]) -> str:
    """Return the costs of one of some searches, and the milliseconds of the clock."""
    count = len(times)
    return (
        f"{1000 * spent.nodes / count:6.1f} + {1000 * spent.client / count:6.1f} ms  "
        f"{spent.received / count / 1000:6.0f} + {spent.inner / count / 1000:5.0f} KB  "
        f"{spent.requests / count:4.1f} requests  "
        f"p50 {times[count // 2]:6.1f} p95 {times[int(count * 0.95)]:6.1f} ms"
    )


def _write(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
