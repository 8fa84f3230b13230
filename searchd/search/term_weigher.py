"""Term weigher: looks words, phrases and patterns up in every segment, and scores them by BM25."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from analyzers.analyzer import Terms
from analyzers.levels import Level
from indexer.lookups import Lookup, PhraseLookup, WordLookup
from indexer.segment.buffer_pool import clear
from indexer.segment.postings import NO_LISTS, LevelFrequencies, PostingLists, Postings
from indexer.segment.segment import Segment
from indexer.segment.sorted_arrays import FloatArray, IdArray, distinct_values
from indexer.snapshot import Snapshot
from searchd import budget
from searchd.ranking import LevelWeights
from searchd.search.bm25 import BM25Similarity, saturation
from searchd.search.term_weights import Frequencies, LevelWeight, TermWeight
from searchd.search.top_k import Matches, distinct_ids

_TERM_ON = {Level.STEM: attrgetter("stem"), Level.SURFACE: attrgetter("written")}


class _Level(NamedTuple):
    """A level to weigh: its terms as they are reported, what to look up, and its weight."""

    level: Level
    terms: tuple[str, ...]
    lookup: Lookup
    weight: float


class TermWeigher:
    """Weighs terms of one snapshot. Threads may share it."""

    def __init__(self, snapshot: Snapshot, similarity: BM25Similarity) -> None:
        self._snapshot = snapshot
        self._similarity = similarity
        self._sums = snapshot.memory.sums

    def idf(self, documents: int) -> float:
        """Return the idf of a term that this number of documents contain."""
        return self._similarity.idf(documents)

    def word(
        self,
        field: str,
        terms: Terms,
        related_stems: Sequence[str],
        levels: LevelWeights,
        forms: Sequence[Terms] = (),
    ) -> TermWeight:
        """Return the documents that contain a word on any of some levels, the widest first.

        `related_stems` are the stems of other forms of its lemma; the level LEMMA matches them and
        the word's own stem. `forms` replace that stem by some surface forms of it as they are spelled.
        """
        names = [level for level, _weight in levels]
        if names == [Level.SURFACE] and not forms:
            terms = terms._replace(spelling=None)  # a preference, which excludes nothing
        spelling = terms.spelling

        def read(segment: Segment) -> LevelFrequencies:
            surface = terms.surface if Level.SURFACE in names else None
            postings = segment.postings
            related = NO_LISTS
            if Level.LEMMA in names:
                related = postings.stem_lists(field, related_stems)
            if forms:
                own = self._frequencies_of_forms(field, terms, forms, segment)
            elif related.sizes:
                own = postings.word_lists(field, terms.stem, surface, spelling)
            else:
                own = postings.word_frequencies(field, terms.stem, surface, spelling)
            if names == [Level.SURFACE]:
                exact = LevelFrequencies(own.ids, own.frequencies[1:])
                return exact.filter(own.frequencies[1] > 0)
            lemma = own.frequencies[0]  # the very same array where there is nothing related
            if related.sizes:
                own, lemma = self._add_related(own, related, segment)
            by_level = {
                Level.LEMMA: lemma,
                Level.STEM: own.frequencies[0],
                Level.SURFACE: own.frequencies[-1],
            }
            return LevelFrequencies(own.ids, tuple(by_level[level] for level in names))

        stems = () if forms else (terms.stem,)
        looked_up = {
            Level.LEMMA: (
                (terms.stem, *related_stems),
                WordLookup(field, (*stems, *related_stems), tuple(forms)),
            ),
            Level.STEM: ((terms.stem,), WordLookup(field, stems, tuple(forms))),
            Level.SURFACE: ((terms.written,), WordLookup(field, (), (terms,))),
        }
        return self._weigh(
            field, [_Level(level, *looked_up[level], weight) for level, weight in levels], read
        )

    def _add_related(
        self, own: LevelFrequencies, related: PostingLists, segment: Segment
    ) -> tuple[LevelFrequencies, FloatArray]:
        """Return the live documents of a word or related stems, and the summed frequencies of all.

        The first are with the frequencies of the word. Documents of `own` may come twice.
        """
        ids, lemma = self._sum_of(
            np.concatenate((own.ids, related.ids)),
            np.concatenate((own.frequencies[0], related.frequencies)),
            segment,
        )
        spread = [self._spread(own.ids, each, ids, segment) for each in own.frequencies]
        return LevelFrequencies(ids, tuple(spread)), lemma

    def _frequencies_of_forms(
        self, field: str, terms: Terms, forms: Sequence[Terms], segment: Segment
    ) -> LevelFrequencies:
        """Return the live documents with any of some forms, and its frequency; then that of a word."""
        read = segment.postings.postings_of
        lists = [read(field, Level.SURFACE, form.surface, form.spelling) for form in forms]
        ids, frequencies = self._sum(lists, segment)
        same = read(field, Level.SURFACE, terms.surface, terms.spelling)
        own = self._spread(same.ids, same.frequencies, ids, segment)
        return LevelFrequencies(ids, (frequencies, own))

    def exact(self, field: str, word: Terms) -> TermWeight:
        """Return the documents that contain a surface form, spelled as the word asks for."""

        def read(segment: Segment) -> LevelFrequencies:
            ids, frequencies = segment.postings.postings_of(
                field, Level.SURFACE, word.surface, word.spelling
            )
            return LevelFrequencies(ids, (frequencies,))

        looked_up = WordLookup(field, (), (word,))
        return self._weigh(field, [_Level(Level.SURFACE, (word.written,), looked_up, 1.0)], read)

    def union(
        self,
        field: str,
        level: Level,
        terms: Mapping[str, float],
        *,
        matched_as: Level,
        weight: float = 1.0,
    ) -> TermWeight:
        """Return the documents that contain any of some terms of a level, as if they were one.

        `terms` maps each term to the weight of an occurrence of it. A match is reported on the
        level `matched_as`.
        """

        def read(segment: Segment) -> LevelFrequencies:
            postings = segment.postings
            if level == Level.STEM:
                found = postings.stem_lists(field, terms)
                budget.spend_postings(next(iter(terms), ""), found.ids.size)
                weights = np.array([*terms.values()], np.float32)[found.owners]
                summed = self._sum_of(
                    found.ids, found.frequencies * weights.repeat(found.sizes), segment
                )
            else:
                lists = ((term, postings.postings_of(field, level, term)) for term in terms)
                summed = self._sum(
                    [
                        Postings(ids, counts * np.float32(terms[term]))
                        for term, (ids, counts) in _checked(lists)
                    ],
                    segment,
                )
            return LevelFrequencies(summed.ids, (summed.frequencies,))

        looked_up = (
            WordLookup(field, tuple(terms))
            if level == Level.STEM
            else WordLookup(field, (), tuple(Terms(term, "") for term in terms))
        )
        return self._weigh(field, [_Level(matched_as, tuple(terms), looked_up, weight)], read)

    def phrase(
        self,
        field: str,
        words: Sequence[Terms],
        slop: int,
        levels: LevelWeights,
        *,
        ordered: bool = True,
    ) -> TermWeight:
        """Return the documents that contain a phrase, on the levels STEM and SURFACE.

        Its words come in any order where not `ordered`. Its idf is the sum of those of its stems.
        """
        names = [level for level, _weight in levels]

        def read(segment: Segment) -> LevelFrequencies:
            pause = budget.checking(" ".join(word.surface for word in words))
            return segment.positions.phrase_frequencies(
                field, words, slop, names, ordered=ordered, pause=pause
            )

        def idf() -> float:
            frequency = self._snapshot.document_frequency
            return sum(self._similarity.idf(frequency(field, "stem", word.stem)) for word in words)

        looked_up = [
            _Level(
                level,
                tuple(map(_TERM_ON[level], words)),
                PhraseLookup(
                    field, tuple(words), slop, ordered=ordered, exact=level == Level.SURFACE
                ),
                weight,
            )
            for level, weight in levels
        ]
        return self._weigh(field, looked_up, read, idf)

    def with_synonyms(
        self, word: TermWeight, synonyms: Sequence[TermWeight], factor: float
    ) -> TermWeight:
        """Return the documents of a word and its synonyms; scores of these count `factor` times."""
        levels = [
            level._replace(level=Level.SYNONYM, weight=level.weight * factor)
            for synonym in synonyms
            for level in synonym.levels
        ]

        def read(segment: Segment) -> LevelFrequencies:
            members = [member.frequencies(segment) for member in (word, *synonyms)]
            ids = distinct_values(np.concatenate([found.ids for found in members]))
            spread = [
                self._spread(found.ids, frequencies, ids, segment)
                for found in members
                for frequencies in found.frequencies
            ]
            return LevelFrequencies(ids, tuple(spread))

        matches = []
        for number, segment in enumerate(self._snapshot.segments):
            members = [
                Postings(found.ids, found.scores * np.float32(weight))
                for member, weight in ((word, 1.0), *((synonym, factor) for synonym in synonyms))
                if (found := member.matches[number]).ids.size
            ]
            ids, scores = self._sum(members, segment)
            matches.append(Matches(_compact(ids), scores))
        return TermWeight(word.field, (*word.levels, *levels), tuple(matches), read)

    def _weigh(
        self,
        field: str,
        levels: Sequence[_Level],
        read: Frequencies,
        idf: Callable[[], float] | None = None,
    ) -> TermWeight:
        """Score the frequencies of every segment; `idf` replaces the own idf of each level.

        It is called when they were read, because its documents are then known.
        """
        found = []
        for segment in self._snapshot.segments:
            found.append(read(segment))
            budget.spend_postings(" ".join(levels[0].terms[:1]), found[-1].ids.size)
        of_all = None if idf is None else idf()
        weights = []
        for number, (level, terms, lookup, weight) in enumerate(levels):
            counted = sum(int(np.count_nonzero(each.frequencies[number])) for each in found)
            documents = self._snapshot.documents_with(lookup, counted)
            own_idf = self._similarity.idf(documents) if of_all is None else of_all
            weights.append(LevelWeight(level, terms, documents, weight, own_idf, lookup))
        same = _same_as_next(found, len(levels))
        matches = tuple(
            Matches(_compact(each.ids), self._score(each, weights, same, number))
            for number, each in enumerate(found)
        )
        return TermWeight(field, tuple(weights), matches, read)

    def _score(
        self,
        found: LevelFrequencies,
        levels: Sequence[LevelWeight],
        same: Sequence[bool],
        segment: int,
    ) -> FloatArray:
        """Return the summed score of each row; float32 [n].

        `same` says of each level whether its frequencies are those of the next one.
        """
        norms = self._similarity.norms(segment, found.ids)
        scores: FloatArray | None = None
        factor = 0.0
        for number, level in enumerate(levels):
            factor += level.weight * level.idf
            if same[number]:
                continue  # equal frequencies are scored once
            shares = saturation(found.frequencies[number], norms)
            shares *= np.float32(factor)
            scores = shares if scores is None else np.add(scores, shares, out=scores)
            factor = 0.0
        assert scores is not None  # the last level is never that of the next one
        return scores

    def _sum(self, lists: Sequence[Postings], segment: Segment) -> Postings:
        """Return the live documents in any of some lists, and the sums of their frequencies."""
        if not lists:
            return Postings(np.empty(0, np.int64), np.empty(0, np.float32))
        if len(lists) == 1 and not segment.entry.deletions:
            return lists[0]
        return self._sum_of(
            np.concatenate([found.ids for found in lists], dtype=np.intp),
            np.concatenate([found.frequencies for found in lists]),
            segment,
        )

    def _sum_of(self, ids: IdArray, frequencies: FloatArray, segment: Segment) -> Postings:
        """Return the distinct live documents of `ids`, and the sum of the frequencies of each."""
        with self._sums.borrow(segment.document_count) as sums:
            np.add.at(sums, ids, frequencies)
            ids = distinct_ids([ids], sums)
            frequencies = sums.take(ids, mode="clip")  # in half of the time
            clear(sums, ids)
        if segment.entry.deletions:
            live = segment.live[ids]
            return Postings(ids[live], frequencies[live])
        return Postings(ids, frequencies)

    def _spread(
        self, own: IdArray, values: FloatArray, ids: IdArray, segment: Segment
    ) -> FloatArray:
        """Return the sums of values of the documents `own` in the documents `ids`, 0 where missing."""
        with self._sums.borrow(segment.document_count) as sums:
            np.add.at(sums, own, values)
            spread: FloatArray = sums.take(ids, mode="clip")
            clear(sums, own)
        return spread


def _checked(lists: Iterable[tuple[str, Postings]]) -> Iterator[tuple[str, Postings]]:
    """Yield the postings of each term while the search has time."""
    for term, postings in lists:
        budget.spend_postings(term, postings.ids.size)
        yield term, postings


def _same_as_next(found: Sequence[LevelFrequencies], levels: int) -> list[bool]:
    """Return for each level whether its frequencies are those of the next one, in every segment.

    A segment without related stems must not round otherwise than one with them: equal documents
    have equal scores in every segment.
    """
    return [
        all(
            each.frequencies[number] is each.frequencies[number + 1]
            for each in found
            if each.ids.size
        )
        for number in range(levels - 1)
    ] + [False]


def _compact(ids: IdArray) -> IdArray:
    """Return ids as int32, to cache them in half the bytes."""
    return ids.astype(np.int32)
