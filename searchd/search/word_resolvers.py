"""Resolvers of words: which words of a query are searched, and by which terms.

A word with a missing space is split, function words choose no documents beside other words, synonyms
are added, and a word that no document contains is replaced by similar ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analyzers import Analyzer
from analyzers.analyzer import Terms
from analyzers.levels import Level
from analyzers.stemming.stopwords import is_function_word, is_noun_too
from analyzers.synonyms import Synonyms
from indexer.segment.cache import CacheRegion
from indexer.snapshot import Snapshot
from searchd import budget
from searchd.highlighting.matchers import TermMatcher
from searchd.query.synonym_expansion import Alternative, SynonymExpansion, expand_synonyms
from searchd.ranking import Ranking
from searchd.search.plan import QueryWord, TermQuery, WordsQuery, phrase_of, written_words
from searchd.search.resolved_query import CommonWord, ResolvedLeaf, ResolvedTerm, WordOfText
from searchd.search.term_lookup import TermLookup, WordWeight

_NON_JOINING = frozenset("ادذرزو")
_SHORTEST_PART = 4
"""Letters of each part of a word that is split where a space may be missing, at least."""


_ALTERNATIVE_BYTES, _WORD_BYTES = 200, 300
"""What a cached synonym takes, and each of its words."""

_ENOUGH_WORDS = 3
"""Beside so many content words a word that may be a noun counts as a function word."""


class TermResolver:
    """Resolves single words that must match. Threads may share it."""

    def __init__(self, lookup: TermLookup, ranking: Ranking) -> None:
        self._lookup = lookup
        self._ranking = ranking

    def resolve(self, leaf: TermQuery) -> ResolvedLeaf:
        """Return one term for the word."""
        found = self._lookup.word(leaf.word.terms, leaf.field)
        return ResolvedLeaf((self.known_term(leaf.word, leaf.field, found),))

    def known_term(self, word: QueryWord, field: str, found: WordWeight) -> ResolvedTerm:
        """Return a term for a word that was looked up."""
        widest = found.weight.levels[0]
        similar = None
        if self._ranking.similar and widest.documents:
            weight = self._ranking.similar * found.boost
            similar = self._lookup.similar_words(word.terms.stem, field, weight, widest.idf)
        return ResolvedTerm(
            word,
            field,
            found.weight,
            found.matchers,
            found.lemma,
            found.boost,
            found.synonyms,
            rescored=True,
            similar_words=similar,
        )


class WordsResolver:
    """Resolves words of which any may match. Threads may share it."""

    def __init__(
        self,
        snapshot: Snapshot,
        lookup: TermLookup,
        terms: TermResolver,
        analyzer: Analyzer,
        ranking: Ranking,
        synonyms: Synonyms,
    ) -> None:
        self._snapshot = snapshot
        self._lookup = lookup
        self._terms = terms
        self._analyzer = analyzer
        self._ranking = ranking
        self._synonyms = synonyms
        self._expansions: CacheRegion[tuple[Terms, ...], list[SynonymExpansion]] = (
            snapshot.memory.cache.region(_bytes_of_expansions)
        )

    def resolve(self, leaf: WordsQuery) -> ResolvedLeaf:
        """Return the terms of the words, and the function words, which choose no documents."""
        field = leaf.field
        words: list[QueryWord] = []
        groups: list[tuple[int, int]] = []
        for word, *others in written_words(leaf.words):
            budget.check(word.text)
            start = len(words)
            words += (word, *others) if others else self._split(word, field)
            if others:
                groups.append((start, len(words)))
        searched = content_words(words, groups)
        if leaf.alone and not searched:
            searched = list(range(len(words)))
        phrases, grouped = self._phrases(words, groups, searched, field)
        synonyms = self._synonyms_of([word.terms for word in words], searched)
        found = {
            n: self._lookup.word(words[n].terms, field, synonyms.get(n, ()))
            for n in searched
            if n not in grouped
        }
        any_found = bool(phrases) or any(each.weight.is_found for each in found.values())
        unknown = [n for n, each in found.items() if not each.weight.is_found]
        # Without other words it finds nothing, and spellings are suggested.
        replaced = unknown[: self._ranking.most_rescored_terms] if any_found else []
        terms = [
            self._unknown_term(words[n], field, each)
            if n in replaced and self._ranking.similar
            else self._terms.known_term(words[n], field, each)
            for n, each in found.items()
        ]
        common = tuple(
            CommonWord(word, field, word.boost * self._lookup.idf(word.terms, field))
            for n, word in enumerate(words)
            if n not in found and n not in grouped
        )
        if len(words) < 2:
            return ResolvedLeaf((*terms, *phrases), common)
        text = [
            WordOfText(
                word.terms.stem,
                found[n].boost * found[n].weight.levels[0].idf
                if n in found
                else self._lookup.idf(word.terms, field),
            )
            for n, word in enumerate(words)
        ]
        return ResolvedLeaf((*terms, *phrases), common, tuple(text))

    def _phrases(
        self,
        words: Sequence[QueryWord],
        groups: Sequence[tuple[int, int]],
        searched: Sequence[int],
        field: str,
    ) -> tuple[list[ResolvedTerm], set[int]]:
        """Return the terms of written words that analysis splits, and the indexes of their parts.

        Such a word (`QLED-55Q70`, `ﷺ`) is searched as a phrase, unless no document contains it or
        all parts but one are function words: then its parts are words like others.
        """
        terms: list[ResolvedTerm] = []
        grouped: set[int] = set()
        for start, stop in groups:
            if sum(start <= n < stop for n in searched) > 1:
                from searchd.search.expansion_resolvers import PhraseResolver

                leaf = phrase_of(words[start:stop], field)
                (term,) = PhraseResolver(self._lookup, self._ranking).resolve(leaf).terms
                if term.documents:
                    terms.append(term)
                    grouped.update(range(start, stop))
        return terms, grouped

    def _synonyms_of(
        self, words: Sequence[Terms], searched: Sequence[int]
    ) -> dict[int, tuple[Alternative, ...]]:
        """Return the synonyms of words by index; those of several words at the first searched."""
        if not self._ranking.synonym:
            return {}
        synonyms = {}
        expansions = self._expansions.get_or_compute(
            tuple(words), lambda: expand_synonyms(words, self._synonyms, self._analyzer)
        )
        for expansion in expansions:
            inside = (n for n in searched if expansion.start <= n < expansion.end)
            first = next(inside, None)
            if first is not None:
                synonyms[first] = expansion.alternatives
        return synonyms

    def _split(self, word: QueryWord, field: str) -> Iterable[QueryWord]:
        """Return the two words of a word with a missing space, or the word itself.

        After a letter that does not join the next, and before the article, a missing space is hard
        to see: تطورالأعراض. A word is split only if no document contains it and some documents
        contain the surface form of each part.
        """
        if is_function_word(word.text) or self._lookup.word(word.terms, field).weight.is_found:
            return (word,)
        for split in splits(word.terms.surface):
            parts = [part for written in split for part in self._analyzer.terms(written)]
            if all(
                self._snapshot.document_frequency(field, "surface", part.surface) for part in parts
            ):
                return [word._replace(terms=part) for part in parts]
        return (word,)

    def _unknown_term(self, word: QueryWord, field: str, found: WordWeight) -> ResolvedTerm:
        """Return a term for a word that no document contains: its similar stems."""
        weight = max(weight for _level, weight in self._ranking.levels) * found.boost
        similar = self._lookup.similar(word.terms.stem, field, weight)
        stems = similar.levels[0].terms
        matcher = TermMatcher(dict.fromkeys(stems, Level.SIMILAR), "", field, similar.levels[0].idf)
        return ResolvedTerm(
            word, field, similar, (matcher,), found.lemma, 1.0, found.synonyms, stems
        )


def _bytes_of_expansions(expansions: Sequence[SynonymExpansion]) -> int:
    """Return about how many bytes the synonyms of the words of a query take."""
    alternatives = [other for expansion in expansions for other in expansion.alternatives]
    return sum(_ALTERNATIVE_BYTES + _WORD_BYTES * len(other.words) for other in alternatives)


def content_words(words: Sequence[QueryWord], groups: Sequence[tuple[int, int]] = ()) -> list[int]:
    """Return the indexes of the words of a query that are no function words.

    `groups` are the ranges of words that are parts of one written word. A single letter is a word
    like others where another stands beside it: `أ ف ب` is an abbreviation. A function word that may
    be a noun is one beside fewer than `_ENOUGH_WORDS` others: مثل in `مثل شعبي`.
    """
    letters = [len(word.terms.surface) == 1 for word in words]
    written = [word.text for word in words]
    for start, stop in groups:
        written[start:stop] = [word.terms.surface for word in words[start:stop]]
    content = [
        n
        for n, word in enumerate(written)
        if (letters[n] and any((*letters[max(n - 1, 0) : n], *letters[n + 1 : n + 2])))
        or not is_function_word(word)
    ]
    telling = [n for n in content if not is_noun_too(written[n])]
    return telling if len(telling) >= _ENOUGH_WORDS else content


def splits(surface: str) -> list[tuple[str, str]]:
    """Return the ways to split a surface form where a space may be missing, likeliest first.

    >>> splits("تطورالاعراض")
    [('تطور', 'الاعراض'), ('تطورا', 'لاعراض'), ('تطورالا', 'عراض')]
    """
    offsets = range(_SHORTEST_PART, len(surface) - _SHORTEST_PART + 1)
    article = [at for at in offsets if surface.startswith("ال", at)]
    non_joining = [at for at in offsets if surface[at - 1] in _NON_JOINING]
    return [(surface[:at], surface[at:]) for at in dict.fromkeys((*article, *non_joining))]
