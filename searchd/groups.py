"""Groups: the hits of a search by the values of a keyword field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MOST_GROUP_HITS = 100
"""The greatest number of hits of one group on a page."""


@dataclass(frozen=True, slots=True)
class Group:
    """The documents of a result that have one value: `documents` is the number of all of them.

    `results[group.start : group.end]` are the best of them, which the page has. `value` is written
    as the first of these writes it; None for a document without a value, which is a group of its
    own.
    """

    value: str | None
    documents: int
    start: int
    end: int


def make_groups(
    hits: Sequence[Mapping[str, object]], field: str, sizes: Sequence[tuple[int, int]]
) -> tuple[Group, ...]:
    """Return the groups of a page by the first keyword of a field.

    `hits` are the extra fields of its hits, group after group. `sizes` has for each group the
    number of its hits on the page and of all its documents.
    """
    groups, start = [], 0
    for shown, documents in sizes:
        value = _first_keyword(hits[start].get(field))
        groups.append(Group(value, documents, start, start + shown))
        start += shown
    return tuple(groups)


def _first_keyword(held: object) -> str | None:
    if isinstance(held, tuple):
        return str(held[0]) if held else None
    return held if isinstance(held, str) else None
