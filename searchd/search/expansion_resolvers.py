"""Resolvers of phrases, exact surface forms, wildcard patterns and fuzzy words."""

from __future__ import annotations

from collections.abc import Mapping

from analyzers.analyzer import Terms
from analyzers.levels import Level
from indexer.snapshot import Snapshot
from searchd import budget
from searchd.errors import QuerySyntaxError
from searchd.highlighting.matchers import PhraseMatcher, SurfaceMatcher
from searchd.ranking import LevelWeights, Ranking
from searchd.search.plan import FuzzyQuery, PhraseQuery, QueryWord, SurfaceQuery, WildcardQuery
from searchd.search.resolved_query import ResolvedLeaf, ResolvedTerm
from searchd.search.term_lookup import TermLookup, surface_levels
from searchd.search.term_weigher import TermWeigher
from searchd.search.wildcards import expand_wildcard


class PhraseResolver:
    """Resolves phrases of two words or more. Threads may share it."""

    def __init__(self, lookup: TermLookup, ranking: Ranking) -> None:
        self._lookup = lookup
        self._ranking = ranking

    def resolve(self, leaf: PhraseQuery) -> ResolvedLeaf:
        """Return one term for the phrase, and one for each variant that documents contain."""
        levels = ((Level.SURFACE, 1.0),) if leaf.exact else self._ranking.phrase_levels
        terms = tuple(word.terms for word in leaf.words)
        phrase = self._term(leaf, terms, levels)
        variants = [
            self._term(leaf, variant, of_variant)
            for variant in leaf.variants
            if (of_variant := _levels_of(variant, terms, levels))
        ]
        found = [term for term in (phrase, *variants) if term.documents]
        return ResolvedLeaf(tuple(found) or (phrase,))

    def _term(
        self, leaf: PhraseQuery, terms: tuple[Terms, ...], levels: LevelWeights
    ) -> ResolvedTerm:
        exact = levels[0][0] == Level.SURFACE
        if exact and not leaf.exact:  # marks and hamzas are a preference, which excludes nothing
            terms = tuple(word._replace(spelling=None) for word in terms)
        weight = self._lookup.phrase(terms, leaf.field, leaf.slop, levels, ordered=leaf.ordered)
        widest = weight.levels[0]
        matcher = PhraseMatcher(
            terms, exact, leaf.slop, leaf.field, widest.idf, ordered=leaf.ordered
        )
        return ResolvedTerm(leaf.typed, leaf.field, weight, (matcher,))


def _levels_of(
    variant: tuple[Terms, ...], typed: tuple[Terms, ...], levels: LevelWeights
) -> LevelWeights:
    """Return the levels of a variant: one whose first stem keeps a clitic is never as typed."""
    first, own = variant[0], typed[0]
    if first.surface == own.surface and first.stem != own.stem:
        return tuple(each for each in levels if each[0] != Level.SURFACE)
    return levels


class SurfaceResolver:
    """Resolves exact surface forms. Threads may share it."""

    def __init__(self, weigher: TermWeigher) -> None:
        self._weigher = weigher

    def resolve(self, leaf: SurfaceQuery) -> ResolvedLeaf:
        """Return one term for the surface form, with the hamzas and marks that were typed."""
        terms = leaf.word.terms
        weight = self._weigher.exact(leaf.field, terms)
        idf = weight.levels[0].idf
        matcher = SurfaceMatcher(
            {terms.surface: Level.SURFACE}, leaf.field, idf, spelling=terms.spelling
        )
        return ResolvedLeaf((ResolvedTerm(leaf.word, leaf.field, weight, (matcher,)),))

    def union(self, word: QueryWord, field: str, shares: Mapping[str, float]) -> ResolvedLeaf:
        """Return one term for the documents that contain any of some surface forms.

        `shares` maps each form to the weight of an occurrence of it.
        """
        weight = self._weigher.union(field, Level.SURFACE, shares, matched_as=Level.SURFACE)
        matcher = SurfaceMatcher(surface_levels(shares), field, weight.levels[0].idf)
        return ResolvedLeaf((ResolvedTerm(word, field, weight, (matcher,)),))


class WildcardResolver:
    """Resolves patterns to the surface forms that match them. Threads may share it."""

    def __init__(self, snapshot: Snapshot, surfaces: SurfaceResolver, ranking: Ranking) -> None:
        self._snapshot = snapshot
        self._surfaces = surfaces
        self._most = ranking.most_expansions

    def resolve(self, leaf: WildcardQuery) -> ResolvedLeaf:
        """Return one term for all forms that match. Raises QuerySyntaxError for too many."""
        pattern = leaf.word.text
        found = expand_wildcard(self._snapshot, leaf.field, pattern, self._most)
        if found is None:
            raise QuerySyntaxError(
                leaf.query,
                leaf.word.position,
                f"more than {self._most} words of the index match {pattern!r}; "
                f"write more letters of it",
            )
        budget.spend_expansions(pattern, len(found))
        return self._surfaces.union(leaf.word, leaf.field, dict.fromkeys(found, 1.0))


class FuzzyResolver:
    """Resolves words to the surface forms within an edit distance. Threads may share it."""

    def __init__(self, snapshot: Snapshot, surfaces: SurfaceResolver, ranking: Ranking) -> None:
        self._snapshot = snapshot
        self._surfaces = surfaces
        self._variant = ranking.variant

    def resolve(self, leaf: FuzzyQuery) -> ResolvedLeaf:
        """Return one term for the words and the forms near them."""
        from searchd.search.fuzzy import near_terms

        forms = [word.terms.surface for word in leaf.words]
        shares = dict.fromkeys(forms, 1.0)
        for surface in forms:
            for term in near_terms(self._snapshot, leaf.field, surface, leaf.distance):
                shares.setdefault(term, self._variant)
        budget.spend_expansions(leaf.typed.text, len(shares))
        return self._surfaces.union(leaf.typed, leaf.field, shares)
