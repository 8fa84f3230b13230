"""Reading positions: phrases, and where words occur in chosen documents of a segment."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analyzers.analyzer import Terms
from indexer.segment.cache import CacheRegion
from indexer.segment.phrase_search import (
    PhraseMatches,
    PhraseTerm,
    match_phrase,
    phrase_spans,
    unordered_spans,
)
from indexer.segment.positions import (
    NO_POSITIONS,
    POSITION_STRIDE,
    DocPositions,
    Indexes,
    locate_documents,
)
from indexer.segment.postings import LevelFrequencies
from indexer.segment.postings_reader import PostingsReader
from indexer.segment.reader_memory import ReaderMemory
from indexer.segment.sorted_arrays import (
    BoolArray,
    IdArray,
    UnsignedArray,
    contains,
    run_sizes,
    run_starts,
)
from indexer.segment.term_scan import Pause, no_pause

_KEY_BYTES = 1200
"""What the key of cached positions takes at most: the numbers of the candidates of a search."""

_NO_COUNTS = np.empty(0, np.uint32)


def _bytes_of(found: DocPositions) -> int:
    """Return the bytes of cached positions with their key."""
    return found.keys.nbytes + found.occurrences.nbytes + _KEY_BYTES


class PositionsReader:
    """The positions of one segment, without its deleted documents. Threads may share it."""

    def __init__(
        self,
        postings: PostingsReader,
        live: BoolArray,
        *,
        has_deletions: bool,
        memory: ReaderMemory,
    ) -> None:
        self._postings = postings
        self._live = live
        self._has_deletions = has_deletions
        self._tables = memory.rows
        self._found: CacheRegion[tuple[str, str, bytes], DocPositions] = memory.cache.region(
            _bytes_of
        )

    def positions(self, field: str, stem: str, documents: IdArray) -> DocPositions:
        """Return the positions of a stem in some documents, which are ascending, in one text field.

        Documents that do not contain the stem have no position.
        """
        key = (field, stem, documents.tobytes())
        return self._found.get_or_compute(key, lambda: self._find(field, stem, documents))

    def _find(self, field: str, stem: str, documents: IdArray) -> DocPositions:
        found = self._postings.occurrences(field, stem)
        if found is None or not documents.size:
            return NO_POSITIONS
        rows, held = locate_documents(found.ids.all(), documents, self._live.size, self._tables)
        occurrences, sizes = found.counts.occurrences_in(rows)
        held *= POSITION_STRIDE
        keys = held.repeat(sizes)
        keys += found.positions.at(occurrences)
        keys.flags.writeable = False  # what is cached is shared
        return DocPositions(keys, occurrences)

    def surface_positions(self, field: str, word: Terms, documents: IdArray) -> DocPositions:
        """Return the positions of the surface form of a word in some documents, like `positions`.

        Its spelling agrees with that of the word; its stem is that of the index.
        """
        text_field = self._postings.text_field(field)
        form = text_field.surface(word.surface)
        if form is None:
            return NO_POSITIONS
        (stem,) = text_field.stems.terms(range(form.stem, form.stem + 1))
        found = self.positions(field, stem.decode(), documents)
        same = self.has_surface(field, word._replace(stem=stem.decode()), found.occurrences)
        return DocPositions(found.keys[same], found.occurrences[same])

    def frequencies(
        self, field: str, stem: str, documents: IdArray
    ) -> tuple[Indexes, UnsignedArray]:
        """Return which of some documents contain a stem in one text field, and how often.

        `documents` are ascending. The first are indexes of them, intp [n], the second are as many
        as the stem has `positions` in each.
        """
        found = self._postings.occurrences(field, stem)
        if found is None or not documents.size:
            return NO_POSITIONS.occurrences, _NO_COUNTS
        rows, held = locate_documents(found.ids.all(), documents, self._live.size, self._tables)
        return held, found.counts.values[rows]

    def contains(self, field: str, stem: str, documents: IdArray) -> BoolArray:
        """Return which of some documents contain a stem in one text field; bool [documents]."""
        found = self._postings.occurrences(field, stem)
        if found is None:
            return np.zeros(documents.size, np.bool_)
        return contains(found.ids.all(), documents)

    def phrase_frequencies(
        self,
        field: str,
        words: Sequence[Terms],
        slop: int,
        levels: Sequence[str],
        *,
        ordered: bool = True,
        pause: Pause = no_pause,
    ) -> LevelFrequencies:
        """Return the live documents with a phrase, and its frequency on each level.

        `levels` are "stem", "surface" or both, the wider first: on "surface" every word has its
        surface form. At most `slop` other words may come between the words in all, which come in
        any order where not `ordered`. No phrase runs from the title into the text. `pause` is called
        for every word, and may raise.
        """

        def read(name: str) -> LevelFrequencies:
            if slop or not ordered:
                found = self._sloppy_phrase(name, words, slop, levels, ordered, pause)
            else:
                found = self._exact_phrase(name, words, levels, pause)
            return found.filter(found.frequencies[0] > 0)

        return self._postings.in_fields(field, read)

    def match_phrase(
        self, field: str, stems: Sequence[str], pause: Pause = no_pause
    ) -> PhraseMatches:
        """Return every match of adjacent stems in the live documents of one text field."""
        words = []
        for stem in stems:
            pause()
            found = self._postings.occurrences(field, stem)
            if found is None:
                return PhraseMatches.empty(len(stems))
            words.append(PhraseTerm(stem, found))
        matches = match_phrase(words, self._live.size, self._tables, pause)
        return matches.filter(self._live[matches.documents]) if self._has_deletions else matches

    def intersect(self, field: str, stems: Sequence[str], pause: Pause = no_pause) -> IdArray:
        """Return the live documents that contain every stem in one text field; int64, ascending."""
        lists = []
        for stem in stems:
            pause()
            found = self._postings.occurrences(field, stem)
            if found is None:
                return np.empty(0, np.int64)
            lists.append(found.ids.all())
        shortest, *others = sorted(lists, key=len)
        ids = shortest.astype(np.int64)
        for other in others:
            pause()
            _rows, held = locate_documents(other, ids, self._live.size, self._tables)
            ids = ids[held]
        return ids[self._live[ids]] if self._has_deletions else ids

    def has_surface(self, field: str, word: Terms, occurrences: IdArray) -> BoolArray:
        """Return which of some occurrences of a word's stem have its surface form; bool [n].

        Their spelling agrees with that of the word.
        """
        found = self._postings.occurrences(field, word.stem)
        if found is None:
            return np.zeros(occurrences.size, np.bool_)
        codes = self._postings.surface_codes(field, word.surface, word.spelling)
        return found.codes.have_at(occurrences, codes)

    def _exact_phrase(
        self, field: str, words: Sequence[Terms], levels: Sequence[str], pause: Pause
    ) -> LevelFrequencies:
        matches = self.match_phrase(field, [word.stem for word in words], pause)
        if not matches.documents.size:
            return LevelFrequencies.empty(len(levels))
        starts = run_starts(matches.documents)
        counts = run_sizes(starts, matches.documents.size).astype(np.float32)
        by_level = {"stem": counts}
        if "surface" in levels:
            same = np.ones(matches.documents.size, np.bool_)
            for word, occurrences in zip(words, matches.occurrences, strict=True):
                pause()
                same &= self.has_surface(field, word, occurrences)
            by_level["surface"] = np.add.reduceat(same, starts, dtype=np.float32)
        ids = matches.documents[starts].astype(np.int64)
        return LevelFrequencies(ids, tuple(by_level[level] for level in levels))

    def _sloppy_phrase(
        self,
        field: str,
        words: Sequence[Terms],
        slop: int,
        levels: Sequence[str],
        ordered: bool,
        pause: Pause,
    ) -> LevelFrequencies:
        documents = self.intersect(field, [word.stem for word in words], pause)
        if not documents.size:
            return LevelFrequencies.empty(len(levels))
        found = []
        for word in words:
            pause()
            found.append(self.positions(field, word.stem, documents))
        frequencies = []
        for level in levels:
            keys = [positions.keys for positions in found]
            if level == "surface":
                keys = [
                    positions.keys[self.has_surface(field, word, positions.occurrences)]
                    for word, positions in zip(words, found, strict=True)
                ]
            starts, _ends = (phrase_spans if ordered else unordered_spans)(keys, slop, pause)
            counts = np.bincount(starts // POSITION_STRIDE, minlength=documents.size)
            frequencies.append(counts.astype(np.float32))
        return LevelFrequencies(documents, tuple(frequencies))
