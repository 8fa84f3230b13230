"""Resolvers of phrases, exact surface forms, wildcard patterns and fuzzy words."""

from __future__ import annotations

from collections.abc import Mapping

from analyzers.levels import Level
from indexer.snapshot import Snapshot
from searchd.errors import QuerySyntaxError
from searchd.highlighting.matchers import PhraseMatcher, SurfaceMatcher
from searchd.ranking import Ranking
from searchd.search.plan import FuzzyQuery, PhraseQuery, QueryWord, SurfaceQuery, WildcardQuery
from searchd.search.resolved_query import ResolvedLeaf, ResolvedTerm
from searchd.search.term_lookup import TermLookup, surface_levels
from searchd.search.term_weights import TermWeigher
from searchd.search.wildcards import expand_wildcard


class PhraseResolver:
    """Resolves phrases of two words or more. Threads may share it."""

    def __init__(self, lookup: TermLookup, ranking: Ranking) -> None:
        self._lookup = lookup
        self._ranking = ranking

    def resolve(self, leaf: PhraseQuery) -> ResolvedLeaf:
        """Return one term for the phrase."""
        levels = ((Level.SURFACE, 1.0),) if leaf.exact else self._ranking.phrase_levels
        terms = tuple(word.terms for word in leaf.words)
        weight = self._lookup.phrase(terms, leaf.field, leaf.slop, levels, ordered=leaf.ordered)
        widest = weight.levels[0]
        exact = widest.level == Level.SURFACE
        matcher = PhraseMatcher(
            terms, exact, leaf.slop, leaf.field, widest.idf, ordered=leaf.ordered
        )
        return ResolvedLeaf((ResolvedTerm(leaf.typed, leaf.field, weight, (matcher,)),))


class SurfaceResolver:
    """Resolves exact surface forms. Threads may share it."""

    def __init__(self, weigher: TermWeigher) -> None:
        self._weigher = weigher

    def resolve(self, leaf: SurfaceQuery) -> ResolvedLeaf:
        """Return one term for the surface form."""
        return self.union(leaf.word, leaf.field, {leaf.word.terms.surface: 1.0})

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
        found = expand_wildcard(self._snapshot, leaf.field, pattern)
        if len(found) > self._most:
            raise QuerySyntaxError(
                leaf.query,
                leaf.word.position,
                f"{len(found)} words of the index match {pattern!r}, more than {self._most}; "
                f"write more letters of it",
            )
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
        return self._surfaces.union(leaf.typed, leaf.field, shares)
