"""The words of an index: patterns over them, and Latin words with a number."""

from __future__ import annotations

import fnmatch
import re

from analyzers import fold
from indexer.snapshot import Snapshot

VARIANT_FACTOR = 0.5
"""How much an occurrence of a near form of a word counts: COVID-19 for COVID, a fuzzy match."""


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
