"""The words of a text as parallel sequences: what highlighting needs of a whole document.

`Analyzer.analyze` makes an object for every word. Here all stems are looked up in one pass; offsets
and surface forms are computed only for the words that a caller asks for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence, Set
from functools import cached_property
from itertools import compress, count


class TokenizedText:
    """The words of a text in order. A word is addressed by its position, counted from 0.

    `matches` and `stems` have an item for each word; the words of a phrase ligature (ﷺ) share one
    match. `surface_forms` returns the surface forms of a word as written.
    """

    def __init__(
        self,
        matches: Sequence[re.Match[str]],
        stems: Sequence[str],
        surface_forms: Callable[[str], Sequence[str]],
    ) -> None:
        self.matches = matches
        self.stems = stems
        self.surface_forms = surface_forms

    def __len__(self) -> int:
        return len(self.stems)

    def start(self, position: int) -> int:
        """Return the offset of a word in the text, in code points."""
        return self.matches[position].start()

    def end(self, position: int) -> int:
        """Return the offset of the end of a word, exclusive, in code points."""
        return self.matches[position].end()

    def is_whole_word(self, position: int) -> bool:
        """Return whether a word is all of its match: not one of the words of ﷺ."""
        matches = self.matches
        match = matches[position]
        return not (
            (position and matches[position - 1] is match)
            or (position + 1 < len(matches) and matches[position + 1] is match)
        )

    def surface(self, position: int) -> str:
        """Return the surface form of a word."""
        if self.is_whole_word(position):
            return self.surface_forms(self.matches[position][0])[0]
        return self.surfaces[position]

    @cached_property
    def surfaces(self) -> list[str]:
        """The surface form of each word."""
        surfaces: list[str] = []
        last = None
        for match in self.matches:
            if match is not last:
                surfaces += self.surface_forms(match[0])
                last = match
        return surfaces

    def positions_of(self, stems: Set[str]) -> dict[str, list[int]]:
        """Return the ascending positions of each of `stems` that occurs in the text."""
        return _positions_of(stems, self.stems)

    def surface_positions_of(self, surfaces: Set[str]) -> dict[str, list[int]]:
        """Return the ascending positions of each of some surface forms that occurs in the text."""
        return _positions_of(surfaces, self.surfaces)


def _positions_of(wanted: Set[str], terms: Sequence[str]) -> dict[str, list[int]]:
    positions: dict[str, list[int]] = {}
    for position in compress(count(), map(wanted.__contains__, terms)):
        positions.setdefault(terms[position], []).append(position)
    return positions
