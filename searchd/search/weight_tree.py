"""The weight tree: a query resolved against one snapshot, ready to be scored segment by segment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from indexer.segment.sorted_arrays import BoolArray
from searchd.search.term_weights import TermWeight

if TYPE_CHECKING:
    from searchd.filter_tree import Condition


class ColumnMask(NamedTuple):
    """Documents that pass a condition on a column: bool [documents] for each segment; score 0.

    `condition` is that of the query, None for a mask that is made of several.
    """

    masks: Sequence[BoolArray]
    condition: Condition | None = None


class EveryDocument:
    """Every live document, with score 0."""

    __slots__ = ()


class AllOf(NamedTuple):
    """All members must match; scores are summed."""

    members: Sequence[Weight]


class AnyOf(NamedTuple):
    """At least one member must match; scores are summed.

    With a `coordination` above 0 the sum is multiplied by (members matched / members) raised to
    it, so documents that match more members come first.
    """

    members: Sequence[Weight]
    coordination: float = 0.0


class Without(NamedTuple):
    """The live documents that do not match `excluded`, with score 0."""

    excluded: Weight


class Required(NamedTuple):
    """`required` must match; `optional` only adds to the score."""

    required: Weight
    optional: Weight


Weight = TermWeight | ColumnMask | EveryDocument | AllOf | AnyOf | Without | Required
