"""The documents of a collection as plain lists of words, and all that is counted in them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, cached_property

from analyzers import Analyzer
from analyzers.analyzer import Terms
from indexer.document import Document

Frequencies = dict[str, float]
"""How often each document holds something; documents that do not hold it are left out."""


class Corpus:
    """Documents by id, in the order of the index.

    A field is one of the texts of a document, "" is title and text together. A level is "stem" or
    "surface". An occurrence in the title counts `title_weight` times.
    """

    def __init__(
        self,
        documents: Mapping[str, Document],
        analyzer: Analyzer,
        extra: Sequence[str],
        title_weight: float,
    ) -> None:
        self.ids = list(documents)
        self._title_weight = title_weight
        self._words: dict[tuple[str, str], list[Terms]] = {}
        for i, document in documents.items():
            self._words[i, "title"] = as_written(analyzer, document.title)
            self._words[i, "text"] = as_written(analyzer, document.text)
            for name in extra:
                text = str(document.fields.get(name, ""))
                self._words[i, name] = as_written(analyzer, text)
        self._counts = {
            (i, name, level): Counter(getattr(terms, level) for terms in words)
            for (i, name), words in self._words.items()
            for level in ("stem", "surface")
        }
        self._vocabularies: dict[tuple[str, str], set[str]] = {}

    def frequencies(self, field: str, level: str, shares: Mapping[str, float]) -> Frequencies:
        """Count the occurrences of any of some terms, each of them as much as its share."""
        return self._found(
            (i, weight * share * counts[term])
            for i in self.ids
            for name, weight in self._parts(field)
            if not shares.keys().isdisjoint(counts := self._counts[i, name, level])
            for term, share in shares.items()
        )

    def spelled_frequencies(self, field: str, wanted: Terms) -> Frequencies:
        """Count the occurrences of a surface form that say nothing else than what was typed."""
        return self._found(
            (i, weight * sum(is_spelled(wanted, found) for found in self._words[i, name]))
            for i in self.ids
            for name, weight in self._parts(field)
        )

    def phrase_frequencies(
        self, field: str, level: str, words: Sequence[Terms], slop: int, ordered: bool
    ) -> Frequencies:
        """Count the matches of words in a row, at most `slop` others between, or in any order."""
        count = in_a_row if ordered else together

        def same(wanted: Terms, found: Terms) -> bool:
            return wanted.stem == found.stem if level == "stem" else is_spelled(wanted, found)

        return self._found(
            (i, weight * count(self._words[i, name], words, slop, same))
            for i in self.ids
            for name, weight in self._parts(field)
            if all(getattr(word, level) in self._counts[i, name, level] for word in words)
        )

    def pairs(self, i: str, field: str, first: str, second: str, window: int) -> int:
        """Count the pairs of two stems in one text of a document, `window` positions apart or less."""
        stems = self._terms(i, field, "stem")
        firsts = [position for position, stem in enumerate(stems) if stem == first]
        seconds = [position for position, stem in enumerate(stems) if stem == second]
        return sum(abs(position - other) <= window for position in firsts for other in seconds)

    def count(self, i: str, field: str, stem: str) -> int:
        """Count the occurrences of a stem in one text of a document."""
        return self._counts[i, field, "stem"][stem]

    def stems(self, i: str, field: str) -> list[str]:
        """Return the stems of one text of a document, in order."""
        return self._terms(i, field, "stem")

    def vocabulary(self, field: str, level: str) -> set[str]:
        """Return every term of a field."""
        if (field, level) not in self._vocabularies:
            self._vocabularies[field, level] = {
                term
                for i in self.ids
                for name, _weight in self._parts(field)
                for term in self._counts[i, name, level]
            }
        return self._vocabularies[field, level]

    def words(self, i: str, name: str) -> Sequence[Terms]:
        """Return the words of one text of a document."""
        return self._words[i, name]

    def length(self, i: str) -> float:
        """Return the number of words in title and text."""
        return sum(weight * len(self._words[i, name]) for name, weight in self._parts(""))

    @cached_property
    def mean_length(self) -> float:
        return sum(map(self.length, self.ids)) / len(self.ids)

    def _parts(self, field: str) -> list[tuple[str, float]]:
        """Return the texts of a field, and how much an occurrence in each counts."""
        names = [field] if field else ["title", "text"]
        return [(name, self._title_weight if name == "title" else 1.0) for name in names]

    def _terms(self, i: str, name: str, level: str) -> list[str]:
        return [getattr(terms, level) for terms in self._words[i, name]]

    @staticmethod
    def _found(counted: Iterator[tuple[str, float]]) -> Frequencies:
        frequencies: Frequencies = {}
        for i, count in counted:
            if count:
                frequencies[i] = frequencies.get(i, 0.0) + count
        return frequencies


def as_written(analyzer: Analyzer, text: str, *, exact: bool = True) -> list[Terms]:
    """Return the words of a text, in place of their spelling as they are written there.

    That is None for the words of a phrase ligature, which have no letters of their own. Unless
    `exact`, a question mark stands for ة and ه at the end.
    """
    tokens = analyzer.analyze(text)
    starts = Counter(token.start for token in tokens)
    words = [
        Terms(
            token.surface,
            token.stem,
            text[token.start : token.end]
            if exact
            else re.sub(r"[ةه](\W*)$", r"?\1", text[token.start : token.end]),
        )
        for token in tokens
    ]
    return [
        word if starts[token.start] == 1 else word._replace(spelling=None)
        for word, token in zip(words, tokens, strict=True)
    ]


@cache
def is_spelled(wanted: Terms, found: Terms) -> bool:
    """Tell whether a word has the surface form of another, and nothing typed is written otherwise.

    Both have in `spelling` what `as_written` gives them.
    """
    if wanted.surface != found.surface:
        return False
    if wanted.spelling is None or found.spelling is None or wanted.surface < "\u0621":
        return True  # one of several words of a ligature, or neither is Arabic
    pairs = zip(letters(wanted.spelling), letters(found.spelling), strict=True)
    return all(
        (typed in (letter, "?") or (typed == "ا" and letter in "أإآ"))
        and not (vowels and written and vowels != written)
        for (typed, vowels), (letter, written) in pairs
    )


VOWELS = {"\u064b", "\u064c", "\u064d", "\u064e", "\u064f", "\u0650", "\u0652"}


def letters(word: str) -> list[tuple[str, str]]:
    """Return each letter of a word without tatweel, with its vowel or sukun, "" for none."""
    found: list[tuple[str, str]] = []
    for character in unicodedata.normalize("NFC", word.casefold().replace("\u0640", "")):
        if character in VOWELS:
            found[-1] = found[-1][0], character
        elif not unicodedata.combining(character):
            found.append((character, ""))
    return found


def in_a_row(
    words: Sequence[Terms],
    wanted: Sequence[Terms],
    slop: int,
    same: Callable[[Terms, Terms], bool],
) -> int:
    """Count the positions from which some words follow in order, at most `slop` others between."""

    def ends(position: int, rest: Sequence[Terms]) -> list[int]:
        if not rest:
            return [position]
        nexts = [at for at in range(position + 1, len(words)) if same(rest[0], words[at])]
        return [end for at in nexts for end in ends(at, rest[1:])]

    return sum(
        any(end - start <= len(wanted) - 1 + slop for end in ends(start, wanted[1:]))
        for start in range(len(words))
        if same(wanted[0], words[start])
    )


def together(
    words: Sequence[Terms],
    wanted: Sequence[Terms],
    slop: int,
    same: Callable[[Terms, Terms], bool],
) -> int:
    """Count the windows with all of some words that contain no smaller one of this kind."""

    def has_all(start: int, end: int) -> bool:
        window = words[start:end]
        return all(
            sum(same(word, found) for found in window) >= sum(same(word, each) for each in wanted)
            for word in wanted
        )

    widest = len(wanted) + slop
    return sum(
        has_all(start, end) and not has_all(start + 1, end) and not has_all(start, end - 1)
        for start in range(len(words))
        for end in range(start + 1, min(start + widest, len(words)) + 1)
    )


def dice(first: str, second: str) -> float:
    """Return Dice's coefficient of the sets of letter trigrams of two words and their edges."""
    trigrams = [
        {word[position - 1 : position + 2] for position in range(1, len(word) - 1)}
        for word in (f"<{first}>", f"<{second}>")
    ]
    return 2 * len(trigrams[0] & trigrams[1]) / (len(trigrams[0]) + len(trigrams[1]))


def levenshtein(a: str, b: str) -> int:
    """Return how many letters have to be inserted, deleted or replaced to make `b` of `a`."""
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, start=1):
        before, row[0] = row[0], i
        for j, right in enumerate(b, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (left != right))
    return row[-1]
