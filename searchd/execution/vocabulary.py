"""The words of an index: patterns over them, words near a word, and what to suggest."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from analyzers import fold
from indexer.segment.segment import DEFAULT_FIELD
from indexer.snapshot import Snapshot

VARIANT_FACTOR = 0.5
"""How much an occurrence of a near form of a word counts: COVID-19 for COVID, a fuzzy match."""

MOST_NEAR_WORDS = 50

_WILDCARDS = re.compile(r"([*?]+)")
_LATIN_WORD = re.compile(r"[a-z]{2,}")


def expand_pattern(snapshot: Snapshot, field: str, pattern: str) -> list[str]:
    """Return the terms of a field that match a pattern as written, folded like any word.

    `*` stands for any letters or none, `?` for one letter.
    """
    parts = [part if part[0] in "*?" else fold(part) for part in _WILDCARDS.split(pattern) if part]
    prefix = "" if parts[0][:1] in ("", "*", "?") else parts[0]
    expression = re.compile(fnmatch.translate("".join(parts).replace("[", "[[]")))
    return [term for term in snapshot.terms(field, "surface", prefix) if expression.match(term)]


def numbered_variants(snapshot: Snapshot, field: str, surface: str) -> dict[str, float]:
    """Return the terms of a field that are a Latin word with a number: covid19 (COVID-19) for covid.

    The values say how much an occurrence counts.
    """
    if not _LATIN_WORD.fullmatch(surface):
        return {}
    rest = len(surface)
    found = snapshot.terms(field, "surface", surface)
    return {term: VARIANT_FACTOR for term in found if term[rest:].isdecimal()}


def near_words(snapshot: Snapshot, field: str, surface: str, distance: int) -> list[str]:
    """Return the terms of a field within an edit distance of a word, the nearest first.

    The distance is Levenshtein's: letters inserted, deleted or replaced.
    """
    terms = snapshot.vocabulary(field, "surface")
    found = process.extract(
        surface,
        terms,
        scorer=Levenshtein.distance,
        score_cutoff=distance,
        limit=MOST_NEAR_WORDS,
    )
    return [term for term, _distance, _index in found if term != surface]


def suggest(snapshot: Snapshot, surfaces: Sequence[str], limit: int = 5) -> list[str]:
    """Return words of the index near words that it does not hold, the likeliest first.

    A word may differ by one letter, a word of more than four letters by two. Among words at one
    distance those that more documents hold come first.
    """
    candidates: dict[str, tuple[int, int]] = {}
    for surface in surfaces:
        distance = 1 if len(surface) <= 4 else 2
        for word in near_words(snapshot, DEFAULT_FIELD, surface, distance):
            frequency = snapshot.document_frequency(DEFAULT_FIELD, "surface", word)
            if frequency:  # else only deleted documents hold it
                rank = (Levenshtein.distance(surface, word), -frequency)
                candidates[word] = min(rank, candidates.get(word, rank))
    return sorted(candidates, key=lambda word: (candidates[word], word))[:limit]
