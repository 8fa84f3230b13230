"""The words of many texts at once, as arrays: what highlighting needs of the documents of a page.

`Analyzer.analyze` makes an object for each word. Here a word is a number in arrays, the stems of the
chunks that were met are remembered (`analyzers.pretokenizer`), and only the words that a caller asks
for become strings: a text costs a fifth.
"""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analyzers.ordinary_words import ordinary_surface_forms
from analyzers.pretokenizer import ChunkIdTable, Indices, split_at_separators
from analyzers.stemming.protected_words import ProtectedWords
from analyzers.tokenizer import WORD

MAX_CACHED_CHUNKS = 800_000
MAX_CACHED_CHARACTERS = 16_000_000
"""So many distinct chunks, or chunks of so many characters, and all are forgotten: 220 MB."""

_TABLE_BITS = 19
"""The table of 524,288 slots takes 16 MB at most."""

_SEVERAL = -1
"""The stem number of a chunk that is not exactly one word."""

_Stems = npt.NDArray[np.intc]
_Parts = tuple[tuple[int, int, int], ...]
"""The start, the end and the stem number of each word of a chunk."""


@dataclass(frozen=True, slots=True)
class WordRules:
    """What makes the terms of words.

    `surface_forms` returns the surface forms of a word as written, `stems` the stem of each of some
    surface forms.
    """

    surface_forms: Callable[[str], Sequence[str]]
    stems: Callable[[Sequence[str]], list[str]]
    protected_words: ProtectedWords


class _Words:
    """The words of texts that were tokenized together.

    `starts`, `ends`: intp [words], half-open ranges of code points in their text, ascending in each.
    `stems`: intc [words], numbers by `stem_numbers`.
    """

    def __init__(
        self, starts: Indices, ends: Indices, stems: _Stems, stem_numbers: dict[str, int]
    ) -> None:
        self.start_view = memoryview(starts)  # numbers are read from it one by one
        self.end_view = memoryview(ends)
        self.stems = stems
        self.stem_numbers = stem_numbers
        self._found: dict[frozenset[str], tuple[list[int], list[str]]] = {}

    def with_stems(self, wanted: frozenset[str]) -> tuple[list[int], list[str]]:
        """Return the words that have one of some stems, ascending, and the stem of each."""
        found = self._found.get(wanted)
        if found is None:
            numbers = self.stem_numbers
            names = {numbers[stem]: stem for stem in wanted if stem in numbers}
            is_wanted = np.zeros(max(len(numbers), 1), np.bool_)
            is_wanted[list(names)] = True
            places = is_wanted.take(self.stems).nonzero()[0]
            stems = [names[number] for number in self.stems[places].tolist()]
            found = places.tolist(), stems
            self._found[wanted] = found
        return found


class TokenizedText:
    """The words of a text in order. A word is addressed by its position, counted from 0.

    Words that stand for one match of the text (ﷺ) have the same range.
    """

    def __init__(self, text: str, words: _Words, first: int, last: int, rules: WordRules) -> None:
        self._text = text
        self._words = words
        self._first = first
        self._rules = rules
        self._starts = words.start_view[first:last]
        self._ends = words.end_view[first:last]
        self._forms: dict[int, Sequence[str]] = {}  # of ranges of several words, by the first word

    def __len__(self) -> int:
        return len(self._starts)

    def start(self, position: int) -> int:
        """Return the offset of a word in the text, in code points."""
        return self._starts[position]

    def end(self, position: int) -> int:
        """Return the offset of the end of a word, exclusive, in code points."""
        return self._ends[position]

    def first_starting_at(self, offset: int) -> int:
        """Return the position of the first word that starts at `offset` or later, else the length."""
        return bisect_left(self._starts, offset)

    def first_ending_after(self, offset: int) -> int:
        """Return the position of the first word that ends behind `offset`, else the length."""
        return bisect_right(self._ends, offset)

    def written(self, position: int) -> str:
        """Return a word as written, or what stands for it and others (ﷺ)."""
        return self._text[self._starts[position] : self._ends[position]]

    def is_whole_word(self, position: int) -> bool:
        """Return whether a word is all of its range: not one of the words of ﷺ."""
        starts = self._starts
        start = starts[position]
        return (position == 0 or starts[position - 1] != start) and (
            position + 1 == len(starts) or starts[position + 1] != start
        )

    def surface(self, position: int) -> str:
        """Return the surface form of a word."""
        if self.is_whole_word(position):
            return self._rules.surface_forms(self.written(position))[0]
        first = self.first_starting_at(self._starts[position])
        forms = self._forms.get(first)
        if forms is None:
            forms = self._forms[first] = self._rules.surface_forms(self.written(position))
        return forms[position - first]

    @property
    def surfaces(self) -> list[str]:
        """The surface form of each word."""
        return list(map(self.surface, range(len(self))))

    @property
    def stems(self) -> list[str]:
        """The stem of each word."""
        names = list(self._words.stem_numbers)
        numbers = self._words.stems[self._first : self._first + len(self)].tolist()
        return [names[number] for number in numbers]

    def positions_of(self, stems: Set[str]) -> dict[str, list[int]]:
        """Return the ascending positions of each of `stems` that occurs in the text."""
        places, names = self._words.with_stems(frozenset(stems))
        first = self._first
        low = bisect_left(places, first)
        high = bisect_left(places, first + len(self), lo=low)
        positions: dict[str, list[int]] = {}
        for place, stem in zip(places[low:high], names[low:high], strict=True):
            positions.setdefault(stem, []).append(place - first)
        return positions

    def surface_positions_of(self, surfaces: Set[str]) -> dict[str, list[int]]:
        """Return the ascending positions of each of some surface forms that occurs in the text."""
        stems = set(self._rules.stems(list(surfaces)))
        found: dict[str, list[int]] = {}
        for positions in self.positions_of(stems).values():
            for position in positions:
                surface = self.surface(position)
                if surface in surfaces:
                    found.setdefault(surface, []).append(position)
        return found


class TextTokenizer:
    """Tokenizes texts, and remembers the stems of their chunks. Threads may share one."""

    def __init__(self, rules: WordRules) -> None:
        self._rules = rules
        self._lock = threading.Lock()
        self._forget()

    def tokenize(self, texts: Sequence[str]) -> list[TokenizedText]:
        """Return the words of each text."""
        chunks = split_at_separators(texts)
        with self._lock:
            if len(self._ids) >= MAX_CACHED_CHUNKS or self._characters >= MAX_CACHED_CHARACTERS:
                self._forget()
            ids = self._table.ids_of(chunks, self._numbers_of)
            stems = np.frombuffer(self._stems, np.intc).take(ids)
            parts = [self._parts[number] for number in ids[stems == _SEVERAL].tolist()]
            stem_numbers = self._stem_numbers
        starts, ends = chunks.code_points()
        bounds = chunks.text_starts
        if parts:
            starts, ends, stems, bounds = _split(starts, ends, stems, bounds, parts)
        words = _Words(starts, ends, stems, stem_numbers)
        first_words = bounds.tolist()
        return [
            TokenizedText(text, words, first, last, self._rules)
            for text, first, last in zip(texts, first_words, first_words[1:], strict=False)
        ]

    def _forget(self) -> None:
        self._table = ChunkIdTable(_TABLE_BITS)
        self._ids: dict[str, int] = {}
        self._stem_numbers: dict[str, int] = {}
        self._stems = array("i")  # of each chunk, by its id
        self._parts: dict[int, _Parts] = {}
        self._characters = 0

    def _numbers_of(self, chunks: Sequence[str]) -> list[int]:
        """Return the ids of chunks; those that are new are analysed together."""
        ids = self._ids
        new = [chunk for chunk in dict.fromkeys(chunks) if chunk not in ids]
        surfaces = ordinary_surface_forms(new, self._rules.protected_words)
        stems = iter(self._rules.stems([surface for surface in surfaces if surface]))
        for chunk, surface in zip(new, surfaces, strict=True):
            number = len(self._stems)
            if surface:
                stem = self._number_of(next(stems))
            else:
                parts = self._parts_of(chunk)
                is_word = len(parts) == 1 and parts[0][:2] == (0, len(chunk))
                stem = parts[0][2] if is_word else _SEVERAL
                if not is_word:
                    self._parts[number] = parts
            self._stems.append(stem)
            ids[chunk] = number  # the last, so that what interrupts this shifts no other chunk
        self._characters += sum(map(len, new))
        return list(map(ids.__getitem__, chunks))

    def _parts_of(self, chunk: str) -> _Parts:
        return tuple(
            (*match.span(), self._number_of(stem))
            for match in WORD.finditer(chunk)
            for stem in self._rules.stems(self._rules.surface_forms(match[0]))
        )

    def _number_of(self, stem: str) -> int:
        return self._stem_numbers.setdefault(stem, len(self._stem_numbers))


def _split(
    starts: Indices, ends: Indices, stems: _Stems, bounds: Indices, parts: Sequence[_Parts]
) -> tuple[Indices, Indices, _Stems, Indices]:
    """Return the words of chunks: their ranges, their stems and the first of each text.

    `parts` are the words of the chunks that are not exactly one, in their order.
    """
    several = stems == _SEVERAL
    sizes = np.ones(stems.size, np.intp)
    sizes[several] = list(map(len, parts))
    starts, ends, stems = starts.repeat(sizes), ends.repeat(sizes), stems.repeat(sizes)
    inside = np.array([word for words in parts for word in words], np.intp).reshape(-1, 3)
    several = several.repeat(sizes)
    ends[several] = starts[several] + inside[:, 1]
    starts[several] += inside[:, 0]
    stems[several] = inside[:, 2]
    return starts, ends, stems, np.concatenate(([0], sizes.cumsum()))[bounds]
