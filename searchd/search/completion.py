"""Completion: the texts that what was typed may become, by the words and phrases of the index.

The last word is completed by its surface form, with the article too: كتا gives الكتاب. Words that
come after the word before them are first, by how often they do; then words by how often they occur.
A word after which one word nearly always comes is offered with it too, so that the typed words grow
into phrases of documents and titles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from analyzers import Analyzer
from indexer.segment.segment import Segment
from searchd import budget
from searchd.results import Suggestion
from searchd.search.adjacent_words import words_after
from searchd.search.frequent_pairs import every_word, may_extend
from searchd.search.occurrence_samples import MOST_OCCURRENCES
from searchd.search.suggestions import ARTICLES
from searchd.search.word_statistics import WordStatistics, text_fields

_MOST_SEGMENTS = 2
"""Segments in which words are looked for, the largest; their counts are those of all."""

_LONGEST_PREFIX = 64
"""Characters of the last word that are completed; no word of a text is longer."""

_READ = 400
"""Characters before the end of a text that are read: the last two words are needed."""

_MOST_EXTENDED, _MOST_ADDED = 1, 2
"""How many completions grow into phrases, and by how many words."""

_LEAST_SHARE = 0.3
"""The share of the occurrences of a word that the next one must follow, to be offered with it."""

_LEAST_FREQUENCY = 2
"""How often documents must have a phrase into which a word grows."""


def complete(
    text: str, field: str, limit: int, analyzer: Analyzer, statistics: WordStatistics
) -> list[Suggestion]:
    """Return up to `limit` texts that begin with the words of `text`, the likeliest first.

    The last word is complete where a space comes after it, and else a prefix. Words before it stay
    as typed. Empty for a text without letters and for a prefix that no word has.
    """
    kept, before, prefix = _split(text, analyzer)
    if not before and not prefix:
        return []
    completer = _Completer(statistics, field, prefix)
    found = completer.ranked(before, limit)
    suggestions: dict[str, int] = {}
    for number, (surface, frequency) in enumerate(found.items()):
        budget.check(prefix)
        written = kept + statistics.written(field, surface)
        suggestions.setdefault(written, frequency)
        if number < _MOST_EXTENDED and len(suggestions) < limit:
            for phrase, count in completer.extensions(before, surface, frequency):
                suggestions.setdefault(kept + phrase, count)
    return [Suggestion(*each) for each in list(suggestions.items())[:limit]]


def _split(text: str, analyzer: Analyzer) -> tuple[str, list[str], str]:
    """Return what stays of a text, the surface forms of its complete words, and the prefix."""
    start = max(len(text) - _READ, 0)
    tokens = analyzer.analyze(text[start:])
    if start and tokens:
        tokens = tokens[1:]  # it may have lost its beginning
    if not tokens:
        return text, [], ""
    last, surfaces = tokens[-1], [token.surface for token in tokens]
    after = text[start + last.end :]
    if any(character.isspace() for character in after):
        return text, surfaces, ""
    return text[: start + last.start], surfaces[:-1], last.surface


class _Completer:
    """Completes one prefix of the words of a field."""

    def __init__(self, statistics: WordStatistics, field: str, prefix: str) -> None:
        self._statistics = statistics
        self._field = field
        self._prefix = prefix

    def ranked(self, before: Sequence[str], limit: int) -> dict[str, int]:
        """Return the surface forms that complete the prefix, the likeliest first.

        Each has its frequency: after the words before it, or 0 where none comes after these;
        its own where there is no word before it.
        """
        if len(self._prefix) > _LONGEST_PREFIX:
            return {}
        found: dict[str, int] = {}
        if before:
            found = words_after(self._statistics, self._field, before, self._ranges, limit)
        if found or not self._prefix:
            return found
        counted = not before or self._statistics.has_deletions
        words = self._by_use(limit, counted=counted)
        return dict.fromkeys(words, 0) if before else words

    def extensions(
        self, before: Sequence[str], surface: str, frequency: int
    ) -> Iterator[tuple[str, int]]:
        """Yield the phrases into which a word grows, with how often documents have them.

        `frequency` is how often they have the word after those `before` it.
        """
        statistics, field = self._statistics, self._field
        words = [surface]
        for _added in range(_MOST_ADDED):
            if not _LEAST_FREQUENCY <= frequency <= MOST_OCCURRENCES:
                return
            if not may_extend(statistics, field, words[-1], _LEAST_SHARE):
                return
            following = words_after(
                statistics, field, [*before, *words], every_word, 1, _LEAST_SHARE
            )
            least = max(_LEAST_SHARE * frequency, _LEAST_FREQUENCY)
            found = [each for each in following.items() if each[1] >= least]
            if not found or found[0][0] in words:
                return
            (word, frequency), *_others = found
            words.append(word)
            yield " ".join(statistics.written(field, each) for each in words), frequency

    def _ranges(self, segment: Segment, name: str) -> Sequence[range]:
        surfaces = segment.postings.text_field(name).surfaces
        if not self._prefix:
            return (range(surfaces.size),)
        prefixes = [self._prefix]
        if not self._prefix.startswith("ال"):
            prefixes.append("ال" + self._prefix)
        return tuple(surfaces.prefix_range(prefix.encode()) for prefix in prefixes)

    def _by_use(self, limit: int, *, counted: bool = True) -> dict[str, int]:
        """Return the most frequent words with the prefix, with the article or without.

        Those that are not `counted` in all segments have their counts in the largest.
        """
        frequent = self._frequent(limit)
        likely = sorted(frequent, key=lambda word: (-frequent[word], word))[:limit]
        counts = {word: frequent[word] for word in likely}
        if counted:
            counts = {word: self._statistics.count(self._field, word) for word in likely}
        best = sorted(counts, key=lambda word: (-counts[word], word))
        found = {word: counts[word] for word in best if counts[word]}
        return found or self._after_clitics(limit)

    def _after_clitics(self, limit: int) -> dict[str, int]:
        """Return completions of a prefix that begins with an article after particles: وبالبرل."""
        for clitics in sorted(ARTICLES, key=len, reverse=True):
            rest = self._prefix.removeprefix(clitics)
            if rest not in ("", self._prefix):
                inner = _Completer(self._statistics, self._field, rest)
                found = Counter[str]()
                for word, count in inner._by_use(limit).items():
                    found[clitics + word.removeprefix("ال")] += count
                return dict(found.most_common())
        return {}

    def _frequent(self, most: int) -> Counter[str]:
        """Return the most frequent words of the largest segments, with their counts there."""
        found = Counter[str]()
        for segment in self._statistics.largest_segments[:_MOST_SEGMENTS]:
            for name in text_fields(self._field):
                pause = budget.checking(self._prefix)
                pause()
                vocabulary = segment.postings.vocabulary(name, pause)
                surfaces = segment.postings.text_field(name).surfaces
                for numbers in self._ranges(segment, name):
                    for number in vocabulary.most_frequent(numbers, most).tolist():
                        found[surfaces.term(number).decode()] += int(vocabulary.counts[number])
        return found
