"""Refining: the facets of a result, and what its groups go by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from indexer.fields import FieldType
from indexer.segment.sorted_arrays import IdArray
from indexer.snapshot import Snapshot
from searchd import budget
from searchd.errors import FilterSyntaxError
from searchd.facets import Facet, FacetCounts
from searchd.filter_tree import Filter, conditions_of
from searchd.query.field_names import resolve_field_name
from searchd.search.facet_counts import FacetCounter
from searchd.search.facet_values import resolve_facet
from searchd.search.filter_masks import FilterMasks
from searchd.search.matching import allowed_documents
from searchd.search.segment_scorer import SegmentScorer
from searchd.search.weight_tree import ColumnMask, Weight


class Refiner:
    """Counts facets of results of one snapshot, and numbers groups. Threads may share it."""

    def __init__(self, snapshot: Snapshot, masks: FilterMasks) -> None:
        self._snapshot = snapshot
        self._masks = masks
        self._counter = FacetCounter(snapshot)

    def resolve(self, facets: Sequence[Facet]) -> list[Facet]:
        """Return facets with the names that fields have in the index. Raises FilterSyntaxError."""
        return [resolve_facet(facet, self._snapshot) for facet in facets]

    def count(
        self,
        facets: Sequence[Facet],
        weight: Weight,
        filters: Sequence[ColumnMask],
        facet_filters: Sequence[Filter],
    ) -> tuple[FacetCounts, ...]:
        """Count resolved facets over the documents that match a weight tree and pass filters.

        A facet filter does not narrow the counts of the field that it asks for.
        """
        matching = self._matching(weight, filters)
        chosen = [
            (filtered_field(tree), np.concatenate(self._masks.mask(tree).masks))
            for tree in facet_filters
            if self._snapshot.segments
        ]
        narrowed: dict[tuple[int, ...], IdArray] = {}
        counts = []
        for facet in facets:
            key = tuple(n for n, (field, _mask) in enumerate(chosen) if field != facet.field)
            if key not in narrowed:
                ids = matching
                for number in key:
                    ids = ids[chosen[number][1][ids]]
                narrowed[key] = ids
            counts.append(self._counter.count(facet, narrowed[key]))
        return tuple(counts)

    def group_field(self, written: str) -> str:
        """Return the name of the field to group by. Raises FilterSyntaxError."""
        return group_field(written, self._snapshot.fields)

    def group_codes(self, name: str) -> IdArray:
        """Return the number of the first keyword of each document, -1 for none."""
        return self._counter.first_codes(name)

    def _matching(self, weight: Weight, filters: Sequence[ColumnMask]) -> IdArray:
        """Return the documents that match, numbered over the snapshot; int64 [n]."""
        return np.concatenate([np.empty(0, np.int64), *self._segments(weight, filters)])

    def _segments(self, weight: Weight, filters: Sequence[ColumnMask]) -> Iterator[IdArray]:
        for number, mask in enumerate(allowed_documents(filters, self._snapshot)):
            budget.check("facets")
            found = SegmentScorer(self._snapshot, number).matching(weight, mask)
            yield found + self._snapshot.bases[number]


def group_field(written: str, fields: Mapping[str, FieldType]) -> str:
    """Return the name of the keyword field to group by. Raises FilterSyntaxError."""
    name = resolve_field_name(written, fields) or written
    if name == "id" or fields.get(name) is not FieldType.KEYWORD:
        names = [
            each for each, kind in fields.items() if kind is FieldType.KEYWORD and each != "id"
        ]
        raise FilterSyntaxError(
            f"there is no keyword field {written!r} to group by; "
            f"this index has {', '.join(names) or 'none'}"
        )
    return name


def filtered_field(tree: Filter) -> str:
    """Return the field that a facet filter asks for. Raises FilterSyntaxError for several or none."""
    names = {leaf.field for leaf, _holds in conditions_of(tree)}
    if len(names) != 1:
        raise FilterSyntaxError(
            f"the facet filter {str(tree)!r} has conditions on "
            f"{' and '.join(sorted(names)) or 'no field'}; give one facet filter for each field, and "
            "put what belongs to several in a filter"
        )
    return names.pop()
