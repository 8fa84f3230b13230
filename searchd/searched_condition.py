"""A condition of a search that found nothing. A module of its own, as few searches load it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SearchedCondition:
    """A condition on a field, the number of documents that meet it, and values that the field has.

    `values` are only given where no document meets it. `is_range` is whether they are the least
    and the greatest of all.
    """

    text: str
    field: str
    documents: int
    values: tuple[str, ...] = ()
    is_range: bool = False
