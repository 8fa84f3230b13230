"""Statistics of an index on a cluster: in how many documents a term is, and which words there are.

Answers are kept until the index changes, which is asked for at most once a second. A search collects
what it does not know, and asks for all of it at once: `Answers` are those of one attempt.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Hashable, Sequence
from typing import Any, NamedTuple

from analyzers.analyzer import Terms
from analyzers.normalization.spelling import agrees
from indexer.cluster.client import ClusterClient
from indexer.cluster.encoding import SEPARATOR
from indexer.cluster.mapping import vocabulary_field
from indexer.cluster.scan import check_complete
from indexer.cluster.state import Changes, read_changes
from indexer.lookups import Lookup, WordLookup
from searchd import budget
from searchd.cluster.requests import EVERYTHING, escaped, lookup_query, written_token

_SECONDS_UNTIL_CHECK = 1.0
_MOST_KEPT = 200_000
"""Answers that are kept; more than that are all forgotten."""

MOST_WORDS = 10_000
"""Words that one question about the vocabulary may have; `Ranking.most_expansions` is lower."""

_MOST_FORMS = 500


class WordsLike(NamedTuple):
    """The words of a field whose entry in the vocabulary matches a regular expression; at most `most`."""

    field: str
    pattern: str
    most: int


class Totals(NamedTuple):
    """The number of documents of an index, and their mean length in words."""

    documents: int
    mean_length: float


class ClusterStatistics:
    """What is known of one index on a cluster. Threads may share it."""

    def __init__(self, client: ClusterClient) -> None:
        self._client = client
        self._path = f"/{client.address.index}"
        self._lock = threading.Lock()
        self._checked = 0.0
        self._changes: Changes | None = None
        self._totals: Totals | None = None
        self._known: dict[Hashable, Any] = {}

    def changes(self) -> Changes:
        """Return what changes with the index, not older than a second. Raises ClusterError."""
        with self._lock:
            now = time.monotonic()
            if self._changes is None or now - self._checked > _SECONDS_UNTIL_CHECK:
                found = read_changes(self._client)
                if self._changes is None or found[:3] != self._changes[:3]:
                    self._known, self._totals = {}, None
                self._changes, self._checked = found, now
            return self._changes

    def forget(self) -> None:
        """Ask anew from the next search on."""
        with self._lock:
            self._changes = None

    def totals(self) -> Totals:
        """Return the number of documents and their mean length. Raises ClusterError."""
        self.changes()
        if self._totals is None:
            body = {
                "size": 0,
                "track_total_hits": True,
                "aggs": {"length": {"avg": {"field": "length"}}},
            }
            answer = self._search(body)
            mean = answer["aggregations"]["length"]["value"]
            self._totals = Totals(answer["hits"]["total"]["value"], mean or 0.0)
        return self._totals

    def known(self) -> dict[Hashable, Any]:
        """Return the answers that are known, which later ones join."""
        self.changes()
        return self._known

    def ask(self, lookups: Sequence[Lookup], words: Sequence[WordsLike], answers: Answers) -> None:
        """Ask for numbers of documents and for words, and keep the answers. Raises ClusterError."""
        aggregations: dict[str, Any] = {}
        if lookups:
            filters = {
                str(number): lookup_query(lookup, answers.written_forms)
                for number, lookup in enumerate(lookups)
            }
            aggregations["counts"] = {"filters": {"filters": filters}}
        for number, like in enumerate(words):
            name = vocabulary_field(like.field)
            # The documents without such words need not be read: the filter comes first.
            aggregations[f"words{number}"] = {
                "filter": {"regexp": {name: {"value": like.pattern}}},
                "aggs": {
                    "found": {"terms": {"field": name, "include": like.pattern, "size": like.most}}
                },
            }
        body = {"size": 0, "track_total_hits": False, "query": EVERYTHING, "aggs": aggregations}
        found = self._search(body)["aggregations"]
        known = answers.known
        if len(known) > _MOST_KEPT:
            known.clear()
        for number, lookup in enumerate(lookups):
            known[lookup] = found["counts"]["buckets"][str(number)]["doc_count"]
        for number, like in enumerate(words):
            buckets = found[f"words{number}"]["found"]["buckets"]
            known[like] = [(each["key"], each["doc_count"]) for each in buckets]

    def _search(self, body: Any) -> Any:
        answer = self._client.request(
            "POST", f"{self._path}/_search", body, seconds=budget.seconds_left(30.0)
        )
        check_complete(answer)
        return answer


class Answers:
    """What one attempt to resolve a query knows, and what it has to ask.

    What is not known yet is taken to be in one document, so that one attempt finds out as much as it
    can. The answers of an attempt that had to ask are not to be used.
    """

    def __init__(self, statistics: ClusterStatistics) -> None:
        self._statistics = statistics
        self._changes = statistics.changes()[:3]
        self.totals = statistics.totals()
        self.known = statistics.known()
        self._lookups: dict[Lookup, None] = {}
        self._words: dict[WordsLike, None] = {}

    def is_current(self) -> bool:
        """Whether the index has not changed since. Raises ClusterError."""
        return self._statistics.changes()[:3] == self._changes

    def count(self, lookup: Lookup) -> int:
        """Return the number of documents that a lookup finds."""
        found: int | None = self.known.get(lookup)
        if found is None:
            self._lookups[lookup] = None
            return 1
        return found

    def words(self, like: WordsLike) -> list[tuple[str, int]]:
        """Return the words that match, as the vocabulary has them, and the documents with each."""
        found: list[tuple[str, int]] | None = self.known.get(like)
        if found is None:
            self._words[like] = None
            return []
        return found

    def written_forms(self, field: str, word: Terms) -> list[str]:
        """Return the terms of the spellings of a surface form that agree with what a word asks for."""
        pattern = f"{escaped(word.surface + SEPARATOR)}.*"
        found: dict[str, None] = {}
        for entry, _documents in self.words(WordsLike(field, pattern, _MOST_FORMS)):
            surface, spelling, _stem = entry.split(SEPARATOR)
            if word.spelling is None or agrees(word.spelling, spelling, surface):
                found[written_token(surface, spelling)] = None
        return list(found)

    def ask(self) -> bool:
        """Ask for everything that was not known; return whether there was anything.

        Numbers of documents of spelled forms are asked for when the spellings are known.
        """
        words, self._words = list(self._words), {}
        lookups, self._lookups = list(self._lookups), {}
        if not words and not lookups:
            return False
        if words:
            lookups = [lookup for lookup in lookups if not _needs_spellings(lookup)]
        self._statistics.ask(lookups, words, self)
        return True


def _needs_spellings(lookup: Lookup) -> bool:
    forms = lookup.forms if isinstance(lookup, WordLookup) else lookup.words
    return any(form.spelling is not None for form in forms)
