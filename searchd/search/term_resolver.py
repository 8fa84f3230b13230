"""Resolving: the terms of a query plan looked up in one snapshot.

A word is looked up by the stems of its lemma, its own stem and its surface form. Related words
(synonyms, variants, similar stems) come from the analysis and from the terms of the index. The
result is a weight tree for scoring, and for each term what is reported, highlighted and rescored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import partial
from operator import attrgetter
from typing import NamedTuple

from analyzers import Analyzer, is_stopword
from analyzers.analyzer import Terms
from analyzers.levels import Level
from analyzers.synonyms import Synonyms
from indexer.segment.cache import CacheRegion
from indexer.snapshot import Snapshot
from searchd.errors import QuerySyntaxError
from searchd.highlighting.matchers import Matcher, PhraseMatcher, SurfaceMatcher, TermMatcher
from searchd.query.synonym_expansion import Alternative, expand_synonyms
from searchd.ranking import LevelWeights, Ranking
from searchd.search.bm25 import BM25Similarity
from searchd.search.filters import column_filter
from searchd.search.plan import (
    BooleanQuery,
    ColumnQuery,
    FuzzyQuery,
    MatchAllQuery,
    PhraseQuery,
    Query,
    QueryWord,
    SurfaceQuery,
    TermQuery,
    WildcardQuery,
    WordsQuery,
)
from searchd.search.term_weights import TermWeigher, TermWeight
from searchd.search.trigram_similarity import similar_stems
from searchd.search.weight_tree import (
    AllOf,
    EveryDocument,
    Required,
    Weight,
    Without,
    all_of,
    any_of,
)
from searchd.search.wildcards import expand_wildcard, numbered_variants

_NON_JOINING = frozenset("ادذرزو")
_SHORTEST_PART = 4


class ResolvedTerm(NamedTuple):
    """One term of the query, looked up.

    `boost` is what its rarity in the language multiplies its score by. `similar` are stems that
    were searched in its place, as no document contains it. `synonyms` are those that documents
    contain. `rescored` says whether the second stage looks at it; `find_similar` gives the weight
    of words like it, None where that is not asked for.
    """

    word: QueryWord
    field: str
    weight: TermWeight
    matchers: tuple[Matcher, ...]
    lemma: str = ""
    boost: float = 1.0
    synonyms: tuple[str, ...] = ()
    similar: tuple[str, ...] = ()
    rescored: bool = False
    find_similar: Callable[[], TermWeight] | None = None

    @property
    def position(self) -> int:
        """The code point offset of the term in the query."""
        return self.word.position

    @property
    def documents(self) -> int:
        """The number of documents that match the term itself, on its widest level."""
        return 0 if self.similar else self.weight.levels[0].documents


@dataclass(frozen=True, slots=True)
class ResolvedQuery:
    """A weight tree, and the terms of the query in its order, without those that must not match.

    `ignored` are the function words that were left out, as typed.
    """

    weight: Weight
    terms: tuple[ResolvedTerm, ...]
    ignored: tuple[str, ...]


@dataclass(slots=True)
class _Report:
    """The terms resolved so far, and the function words left out."""

    terms: list[ResolvedTerm] = dataclass_field(default_factory=list)
    ignored: list[str] = dataclass_field(default_factory=list)


class _WordWeight(NamedTuple):
    """A word looked up, as it is cached: `ResolvedTerm` without its place in a query."""

    weight: TermWeight
    matchers: tuple[Matcher, ...]
    lemma: str
    boost: float
    synonyms: tuple[str, ...] = ()


class _WordKey(NamedTuple):
    field: str
    terms: Terms
    synonyms: tuple[Alternative, ...]


class _PhraseKey(NamedTuple):
    field: str
    words: tuple[Terms, ...]
    slop: int
    levels: LevelWeights


class _SimilarKey(NamedTuple):
    field: str
    stem: str
    weight: float
    idf: float | None


class TermResolver:
    """Resolves query plans against one snapshot. Threads may share it."""

    def __init__(
        self,
        snapshot: Snapshot,
        similarity: BM25Similarity,
        analyzer: Analyzer,
        ranking: Ranking,
        synonyms: Synonyms,
    ) -> None:
        self._snapshot = snapshot
        self._analyzer = analyzer
        self._ranking = ranking
        self._synonyms = synonyms
        self._weigher = TermWeigher(snapshot, similarity)
        cache = snapshot.memory.cache
        nbytes: Callable[[TermWeight], int] = attrgetter("nbytes")
        self._words: CacheRegion[_WordKey, _WordWeight] = cache.region(
            lambda word: word.weight.nbytes
        )
        self._phrases: CacheRegion[_PhraseKey, TermWeight] = cache.region(nbytes)
        self._similar: CacheRegion[_SimilarKey, TermWeight] = cache.region(nbytes)

    def resolve(self, query: str, plan: Query) -> ResolvedQuery:
        """Look up every term of a plan; `query` is its text, for messages.

        Raises QuerySyntaxError for a pattern that matches too many words, FilterSyntaxError for a
        column that cannot be compared with a value.
        """
        report = _Report()
        weight = self._resolve(plan, query, report)
        terms = sorted(report.terms, key=attrgetter("position"))
        return ResolvedQuery(weight, tuple(terms), tuple(report.ignored))

    def _resolve(self, plan: Query, query: str, report: _Report) -> Weight:
        match plan:
            case BooleanQuery():
                return self._boolean(plan, query, report)
            case WordsQuery():
                return any_of(self._any_words(plan, report))
            case MatchAllQuery():
                return EveryDocument()
            case ColumnQuery():
                return column_filter(plan.field, "=", plan.value, self._snapshot)
            case TermQuery():
                term = self._term(plan.word, plan.field)
            case PhraseQuery():
                term = self._phrase(plan)
            case SurfaceQuery():
                term = self._expanded(plan.word, {plan.word.terms.surface: 1.0}, plan.field)
            case WildcardQuery():
                term = self._wildcard(plan, query)
            case FuzzyQuery():
                term = self._fuzzy(plan)
        report.terms.append(term)
        return term.weight

    def _boolean(self, plan: BooleanQuery, query: str, report: _Report) -> Weight:
        must = [self._resolve(member, query, report) for member in plan.must]
        should: list[Weight] = []
        for member in plan.should:
            if isinstance(member, WordsQuery):
                should += self._any_words(member, report)
            else:
                should.append(self._resolve(member, query, report))
        # What must not match is neither highlighted nor reported.
        must_not = [self._resolve(member, query, _Report()) for member in plan.must_not]
        if must:
            weight = Required(all_of(must), any_of(should)) if should else all_of(must)
        elif should or not must_not:
            exponent = self._ranking.coordination_for(len(should)) if plan.coordinated else 0.0
            weight = any_of(should, exponent)
        else:
            return Without(any_of(must_not))
        return AllOf([weight, Without(any_of(must_not))]) if must_not else weight

    def _any_words(self, plan: WordsQuery, report: _Report) -> list[TermWeight]:
        """Return the weights of words of which any may match, without function words."""
        words = [part for word in plan.words for part in self._split(word, plan.field)]
        searched = [n for n, word in enumerate(words) if not is_stopword(word.terms.surface)]
        if plan.alone and not searched:
            searched = list(range(len(words)))
        chosen = frozenset(searched)
        report.ignored += [word.text for n, word in enumerate(words) if n not in chosen]
        synonyms = self._synonyms_of([word.terms for word in words], searched)
        found = {n: self._find(words[n].terms, plan.field, synonyms.get(n, ())) for n in searched}
        any_found = any(each.weight.documents for each in found.values())
        terms = [
            self._unknown_term(words[n], plan.field, each)
            # Alone, a word that no document contains finds nothing, and `Results` suggests.
            if any_found and not each.weight.documents and self._ranking.similar
            else self._known_term(words[n], plan.field, each)
            for n, each in found.items()
        ]
        report.terms += terms
        return [term.weight for term in terms]

    def _synonyms_of(
        self, words: Sequence[Terms], searched: Sequence[int]
    ) -> dict[int, tuple[Alternative, ...]]:
        """Return the synonyms of words by index; those of several words go to the first searched."""
        if not self._ranking.synonym:
            return {}
        synonyms = {}
        for expansion in expand_synonyms(words, self._synonyms, self._analyzer):
            inside = (n for n in searched if expansion.start <= n < expansion.end)
            first = next(inside, None)
            if first is not None:
                synonyms[first] = expansion.alternatives
        return synonyms

    def _split(self, word: QueryWord, field: str) -> Iterable[QueryWord]:
        """Return the words that a word is made of where a space was left out, or the word itself.

        After a letter that joins no other, and before the article, a missing space is hard to see:
        تطورالأعراض. A word that no document contains is read as two if documents contain both, as
        they are written.
        """
        if is_stopword(word.terms.surface) or self._find(word.terms, field).weight.documents:
            return (word,)
        for split in splits(word.terms.surface):
            parts = [part for written in split for part in self._analyzer.terms(written)]
            if all(
                self._snapshot.document_frequency(field, "surface", part.surface) for part in parts
            ):
                return [word._replace(terms=part) for part in parts]
        return (word,)

    def _term(self, word: QueryWord, field: str) -> ResolvedTerm:
        return self._known_term(word, field, self._find(word.terms, field))

    def _known_term(self, word: QueryWord, field: str, found: _WordWeight) -> ResolvedTerm:
        widest = found.weight.levels[0]
        find_similar = None
        if self._ranking.similar and widest.documents:
            weight = self._ranking.similar * found.boost
            find_similar = partial(self._find_similar, word.terms.stem, field, weight, widest.idf)
        return ResolvedTerm(
            word,
            field,
            found.weight,
            found.matchers,
            found.lemma,
            found.boost,
            found.synonyms,
            rescored=True,
            find_similar=find_similar,
        )

    def _unknown_term(self, word: QueryWord, field: str, found: _WordWeight) -> ResolvedTerm:
        """Return a term for a word that no document contains: the words that look like it."""
        weight = max(weight for _level, weight in self._ranking.levels) * found.boost
        similar = self._find_similar(word.terms.stem, field, weight)
        stems = similar.levels[0].terms
        matcher = TermMatcher(dict.fromkeys(stems, Level.SIMILAR), "", field, similar.levels[0].idf)
        return ResolvedTerm(
            word, field, similar, (matcher,), found.lemma, 1.0, found.synonyms, stems
        )

    def _phrase(self, plan: PhraseQuery) -> ResolvedTerm:
        levels = ((Level.SURFACE, 1.0),) if plan.exact else self._ranking.phrase_levels
        terms = tuple(word.terms for word in plan.words)
        weight = self._find_phrase(terms, plan.field, plan.slop, levels)
        widest = weight.levels[0]
        exact = widest.level == Level.SURFACE
        matcher = PhraseMatcher(terms, exact, plan.slop, plan.field, widest.idf)
        return ResolvedTerm(plan.typed, plan.field, weight, (matcher,))

    def _wildcard(self, plan: WildcardQuery, query: str) -> ResolvedTerm:
        pattern = plan.word.text
        found = expand_wildcard(self._snapshot, plan.field, pattern)
        most = self._ranking.most_expansions
        if len(found) > most:
            raise QuerySyntaxError(
                query,
                plan.word.position,
                f"{len(found)} words of the index match {pattern!r}, more than {most}; "
                f"write more letters of it",
            )
        return self._expanded(plan.word, dict.fromkeys(found, 1.0), plan.field)

    def _fuzzy(self, plan: FuzzyQuery) -> ResolvedTerm:
        from searchd.search.fuzzy import near_terms

        surfaces = [word.terms.surface for word in plan.words]
        shares = dict.fromkeys(surfaces, 1.0)
        for surface in surfaces:
            for term in near_terms(self._snapshot, plan.field, surface, plan.distance):
                shares.setdefault(term, self._ranking.variant)
        return self._expanded(plan.typed, shares, plan.field)

    def _expanded(self, word: QueryWord, shares: Mapping[str, float], field: str) -> ResolvedTerm:
        """Return a term for the documents that contain any of some surface forms.

        `shares` maps each form to what an occurrence of it counts.
        """
        weight = self._weigher.union(field, Level.SURFACE, shares, matched_as=Level.SURFACE)
        matcher = SurfaceMatcher(surface_levels(shares), field, weight.levels[0].idf)
        return ResolvedTerm(word, field, weight, (matcher,))

    def _find(
        self, terms: Terms, field: str, synonyms: tuple[Alternative, ...] = ()
    ) -> _WordWeight:
        """Return the documents that contain a word or a synonym of it, from the cache."""
        return self._words.get_or_compute(
            _WordKey(field, terms, synonyms), lambda: self._look_up(terms, field, synonyms)
        )

    def _find_phrase(
        self, words: tuple[Terms, ...], field: str, slop: int, levels: LevelWeights
    ) -> TermWeight:
        """Return the documents that contain a phrase, from the cache."""
        return self._phrases.get_or_compute(
            _PhraseKey(field, words, slop, levels),
            lambda: self._weigher.phrase(field, words, slop, levels),
        )

    def _find_similar(
        self, stem: str, field: str, weight: float, idf: float | None = None
    ) -> TermWeight:
        """Return the documents with words that look like one; without `idf` with their own."""
        ranking = self._ranking

        def compute() -> TermWeight:
            stems = similar_stems(
                self._snapshot, field, stem, least=ranking.least_likeness, most=ranking.most_similar
            )
            return self._weigher.union(
                field, Level.STEM, stems, matched_as=Level.SIMILAR, weight=weight, idf=idf
            )

        return self._similar.get_or_compute(_SimilarKey(field, stem, weight, idf), compute)

    def _look_up(self, terms: Terms, field: str, synonyms: Sequence[Alternative]) -> _WordWeight:
        word = self._look_up_word(terms, field)
        others = [self._look_up_synonym(synonym, field) for synonym in synonyms]
        others = [other for other in others if other.weight.documents]
        if not others:
            return word
        weight = self._weigher.with_synonyms(
            word.weight, [other.weight for other in others], self._ranking.synonym
        )
        matchers = [matcher for found in (word, *others) for matcher in found.matchers]
        names = [name for found in others for name in found.synonyms]
        return _WordWeight(weight, tuple(matchers), word.lemma, word.boost, tuple(names))

    def _look_up_word(self, terms: Terms, field: str) -> _WordWeight:
        ranking = self._ranking
        expander = self._analyzer.lemma_expander
        boost = expander.rarity(terms.surface) ** ranking.rarity if ranking.rarity else 1.0
        variants = numbered_variants(self._snapshot, field, terms.surface)
        if variants:
            weight = sum(weight for _level, weight in ranking.levels) * boost
            shares = {terms.surface: 1.0, **dict.fromkeys(variants, ranking.variant)}
            return self._any_form(terms.surface, shares, field, weight)._replace(boost=boost)
        related = expander.related_stems(terms.surface, terms.stem) if ranking.lemma else ()
        levels = tuple((level, weight * boost) for level, weight in ranking.levels)
        found = self._weigher.word(field, terms, related, levels)
        widest = found.levels[0]
        matcher: Matcher
        if widest.level == Level.SURFACE:
            matcher = SurfaceMatcher({terms.surface: Level.SURFACE}, field, widest.idf)
        else:
            stems = dict.fromkeys(related, Level.LEMMA) | {terms.stem: Level.STEM}
            matcher = TermMatcher(stems, terms.surface, field, widest.idf)
        lemma = expander.reading(terms.surface).lemma if ranking.lemma else ""
        return _WordWeight(found, (matcher,), lemma, boost)

    def _look_up_synonym(self, synonym: Alternative, field: str) -> _WordWeight:
        words = synonym.words
        name = " ".join(terms.surface for terms in words)
        if len(words) > 1:
            level = Level.SURFACE if synonym.exact else Level.STEM
            weight = self._find_phrase(words, field, 0, ((level, 1.0),))
            matcher = PhraseMatcher(words, synonym.exact, 0, field, weight.levels[0].idf)
            found = _WordWeight(weight, (matcher,), "", 1.0)
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
    ) -> _WordWeight:
        """Return the documents that contain any of some surface forms, as forms of one word."""
        found = self._weigher.union(
            field, Level.SURFACE, shares, matched_as=Level.SURFACE, weight=weight
        )
        matcher = SurfaceMatcher(surface_levels(shares), field, found.levels[0].idf)
        return _WordWeight(found, (matcher,), lemma, 1.0)


def with_clitics(surface: str) -> list[str]:
    """Return a word alone and with the particles that are written together with it.

    >>> with_clitics("تلفون")[:7]
    ['تلفون', 'وتلفون', 'فتلفون', 'بتلفون', 'كتلفون', 'لتلفون', 'التلفون']
    """
    bare = surface.removeprefix("ال")
    forms = [clitic + word for word in (surface, "ال" + bare) for clitic in ("", *"وفبكل")]
    # ل before an article is written لل.
    return list(dict.fromkeys([*forms, "لل" + bare, "ولل" + bare, "وال" + bare, "وبال" + bare]))


def surface_levels(shares: Mapping[str, float]) -> dict[str, Level]:
    """Return the levels of surface forms: SIMILAR for those that count less than the word itself.

    >>> [level.value for level in surface_levels({"covid": 1.0, "covid19": 0.5}).values()]
    ['surface', 'similar']
    """
    return {form: Level.SURFACE if share == 1 else Level.SIMILAR for form, share in shares.items()}


def splits(surface: str) -> list[tuple[str, str]]:
    """Return a surface form cut in two where a space may be missing, the likeliest first.

    >>> splits("تطورالاعراض")
    [('تطور', 'الاعراض'), ('تطورا', 'لاعراض'), ('تطورالا', 'عراض')]
    """
    cuts = range(_SHORTEST_PART, len(surface) - _SHORTEST_PART + 1)
    article = [cut for cut in cuts if surface.startswith("ال", cut)]
    non_joining = [cut for cut in cuts if surface[cut - 1] in _NON_JOINING]
    return [(surface[:cut], surface[cut:]) for cut in dict.fromkeys((*article, *non_joining))]
