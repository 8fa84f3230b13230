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

from analyzers.analyzer import Analyzer, Terms, surface_forms
from analyzers.errors import DataFileError, WordFileError
from analyzers.stemming.light_stemmer import fold_hamza
from analyzers.tokenizer import WORD
from analyzers.word_files import DATA, Line, read_data, read_data_text, read_lines, split_lines

PACKS: tuple[str, ...] = ("months", "names", "numbers", "transliterations")
"""The files that ship, each of which can be left out."""

PACK_FOLDER = DATA / "synonyms"
PACKS_OF_NAMES = frozenset({"months", "names", "transliterations"})
"""Their words have no other forms, and what shares a stem with them is another word: that of
تلفون is تلف, damage."""

FIRST_WORDS = "first_words.tsv"
"""Says in which lines of the packs entries begin with a word; see `analyzers.compile.synonym_index`."""

_COMMAS = re.compile("[,،]")
_ONE_WAY = "=>"
_PROCLITICS = frozenset("وفبكلسا")
_MOST_PROCLITICS = 5


class Entry(NamedTuple):
    """One entry of a group: its words as surface forms.

    With `exact` it stands for these surface forms alone, with `is_name` also for those with
    particles before them, else for what shares their stems.
    """

    words: tuple[str, ...]
    exact: bool = False
    is_name: bool = False


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

    `packs` names those of the packs that ship whose rules come before `rules`. A line of a pack is
    read when a word that it may be about is looked up; `FIRST_WORDS` tells which lines those are.

    >>> synonyms = Synonyms(parse_rules(["غوغل, جوجل"]))
    >>> analyzer = Analyzer()
    >>> synonyms.expansion(analyzer.terms("شركة والجوجل"), 1, analyzer)
    Expansion(length=1, alternatives=(Entry(words=('غوغل',), exact=False, is_name=False),))
    """

    def __init__(self, rules: Iterable[Rule] = (), packs: tuple[str, ...] = ()) -> None:
        self._packs = packs
        self._own = tuple(rules)
        self._own_by_first: dict[str, list[Rule]] = {}
        for rule in self._own:
            for first in first_words(rule):
                self._own_by_first.setdefault(first, []).append(rule)
        self._read: dict[str, dict[Entry, list[Rule]]] = {}

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule."""
        return (*chain.from_iterable(map(pack_rules, self._packs)), *self._own)

    def __bool__(self) -> bool:
        return bool(self._packs or self._own)

    def __or__(self, other: Synonyms) -> Synonyms:
        """Return the rules of both. A word that has rules in both gets the alternatives of both."""
        packs = dict.fromkeys((*self._packs, *other._packs))
        return Synonyms(self._own + other._own, tuple(packs))

    def expansion(self, words: Sequence[Terms], start: int, analyzer: Analyzer) -> Expansion | None:
        """Return the longest entry that the words from `start` on make, with its alternatives.

        None where they make none. `analyzer` is the one that read the words.
        """
        word = words[start]
        surface = fold_hamza(word.surface)
        found = self._longest_entry([(surface, 1)], surface, words, start)
        if found is None:
            firsts = self._bare(word, surface, analyzer)
            found = self._longest_entry(firsts, surface, words, start)
        return found

    def _longest_entry(
        self,
        firsts: Iterable[tuple[str, int]],
        surface: str,
        words: Sequence[Terms],
        start: int,
    ) -> Expansion | None:
        """Return the longest entry that begins with one of some forms of its first word.

        With each form comes the least number of words that an entry beginning with it must have.
        """
        best: Expansion | None = None
        for first, least in firsts:
            rules_of = self._rules_of(first)
            if not rules_of:
                continue
            longest = max(len(entry.words) for entry in rules_of)
            behind = islice(words, start + 1, start + longest)
            rest = tuple(fold_hamza(terms.surface) for terms in behind)
            for length in range(
                min(longest, len(rest) + 1), max(least - 1, best.length if best else 0), -1
            ):
                written = (first, *rest[: length - 1])
                rules = rules_of.get(Entry(written), [])
                if first == surface:
                    rules = rules + rules_of.get(Entry(written, exact=True), [])
                entries = dict.fromkeys(entry for rule in rules for entry in rule.right)
                same = (written, (surface, *written[1:]))
                others = tuple(entry for entry in entries if _key(entry.words) not in same)
                if others:
                    best = Expansion(length, others)
                    break
        return best

    def _rules_of(self, first: str) -> dict[Entry, list[Rule]]:
        """Return the entries that begin with a word as they are looked up, each with its rules."""
        if first not in self:
            return {}
        found = self._read.get(first)
        if found is None:
            found = {}
            for rule in (*_shipped_rules(first, self._packs), *self._own_by_first.get(first, ())):
                for entry in rule.left:
                    key = _key(entry.words)
                    if key[0] == first:
                        found.setdefault(Entry(key, entry.exact), []).append(rule)
            self._read[first] = found
        return found

    def __contains__(self, first: str) -> bool:
        """Tell whether an entry may begin with a word."""
        return first in self._own_by_first or (bool(self._packs) and first in _first_words())

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
                if form in self:
                    yield form, 1 if _related(word, form, analyzer) else 2
        for base in (word.stem, _lemma(surface, analyzer)):
            if base != surface and base in self:
                yield base, 1


def _related(word: Terms, form: str, analyzer: Analyzer) -> bool:
    return any(
        terms.stem == word.stem or _lemma(terms.surface, analyzer) == _lemma(word.surface, analyzer)
        for terms in analyzer.terms(form)
    )


def _lemma(surface: str, analyzer: Analyzer) -> str:
    return analyzer.lemma_expander.reading(surface).lemma


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


def shipped_synonyms(packs: tuple[str, ...] = PACKS) -> Synonyms:
    """Return the synonyms of some packs that ship. Raises ValueError for a name that is none."""
    unknown = [name for name in packs if name not in PACKS]
    if unknown:
        raise ValueError(f"there is no pack {unknown[0]!r}; the packs are {', '.join(PACKS)}")
    return Synonyms(packs=packs)


def pack_rules(name: str) -> Iterator[Rule]:
    """Yield every rule of a pack that ships."""
    for line in _pack_lines(name).values():
        yield from _rules(line)


def first_words(rule: Rule) -> list[str]:
    """Return the words with which the entries on the left begin, as they are looked up."""
    return list(dict.fromkeys(fold_hamza(entry.words[0]) for entry in rule.left))


@cache
def _first_words() -> dict[str, str]:
    """Return the lines of the packs, `pack:number` with spaces between, by first words."""
    lines = read_data_text(f"{PACK_FOLDER.name}/{FIRST_WORDS}").splitlines()
    try:
        return dict(line.split("\t") for line in lines)
    except ValueError as error:
        raise _damaged(PACK_FOLDER / FIRST_WORDS) from error


@cache
def _pack_lines(name: str) -> dict[int, Line]:
    path = PACK_FOLDER / f"{name}.txt"
    try:
        lines = list(split_lines(path, read_data(f"{PACK_FOLDER.name}/{path.name}")))
    except WordFileError as error:
        raise _damaged(path) from error
    return {line.number: line for line in lines}


def _shipped_rules(first: str, packs: tuple[str, ...]) -> Iterator[Rule]:
    """Yield the rules of some packs that have an entry with this first word."""
    for place in _first_words().get(first, "").split():
        name, _, number = place.partition(":")
        if name in packs:
            try:
                rules = _rules(_pack_lines(name)[int(number)])
            except (KeyError, ValueError, WordFileError) as error:
                raise _damaged(PACK_FOLDER / f"{name}.txt") from error
            yield from map(_of_names, rules) if name in PACKS_OF_NAMES else rules


def _damaged(path: Path) -> DataFileError:
    return DataFileError(f"{path}: the synonyms are damaged; install searchd again")


def _of_names(rule: Rule) -> Rule:
    """Return a rule whose words on the right are names."""
    return rule._replace(right=tuple(entry._replace(is_name=True) for entry in rule.right))


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
