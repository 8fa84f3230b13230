"""Check of a text field: its terms, postings, positions, surface forms and next-term hashes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from analyzers.normalization.spelling import spelled_letters
from indexer.check.word_pairs_check import WordPairsCheck
from indexer.damage import damaged
from indexer.segment.array_file import ArrayFile
from indexer.segment.form_counts import MANY
from indexer.segment.id_lists import IdLists, read_chunks
from indexer.segment.next_word_filter import term_hashes
from indexer.segment.packed_values import ValueArray
from indexer.segment.sorted_arrays import distinct_values
from indexer.segment.split_values import SplitArray
from indexer.segment.term_dictionary import TermDictionary, lay_out
from indexer.segment.text_field import ABSENT, TextField, spellings_of
from indexer.segment.trigram_index import TRIGRAM_PARTS, build_trigrams
from indexer.segment.write.temporary_files import temporary_file
from indexer.segment.written_forms import WrittenForms, code_widths, expand_spellings

OCCURRENCES_PER_STEP = 2_000_000
"""Occurrences that are checked in one step: about 150 MB of arrays."""

_Ints = npt.NDArray[np.int64]


def require(array_file: ArrayFile, fits: bool | np.bool_, name: str, reason: str) -> None:
    """Raise IndexDamagedError with the name of an array and the reason, unless it fits."""
    if not fits:
        raise damaged(array_file.path, f"{name}: {reason}")


def check_term_dictionary(array_file: ArrayFile, name: str) -> None:
    """Check that terms are UTF-8, distinct and sorted, and that their blocks are right.

    Raises IndexDamagedError.
    """
    data = array_file.array(f"{name}.bytes").all().tobytes()
    terms = data.split(b"\xff")[1:-1]
    distinct = all(before < term for before, term in pairwise(terms))
    require(array_file, distinct, f"{name}.bytes", "terms not sorted")
    try:
        b"\0".join(terms).decode()
    except UnicodeDecodeError as error:
        raise damaged(array_file.path, f"{name}.bytes: a term is no text: {error}") from error
    for part, expected in lay_out(terms)._asdict().items():
        found = array_file.array(f"{name}.{part}").all()
        require(array_file, np.array_equal(found, expected), f"{name}.{part}", "not of its terms")


def check_trigrams(array_file: ArrayFile, name: str) -> None:
    """Check that the trigrams are those of the stems. Raises IndexDamagedError."""
    expected = build_trigrams(TermDictionary(array_file, f"{name}.stems").all())
    for part in TRIGRAM_PARTS:
        array = f"{name}.trigrams.{part}"
        whole = SplitArray(array_file, array) if part == "stems" else array_file.array(array)
        found = whole.all()
        fits = np.array_equal(found, getattr(expected, part))
        require(array_file, fits, f"{name}.trigrams.{part}", "not those of the stems")


def check_text_field(
    array_file: ArrayFile, name: str, documents: int, progress: Callable[[int], None]
) -> _Ints:
    """Check a text field; return the number of words of each document, int64 [documents].

    `progress` is called with the number of bytes checked since its last call. Raises
    IndexDamagedError.
    """
    check_term_dictionary(array_file, f"{name}.stems")
    check_term_dictionary(array_file, f"{name}.surfaces")
    check_term_dictionary(array_file, f"{name}.spellings")
    check_trigrams(array_file, name)
    with temporary_file() as file:
        check = _TextFieldCheck(array_file, name, documents, file)
        for first, last in check.ranges():
            progress(check.stems(first, last))
        check.totals()
    return check.words


class _TextFieldCheck:
    """Checks a field by ranges of stems, with sums for each document over all of them.

    The sums are arrays of [documents], over the stems checked so far:
    `words`: int64, the number of occurrences.
    `_position_sums`: the sum of positions.
    `_last_positions`: int64, the highest position, -1 for none.
    `_hash_sums`: the sum of `h * p - n * (p + 1)` over occurrences at position p, where h is the
    hash of the term and n the hash stored for the next term. Over a whole document it is 0, as
    each hash is added at its own position and subtracted at the one before.

    Sums of float64 are exact below 2 ** 53.
    """

    def __init__(self, array_file: ArrayFile, name: str, documents: int, file: IO[bytes]) -> None:
        """Check the field `name`; `file` is an empty temporary file."""
        self._array_file = array_file
        self._name = name
        self._documents = documents
        self._terms = TermDictionary(array_file, f"{name}.stems")
        self._stems = self._terms.size
        self._surface_terms = TermDictionary(array_file, f"{name}.surfaces")
        self._surfaces = self._surface_terms.size
        self._postings = self._starts("posting_starts", "ids", "counts")
        self._occurrences = self._starts("occurrence_starts", "positions", "next_term_hashes")
        self._check_id_chunks()
        self._ids = IdLists(array_file, name)
        self._field = TextField(array_file, name)
        for part, values in self._field.packed():
            self._require(values.check(), part, "not packed as their values are")
        self._forms = self._written_forms()
        self._code_starts, self._form_of_code = self._codes()
        self._counts = np.zeros(self._forms.surfaces.size, np.int64)
        self._pairs = WordPairsCheck(array_file, name, documents, file)
        self.words = np.zeros(documents, np.int64)
        self._position_sums = np.zeros(documents, np.float64)
        self._last_positions = np.full(documents, -1, np.int64)
        self._hash_sums = np.zeros(documents, np.float64)

    def _require(self, fits: bool | np.bool_, part: str, reason: str) -> None:
        require(self._array_file, fits, f"{self._name}.{part}", reason)

    def _all(self, part: str) -> _Ints:
        return self._array_file.array(f"{self._name}.{part}").all().astype(np.int64)

    def _slice(self, part: str, start: int, stop: int) -> npt.NDArray[Any]:
        return self._array_file.array(f"{self._name}.{part}").slice(start, stop)

    def _starts(self, part: str, *arrays: str) -> _Ints:
        """Return where the slice of each stem begins in some arrays; no slice may be empty."""
        starts = self._all(part)
        self._require(starts.size == self._stems + 1 and starts[0] == 0, part, "not of each stem")
        self._require(np.all(np.diff(starts) > 0), part, "not ascending")
        for array in arrays:
            size = self._array_file.array(f"{self._name}.{array}").size
            self._require(starts[-1] == size, array, "not as long as its stems say")
        return starts

    def _check_id_chunks(self) -> None:
        """Check that the chunks of ids, where there are any, are those of their lists."""
        chunks = read_chunks(self._array_file, self._name)
        if chunks is None:
            return
        starts, highs, sizes = chunks
        fits = starts.size == self._stems + 1 and starts[0] == 0
        fits = fits and bool(np.all(np.diff(starts) > 0))
        self._require(fits, "id_chunk_starts", "not of each stem")
        self._require(starts[-1] == highs.size, "id_chunks", "not as many as its stems say")
        ends = np.concatenate(([0], np.cumsum(sizes)))
        self._require(np.array_equal(ends[starts], self._postings), "id_chunks", "of other sizes")
        ascending = np.diff(highs) > 0
        ascending[starts[1:-1] - 1] = True
        self._require(bool(np.all(ascending)), "id_chunks", "not ascending in a term")

    def _written_forms(self) -> WrittenForms:
        """Check that the spellings are of their surface forms; return the written forms."""
        sets = TermDictionary(self._array_file, f"{self._name}.spellings").all()
        numbers = self._field.spelling_sets()[1].astype(np.int64)
        self._require(
            numbers.size == self._surfaces, "surface_spellings", "not of each surface form"
        )
        self._require(
            np.array_equal(distinct_values(numbers), np.arange(len(sets))),
            "surface_spellings",
            "not those of the dictionary",
        )
        # The longest spelling of a set must not be longer than the shortest surface form with it.
        sizes = np.fromiter(
            (len(term.decode()) for term in self._surface_terms.all()), np.int64, self._surfaces
        )
        shortest = np.full(len(sets), np.iinfo(np.int64).max)
        np.minimum.at(shortest, numbers, sizes)
        for each, most in zip(sets, shortest.tolist(), strict=True):
            names = spellings_of(each)
            fits = all(
                name == ABSENT or 0 <= spelled_letters(name) <= most for name in names
            ) and len(names) - names.count(ABSENT) == len({*names} - {ABSENT})
            self._require(fits, "spellings", f"{each.decode()!r} is none of a surface form")
        return expand_spellings(sets, numbers)

    def _codes(self) -> tuple[_Ints, _Ints]:
        """Return where the codes of each stem begin in a table from codes to written forms.

        The second is the table: the number of a written form, or -1 where no form has the code.
        """
        stems = self._field.surface_stems().astype(np.int64)
        codes = self._all("surface_codes")
        self._require(stems.size == self._surfaces, "surface_stems", "not of each surface form")
        self._require(codes.size == self._surfaces, "surface_codes", "not of each surface form")
        self._require(int(stems.max(initial=-1)) < self._stems, "surface_stems", "no such stem")
        stems = stems[self._forms.surfaces]
        codes = codes[self._forms.surfaces] + self._forms.offsets
        sizes = code_widths(self._stems, stems, codes)
        starts = np.concatenate(([0], np.cumsum(sizes)))
        table = np.full(int(starts[-1]), -1, np.int64)
        table[starts[stems] + codes] = np.arange(codes.size)
        distinct = np.count_nonzero(table >= 0) == codes.size
        self._require(distinct, "surface_codes", "two forms of a stem have one code")
        return starts, table

    def ranges(self) -> Iterator[tuple[int, int]]:
        """Yield ranges of stems with about `OCCURRENCES_PER_STEP` occurrences; one stem at least."""
        first = 0
        while first < self._stems:
            end = self._occurrences[first] + OCCURRENCES_PER_STEP
            last = int(np.searchsorted(self._occurrences, end, side="right")) - 1
            last = max(last, first + 1)
            yield first, last
            first = last

    def stems(self, first: int, last: int) -> int:
        """Check the stems from `first` to before `last`; return the bytes that were read."""
        start, stop = self._postings[[first, last]].tolist()
        stems = np.repeat(np.arange(first, last), np.diff(self._postings[first : last + 1]))
        ids, counts = self._ids.range(first, last, start, stop), self._slice("counts", start, stop)
        self._require(int(ids.max()) < self._documents, "ids", "no such document")
        fits = self._documents - 1 <= np.iinfo(ids.dtype).max
        self._require(fits, "ids", "of a type that does not hold every document")
        same_stem = stems[1:] == stems[:-1]
        self._require(np.all((ids[1:] > ids[:-1]) | ~same_stem), "ids", "not ascending in a term")
        self._require(int(counts.min()) > 0, "counts", "a document without the term")
        occurrences_of_stems = np.add.reduceat(
            counts, self._postings[first:last] - start, dtype=np.int64
        )
        sizes = np.diff(self._occurrences[first : last + 1])
        self._require(
            np.array_equal(occurrences_of_stems, sizes), "counts", "not the number of positions"
        )
        found = self._field.occurrences_of_stems(first, last)
        positions, codes, next_hashes = found.positions, found.codes, found.next_term_hashes
        self._check_positions(ids, counts, positions)
        forms = self._check_codes(np.repeat(stems, counts), codes)
        self._pairs.add(np.repeat(ids, counts), positions, forms)
        hashes = term_hashes(self._terms.terms(range(first, last)))
        self._add_hashes(np.repeat(ids, counts), positions, np.repeat(hashes, sizes), next_hashes)
        # A position has a byte and more, which is not counted, as the code is not.
        return ids.nbytes + counts.nbytes + 2 * next_hashes.nbytes

    def _check_positions(
        self, ids: npt.NDArray[Any], counts: npt.NDArray[Any], positions: npt.NDArray[Any]
    ) -> None:
        owners = np.repeat(np.arange(ids.size), counts)
        ascending = (positions[1:] > positions[:-1]) | (owners[1:] != owners[:-1])
        self._require(np.all(ascending), "positions", "not ascending in a document")
        documents = ids[owners]
        self.words += np.bincount(documents, minlength=self._documents)
        self._position_sums += np.bincount(documents, positions, minlength=self._documents)
        ends = np.cumsum(counts, dtype=np.int64) - 1
        np.maximum.at(self._last_positions, ids, positions[ends].astype(np.int64))

    def _check_codes(self, stems: _Ints, codes: npt.NDArray[Any]) -> _Ints:
        """Check the codes of some occurrences; return the written form of each."""
        entries = self._code_starts[stems] + codes
        inside = bool(np.all(entries < self._code_starts[stems + 1]))
        self._require(
            inside and np.all(self._form_of_code[entries] >= 0), "codes", "no such surface form"
        )
        forms: _Ints = self._form_of_code[entries]
        self._counts += np.bincount(forms, minlength=self._counts.size)
        return forms

    def _add_hashes(
        self,
        documents: npt.NDArray[Any],
        positions: npt.NDArray[Any],
        hashes: _Ints,
        next_hashes: npt.NDArray[Any],
    ) -> None:
        """Add the hashes of some occurrences to `_hash_sums`."""
        at = positions.astype(np.int64)
        differences = hashes * at - next_hashes.astype(np.int64) * (at + 1)
        self._hash_sums += np.bincount(documents, differences, minlength=self._documents)

    def totals(self) -> None:
        """Check the sums: the positions of each document must be 0, 1, 2 and so on."""
        expected = self.words * (self.words - 1) / 2
        consecutive = np.array_equal(self._last_positions, self.words - 1) and np.array_equal(
            self._position_sums, expected
        )
        self._require(consecutive, "positions", "words missing, or two at one position")
        self._require(np.array_equal(self._all("lengths"), self.words), "lengths", "not the words")
        self._require(not self._hash_sums.any(), "next_term_hashes", "not those of the next words")
        seen = self._counts > 0
        held = np.bincount(self._forms.surfaces[seen], minlength=self._surfaces) > 0
        self._require(np.all(held), "surfaces", "a surface form that no document holds")
        is_absent = np.array([name == ABSENT for name in self._forms.names], np.bool_)
        used = ~is_absent[self._forms.spellings]
        self._require(np.array_equal(used, seen), "spellings", "not those that documents hold")
        self._check_form_counts()
        self._pairs.finish(self._forms.surfaces, self._surfaces)

    def _check_form_counts(self) -> None:
        """Check the counts of written forms."""
        name = f"{self._name}.form_counts"
        stored = ValueArray(self._array_file, name, self._counts.size)
        large = self._all("large_form_counts")
        fits = stored.check() and np.array_equal(stored.all(), np.minimum(self._counts, MANY))
        self._require(fits, "form_counts", "not those of the written forms")
        fits = np.array_equal(large, self._counts[self._counts >= MANY])
        self._require(fits, "large_form_counts", "not those of the written forms")
