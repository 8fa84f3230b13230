"""Word correction: the words that were most likely meant by a few words as typed.

A noisy channel: of all sequences of words within a few typing errors, the one whose probability
times that of its errors (`searchd.search.typing_errors`) is highest. The probability of a word is
conditioned on the word before it and smoothed with that of the word alone (a bigram model with
Dirichlet priors: MacKay and Peto, "A hierarchical Dirichlet language model", 1995); the counts are
those of the index, so no model is trained. One error is mended at a time, the likeliest first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from heapq import nlargest
from math import log
from typing import NamedTuple

from searchd import budget
from searchd.search.suggestions import near_words
from searchd.search.typing_errors import intended_words, log_errors, log_space_error
from searchd.search.word_statistics import WordStatistics

MOST_ERRORS = 3
"""Errors that are mended in one run of words."""

MOST_WORDS = 8
"""Words of a query for which others are looked for: the rarest."""

_MOST_CANDIDATES = 24
_SHORTEST = 2

_PRIOR = 5.0
"""How many occurrences the smoothed probability of a word counts for, beside those of its pair."""

_OTHER_FORMS = 0.3
"""The share of the prior that comes from pairs of other forms of the same stems."""

_UNSEEN = 1e-8
"""The count of a word that no document has."""

MARGIN = 3.0
"""By how much the log probability of a correction must be above that of what was typed."""


class TypedWord(NamedTuple):
    """One written word of a query: its half-open range of code points, and its surface forms.

    `fixed` words are context alone. `after_space` is whether nothing but space is between it and the
    word before.
    """

    start: int
    end: int
    surfaces: tuple[str, ...]
    fixed: bool = False
    after_space: bool = True


class Mend(NamedTuple):
    """A way to mend one error: `words` replace the words from `first` to before `last`."""

    first: int
    last: int
    words: tuple[TypedWord, ...]
    log_probability: float


class WordCorrector:
    """Corrects the words of one field by the counts of a snapshot; for one query, in one thread."""

    def __init__(self, statistics: WordStatistics, field: str) -> None:
        self.statistics = statistics
        self.field = field
        self._without_article: dict[str, int] = {}
        """Words that documents have with an article or particle alone, with their documents."""

    def correct(self, words: Sequence[TypedWord]) -> tuple[list[TypedWord], float]:
        """Return the words that were most likely meant; those that were mended are `fixed`.

        With them by how much the log probability grows, less that of the errors. A word that
        replaces others has their whole range. Words with a digit are never changed.
        """
        current, gained = list(words), 0.0
        for _error in range(MOST_ERRORS):
            found = self._best(current)
            if found is None:
                break
            best, gain = found
            current[best.first : best.last] = best.words
            gained += gain
        return current, gained

    def log_probability(self, words: Sequence[TypedWord]) -> float:
        """Return the log of the probability that these words are a query, as they are."""
        surfaces = [surface for word in words for surface in word.surfaces]
        return _log_of_all(self._probability, "", surfaces)

    def knows(self, words: Sequence[TypedWord]) -> bool:
        """Return whether documents have every one of the words, at least with an article."""
        return all(self._count(surface) for word in words for surface in word.surfaces)

    def _best(self, words: Sequence[TypedWord]) -> tuple[Mend, float] | None:
        """Return the likeliest way to mend one error, None where the words are likely as typed.

        With it by how much it is likelier.

        The pairs of a way are only counted where the counts of its words leave it a chance.
        """
        bounded = [(self._gain(words, mend, self._bound), mend) for mend in self._mends(words)]
        best, least = None, MARGIN
        for bound, mend in sorted(bounded, key=lambda each: -each[0]):
            budget.check(words[mend.first].surfaces[0])
            if bound <= least:
                break
            gain = self._gain(words, mend, self._probability)
            if gain > least:
                best, least = mend, gain
        return None if best is None else (best, least)

    def _gain(
        self,
        words: Sequence[TypedWord],
        mend: Mend,
        probability: Callable[[str, str], float],
    ) -> float:
        """Return by how much the log probability of the words grows, less that of the error.

        `probability` is that of each word that is put in, after the one before it.
        """
        before = words[mend.first - 1].surfaces[-1] if mend.first else ""
        after = [words[mend.last].surfaces[0]] if mend.last < len(words) else []
        typed = [form for word in words[mend.first : mend.last] for form in word.surfaces]
        meant = [form for word in mend.words for form in word.surfaces]
        return (
            mend.log_probability
            + _log_of_all(probability, before, meant + after)
            - _log_of_all(self._probability, before, typed + after)
        )

    def _bound(self, before: str, word: str) -> float:
        """Return what `_probability` is at most, without counting the pair."""
        count = self.statistics.count(self.field, before) if before else 0
        if not count:
            return self._probability(before, word)
        return (min(self._count(word), count) + _PRIOR) / (count + _PRIOR)

    def _probability(self, before: str, word: str) -> float:
        """Return the probability of a word after another one; "" is the beginning."""
        statistics = self.statistics
        occurrences = self._count(word)
        alone = max(occurrences, _UNSEEN) / max(statistics.total(self.field), 1)
        count = statistics.count(self.field, before) if before else 0
        if not count or not statistics.count(self.field, word):
            return alone * _PRIOR / (count + _PRIOR)
        pair = statistics.pair(self.field, before, word)
        share = occurrences / statistics.stem_count(self.field, word)
        other_forms = pair.stems / statistics.stem_count(self.field, before) * share
        prior = _OTHER_FORMS * other_forms + (1 - _OTHER_FORMS) * alone
        return min((pair.surfaces + _PRIOR * prior) / (count + _PRIOR), 1.0)

    def _mends(self, words: Sequence[TypedWord]) -> Iterator[Mend]:
        """Yield the ways to mend one error of the words."""
        free = [number for number, word in enumerate(words) if _may_change(word)]
        chosen = sorted(free, key=lambda number: self._count(words[number].surfaces[0]))[
            :MOST_WORDS
        ]
        for number in sorted(chosen):
            word = words[number]
            for surface, probability in self._candidates(word.surfaces[0]):
                meant = TypedWord(word.start, word.end, (surface,), fixed=True)
                yield Mend(number, number + 1, (meant,), probability)
            yield from self._splits(words, number)
        yield from self._joins(words, free)

    def _candidates(self, typed: str) -> list[tuple[str, float]]:
        """Return the words that may have been meant, each with the log probability of its error."""
        if len(typed) < _SHORTEST:
            return []
        intended = intended_words(typed)
        words = [word for word in intended if len(word) >= _SHORTEST]
        counts = {
            word: self._without_article[word] for word in words if word in self._without_article
        }
        counts |= self.statistics.counts(self.field, words)
        found = {word: intended[word] for word in words if word in counts}
        if not found and not self._count(typed):
            found = self._further_words(typed)
            counts = {word: self._count(word) for word in found}
        return nlargest(
            _MOST_CANDIDATES, found.items(), key=lambda each: log(counts[each[0]]) + each[1]
        )

    def _further_words(self, typed: str) -> dict[str, float]:
        """Return words within two errors, and those that documents have with an article alone."""
        found = {}
        for word, documents in near_words(self.statistics.snapshot, self.field, typed).items():
            if not self.statistics.count(self.field, word):
                self._without_article[word] = documents
            found[word] = log_errors(typed, word)
        return found

    def _count(self, word: str) -> int:
        return self.statistics.count(self.field, word) or self._without_article.get(word, 0)

    def _splits(self, words: Sequence[TypedWord], number: int) -> Iterator[Mend]:
        """Yield the ways to put a space into a word."""
        word = words[number]
        (typed,) = word.surfaces
        probability = log_space_error(len(words))
        for at in range(1, len(typed)):
            parts = typed[:at], typed[at:]
            if all(self.statistics.count(self.field, part) for part in parts):
                yield Mend(
                    number,
                    number + 1,
                    (TypedWord(word.start, word.end, parts, fixed=True),),
                    probability,
                )

    def _joins(self, words: Sequence[TypedWord], free: Sequence[int]) -> Iterator[Mend]:
        """Yield the ways to take out the space between two words."""
        probability = log_space_error(len(words))
        for number in free:
            if number + 1 in free and words[number + 1].after_space:
                first, second = words[number], words[number + 1]
                surface = first.surfaces[0] + second.surfaces[0]
                if self.statistics.count(self.field, surface):
                    joined = TypedWord(first.start, second.end, (surface,), fixed=True)
                    yield Mend(number, number + 2, (joined,), probability)


def _log_of_all(
    probability: Callable[[str, str], float], before: str, words: Sequence[str]
) -> float:
    total = 0.0
    for word in words:
        total += log(probability(before, word))
        before = word
    return total


def _may_change(word: TypedWord) -> bool:
    return not word.fixed and len(word.surfaces) == 1 and word.surfaces[0].isalpha()
