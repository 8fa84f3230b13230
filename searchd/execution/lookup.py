"""Looking terms up: the documents of words and phrases on one level, and what a match is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from analyzers.analysis import Terms
from indexer.segment.segment import DEFAULT_FIELD, Postings, Segment
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
    """Return the documents that hold a phrase in one text field, on each level.

    A narrower level is looked for only where the wider one matched.
    """
    surfaces = [segment.field(field).surface(word.surface) for word in words]
    stems = [segment.field(field).stems.find(word.stem.encode()) for word in words]
    known = [stem for stem in stems if stem is not None]
    documents = segment.holders(field, known) if len(known) == len(words) else _NOWHERE.ids
    found = []
    for level, _weight in levels:
        codes = [None if level == "stem" or surface is None else surface[1] for surface in surfaces]
        if level == "surface" and None in surfaces:
            documents = _NOWHERE.ids
        if documents.size:
            places = [
                segment.positions(field, stem, documents, code)
                for stem, code in zip(known, codes, strict=True)
            ]
            starts, _ends = phrase_spans(places, slop)
            documents = starts >> 32
        first = run_starts(documents)
        counts = np.diff(first, append=documents.size).astype(np.float32)
        documents = documents[first]
        found.append(Postings(documents, counts * (TITLE_WEIGHT if field == "title" else 1)))
    return found
