"""The words of a text as parallel lists: what a search needs of a whole text, quickly.

`Analyzer.analyze` makes an object for every word; here stems are looked up in one step, ranges and
surface forms only of the words that are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence, Set
from functools import cached_property
from itertools import compress, count


class TokenizedText:
    """The words of a text in order. Word i stands at `start(i)` to `end(i)`, in code points.

    `surface_forms` are those of a word as written; the words of a phrase ligature share its match.
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

    def start(self, number: int) -> int:
        """Return where a word begins."""
        return self.matches[number].start()

    def end(self, number: int) -> int:
        """Return where a word ends."""
        return self.matches[number].end()

    def surface(self, number: int) -> str:
        """Return the surface form of a word."""
        match = self.matches[number]
        forms = self.surface_forms(match[0])
        if len(forms) == 1:
            return forms[0]
        first = number
        while first and self.matches[first - 1] is match:
            first -= 1
        return forms[number - first]

    @cached_property
    def surfaces(self) -> list[str]:
        """The surface form of each word."""
        return [self.surface(number) for number in range(len(self))]

    def places(self, stems: Set[str]) -> dict[str, list[int]]:
        """Return the numbers of the words that have each of some stems, ascending."""
        places: dict[str, list[int]] = {}
        for number in compress(count(), map(stems.__contains__, self.stems)):
            places.setdefault(self.stems[number], []).append(number)
        return places
