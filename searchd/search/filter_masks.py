"""Filter masks: the documents of one snapshot that pass filters, cached condition by condition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from indexer.segment.cache import CacheRegion
from indexer.segment.sorted_arrays import BoolArray
from indexer.snapshot import Snapshot
from searchd import budget
from searchd.filter_tree import Filter, FilterAnd, FilterNot, FilterOr
from searchd.search.filter_parser import parse_filter
from searchd.search.filters import condition_mask
from searchd.search.weight_tree import ColumnMask

_TREE_BYTES = 200
"""Bytes of a tree for each character of its filter, at most."""


class _CachedTree(NamedTuple):
    tree: Filter
    nbytes: int


class FilterMasks:
    """Evaluates the filters of one snapshot. Threads may share it.

    The mask of each condition is cached: filters of several searches share most of theirs, and to
    combine masks costs next to nothing.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        cache = snapshot.memory.cache
        # By their text: 1, 1.0 and True are equal in Python, and not the same keyword.
        self._masks: CacheRegion[str, ColumnMask] = cache.region(
            lambda found: sum(mask.nbytes for mask in found.masks)
        )
        self._trees: CacheRegion[str, _CachedTree] = cache.region(lambda found: found.nbytes)

    def parse(self, filters: Sequence[str | Filter]) -> list[Filter]:
        """Return the trees of filters, texts parsed. Raises FilterSyntaxError."""
        return [self._parse(each) if isinstance(each, str) else each for each in filters]

    def mask(self, tree: Filter) -> ColumnMask:
        """Return the documents that pass a filter; not to be written to.

        Raises FilterSyntaxError for a tree with a field or a value that cannot be compared.
        """
        match tree:
            case FilterNot():
                return ColumnMask([~mask for mask in self.mask(tree.member).masks])
            case FilterAnd():
                return self._reduced(np.logical_and, tree.members, empty=True)
            case FilterOr():
                return self._reduced(np.logical_or, tree.members, empty=False)
            case _:
                written = str(tree)
                budget.check(f"filter {written}")
                return self._masks.get_or_compute(
                    written, lambda: condition_mask(tree, self._snapshot)
                )

    def _reduced(self, combine: np.ufunc, members: Sequence[Filter], *, empty: bool) -> ColumnMask:
        found: list[BoolArray] = [
            np.full(segment.document_count, empty) for segment in self._snapshot.segments
        ]
        for member in members:
            for mask, other in zip(found, self.mask(member).masks, strict=True):
                combine(mask, other, out=mask)
        return ColumnMask(found)

    def _parse(self, text: str) -> Filter:
        def parsed() -> _CachedTree:
            return _CachedTree(parse_filter(text, self._snapshot.fields), _TREE_BYTES * len(text))

        return self._trees.get_or_compute(text, parsed).tree
