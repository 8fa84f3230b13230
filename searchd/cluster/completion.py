"""Completion on a cluster: the words of the index, and which of them come after those typed before.

Frequencies are numbers of documents, or of occurrences where a sample has all documents that count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from analyzers import Analyzer
from analyzers.analyzer import Terms
from analyzers.normalization.spelling import UNKNOWN, respell
from indexer.fields import FieldType
from indexer.lookups import WordLookup
from indexer.snapshot import Snapshot
from searchd.cluster.cluster_word_statistics import ClusterWordStatistics
from searchd.cluster.following_words import (
    FollowingQuestion,
    FollowingWords,
    read_following,
)
from searchd.cluster.requests import FollowingLookup, WrittenLookup, escaped
from searchd.cluster.statistics import Answers, WordsQuestion
from searchd.results import Suggestion
from searchd.search.completion import complete
from searchd.search.completion_source import LEAST_FREQUENCY, LEAST_SHARE

_MOST_BEFORE = 3
"""Words before the last that are looked for in a row."""

_MOST_COUNTED = 200
"""Words of the vocabulary that are counted, and words after others."""

_SHORTEST_COUNTED = 3
"""Letters of a prefix, without the article, of which all words are counted after those before it.

Of shorter ones only those of the sample: too many words begin with them.
"""


def complete_on_cluster(
    text: str, field: str, limit: int, analyzer: Analyzer, snapshot: Snapshot, answers: Answers
) -> list[Suggestion]:
    """Return the texts that what was typed may become, as `complete` does, for one attempt.

    What it lacks is noted in `answers`, and what it returns is not to be used then.
    """
    return complete(text, field, limit, analyzer, _ClusterSource(snapshot, analyzer, answers))


class _ClusterSource:
    """Answers by what is known of an index on a cluster.

    What is looked for only where there is nothing else is not asked for before that is known.
    """

    rare = 1  # each place for a space takes several requests

    def __init__(self, snapshot: Snapshot, analyzer: Analyzer, answers: Answers) -> None:
        self._fields = snapshot.fields
        self._statistics = ClusterWordStatistics(snapshot, analyzer, answers)
        self._analyzer = analyzer
        self._answers = answers
        self._used: FollowingWords | None = None
        self._waits = False
        self._spellings: dict[str, list[str]] = {}

    @property
    def fields(self) -> Mapping[str, FieldType]:
        """The fields that a text may name, with their types."""
        return self._fields

    def following(
        self, field: str, before: Sequence[str], prefixes: Sequence[str], most: int
    ) -> dict[str, int]:
        """Return words with a prefix that come after others, the most frequent first."""
        words = tuple(self._statistics.terms(surface) for surface in before[-_MOST_BEFORE:])
        rows = [words[first:] for first in range(len(words))]
        samples = [self._sample(field, row) for row in rows]
        counts = [
            self._counted(field, row, sample, prefixes)
            for row, sample in zip(rows, samples, strict=True)
        ]
        if self._answers.lacks_some:
            self._waits = True
            return {}
        for found, sample in zip(counts, samples, strict=True):
            if found:
                self._used = sample
                best = sorted(found.items(), key=lambda each: (-each[1], each[0]))
                return dict(best[:most])
        return {}

    def extension(
        self,
        field: str,  # noqa: ARG002 - that of the sample
        before: Sequence[str],
        words: Sequence[str],
        frequency: int,
    ) -> tuple[str, int] | None:
        """Return the word that comes after most of the occurrences of some words in the sample."""
        if self._used is None or not before:
            return None
        after, occurrences = self._used.after(words)
        best = min(after.items(), key=lambda each: (-each[1], each[0]), default=None)
        if best is None or best[1] < max(LEAST_SHARE * occurrences, LEAST_FREQUENCY):
            return None
        return best[0], round(frequency * best[1] / occurrences)

    def frequent(
        self,
        field: str,
        prefixes: Sequence[str],
        most: int,
        *,
        counted: bool,  # noqa: ARG002 - what is not counted is not known to be there
    ) -> dict[str, int]:
        """Return words with a prefix, those in the most documents first."""
        if self._waits:
            return {}
        forms = self._beginning_with(field, prefixes)
        counts = {
            form: self._answers.count(WordLookup(field, (), (Terms(form, ""),))) for form in forms
        }
        if self._answers.lacks_some:
            self._waits = True
            return {}
        best = sorted(counts, key=lambda form: (-counts[form], form))[:most]
        return {form: counts[form] for form in best if counts[form]}

    def count(self, field: str, surface: str) -> int:
        """Return in how many documents a word is."""
        return 0 if self._waits else self._statistics.count(field, surface)

    def written_words(self, field: str, words: Sequence[str], before: str = "") -> str:  # noqa: ARG002
        """Return words in a row as documents write them: those of the sample, if they are there."""
        return " ".join(self._written(field, word) for word in words)

    def _written(self, field: str, surface: str) -> str:
        counts: Mapping[str, int] = {}
        if self._used is not None:
            counts = self._used.spellings.get(surface, {})
        if not counts:
            spellings = self._spellings.get(surface)
            if spellings is None:
                return self._statistics.written(field, surface)
            if len(spellings) == 1:
                return respell(surface, spellings[0])
            counts = {
                each: self._answers.count(WrittenLookup(field, surface, each)) for each in spellings
            }
        best = max(counts, key=lambda spelling: (counts[spelling], spelling), default="")
        return respell(surface, best)

    def _sample(self, field: str, words: tuple[Terms, ...]) -> FollowingWords | None:
        return self._answers.following(
            FollowingQuestion(field, words),
            lambda question, answers: read_following(question, answers, self._analyzer),
        )

    def _counted(
        self,
        field: str,
        words: tuple[Terms, ...],
        sample: FollowingWords | None,
        prefixes: Sequence[str],
    ) -> Mapping[str, int]:
        """Return how often words with a prefix come after others: those of a sample, and rarer ones.

        Where the sample is not of all documents, the cluster counts the documents with each.
        """
        if sample is None:
            return {}
        found = sample.next_words(prefixes)
        if sample.complete:
            return found
        likely = dict.fromkeys(word for word, _count in found.most_common(_MOST_COUNTED // 4))
        if len(prefixes[0].removeprefix("ال")) >= _SHORTEST_COUNTED:
            likely |= dict.fromkeys(self._beginning_with(field, prefixes))
        counts = {word: self._answers.count(FollowingLookup(field, words, word)) for word in likely}
        return Counter({word: count for word, count in counts.items() if count})

    def _beginning_with(self, field: str, prefixes: Sequence[str]) -> list[str]:
        """Return the words of the vocabulary with a prefix, the shortest: not all can be counted.

        They are in the most documents as a rule.
        """
        longest = max(prefixes, key=len)
        pattern = f"{escaped(longest)}.*"
        if len(prefixes) > 1:
            pattern = f"(ال)?{escaped(prefixes[0])}.*"
        spellings: dict[str, list[str]] = {}
        for word in self._answers.words(WordsQuestion(field, "surface", "like", pattern)):
            spelled = spellings.setdefault(word.surface, [])
            if UNKNOWN not in word.spelling:
                spelled.append(word.spelling)
        self._spellings |= spellings
        return sorted(spellings, key=lambda form: (len(form), form))[:_MOST_COUNTED]
