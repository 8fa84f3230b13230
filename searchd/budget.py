"""Budget: what one search may cost. Every loop that grows with the query or the index asks it.

A search runs inside `limited`, which puts its budget into the context of the thread; `check` and the
functions that spend find it there. Outside of a search nothing is limited.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial

from searchd.errors import SearchBudgetError, SearchTimeoutError


@dataclass(frozen=True, slots=True)
class SearchBudget:
    """The limits of one search; a search that exceeds one ends with an error that says what did.

    `seconds`: how long it may take, None for any time. `patterns`: how many patterns and fuzzy words
    it may have. `expansions`: how many words of the index these may match in all. `postings`: how
    many postings may be read for its words, phrases and patterns.

    Raises ValueError for a limit that is not above 0.
    """

    seconds: float | None = None
    patterns: int = 32
    expansions: int = 20_000
    postings: int = 200_000_000

    def __post_init__(self) -> None:
        for name in ("seconds", "patterns", "expansions", "postings"):
            value = getattr(self, name)
            if value is not None and not value > 0:
                raise ValueError(f"SearchBudget({name}={value!r}) has to be above 0")


DEFAULT_BUDGET = SearchBudget()


class _Spent:
    """What a running search has spent."""

    __slots__ = ("budget", "counts", "deadline")

    def __init__(self, budget: SearchBudget) -> None:
        self.budget = budget
        self.deadline = None if budget.seconds is None else time.monotonic() + budget.seconds
        self.counts = Counter[str]()


_running: ContextVar[_Spent | None] = ContextVar("search budget", default=None)


class limited:  # noqa: N801 - a context manager, written like a function
    """Limit what is searched inside: the time counts from here."""

    __slots__ = ("_budget", "_token")

    def __init__(self, budget: SearchBudget) -> None:
        self._budget = budget

    def __enter__(self) -> None:
        self._token = _running.set(_Spent(self._budget))

    def __exit__(self, *_error: object) -> None:
        _running.reset(self._token)


def check(part: str) -> None:
    """Raise SearchTimeoutError where the time of the search is up; `part` is what it works on."""
    spent = _running.get()
    if spent is not None and spent.deadline is not None and time.monotonic() >= spent.deadline:
        assert spent.budget.seconds is not None
        raise SearchTimeoutError(part, spent.budget.seconds)


def seconds_left(most: float) -> float:
    """Return the seconds that the search has left, `most` at most and where nothing limits it."""
    spent = _running.get()
    if spent is None or spent.deadline is None:
        return most
    return min(most, max(spent.deadline - time.monotonic(), 0.001))


def checking(part: str) -> Callable[[], None]:
    """Return `check` for one part."""
    return partial(check, part)


def spend_pattern(part: str) -> None:
    """Count one pattern or fuzzy word. Raises SearchBudgetError for one too many."""
    _spend("patterns", part, 1, "a query may have {limit} patterns and fuzzy words; write fewer")


def spend_expansions(part: str, count: int) -> None:
    """Count words that a pattern matches. Raises SearchBudgetError for too many in all."""
    _spend(
        "expansions",
        part,
        count,
        "the patterns of the query match more than {limit} words of the index; write more letters "
        "of them",
    )


def spend_postings(part: str, count: int) -> None:
    """Count postings that were read. Raises SearchBudgetError for too many in all."""
    _spend(
        "postings",
        part,
        count,
        "the words of the query have more than {limit} postings; write fewer or rarer words",
    )


def _spend(kind: str, part: str, count: int, reason: str) -> None:
    """Count work of one kind, which a SearchBudget limits; it raises for too much, and too late."""
    check(part)
    spent = _running.get()
    if spent is not None:
        limit: int = getattr(spent.budget, kind)
        spent.counts[kind] += count
        if spent.counts[kind] > limit:
            raise SearchBudgetError(part, reason.format(limit=limit))
