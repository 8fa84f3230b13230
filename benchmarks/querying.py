"""Querying: engines asked in turn, shape by shape, so that noise on the machine hits all alike.

Not query by query: an engine that is asked right after another had the same query finds the
processor's caches filled for it, and one that comes after a long search finds them emptied. That
made one engine four times as fast as itself.
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

_WARMING = 10


@dataclass(slots=True)
class Answers:
    """What one engine answered to each query, and how long that took.

    `first` is the time of the first pass, in which nothing that an engine has read or computed
    for a query is there from an earlier one; `seconds` is the median over the passes behind it.
    `unsteady` names the queries to which the
    passes gave different documents.
    """

    totals: dict[Query, int] = field(default_factory=dict)
    first: dict[Query, float] = field(default_factory=dict)
    seconds: dict[Query, float] = field(default_factory=dict)
    unsteady: set[Query] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Spread:
    """The median and the 95th percentile over the queries of a shape, in milliseconds."""

    p50: float
    p95: float

    def over(self, other: Spread) -> Spread:
        """Return the ratios to the times of another engine."""
        return Spread(self.p50 / other.p50, self.p95 / other.p95)


def ask(
    indexes: Mapping[str, tuple[OpenIndex, Mapping[Query, str]]],
    queries: Sequence[Query],
    passes: int,
) -> dict[str, Answers]:
    """Ask every index every query: once for the first time, then in so many passes more.

    With each index come its queries as written, for those that are asked in other words. In each
    pass and for each shape the engines come in another order, the same in every run.
    """
    answers = {name: Answers() for name in indexes}
    tops: dict[tuple[str, Query], tuple[str, ...]] = {}
    times: dict[tuple[str, Query], list[float]] = {}
    names = list(indexes)
    order = random.Random(0)
    gc.collect()
    gc.freeze()  # what the benchmark itself holds must not be looked through within a query
    for number in range(1 + passes):
        for block in _by_shape(queries):
            order.shuffle(names)
            for name in names:
                index, written = indexes[name]
                warming = block[-_WARMING:] if number else []
                for query, answer, seconds in _ask_block(index, written, block, warming):
                    top = index.top(answer)
                    if number == 0:
                        answers[name].totals[query] = index.total(answer)
                        answers[name].first[query] = seconds
                        tops[name, query] = top
                        continue
                    times.setdefault((name, query), []).append(seconds)
                    if top != tops[name, query]:
                        answers[name].unsteady.add(query)
    gc.unfreeze()
    for (name, query), measured in times.items():
        answers[name].seconds[query] = statistics.median(measured)
    return answers


def _ask_block(
    index: OpenIndex,
    written: Mapping[Query, str],
    queries: Sequence[Query],
    warming: Sequence[Query],
) -> list[tuple[Query, Any, float]]:
    """Ask one engine some queries in a row; the answers are read when all are timed.

    Some are asked before, untimed: else the first ones pay for what the engine before left in the
    processor's caches, which shows where a shape has few queries.
    """
    for query in warming:
        index.search(written[query])
    asked = []
    for query in queries:
        text = written[query]
        started = time.perf_counter()
        answer = index.search(text)
        asked.append((query, answer, time.perf_counter() - started))
    return asked


def _by_shape(queries: Sequence[Query]) -> list[list[Query]]:
    blocks: dict[str, list[Query]] = {}
    for query in queries:
        blocks.setdefault(query.shape, []).append(query)
    return list(blocks.values())


def spread(seconds: Iterable[float]) -> Spread:
    """Return the percentiles of some times, in milliseconds."""
    ordered = sorted(seconds)
    if len(ordered) == 1:
        return Spread(ordered[0] * 1e3, ordered[0] * 1e3)
    cuts = statistics.quantiles(ordered, n=20, method="inclusive")
    return Spread(statistics.median(ordered) * 1e3, cuts[-1] * 1e3)
