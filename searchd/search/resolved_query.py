"""The resolved query: its terms looked up in one snapshot, and their weight tree."""

from __future__ import annotations

from typing import NamedTuple

from searchd.highlighting.matchers import Matcher
from searchd.results import SearchedTerm
from searchd.search.plan import QueryWord
from searchd.search.similar_words import SimilarWords
from searchd.search.term_weights import TermWeight
from searchd.search.weight_tree import Weight


class ResolvedTerm(NamedTuple):
    """One term of the query, looked up.

    `boost` is the factor of its score for its rarity in the language and for what follows `^` in
    the query. `similar` are the stems that
    are searched in its place where no document contains it. `synonyms` are those that documents
    contain. `rescored` is whether the second stage uses the term; `similar_words` are those
    like it, for documents that lack it, None where the ranking gives them no weight.
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
    similar_words: SimilarWords | None = None

    def boosted(self, factor: float) -> ResolvedTerm:
        """Return the term with its scores multiplied, those of the second stage too."""
        similar = self.similar_words
        return self._replace(
            weight=self.weight.boosted(factor),
            matchers=tuple(
                matcher._replace(weight=matcher.weight * factor) for matcher in self.matchers
            ),
            boost=self.boost * factor,
            similar_words=similar and similar.boosted(factor),
        )

    @property
    def documents(self) -> int:
        """The number of documents that match the term itself, on its widest level."""
        return 0 if self.similar else self.weight.levels[0].documents


def searched_term(term: ResolvedTerm) -> SearchedTerm:
    """Return what results say of a term."""
    return SearchedTerm(
        text=term.word.text,
        surface=term.word.terms.surface,
        stem=term.word.terms.stem,
        documents=term.documents,
        lemma=term.lemma,
        similar=term.similar,
        synonyms=term.synonyms,
        written=term.word.terms.written,
    )


class CommonWord(NamedTuple):
    """A function word of the query, which orders the documents that other words find.

    `idf` is that of its stem, in the text for the field of title and text, times its boost.
    """

    word: QueryWord
    field: str
    idf: float


class WordOfText(NamedTuple):
    """One word of a query that is plain text: its stem, and its idf times its boost."""

    stem: str
    idf: float


class ResolvedLeaf(NamedTuple):
    """The terms of one leaf of a plan, and its function words, which choose no documents.

    `text` has all words of a leaf of plain words, in order.
    """

    terms: tuple[ResolvedTerm, ...]
    common: tuple[CommonWord, ...] = ()
    text: tuple[WordOfText, ...] = ()

    def boosted(self, factor: float) -> ResolvedLeaf:
        """Return the leaf with scores multiplied, by `factor` and by the boost of each word."""
        if factor == 1 and all(term.word.boost == 1 for term in self.terms):
            return self
        return self._replace(
            terms=tuple(term.boosted(factor * term.word.boost) for term in self.terms),
            common=tuple(word._replace(idf=word.idf * factor) for word in self.common),
        )


class ResolvedQuery(NamedTuple):
    """A weight tree, and the terms of the query in its order, without those that must not match.

    `common` are the function words, which choose no documents. `text` has all words of a query that
    is nothing but words without an operator, else none.
    """

    weight: Weight
    terms: tuple[ResolvedTerm, ...]
    common: tuple[CommonWord, ...]
    text: tuple[WordOfText, ...] = ()
