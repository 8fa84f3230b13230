"""Wildcards: the terms of a field that match a pattern."""

from __future__ import annotations

import fnmatch
import re

from analyzers import fold
from indexer.snapshot import Snapshot

_WILDCARDS = re.compile(r"([*?]+)")


def expand_wildcard(snapshot: Snapshot, field: str, pattern: str) -> list[str]:
    """Return the surface forms of a field that match a pattern, in code point order.

    `*` matches any letters or none, `?` one letter; other letters of the pattern are folded.
    """
    parts = [part if part[0] in "*?" else fold(part) for part in _WILDCARDS.split(pattern) if part]
    prefix = "" if parts[0][:1] in ("", "*", "?") else parts[0]
    expression = re.compile(fnmatch.translate("".join(parts).replace("[", "[[]")))
    return [term for term in snapshot.terms(field, "surface", prefix) if expression.match(term)]
