"""The plan of a query: its tree with every word looked up in the index.

Leaves hold postings already, one array pair for each segment, so running a plan reads nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.segment.segment import BoolArray, Postings


@dataclass(frozen=True, slots=True)
class Level:
    """The documents that match a leaf on one level, by segment, and what a match is worth.

    A match adds `weight * idf` times the saturation of its frequency. `field`, `name` ("stem" or
    "surface") and `terms` say what was looked up; several terms are one word's forms or a phrase.
    """

    field: str
    name: str
    terms: tuple[str, ...]
    postings: Sequence[Postings]
    weight: float
    idf: float

    @property
    def documents(self) -> int:
        """How many documents match on this level."""
        return sum(postings.ids.size for postings in self.postings)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A word, phrase or pattern: it matches where any of its levels does; scores are summed.

    The first level is the widest: every match of the others is one of it.
    """

    levels: Sequence[Level]


@dataclass(frozen=True, slots=True)
class Column:
    """Documents chosen by the values of a column: bool [documents] for each segment."""

    masks: Sequence[BoolArray]


@dataclass(frozen=True, slots=True)
class Everything:
    """Every live document."""


@dataclass(frozen=True, slots=True)
class Every:
    """All members must match; scores are summed."""

    plans: Sequence[Plan]


@dataclass(frozen=True, slots=True)
class Any:
    """One member at least must match; scores are summed.

    With a `coordination` above 0 the sum is multiplied by (members matched / members) raised to
    it, so documents with more of the words come first.
    """

    plans: Sequence[Plan]
    coordination: float = 0.0


@dataclass(frozen=True, slots=True)
class Without:
    """The live documents that do not match; they score nothing."""

    plan: Plan


@dataclass(frozen=True, slots=True)
class Required:
    """`plan` must match; `optional` only adds to the score."""

    plan: Plan
    optional: Plan


Plan = Leaf | Column | Everything | Every | Any | Without | Required


def all_of(plans: Sequence[Plan]) -> Plan:
    """Return one plan for several that must all match."""
    return plans[0] if len(plans) == 1 else Every(plans)


def any_of(plans: Sequence[Plan], coordination: float = 0.0) -> Plan:
    """Return one plan for several of which one must match."""
    return plans[0] if len(plans) == 1 else Any(plans, coordination)
