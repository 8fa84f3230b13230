"""Candidate queries: a weight tree as a query of the cluster, whose scores choose the candidates.

The cluster scores each term by BM25 with its own idf; the boost of a term is what brings this to the
weight and the idf of its level. The stems of one lemma count there as separate words, of which the best
counts most, and here as one: so the order of the cluster is near that of searchd, and that is computed
anew for the candidates.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from analyzers.analyzer import Terms
from indexer.cluster.mapping import terms_field
from indexer.lookups import PhraseLookup, WordLookup
from searchd.cluster.filter_translation import Fields, condition_query
from searchd.cluster.requests import EVERYTHING, Query, all_of, any_of, phrase_query, word_query
from searchd.cluster.statistics import Answers
from searchd.search.term_weights import LevelWeight, TermWeight
from searchd.search.weight_tree import (
    AllOf,
    AnyOf,
    ColumnMask,
    EveryDocument,
    Required,
    Weight,
    Without,
)

_OTHER_STEMS = 0.4
"""How much of its score each further stem of a lemma adds to the best of them."""

_MOST_SCORED = 64
"""Terms of one level that are scored one by one; of more, as of a pattern, all count the same."""


class CandidateQuery:
    """Writes the queries of candidates, with the numbers that the cluster gave."""

    def __init__(self, answers: Answers, fields: Fields) -> None:
        self._answers = answers
        self._fields = fields

    def of(self, weight: Weight) -> Query:
        """Return the query of the documents that match a weight tree."""
        match weight:
            case TermWeight():
                return self._term(weight)
            case AnyOf():
                return any_of([self.of(member) for member in weight.members])
            case AllOf():
                return all_of([self.of(member) for member in weight.members])
            case Required():
                optional = self.of(weight.optional)
                return {"bool": {"must": [self.of(weight.required)], "should": [optional]}}
            case Without():
                return {"bool": {"filter": [EVERYTHING], "must_not": [self.of(weight.excluded)]}}
            case ColumnMask():
                assert weight.condition is not None
                return {"bool": {"filter": [condition_query(weight.condition, self._fields)]}}
            case EveryDocument():
                return {"bool": {"filter": [EVERYTHING]}}

    def _term(self, term: TermWeight) -> Query:
        """Return the query of a word, phrase or pattern: its levels, whose scores are summed."""
        return any_of([query for level in term.levels for query in self._level(level)])

    def _level(self, level: LevelWeight) -> list[Query]:
        lookup = level.lookup
        if isinstance(lookup, PhraseLookup):
            found = phrase_query(lookup, self._answers.written_forms)
            return [{"bool": {"must": [found], "boost": level.weight}}]
        gain = level.weight * level.idf
        if len(lookup.stems) + len(lookup.forms) > _MOST_SCORED:
            found = word_query(lookup, self._answers.written_forms)
            return [{"constant_score": {"filter": found, "boost": gain / 2}}]
        queries: list[Query] = []
        for stem in lookup.stems:
            one = WordLookup(lookup.field, (stem,))
            idf = level.idf if one == lookup else self._idf(one)
            queries.append(_scored(terms_field(lookup.field, "stem"), stem, gain / idf))
        for form in lookup.forms:
            queries += self._form(lookup, form, level, gain)
        return _best_of(queries)

    def _form(
        self, lookup: WordLookup, form: Terms, level: LevelWeight, gain: float
    ) -> list[Query]:
        if form.spelling is not None:
            name = terms_field(lookup.field, "written")
            written = self._answers.written_forms(lookup.field, form)
            return [_scored(name, each, level.weight) for each in written]
        one = WordLookup(lookup.field, (), (form,))
        idf = level.idf if one == lookup else self._idf(one)
        return [_scored(terms_field(lookup.field, "surface"), form.surface, gain / idf)]

    def _idf(self, lookup: WordLookup) -> float:
        documents = self._answers.totals.documents
        found = min(self._answers.count(lookup), documents)
        return math.log(1 + (documents - found + 0.5) / (found + 0.5))


def _scored(name: str, term: str, boost: float) -> Query:
    return {"term": {name: {"value": term, "boost": boost}}}


def _best_of(queries: Sequence[Query]) -> list[Query]:
    if len(queries) < 2:
        return list(queries)
    return [{"dis_max": {"queries": list(queries), "tie_breaker": _OTHER_STEMS}}]
