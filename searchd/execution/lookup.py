"""Looking terms up: the documents of words and phrases on one level, and what a match is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from analyzers.analysis import Terms
from indexer.segment.segment import DEFAULT_FIELD, PlaceArray, Places, Postings, Segment, Word
from indexer.segment.text import run_starts
from indexer.segment.values import TITLE_WEIGHT
from indexer.snapshot import Snapshot
from searchd.execution.bm25 import idf
from searchd.execution.phrases import phrase_spans, rows
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
    known = [found for word in words if (found := segment.word(field, word)) is not None]
    if len(known) < len(words):
        return [_NOWHERE for _level in levels]
    places = segment.places(field, known)
    find = _in_a_row if slop == 0 else _with_slop
    starts = find(places, known, slop)
    return [_count(segment, field, starts[level]) for level, _weight in levels]


def _in_a_row(places: Sequence[Places], words: Sequence[Word], _slop: int) -> dict[str, PlaceArray]:
    """Return where the words stand in a row, by stem and in their exact surface forms."""
    starts, numbers = rows([found.keys for found in places])
    exact = np.ones(starts.size, np.bool_)
    for found, word, chosen in zip(places, words, numbers, strict=True):
        exact &= found.codes[chosen] == (-1 if word.code is None else word.code)
    return {"stem": starts, "surface": starts[exact]}


def _with_slop(places: Sequence[Places], words: Sequence[Word], slop: int) -> dict[str, PlaceArray]:
    exact = [_exact(found, word) for found, word in zip(places, words, strict=True)]
    by_stem, _ends = phrase_spans([found.keys for found in places], slop)
    by_surface, _ends = phrase_spans(exact, slop)
    return {"stem": by_stem, "surface": by_surface}


def _exact(places: Places, word: Word) -> PlaceArray:
    """Return the places where a word has its exact surface form."""
    return places.keys[:0] if word.code is None else places.keys[places.codes == word.code]


def _count(segment: Segment, field: str, starts: PlaceArray) -> Postings:
    """Return the live documents in which phrases start, and how often, with weight."""
    if not starts.size:
        return _NOWHERE
    documents = segment.documents_at(field, starts)
    if segment.entry.deletions:
        documents = documents[segment.live[documents]]
    first = run_starts(documents)
    counts = np.diff(first, append=documents.size).astype(np.float32)
    return Postings(documents[first], counts * (TITLE_WEIGHT if field == "title" else 1))
