"""The log of what people search: a file of JSON Lines, off unless it is asked for.

A line is `{"time", "query", "total", "seconds"}`. There is no address, key or id of a request in
it, so a query cannot be traced to who sent it; a query may still name a person, so the file is
readable by its owner alone. `top_queries` counts what it has.
"""

from __future__ import annotations

import json
import logging
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from analyzers.normalization.folding import fold

_LOG = logging.getLogger("searchd.service")


class QueryLog:
    """Appends queries to a file; for use by one thread.

    A file that was renamed, as by logrotate, is begun anew. An error of the disk is logged once
    and loses lines, never a search.
    """

    def __init__(self, path: Path) -> None:
        """Open the file. Raises OSError where it cannot be written."""
        self.path = path
        self._failed = False
        self._descriptor = self._open()

    def add(self, query: str, total: int, seconds: float) -> None:
        """Append a query, the number of documents that it found, and how long it took."""
        time = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        values = {"time": time, "query": query, "total": total, "seconds": round(seconds, 4)}
        # A whole line in one call, so that lines of several processes do not mix.
        line = json.dumps(values, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        try:
            self._reopen_if_renamed()
            os.write(self._descriptor, line)
        except OSError as error:
            if not self._failed:
                _LOG.error("cannot write the query log %s: %s", self.path, error)
            self._failed = True
        else:
            self._failed = False

    def close(self) -> None:
        """Close the file."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _open(self) -> int:
        return os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def _reopen_if_renamed(self) -> None:
        with suppress(FileNotFoundError):
            if self._descriptor >= 0 and os.path.samestat(
                self.path.stat(), os.fstat(self._descriptor)
            ):
                return
        self.close()
        self._descriptor = self._open()


@dataclass(frozen=True, slots=True)
class LoggedQuery:
    """A line of a query log; `time` has a time zone, `seconds` is how long the search took."""

    time: datetime
    query: str
    total: int
    seconds: float


@dataclass(slots=True)
class QueryCount:
    """How often a query was asked. `query` is its most frequent spelling.

    `without_results` counts how often it found nothing, `last_total` is what it found the last time.
    """

    key: str
    count: int = 0
    without_results: int = 0
    last_total: int = 0
    spellings: Counter[str] = field(default_factory=Counter)

    @property
    def query(self) -> str:
        """The spelling that was asked most often."""
        return self.spellings.most_common(1)[0][0]


def read_query_log(lines: Iterable[bytes]) -> Iterator[LoggedQuery | None]:
    """Yield each line of a log, None for one that is no line of it, such as a cut-off last one."""
    for line in lines:
        try:
            values = json.loads(line)
            time = datetime.fromisoformat(values["time"])
            query, total, seconds = values["query"], values["total"], values["seconds"]
            is_right = isinstance(query, str) and isinstance(total, int) and time.tzinfo is not None
            yield LoggedQuery(time, query, total, float(seconds)) if is_right else None
        except (ValueError, KeyError, TypeError):
            yield None


def top_queries(
    queries: Iterable[LoggedQuery], *, without_results: bool = False
) -> list[QueryCount]:
    """Return the queries by how often they were asked, the most frequent first.

    Spellings that a search treats alike (marks, hamzas, spaces, capitals) count as one. With
    `without_results` only those that found nothing the last time, by how often they found nothing.

    >>> day = datetime(2030, 1, 1, tzinfo=UTC)
    >>> asked = [LoggedQuery(day, q, n, 0.1) for q, n in [("إيران", 3), ("ايران", 3), ("زقورة", 0)]]
    >>> [(each.query, each.count) for each in top_queries(asked)]
    [('إيران', 2), ('زقورة', 1)]
    >>> [each.query for each in top_queries(asked, without_results=True)]
    ['زقورة']
    """
    counts: dict[str, QueryCount] = {}
    for each in queries:
        written = " ".join(each.query.split())
        key = " ".join(fold(word).casefold() for word in written.split(" "))
        count = counts.setdefault(key, QueryCount(key))
        count.count += 1
        count.without_results += each.total == 0
        count.last_total = each.total
        count.spellings[written] += 1
    if without_results:
        nothing = [each for each in counts.values() if each.last_total == 0]
        return sorted(nothing, key=lambda each: (-each.without_results, each.key))
    return sorted(counts.values(), key=lambda each: (-each.count, each.key))
