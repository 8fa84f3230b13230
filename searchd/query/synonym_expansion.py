"""Widening: what else the words of a query may be called.

Only runs of plain words are widened, never what stands in quotation marks, behind `=` or in a
pattern: there the person asking has said how it is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from analyzers import Analyzer
from analyzers.analyzer import Terms
from analyzers.synonyms import Synonyms


class Alternative(NamedTuple):
    """Words in a row that may stand for words of a query.

    With `exact` only their surface forms count, with `is_name` also with particles before them,
    else their stems too.
    """

    words: tuple[Terms, ...]
    exact: bool = False
    is_name: bool = False


class SynonymExpansion(NamedTuple):
    """The words `start` to `end` of a run (half-open), and what else they may be called."""

    start: int
    end: int
    alternatives: tuple[Alternative, ...]


def expand_synonyms(
    words: Sequence[Terms], synonyms: Synonyms, analyzer: Analyzer
) -> list[SynonymExpansion]:
    """Return the alternatives of a run of plain words, from left to right.

    At each word the longest entry counts, and the search goes on behind it, so widenings never
    overlap. `analyzer` is the one that read the words; it reads the alternatives too.
    """
    if not synonyms:
        return []
    expansions: list[SynonymExpansion] = []
    start = 0
    while start < len(words):
        found = synonyms.longest_match(words, start, analyzer)
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
