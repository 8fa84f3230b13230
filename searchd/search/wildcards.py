"""Wildcards: the terms of a field that match a pattern."""

from __future__ import annotations

import fnmatch
import re

from analyzers import fold
from indexer.segment.term_scan import TermShape
from indexer.snapshot import Snapshot
from searchd import budget

_WILDCARDS = re.compile(r"([*?]+)")


def expand_wildcard(snapshot: Snapshot, field: str, pattern: str, most: int) -> list[str] | None:
    """Return the surface forms of a field that match a pattern, in code point order.

    `*` matches any letters or none, `?` one letter; other letters of the pattern are folded. None
    where more than `most` forms match.
    """
    parts = [part if part[0] in "*?" else fold(part) for part in _WILDCARDS.split(pattern) if part]
    matches = re.compile(fnmatch.translate("".join(parts).replace("[", "[[]"))).match
    found: set[str] = set()
    pause = budget.checking(pattern)
    for term in snapshot.terms_of_shape(field, "surface", _shape(parts), pause):
        if matches(term):
            found.add(term)
            if len(found) > most:
                return None
    return sorted(found)


def _shape(parts: list[str]) -> TermShape:
    """Return what every term has that matches the parts of a pattern, which are folded."""
    literals = [part for part in parts if part[:1] not in ("*", "?", "")]
    written = "".join(parts)
    least = sum(letter != "*" for letter in written)
    prefix = "" if parts[0][:1] in ("", "*", "?") else parts[0]
    inner = literals[1:] if prefix else literals
    return TermShape(prefix, tuple(inner), least, None if "*" in written else least)
