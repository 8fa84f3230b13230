"""Looking terms up: the documents of words and phrases on one level, and what a match is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

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
    snapshot: Snapshot, field: str, level: str, words: Sequence[str], slop: int, weight: float
) -> Level:
    """Return the documents that hold a phrase; its idf is the sum of those of its words."""
    postings = [_phrase(segment, field, level, words, slop) for segment in snapshot.segments]
    documents = snapshot.document_count
    return Level(
        field,
        level,
        tuple(words),
        postings,
        weight,
        sum(idf(documents, snapshot.document_frequency(field, level, word)) for word in words),
    )


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


def _phrase(segment: Segment, field: str, level: str, words: Sequence[str], slop: int) -> Postings:
    """Return the documents of a phrase; no phrase runs from the title into the text."""
    if field != DEFAULT_FIELD:
        return _phrase_in(segment, field, level, words, slop)
    text = _phrase_in(segment, "text", level, words, slop)
    title = _phrase_in(segment, "title", level, words, slop)
    if not title.ids.size:
        return text
    ids = np.union1d(text.ids, title.ids)
    weights = np.zeros(ids.size, np.float32)
    for found in (text, title):
        weights[np.searchsorted(ids, found.ids)] += found.weights
    return Postings(ids, weights)


def _phrase_in(
    segment: Segment, field: str, level: str, words: Sequence[str], slop: int
) -> Postings:
    holders = segment.holders(field, level, words)
    if holders.size:
        places = {word: segment.positions(field, level, word, holders) for word in set(words)}
        starts, _ends = phrase_spans([places[word] for word in words], slop)
        holders = starts >> 32
    first = run_starts(holders)
    counts = np.diff(first, append=holders.size).astype(np.float32)
    return Postings(holders[first], counts * (TITLE_WEIGHT if field == "title" else 1))
