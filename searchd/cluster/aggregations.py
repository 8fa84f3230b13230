"""Aggregations: exact counts of the values of columns over the documents of a query.

What takes several searches is a generator: it yields the body of a search and is sent its answer.
`answer_all` runs many of them in rounds, each one request.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar

from searchd import budget
from searchd.cluster.requests import Query
from searchd.cluster.searched_index import SearchedIndex

_Result = TypeVar("_Result")
Searches = Generator[dict[str, Any], Any, _Result]

AT_ONCE = 10_000
"""Buckets of one answer: a cluster makes 65,536 at most, and each shard some in vain."""


class Counts(NamedTuple):
    """The documents of a query: their number, how many have no value of a column, and the values.

    `values` has the number of documents with each value; one that has several counts for each.
    """

    documents: int
    missing: int
    values: dict[Any, int]


class Ends(NamedTuple):
    """The documents of a query like `Counts`, with the ends of a column of numbers, NaN for none."""

    documents: int
    missing: int
    least: float
    greatest: float


class Interval(NamedTuple):
    """The documents of an interval: their number, their least and their greatest value."""

    documents: int
    least: float
    greatest: float


def answer_all(index: SearchedIndex, tasks: Sequence[Searches[_Result]]) -> list[_Result]:
    """Return what each task returns; their searches of each round are one request.

    Raises ClusterError and SearchTimeoutError.
    """
    results: dict[int, _Result] = {}
    answers: dict[int, Any] = dict.fromkeys(range(len(tasks)))
    while answers:
        budget.check("counts")
        bodies: dict[int, dict[str, Any]] = {}
        for number, answer in answers.items():
            try:
                bodies[number] = tasks[number].send(answer)
            except StopIteration as end:
                results[number] = end.value
        found = index.search_all(list(bodies.values())) if bodies else []
        answers = dict(zip(bodies, found, strict=True))
    return [results[number] for number in range(len(tasks))]


def counts_of(column: str, query: Query) -> Searches[Counts]:
    """Count every value of a column, by one search where there are not too many."""
    answer = yield _counting(
        query,
        values={"terms": {"field": column, "size": AT_ONCE}},
        missing={"missing": {"field": column}},
    )
    found = answer["aggregations"]
    buckets = found["values"]["buckets"]
    if found["values"]["sum_other_doc_count"]:
        # What a shard does not send is not in the sums of others: only pages are exact.
        buckets = yield from _pages(query, {"terms": {"field": column}})
    values: dict[Any, int] = {}
    for bucket in buckets:
        key = bucket["key"]
        value = key["value"] if isinstance(key, Mapping) else key
        # Numbers that are equal, 0 and -0, are one value.
        values[value] = values.get(value, 0) + bucket["doc_count"]
    return Counts(answer["hits"]["total"]["value"], found["missing"]["doc_count"], values)


def ends_of(column: str, query: Query) -> Searches[Ends]:
    """Find the least and the greatest number of a column."""
    answer = yield _counting(
        query,
        missing={"missing": {"field": column}},
        least={"min": {"field": column}},
        greatest={"max": {"field": column}},
    )
    found = answer["aggregations"]
    least, greatest = (
        math.nan if (value := found[end]["value"]) is None else float(value)
        for end in ("least", "greatest")
    )
    return Ends(answer["hits"]["total"]["value"], found["missing"]["doc_count"], least, greatest)


def intervals_of(column: str, query: Query, width: float) -> Searches[list[Interval]]:
    """Count the numbers of a column in intervals of about a width, which do not overlap.

    Where one of them ends is as the cluster rounds it.
    """
    ends = {"least": {"min": {"field": column}}, "greatest": {"max": {"field": column}}}
    histogram = {"histogram": {"field": column, "interval": width}}
    buckets = yield from _pages(query, histogram, aggs=ends)
    return [
        Interval(each["doc_count"], each["least"]["value"], each["greatest"]["value"])
        for each in buckets
    ]


def counts_between(column: str, query: Query, bounds: Sequence[float]) -> Searches[list[int]]:
    """Count the numbers of a column from each bound to before the next; [bounds - 1]."""
    counts: list[int] = []
    for first in range(0, len(bounds) - 1, AT_ONCE):
        chosen = bounds[first : first + AT_ONCE + 1]
        ranges = [
            {"key": str(number), "from": lower, "to": upper}
            for number, (lower, upper) in enumerate(pairwise(chosen))
        ]
        found = {"range": {"field": column, "ranges": ranges, "keyed": True}}
        answer = yield _counting(query, ranges=found)
        buckets = answer["aggregations"]["ranges"]["buckets"]
        counts += [buckets[str(number)]["doc_count"] for number in range(len(ranges))]
    return counts


def counts_of_queries(query: Query, queries: Sequence[Query]) -> Searches[list[int]]:
    """Count the documents of a query that match each of some others."""
    filters = {str(number): each for number, each in enumerate(queries)}
    if not filters:
        return []
    answer = yield _counting(query, found={"filters": {"filters": filters}})
    buckets = answer["aggregations"]["found"]["buckets"]
    return [buckets[name]["doc_count"] for name in filters]


def first_with(column: str, values: Sequence[str]) -> Searches[dict[str, Any]]:
    """Return what is stored of the first document of the index with each keyword of a column."""
    stored: dict[str, Any] = {}
    order = [{"ordinal": "asc"}, {"id": "asc"}]
    hits = {"top_hits": {"size": 1, "sort": order, "_source": ["stored"]}}
    for first in range(0, len(values), _STORED_AT_ONCE):
        chosen = list(values[first : first + _STORED_AT_ONCE])
        terms = {"field": column, "include": chosen, "size": len(chosen)}
        answer = yield _counting(
            {"terms": {column: chosen}}, values={"terms": terms, "aggs": {"first": hits}}
        )
        for bucket in answer["aggregations"]["values"]["buckets"]:
            (hit,) = bucket["first"]["hits"]["hits"]
            stored[bucket["key"]] = hit["_source"]["stored"]
    return stored


_STORED_AT_ONCE = 500


def _pages(query: Query, source: Mapping[str, Any], **inner: Any) -> Searches[list[dict[str, Any]]]:
    """Return all buckets of a source, which a cluster gives page by page."""
    buckets: list[dict[str, Any]] = []
    after: dict[str, Any] = {}
    while True:
        composite = {"size": AT_ONCE, "sources": [{"value": source}], **after}
        answer = yield _counting(query, pages={"composite": composite, **inner})
        page = answer["aggregations"]["pages"]
        buckets += page["buckets"]
        if len(page["buckets"]) < AT_ONCE:
            return buckets
        after = {"after": page["after_key"]}


def _counting(query: Query, **aggregations: Any) -> dict[str, Any]:
    return {"query": query, "size": 0, "track_total_hits": True, "aggs": aggregations}
