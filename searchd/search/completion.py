"""Completion: the texts that what was typed may become, by the words and phrases of the index.

The last word is completed by its surface form, with the article too: كتا gives الكتاب. Words that
come after the word before them are first, by how often they do; then words by how often they occur.
A word after which one word nearly always comes is offered with it too, so that the typed words grow
into phrases of documents and titles.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from analyzers import Analyzer
from indexer.fields import FieldType
from indexer.segment.segment import DEFAULT_FIELD
from searchd import budget
from searchd.query.field_names import resolve_field_name
from searchd.results import Suggestion
from searchd.search.completion_source import LEAST_FREQUENCY, CompletionSource
from searchd.search.suggestions import ARTICLES

_LONGEST_PREFIX = 64
"""Characters of the last word that are completed; no word of a text is longer."""

_READ = 400
"""Characters before the end of a text that are read: the last two words are needed."""

_MOST_EXTENDED, _MOST_ADDED = 1, 2
"""How many completions grow into phrases, and by how many words."""

_RARE = 10
"""Words that documents have less often are no first part of a prefix with a space in it."""

_SHORTEST_JOINED, _SHORTEST_PART = 4, 2
"""Letters of a prefix in which a space may have been left out, and of its parts."""

_MOST_APART = 3
"""How many completions have a space in the prefix, where there are others too."""

_FIELD_NAME = re.compile(r"(?<!\w)([^\W\d][\w\u0640\u064b-\u0652]*):(?=[^\s/:)])")


def complete(
    text: str, field: str, limit: int, analyzer: Analyzer, source: CompletionSource
) -> list[Suggestion]:
    """Return up to `limit` texts that begin with the words of `text`, the likeliest first.

    The last word is complete where a space comes after it, and else a prefix. Words before it stay
    as typed. A prefix that is the end of one word and the beginning of the next, without the space
    between, is completed with it. Empty for a text without letters and for a prefix that no word
    has.
    """
    typed = _split(text, field, analyzer, source)
    if not typed.before and not typed.prefix:
        return []
    suggestions: dict[str, int] = {}
    completer = _Completer(source, typed.field, typed.prefix)
    found = completer.ranked(typed.before, limit)
    if typed.prefix and max(found.values(), default=0) < source.rare:
        for phrase, frequency in completer.apart(typed.before, limit).items():
            suggestions[typed.kept + phrase] = frequency
    last = typed.before[-1] if typed.before else ""
    for number, (surface, frequency) in enumerate(found.items()):
        budget.check(typed.prefix)
        written = typed.kept + source.written_words(typed.field, [surface], last)
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


def _split(text: str, field: str, analyzer: Analyzer, source: CompletionSource) -> _Typed:
    start = max(len(text) - _READ, 0)
    tokens = analyzer.analyze(text[start:])
    if start and tokens:
        tokens = tokens[1:]  # it may have lost its beginning
    named = _field_name_end(text, start, source.fields)
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
            kept += source.written_words(field, parts[:-1]) + " "
        else:
            kept += word.removesuffix(word[-len(prefix) :])  # QLED-55Q of QLED-55Q70
    return _Typed(kept, before, prefix, field)


def _field_name_end(
    text: str, start: int, fields: Mapping[str, FieldType]
) -> tuple[int, str] | None:
    """Return where the last name of a field ends, with its colon, and the text field that it names.

    After the name of another field, "" stands for title and text.
    """
    found = None
    for name in _FIELD_NAME.finditer(text, start):
        field = resolve_field_name(name[1], fields)
        if field is not None:
            found = name.end(), field if fields.get(field) is FieldType.TEXT else DEFAULT_FIELD
    return found


class _Completer:
    """Completes one prefix of the words of a field."""

    def __init__(self, source: CompletionSource, field: str, prefix: str) -> None:
        self._source = source
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
            found = self._source.following(self._field, before, self._prefixes(), limit)
        if found or not self._prefix:
            return found
        words = self._by_use(limit, counted=not before)
        return dict.fromkeys(words, 0) if before else words

    def extensions(
        self, before: Sequence[str], surface: str, frequency: int
    ) -> Iterator[tuple[str, int]]:
        """Yield the phrases into which a word grows, with how often documents have them.

        `frequency` is how often they have the word after those `before` it.
        """
        words = [surface]
        for _added in range(_MOST_ADDED):
            if frequency < LEAST_FREQUENCY:
                return
            found = self._source.extension(self._field, before, words, frequency)
            if found is None or found[0] in words:
                return
            word, frequency = found
            words.append(word)
            last = before[-1] if before else ""
            yield self._source.written_words(self._field, words, last), frequency

    def apart(self, before: Sequence[str], limit: int) -> dict[str, int]:
        """Return phrases that complete a prefix with a space that was left out in it.

        The first part of the prefix is a word that documents have, and they have a word after it
        that the rest begins: لايمك gives لا يمكن. The phrases are written as documents have them, each
        with its frequency, and the most frequent are first.
        """
        source, field = self._source, self._field
        if not _SHORTEST_JOINED <= len(self._prefix) <= _LONGEST_PREFIX:
            return {}
        found: dict[str, int] = {}
        for at in range(_SHORTEST_PART, len(self._prefix) - _SHORTEST_PART + 1):
            first, rest = self._prefix[:at], self._prefix[at:]
            budget.check(self._prefix)
            if source.count(field, first) < _RARE:
                continue
            following = source.following(field, [*before, first], [rest], limit)
            for word, frequency in following.items():
                if frequency >= LEAST_FREQUENCY and word.startswith(rest):
                    written = source.written_words(
                        field, [first, word], before[-1] if before else ""
                    )
                    found[written] = max(frequency, found.get(written, 0))
        best = sorted(found, key=lambda phrase: (-found[phrase], phrase))[:_MOST_APART]
        return {phrase: found[phrase] for phrase in best}

    def _prefixes(self) -> list[str]:
        if not self._prefix or self._prefix.startswith("ال"):
            return [self._prefix]
        return [self._prefix, "ال" + self._prefix]

    def _by_use(self, limit: int, *, counted: bool = True) -> dict[str, int]:
        """Return the most frequent words with the prefix, with the article or without.

        Those that are not `counted` in all segments have their counts in the largest.
        """
        found = self._source.frequent(self._field, self._prefixes(), limit, counted=counted)
        return found or self._after_clitics(limit)

    def _after_clitics(self, limit: int) -> dict[str, int]:
        """Return completions of a prefix that begins with an article after particles: وبالبرل."""
        for clitics in sorted(ARTICLES, key=len, reverse=True):
            rest = self._prefix.removeprefix(clitics)
            if rest not in ("", self._prefix):
                inner = _Completer(self._source, self._field, rest)
                found = Counter[str]()
                for word, count in inner._by_use(limit).items():
                    found[clitics + word.removeprefix("ال")] += count
                return dict(found.most_common())
        return {}
