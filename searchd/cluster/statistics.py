"""Statistics of an index on a cluster: in how many documents a term is, and which words there are.

Answers are kept until the index changes, which is asked for at most once a second. A search collects
what it does not know, and asks for all of it at once: `Answers` are those of one attempt.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Mapping, Sequence, Sized
from typing import Any, NamedTuple

from analyzers.analyzer import Terms
from analyzers.normalization.spelling import agrees
from indexer.cluster.client import lines_of
from indexer.cluster.mapping import vocabulary_of, words_index
from indexer.cluster.scan import check_complete
from indexer.cluster.state import Changes, read_changes
from indexer.errors import ClusterError
from indexer.lookups import PhraseLookup, WordLookup
from indexer.segment.trigram_index import trigrams_of
from indexer.segment.write.term_ids import WantedTerms
from searchd.cluster.following_words import FollowingQuestion, FollowingWords
from searchd.cluster.requests import EVERYTHING, ClusterLookup, lookup_query, written_token
from searchd.cluster.search_client import SearchClient

_SECONDS_UNTIL_CHECK = 1.0
_MOST_KEPT = 500_000
"""Numbers and words of answers that are kept; more than that are all forgotten."""

MOST_WORDS = 6000
"""Words that one question about the vocabulary may have; `Ranking.most_expansions` is lower."""

_MOST_LIKE = 500


class Word(NamedTuple):
    """An entry of the vocabulary: a written form, or a stem alone."""

    stem: str
    surface: str = ""
    spelling: str = ""


class WordsQuestion(NamedTuple):
    """A question about the vocabulary of a field: the words of which a term is like another.

    `level` is "surface" or "stem". `how`: "same" the term itself; "any" one of several with spaces
    between; "like" a regular expression; "near"
    within `number` edits; "similar" a stem that shares at least `number` trigrams.
    """

    field: str
    level: str
    how: str
    term: str
    number: int = 0

    def searches(self) -> list[dict[str, Any]]:
        """Return the question as the cluster understands it."""
        return [self._query()]

    def _query(self) -> dict[str, Any]:
        return {
            "query": {
                "bool": {
                    "filter": [{"term": {"field": vocabulary_of(self.field)}}],
                    **self._of_words(),
                }
            },
            "size": _MOST_LIKE if self.how == "similar" else MOST_WORDS,
            "_source": ["surface", "spelling", "stem"],
        }

    def _of_words(self) -> dict[str, Any]:
        match self.how:
            case "same":
                found: dict[str, Any] = {"term": {self.level: self.term}}
            case "any":
                found = {"terms": {self.level: self.term.split(" ")}}
            case "like":
                found = {
                    "regexp": {self.level: {"value": self.term, "max_determinized_states": 100_000}}
                }
            case "near":
                near = {
                    "value": self.term,
                    "fuzziness": self.number,
                    "max_expansions": MOST_WORDS,
                    "transpositions": False,
                    "rewrite": "constant_score",
                }
                found = {"fuzzy": {self.level: near}}
            case _:
                trigrams = [
                    {"constant_score": {"filter": {"term": {"trigrams": each}}}}
                    for each in sorted(trigrams_of(self.term))
                ]
                return {"should": trigrams, "minimum_should_match": self.number}
        kind = {"exists": {"field": "surface"}}
        return {"must": [{"constant_score": {"filter": found}}, kind]}


TextQuestion = WordsQuestion | FollowingQuestion

Read = Callable[[Any, Sequence[Any]], Any]
"""Returns what the answers of the cluster to a question say."""


def read_words(_question: WordsQuestion, answers: Sequence[Any]) -> list[Word]:
    """Return the words that an answer has."""
    return [Word(**hit["_source"]) for answer in answers for hit in answer["hits"]["hits"]]


class Totals(NamedTuple):
    """The number of documents of an index, and their mean length in words."""

    documents: int
    mean_length: float


class ClusterStatistics:
    """What is known of one index on a cluster. Threads may share it."""

    def __init__(self, client: SearchClient) -> None:
        self._client = client
        self._path = f"/{client.address.index}"
        self._lock = threading.Lock()
        self._checked = 0.0
        self._changes: Changes | None = None
        self._totals: Totals | None = None
        self._known: dict[Hashable, Any] = {}
        self._kept = 0

    def changes(self) -> Changes:
        """Return what changes with the index, not older than a second. Raises ClusterError."""
        with self._lock:
            now = time.monotonic()
            if self._changes is None or now - self._checked > _SECONDS_UNTIL_CHECK:
                found = read_changes(self._client)
                if self._changes is None or found[:3] != self._changes[:3]:
                    self._known, self._kept, self._totals = {}, 0, None
                self._changes, self._checked = found, now
            return self._changes

    def forget(self) -> None:
        """Ask anew from the next search on."""
        with self._lock:
            self._changes = None

    def totals(self) -> Totals:
        """Return the number of documents and their mean length. Raises ClusterError."""
        self.changes()
        totals = self._totals  # another thread may see a change meanwhile
        if totals is None:
            body = {
                "size": 0,
                "track_total_hits": True,
                "aggs": {"length": {"avg": {"field": "length"}}},
            }
            answer = self._search(body)
            mean = answer["aggregations"]["length"]["value"]
            totals = self._totals = Totals(answer["hits"]["total"]["value"], mean or 0.0)
        return totals

    def known(self) -> dict[Hashable, Any]:
        """Return the answers that are known, which later ones join."""
        self.changes()
        return self._known

    def ask_counts(self, lookups: Sequence[ClusterLookup], answers: Answers) -> None:
        """Ask for numbers of documents, and keep them. Raises ClusterError."""
        filters = {
            str(number): lookup_query(lookup, answers.written_forms)
            for number, lookup in enumerate(lookups)
        }
        counts = {"filters": {"filters": filters}}
        body = {"size": 0, "track_total_hits": False, "query": EVERYTHING, "aggs": {"n": counts}}
        buckets = self._search(body)["aggregations"]["n"]["buckets"]
        for number, lookup in enumerate(lookups):
            self._keep(lookup, buckets[str(number)]["doc_count"], answers)

    def ask_texts(self, questions: Mapping[TextQuestion, Read], answers: Answers) -> None:
        """Ask for words and for what comes after words, and keep it. Raises ClusterError."""
        name = self.changes().name
        lines = lines_of(
            [
                part
                for question in questions
                for body in question.searches()
                for part in ({"index": _index_of(question, name)}, body)
            ]
        )
        found = iter(self._client.request("POST", "/_msearch", lines)["responses"])
        for question, read in questions.items():
            of_question = [next(found) for _ in question.searches()]
            for answer in of_question:
                if (
                    answer.get("status") == 404
                ):  # a rebuild has taken its place: ask again by the new name
                    self.forget()
                    return
                if "error" in answer:
                    raise ClusterError(
                        f"the words of the index at {self._client.address} cannot be searched "
                        f"({str(answer['error'].get('reason'))[:200]}); see "
                        f"'GET _cluster/health' there"
                    )
                check_complete(answer)
            self._keep(question, read(question, of_question), answers)

    def _keep(self, asked: Hashable, value: object, answers: Answers) -> None:
        self._kept += len(value) if isinstance(value, Sized) else 1
        if self._kept > _MOST_KEPT:
            # Not cleared: other searches go on with it.
            self._known = answers.known = {}
            self._kept = 0
        answers.known[asked] = value

    def _search(self, body: Any) -> Any:
        answer = self._client.request("POST", f"{self._path}/_search", body)
        check_complete(answer)
        return answer


class Answers:
    """What one attempt to resolve a query knows, and what it has to ask.

    What is not known yet is taken to be in `guess` documents. The answers of an attempt that had to ask
    are not to be used. `wanted` has every term that the attempt looked up.
    """

    def __init__(self, statistics: ClusterStatistics, guess: int = 1) -> None:
        self._statistics = statistics
        self._guess = guess
        self._changes = statistics.changes()[:3]
        self.totals = statistics.totals()
        self.known = statistics.known()
        self.wanted = WantedTerms(set(), set())
        self._lookups: dict[ClusterLookup, None] = {}
        self._texts: dict[TextQuestion, Read] = {}

    @property
    def lacks_some(self) -> bool:
        """Whether something is to be asked."""
        return bool(self._lookups or self._texts)

    def is_current(self) -> bool:
        """Whether the index has not changed since. Raises ClusterError."""
        return self._statistics.changes()[:3] == self._changes

    def count(self, lookup: ClusterLookup) -> int:
        """Return the number of documents that a lookup finds."""
        self._want(lookup)
        found: int | None = self.known.get(lookup)
        if found is None:
            self._lookups[lookup] = None
            return self._guess
        return found

    def _want(self, lookup: ClusterLookup) -> None:
        forms: tuple[Terms, ...] = ()
        match lookup:
            case WordLookup(_, stems, forms):
                self.wanted.stems.update(stems)
            case PhraseLookup(_, forms):
                self.wanted.stems.update([each.stem for each in forms])
        self.wanted.surfaces.update([each.surface for each in forms])

    def words(self, question: WordsQuestion) -> list[Word]:
        """Return the words that a question asks for."""
        found: list[Word] | None = self.known.get(question)
        if found is None:
            self._texts[question] = read_words
            return []
        return found

    def following(self, question: FollowingQuestion, read: Read) -> FollowingWords | None:
        """Return what comes after some words, None until it is known."""
        found: FollowingWords | None = self.known.get(question)
        if found is None:
            self._texts[question] = read
        return found

    def written_forms(self, field: str, word: Terms) -> list[str]:
        """Return the terms of the spellings of a surface form that agree with what a word asks for."""
        found: dict[str, None] = {}
        for entry in self.words(WordsQuestion(field, "surface", "same", word.surface)):
            if word.spelling is None or agrees(word.spelling, entry.spelling, entry.surface):
                found[written_token(entry.surface, entry.spelling)] = None
        return list(found)

    def ask(self) -> bool:
        """Ask for everything that was not known; return whether there was anything.

        Numbers of documents of spelled forms are asked for when the spellings are known.
        """
        texts, self._texts = self._texts, {}
        lookups, self._lookups = list(self._lookups), {}
        if not texts and not lookups:
            return False
        if texts:
            self._statistics.ask_texts(texts, self)
            lookups = [lookup for lookup in lookups if not _needs_spellings(lookup)]
        if lookups:
            self._statistics.ask_counts(lookups, self)
        return True


def _index_of(question: TextQuestion, name: str) -> str:
    return words_index(name) if isinstance(question, WordsQuestion) else name


def _needs_spellings(lookup: ClusterLookup) -> bool:
    match lookup:
        case WordLookup(_, _, forms) | PhraseLookup(_, forms):
            return any(form.spelling is not None for form in forms)
    return False
