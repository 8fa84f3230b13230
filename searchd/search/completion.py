"""Completion: the texts that what was typed may become, by the words and phrases of the index.

The last word is completed by its surface form, with the article too: كتا gives الكتاب. Words that
come after the word before them are first, by how often they do; then words by how often they occur.
A word after which one word nearly always comes is offered with it too, so that the typed words grow
into phrases of documents and titles.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from analyzers import Analyzer
from indexer.fields import FieldType
from indexer.segment.segment import DEFAULT_FIELD, Segment
from searchd import budget
from searchd.query.field_names import resolve_field_name
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

_RARE = 10
"""Completions that documents have less often are set beside those with a space in the prefix."""

_SHORTEST_JOINED, _SHORTEST_PART = 4, 2
"""Letters of a prefix in which a space may have been left out, and of its parts."""

_MOST_APART = 3
"""How many completions have a space in the prefix, where there are others too."""

_FIELD_NAME = re.compile(r"(?<!\w)([^\W\d][\w\u0640\u064b-\u0652]*):(?=[^\s/:)])")


def complete(
    text: str, field: str, limit: int, analyzer: Analyzer, statistics: WordStatistics
) -> list[Suggestion]:
    """Return up to `limit` texts that begin with the words of `text`, the likeliest first.

    The last word is complete where a space comes after it, and else a prefix. Words before it stay
    as typed. A prefix that is the end of one word and the beginning of the next, without the space
    between, is completed with it. Empty for a text without letters and for a prefix that no word
    has.
    """
    typed = _split(text, field, analyzer, statistics)
    if not typed.before and not typed.prefix:
        return []
    suggestions: dict[str, int] = {}
    completer = _Completer(statistics, typed.field, typed.prefix)
    found = completer.ranked(typed.before, limit)
    if typed.prefix and max(found.values(), default=0) < _RARE:
        for phrase, frequency in completer.apart(typed.before, limit).items():
            suggestions[typed.kept + phrase] = frequency
    last = typed.before[-1] if typed.before else ""
    for number, (surface, frequency) in enumerate(found.items()):
        budget.check(typed.prefix)
        written = typed.kept + statistics.written_words(typed.field, [surface], last)
        suggestions.setdefault(written, frequency)
        if number < _MOST_EXTENDED and len(suggestions) < limit:
            for phrase, count in completer.extensions(typed.before, surface, frequency):
                suggestions.setdefault(typed.kept + phrase, count)
    return [Suggestion(*each) for each in list(suggestions.items())[:limit]]


class _Typed(NamedTuple):
    """What was typed: what stays of it, the complete words that matter, and the prefix of the last.

    `before` are surface forms, `field` is where they are looked for.
    """

    kept: str
    before: list[str]
    prefix: str
    field: str


def _split(text: str, field: str, analyzer: Analyzer, statistics: WordStatistics) -> _Typed:
    start = max(len(text) - _READ, 0)
    tokens = analyzer.analyze(text[start:])
    if start and tokens:
        tokens = tokens[1:]  # it may have lost its beginning
    named = _field_name_end(text, start, statistics)
    if named is not None:
        end, name = named
        tokens = [token for token in tokens if start + token.start >= end]
        if not any(map(str.isspace, text[end:])):
            field = name
    if not tokens:
        return _Typed(text, [], "", field)
    last, surfaces = tokens[-1], [token.surface for token in tokens]
    after = text[start + last.end :]
    if any(map(str.isspace, after)):
        return _Typed(text, surfaces, "", field)
    parts = [token.surface for token in tokens if token.start == last.start]
    before, prefix = surfaces[:-1], last.surface
    kept = text[: start + last.start]
    if len(parts) > 1:
        word = text[start + last.start : start + last.end]
        if all(map(str.isalpha, parts)) or not word.lower().endswith(prefix):
            kept += statistics.written_words(field, parts[:-1]) + " "
        else:
            kept += word.removesuffix(word[-len(prefix) :])  # QLED-55Q of QLED-55Q70
    return _Typed(kept, before, prefix, field)


def _field_name_end(text: str, start: int, statistics: WordStatistics) -> tuple[int, str] | None:
    """Return where the last name of a field ends, with its colon, and the text field that it names.

    After the name of another field, "" stands for title and text.
    """
    fields = statistics.snapshot.fields
    found = None
    for name in _FIELD_NAME.finditer(text, start):
        field = resolve_field_name(name[1], fields)
        if field is not None:
            found = name.end(), field if fields.get(field) is FieldType.TEXT else DEFAULT_FIELD
    return found


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
            last = before[-1] if before else ""
            yield statistics.written_words(field, words, last), frequency

    def apart(self, before: Sequence[str], limit: int) -> dict[str, int]:
        """Return phrases that complete a prefix with a space that was left out in it.

        The first part of the prefix is a word that documents have, and they have a word after it
        that the rest begins: لايمك gives لا يمكن. The phrases are written as documents have them, each
        with its frequency, and the most frequent are first.
        """
        statistics, field = self._statistics, self._field
        if not _SHORTEST_JOINED <= len(self._prefix) <= _LONGEST_PREFIX:
            return {}
        found: dict[str, int] = {}
        for at in range(_SHORTEST_PART, len(self._prefix) - _SHORTEST_PART + 1):
            first, rest = self._prefix[:at], self._prefix[at:]
            budget.check(self._prefix)
            if statistics.count(field, first) < _RARE:
                continue
            last = _Completer(statistics, field, rest)
            words = [*before, first]
            following = words_after(statistics, field, words, last._as_typed, limit)
            for word, frequency in following.items():
                if frequency >= _LEAST_FREQUENCY and word.startswith(rest):
                    written = statistics.written_words(
                        field, [first, word], before[-1] if before else ""
                    )
                    found[written] = max(frequency, found.get(written, 0))
        best = sorted(found, key=lambda phrase: (-found[phrase], phrase))[:_MOST_APART]
        return {phrase: found[phrase] for phrase in best}

    def _as_typed(self, segment: Segment, name: str) -> Sequence[range]:
        surfaces = segment.postings.text_field(name).surfaces
        return (surfaces.prefix_range(self._prefix.encode()),)

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
