"""Checks before times are printed: that every engine did the same work, with the right results."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from benchmarks.counting import is_exact
from benchmarks.engines import OpenIndex
from benchmarks.querying import Answers
from benchmarks.searchd_engine import SearchdIndex
from benchmarks.workload import Corpus, Query
from searchd.ranking import SURFACE_ONLY

MAX_EXCEPTIONS = 0.02
"""The share of queries that may fail a check; they are printed to standard error."""


class WrongAnswerError(Exception):
    """The answers of an engine are wrong, so that its times would mean nothing."""


def check_documents(indexes: Mapping[str, OpenIndex], corpus: Corpus) -> None:
    """Raise WrongAnswerError if an index does not hold as many documents as the corpus."""
    for name, index in indexes.items():
        if index.documents() != corpus.documents:
            raise WrongAnswerError(
                f"{name} holds {index.documents()} documents, the corpus {corpus.documents}"
            )


def check_nonempty(answers: Mapping[str, Answers]) -> dict[str, list[str]]:
    """Return the queries without hits for each engine, though each occurs in the texts.

    Raises WrongAnswerError if there are too many.
    """
    return {
        name: _tolerate(f"{name} found nothing for", _without_hits(given), len(given.totals))
        for name, given in answers.items()
    }


def check_deterministic(answers: Mapping[str, Answers]) -> None:
    """Raise WrongAnswerError if two passes over a query gave different documents."""
    for name, given in answers.items():
        if given.unstable:
            query = min(given.unstable, key=lambda query: query.text)
            raise WrongAnswerError(
                f"{name} gave different documents in different passes to {len(given.unstable)} queries, "
                f"such as {query.text!r}"
            )


def check_counts(directory: Path, counts: Mapping[Query, int], copies: int) -> int:
    """Compare the totals of searchd by surface form with those of reading the texts.

    `counts` are the document frequencies in one of the `copies` of the corpus. Returns the number
    of compared queries. Raises WrongAnswerError for the first that differs.
    """
    exact = {query: count * copies for query, count in counts.items() if is_exact(query)}
    with closing(SearchdIndex(directory, SURFACE_ONLY)) as index:
        for query, expected in exact.items():
            total = index.total(index.search(query.written))
            if total != expected:
                raise WrongAnswerError(
                    f"searchd counts {total} documents for {query.text!r}, "
                    f"reading the texts {expected}"
                )
    return len(exact)


def check_same_totals(one: tuple[str, Answers], other: tuple[str, Answers]) -> list[str]:
    """Return the queries for which searchd and another engine of its analysis count different totals.

    Of a phrase `one`, which is searchd, may count more: it finds it after a clitic too that the stem of
    its first word keeps. Exceptions are phrases across title and text, which some engines index as one
    text. Raises WrongAnswerError if there are too many.
    """
    (name, given), (other_name, other_given) = one, other
    differing = []
    for query, total in given.totals.items():
        other_total = other_given.totals[query]
        if total < other_total or (total > other_total and not query.is_phrase):
            differing.append(query.text)
    return _tolerate(f"{name} and {other_name} count differently", differing, len(given.totals))


def _without_hits(given: Answers) -> list[str]:
    return [query.text for query, total in given.totals.items() if not total]


def _tolerate(what: str, exceptions: Sequence[str], queries: int) -> list[str]:
    """Return the exceptions and print them; raise WrongAnswerError if there are too many."""
    if exceptions:
        named = ", ".join(f"«{text}»" for text in exceptions[:10])
        more = " …" if len(exceptions) > 10 else ""
        message = f"{what} {len(exceptions)} of {queries} queries: {named}{more}"
        if len(exceptions) > MAX_EXCEPTIONS * queries:
            raise WrongAnswerError(message)
        print(message, file=sys.stderr)
    return list(exceptions)
