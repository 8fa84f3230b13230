"""Term lookup: the weights of words, phrases and similar words, cached for a snapshot.

A word is looked up by its lemma, stem and surface form; its weight includes its synonyms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from operator import attrgetter
from typing import NamedTuple

from analyzers import Analyzer
from analyzers.analyzer import Terms
from analyzers.levels import Level
from analyzers.normalization.folding import fold
from analyzers.stemming.stopwords import is_another_word
from indexer.segment.cache import CacheRegion, no_bytes
from indexer.segment.postings_reader import DEFAULT_FIELD
from indexer.snapshot import Snapshot
from searchd import budget
from searchd.highlighting.matchers import Matcher, PhraseMatcher, SurfaceMatcher, TermMatcher
from searchd.query.synonym_expansion import Alternative, number_alternatives
from searchd.query.written_numbers import grouped, is_long_number
from searchd.ranking import LevelWeights, Ranking
from searchd.search.bm25 import BM25Similarity
from searchd.search.similar_words import SimilarStems, SimilarWords, SimilarWordScorer
from searchd.search.term_weigher import TermWeigher
from searchd.search.term_weights import TermWeight


class WordWeight(NamedTuple):
    """A word that was looked up.

    `boost` is the factor of its score for its rarity in the language; `synonyms` are those that
    documents contain.
    """

    weight: TermWeight
    matchers: tuple[Matcher, ...]
    lemma: str
    boost: float
    synonyms: tuple[str, ...] = ()


_WordKey = tuple[str, Terms, tuple[Alternative, ...]]
"""The field, the word, its synonyms."""

_PhraseKey = tuple[str, tuple[Terms, ...], int, LevelWeights, bool]
"""The field, the words, the slop, the levels, whether the order counts."""

_SimilarKey = tuple[str, str, float]
"""The field, the stem, the weight."""


class TermLookup:
    """Looks up words, phrases and similar words in one snapshot. Threads may share it."""

    def __init__(
        self,
        snapshot: Snapshot,
        similarity: BM25Similarity,
        weigher: TermWeigher,
        analyzer: Analyzer,
        ranking: Ranking,
    ) -> None:
        self._snapshot = snapshot
        self._analyzer = analyzer
        self._ranking = ranking
        self._weigher = weigher
        cache = snapshot.memory.cache
        nbytes: Callable[[TermWeight], int] = attrgetter("nbytes")
        self._words: CacheRegion[_WordKey, WordWeight] = cache.region(
            lambda word: word.weight.nbytes
        )
        self._phrases: CacheRegion[_PhraseKey, TermWeight] = cache.region(nbytes)
        self._similar: CacheRegion[_SimilarKey, TermWeight] = cache.region(nbytes)
        self._similar_stems = SimilarStems(snapshot, ranking)
        self._similar_words = SimilarWordScorer(snapshot, similarity, self._similar_stems)
        self._idfs: CacheRegion[tuple[str, str], float] = cache.region(no_bytes)

    def word(self, terms: Terms, field: str, synonyms: tuple[Alternative, ...] = ()) -> WordWeight:
        """Return the documents that contain a word or a synonym of it, from the cache."""
        return self._words.get_or_compute(
            (field, terms, synonyms), lambda: self._look_up(terms, field, synonyms)
        )

    def phrase(
        self,
        words: tuple[Terms, ...],
        field: str,
        slop: int,
        levels: LevelWeights,
        *,
        ordered: bool = True,
    ) -> TermWeight:
        """Return the documents that contain a phrase, from the cache."""
        return self._phrases.get_or_compute(
            (field, words, slop, levels, ordered),
            lambda: self._weigher.phrase(field, words, slop, levels, ordered=ordered),
        )

    def similar(self, stem: str, field: str, weight: float) -> TermWeight:
        """Return the documents with similar stems."""

        def compute() -> TermWeight:
            stems = self._similar_stems.of(stem, field)
            return self._weigher.union(
                field, Level.STEM, stems, matched_as=Level.SIMILAR, weight=weight
            )

        return self._similar.get_or_compute((field, stem, weight), compute)

    def similar_words(self, stem: str, field: str, weight: float, idf: float) -> SimilarWords:
        """Return the words like one, to score candidates of the second stage that lack it."""
        return SimilarWords(self._similar_words, field, stem, weight, idf)

    def idf(self, terms: Terms, field: str) -> float:
        """Return the idf of the stem of a word in one text field: the text, for title and text."""
        name = "text" if field == DEFAULT_FIELD else field
        frequency = partial(self._snapshot.document_frequency, name, "stem", terms.stem)
        return self._idfs.get_or_compute((name, terms.stem), lambda: self._weigher.idf(frequency()))

    def _look_up(self, terms: Terms, field: str, synonyms: Sequence[Alternative]) -> WordWeight:
        budget.check(terms.surface)
        word = self._look_up_word(terms, field)
        if is_long_number(terms.surface):
            synonyms = (*synonyms, *self._other_spellings(terms.surface, field))
        others = [self._look_up_synonym(synonym, field) for synonym in synonyms]
        others = [other for other in others if other.weight.is_found]
        if not others:
            return word
        weight = self._weigher.with_synonyms(
            word.weight, [other.weight for other in others], self._ranking.synonym
        )
        matchers = [matcher for found in (word, *others) for matcher in found.matchers]
        names = [name for found in others for name in found.synonyms]
        return WordWeight(weight, tuple(matchers), word.lemma, word.boost, tuple(names))

    def _other_spellings(self, number: str, field: str) -> tuple[Alternative, ...]:
        """Return the groups in which documents may write a long number."""
        if not self._ranking.synonym:
            return ()
        frequency = partial(self._snapshot.document_frequency, field, "surface")
        return number_alternatives(grouped(number, lambda group: frequency(group) > 0))

    def _look_up_word(self, terms: Terms, field: str) -> WordWeight:
        ranking = self._ranking
        expander = self._analyzer.lemma_expander
        boost = expander.rarity(terms.surface) ** ranking.rarity if ranking.rarity else 1.0
        related = expander.related_stems(terms.surface, terms.stem) if ranking.lemma else ()
        levels = tuple((level, weight * boost) for level, weight in ranking.levels)
        forms = _forms_as_written(terms)
        found = self._weigher.word(field, terms, related, levels, forms)
        widest = found.levels[0]
        matchers: list[Matcher]
        if widest.level == Level.SURFACE:
            matchers = [SurfaceMatcher({terms.surface: Level.SURFACE}, field, widest.idf)]
        elif forms:
            matchers = [TermMatcher(dict.fromkeys(related, Level.LEMMA), "", field, widest.idf)]
            for form in forms:
                level = Level.SURFACE if form.surface == terms.surface else Level.STEM
                found_as = {form.surface: level}
                matchers.append(SurfaceMatcher(found_as, field, widest.idf, form.spelling))
        else:
            stems = dict.fromkeys(related, Level.LEMMA) | {terms.stem: Level.STEM}
            matchers = [TermMatcher(stems, terms.surface, field, widest.idf, terms.spelling)]
        lemma = expander.reading(terms.surface).lemma if ranking.lemma else ""
        return WordWeight(found, tuple(matchers), lemma, boost)

    def _look_up_synonym(self, synonym: Alternative, field: str) -> WordWeight:
        words = synonym.words
        name = " ".join(terms.surface for terms in words)
        if len(words) > 1:
            level = Level.SURFACE if synonym.exact else Level.STEM
            weight = self.phrase(words, field, 0, ((level, 1.0),))
            matcher = PhraseMatcher(words, synonym.exact, 0, field, weight.levels[0].idf)
            found = WordWeight(weight, (matcher,), "", 1.0)
        elif synonym.exact:
            found = self._any_form(name, {name: 1.0}, field, 1.0)
        elif synonym.is_name:
            factor = sum(weight for _level, weight in self._ranking.levels)
            found = self._any_form(name, dict.fromkeys(with_clitics(name), 1.0), field, factor)
        else:
            found = self._look_up_word(words[0], field)
        matchers = tuple(each.at_level(Level.SYNONYM) for each in found.matchers)
        return found._replace(matchers=matchers, synonyms=(name,))

    def _any_form(
        self, lemma: str, shares: Mapping[str, float], field: str, weight: float
    ) -> WordWeight:
        """Return the documents that contain any of some surface forms, as forms of one word."""
        found = self._weigher.union(
            field, Level.SURFACE, shares, matched_as=Level.SURFACE, weight=weight
        )
        matcher = SurfaceMatcher(surface_levels(shares), field, found.levels[0].idf)
        return WordWeight(found, (matcher,), lemma, 1.0)


def _forms_as_written(terms: Terms) -> list[Terms]:
    """Return a word that only writing parts from a function word, alone and with proclitics.

    The stem of علي is that of على too, so its own forms are looked up in its place. Empty for other
    words.
    """
    if terms.spelling is None or not is_another_word(terms.written):
        return []
    from analyzers.normalization.spelling import typed_spelling

    surfaces = {written: fold(written) for written in with_clitics(terms.written)}
    return [
        Terms(surface, terms.stem, typed_spelling(written, surface, exact=False))
        for written, surface in surfaces.items()
    ]


def with_clitics(surface: str) -> list[str]:
    """Return a word alone and with proclitics.

    >>> with_clitics("تلفون")[:7]
    ['تلفون', 'وتلفون', 'فتلفون', 'بتلفون', 'كتلفون', 'لتلفون', 'التلفون']
    """
    bare = surface.removeprefix("ال")
    forms = [clitic + word for word in (surface, "ال" + bare) for clitic in ("", *"وفبكل")]
    # ل and the article are written لل.
    return list(dict.fromkeys([*forms, "لل" + bare, "ولل" + bare, "وال" + bare, "وبال" + bare]))


def surface_levels(shares: Mapping[str, float]) -> dict[str, Level]:
    """Return the levels of surface forms: SIMILAR for those that count less than the word itself.

    >>> [level.value for level in surface_levels({"كتاب": 1.0, "كتام": 0.5}).values()]
    ['surface', 'similar']
    """
    return {form: Level.SURFACE if share == 1 else Level.SIMILAR for form, share in shares.items()}
