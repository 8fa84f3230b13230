"""What resolving gives: the terms of a query looked up in one snapshot, and their weight tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeVar

from searchd.highlighting.matchers import Matcher
from searchd.search.plan import QueryWord
from searchd.search.term_weights import TermWeight
from searchd.search.weight_tree import Weight

_Leaf = TypeVar("_Leaf", contravariant=True)


class ResolvedTerm(NamedTuple):
    """One term of the query, looked up.

    `boost` is what its rarity in the language multiplies its score by. `similar` are stems that
    were searched in its place, as no document contains it. `synonyms` are those that documents
    contain. `rescored` says whether the second stage looks at it; `find_similar` gives the weight
    of words like it, None where that is not asked for.
    """

    word: QueryWord
    field: str
    weight: TermWeight
    matchers: tuple[Matcher, ...]
    lemma: str = ""
    boost: float = 1.0
    synonyms: tuple[str, ...] = ()
    similar: tuple[str, ...] = ()
    rescored: bool = False
    find_similar: Callable[[], TermWeight] | None = None

    @property
    def documents(self) -> int:
        """The number of documents that match the term itself, on its widest level."""
        return 0 if self.similar else self.weight.levels[0].documents


class ResolvedLeaf(NamedTuple):
    """The terms of one leaf of a plan, and the function words that were left out, as typed."""

    terms: tuple[ResolvedTerm, ...]
    ignored: tuple[str, ...] = ()


class LeafResolver(Protocol[_Leaf]):
    """Looks up the terms of one kind of leaf."""

    def resolve(self, leaf: _Leaf) -> ResolvedLeaf:
        """Return the terms of a leaf of a plan."""
        ...


@dataclass(frozen=True, slots=True)
class ResolvedQuery:
    """A weight tree, and the terms of the query in its order, without those that must not match.

    `ignored` are the function words that were left out, as typed.
    """

    weight: Weight
    terms: tuple[ResolvedTerm, ...]
    ignored: tuple[str, ...]
