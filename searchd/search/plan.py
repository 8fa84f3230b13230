"""The query plan: a query with its words analysed, before any term is looked up.

A plan depends on the query, the analysis and the types of fields, not on the documents.
`searchd.search.query_resolver` looks its terms up in one snapshot.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from analyzers.analyzer import Terms

if TYPE_CHECKING:
    from searchd.filter_tree import Compare


class QueryWord(NamedTuple):
    """A word, phrase or pattern as typed, its code point offset in the query, and its terms.

    `boost` multiplies its score.
    """

    position: int
    text: str
    terms: Terms
    boost: float = 1.0


class WordsQuery(NamedTuple):
    """Words of which any may match. Stop words are left out, unless the query is nothing else.

    `alone` is whether these words are all that the query asks for.
    """

    words: tuple[QueryWord, ...]
    field: str
    alone: bool


class TermQuery(NamedTuple):
    """One word that must match, even a stop word."""

    word: QueryWord
    field: str


class SurfaceQuery(NamedTuple):
    """One word in exactly this surface form."""

    word: QueryWord
    field: str


class PhraseQuery(NamedTuple):
    """Words in this order, or in any where not `ordered`, with at most `slop` others between them.

    `typed` is the phrase as a whole; with `exact` every word has its surface form. `variants` are
    the same phrase with its particles joined to the next word, or apart from it, and with stems of
    its first word that keep a proclitic.
    """

    words: tuple[QueryWord, ...]
    typed: QueryWord
    field: str
    slop: int
    exact: bool
    ordered: bool = True
    variants: tuple[tuple[Terms, ...], ...] = ()


def written_words(words: Sequence[QueryWord]) -> Iterator[list[QueryWord]]:
    """Yield the parts of each written word: several where analysis splits it."""
    for _position, parts in groupby(words, attrgetter("position")):
        yield list(parts)


def phrase_of(words: Sequence[QueryWord], field: str) -> PhraseQuery:
    """Return the phrase of the parts of one written word, which share its text and position."""
    typed = words[0]._replace(terms=Terms.joined([word.terms for word in words]))
    return PhraseQuery(tuple(words), typed, field, 0, exact=False)


class WildcardQuery(NamedTuple):
    """A pattern over surface forms: `*` for any letters, `?` for one.

    `query` is the text of the whole query, for messages.
    """

    word: QueryWord
    field: str
    query: str


class FuzzyQuery(NamedTuple):
    """Words, or surface forms within an edit distance of one of them."""

    words: tuple[QueryWord, ...]
    typed: QueryWord
    field: str
    distance: int


class ColumnQuery(NamedTuple):
    """Documents whose column compares with a value, as in a filter."""

    field: str
    value: str
    operator: str = "="


class AnyValueQuery(NamedTuple):
    """Documents with any value in a field."""

    field: str


class MatchAllQuery:
    """Every document."""

    __slots__ = ()


class BooleanQuery(NamedTuple):
    """A combination: all of `must` and none of `must_not`; `should` adds to the score.

    Without `must` one of `should` has to match, where there is one. `coordinated` favours documents
    that match more of `should` (`Ranking.coordination`).
    """

    should: tuple[Query, ...] = ()
    must: tuple[Query, ...] = ()
    must_not: tuple[Query, ...] = ()
    coordinated: bool = False


class BoostQuery(NamedTuple):
    """A query whose scores are multiplied by a factor."""

    query: Query
    factor: float


Query = (
    WordsQuery
    | TermQuery
    | SurfaceQuery
    | PhraseQuery
    | WildcardQuery
    | FuzzyQuery
    | ColumnQuery
    | AnyValueQuery
    | MatchAllQuery
    | BoostQuery
    | BooleanQuery
)


def comparison_of(query: ColumnQuery) -> Compare:
    """Return the comparison that a query asks for, as filters have it."""
    from searchd.filter_tree import OPERATORS, Compare  # few queries have conditions

    for operator in OPERATORS:
        if operator == query.operator:
            return Compare(query.field, operator, query.value)
    raise AssertionError(query.operator)  # the planner knows these alone
