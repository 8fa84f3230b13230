"""Words of a query looked up: by lemma, stem and surface form, with synonyms, or by likeness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from analyzers import Analyzer, is_stopword
from analyzers.analyzer import Terms
from indexer.snapshot import Snapshot
from searchd.highlighting.matchers import Matcher, PhraseMatcher, SurfaceMatcher, TermMatcher
from searchd.query.synonym_expansion import Alternative
from searchd.ranking import Ranking
from searchd.search import wildcards as vocabulary
from searchd.search.plan import TermWeight
from searchd.search.term_weights import Weights, union_of, weigh_phrase, weigh_synonyms, weigh_term
from searchd.search.trigram_similarity import similar_stems

_UNJOINED = frozenset("ادذرزو")
_SHORTEST_PART = 4


class ResolvedTerm(NamedTuple):
    """A word that was looked up: where it matches, what to highlight, its lemma, and its worth.

    The worth is what its rarity in the language multiplies its score by. `synonyms` are those that
    a document holds, as they were searched.
    """

    term_weight: TermWeight
    matchers: tuple[Matcher, ...]
    lemma: str
    boost: float
    synonyms: tuple[str, ...] = ()

    @property
    def bytes(self) -> int:
        """The size of its arrays."""
        return _bytes(self.term_weight)


class TermResolver:
    """Looks words up in one snapshot, which remembers them."""

    def __init__(self, snapshot: Snapshot, analyzer: Analyzer, ranking: Ranking) -> None:
        self._snapshot = snapshot
        self._analyzer = analyzer
        self._ranking = ranking

    def find(self, terms: Terms, field: str, synonyms: Sequence[Alternative] = ()) -> ResolvedTerm:
        """Return the documents that hold a word, or a synonym of it."""
        return self._snapshot.memory.get_or_compute(
            (field, terms.surface, terms.stem, self._ranking, *synonyms),
            lambda: self._look_up_all(terms, field, synonyms),
            lambda word: word.bytes,
        )

    def find_phrase(
        self, words: Sequence[Terms], field: str, slop: int, weights: Weights
    ) -> TermWeight:
        """Return the documents that hold words in a row, with at most `slop` others between."""
        return self._snapshot.memory.get_or_compute(
            (field, "phrase", slop, *words, *weights),
            lambda: weigh_phrase(self._snapshot, field, words, slop, weights),
            _bytes,
        )

    def find_similar(
        self, stem: str, field: str, weight: float, idf: float | None = None
    ) -> TermWeight:
        """Return the documents with words that look like one; `idf` is theirs if None."""
        return self._snapshot.memory.get_or_compute(
            (field, "similar", stem, weight, idf),
            lambda: union_of(
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
        if is_stopword(terms.surface) or self.find(terms, field).term_weight.documents:
            return [terms]
        for split in splits(terms.surface):
            parts = [part for written in split for part in self._analyzer.terms(written)]
            if all(
                self._snapshot.document_frequency(field, "surface", part.surface) for part in parts
            ):
                return parts
        return [terms]

    def _look_up_all(
        self, terms: Terms, field: str, synonyms: Sequence[Alternative]
    ) -> ResolvedTerm:
        word = self._look_up(terms, field)
        others = [self._look_up_synonym(synonym, field) for synonym in synonyms]
        others = [other for other in others if other.term_weight.documents]
        if not others:
            return word
        leaves = [other.term_weight for other in others]
        term_weight = weigh_synonyms(
            self._snapshot, word.term_weight, leaves, self._ranking.synonym
        )
        matchers = [target for found in (word, *others) for target in found.matchers]
        names = [name for found in others for name in found.synonyms]
        return ResolvedTerm(term_weight, tuple(matchers), word.lemma, word.boost, tuple(names))

    def _look_up(self, terms: Terms, field: str) -> ResolvedTerm:
        ranking = self._ranking
        lemma_expander = self._analyzer.lemma_expander
        boost = lemma_expander.rarity(terms.surface) ** ranking.rarity if ranking.rarity else 1.0
        variants = vocabulary.numbered_variants(self._snapshot, field, terms.surface)
        if variants:
            weight = sum(weight for _level, weight in ranking.levels) * boost
            surfaces = {terms.surface: 1.0, **variants}
            found = self._any_form(terms.surface, surfaces, field, weight)
            return found._replace(boost=boost)
        related_stems = (
            lemma_expander.related_stems(terms.surface, terms.stem) if ranking.lemma else ()
        )
        weights = [(level, weight * boost) for level, weight in ranking.levels]
        term_weight = weigh_term(self._snapshot, field, terms, related_stems, weights)
        widest = term_weight.levels[0]
        target: Matcher
        if widest.name == "surface":
            target = SurfaceMatcher({terms.surface: "surface"}, field, widest.idf)
        else:
            stems = dict.fromkeys(related_stems, "lemma") | {terms.stem: "stem"}
            target = TermMatcher(stems, terms.surface, field, widest.idf)
        lemma = lemma_expander.reading(terms.surface).lemma if ranking.lemma else ""
        return ResolvedTerm(term_weight, (target,), lemma, boost)

    def _look_up_synonym(self, synonym: Alternative, field: str) -> ResolvedTerm:
        words = synonym.words
        name = " ".join(terms.surface for terms in words)
        if len(words) > 1:
            level = "surface" if synonym.exact else "stem"
            term_weight = self.find_phrase(words, field, 0, ((level, 1.0),))
            target = PhraseMatcher(words, synonym.exact, 0, field, term_weight.levels[0].idf)
            found = ResolvedTerm(term_weight, (target,), "", 1.0)
        elif synonym.exact:
            found = self._any_form(name, {name: 1.0}, field, 1.0)
        elif synonym.is_name:
            weight = sum(weight for _level, weight in self._ranking.levels)
            found = self._any_form(name, dict.fromkeys(with_clitics(name), 1.0), field, weight)
        else:
            found = self._look_up(words[0], field)
        matchers = tuple(target.renamed("synonym") for target in found.matchers)
        return found._replace(matchers=matchers, synonyms=(name,))

    def _any_form(
        self, lemma: str, surfaces: dict[str, float], field: str, weight: float
    ) -> ResolvedTerm:
        """Return the documents that hold any of some surface forms."""
        term_weight = union_of(
            self._snapshot, field, "surface", surfaces, name="surface", weight=weight
        )
        target = SurfaceMatcher(form_levels(surfaces), field, term_weight.levels[0].idf)
        return ResolvedTerm(term_weight, (target,), lemma, 1.0)


def _bytes(term_weight: TermWeight) -> int:
    return sum(found.ids.nbytes + found.scores.nbytes for found in term_weight.matches)


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
