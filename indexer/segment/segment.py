"""A segment as a search sees it: live postings, positions, columns and documents.

The field "" is the title and the text together: a word of the title counts `title_weight` times
(the simple form of BM25F: Robertson, Zaragoza and Taylor, "Simple BM25 extension to multiple
weighted fields", CIKM 2004).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexer.errors import IndexDamagedError
from indexer.fields import DEFAULT_TITLE_WEIGHT
from indexer.generation import SegmentEntry
from indexer.segment.array_file import ArrayFile, damaged
from indexer.segment.cache import SizedCache
from indexer.segment.document_store import DocumentStore
from indexer.segment.phrase_search import PhraseMatches, PhraseTerm, match_phrase
from indexer.segment.positions import (
    POSITION_STRIDE,
    DocPositions,
    locate_documents,
    occurrences_of_documents,
)
from indexer.segment.postings import LevelFrequencies, Postings, add_frequencies
from indexer.segment.sorted_arrays import BoolArray, FloatArray, IdArray, contains
from indexer.segment.stored_fields import StoredFields, unpack_stored_fields
from indexer.segment.text_field import Ids, Occurrences, TextField

DEFAULT_FIELD = ""

_MEMORY = 8_000_000
"""Bytes that a segment remembers by itself; those of an index share the memory of a snapshot."""

SEGMENT_SUFFIX = ".segment"
DELETIONS_SUFFIX = ".deletions"


_NO_PLACES = DocPositions(np.empty(0, np.int64), np.empty(0, np.intp))


class Segment:
    """One segment of an index, with the documents that are deleted from it.

    Threads may share it. Raises IndexDamagedError, and FileNotFoundError where a file was removed.
    """

    def __init__(
        self,
        directory: Path,
        entry: SegmentEntry,
        memory: SizedCache | None = None,
        *,
        title_weight: int = DEFAULT_TITLE_WEIGHT,
    ) -> None:
        self.entry = entry
        self.title_weight = title_weight
        self.array_file = ArrayFile(directory / entry.name)
        self.document_count = int(self.array_file.values.get("documents", -1))
        if self.document_count != entry.documents:
            raise IndexDamagedError(
                f"the segment {entry.name} of {directory} holds {self.document_count} documents, "
                f"not {entry.documents}; build the index again with 'searchd index --rebuild'"
            )
        self.documents = DocumentStore(self.array_file)
        self.live = np.ones(self.document_count, np.bool_)
        if entry.deletions:
            self.live[_read_deletions(directory / entry.deletions, entry)] = False
        self._fields: dict[str, TextField] = {}
        self._memory = memory or SizedCache(_MEMORY)
        self.name = entry.name + entry.deletions
        """With this begin the keys of what is remembered of it."""

    @cached_property
    def live_ids(self) -> IdArray:
        """The numbers of the documents that were not deleted; int64 [live], ascending."""
        return np.flatnonzero(self.live)

    @cached_property
    def lengths(self) -> FloatArray:
        """The words of each document, those of the title counted `title_weight` times; float32."""
        return self.documents.lengths()

    def field(self, name: str) -> TextField:
        """Return a text field by name."""
        found = self._fields.get(name)
        if found is None:
            found = self._fields[name] = TextField(self.array_file, name)
        return found

    def postings(self, field: str, level: str, term: str) -> Postings:
        """Return the live postings of a term; empty arrays where it has none."""
        return self._memory.get_or_compute(
            (self.name, field, level, term),
            lambda: self._read_postings(field, level, term),
            lambda postings: postings.ids.nbytes + postings.frequencies.nbytes,
        )

    def _read_postings(self, field: str, level: str, term: str) -> Postings:
        found = self._in_texts(field, lambda name: self._counts_of_term(name, level, term))
        return Postings(found.ids, found.frequencies[0])

    def _counts_of_term(self, field: str, level: str, term: str) -> LevelFrequencies:
        ids, counts = self.field(field).postings(level, term)
        return LevelFrequencies(ids.astype(np.int64), (counts.astype(np.float32),))

    def document_frequency(self, field: str, level: str, term: str) -> int:
        """Return the number of live documents that hold a term."""
        if self.entry.deletions:
            return int(self._read_postings(field, level, term).ids.size)
        if field != DEFAULT_FIELD:
            return int(self.field(field).postings(level, term)[0].size)
        texts, _counts = self.field("text").postings(level, term)
        titles, _counts = self.field("title").postings(level, term)
        both = contains(texts, titles)
        return int(texts.size + titles.size - np.count_nonzero(both))

    def counts(self, field: str, stem: str, surface: str | None = None) -> LevelFrequencies:
        """Return the live documents that hold a stem, and how often.

        With a surface form, which must be of that stem, there is a second column that counts it.
        """
        return self._in_texts(field, lambda name: self._counts_of_word(name, stem, surface))

    def lists(self, field: str, stems: Iterable[str]) -> Iterator[tuple[str, Postings]]:
        """Yield the postings of each stem, deleted documents too.

        In the field of title and text those of a title come by themselves.
        """
        names = ("text", "title") if field == DEFAULT_FIELD else (field,)
        for stem in stems:
            for name in names:
                ids, counts = self.field(name).postings("stem", stem)
                if ids.size:
                    weight = np.float32(self.title_weight if name == "title" else 1)
                    yield stem, Postings(ids.astype(np.int64), counts * weight)

    def _counts_of_word(self, name: str, stem: str, surface: str | None) -> LevelFrequencies:
        found = self.stem(name, stem)
        if found is None:
            return LevelFrequencies.empty(1 if surface is None else 2)
        columns = [found.counts.astype(np.float32)]
        if surface is not None:
            columns.append(found.exact_counts(self.code(name, surface)))
        return LevelFrequencies(found.ids.astype(np.int64), tuple(columns))

    def _in_texts(self, field: str, read: Callable[[str], LevelFrequencies]) -> LevelFrequencies:
        """Return the live counts in a text field, or in title and text together."""
        if field == DEFAULT_FIELD:
            found = add_frequencies(read("text"), self._weighted(read("title")))
        else:
            found = self._weighted(read(field)) if field == "title" else read(field)
        return found.filter(self.live[found.ids]) if self.entry.deletions else found

    def _weighted(self, counts: LevelFrequencies) -> LevelFrequencies:
        """Return the counts of a title with the weight of its words."""
        return LevelFrequencies(
            counts.ids, tuple(column * self.title_weight for column in counts.frequencies)
        )

    def places(self, field: str, stem: str, documents: IdArray) -> DocPositions:
        """Return where a stem stands in some ascending documents of a text field.

        Those that do not hold it have no place.
        """
        found = self.stem(field, stem)
        if found is None or not documents.size:
            return _NO_PLACES
        rows, held = locate_documents(found.ids, documents, self.document_count)
        starts = self._starts(field, stem, found.counts)
        numbers, sizes = occurrences_of_documents(rows, found.counts, starts)
        held *= POSITION_STRIDE
        keys = held.repeat(sizes)
        keys += found.positions[numbers]
        return DocPositions(keys, numbers)

    def _starts(self, field: str, stem: str, counts: Ids) -> Ids:
        """Return how many occurrences of a stem come before those of each of its documents."""
        return self._memory.get_or_compute(
            (self.name, field, "starts", stem),
            lambda: np.cumsum(counts, dtype=np.uint32) - counts,
            lambda starts: starts.nbytes,
        )

    def row(self, field: str, stems: Sequence[str]) -> PhraseMatches:
        """Return where stems stand one right behind the other in a text field, if not deleted."""
        words = []
        for stem in stems:
            found = self.stem(field, stem)
            if found is None:
                return PhraseMatches(np.empty(0, np.uint16), (np.empty(0, np.intp),) * len(stems))
            words.append(PhraseTerm(stem, found, partial(self._starts, field, stem, found.counts)))
        row = match_phrase(words, self.document_count)
        return row.filter(self.live[row.documents]) if self.entry.deletions else row

    def stem(self, field: str, stem: str) -> Occurrences | None:
        """Return where a stem stands in a text field, None where it is not there."""
        return self._memory.get_or_compute(
            (self.name, field, "occurrences", stem),  # "stem" has the postings
            lambda: self._find_stem(field, stem),
            lambda _views: 0,
        )

    def _find_stem(self, field: str, stem: str) -> Occurrences | None:
        text = self.field(field)
        number = text.stems.find(stem.encode())
        return None if number is None else text.of_stem(number)

    def has_form(self, field: str, stem: str, surface: str, numbers: IdArray) -> BoolArray:
        """Tell of some occurrences of a stem whether they have a surface form."""
        found, code = self.stem(field, stem), self.code(field, surface)
        if found is None or code is None:
            return np.zeros(numbers.size, np.bool_)
        same: BoolArray = found.codes[numbers] == code
        return same

    def code(self, field: str, surface: str) -> int | None:
        """Return the code of a surface form among those of its stem, None where it is not there."""
        return self._memory.get_or_compute(
            (self.name, field, "code", surface),
            lambda: self._find_code(field, surface),
            lambda _code: 0,
        )

    def _find_code(self, field: str, surface: str) -> int | None:
        found = self.field(field).surface(surface)
        return None if found is None else found[1]

    def common(self, field: str, stems: Sequence[str]) -> IdArray:
        """Return the live documents that hold every one of some stems in a text field; int64."""
        lists = []
        for stem in stems:
            found = self.stem(field, stem)
            if found is None:
                return np.empty(0, np.int64)
            lists.append(found.ids)
        shortest, *others = sorted(lists, key=len)
        ids = shortest.astype(np.int64)
        for other in others:
            _rows, held = locate_documents(other, ids, self.document_count)
            ids = ids[held]
        return ids[self.live[ids]] if self.entry.deletions else ids

    def terms(self, field: str, level: str, prefix: str = "") -> list[str]:
        """Return the terms of a field that begin with `prefix`, in code point order."""
        if field == DEFAULT_FIELD:
            both = (self.terms(name, level, prefix) for name in ("text", "title"))
            return sorted(set().union(*both))
        dictionary = self.field(field).dictionary(level)
        numbers = dictionary.prefix_range(prefix.encode())
        return [term.decode() for term in dictionary.terms(numbers)]

    def numbers(self, name: str) -> npt.NDArray[np.float64]:
        """Return a number or date column: float64 [documents], NaN where a document has none."""
        return self.documents.numbers(name)

    def with_keyword(self, name: str, keyword: str) -> BoolArray:
        """Tell of each document whether a keyword column holds this value, which is folded."""
        found = np.zeros(self.document_count, np.bool_)
        # The bytes of a lone surrogate are in no index.
        number = self.documents.keyword_values(name).find(keyword.encode("utf-8", "surrogatepass"))
        if number is not None:
            starts, codes = self.documents.keyword_codes(name)
            owners = np.repeat(np.arange(self.document_count), np.diff(starts))
            found[owners[codes == number]] = True
        return found

    def first_keywords(self, name: str) -> tuple[list[str], npt.NDArray[np.int64]]:
        """Return the values of a keyword column, sorted, and the first one of each document.

        The second is int64 [documents]: a place in the first, or -1 where a document has none.
        """
        values = [value.decode() for value in self.documents.keyword_values(name).all()]
        starts, codes = self.documents.keyword_codes(name)
        firsts = np.full(self.document_count, -1, np.int64)
        some = np.diff(starts) > 0
        firsts[some] = codes[starts[:-1][some]]
        return values, firsts

    def head(self, number: int) -> StoredFields:
        """Return all of a document but its text. Raises IndexDamagedError."""
        return self.stored_fields([number])[0]

    def stored_fields(self, numbers: Sequence[int]) -> list[StoredFields]:
        """Return all of some documents but their texts. Raises IndexDamagedError."""
        return list(map(unpack_stored_fields, self.documents.stored_fields(numbers)))

    def find_live(self, document_id: bytes) -> list[int]:
        """Return the numbers of the live documents with an id, which is in UTF-8.

        A committed index has at most one of each id.
        """
        return [number for number in self.documents.find(document_id) if self.live[number]]

    def text(self, number: int) -> str:
        """Return the text of a document. Raises IndexDamagedError."""
        return self.documents.text(number).decode()


def _read_deletions(path: Path, entry: SegmentEntry) -> Ids:
    """Return the documents that are deleted from a segment."""
    deleted: Ids = ArrayFile(path).array("documents").all()
    if deleted.size != entry.deleted or int(deleted.max(initial=0)) >= entry.documents:
        raise damaged(path, f"it is not of the segment {entry.name}")
    return deleted
