"""Query times: engines run the queries of one shape in turns, so that noise affects all of them.

They do not take turns query by query, because the caches of the processor would favour an engine
that runs right after another had the same query, and penalise one after a long search: measured
like that, one engine was four times as fast as itself.
"""

from __future__ import annotations

import gc
import random
import statistics
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.engines import OpenIndex
from benchmarks.workload import Query

_WARM_UP_QUERIES = 10


@dataclass(slots=True)
class Answers:
    """The totals of one engine for each query, and its times in seconds.

    `first` is the time of the first pass, when no cache of the engine holds anything of the query;
    `seconds` is the median over the later passes. `unstable` has the queries for which passes
    returned different documents.
    """

    totals: dict[Query, int] = field(default_factory=dict)
    first: dict[Query, float] = field(default_factory=dict)
    seconds: dict[Query, float] = field(default_factory=dict)
    unstable: set[Query] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Percentiles:
    """The median and the 95th percentile of times, in milliseconds."""

    p50: float
    p95: float

    def ratio_to(self, other: Percentiles) -> Percentiles:
        """Return the ratios of these percentiles to those of another engine."""
        return Percentiles(self.p50 / other.p50, self.p95 / other.p95)


def run_queries(
    indexes: Mapping[str, tuple[OpenIndex, Mapping[Query, str]]],
    queries: Sequence[Query],
    passes: int,
) -> dict[str, Answers]:
    """Run every query on every index: a first pass, then `passes` measured ones.

    Each index comes with the text of every query, which may differ between indexes. The order of
    the engines is shuffled for each pass and shape, with a fixed seed.
    """
    answers = {name: Answers() for name in indexes}
    tops: dict[tuple[str, Query], tuple[str, ...]] = {}
    times: dict[tuple[str, Query], list[float]] = {}
    names = list(indexes)
    order = random.Random(0)
    gc.collect()
    gc.freeze()  # garbage collection within a query must not scan the objects of the benchmark
    for number in range(1 + passes):
        for block in by_shape(queries).values():
            order.shuffle(names)
            for name in names:
                index, written = indexes[name]
                warm_up = block[-_WARM_UP_QUERIES:] if number else []
                for query, answer, seconds in _run_block(index, written, block, warm_up):
                    top = index.top(answer)
                    if number == 0:
                        answers[name].totals[query] = index.total(answer)
                        answers[name].first[query] = seconds
                        tops[name, query] = top
                        continue
                    times.setdefault((name, query), []).append(seconds)
                    if top != tops[name, query]:
                        answers[name].unstable.add(query)
    gc.unfreeze()
    for (name, query), measured in times.items():
        answers[name].seconds[query] = statistics.median(measured)
    return answers


def _run_block(
    index: OpenIndex,
    written: Mapping[Query, str],
    queries: Sequence[Query],
    warm_up: Sequence[Query],
) -> list[tuple[Query, Any, float]]:
    """Run queries on one engine in a row; return each with its answer and seconds.

    The queries of `warm_up` run before, untimed, because the caches of the processor are filled by
    the engine before, which would affect the first queries.
    """
    for query in warm_up:
        index.search(written[query])
    measured = []
    for query in queries:
        text = written[query]
        started = time.perf_counter()
        answer = index.search(text)
        measured.append((query, answer, time.perf_counter() - started))
    return measured


def by_shape(queries: Sequence[Query]) -> dict[str, list[Query]]:
    """Return the queries of each shape."""
    blocks: dict[str, list[Query]] = {}
    for query in queries:
        blocks.setdefault(query.shape, []).append(query)
    return blocks


def percentiles(seconds: Iterable[float]) -> Percentiles:
    """Return the percentiles of times in seconds, in milliseconds."""
    ordered = sorted(seconds)
    if len(ordered) == 1:
        return Percentiles(ordered[0] * 1e3, ordered[0] * 1e3)
    cuts = statistics.quantiles(ordered, n=20, method="inclusive")
    return Percentiles(statistics.median(ordered) * 1e3, cuts[-1] * 1e3)
