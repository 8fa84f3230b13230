"""Sorting: the order of documents by one or several fields.

A sort key is a field, or `-field` for the largest first, or the score. Titles and keywords are in
alphabetical order (`analyzers.collation`). Documents without a value come last in both directions;
those that are equal by every key are in the order of their ids.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.fields import FieldType
from indexer.segment.sorted_arrays import BoolArray, FloatArray, IdArray
from indexer.snapshot import Snapshot
from searchd.cursors import CursorValue, sort_value
from searchd.errors import FilterSyntaxError
from searchd.query.field_names import resolve_field_name
from searchd.search.filters import column_names
from searchd.search.sort_columns import Numbers, SortColumns

RELEVANCE = "score"
"""The sort key for the score of a document, the highest first."""

_IDS_READ_ONE_BY_ONE = 2000
"""Of more documents than these that are equal by every key, the ids are not read but ranked."""

_DIRECTION = re.compile(r"(\w+)[\s:]+(asc|desc)(?:ending)?", re.IGNORECASE)

Rows = npt.NDArray[np.intp]


class SortKey(NamedTuple):
    """A field to sort by, the largest first where `descending`."""

    name: str
    descending: bool


class SortOrder:
    """An order of the documents of one snapshot by several keys, the first deciding.

    `ids` of a method are documents numbered over the whole snapshot, ascending, and `scores` theirs.
    """

    def __init__(self, keys: Sequence[SortKey], snapshot: Snapshot, columns: SortColumns) -> None:
        self.keys = tuple(keys)
        self._snapshot = snapshot
        self._columns = columns

    @property
    def written_keys(self) -> tuple[str, ...]:
        """The keys as they are written: each field, with `-` before one in descending order."""
        return tuple(
            f"-{key.name}" if key.descending and key.name != RELEVANCE else key.name
            for key in self.keys
        )

    @property
    def uses_scores(self) -> bool:
        """Whether the score is one of the keys."""
        return any(key.name == RELEVANCE for key in self.keys)

    @property
    def kinds(self) -> tuple[type[float] | type[str], ...]:
        """The type of the value of each key."""
        return tuple(str if self._columns.has_keys(key.name) else float for key in self.keys)

    def page(self, ids: IdArray, scores: FloatArray, first: int, last: int) -> Rows:
        """Return the rows of `ids` of the documents from place `first` to before `last`."""
        last = min(last, ids.size)
        if first >= last:
            return np.empty(0, np.intp)
        values = self._values(ids, scores)
        rows = _least(values[0], last)
        order = rows[np.lexsort((ids[rows], *(each[rows] for each in reversed(values))))]
        if any(key.name == "id" for key in self.keys):
            return order[first:last]
        # Of documents that tie only those that share a place with the page need their ids.
        ends = np.zeros(order.size, np.bool_)
        ends[-1] = True
        for each in values:
            ends[:-1] |= each[order[1:]] != each[order[:-1]]
        stops = ends.nonzero()[0] + 1
        group = int(stops.searchsorted(first, side="right"))
        low = int(stops[group - 1]) if group else 0
        high = int(stops[stops.searchsorted(last, side="left")])
        if np.count_nonzero(ends[low:high]) < high - low:
            groups = ends[low:high].cumsum() - ends[low:high]
            tied = order[low:high]
            order[low:high] = tied[np.lexsort((self._id_ranks(ids[tied]), groups))]
        return order[first:last]

    def after(
        self,
        ids: IdArray,
        scores: FloatArray,
        values: Sequence[CursorValue],
        document_id: str,
    ) -> BoolArray:
        """Return which documents come after a place in the order; bool [ids].

        The place is that of a document with these values and this id, which need not exist any more.
        """
        later = np.zeros(ids.size, np.bool_)
        if not ids.size:
            return later
        equal = np.ones(ids.size, np.bool_)
        for key, column, value in zip(self.keys, self._values(ids, scores), values, strict=True):
            place = self._place(key, value, document_id)
            later |= equal & (column > place)
            equal &= column == place
        tied = equal.nonzero()[0]
        if tied.size > _IDS_READ_ONE_BY_ONE:
            place = self._columns.key_column("id").place(document_id)
            later[tied] = self._columns.values("id")[ids[tied]] > place
        else:
            wanted = document_id.encode("utf-8", "surrogatepass")
            later[tied] = [found > wanted for found in self._read_ids(ids[tied])]
        return later

    def _values(self, ids: IdArray, scores: FloatArray) -> list[Numbers]:
        """Return for each key the values of some documents, ascending; infinity for no value."""
        found = []
        for key in self.keys:
            if key.name == RELEVANCE:
                found.append(-scores.astype(np.float64))
                continue
            values = self._columns.values(key.name)[ids]
            values = -values if key.descending else values
            values[np.isnan(values)] = np.inf
            found.append(values)
        return found

    def _place(self, key: SortKey, value: CursorValue, document_id: str) -> float:
        """Return the number that a value has among those of `_values`."""
        if value is None:
            return np.inf
        number = self._rank(key.name, value, document_id) if isinstance(value, str) else value
        return -number if key.descending else number

    def _rank(self, name: str, key: str, document_id: str) -> float:
        """Return the rank of a key, which is that of a document with this id if there is one still."""
        column = self._columns.key_column(name)
        found = self._snapshot.find_document(document_id)
        if found is not None:
            rank = float(column.ranks[self._snapshot.bases[found[0]] + found[1]])
            if self._key_of(name, found) == key:
                return rank
        return column.place(key)

    def _key_of(self, name: str, place: tuple[int, int]) -> str | None:
        segment, number = self._snapshot.segments[place[0]], place[1]
        value = sort_value(name, segment.documents.stored_fields([number])[0])
        return value if isinstance(value, str) else None

    def _id_ranks(self, ids: IdArray) -> npt.NDArray[np.float64]:
        """Return numbers that put some documents in the order of their ids."""
        if ids.size > _IDS_READ_ONE_BY_ONE:
            return self._columns.values("id")[ids]
        found = self._read_ids(ids)
        ranks = np.empty(ids.size, np.float64)
        ranks[sorted(range(ids.size), key=found.__getitem__)] = np.arange(ids.size)
        return ranks

    def _read_ids(self, ids: IdArray) -> list[bytes]:
        found: list[bytes] = []
        owners = np.searchsorted(self._snapshot.bases, ids, side="right") - 1
        for owner, number in zip(owners.tolist(), ids.tolist(), strict=True):
            segment, base = self._snapshot.segments[owner], self._snapshot.bases[owner]
            found.append(segment.documents.id(number - base))
        return found


def _least(values: Numbers, count: int) -> Rows:
    """Return the rows of the `count` least values, with all that equal the last of them."""
    if count >= values.size:
        return np.arange(values.size)
    threshold = np.partition(values, count - 1)[count - 1]
    rows: Rows = (values <= threshold).nonzero()[0]
    return rows


def parse_sort(text: str, snapshot: Snapshot, columns: SortColumns) -> SortOrder:
    """Return the order of a text such as `-date,title`. Raises FilterSyntaxError."""
    keys = []
    for part in text.split(","):
        name = part.strip().removeprefix("-")
        name = resolve_field_name(name, snapshot.fields) or name
        kind = snapshot.field_type(name)
        if name not in (RELEVANCE, "title", "id") and kind in (None, FieldType.TEXT):
            raise FilterSyntaxError(
                f"there is no field {name!r} to sort by; this index has {RELEVANCE}, title, id, "
                f"{column_names(snapshot)}{_direction_hint(name)}"
            )
        descending = part.strip().startswith("-") or name == RELEVANCE
        keys.append(SortKey(name, descending))
    return SortOrder(keys, snapshot, columns)


def _direction_hint(written: str) -> str:
    """Return how a direction is written, where one is written as in other systems."""
    named = _DIRECTION.fullmatch(written)
    if named is None:
        return ""
    name, direction = named.groups()
    descending = direction.lower().startswith("desc")
    return f"; write {'-' if descending else ''}{name} for that direction"
