"""The vocabulary of a run of indexing: a number for every surface form and every stem."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

from analyzers import Analyzer
from analyzers.analyzer import surface_forms
from analyzers.tokenizer import WORD
from indexer.segment.write.pretokenizer import ChunkIdTable, split_at_separators

Numbers = npt.NDArray[np.int32]

MOST_WORDS = 1_500_000
"""Distinct pieces of text that a vocabulary should hold: about 400 MB."""


class TermIds:
    """Numbers for surface forms and stems, in the order they were first met.

    It may serve batch after batch; when `is_full` it should make room for another, so that memory
    is bounded whatever the texts hold.
    """

    def __init__(self, analyzer: Analyzer) -> None:
        self._stem = analyzer.stem
        self._frequent = ChunkIdTable()
        self._numbers = _NumbersByPiece(self)
        self._surface_numbers: dict[str, int] = {}
        self._stem_numbers: dict[str, int] = {}
        self._several: list[tuple[int, ...]] = []
        self.stem_of: list[int] = []

    @property
    def is_full(self) -> bool:
        """Whether it holds as many pieces of text as it should."""
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
        return self.encode_all([text])[0]

    def encode_all(self, texts: Sequence[str]) -> tuple[Numbers, npt.NDArray[np.int64]]:
        """Return the numbers of the words of several texts, and how many words each text has."""
        pieces = split_at_separators(texts)
        numbers, missing = self._frequent.find(pieces.keys)
        if missing.size:
            found = map(self._numbers.__getitem__, pieces.written(missing))
            numbers[missing] = np.fromiter(found, np.int32, missing.size)
            self._frequent.put(pieces.keys[missing], numbers[missing])
        starts = pieces.text_starts
        several = numbers < 0
        if several.any():
            numbers, starts = self._expand(numbers, several, starts)
        return numbers, np.diff(starts)

    def number_of(self, piece: str) -> int:
        """Return the number of a piece of text; below 0 for one that is several words or none."""
        surfaces = [form for word in WORD.findall(piece) for form in surface_forms(word)]
        if len(surfaces) == 1:
            return self._number(surfaces[0])
        self._several.append(tuple(map(self._number, surfaces)))
        return -len(self._several)

    def _number(self, surface: str) -> int:
        number = self._surface_numbers.get(surface)
        if number is None:
            number = self._surface_numbers[surface] = len(self._surface_numbers)
            base = self._stem(surface)
            self.stem_of.append(self._stem_numbers.setdefault(base, len(self._stem_numbers)))
        return number

    def _expand(
        self, numbers: Numbers, several: npt.NDArray[np.bool_], starts: npt.NDArray[np.intp]
    ) -> tuple[Numbers, npt.NDArray[np.intp]]:
        """Put the several words of a piece in its place; return where each text begins then."""
        words = [self._several[-number - 1] for number in numbers[several].tolist()]
        sizes = np.ones(numbers.size, np.intp)
        sizes[several] = list(map(len, words))
        expanded = numbers.repeat(sizes)
        expanded[several.repeat(sizes)] = list(chain.from_iterable(words))
        return expanded, np.concatenate(([0], sizes.cumsum()))[starts]


class _NumbersByPiece(dict[str, int]):
    """The number of each distinct piece of text."""

    def __init__(self, vocabulary: TermIds) -> None:
        super().__init__()
        self._vocabulary = weakref.proxy(vocabulary)  # a cycle would outlive the run

    def __missing__(self, piece: str) -> int:
        number: int = self._vocabulary.number_of(piece)
        self[piece] = number
        return number
