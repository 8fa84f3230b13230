"""What a search asks a cluster: queries of lookups, in its query language."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from analyzers.analyzer import Terms
from indexer.cluster.mapping import terms_field
from indexer.cluster.term_encoding import SEPARATOR
from indexer.lookups import PhraseLookup, WordLookup

Query = dict[str, Any]
"""A query as the cluster understands it."""


class WrittenLookup(NamedTuple):
    """The documents that contain a surface form spelled in one way in a field."""

    field: str
    surface: str
    spelling: str


class FollowingLookup(NamedTuple):
    """The documents that contain some words in a row in a field, and a surface form right after them.

    One word before it is compared by its surface form, several by their stems. With `surface` "" any
    word comes after them, or none.
    """

    field: str
    words: tuple[Terms, ...]
    surface: str = ""


ClusterLookup = WordLookup | PhraseLookup | WrittenLookup | FollowingLookup

WrittenForms = Callable[[str, Terms], Sequence[str]]
"""Returns the spellings in which a field has a surface form that agree with what a word asks for."""

EVERYTHING: Query = {"match_all": {}}
NOTHING: Query = {"match_none": {}}

_RESERVED = re.compile(r"[^\w]", re.ASCII)


def any_of(queries: Sequence[Query]) -> Query:
    """Return the query of documents that match any of some; the scores are summed."""
    if not queries:
        return NOTHING
    if len(queries) == 1:
        return queries[0]
    return {"bool": {"should": list(queries), "minimum_should_match": 1}}


def all_of(queries: Sequence[Query]) -> Query:
    """Return the query of documents that match all of some; the scores are summed."""
    return queries[0] if len(queries) == 1 else {"bool": {"must": list(queries)}}


def filtered(query: Query, filters: Sequence[Query]) -> Query:
    """Return a query with conditions that add no score."""
    return {"bool": {"must": [query], "filter": list(filters)}} if filters else query


def word_query(lookup: WordLookup, written: WrittenForms) -> Query:
    """Return the query of the documents that a lookup of a word finds, without scores."""
    stems = list(lookup.stems)
    surfaces = [form.surface for form in lookup.forms if form.spelling is None]
    spelled = [
        token
        for form in lookup.forms
        if form.spelling is not None
        for token in written(lookup.field, form)
    ]
    queries: list[Query] = [
        {"terms": {terms_field(lookup.field, kind): terms}}
        for kind, terms in (("stem", stems), ("surface", surfaces), ("written", spelled))
        if terms
    ]
    return any_of(queries)


def phrase_query(lookup: PhraseLookup, written: WrittenForms) -> Query:
    """Return the query of the documents that a phrase occurs in; its score counts the occurrences."""
    words = lookup.words
    spelled = lookup.exact and any(word.spelling is not None for word in words)
    if not spelled:
        kind = "surface" if lookup.exact else "stem"
        terms = [word.surface if lookup.exact else word.stem for word in words]
        name = terms_field(lookup.field, kind)
        if lookup.slop == 0 and lookup.ordered:
            return {"match_phrase": {name: {"query": " ".join(terms)}}}
        return _near(name, [[term] for term in terms], lookup)
    name = terms_field(lookup.field, "written")
    alternatives = [list(written(lookup.field, word)) for word in words]
    if not all(alternatives):
        return NOTHING
    return _near(name, alternatives, lookup)


def _near(name: str, alternatives: Sequence[Sequence[str]], lookup: PhraseLookup) -> Query:
    clauses: list[Query] = []
    for terms in alternatives:
        found: list[Query] = [{"span_term": {name: term}} for term in terms]
        clauses.append(found[0] if len(found) == 1 else {"span_or": {"clauses": found}})
    near = {"clauses": clauses, "slop": lookup.slop, "in_order": lookup.ordered}
    return {"span_near": near}


def lookup_query(lookup: ClusterLookup, written: WrittenForms) -> Query:
    """Return the query of the documents that a lookup finds."""
    match lookup:
        case WordLookup():
            return word_query(lookup, written)
        case PhraseLookup():
            return phrase_query(lookup, written)
        case WrittenLookup(field, surface, spelling):
            return {"term": {terms_field(field, "written"): written_token(surface, spelling)}}
        case FollowingLookup():
            return following_query(lookup)


def following_query(lookup: FollowingLookup) -> Query:
    """Return the query of the documents in which a word comes after others."""
    by_surface, by_stem = (terms_field(lookup.field, kind) for kind in ("surface", "stem"))
    if len(lookup.words) == 1:
        row = f"{lookup.words[0].surface} {lookup.surface}".strip()
        return {"match_phrase": {by_surface: row}}
    clauses: list[Query] = [{"span_term": {by_stem: word.stem}} for word in lookup.words]
    if lookup.surface:
        last = {"span_term": {by_surface: lookup.surface}}
        clauses.append({"field_masking_span": {"query": last, "field": by_stem}})
    return {"span_near": {"clauses": clauses, "slop": 0, "in_order": True}}


def escaped(text: str) -> str:
    """Return a text as the regular expressions of a cluster write it."""
    return "".join(
        f"\\{character}" if character.isascii() and _RESERVED.match(character) else character
        for character in text
    )


def written_token(surface: str, spelling: str) -> str:
    """Return the term of a surface form as it is spelled."""
    return f"{surface}{SEPARATOR}{spelling}"
