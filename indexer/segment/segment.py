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
PositionArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

DEFAULT_FIELD = ""
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
    """Where a stem stands: int64 [n], document << 32 | place, ascending.

    `exact` tells of each place whether the word has its exact surface form there; None: nowhere.
    """

    keys: PositionArray
    exact: BoolArray | None


@dataclass(frozen=True, slots=True)
class _Located:
    """The documents of a stem, where the occurrences of each begin, and their places."""

    ids: IdArray
    starts: IdArray
    positions: PositionArray


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
        """Return where each of some words stands in the live documents that hold all their stems.

        `field` is one text field, not the title and the text together.
        """
        located = [self._located(field, word.stem) for word in words]
        order = sorted(range(len(words)), key=lambda number: located[number].ids.size)
        documents = located[order[0]].ids
        if self.entry.deletions:
            documents = documents[self.live[documents]]
        for number in order[1:]:
            documents = documents[contains(located[number].ids, documents)]
        return [
            self._places_of(field, word, found, documents)
            for word, found in zip(words, located, strict=True)
        ]

    def _places_of(self, field: str, word: Word, located: _Located, documents: IdArray) -> Places:
        chosen = located.ids.searchsorted(documents)
        starts = located.starts[chosen]
        sizes = located.starts[chosen + 1] - starts
        # The occurrences of each chosen document are one run.
        shift = starts - (sizes.cumsum() - sizes)
        numbers = shift.repeat(sizes) + np.arange(int(sizes.sum()))
        keys = (documents << 32).repeat(sizes) | located.positions[numbers]
        codes = self.field(field).codes(word.stem)[numbers] if word.code is not None else None
        return Places(keys, codes == word.code if codes is not None else None)

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

    def _located(self, field: str, stem: int) -> _Located:
        """Return the occurrences of a stem, prepared for `places`."""
        return self._memory.recall(
            (self._name, field, stem),
            lambda: self._locate(field, stem),
            lambda located: located.ids.size + located.positions.size // 2,
        )

    def _locate(self, field: str, stem: int) -> _Located:
        found = self.field(field).of_stem(stem)
        starts = np.zeros(found.ids.size + 1, np.int64)
        np.cumsum(found.counts, out=starts[1:])
        return _Located(found.ids.astype(np.int64), starts, found.positions.astype(np.int64))

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
