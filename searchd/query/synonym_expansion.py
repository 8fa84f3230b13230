"""Synonym expansion: the synonyms of the words of a query.

Only plain words are expanded, never a quotation, `=word` or a pattern, which say how a word is
written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from analyzers import Analyzer
from analyzers.analyzer import Terms
from analyzers.synonyms import Synonyms
from searchd.query.written_numbers import joined


class Alternative(NamedTuple):
    """A synonym: adjacent words that match in place of words of a query.

    They match by their stems; with `exact` only by their surface forms, and with `is_name` by these
    alone or with clitics before them.
    """

    words: tuple[Terms, ...]
    exact: bool = False
    is_name: bool = False


class SynonymExpansion(NamedTuple):
    """The words `[start, end)` of a query and their synonyms."""

    start: int
    end: int
    alternatives: tuple[Alternative, ...]


def number_alternatives(spellings: Iterable[tuple[str, ...]]) -> tuple[Alternative, ...]:
    """Return the spellings of a number as alternatives: adjacent words, exactly as written."""
    return tuple(
        Alternative(tuple(Terms(group, group) for group in groups), exact=True)
        for groups in spellings
    )


def expand_synonyms(
    words: Sequence[Terms], synonyms: Synonyms, analyzer: Analyzer
) -> list[SynonymExpansion]:
    """Return the synonyms of plain words that follow each other, from left to right.

    At each word the longest entry of `synonyms` is taken and the search continues after it, so
    expansions never overlap. A long number in groups has its other spellings as synonyms.
    `analyzer`, which gave the words, also analyses the synonyms.
    """
    surfaces = [word.surface for word in words]
    expansions: list[SynonymExpansion] = []
    start = 0
    while start < len(words):
        length, spellings = joined(surfaces, start)
        if length:
            expansions.append(
                SynonymExpansion(start, start + length, number_alternatives(spellings))
            )
            start += length
            continue
        found = synonyms.longest_match(words, start, analyzer) if synonyms else None
        if found is None:
            start += 1
            continue
        end = start + found.length
        alternatives = tuple(
            Alternative(tuple(analyzer.terms(" ".join(entry.words))), entry.exact, entry.is_name)
            for entry in found.alternatives
        )
        expansions.append(SynonymExpansion(start, end, alternatives))
        start = end
    return expansions
