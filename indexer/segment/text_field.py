"""Reading one text field of a segment: the postings and positions of stems and surface forms.

Only stems have posting lists. A surface form belongs to one stem, and each occurrence of the stem
carries the code of its written form (`indexer.segment.written_forms`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.segment.array_file import ArrayFile
from indexer.segment.code_list import CodeList
from indexer.segment.count_list import CountList
from indexer.segment.id_lists import NO_IDS, IdList, IdLists
from indexer.segment.packed_values import PlainValues, ValueArray
from indexer.segment.recent_lists import RecentLists
from indexer.segment.sorted_arrays import AnyIds, UnsignedArray, run_sizes, run_starts
from indexer.segment.split_values import SplitArray, SplitValues, WholeValues
from indexer.segment.term_dictionary import TermDictionary
from indexer.segment.trigram_index import TrigramIndex

ABSENT = "-"
"""In the place of a spelling that no document has any more: its code is not used."""

_Ints = npt.NDArray[np.int64]


class SurfaceForm(NamedTuple):
    """A surface form in a text field: the number of its stem, and its written forms.

    `code` is the code of the first, `spellings` are those of all.
    """

    stem: int
    code: int
    spellings: tuple[str, ...]

    @property
    def codes(self) -> tuple[int, ...]:
        """The codes of all written forms, ascending."""
        return tuple(range(self.code, self.code + len(self.spellings)))


_FEW = 6
"""Where at most one occurrence in so many has a code, each is looked up by itself."""


class Occurrences(NamedTuple):
    """The posting list of one term with positions, in one text field of a segment.

    `ids`: [n], documents, ascending. `counts`: [n], the occurrences in each.
    `positions`: sum of counts, by document and ascending within it, counted from 0.
    `codes`: sum of counts, the code of the written form at each position.
    `next_term_hashes`: [sum of counts], the hash of the stem of the next word, 0 at the end.
    """

    ids: IdList
    counts: CountList
    positions: SplitValues | WholeValues
    codes: CodeList
    next_term_hashes: UnsignedArray

    def code_counts(self, codes: tuple[int, ...]) -> npt.NDArray[np.float32]:
        """Return the occurrences with any of some codes in each document; float32 [n]."""
        if not codes:
            return np.zeros(self.ids.size, np.float32)
        exact = self.codes.have(codes)
        if exact.size == self.ids.size:  # once in each document
            return exact.astype(np.float32)
        if _FEW * np.count_nonzero(exact) < exact.size:
            rows = self.counts.rows_of(exact.nonzero()[0])
            return np.bincount(rows, minlength=self.ids.size).astype(np.float32)
        # Several times as fast as np.add.reduceat, which casts block by block.
        sums = exact.cumsum(dtype=np.int32).take(self.counts.ends() - 1, mode="clip")
        counts = sums.astype(np.float32)
        np.subtract(sums[1:], sums[:-1], out=counts[1:])
        return counts

    def documents(self) -> UnsignedArray:
        """Return the document of each occurrence; [sum of counts], ascending."""
        return self.counts.repeat(self.ids.all())


class StemRange(NamedTuple):
    """The posting lists of consecutive stems, one after the other, all values as in `Occurrences`.

    `occurrence_counts`: int64 [stems], the number of occurrences of each stem.
    """

    ids: UnsignedArray
    counts: UnsignedArray
    positions: AnyIds
    codes: UnsignedArray
    next_term_hashes: UnsignedArray
    occurrence_counts: npt.NDArray[np.int64]


_NO_COUNTS = np.empty(0, np.uint8)

_NO_OCCURRENCES = Occurrences(
    NO_IDS,
    CountList(_NO_COUNTS, 0),
    WholeValues(np.empty(0, np.uint16)),
    CodeList(PlainValues(np.empty(0, np.uint8))),
    np.empty(0, np.uint8),
)


def spellings_of(spelling_set: bytes) -> tuple[str, ...]:
    """Return the spellings of a set."""
    return tuple(spelling_set.decode().split(" "))


class TextField:
    """One text field of a segment, on the levels "stem" and "surface"; deleted documents too."""

    def __init__(self, array_file: ArrayFile, name: str, recent: RecentLists | None = None) -> None:
        """Read from `array_file`; long lists keep their ids as `recent` says, without it they do not."""
        self.stems = TermDictionary(array_file, f"{name}.stems")
        self.surfaces = TermDictionary(array_file, f"{name}.surfaces")
        self.trigrams = TrigramIndex(array_file, name)
        self._surface_stems = SplitArray(array_file, f"{name}.surface_stems")
        self._surface_codes = array_file.array(f"{name}.surface_codes")
        self._surface_spellings = ValueArray(
            array_file, f"{name}.surface_spellings", self._surface_stems.size
        )
        self._spellings = TermDictionary(array_file, f"{name}.spellings")
        self._lengths = array_file.array(f"{name}.lengths")
        self._posting_starts = array_file.array(f"{name}.posting_starts")
        self._occurrence_starts = array_file.array(f"{name}.occurrence_starts")
        self._ids = IdLists(array_file, name, recent)
        self._counts = array_file.array(f"{name}.counts")
        self._positions = SplitArray(array_file, f"{name}.positions")
        self._codes = ValueArray(array_file, f"{name}.codes", self._positions.size)
        self._next_term_hashes = array_file.array(f"{name}.next_term_hashes")

    def dictionary(self, level: str) -> TermDictionary:
        """Return the term dictionary of a level."""
        return self.stems if level == "stem" else self.surfaces

    def occurrences(self, level: str, term: str) -> Occurrences:
        """Return the occurrences of a term on a level; empty arrays where there is no such term."""
        if level == "stem":
            number = self.stems.find(term.encode())
            return _NO_OCCURRENCES if number is None else self.occurrences_of_stem(number)
        surface = self.surface(term)
        if surface is None:
            return _NO_OCCURRENCES
        return self.occurrences_of_codes(surface.stem, surface.codes)

    def surface(self, term: str) -> SurfaceForm | None:
        """Return a surface form with its written forms; None for no such form."""
        number = self.surfaces.find(term.encode())
        if number is None:
            return None
        return SurfaceForm(
            self._surface_stems.item(number),
            self._surface_codes.item(number),
            spellings_of(self._spellings.term(self._surface_spellings.item(number))),
        )

    def postings(self, level: str, term: str) -> tuple[IdList, UnsignedArray]:
        """Return the documents with a term, ascending, and the occurrences in each; [n] each."""
        if level == "stem":
            number = self.stems.find(term.encode())
            if number is None:
                return NO_IDS, _NO_COUNTS
            start, stop = self._posting_starts.slice(number, number + 2).tolist()
            return self._ids.of(number, start, stop), self._counts.slice(start, stop)
        surface = self.surface(term)
        if surface is None:
            return NO_IDS, _NO_COUNTS
        return self.postings_of_codes(surface.stem, surface.codes)

    def postings_of_codes(self, stem: int, codes: tuple[int, ...]) -> tuple[IdList, UnsignedArray]:
        """Return what `postings` does of the occurrences of a stem that have one of some codes."""
        found = self.occurrences_of_stem(stem)
        counts = found.code_counts(codes)
        rows = counts.nonzero()[0]
        return IdList(found.ids.at(rows)), counts[rows].astype(np.uint32)

    def stem_lists(self, stems: Sequence[bytes]) -> list[tuple[int, IdList, UnsignedArray]]:
        """Return the posting list of each stem that the field has.

        The first value is the index of the stem, the others are its ids and its counts.
        """
        found = self.stems.find_all(stems)
        owners = [owner for owner, number in enumerate(found) if number >= 0]
        if not owners:
            return []
        numbers = np.array([found[owner] for owner in owners])
        starts = self._posting_starts.take(numbers).tolist()
        stops = self._posting_starts.take(numbers + 1).tolist()
        bounds = list(zip(starts, stops, strict=True))
        ids = self._ids.several(numbers, bounds)
        return list(zip(owners, ids, self._counts.slices(bounds), strict=True))

    def documents_of_surface(self, number: int) -> UnsignedArray:
        """Return the documents with the stem of a surface form, ascending; [n]."""
        stem = self._surface_stems.item(number)
        start, stop = self._posting_starts.slice(stem, stem + 2).tolist()
        return self._ids.of(stem, start, stop).all()

    @property
    def count_type(self) -> np.dtype[Any]:
        """The dtype in which counts are stored."""
        return self._counts.array.dtype

    def lengths(self) -> UnsignedArray:
        """Return the length of each document in words; [documents]."""
        return self._lengths.all()

    def surface_stems(self) -> AnyIds:
        """Return the number of each surface form's stem; [surface forms]."""
        return self._surface_stems.all()

    def surface_codes(self) -> UnsignedArray:
        """Return the code of the first written form of each surface form; [surface forms]."""
        return self._surface_codes.all()

    def spelling_sets(self) -> tuple[list[bytes], UnsignedArray]:
        """Return the sets of spellings, and the number of that of each surface form."""
        return self._spellings.all(), self._surface_spellings.all()

    def packed(self) -> list[tuple[str, ValueArray]]:
        """Return the arrays of packed values, each with the last part of its name."""
        found = {
            "codes": self._codes,
            "surface_spellings": self._surface_spellings,
            "positions_high": self._positions.high,
            "surface_stems_high": self._surface_stems.high,
            "trigrams.stems_high": self.trigrams.stems.high,
        }
        return [(part, values) for part, values in found.items() if values is not None]

    def occurrence_start(self, stem: int) -> int:
        """Return the number of occurrences of all stems before this one."""
        return self._occurrence_starts.item(stem)

    def occurrences_of_stems(self, start: int, stop: int) -> StemRange:
        """Return the posting lists of the stems `[start, stop)`."""
        postings = self._posting_starts.slice(start, stop + 1).astype(np.int64)
        occurrences = self._occurrence_starts.slice(start, stop + 1).astype(np.int64)
        first, last = int(occurrences[0]), int(occurrences[-1])
        begin, end = int(postings[0]), int(postings[-1])
        return StemRange(
            ids=self._ids.range(start, stop, begin, end),
            counts=self._counts.slice(begin, end),
            positions=self._positions.slice(first, last).all(),
            codes=self._codes.slice(first, last).all(),
            next_term_hashes=self._next_term_hashes.slice(first, last),
            occurrence_counts=np.diff(occurrences),
        )

    def occurrences_of_stem(self, number: int) -> Occurrences:
        """Return the occurrences of the stem with this number."""
        start, stop = self._posting_starts.slice(number, number + 2).tolist()
        first, last = self._occurrence_starts.slice(number, number + 2).tolist()
        return Occurrences(
            self._ids.of(number, start, stop),
            CountList(self._counts.slice(start, stop), last - first),
            self._positions.slice(first, last),
            CodeList(self._codes.slice(first, last)),
            self._next_term_hashes.slice(first, last),
        )

    def occurrences_of_codes(self, stem: int, codes: tuple[int, ...]) -> Occurrences:
        """Return the occurrences of a stem that have one of some codes."""
        found = self.occurrences_of_stem(stem)
        kept = found.codes.have(codes)
        documents = found.documents()[kept]
        starts = run_starts(documents)
        counts = run_sizes(starts, documents.size).astype(np.uint32)
        return Occurrences(
            IdList(documents[starts]),
            CountList(counts, documents.size),
            WholeValues(found.positions.all()[kept]),
            CodeList(PlainValues(found.codes.all()[kept])),
            found.next_term_hashes[kept],
        )
