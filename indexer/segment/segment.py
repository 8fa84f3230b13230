"""A segment as a search sees it: live postings, positions, columns and documents.

The field "" is the title and the text together: a word of the title counts `TITLE_WEIGHT` times
(the simple form of BM25F: Robertson, Zaragoza and Taylor, "Simple BM25 extension to multiple
weighted fields", CIKM 2004).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from analyzers.analysis import Terms
from indexer.errors import IndexDamagedError
from indexer.generation import SegmentEntry
from indexer.segment.container import Container, damaged
from indexer.segment.documents import Documents
from indexer.segment.memory import Memory
from indexer.segment.text import Ids, TextField
from indexer.segment.values import TITLE_WEIGHT
from indexer.stored import Head, unpack_head

IdArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float32]
PlaceArray = npt.NDArray[np.integer[Any]]
BoolArray = npt.NDArray[np.bool_]

DEFAULT_FIELD = ""

_MUCH_MORE = 8
"""A word in so many times the documents of another is read in those of the other alone."""

PLACES_BETWEEN = 128
"""Keys left out between two documents: more than the slop of any phrase."""

SEGMENT_SUFFIX = ".segment"
DELETIONS_SUFFIX = ".deletions"


@dataclass(slots=True, eq=False)
class Postings:
    """The live documents that hold a term, in one segment.

    `ids`: int64 [n], document numbers within the segment, ascending.
    `weights`: float32 [n], occurrences, those in the title counted TITLE_WEIGHT times.
    `scored`: what a scorer computed from them last, and for which mean length of documents.
    """

    ids: IdArray
    weights: FloatArray
    scored: tuple[float, FloatArray] | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text field: the number of its stem, and the code of its surface form.

    The code is None where the field holds the stem in other forms alone.
    """

    stem: int
    code: int | None


@dataclass(frozen=True, slots=True)
class Places:
    """Where a stem stands in a text field of a segment.

    `keys`: uint32 or int64 [n], ascending; the words of one document have consecutive keys, and between
    documents lie `PLACES_BETWEEN`, so neighbours are found by arithmetic and never cross.
    `codes`: [n], the code of the surface form at each place.
    """

    keys: PlaceArray
    codes: Ids


class Segment:
    """One segment of an index, with the documents that are deleted from it.

    Threads may share it. Raises IndexDamagedError, and FileNotFoundError where a file was removed.
    """

    def __init__(self, directory: Path, entry: SegmentEntry, memory: Memory | None = None) -> None:
        self.entry = entry
        self.container = Container(directory / entry.name)
        self.document_count = int(self.container.values.get("documents", -1))
        if self.document_count != entry.documents:
            raise IndexDamagedError(
                f"the segment {entry.name} of {directory} holds {self.document_count} documents, "
                f"not {entry.documents}; build the index again with 'searchd index --rebuild'"
            )
        self.documents = Documents(self.container)
        self.live = np.ones(self.document_count, np.bool_)
        if entry.deletions:
            self.live[_read_deletions(directory / entry.deletions, entry)] = False
        self._fields: dict[str, TextField] = {}
        self._memory = memory or Memory()
        self._name = entry.name + entry.deletions  # of what is remembered

    @cached_property
    def live_ids(self) -> IdArray:
        """The numbers of the documents that were not deleted; int64 [live], ascending."""
        return np.flatnonzero(self.live)

    @cached_property
    def lengths(self) -> FloatArray:
        """The words of each document, those of the title counted TITLE_WEIGHT times; float32."""
        return self.documents.lengths()

    def field(self, name: str) -> TextField:
        """Return a text field by name."""
        found = self._fields.get(name)
        if found is None:
            found = self._fields[name] = TextField(self.container, name)
        return found

    def postings(self, field: str, level: str, term: str) -> Postings:
        """Return the live postings of a term; empty arrays where it has none."""
        return self._memory.recall(
            (self._name, field, level, term),
            lambda: self._read_postings(field, level, term),
            lambda postings: postings.ids.size,
        )

    def _read_postings(self, field: str, level: str, term: str) -> Postings:
        if field == DEFAULT_FIELD:
            text = self.field("text").postings(level, term)
            title = self.field("title").postings(level, term)
            ids, weights = _with_title(*text, *title)
        else:
            found, counts = self.field(field).postings(level, term)
            ids, weights = found.astype(np.int64), counts.astype(np.float32)
            if field == "title":
                weights *= TITLE_WEIGHT
        if self.entry.deletions:
            live = self.live[ids]
            ids, weights = ids[live], weights[live]
        return Postings(ids, weights)

    def places(self, field: str, words: Sequence[Word]) -> list[Places]:
        """Return where the stem of each word stands in one text field, for finding phrases.

        All places of the rarest one, in deleted documents too; of the others at least those in the
        documents of the rarest.
        """
        stems = [self.field(field).of_stem(word.stem) for word in words]
        rarest = min(range(len(words)), key=lambda number: stems[number].ids.size)
        documents = stems[rarest].ids
        return [
            self._places_in(field, word.stem, documents)
            if stem.ids.size > _MUCH_MORE * documents.size
            else self._all_places(field, word.stem)
            for word, stem in zip(words, stems, strict=True)
        ]

    def _all_places(self, field: str, stem: int) -> Places:
        return self._memory.recall(
            (self._name, field, stem),
            lambda: self._read_places(field, stem),
            lambda places: places.keys.size // 2,
        )

    def _read_places(self, field: str, stem: int) -> Places:
        found = self.field(field).of_stem(stem)
        keys = self._bases(field)[found.documents()] + found.positions
        return Places(self._keys(field, keys), self.field(field).codes(stem))

    def _places_in(self, field: str, stem: int, documents: Ids) -> Places:
        """Return the places of a common stem in a few documents."""
        found = self.field(field).of_stem(stem)
        chosen = found.ids.searchsorted(documents.astype(found.ids.dtype))
        chosen[chosen == found.ids.size] = 0
        chosen = chosen[found.ids[chosen] == documents]
        sizes = found.counts[chosen].astype(np.int64)
        starts = np.cumsum(found.counts, dtype=np.int64)[chosen] - sizes
        # The occurrences of each chosen document are one run.
        shift = starts - (np.cumsum(sizes) - sizes)
        numbers = shift.repeat(sizes) + np.arange(int(sizes.sum()))
        keys = self._bases(field)[found.ids[chosen]].repeat(sizes) + found.positions[numbers]
        return Places(self._keys(field, keys), self.field(field).codes(stem)[numbers])

    def _keys(self, field: str, keys: IdArray) -> PlaceArray:
        """Return keys in half the size where that is enough, which it nearly always is."""
        return keys.astype(np.uint32 if self._bases(field)[-1] < 1 << 31 else np.int64)

    def documents_at(self, field: str, keys: PlaceArray) -> IdArray:
        """Return the document of each place; int64, one for each key."""
        return self._bases(field).searchsorted(keys, side="right") - 1

    def _bases(self, field: str) -> IdArray:
        """Return the key of the first place of each document; int64 [documents]."""
        return self._memory.recall(
            (self._name, field), lambda: self._read_bases(field), lambda bases: bases.size
        )

    def _read_bases(self, field: str) -> IdArray:
        sizes = self.field(field).sizes().astype(np.int64) + PLACES_BETWEEN
        return np.cumsum(sizes) - sizes + PLACES_BETWEEN

    def word(self, field: str, terms: Terms) -> Word | None:
        """Return the numbers of a word in a text field, None where its stem is not there."""
        return self._memory.recall(
            (self._name, field, terms.stem, terms.surface),
            lambda: self._find_word(field, terms),
            lambda _word: 0,
        )

    def _find_word(self, field: str, terms: Terms) -> Word | None:
        found = self.field(field)
        surface = found.surface(terms.surface)
        if surface is not None:
            return Word(*surface)
        stem = found.stems.find(terms.stem.encode())
        return None if stem is None else Word(stem, None)

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

    def head(self, number: int) -> Head:
        """Return all of a document but its text. Raises IndexDamagedError."""
        return unpack_head(self.documents.head(number))

    def text(self, number: int) -> str:
        """Return the text of a document. Raises IndexDamagedError."""
        return self.documents.text(number).decode()


def _read_deletions(path: Path, entry: SegmentEntry) -> Ids:
    """Return the documents that are deleted from a segment."""
    deleted: Ids = Container(path).array("documents").all()
    if deleted.size != entry.deleted or int(deleted.max(initial=0)) >= entry.documents:
        raise damaged(path, f"it is not of the segment {entry.name}")
    return deleted


def contains(sorted_ids: IdArray, ids: IdArray) -> BoolArray:
    """Tell of each id whether it is among ascending ones."""
    if not sorted_ids.size:
        return np.zeros(ids.size, np.bool_)
    places = sorted_ids.searchsorted(ids)
    places[places == sorted_ids.size] = 0
    found: BoolArray = sorted_ids[places] == ids
    return found


def _with_title(
    text_ids: Ids, text_counts: Ids, title_ids: Ids, title_counts: Ids
) -> tuple[IdArray, FloatArray]:
    """Add the weighted occurrences in titles to those in texts."""
    ids = text_ids.astype(np.int64)
    weights = text_counts.astype(np.float32)
    if not title_ids.size:
        return ids, weights
    extra = title_counts.astype(np.float32) * TITLE_WEIGHT
    places = np.searchsorted(ids, title_ids)
    there = np.zeros(title_ids.size, np.bool_)
    inside = places < ids.size
    there[inside] = ids[places[inside]] == title_ids[inside]
    weights[places[there]] += extra[there]
    if there.all():
        return ids, weights
    only = ~there
    return (
        np.insert(ids, places[only], title_ids[only]),
        np.insert(weights, places[only], extra[only]),
    )
