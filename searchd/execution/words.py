"""Words of a query looked up: by lemma, stem and surface form, with synonyms, or by likeness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from analyzers import Analyzer, is_stopword
from analyzers.analysis import Terms
from indexer.snapshot import Snapshot
from searchd.execution import vocabulary
from searchd.execution.lookup import Weights, find_any, find_phrase, find_word, with_synonyms
from searchd.execution.plan import Leaf
from searchd.execution.similar import similar_stems
from searchd.execution.targets import FormTarget, PhraseTarget, Target, WordTarget
from searchd.query.widening import Alternative
from searchd.ranking import Ranking

_UNJOINED = frozenset("ادذرزو")
_SHORTEST_PART = 4


class FoundWord(NamedTuple):
    """A word that was looked up: where it matches, what to highlight, its lemma, and its worth.

    The worth is what its rarity in the language multiplies its score by. `synonyms` are those that
    a document holds, as they were searched.
    """

    leaf: Leaf
    targets: tuple[Target, ...]
    lemma: str
    worth: float
    synonyms: tuple[str, ...] = ()

    @property
    def bytes(self) -> int:
        """The size of its arrays."""
        return _bytes(self.leaf)


class WordFinder:
    """Looks words up in one snapshot, which remembers them."""

    def __init__(self, snapshot: Snapshot, analyzer: Analyzer, ranking: Ranking) -> None:
        self._snapshot = snapshot
        self._analyzer = analyzer
        self._ranking = ranking

    def find(self, terms: Terms, field: str, synonyms: Sequence[Alternative] = ()) -> FoundWord:
        """Return the documents that hold a word, or a synonym of it."""
        return self._snapshot.memory.recall(
            (field, terms.surface, terms.stem, self._ranking, *synonyms),
            lambda: self._look_up_all(terms, field, synonyms),
            lambda word: word.bytes,
        )

    def find_phrase(self, words: Sequence[Terms], field: str, slop: int, weights: Weights) -> Leaf:
        """Return the documents that hold words in a row, with at most `slop` others between."""
        return self._snapshot.memory.recall(
            (field, "phrase", slop, *words, *weights),
            lambda: find_phrase(self._snapshot, field, words, slop, weights),
            _bytes,
        )

    def find_similar(self, stem: str, field: str, weight: float, idf: float | None = None) -> Leaf:
        """Return the documents with words that look like one; `idf` is theirs if None."""
        return self._snapshot.memory.recall(
            (field, "similar", stem, weight, idf),
            lambda: find_any(
                self._snapshot,
                field,
                "stem",
                similar_stems(self._snapshot, field, stem),
                name="similar",
                weight=weight,
                idf=idf,
            ),
            _bytes,
        )

    def parts(self, terms: Terms, field: str) -> list[Terms]:
        """Return the words that a word is made of where a space was left out, or the word itself.

        After a letter that joins no other, and before the article, a missing space is hard to see:
        تطورالأعراض. A word that no document holds is read as two if documents hold both of them,
        as they are written.
        """
        if is_stopword(terms.surface) or self.find(terms, field).leaf.documents:
            return [terms]
        for split in splits(terms.surface):
            parts = [part for written in split for part in self._analyzer.terms(written)]
            if all(
                self._snapshot.document_frequency(field, "surface", part.surface) for part in parts
            ):
                return parts
        return [terms]

    def _look_up_all(self, terms: Terms, field: str, synonyms: Sequence[Alternative]) -> FoundWord:
        word = self._look_up(terms, field)
        others = [self._look_up_synonym(synonym, field) for synonym in synonyms]
        others = [other for other in others if other.leaf.documents]
        if not others:
            return word
        leaves = [other.leaf for other in others]
        leaf = with_synonyms(self._snapshot, word.leaf, leaves, self._ranking.synonym)
        targets = [target for found in (word, *others) for target in found.targets]
        names = [name for found in others for name in found.synonyms]
        return FoundWord(leaf, tuple(targets), word.lemma, word.worth, tuple(names))

    def _look_up(self, terms: Terms, field: str) -> FoundWord:
        ranking = self._ranking
        families = self._analyzer.families
        worth = families.rarity(terms.surface) ** ranking.rarity if ranking.rarity else 1.0
        variants = vocabulary.numbered_variants(self._snapshot, field, terms.surface)
        if variants:
            weight = sum(weight for _level, weight in ranking.levels) * worth
            surfaces = {terms.surface: 1.0, **variants}
            found = self._any_form(terms.surface, surfaces, field, weight)
            return found._replace(worth=worth)
        siblings = families.siblings(terms.surface, terms.stem) if ranking.lemma else ()
        weights = [(level, weight * worth) for level, weight in ranking.levels]
        leaf = find_word(self._snapshot, field, terms, siblings, weights)
        widest = leaf.levels[0]
        target: Target
        if widest.name == "surface":
            target = FormTarget({terms.surface: "surface"}, field, widest.idf)
        else:
            stems = dict.fromkeys(siblings, "lemma") | {terms.stem: "stem"}
            target = WordTarget(stems, terms.surface, field, widest.idf)
        lemma = families.reading(terms.surface).lemma if ranking.lemma else ""
        return FoundWord(leaf, (target,), lemma, worth)

    def _look_up_synonym(self, synonym: Alternative, field: str) -> FoundWord:
        words = synonym.words
        name = " ".join(terms.surface for terms in words)
        if len(words) > 1:
            level = "surface" if synonym.exact else "stem"
            leaf = self.find_phrase(words, field, 0, ((level, 1.0),))
            target = PhraseTarget(words, synonym.exact, 0, field, leaf.levels[0].idf)
            found = FoundWord(leaf, (target,), "", 1.0)
        elif synonym.exact:
            found = self._any_form(name, {name: 1.0}, field, 1.0)
        elif synonym.is_name:
            weight = sum(weight for _level, weight in self._ranking.levels)
            found = self._any_form(name, dict.fromkeys(with_clitics(name), 1.0), field, weight)
        else:
            found = self._look_up(words[0], field)
        targets = tuple(target.renamed("synonym") for target in found.targets)
        return found._replace(targets=targets, synonyms=(name,))

    def _any_form(
        self, lemma: str, surfaces: dict[str, float], field: str, weight: float
    ) -> FoundWord:
        """Return the documents that hold any of some surface forms."""
        leaf = find_any(self._snapshot, field, "surface", surfaces, name="surface", weight=weight)
        target = FormTarget(form_levels(surfaces), field, leaf.levels[0].idf)
        return FoundWord(leaf, (target,), lemma, 1.0)


def _bytes(leaf: Leaf) -> int:
    return sum(found.ids.nbytes + found.scores.nbytes for found in leaf.matches)


def with_clitics(surface: str) -> list[str]:
    """Return a word alone and behind the particles that are written together with it.

    >>> with_clitics("تلفون")[:7]
    ['تلفون', 'وتلفون', 'فتلفون', 'بتلفون', 'كتلفون', 'لتلفون', 'التلفون']
    """
    bare = surface.removeprefix("ال")
    forms = [clitic + word for word in (surface, "ال" + bare) for clitic in ("", *"وفبكل")]
    # ل before an article is written لل.
    return list(dict.fromkeys([*forms, "لل" + bare, "ولل" + bare, "وال" + bare, "وبال" + bare]))


def form_levels(surfaces: Mapping[str, float]) -> dict[str, str]:
    """Return the levels of surface forms: those that count less than a word's own are like it.

    >>> form_levels({"covid": 1.0, "covid19": 0.5})
    {'covid': 'surface', 'covid19': 'similar'}
    """
    return {form: "surface" if share == 1 else "similar" for form, share in surfaces.items()}


def splits(surface: str) -> list[tuple[str, str]]:
    """Return a surface form cut in two where a space may be missing, the likeliest first.

    >>> splits("تطورالاعراض")
    [('تطور', 'الاعراض'), ('تطورا', 'لاعراض'), ('تطورالا', 'عراض')]
    """
    places = range(_SHORTEST_PART, len(surface) - _SHORTEST_PART + 1)
    article = [place for place in places if surface.startswith("ال", place)]
    unjoined = [place for place in places if surface[place - 1] in _UNJOINED]
    return [(surface[:at], surface[at:]) for at in dict.fromkeys((*article, *unjoined))]
