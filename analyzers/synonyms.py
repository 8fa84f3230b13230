"""Synonyms: what else a word or a name of several words may be called, for queries alone.

A file holds one group on each line. The entries of a group, parted by commas (Latin or Arabic),
stand for each other; with `=>` those on the left also find those on the right, and not the other
way round. An entry may be several words. `#` starts a comment.

    غوغل, جوجل, قوقل
    الأمم المتحدة، UN
    =أبو => =أبي, =أبا

A query word stands for an entry by its surface form, and failing that by its stem or lemma:
والجوجل and لغوغل stand for جوجل and غوغل. Only the first word of an entry may have clitics.
`=` before an entry holds it to its surface form, in the query and in what is then searched: بن
may be ابن, but البن is coffee.

Synonyms widen queries. They are no part of an index nor of the fingerprint of its analysis, and
may change from one search to the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from analyzers.analysis import Analyzer, Terms, surface_forms
from analyzers.stemmer import fold_hamza
from analyzers.tokenizer import WORD
from analyzers.wordlists import DATA, Line, read_lines

PACKS: tuple[str, ...] = ("months", "names", "numbers", "transliterations")
"""The files that ship, each of which can be left out."""

_COMMAS = re.compile("[,،]")
_ONE_WAY = "=>"
_PROCLITICS = frozenset("وفبكلسا")
_MOST_PROCLITICS = 5


class Entry(NamedTuple):
    """One entry of a group: its words as surface forms.

    With `exact` it stands for these surface forms alone, else for what shares their stems.
    """

    words: tuple[str, ...]
    exact: bool = False


class Rule(NamedTuple):
    """Who writes any entry of `left` may mean any of `right` as well."""

    left: tuple[Entry, ...]
    right: tuple[Entry, ...]


class Expansion(NamedTuple):
    """How many words of a query make an entry, and the entries that may stand for them."""

    length: int
    alternatives: tuple[Entry, ...]


class Synonyms:
    """Rules, found by the words of a query. One object may be shared by threads.

    >>> synonyms = Synonyms(parse_rules(["غوغل, جوجل"]))
    >>> analyzer = Analyzer()
    >>> synonyms.expansion(analyzer.terms("شركة والجوجل"), 1, analyzer)
    Expansion(length=1, alternatives=(Entry(words=('غوغل',), exact=False),))
    """

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        self.rules = tuple(rules)
        self._rules_of: dict[Entry, list[Rule]] = {}
        self._longest: dict[str, int] = {}
        for rule in self.rules:
            for entry in rule.left:
                key = Entry(_key(entry.words), entry.exact)
                self._rules_of.setdefault(key, []).append(rule)
                first = key.words[0]
                self._longest[first] = max(self._longest.get(first, 0), len(key.words))
        self._reach = max(self._longest.values(), default=0)

    def __bool__(self) -> bool:
        return bool(self.rules)

    def __or__(self, other: Synonyms) -> Synonyms:
        """Return the rules of both. A word that has rules in both gets the alternatives of both."""
        return Synonyms(self.rules + other.rules)

    def expansion(self, words: Sequence[Terms], start: int, analyzer: Analyzer) -> Expansion | None:
        """Return the longest entry that the words from `start` on make, with its alternatives.

        None where they make none. `analyzer` is the one that read the words.
        """
        word = words[start]
        surface = fold_hamza(word.surface)
        behind = islice(words, start + 1, start + self._reach)
        rest = [fold_hamza(terms.surface) for terms in behind]
        found = self._longest_entry([(surface, 1)], surface, rest)
        if found is None:
            found = self._longest_entry(self._bare(word, surface, analyzer), surface, rest)
        return found

    def _longest_entry(
        self, firsts: Iterable[tuple[str, int]], surface: str, rest: Sequence[str]
    ) -> Expansion | None:
        """Return the longest entry that begins with one of some forms of its first word.

        With each form comes the least number of words that an entry beginning with it must have.
        """
        best: Expansion | None = None
        for first, least in firsts:
            longest = min(self._longest.get(first, 0), len(rest) + 1)
            for length in range(longest, max(least - 1, best.length if best else 0), -1):
                words = (first, *rest[: length - 1])
                rules = self._rules_of.get(Entry(words), [])
                if first == surface:
                    rules = rules + self._rules_of.get(Entry(words, exact=True), [])
                entries = dict.fromkeys(entry for rule in rules for entry in rule.right)
                same = (words, (surface, *words[1:]))
                others = tuple(entry for entry in entries if _key(entry.words) not in same)
                if others:
                    best = Expansion(length, others)
                    break
        return best

    def _bare(self, word: Terms, surface: str, analyzer: Analyzer) -> Iterator[tuple[str, int]]:
        """Yield the first words of entries that a word may be with clitics or endings on it.

        The analysis decides: such a word must have the same stem or the same lemma. Where it cuts
        nothing (لأبي بكر) the words behind may still confirm it.
        """
        for cut in range(1, min(_MOST_PROCLITICS, len(surface) - 1)):
            if surface[cut - 1] not in _PROCLITICS:
                break
            rest = surface[cut:]
            # لل hides an article: للأمم is ل + الأمم.
            for form in ("ا" + rest, rest) if surface[cut - 1] == rest[0] == "ل" else (rest,):
                if form in self._longest:
                    yield form, 1 if _related(word, form, analyzer) else 2
        for base in (word.stem, _lemma(surface, analyzer)):
            if base != surface and base in self._longest:
                yield base, 1


def _related(word: Terms, form: str, analyzer: Analyzer) -> bool:
    return any(
        terms.stem == word.stem or _lemma(terms.surface, analyzer) == _lemma(word.surface, analyzer)
        for terms in analyzer.terms(form)
    )


def _lemma(surface: str, analyzer: Analyzer) -> str:
    return analyzer.families.reading(surface).lemma


def _key(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return words as they are looked up: the seats of hamza make no difference."""
    return tuple(map(fold_hamza, words))


def read_synonyms(path: Path) -> Synonyms:
    """Return the synonyms of a file.

    Raises WordFileError with the line for one that is no group.
    """
    return Synonyms(rule for line in read_lines(path) for rule in _rules(line))


def parse_rules(lines: Iterable[str]) -> list[Rule]:
    """Return the rules of lines of text, as a file of synonyms holds them."""
    numbered = (Line(Path("synonyms"), number, line) for number, line in enumerate(lines, start=1))
    return [rule for line in numbered for rule in _rules(line)]


@cache
def shipped_synonyms(packs: tuple[str, ...] = PACKS) -> Synonyms:
    """Return the synonyms of some packs that ship. Raises ValueError for a name that is none."""
    unknown = [name for name in packs if name not in PACKS]
    if unknown:
        raise ValueError(f"there is no pack {unknown[0]!r}; the packs are {', '.join(PACKS)}")
    lines = chain.from_iterable(read_lines(DATA / "synonyms" / f"{name}.txt") for name in packs)
    return Synonyms(rule for line in lines for rule in _rules(line))


def _rules(line: Line) -> list[Rule]:
    left, *others = line.text.split(_ONE_WAY)
    if len(others) > 1:
        raise line.error(f"{_ONE_WAY} stands here more than once; write one line for each")
    if others:
        return [Rule(tuple(_entries(line, left)), tuple(_entries(line, others[0])))]
    if not _COMMAS.search(left):
        raise line.error(
            f"a group needs two entries or more with commas between them, and {left!r} is one; "
            f"add another, or leave the line out"
        )
    entries = tuple(_entries(line, left))
    return [Rule(entries, entries)]


def _entries(line: Line, text: str) -> list[Entry]:
    """Return the entries of a piece of a line; those that fold alike are one."""
    entries: dict[tuple[str, ...], Entry] = {}
    for piece in _COMMAS.split(text):
        entry = piece.strip()
        exact = entry.startswith("=")
        words = tuple(surface for word in WORD.findall(entry) for surface in surface_forms(word))
        if not words:
            raise line.error(f"there is no word in {entry!r}; write one, or leave out its comma")
        if "=" in entry[1:]:
            raise line.error(
                f"= stands inside {entry!r}; it goes before an entry, and one way is written =>"
            )
        entries.setdefault(_key(words), Entry(words, exact))
    return list(entries.values())
