"""What words, phrases and synonyms score: the levels of a word, and the words that look like it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from analyzers import Analyzer
from analyzers.analyzer import Terms
from analyzers.stemming.stopwords import is_another_word
from analyzers.synonyms import SynonymEntry
from searchd.query.particles import joined_particles, separate_particles
from searchd.ranking import Ranking
from tests.searchd.search.reference_bm25 import Bm25, Scores, either
from tests.searchd.search.reference_corpus import Corpus, Frequencies, as_written, dice


@dataclass(frozen=True)
class Word:
    """A word of a query.

    `scores` are those of the documents that hold it or a synonym; `held` tells whether any holds
    the word itself. `idf` is that of its widest level, `boost` what its rarity in the language
    multiplies its score by.
    """

    field: str
    terms: Terms
    scores: Scores
    held: bool
    idf: float
    boost: float

    def boosted(self, factor: float) -> Word:
        """Return the word with its score multiplied."""
        scores = {i: score * factor for i, score in self.scores.items()}
        return replace(self, scores=scores, boost=self.boost * factor)


Listed = list[tuple[int, Word]]
"""The words of a query that take part in the second stage, each with its position in the query."""


class WordScorer:
    """Scores words and phrases in a field by a ranking."""

    def __init__(self, corpus: Corpus, bm25: Bm25, analyzer: Analyzer, ranking: Ranking) -> None:
        self._corpus = corpus
        self._bm25 = bm25
        self._analyzer = analyzer
        self._ranking = ranking
        self._words: dict[tuple[Terms, str], Word] = {}
        self._similar: dict[tuple[object, ...], Scores] = {}

    def word(self, terms: Terms, field: str) -> Word:
        """Return a word on all its levels."""
        if (terms, field) not in self._words:
            self._words[terms, field] = self.look_up(terms, field)
        return self._words[terms, field]

    def look_up(self, terms: Terms, field: str) -> Word:
        lemmas, ranking = self._analyzer.lemma_expander, self._ranking
        boost = lemmas.rarity(terms.surface) ** ranking.rarity
        if terms.spelling and is_another_word(terms.spelling):  # علي is not على
            own = either([self.spelled(form, field) for form in with_clitics(terms.spelling)])
            related = dict.fromkeys(lemmas.related_stems(terms.surface, terms.stem), 1.0)
            levels = [
                (ranking.lemma, either([own, self._corpus.frequencies(field, "stem", related)])),
                (ranking.stem, own),
                (ranking.surface, self._corpus.spelled_frequencies(field, terms)),
            ]
        else:
            related = lemmas.related_stems(terms.surface, terms.stem)
            covered = dict.fromkeys((terms.stem, *related), 1.0)
            # Where nothing else matches, what is typed is no more than a preference.
            spelled = terms if ranking.lemma or ranking.stem else unspelled(terms)
            levels = [
                (ranking.lemma, self._corpus.frequencies(field, "stem", covered)),
                (ranking.stem, self._corpus.frequencies(field, "stem", {terms.stem: 1.0})),
                (ranking.surface, self._corpus.spelled_frequencies(field, spelled)),
            ]
        found = [(weight * boost, frequencies) for weight, frequencies in levels if weight]
        widest = found[0][1]
        assert all(frequencies.keys() <= widest.keys() for _weight, frequencies in found)
        scores = either([self._bm25.score(frequencies, weight) for weight, frequencies in found])
        return Word(field, terms, scores, bool(widest), self._bm25.idf(len(widest)), boost)

    def spelled(self, written: str, field: str) -> Frequencies:
        """Count the occurrences of a form that say nothing else than what is written."""
        (wanted,) = as_written(self._analyzer, written)
        return self._corpus.spelled_frequencies(field, wanted)

    def phrase(
        self,
        wanted: Sequence[Terms],
        field: str,
        slop: int,
        levels: list[tuple[str, float]],
        *,
        ordered: bool = True,
    ) -> Scores:
        """Return the scores of a phrase: its idf is the sum of those of its stems."""
        stems = [self._corpus.frequencies(field, "stem", {terms.stem: 1.0}) for terms in wanted]
        idf = sum(self._bm25.idf(len(frequencies)) for frequencies in stems)
        return either([
            self._bm25.score(self._corpus.phrase_frequencies(field, level, wanted, slop, ordered), weight, idf)
            for level, weight in levels
            if weight
        ])  # fmt: skip

    def any_spelling(
        self,
        wanted: Sequence[Terms],
        field: str,
        slop: int,
        levels: list[tuple[str, float]],
        words: Listed,
        *,
        ordered: bool,
    ) -> Scores:
        """Return the scores of a phrase as it is written in other ways.

        Its particles are joined and apart, and the stem of its first word keeps a proclitic.
        """
        surfaces = [terms.surface for terms in wanted]
        joined = joined_particles(surfaces)
        apart = separate_particles(surfaces, self._analyzer.protected_words)
        members = [self.phrase(wanted, field, slop, levels, ordered=ordered)]
        for each in (joined, apart):
            terms = self._analyzer.terms(" ".join(each))
            if each != surfaces and len(terms) > 1:
                members.append(self.phrase(terms, field, slop, levels, ordered=ordered))
            elif each != surfaces:
                word = self.word(terms[0], field)
                words.append((0, word))
                members.append(word.scores)
        first, *others = wanted
        if first.stem == first.surface:
            for stem in self._analyzer.lemma_expander.stems_with_kept_clitics(first.surface):
                kept = [first._replace(surface="", stem=stem), *others]  # not the form as typed
                members.append(self.phrase(kept, field, slop, levels, ordered=ordered))
        return either(members)

    def surfaces(self, shares: Mapping[str, float], field: str) -> Scores:
        return self._bm25.score(self._corpus.frequencies(field, "surface", shares), 1.0)

    # What stands for a word: synonyms, and words that look like one that no document holds.

    def expanded(self, word: Word, entries: Sequence[SynonymEntry]) -> Word:
        """Return a word with the scores of its synonyms added to its own."""
        synonyms = [
            {
                i: self._ranking.synonym * score
                for i, score in self.synonym(entry, word.field).items()
            }
            for entry in entries
        ]
        return replace(word, scores=either([word.scores, *synonyms]))

    def synonym(self, entry: SynonymEntry, field: str) -> Scores:
        words = self._analyzer.terms(" ".join(entry.words))
        if len(words) > 1:
            return self.phrase(words, field, 0, [("surface" if entry.exact else "stem", 1.0)])
        (terms,) = words
        if entry.exact:
            return self.surfaces({terms.surface: 1.0}, field)
        if entry.is_name:
            forms = dict.fromkeys(with_clitics(terms.surface), 1.0)
            frequencies = self._corpus.frequencies(field, "surface", forms)
            return self._bm25.score(frequencies, self.weight_of_all_levels())
        return self.word(terms, field).scores

    def weight_of_all_levels(self) -> float:
        return self._ranking.lemma + self._ranking.stem + self._ranking.surface

    def similar(self, word: Word, weight: float, idf: float | None) -> Scores:
        """Return what documents score by the stems that look like that of a word."""
        stem, field = word.terms.stem, word.field
        key = (stem, field, weight, idf)
        if key not in self._similar:
            stems = self.similar_stems(stem, field)
            frequencies = self._corpus.frequencies(field, "stem", stems)
            self._similar[key] = self._bm25.score(frequencies, weight, idf)
        return self._similar[key]

    def similar_stems(self, stem: str, field: str) -> dict[str, float]:
        if not stem.isalpha():
            return {}
        others = self._corpus.vocabulary(field, "stem") - {stem}
        likeness = {other: dice(stem, other) for other in others}
        ranked = sorted(others, key=lambda other: (-likeness[other], other))
        return {
            other: likeness[other]
            for other in ranked[: self._ranking.most_similar]
            if likeness[other] >= self._ranking.least_likeness
        }

    def stem_idf(self, terms: Terms, name: str) -> float:
        return self._bm25.idf(len(self._corpus.frequencies(name, "stem", {terms.stem: 1.0})))


def unspelled(terms: Terms) -> Terms:
    """Return a word that nothing is asked of but its surface form."""
    return terms._replace(spelling=None)


def with_clitics(surface: str) -> set[str]:
    """Return a name as it may be written, alone or with particles and the article."""
    bare = surface.removeprefix("ال")
    particles = ("", "و", "ف", "ب", "ك", "ل")
    forms = {particle + form for form in (surface, "ال" + bare) for particle in particles}
    return forms | {"لل" + bare, "ولل" + bare, "وبال" + bare}
