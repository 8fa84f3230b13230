"""Reading postings: the live documents of a segment that contain a term, and how often.

The field "" is the title and the text together: a word of the title counts `title_weight` times
(the simple form of BM25F: Robertson, Zaragoza and Taylor, "Simple BM25 extension to multiple
weighted fields", CIKM 2004).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np

from indexer.segment.array_file import ArrayFile
from indexer.segment.cache import CacheRegion, no_bytes
from indexer.segment.id_lists import IdList, concatenated, ids_among
from indexer.segment.postings import (
    NO_LISTS,
    LevelFrequencies,
    PostingLists,
    Postings,
    add_frequencies,
)
from indexer.segment.reader_memory import ReaderMemory
from indexer.segment.sorted_arrays import BoolArray, IdArray, contains
from indexer.segment.term_scan import Pause, TermScan, TermShape
from indexer.segment.text_field import ABSENT, Occurrences, TextField

if TYPE_CHECKING:
    from indexer.segment.form_counts import FormCounts
    from indexer.segment.vocabulary import Vocabulary
    from indexer.segment.word_pairs import WordPairs

DEFAULT_FIELD = ""
"""The title and the text together."""

FieldTerm = tuple[str, str]
"""The name of one text field, and a term of it."""

LevelTerm = tuple[str, str, str]
"""The name of a field or "", a level ("stem" or "surface"), and a term of it."""


_SpelledTerm = tuple[str, str, str | None]
"""The name of one text field, a surface form of it, and what is asked of its spelling."""


def _text_fields(field: str) -> tuple[str, ...]:
    return ("text", "title") if field == DEFAULT_FIELD else (field,)


class PostingsReader:
    """The postings of one segment, without its deleted documents. Threads may share it."""

    def __init__(
        self,
        array_file: ArrayFile,
        deleted: BoolArray | None,
        title_weight: int,
        memory: ReaderMemory,
    ) -> None:
        """Read from `array_file`; `deleted` is bool [documents], None where none is deleted."""
        cache = memory.cache
        self._recent = memory.recent
        self._file = array_file
        self._live = None if deleted is None else ~deleted
        self._title_weight = title_weight
        self._fields: dict[str, TextField] = {}
        self._pairs: dict[str, WordPairs] = {}
        self._postings: CacheRegion[tuple[LevelTerm, str | None], Postings] = cache.region(
            lambda postings: postings.ids.nbytes + postings.frequencies.nbytes
        )
        self._occurrences: CacheRegion[FieldTerm, Occurrences | None] = cache.region(
            lambda found: 0 if found is None else found.ids.nbytes + found.counts.nbytes
        )
        self._scans: CacheRegion[tuple[str, str], TermScan] = cache.region(lambda scan: scan.nbytes)
        self._form_counts: CacheRegion[str, FormCounts] = cache.region(lambda counts: counts.nbytes)
        self._vocabularies: CacheRegion[str, Vocabulary] = cache.region(lambda words: words.nbytes)
        self._codes: CacheRegion[_SpelledTerm, tuple[int, ...]] = cache.region(no_bytes)

    def text_field(self, name: str) -> TextField:
        """Return one text field by name."""
        found = self._fields.get(name)
        if found is None:
            found = self._fields[name] = TextField(self._file, name, self._recent)
        return found

    def terms_of_shape(
        self, field: str, level: str, shape: TermShape, pause: Pause
    ) -> Iterator[str]:
        """Yield the terms of a field that may have a shape; one of title and text may come twice."""
        for name in _text_fields(field):
            scan = self._scan(name, level, pause)
            dictionary = self.text_field(name).dictionary(level)
            numbers = dictionary.prefix_range(shape.prefix.encode())
            yield from scan.strings(scan.of_shape(shape, numbers, pause), pause)

    def terms_near(
        self, field: str, level: str, word: str, distance: int, pause: Pause
    ) -> Iterator[str]:
        """Yield the terms of a field that may be within an edit distance of a word."""
        for name in _text_fields(field):
            scan = self._scan(name, level, pause)
            yield from scan.strings(scan.near(word, distance, pause), pause)

    def form_counts(self, name: str, pause: Pause) -> FormCounts:
        """Return how often the written forms of one text field occur, deleted documents too."""
        from indexer.segment.form_counts import read_form_counts  # searches do without

        return self._form_counts.get_or_compute(
            name, lambda: read_form_counts(self._file, name, pause)
        )

    def vocabulary(self, name: str, pause: Pause) -> Vocabulary:
        """Return the words of one text field with their counts, those of deleted documents too."""
        from indexer.segment.vocabulary import read_vocabulary

        return self._vocabularies.get_or_compute(
            name,
            lambda: read_vocabulary(self.text_field(name), self.form_counts(name, pause), pause),
        )

    def word_pairs(self, name: str) -> WordPairs:
        """Return the frequent pairs of words of one text field."""
        from indexer.segment.word_pairs import WordPairs  # searches do without

        found = self._pairs.get(name)
        if found is None:
            found = self._pairs[name] = WordPairs(self._file, name)
        return found

    def _scan(self, name: str, level: str, pause: Pause) -> TermScan:
        return self._scans.get_or_compute(
            (name, level),
            lambda: TermScan(self.text_field(name).dictionary(level).data(), pause),
        )

    def document_frequency(self, field: str, level: str, term: str) -> int:
        """Return the number of live documents that contain a term."""
        if self._live is not None:
            return int(self._read(field, level, term).ids.size)
        if field != DEFAULT_FIELD:
            return self._ids(field, level, term).size
        texts, titles = self._ids("text", level, term), self._ids("title", level, term)
        if not (texts.size and titles.size):
            return texts.size + titles.size
        both = contains(texts.all(), titles.all())
        return texts.size + titles.size - int(np.count_nonzero(both))

    def postings_of(
        self, field: str, level: str, term: str, spelling: str | None = None
    ) -> Postings:
        """Return the live postings of a term; empty arrays where no document contains it.

        With the spelling of a surface form only occurrences whose own agrees with it are counted.
        """
        return self._postings.get_or_compute(
            ((field, level, term), spelling), lambda: self._read(field, level, term, spelling)
        )

    def stem_lists(
        self, field: str, stems: Iterable[str], *, among: IdArray | None = None
    ) -> PostingLists:
        """Return the posting lists of stems, one after the other, deleted documents too.

        In the field of title and text a stem has up to two lists, that of the text first. Where
        some ascending documents are given, others are left out.
        """
        terms = [stem.encode() for stem in stems]
        found = [
            (owner, name == "title", ids, counts)
            for name in _text_fields(field)
            for owner, ids, counts in self.text_field(name).stem_lists(terms)
        ]
        if not found:
            return NO_LISTS
        found.sort(key=itemgetter(0, 1))
        owners, titles, ids, counts = zip(*found, strict=True)
        sizes = [each.size for each in ids]
        read = sum(sizes)
        if among is None:
            documents = concatenated(ids)
            frequencies = np.concatenate(counts, dtype=np.float32)
        else:
            rows, documents = ids_among(ids, among)
            frequencies = np.concatenate(counts).take(rows).astype(np.float32)
            sizes = np.diff(rows.searchsorted(np.cumsum(sizes)), prepend=0).tolist()
        if self._title_weight != 1 and any(titles):
            weights = np.ones(len(titles), np.float32)
            weights[list(titles)] = self._title_weight
            frequencies *= weights.repeat(sizes)
        return PostingLists(documents, frequencies, sizes, [*owners], read)

    def word_frequencies(
        self, field: str, stem: str, surface: str | None = None, spelling: str | None = None
    ) -> LevelFrequencies:
        """Return the live documents that contain a stem, and its frequency.

        With a surface form, which must have that stem, the second frequency is that of the form;
        with a spelling too, that of its occurrences whose own spelling agrees.
        """
        return self.in_fields(
            field, lambda name: self._word_frequencies(name, stem, surface, spelling)
        )

    def word_lists(
        self, field: str, stem: str, surface: str | None, spelling: str | None = None
    ) -> LevelFrequencies:
        """Return what `word_frequencies` adds up, of the text and then of the title.

        Deleted documents are among them, and a document that contains the word in both comes twice.
        """
        found = [
            self._weighted(each) if name == "title" else each
            for name in _text_fields(field)
            for each in (self._word_frequencies(name, stem, surface, spelling),)
        ]
        if len(found) == 1:
            return found[0]
        texts, titles = found
        return LevelFrequencies(
            np.concatenate((texts.ids, titles.ids)),
            tuple(map(np.concatenate, zip(texts.frequencies, titles.frequencies, strict=True))),
        )

    def in_fields(self, field: str, read: Callable[[str], LevelFrequencies]) -> LevelFrequencies:
        """Return the live frequencies of one text field, or of title and text together.

        `read` gives those of one text field by name.
        """
        if field == DEFAULT_FIELD:
            found = add_frequencies(read("text"), self._weighted(read("title")))
        else:
            found = self._weighted(read(field)) if field == "title" else read(field)
        return found if self._live is None else found.filter(self._live[found.ids])

    def occurrences(self, field: str, stem: str) -> Occurrences | None:
        """Return the occurrences of a stem in one text field, None where there is none."""
        return self._occurrences.get_or_compute(
            (field, stem), lambda: self._find_occurrences(field, stem)
        )

    def surface_codes(
        self, field: str, surface: str, spelling: str | None = None
    ) -> tuple[int, ...]:
        """Return the codes of the written forms of a surface form, ascending.

        With a spelling only those of the forms that agree with it. Empty where there is none.
        """
        return self._codes.get_or_compute(
            (field, surface, spelling), lambda: self._find_codes(field, surface, spelling)
        )

    def _ids(self, name: str, level: str, term: str) -> IdList:
        """Return the documents with a term in one text field, deleted ones too."""
        known = self._occurrences.get((name, term)) if level == "stem" else None
        return self.text_field(name).postings(level, term)[0] if known is None else known.ids

    def _read(self, field: str, level: str, term: str, spelling: str | None = None) -> Postings:
        found = self.in_fields(
            field, lambda name: self._term_frequencies(name, level, term, spelling)
        )
        return Postings(found.ids, found.frequencies[0])

    def _term_frequencies(
        self, name: str, level: str, term: str, spelling: str | None
    ) -> LevelFrequencies:
        field = self.text_field(name)
        if spelling is None:
            ids, counts = field.postings(level, term)
        else:
            surface = field.surface(term)
            if surface is None:
                return LevelFrequencies.empty(1)
            codes = self.surface_codes(name, term, spelling)
            ids, counts = field.postings_of_codes(surface.stem, codes)
        return LevelFrequencies(ids.int64(), (counts.astype(np.float32),))

    def _word_frequencies(
        self, name: str, stem: str, surface: str | None, spelling: str | None
    ) -> LevelFrequencies:
        found = self.occurrences(name, stem)
        if found is None:
            return LevelFrequencies.empty(1 if surface is None else 2)
        frequencies = [found.counts.values.astype(np.float32)]
        if surface is not None:
            frequencies.append(found.code_counts(self.surface_codes(name, surface, spelling)))
        return LevelFrequencies(found.ids.int64(), tuple(frequencies))

    def _weighted(self, titles: LevelFrequencies) -> LevelFrequencies:
        """Return the frequencies of a title times the title weight."""
        return LevelFrequencies(
            titles.ids, tuple(each * self._title_weight for each in titles.frequencies)
        )

    def _find_occurrences(self, field: str, stem: str) -> Occurrences | None:
        text = self.text_field(field)
        number = text.stems.find(stem.encode())
        if number is None:
            return None
        return text.occurrences_of_stem(number)

    def _find_codes(self, field: str, surface: str, spelling: str | None) -> tuple[int, ...]:
        found = self.text_field(field).surface(surface)
        if found is None:
            return ()
        if spelling is None:
            return found.codes
        from analyzers.normalization.spelling import agrees

        return tuple(
            code
            for code, written in zip(found.codes, found.spellings, strict=True)
            if written != ABSENT and agrees(spelling, written, surface)
        )
