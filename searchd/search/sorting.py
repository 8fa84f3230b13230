"""Sorting: sort keys over the columns of an index.

A sort key is a field, or `-field` for the largest first, or the score. Documents without a value
come last.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.fields import FieldType
from indexer.segment.sorted_arrays import FloatArray, IdArray
from indexer.snapshot import Snapshot
from searchd.errors import FilterSyntaxError
from searchd.query.field_names import resolve_field_name
from searchd.search.filters import column_names

_Numbers = npt.NDArray[np.float64]

RELEVANCE = "score"
"""The sort key for the score of a document, the highest first."""


class SortKey(NamedTuple):
    """A field to sort by, the largest first where `descending`."""

    name: str
    descending: bool


class SortOrder:
    """An order of the documents of one snapshot by several keys, the first deciding."""

    def __init__(self, keys: Sequence[SortKey], snapshot: Snapshot) -> None:
        self._keys = keys
        self._snapshot = snapshot

    @property
    def uses_scores(self) -> bool:
        """Whether the score is one of the keys."""
        return any(key.name == RELEVANCE for key in self._keys)

    def values(self, ids: IdArray, scores: FloatArray) -> list[npt.NDArray[np.floating[Any]]]:
        """Return for each key the values of some documents to sort by, ascending; [n] each.

        `ids` are numbered over the whole snapshot, `scores` are theirs.
        """
        return [
            -scores if key.name == RELEVANCE else _column_values(key, self._snapshot)[ids]
            for key in self._keys
        ]


def parse_sort(text: str, snapshot: Snapshot) -> SortOrder:
    """Return the order of a text such as `-date,price`. Raises FilterSyntaxError."""
    keys = []
    for part in text.split(","):
        name = part.strip().removeprefix("-")
        name = resolve_field_name(name, snapshot.fields) or name
        if name != RELEVANCE and snapshot.field_type(name) in (None, FieldType.TEXT):
            raise FilterSyntaxError(
                f"there is no field {name!r} to sort by; "
                f"this index has {RELEVANCE}, {column_names(snapshot)}"
            )
        descending = part.strip().startswith("-") or name == RELEVANCE
        keys.append(SortKey(name, descending))
    return SortOrder(keys, snapshot)


def _column_values(key: SortKey, snapshot: Snapshot) -> _Numbers:
    """Return the values to sort the documents of a snapshot by, ascending; float64 [documents].

    The value of a keyword field is the rank of the document's first keyword among all keywords. A
    document without a value has infinity.
    """
    if snapshot.field_type(key.name) is FieldType.KEYWORD:
        values = np.concatenate(_keyword_ranks(key.name, snapshot))
    else:
        values = np.concatenate(
            [segment.columns.numbers(key.name) for segment in snapshot.segments]
        )
    values = -values if key.descending else values
    return np.where(np.isnan(values), np.inf, values)


def _keyword_ranks(name: str, snapshot: Snapshot) -> list[_Numbers]:
    """Return for each segment the rank of each document's first keyword, NaN for none."""
    columns = [segment.columns.first_keywords(name) for segment in snapshot.segments]
    keywords = sorted(set().union(*(values for values, _firsts in columns)))
    ranks = {value: rank for rank, value in enumerate(keywords)}
    # Index -1, for documents without a keyword, is the NaN at the end.
    return [
        np.array([*(ranks[value] for value in values), np.nan], np.float64)[firsts]
        for values, firsts in columns
    ]
