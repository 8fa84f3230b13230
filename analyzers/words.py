"""The words of a text as parallel lists: what a search needs of a whole text, quickly.

`Analyzer.analyze` makes an object for every word; here the words share what is remembered of them,
and ranges are looked up when they are needed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import compress, count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analyzers.analysis import Terms


@dataclass(frozen=True)
class Words:
    """The words of a text in order. Word i stands at `start(i)` to `end(i)`, in code points."""

    matches: Sequence[re.Match[str]]
    terms: Sequence[Terms]

    def __len__(self) -> int:
        return len(self.terms)

    def start(self, number: int) -> int:
        """Return where a word begins."""
        return self.matches[number].start()

    def end(self, number: int) -> int:
        """Return where a word ends."""
        return self.matches[number].end()

    @cached_property
    def surfaces(self) -> list[str]:
        """The surface form of each word."""
        return [terms.surface for terms in self.terms]

    @cached_property
    def stems(self) -> list[str]:
        """The stem of each word."""
        return [terms.stem for terms in self.terms]

    def places(self, stems: Set[str]) -> dict[str, list[int]]:
        """Return the numbers of the words that have each of some stems, ascending."""
        places: dict[str, list[int]] = {}
        for number in compress(count(), map(stems.__contains__, self.stems)):
            places.setdefault(self.stems[number], []).append(number)
        return places
