"""Looking up: the documents of words, patterns and phrases, and what a match is worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from analyzers.analyzer import Terms
from indexer.segment.buffer_pool import ZeroedBufferPool
from indexer.segment.positions import POSITION_STRIDE
from indexer.segment.postings import LevelFrequencies, Postings, add_frequencies
from indexer.segment.segment import DEFAULT_FIELD, Segment
from indexer.segment.sorted_arrays import FloatArray, IdArray, run_starts
from indexer.snapshot import Snapshot
from searchd.search import bm25
from searchd.search.phrases import phrase_spans
from searchd.search.plan import Level, Matches, TermWeight
from searchd.search.top_k import distinct

Weights = Sequence[tuple[str, float]]
"""The levels to search and what a match on each is worth, the widest first."""

Reader = Callable[[Segment], LevelFrequencies]


def weigh_term(
    snapshot: Snapshot, field: str, terms: Terms, related_stems: Sequence[str], weights: Weights
) -> TermWeight:
    """Return the documents that hold a word on any of some levels.

    `related_stems` are the stems that other forms of its lemma have: the level "lemma" is they and its
    own stem.
    """
    names = [name for name, _weight in weights]

    def read(segment: Segment) -> LevelFrequencies:
        surface = terms.surface if "surface" in names else None
        own = segment.counts(field, terms.stem, surface)
        if names == ["surface"]:
            return LevelFrequencies(own.ids, own.frequencies[1:]).filter(own.frequencies[1] > 0)
        ids, lemma = own.ids, own.frequencies[0]
        columns = {"stem": lemma, "surface": own.frequencies[-1]}
        if "lemma" in names:
            lists = [found for _stem, found in segment.lists(field, related_stems)]
            if lists:
                ids, lemma = _sum([Postings(ids, lemma), *lists], segment)
            if ids.size > own.ids.size:
                columns = {
                    name: _spread(own.ids, column, ids, segment) for name, column in columns.items()
                }
        return LevelFrequencies(ids, tuple({"lemma": lemma, **columns}[name] for name in names))

    looked_up = {
        "lemma": (terms.stem, *related_stems),
        "stem": (terms.stem,),
        "surface": (terms.surface,),
    }
    levels = [(name, looked_up[name], weight) for name, weight in weights]
    return _leaf(snapshot, field, levels, read)


def union_of(
    snapshot: Snapshot,
    field: str,
    level: str,
    terms: Mapping[str, float],
    *,
    name: str,
    weight: float = 1.0,
    idf: float | None = None,
) -> TermWeight:
    """Return the documents that hold any of the terms of a level, as if they were one term.

    `terms` maps each term to what an occurrence of it counts; `name` is that of the new level,
    `idf` its rarity where that is not what the documents say.
    """

    def read(segment: Segment) -> LevelFrequencies:
        if level == "stem":
            lists = segment.lists(field, terms)
        else:
            lists = ((term, segment.postings(field, level, term)) for term in terms)
        ids, column = _sum(
            [Postings(ids, weights * np.float32(terms[term])) for term, (ids, weights) in lists],
            segment,
        )
        return LevelFrequencies(ids, (column,))

    return _leaf(snapshot, field, [(name, tuple(terms), weight)], read, idf)


def weigh_phrase(
    snapshot: Snapshot, field: str, words: Sequence[Terms], slop: int, weights: Weights
) -> TermWeight:
    """Return the documents that hold a phrase, on the levels "stem" and "surface".

    Its idf is the sum of those of its stems. No phrase runs from the title into the text.
    """
    names = [name for name, _weight in weights]

    def read(segment: Segment) -> LevelFrequencies:
        if field != DEFAULT_FIELD:
            return _phrase_in(segment, field, words, slop, names)
        title = _phrase_in(segment, "title", words, slop, names)
        return add_frequencies(_phrase_in(segment, "text", words, slop, names), title)

    rarity = sum(
        bm25.idf(snapshot.document_count, snapshot.document_frequency(field, "stem", word.stem))
        for word in words
    )
    levels = [(name, tuple(getattr(word, name) for word in words), w) for name, w in weights]
    return _leaf(snapshot, field, levels, read, rarity)


def weigh_synonyms(
    snapshot: Snapshot, word: TermWeight, synonyms: Sequence[TermWeight], factor: float
) -> TermWeight:
    """Return the documents that hold a word or a synonym, whose score counts `factor` times."""
    levels = [
        Level("synonym", level.terms, level.documents, level.weight * factor, level.idf)
        for synonym in synonyms
        for level in synonym.levels
    ]

    def read(segment: Segment) -> LevelFrequencies:
        members = [term_weight.counts(segment) for term_weight in (word, *synonyms)]
        ids = np.unique(np.concatenate([found.ids for found in members]))
        columns = [
            _spread(found.ids, column, ids, segment)
            for found in members
            for column in found.frequencies
        ]
        return LevelFrequencies(ids, tuple(columns))

    matches = []
    for number, segment in enumerate(snapshot.segments):
        members = [
            Postings(found.ids, found.scores * np.float32(weight))
            for term_weight, weight in ((word, 1.0), *((synonym, factor) for synonym in synonyms))
            if (found := term_weight.matches[number]).ids.size
        ]
        ids, scores = _sum(members, segment)
        matches.append(Matches(_compact(ids), scores))
    return TermWeight(word.field, (*word.levels, *levels), tuple(matches), read)


def _leaf(
    snapshot: Snapshot,
    field: str,
    levels: Sequence[tuple[str, tuple[str, ...], float]],
    read: Reader,
    rarity: float | None = None,
) -> TermWeight:
    """Score what was read of every segment. `rarity` is the idf of all levels, if not their own."""
    found = [read(segment) for segment in snapshot.segments]
    valued = []
    for number, (name, terms, weight) in enumerate(levels):
        documents = sum(int(np.count_nonzero(counts.frequencies[number])) for counts in found)
        idf = bm25.idf(snapshot.document_count, documents) if rarity is None else rarity
        valued.append(Level(name, terms, documents, weight, idf))
    same = _same_columns(found, len(levels))
    matches = tuple(
        Matches(_compact(counts.ids), score(counts, valued, same, segment, snapshot.mean_length))
        for counts, segment in zip(found, snapshot.segments, strict=True)
    )
    return TermWeight(field, tuple(valued), matches, read)


def _same_columns(found: Sequence[LevelFrequencies], levels: int) -> list[bool]:
    """Tell of each level whether its column is that of the next one, in every segment.

    A segment without siblings of a word must not round otherwise than one with them: equal
    documents have equal scores in every segment.
    """
    return [
        all(
            counts.frequencies[number] is counts.frequencies[number + 1]
            for counts in found
            if counts.ids.size
        )
        for number in range(levels - 1)
    ] + [False]


def score(
    counts: LevelFrequencies,
    levels: Sequence[Level],
    same: Sequence[bool],
    segment: Segment,
    mean_length: float,
) -> FloatArray:
    """Return the summed score of each row; float32 [n].

    `same` tells of each level whether its column is that of the next one.
    """
    norms = bm25.norms(segment, mean_length, counts.ids)
    scores = np.zeros(counts.ids.size, np.float32)
    factor = 0.0
    for number, level in enumerate(levels):
        factor += level.weight * level.idf
        column = counts.frequencies[number]
        if same[number]:
            continue  # the same on two levels: computed once
        shares = bm25.saturation(column, norms)
        shares *= np.float32(factor)
        scores += shares
        factor = 0.0
    return scores


def _compact(ids: IdArray) -> IdArray:
    """Return ids in half the size: they are kept as long as there is room."""
    return ids.astype(np.int32)


def _sum(lists: Sequence[Postings], segment: Segment) -> Postings:
    """Return the live documents of any of some lists, and the sum of their weights."""
    if not lists:
        return Postings(np.empty(0, np.int64), np.empty(0, np.float32))
    if len(lists) == 1 and not segment.entry.deletions:
        return lists[0]
    with _sums.borrow(segment.document_count) as sums:
        for found in lists:
            np.add.at(sums, found.ids.astype(np.intp), found.frequencies)
        ids = distinct([found.ids for found in lists], sums)
        weights = sums[ids]
        sums[ids] = 0
    if segment.entry.deletions:
        live = segment.live[ids]
        return Postings(ids[live], weights[live])
    return Postings(ids, weights)


_sums = ZeroedBufferPool(np.float32)


def _spread(own: IdArray, column: FloatArray, ids: IdArray, segment: Segment) -> FloatArray:
    """Return the values of some documents for more of them, 0 for the others."""
    with _sums.borrow(segment.document_count) as sums:
        sums[own] = column
        spread: FloatArray = sums[ids]
        sums[own] = 0
    return spread


def _phrase_in(
    segment: Segment, field: str, words: Sequence[Terms], slop: int, names: Sequence[str]
) -> LevelFrequencies:
    """Return the documents that hold a phrase in one text field, on each level."""
    found = (
        _with_slop(segment, field, words, slop, names)
        if slop
        else _in_a_row(segment, field, words, names)
    )
    if field == "title":
        found = LevelFrequencies(
            found.ids, tuple(column * segment.title_weight for column in found.frequencies)
        )
    return found.filter(found.frequencies[0] > 0)


def _in_a_row(
    segment: Segment, field: str, words: Sequence[Terms], names: Sequence[str]
) -> LevelFrequencies:
    """Return the documents where the words stand in a row, by stem and in their exact forms."""
    row = segment.row(field, [word.stem for word in words])
    if not row.documents.size:
        return LevelFrequencies.empty(len(names))
    starts = run_starts(row.documents)
    columns = {"stem": np.diff(starts, append=row.documents.size).astype(np.float32)}
    if "surface" in names:
        exact = np.ones(row.documents.size, np.bool_)
        for word, numbers in zip(words, row.numbers, strict=True):
            exact &= segment.has_form(field, word.stem, word.surface, numbers)
        columns["surface"] = np.add.reduceat(exact, starts, dtype=np.float32)
    ids = row.documents[starts].astype(np.int64)
    return LevelFrequencies(ids, tuple(columns[name] for name in names))


def _with_slop(
    segment: Segment, field: str, words: Sequence[Terms], slop: int, names: Sequence[str]
) -> LevelFrequencies:
    """Return the documents that hold all words, and how often with others between them."""
    stems = [word.stem for word in words]
    documents = segment.common(field, stems)
    if not documents.size:
        return LevelFrequencies.empty(len(names))
    places = [segment.places(field, stem, documents) for stem in stems]
    columns = []
    for name in names:
        keys = [found.keys for found in places]
        if name == "surface":
            keys = [
                found.keys[segment.has_form(field, word.stem, word.surface, found.numbers)]
                for found, word in zip(places, words, strict=True)
            ]
        starts, _ends = phrase_spans(keys, slop)
        owners = starts // POSITION_STRIDE
        columns.append(np.bincount(owners, minlength=documents.size).astype(np.float32))
    return LevelFrequencies(documents, tuple(columns))
