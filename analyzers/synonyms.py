"""Synonyms: alternatives of words and of names of several words, for queries alone.

A file has a group on each line. The entries of a group, separated by commas (Latin or Arabic), are
alternatives of each other; with `=>` those on the right are alternatives of those on the left, and
not the other way round. An entry can be several words. `#` begins a comment.

    غوغل, جوجل, قوقل
    الأمم المتحدة، UN
    =أبو => =أبي, =أبا

A query word matches an entry by its surface form, and failing that by its stem or lemma: والجوجل and
لغوغل match جوجل and غوغل. Only the first word of an entry can have clitics. An entry after `=` is
exact: it matches, and is searched, by its surface form alone, because بن may be ابن but البن is
coffee.

Synonyms are no part of an index or of the fingerprint of its analysis; they may differ from one
search to the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from analyzers.analyzer import Analyzer, Terms, surface_forms
from analyzers.errors import DataFileError, WordFileError
from analyzers.stemming.hamza import fold_hamza
from analyzers.tokenizer import WORD
from analyzers.word_files import (
    DATA_DIR,
    WordFileLine,
    read_data,
    read_data_text,
    read_word_file,
    split_lines,
)

PACKS: tuple[str, ...] = ("months", "names", "numbers", "transliterations")
"""The files of synonyms that ship. Each can be left out."""

PACK_DIR = DATA_DIR / "synonyms"

NAME_PACKS = frozenset({"months", "names", "transliterations"})
"""The packs of names. A name has no other forms, and a word that shares its stem is unrelated: the
stem of تلفون is تلف, damage."""

PACK_INDEX = "first_words.tsv"
"""The file that has the lines of the packs by the first words of their entries, compiled by
`analyzers.compile.synonym_index`."""

_COMMAS = re.compile("[,،]")
_ONE_WAY = "=>"
_PROCLITIC_LETTERS = frozenset("وفبكلسا")
_MAX_PROCLITIC_LETTERS = 4


class SynonymEntry(NamedTuple):
    """One entry of a group, as surface forms.

    An `exact` entry is searched by its surface forms alone; one that `is_name` also with particles
    before it; any other by its stems.
    """

    words: tuple[str, ...]
    exact: bool = False
    is_name: bool = False


class SynonymRule(NamedTuple):
    """Entries and their alternatives: each of `right` is an alternative of each of `left`."""

    left: tuple[SynonymEntry, ...]
    right: tuple[SynonymEntry, ...]


class SynonymMatch(NamedTuple):
    """An entry found in a query: the number of its words, and its alternatives."""

    length: int
    alternatives: tuple[SynonymEntry, ...]


class Synonyms:
    """Finds the alternatives of query words. Threads may share one object.

    `packs` names shipped packs, whose rules come before `rules`. A line of a pack is parsed when a
    query word looks it up, by `PACK_INDEX`.

    >>> synonyms = Synonyms(parse_rules(["غوغل, جوجل"]))
    >>> analyzer = Analyzer()
    >>> match = synonyms.longest_match(analyzer.terms("شركة والجوجل"), 1, analyzer)
    >>> match.length, match.alternatives
    (1, (SynonymEntry(words=('غوغل',), exact=False, is_name=False),))
    """

    def __init__(self, rules: Iterable[SynonymRule] = (), packs: tuple[str, ...] = ()) -> None:
        self._packs = packs
        self._user_rules = tuple(rules)
        self._user_rules_by_first: dict[str, list[SynonymRule]] = {}
        for rule in self._user_rules:
            for first in first_words(rule):
                self._user_rules_by_first.setdefault(first, []).append(rule)
        self._entries: dict[str, dict[SynonymEntry, list[SynonymRule]]] = {}

    @property
    def rules(self) -> tuple[SynonymRule, ...]:
        """Every rule, those of the packs first."""
        return (*chain.from_iterable(map(pack_rules, self._packs)), *self._user_rules)

    def __bool__(self) -> bool:
        return bool(self._packs or self._user_rules)

    def __or__(self, other: Synonyms) -> Synonyms:
        """Return the rules of both. A word that has rules in both gets the alternatives of both."""
        packs = dict.fromkeys((*self._packs, *other._packs))
        return Synonyms(self._user_rules + other._user_rules, tuple(packs))

    def longest_match(
        self, words: Sequence[Terms], start: int, analyzer: Analyzer
    ) -> SynonymMatch | None:
        """Return the longest entry that the query has at word `start`, or None.

        `analyzer` is the one that made `words`. Raises LexiconError for a damaged lexicon and
        DataFileError for a damaged pack.
        """
        word = words[start]
        surface = fold_hamza(word.surface)
        found = self._longest_entry([(surface, 1)], surface, words, start)
        if found is None:
            firsts = self._stripped_forms(word, surface, analyzer)
            found = self._longest_entry(firsts, surface, words, start)
        return found

    def _longest_entry(
        self,
        firsts: Iterable[tuple[str, int]],
        surface: str,
        words: Sequence[Terms],
        start: int,
    ) -> SynonymMatch | None:
        """Return the longest entry whose first word is one of `firsts`.

        These are the forms that the first word can have, each with the fewest words of an entry that
        may begin with it.
        """
        best: SynonymMatch | None = None
        for first, fewest in firsts:
            rules_of = self._entries_by_first_word(first)
            if not rules_of:
                continue
            longest = max(len(entry.words) for entry in rules_of)
            following = islice(words, start + 1, start + longest)
            rest = tuple(fold_hamza(terms.surface) for terms in following)
            for length in range(
                min(longest, len(rest) + 1), max(fewest - 1, best.length if best else 0), -1
            ):
                written = (first, *rest[: length - 1])
                rules = rules_of.get(SynonymEntry(written), [])
                if first == surface:
                    rules = rules + rules_of.get(SynonymEntry(written, exact=True), [])
                entries = dict.fromkeys(entry for rule in rules for entry in rule.right)
                same = (written, (surface, *written[1:]))
                others = tuple(entry for entry in entries if _lookup_key(entry.words) not in same)
                if others:
                    best = SynonymMatch(length, others)
                    break
        return best

    def _entries_by_first_word(self, first: str) -> dict[SynonymEntry, list[SynonymRule]]:
        """Return the entries that begin with a word, each with the rules that it is on the left of."""
        if first not in self:
            return {}
        found = self._entries.get(first)
        if found is None:
            found = {}
            user_rules = self._user_rules_by_first.get(first, ())
            for rule in (*_shipped_rules(first, self._packs), *user_rules):
                for entry in rule.left:
                    key = _lookup_key(entry.words)
                    if key[0] == first:
                        found.setdefault(SynonymEntry(key, entry.exact), []).append(rule)
            self._entries[first] = found
        return found

    def __contains__(self, first: str) -> bool:
        """Tell whether an entry may begin with a word."""
        return first in self._user_rules_by_first or (bool(self._packs) and first in _pack_index())

    def _stripped_forms(
        self, word: Terms, surface: str, analyzer: Analyzer
    ) -> Iterator[tuple[str, int]]:
        """Yield the first words of entries that a word is with clitics or endings.

        Each comes with the fewest words that the entry must have. A form that shares the word's stem
        or lemma may be a whole entry. Where the analysis strips nothing (لأبي بكر), the words after
        it must confirm it.
        """
        for cut in range(1, min(_MAX_PROCLITIC_LETTERS + 1, len(surface) - 1)):
            if surface[cut - 1] not in _PROCLITIC_LETTERS:
                break
            rest = surface[cut:]
            # لل includes an article: للأمم is ل + الأمم.
            for form in ("ا" + rest, rest) if surface[cut - 1] == rest[0] == "ل" else (rest,):
                if form in self:
                    # البلجارية is ال and بلجارية, though بلجارية alone may be read as ب and لجارية.
                    article = surface[:cut].endswith("ال") and len(word.stem) <= len(rest)
                    whole = article or _share_stem_or_lemma(word, form, analyzer)
                    yield form, 1 if whole else 2
        for base in (word.stem, _lemma(surface, analyzer)):
            if base != surface and base in self:
                yield base, 1


def _share_stem_or_lemma(word: Terms, form: str, analyzer: Analyzer) -> bool:
    return any(
        terms.stem == word.stem or _lemma(terms.surface, analyzer) == _lemma(word.surface, analyzer)
        for terms in analyzer.terms(form)
    )


def _lemma(surface: str, analyzer: Analyzer) -> str:
    return analyzer.lemma_expander.reading(surface).lemma


def _lookup_key(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return words with folded hamza seats, by which entries are looked up."""
    return tuple(map(fold_hamza, words))


def read_synonyms(path: Path) -> Synonyms:
    """Return the synonyms of a user's file.

    Raises WordFileError for a file that cannot be read and for a line that is no group.
    """
    return Synonyms(rule for line in read_word_file(path) for rule in _parse_line(line))


def parse_rules(lines: Iterable[str]) -> list[SynonymRule]:
    """Return the rules in lines of text. Raises WordFileError for a line that is no group."""
    numbered = (
        WordFileLine(Path("synonyms"), number, line) for number, line in enumerate(lines, start=1)
    )
    return [rule for line in numbered for rule in _parse_line(line)]


def shipped_synonyms(packs: tuple[str, ...] = PACKS) -> Synonyms:
    """Return the synonyms of shipped packs. Raises ValueError for a name that is not in `PACKS`."""
    unknown = [name for name in packs if name not in PACKS]
    if unknown:
        raise ValueError(f"there is no pack {unknown[0]!r}; the packs are {', '.join(PACKS)}")
    return Synonyms(packs=packs)


def pack_rules(name: str) -> Iterator[SynonymRule]:
    """Yield every rule of a shipped pack. Raises DataFileError where it cannot be read."""
    for line in _pack_lines(name).values():
        yield from _parse_line(line)


def first_words(rule: SynonymRule) -> list[str]:
    """Return the first words of the entries on the left, as they are looked up."""
    return list(dict.fromkeys(fold_hamza(entry.words[0]) for entry in rule.left))


@cache
def _pack_index() -> dict[str, str]:
    """Return the lines of the packs, `pack:number` with spaces between, by first words."""
    lines = read_data_text(f"{PACK_DIR.name}/{PACK_INDEX}").splitlines()
    try:
        return dict(line.split("\t") for line in lines)
    except ValueError as error:
        raise _damaged(PACK_DIR / PACK_INDEX) from error


@cache
def _pack_lines(name: str) -> dict[int, WordFileLine]:
    path = PACK_DIR / f"{name}.txt"
    try:
        lines = list(split_lines(path, read_data(f"{PACK_DIR.name}/{path.name}")))
    except WordFileError as error:
        raise _damaged(path) from error
    return {line.number: line for line in lines}


def _shipped_rules(first: str, packs: tuple[str, ...]) -> Iterator[SynonymRule]:
    """Yield the rules of shipped packs that have an entry with this first word."""
    for place in _pack_index().get(first, "").split():
        name, _, number = place.partition(":")
        if name in packs:
            try:
                rules = _parse_line(_pack_lines(name)[int(number)])
            except (KeyError, ValueError, WordFileError) as error:
                raise _damaged(PACK_DIR / f"{name}.txt") from error
            yield from map(_of_names, rules) if name in NAME_PACKS else rules


def _damaged(path: Path) -> DataFileError:
    return DataFileError(f"{path}: the synonyms are damaged; install searchd again")


def _of_names(rule: SynonymRule) -> SynonymRule:
    """Return a rule whose entries on the right are names."""
    return rule._replace(right=tuple(entry._replace(is_name=True) for entry in rule.right))


def _parse_line(line: WordFileLine) -> list[SynonymRule]:
    """Return the rules of a line. Raises WordFileError where it is no group."""
    left, *others = line.text.split(_ONE_WAY)
    if len(others) > 1:
        raise line.error(f"{_ONE_WAY} occurs more than once; write one line for each")
    if others:
        return [
            SynonymRule(tuple(_parse_entries(line, left)), tuple(_parse_entries(line, others[0])))
        ]
    if not _COMMAS.search(left):
        raise line.error(
            f"a group needs two entries or more with commas between them, and {left!r} is one; "
            f"add another, or leave the line out"
        )
    entries = tuple(_parse_entries(line, left))
    return [SynonymRule(entries, entries)]


def _parse_entries(line: WordFileLine, text: str) -> list[SynonymEntry]:
    """Return the entries of one side of a line; of those with the same key the first."""
    entries: dict[tuple[str, ...], SynonymEntry] = {}
    for part in _COMMAS.split(text):
        entry = part.strip()
        exact = entry.startswith("=")
        words = tuple(surface for word in WORD.findall(entry) for surface in surface_forms(word))
        if not words:
            raise line.error(f"there is no word in {entry!r}; write one, or leave out its comma")
        if "=" in entry[1:]:
            raise line.error(
                f"there is = inside {entry!r}; it goes before an entry, and one way is written =>"
            )
        entries.setdefault(_lookup_key(words), SynonymEntry(words, exact))
    return list(entries.values())
