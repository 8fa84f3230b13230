"""Looking terms up: the documents of words and phrases on one level, and what a match is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from analyzers.analysis import Terms
from indexer.segment.segment import DEFAULT_FIELD, Places, PositionArray, Postings, Segment
from indexer.segment.text import run_starts
from indexer.segment.values import TITLE_WEIGHT
from indexer.snapshot import Snapshot
from searchd.execution.bm25 import idf
from searchd.execution.phrases import phrase_spans
from searchd.execution.plan import Level


def find_any(
    snapshot: Snapshot, field: str, level: str, terms: Mapping[str, float], weight: float
) -> Level:
    """Return the documents that hold any of the terms, as if they were one term.

    `terms` maps each term to what an occurrence of it counts.
    """
    postings = [_union(segment, field, level, terms) for segment in snapshot.segments]
    frequency = sum(found.ids.size for found in postings)
    rarity = idf(snapshot.document_count, frequency)
    return Level(field, level, tuple(terms), postings, weight, rarity)


def find_phrase(
    snapshot: Snapshot,
    field: str,
    words: Sequence[Terms],
    slop: int,
    levels: Sequence[tuple[str, float]],
) -> list[Level]:
    """Return the documents that hold a phrase, on each of some levels, the widest first.

    Its idf is the sum of those of its words. No phrase runs from the title into the text.
    """
    fields = ("title", "text") if field == DEFAULT_FIELD else (field,)
    by_segment = [
        _join([_phrase_in(segment, name, words, slop, levels) for name in fields])
        for segment in snapshot.segments
    ]
    return [
        Level(
            field,
            level,
            tuple(getattr(word, level) for word in words),
            [found[number] for found in by_segment],
            weight,
            sum(_idf_of(snapshot, field, level, getattr(word, level)) for word in words),
        )
        for number, (level, weight) in enumerate(levels)
    ]


def _idf_of(snapshot: Snapshot, field: str, level: str, term: str) -> float:
    return idf(snapshot.document_count, snapshot.document_frequency(field, level, term))


def _union(segment: Segment, field: str, level: str, terms: Mapping[str, float]) -> Postings:
    if len(terms) == 1:
        (term,) = terms
        return segment.postings(field, level, term)
    weights = np.zeros(segment.document_count, np.float32)
    for term, factor in terms.items():
        found = segment.postings(field, level, term)
        weights[found.ids] += found.weights * np.float32(factor)
    ids = np.flatnonzero(weights)
    return Postings(ids, weights[ids])


def _join(fields: Sequence[list[Postings]]) -> list[Postings]:
    """Put the postings of several text fields together, for each level."""
    return [_merge(found) for found in zip(*fields, strict=True)]


def _merge(members: Sequence[Postings]) -> Postings:
    some = [postings for postings in members if postings.ids.size]
    if len(some) < 2:
        return some[0] if some else members[0]
    ids = np.unique(np.concatenate([postings.ids for postings in some]))
    weights = np.zeros(ids.size, np.float32)
    for postings in some:
        weights[np.searchsorted(ids, postings.ids)] += postings.weights
    return Postings(ids, weights)


_NOWHERE = Postings(np.empty(0, np.int64), np.empty(0, np.float32))


def _phrase_in(
    segment: Segment,
    field: str,
    words: Sequence[Terms],
    slop: int,
    levels: Sequence[tuple[str, float]],
) -> list[Postings]:
    """Return the documents that hold a phrase in one text field, on each level."""
    found = [segment.word(field, word) for word in words]
    known = [word for word in found if word is not None]
    places = segment.places(field, known) if len(known) == len(words) else []
    weight = TITLE_WEIGHT if field == "title" else 1
    return [_count(_keys(places, level), slop, weight) for level, _weight in levels]


def _keys(places: Sequence[Places], level: str) -> list[PositionArray]:
    """Return the places of each word on a level; nothing where a word has none."""
    if level == "stem":
        return [found.keys for found in places]
    exact = [found.keys[found.exact] for found in places if found.exact is not None]
    return exact if len(exact) == len(places) else []


def _count(words: Sequence[PositionArray], slop: int, weight: int) -> Postings:
    """Return the documents in which the words stand as a phrase, and how often, with weight."""
    if not words or not all(keys.size for keys in words):
        return _NOWHERE
    starts, _ends = phrase_spans(words, slop)
    documents = starts >> 32
    first = run_starts(documents)
    counts = np.diff(first, append=documents.size).astype(np.float32)
    return Postings(documents[first], counts * weight)
