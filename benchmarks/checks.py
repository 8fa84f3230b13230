"""What must hold before a time is worth printing: every engine did the same work, and rightly."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.counting import is_exact
from benchmarks.engines import OpenIndex
from benchmarks.querying import Answers
from benchmarks.searchd_engine import SearchdIndex
from benchmarks.workload import Corpus, Query
from searchd.ranking import SURFACE_ONLY

TOLERATED = 0.02
"""The share of queries that may be exceptions, which are named on standard error."""


class WrongAnswerError(Exception):
    """An engine did not do what its times would be printed for."""


def check_documents(indexes: Mapping[str, OpenIndex], corpus: Corpus) -> None:
    """Raise WrongAnswerError where an index holds another number of documents."""
    for name, index in indexes.items():
        if index.documents() != corpus.documents:
            raise WrongAnswerError(
                f"{name} holds {index.documents()} documents, the corpus {corpus.documents}"
            )


def check_found(answers: Mapping[str, Answers]) -> dict[str, list[str]]:
    """Return the queries to which an engine found nothing, by engine; each occurs in the texts."""
    return {
        name: _tolerate(f"{name} found nothing for", _without_hits(given), len(given.totals))
        for name, given in answers.items()
    }


def check_steady(answers: Mapping[str, Answers]) -> None:
    """Raise WrongAnswerError where two passes gave other documents."""
    for name, given in answers.items():
        if given.unsteady:
            query = min(given.unsteady, key=lambda query: query.text)
            raise WrongAnswerError(
                f"{name} gave other documents in another pass to {len(given.unsteady)} queries, "
                f"such as {query.text!r}"
            )


def check_counts(directory: Path, counts: Mapping[Query, int], copies: int) -> int:
    """Return for how many queries searchd by surface form counts as plain reading does.

    `counts` are those of one copy of the corpus. Raises WrongAnswerError for the first that differs.
    """
    index = SearchdIndex(directory, SURFACE_ONLY)
    checked = 0
    for query, count in counts.items():
        if is_exact(query):
            total = index.total(index.search(query.written))
            if total != count * copies:
                raise WrongAnswerError(
                    f"searchd counts {total} documents for {query.text!r}, "
                    f"reading the texts {count * copies}"
                )
            checked += 1
    index.close()
    return checked


def check_alike(one: tuple[str, Answers], other: tuple[str, Answers]) -> list[str]:
    """Return the queries for which two engines with one analysis count other documents.

    The one may take title and text for one text in which a phrase can span both.
    """
    (name, given), (other_name, other_given) = one, other
    differing = [
        query.text for query, total in given.totals.items() if total != other_given.totals[query]
    ]
    return _tolerate(f"{name} and {other_name} count differently", differing, len(given.totals))


def _without_hits(given: Answers) -> list[str]:
    return [query.text for query, total in given.totals.items() if not total]


def _tolerate(what: str, exceptions: Sequence[str], of: int) -> list[str]:
    """Return the exceptions, named on standard error; raise WrongAnswerError for too many."""
    if exceptions:
        named = ", ".join(f"«{text}»" for text in exceptions[:10])
        more = " …" if len(exceptions) > 10 else ""
        message = f"{what} {len(exceptions)} of {of} queries: {named}{more}"
        if len(exceptions) > TOLERATED * of:
            raise WrongAnswerError(message)
        print(message, file=sys.stderr)
    return list(exceptions)
