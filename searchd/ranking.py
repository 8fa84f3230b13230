"""Ranking: what a match on each level is worth.

Each level is scored by BM25 on its own and the scores are summed with these weights, so a document
with the very word of the query comes before one with another form of it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ranking:
    """The weight of a match by stem and of one by exact surface form.

    The default was chosen on four collections of questions (`make quality` prints the figures).
    A level of weight 0 is not searched: with `stem=0` only exact surface forms match.
    """

    stem: float = 1.0
    surface: float = 0.4

    def __post_init__(self) -> None:
        if self.stem < 0 or self.surface < 0 or not (self.stem or self.surface):
            raise ValueError(f"{self} needs weights of 0 or more, one of them above 0")

    @property
    def levels(self) -> tuple[tuple[str, float], ...]:
        """The levels that are searched and their weights, the widest first."""
        weights = (("stem", self.stem), ("surface", self.surface))
        return tuple((level, weight) for level, weight in weights if weight)


GRADED = Ranking()
STEM_ONLY = Ranking(surface=0.0)
SURFACE_ONLY = Ranking(stem=0.0, surface=1.0)
