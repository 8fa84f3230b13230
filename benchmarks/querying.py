"""Querying: engines asked in turn, query by query, so that noise on the machine hits all alike."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.engines import OpenIndex
from benchmarks.workload import Query


@dataclass(slots=True)
class Answers:
    """What one engine answered to each query, and how long that took.

    `seconds` is the median over the measured passes. `unsteady` names the queries to which the
    passes gave different documents.
    """

    totals: dict[Query, int] = field(default_factory=dict)
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
    """Ask every index every query: one pass to warm it, then the measured ones.

    With each index come its queries as written, for those that are asked in other words.
    Which engine is first changes with every query.
    """
    answers = {name: Answers() for name in indexes}
    tops: dict[tuple[str, Query], tuple[str, ...]] = {}
    times: dict[tuple[str, Query], list[float]] = {}
    names = list(indexes)
    gc.collect()
    gc.freeze()  # what the benchmark itself holds must not be looked through within a query
    for number in range(1 + passes):
        for turn, query in enumerate(queries):
            first = (turn + number) % len(names)
            for name in names[first:] + names[:first]:
                index, written = indexes[name]
                text = written[query]
                started = time.perf_counter()
                answer = index.search(text)
                seconds = time.perf_counter() - started
                top = index.top(answer)
                if number == 0:
                    answers[name].totals[query] = index.total(answer)
                    tops[name, query] = top
                    continue
                times.setdefault((name, query), []).append(seconds)
                if top != tops[name, query]:
                    answers[name].unsteady.add(query)
    gc.unfreeze()
    for (name, query), measured in times.items():
        answers[name].seconds[query] = statistics.median(measured)
    return answers


def spread(seconds: Iterable[float]) -> Spread:
    """Return the percentiles of some times, in milliseconds."""
    ordered = sorted(seconds)
    if len(ordered) == 1:
        return Spread(ordered[0] * 1e3, ordered[0] * 1e3)
    cuts = statistics.quantiles(ordered, n=20, method="inclusive")
    return Spread(statistics.median(ordered) * 1e3, cuts[-1] * 1e3)
