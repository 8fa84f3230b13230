"""Inversion: from the words of documents, in order, to the words' documents.

The words of a batch become numbers at once (`Vocabulary`), and one stable sort by stem turns the
batch into postings. A surface form belongs to one stem, so the surface level needs no postings of
its own: each occurrence of a stem carries the code of its surface form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analyzers import Analyzer, stem
from analyzers.analysis import surface_forms
from analyzers.tokenizer import WORD
from indexer.segment.container import ContainerWriter, narrow
from indexer.segment.dictionary import write_dictionary
from indexer.segment.grams import find_grams

Numbers = npt.NDArray[np.int32]
Unsigned = npt.NDArray[np.unsignedinteger[Any]]
Order = npt.NDArray[np.intp]


MOST_WORDS = 1_500_000
"""Distinct words as written that a vocabulary should hold: about 400 MB."""


class Vocabulary:
    """Numbers for surface forms and stems, in the order they were first met.

    It may serve batch after batch; when `is_full` it should make room for another, so that memory
    is bounded whatever the texts hold.
    """

    def __init__(self, analyzer: Analyzer) -> None:
        self._protection = analyzer.protection
        self._numbers = _WordNumbers(self)
        self._surface_numbers: dict[str, int] = {}
        self._stem_numbers: dict[str, int] = {}
        self._several: list[tuple[int, ...]] = []
        self.stem_of: list[int] = []

    @property
    def is_full(self) -> bool:
        """Whether it holds as many words as written as it should."""
        return len(self._numbers) >= MOST_WORDS

    @property
    def surfaces(self) -> list[str]:
        """The surface forms by number."""
        return list(self._surface_numbers)

    @property
    def stems(self) -> list[str]:
        """The stems by number."""
        return list(self._stem_numbers)

    def encode(self, text: str) -> Numbers:
        """Return the number of the surface form of each word of a text; int32 [words]."""
        words = WORD.findall(text)
        numbers = np.fromiter(map(self._numbers.__getitem__, words), np.int32, len(words))
        if numbers.size and numbers.min() < 0:
            return self._expand(numbers)
        return numbers

    def number_of(self, word: str) -> int:
        """Return the number of a word as written; below 0 for one that is several words or none."""
        surfaces = surface_forms(word)
        if len(surfaces) == 1:
            return self._number(surfaces[0])
        self._several.append(tuple(map(self._number, surfaces)))
        return -len(self._several)

    def _number(self, surface: str) -> int:
        number = self._surface_numbers.get(surface)
        if number is None:
            number = self._surface_numbers[surface] = len(self._surface_numbers)
            base = stem(surface, self._protection)
            self.stem_of.append(self._stem_numbers.setdefault(base, len(self._stem_numbers)))
        return number

    def _expand(self, numbers: Numbers) -> Numbers:
        """Put the several words of a phrase ligature in its place."""
        expanded: list[int] = []
        for number in numbers.tolist():
            if number < 0:
                expanded += self._several[-number - 1]
            else:
                expanded.append(number)
        return np.array(expanded, np.int32)


class _WordNumbers(dict[str, int]):
    """The number of each distinct word as written."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__()
        self._vocabulary = vocabulary

    def __missing__(self, word: str) -> int:
        number = self[word] = self._vocabulary.number_of(word)
        return number


@dataclass(slots=True)
class TextArrays:
    """The inverted form of one text field of a segment.

    `stems`, `surfaces`: sorted terms, in UTF-8.
    `surface_stems`, `surface_codes`: for each surface form the number of its stem, and its code,
    which counts from 0 among the forms of one stem.
    `posting_starts`: [stems + 1], where the postings of each stem begin in `ids` and `counts`.
    `occurrence_starts`: [stems + 1], where its occurrences begin in `positions` and `codes`.
    `ids`, `counts`: [postings], the documents of a stem, ascending, and its occurrences in each.
    `positions`, `codes`: [occurrences], the place in its document, and the code of the form.
    """

    stems: list[bytes]
    surfaces: list[bytes]
    surface_stems: Unsigned
    surface_codes: Unsigned
    posting_starts: npt.NDArray[np.int64]
    occurrence_starts: npt.NDArray[np.int64]
    ids: Unsigned
    counts: Unsigned
    positions: Unsigned
    codes: Unsigned

    def write(self, writer: ContainerWriter, name: str) -> None:
        """Write the arrays of a field, each in the smallest type that holds its values."""
        write_dictionary(writer, f"{name}.stems", self.stems)
        write_dictionary(writer, f"{name}.surfaces", self.surfaces)
        find_grams(self.stems).write(writer, name)
        for part in _ARRAYS:
            writer.add(f"{name}.{part}", narrow(getattr(self, part)))


_ARRAYS = (
    "surface_stems",
    "surface_codes",
    "posting_starts",
    "occurrence_starts",
    "ids",
    "counts",
    "positions",
    "codes",
)


def invert(
    vocabulary: Vocabulary,
    words: Numbers,
    documents: npt.NDArray[np.uint32],
    positions: npt.NDArray[np.uint32],
) -> TextArrays:
    """Invert the words of a batch.

    `words`, `documents` and `positions` are of one length: the surface number of each running
    word, the document it stands in and its place there, ordered by document and place.
    """
    present = np.flatnonzero(np.bincount(words, minlength=len(vocabulary.stem_of)))
    stem_of = np.array(vocabulary.stem_of, np.int32)
    stems, stem_ranks = _sorted_terms(vocabulary.stems, np.unique(stem_of[present]))
    surfaces, surface_ranks = _sorted_terms(vocabulary.surfaces, present)
    surface_stems = np.zeros(len(surfaces), np.uint32)
    surface_stems[surface_ranks[present]] = stem_ranks[stem_of[present]]
    surface_codes = codes_within(surface_stems)
    codes = np.zeros(len(vocabulary.stem_of), np.uint32)
    codes[present] = surface_codes[surface_ranks[present]]

    keys = stem_ranks[stem_of][words]
    order = stable_order(keys, len(stems))
    keys = keys[order]
    ids = documents[order]
    first = np.empty(keys.size, np.bool_)
    if keys.size:
        first[0] = True
        np.not_equal(keys[1:], keys[:-1], out=first[1:])
        first[1:] |= ids[1:] != ids[:-1]
    starts = np.flatnonzero(first)
    return TextArrays(
        stems=stems,
        surfaces=surfaces,
        surface_stems=surface_stems,
        surface_codes=surface_codes,
        posting_starts=_starts(keys[starts], len(stems)),
        occurrence_starts=_starts(keys, len(stems)),
        ids=narrow(ids[starts]),
        counts=narrow(np.diff(np.append(starts, keys.size))),
        positions=narrow(positions[order]),
        codes=narrow(codes[words][order]),
    )


def stable_order(keys: npt.NDArray[np.integer[Any]], bound: int) -> Order:
    """Return the stable order of keys in `[0, bound)`: a radix sort by 16 bits at a time."""
    order = np.argsort(keys.astype(np.uint16), kind="stable")  # the low 16 bits
    if bound > 1 << 16:
        high = (keys >> 16).astype(np.uint16)[order]
        order = order[np.argsort(high, kind="stable")]
    return order


def codes_within(stems: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.uint32]:
    """Return for each surface form, in the order of the forms, its place among those of its stem."""
    order = np.argsort(stems, kind="stable")
    sizes = np.bincount(stems)
    group_starts = np.repeat(np.cumsum(sizes) - sizes, sizes)
    codes = np.empty(stems.size, np.uint32)
    codes[order] = np.arange(stems.size) - group_starts
    return codes


def _sorted_terms(
    terms: Sequence[str], chosen: npt.NDArray[np.integer[Any]]
) -> tuple[list[bytes], npt.NDArray[np.uint32]]:
    """Return the chosen terms in UTF-8, sorted, and the rank of each term by its number."""
    pairs = sorted((terms[number].encode(), number) for number in chosen.tolist())
    ranks = np.zeros(len(terms), np.uint32)
    ranks[[number for _term, number in pairs]] = np.arange(len(pairs), dtype=np.uint32)
    return [term for term, _number in pairs], ranks


def _starts(keys: npt.NDArray[np.integer[Any]], count: int) -> npt.NDArray[np.int64]:
    starts = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(keys, minlength=count), out=starts[1:])
    return starts
