"""Wildcards: the terms of a field that match a pattern, and Latin words with a number."""

from __future__ import annotations

import fnmatch
import re

from analyzers import fold
from indexer.snapshot import Snapshot

_WILDCARDS = re.compile(r"([*?]+)")
_LATIN_WORD = re.compile(r"[a-z]{2,}")


def expand_wildcard(snapshot: Snapshot, field: str, pattern: str) -> list[str]:
    """Return the surface forms of a field that match a pattern, in code point order.

    `*` matches any letters or none, `?` one letter; other letters of the pattern are folded.
    """
    parts = [part if part[0] in "*?" else fold(part) for part in _WILDCARDS.split(pattern) if part]
    prefix = "" if parts[0][:1] in ("", "*", "?") else parts[0]
    expression = re.compile(fnmatch.translate("".join(parts).replace("[", "[[]")))
    return [term for term in snapshot.terms(field, "surface", prefix) if expression.match(term)]


def numbered_variants(snapshot: Snapshot, field: str, surface: str) -> list[str]:
    """Return the forms of a Latin word with a number after it: covid19 (COVID-19) for covid."""
    if not _LATIN_WORD.fullmatch(surface):
        return []
    end = len(surface)
    found = snapshot.terms(field, "surface", surface)
    return [term for term in found if term[end:].isdecimal()]
