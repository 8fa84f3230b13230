"""Plans: what a query asks of each segment, with every term looked up.

A plan says which documents match and what they score. It belongs to one snapshot: matches hold
document numbers of its segments, idf values count its documents.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from indexer.segment.postings import LevelFrequencies
from indexer.segment.segment import Segment
from indexer.segment.sorted_arrays import BoolArray, FloatArray, IdArray


class Matches(NamedTuple):
    """The matching documents of a segment: int32 or int64 [n] ascending, their float32 [n] scores."""

    ids: IdArray
    scores: FloatArray


class Level(NamedTuple):
    """What a match on one level is worth: `weight * idf` times the saturation of its frequency.

    `name` is "lemma", "stem", "surface", "similar" or "synonym", `terms` what was looked up: the
    forms of one word, or the words of a phrase. `documents` is how many match on this level.
    """

    name: str
    terms: tuple[str, ...]
    documents: int
    weight: float
    idf: float


class TermWeight(NamedTuple):
    """A word, phrase or pattern: it matches where any of its levels does; scores are summed.

    The first level is the widest of the word itself. `matches` has those of each segment; `counts`
    reads once more how often it stands in the documents of a segment, a column for each level.
    """

    field: str
    levels: tuple[Level, ...]
    matches: tuple[Matches, ...]
    counts: Callable[[Segment], LevelFrequencies]

    @property
    def documents(self) -> int:
        """How many documents match."""
        return sum(found.ids.size for found in self.matches)


class Column(NamedTuple):
    """Documents chosen by the values of a column: bool [documents] for each segment."""

    masks: Sequence[BoolArray]


class MatchAllPlan:
    """Every live document."""

    __slots__ = ()


class AllOf(NamedTuple):
    """All members must match; scores are summed."""

    plans: Sequence[Plan]


class AnyOf(NamedTuple):
    """One member at least must match; scores are summed.

    With a `coordination` above 0 the sum is multiplied by (members matched / members) raised to
    it, so documents with more of the words come first.
    """

    plans: Sequence[Plan]
    coordination: float = 0.0


class Without(NamedTuple):
    """The live documents that do not match; they score nothing."""

    plan: Plan


class Required(NamedTuple):
    """`plan` must match; `optional` only adds to the score."""

    plan: Plan
    optional: Plan


Plan = TermWeight | Column | MatchAllPlan | AllOf | AnyOf | Without | Required


def all_of(plans: Sequence[Plan]) -> Plan:
    """Return one plan for several that must all match."""
    return plans[0] if len(plans) == 1 else AllOf(plans)


def any_of(plans: Sequence[Plan], coordination: float = 0.0) -> Plan:
    """Return one plan for several of which one must match."""
    return plans[0] if len(plans) == 1 else AnyOf(plans, coordination)
