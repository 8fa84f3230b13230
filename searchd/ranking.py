"""Ranking: every number that decides the score of a document.

Each level of a match is scored by BM25 on its own and the scores are summed with these weights, so
a document with the exact word of the query ranks above one with another form of it. The best
documents are then rescored: words near each other add to the score, and so do words similar to one
that a document lacks. `docs/ranking.md` has the formulas and how the numbers were chosen.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from analyzers.levels import Level

LevelWeights = tuple[tuple[Level, float], ...]
"""Levels and their weights, the widest level first."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The weights and parameters of a ranking; the defaults were chosen by `make weights`.

    Weights of the first stage, times the BM25 score of a level; a level of weight 0 is not
    searched, so with `lemma=0, stem=0` only exact surface forms match:
    `lemma`, `stem`, `surface`: a match on that level. `synonym`: a synonym, beside the word itself.
    `variant`: an occurrence of a near form, such as a fuzzy match.
    `rarity`: the exponent of how rare a word is in the language, 0 to ignore it.
    `coordination`: the exponent of (words matched / 2) for queries of two words, 0 to ignore it.

    BM25: `k1` (0 or more) and `b` (0 to 1). `title_weight` is how often a word of the title counts;
    it is written into an index, which opens only with the same value.

    The second stage: `candidates` documents are rescored, for the first `most_rescored_terms` words
    of the query. `near` is the weight of two neighbouring words of the query at most
    `proximity_window` positions apart. `similar` is the weight of a word like one that a document
    lacks: one of the `most_similar` stems with a likeness of `least_likeness` (0 to 1) or more.
    `function_word` is the weight of a function word beside other words, `phrase` that of the whole
    query where it occurs in a text as it is, and `exact_title` that of a title which is the query.

    `most_expansions`: a pattern that matches more surface forms is refused.

    Raises ValueError where a number is out of its range, or every level has weight 0.
    """

    lemma: float = 1.0
    stem: float = 0.5
    surface: float = 0.25
    similar: float = 0.5
    near: float = 0.4
    synonym: float = 0.5
    rarity: float = 0.6
    variant: float = 0.5
    coordination: float = 0.25
    k1: float = 1.2
    b: float = 0.75
    title_weight: int = 3
    candidates: int = 100
    proximity_window: int = 5
    least_likeness: float = 0.4
    most_similar: int = 10
    most_rescored_terms: int = 32
    function_word: float = 0.25
    phrase: float = 0.8
    exact_title: float = 2.0
    most_expansions: int = 5000

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not 0 <= value < float("inf"):
                raise ValueError(f"Ranking({field.name}={value!r}) has to be 0 or more")
        for name in ("b", "least_likeness"):
            if getattr(self, name) > 1:
                raise ValueError(f"Ranking({name}={getattr(self, name)!r}) has to be 1 at most")
        if self.title_weight < 1 or self.title_weight != int(self.title_weight):
            raise ValueError(
                f"Ranking(title_weight={self.title_weight!r}) has to be a whole number, 1 or more"
            )
        if not self.levels:
            raise ValueError("Ranking needs a weight above 0 for lemma, stem or surface")

    @property
    def rescores(self) -> bool:
        """Whether the best documents are rescored."""
        gains = (self.similar, self.near, self.function_word, self.phrase, self.exact_title)
        return bool(self.candidates and any(gains))

    @property
    def levels(self) -> LevelWeights:
        """The levels that are searched and their weights, the widest first."""
        weights = (
            (Level.LEMMA, self.lemma),
            (Level.STEM, self.stem),
            (Level.SURFACE, self.surface),
        )
        return tuple((level, weight) for level, weight in weights if weight)

    @property
    def phrase_levels(self) -> LevelWeights:
        """The levels on which phrases are searched, and their weights; there is no LEMMA level."""
        weights = ((Level.STEM, self.lemma + self.stem), (Level.SURFACE, self.surface))
        return tuple((level, weight) for level, weight in weights if weight)

    def coordination_for(self, words: int) -> float:
        """Return the exponent of coordination for a query of that many words.

        Two words favour documents with both of them. Longer queries are scored by the sum alone:
        any stronger rule lost where it was measured (docs/ranking.md).

        >>> [Ranking().coordination_for(words) for words in (1, 2, 3, 9)]
        [0.0, 0.25, 0.0, 0.0]
        """
        return self.coordination if words == 2 else 0.0


DEFAULT_RANKING = Ranking()
_ONE_LEVEL = Ranking(
    similar=0.0,
    near=0.0,
    synonym=0.0,
    rarity=0.0,
    function_word=0.0,
    phrase=0.0,
    exact_title=0.0,
)
LEMMA_ONLY = replace(_ONE_LEVEL, stem=0.0, surface=0.0)
STEM_ONLY = replace(_ONE_LEVEL, lemma=0.0, stem=1.0, surface=0.0)
SURFACE_ONLY = replace(_ONE_LEVEL, lemma=0.0, stem=0.0, surface=1.0)
