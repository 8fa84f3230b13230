"""Ranking: what a match on each level is worth, and what the second stage adds.

Each level is scored by BM25 on its own and the scores are summed with these weights, so a document
with the very word of the query comes before one with another form of it. The best documents are
then looked at once more: words that stand near each other add to the score, and so do words that
look like one that a document lacks.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ranking:
    """The weights of a match by lemma, by stem and by exact surface form, and of the second stage.

    `similar` is for a word like one that a document lacks, `near` for two neighbouring words of
    the query that stand close together. The defaults were chosen on four collections of
    questions, leaving each out in turn (`make weights` repeats that).
    A level of weight 0 is not searched: with `lemma=0, stem=0` only exact surface forms match.
    """

    lemma: float = 1.0
    stem: float = 0.5
    surface: float = 0.25
    similar: float = 0.5
    near: float = 0.4
    synonym: float = 0.5
    rarity: float = 0.6
    k1: float = 1.2
    b: float = 0.75
    title_weight: int = 3
    coordination: float = 0.25
    candidates: int = 100
    proximity_window: int = 5
    least_likeness: float = 0.4
    most_similar: int = 10
    variant: float = 0.5
    most_expansions: int = 5000
    most_rescored_terms: int = 32

    def __post_init__(self) -> None:
        values = (
            self.lemma,
            self.stem,
            self.surface,
            self.similar,
            self.near,
            self.synonym,
            self.rarity,
        )
        if min(values) < 0 or not self.levels:
            raise ValueError(f"{self} needs weights of 0 or more, one of the first three above 0")

    @property
    def refines(self) -> bool:
        """Whether the best documents are looked at once more."""
        return bool(self.similar or self.near)

    @property
    def levels(self) -> tuple[tuple[str, float], ...]:
        """The levels that are searched and their weights, the widest first."""
        weights = (("lemma", self.lemma), ("stem", self.stem), ("surface", self.surface))
        return tuple((level, weight) for level, weight in weights if weight)

    @property
    def phrase_levels(self) -> tuple[tuple[str, float], ...]:
        """The levels on which phrases are searched: their words stand in a row by stem."""
        weights = (("stem", self.lemma + self.stem), ("surface", self.surface))
        return tuple((level, weight) for level, weight in weights if weight)


DEFAULT_RANKING = Ranking()
LEMMA_ONLY = Ranking(stem=0.0, surface=0.0, similar=0.0, near=0.0, synonym=0.0, rarity=0.0)
STEM_ONLY = Ranking(
    lemma=0.0, stem=1.0, surface=0.0, similar=0.0, near=0.0, synonym=0.0, rarity=0.0
)
SURFACE_ONLY = Ranking(
    lemma=0.0, stem=0.0, surface=1.0, similar=0.0, near=0.0, synonym=0.0, rarity=0.0
)
