"""A second implementation of search that reads each document, one by one.

It knows no postings, positions, arrays or segments: it analyses the documents, walks the tree of a
query for each of them, and scores by the formulas as they are written down.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from operator import itemgetter

from analyzers import Analyzer, is_stopword
from analyzers.analyzer import Terms
from analyzers.normalization.folding import fold
from indexer.document import Document
from indexer.fields import DEFAULT_TITLE_WEIGHT as TITLE_WEIGHT
from indexer.segment.columns import fold_keyword
from searchd.query import (
    And,
    Clauses,
    Exact,
    Field,
    FreeText,
    Fuzzy,
    MatchAll,
    Node,
    Not,
    Occur,
    Or,
    Phrase,
    Wildcard,
    parse,
)
from searchd.ranking import Ranking

NAMES = {"title", "text", "date", "section", "note"}

K1, B = 1.2, 0.75
VARIANT_FACTOR = 0.5
LEAST_LIKENESS, MOST_SIMILAR = 0.4, 10
CANDIDATES, NEAR, MOST_REFINED = 100, 5, 32

Scores = dict[str, float]
Run = tuple[float, Sequence[Terms]]
Count = Callable[[Sequence[Terms]], float]


@dataclass(frozen=True)
class Word:
    """A word of a query: whom it scores, the idf of its widest level, its worth beside others."""

    field: str
    terms: Terms
    scores: Scores
    idf: float
    boost: float


Listed = list[tuple[int, Word]]
"""The words of a query, each with its place in it."""


@dataclass(frozen=True)
class Reference:
    """Documents by id, in the order of the index, and the weights of a ranking."""

    documents: Mapping[str, Document]
    analyzer: Analyzer
    ranking: Ranking
    _found: dict[object, object] = field(default_factory=dict)

    def search(self, query: str) -> Scores:
        """Return the score of every document that matches, after both stages."""
        found: Listed = []
        scores = self.scores(parse(query, NAMES), "", found)
        words = [word for _place, word in sorted(found, key=itemgetter(0))]
        if len(words) > 1 and (self.ranking.similar or self.ranking.near):
            for i in self.best(scores)[:CANDIDATES]:
                scores[i] += self.similar_bonus(i, words) + self.near_bonus(i, words)
        return scores

    def best(self, scores: Scores) -> list[str]:
        """Return the documents by score; those that tie in the order of the index."""
        return sorted(
            (i for i in self.documents if i in scores), key=lambda i: -significant(scores[i])
        )

    def scores(self, node: Node, field: str, words: Listed) -> Scores:
        """Return the score of every document that matches a node; add its words to `words`."""
        if field == "section" and isinstance(node, FreeText | Phrase | Exact):
            return self.section(node.text)
        match node:
            case Clauses():
                return self.clauses(node, field, words)
            case And(nodes):
                return every([self.operand(each, field, words) for each in nodes])
            case Or(nodes):
                return either([self.operand(each, field, words) for each in nodes])
            case Not(inner):
                excluded = self.operand(inner, field, [])
                return {i: 0.0 for i in self.documents if i not in excluded}
            case Field(name, inner):
                return self.operand(inner, name, words)
            case MatchAll():
                return dict.fromkeys(self.documents, 0.0)
            case FreeText():
                return self.operand(node, field, words)
            case Phrase(text, _, slop):
                wanted = self.analyzer.terms(text)
                if len(wanted) == 1:
                    return self.operand(FreeText(text, node.position), field, words)
                by_stem = self.ranking.lemma + self.ranking.stem
                levels = [("stem", by_stem), ("surface", self.ranking.surface)]
                return self.phrase(wanted, field, slop, levels)
            case Exact(text):
                wanted = self.analyzer.terms(text)
                if len(wanted) == 1:
                    return self.surfaces({wanted[0].surface: 1.0}, field)
                return self.phrase(wanted, field, 0, [("surface", 1.0)])
            case Wildcard(text):
                expression = re.compile(
                    "".join({"*": ".*", "?": "."}.get(part) or re.escape(fold(part))
                    for part in re.split(r"([*?])", text) if part), re.DOTALL
                )  # fmt: skip
                found = filter(expression.fullmatch, self.vocabulary("surface", field))
                return self.surfaces(dict.fromkeys(found, 1.0), field)
            case Fuzzy(text, _, distance):
                (typed,) = self.analyzer.terms(text)
                near = {
                    word: VARIANT_FACTOR
                    for word in self.vocabulary("surface", field)
                    if levenshtein(word, typed.surface) <= distance
                }
                return self.surfaces(near | {typed.surface: 1.0}, field)

    def operand(self, node: Node, field: str, words: Listed) -> Scores:
        """Return the documents with every word of what an operator needs."""
        if isinstance(node, FreeText) and field != "section":
            wanted = [(place, self.word(terms, field)) for place, terms in self.typed(node)]
            words += wanted
            return every([word.scores for _place, word in wanted])
        return self.scores(node, field, words)

    def typed(self, node: FreeText) -> list[tuple[int, Terms]]:
        """Return the words of a text with their places in the query."""
        return [
            (node.position + token.start, Terms(token.surface, token.stem))
            for token in self.analyzer.analyze(node.text)
        ]

    def clauses(self, node: Clauses, field: str, words: Listed) -> Scores:
        should, must, must_not, plain = [], [], [], []
        for clause in node.clauses:
            if clause.occur is Occur.MUST:
                must.append(self.operand(clause.node, field, words))
            elif clause.occur is Occur.MUST_NOT:
                must_not.append(self.operand(clause.node, field, []))
            elif isinstance(clause.node, FreeText) and field != "section":
                plain += [
                    (place, part)
                    for place, terms in self.typed(clause.node)
                    for part in self.parts(terms, field)
                ]
            else:
                should.append(self.scores(clause.node, field, words))
        telling = [(place, terms) for place, terms in plain if not is_stopword(terms.surface)]
        telling = telling if telling or should or must else plain
        should += self.plain_words(telling, field, words)
        if must:
            added = either(should)
            result = {i: score + added.get(i, 0.0) for i, score in every(must).items()}
        elif should:
            result = either(should)
            power = 0.25 if len(should) == 2 else 0.0
            for i in result:
                result[i] *= (sum(i in each for each in should) / len(should)) ** power
        else:
            result = dict.fromkeys(self.documents, 0.0) if must_not else {}
        return {i: score for i, score in result.items() if i not in either(must_not)}

    def parts(self, terms: Terms, field: str) -> list[Terms]:
        """Return a word, or the two it is made of where documents hold only those, as written."""
        known = self.vocabulary("surface", field)
        for at in [] if self.word(terms, field).scores else joints(terms.surface):
            both = self.analyzer.terms(f"{terms.surface[:at]} {terms.surface[at:]}")
            if all(part.surface in known for part in both):
                return both
        return [terms]

    def plain_words(
        self, wanted: Sequence[tuple[int, Terms]], field: str, words: Listed
    ) -> list[Scores]:
        """Return the scores of words of which any may match.

        Where documents hold one of them, one that no document holds is searched by words like it.
        """
        found = [(place, self.word(terms, field)) for place, terms in wanted]
        some = any(word.scores for _place, word in found)
        scores = []
        for place, word in found:
            if word.scores or not some or not self.ranking.similar:
                words.append((place, word))
                scores.append(word.scores)
            else:
                widest = max(weight for _level, weight in self.ranking.levels)
                scores.append(self.similar(word, widest * word.boost, None))
        return scores

    def section(self, value: str) -> Scores:
        found = {}
        for i, document in self.documents.items():
            value_here = document.fields.get("section", ())
            keywords = (value_here,) if isinstance(value_here, str) else value_here
            if fold_keyword(value) in map(fold_keyword, keywords):
                found[i] = 0.0
        return found

    @cached_property
    def analyzed(self) -> dict[str, dict[str, Run]]:
        """The stretches of words of each document by field, and what a word of each counts."""
        return {
            i: {
                "title": (float(TITLE_WEIGHT), self.analyzer.terms(document.title)),
                "text": (1.0, self.analyzer.terms(document.text)),
                "note": (1.0, self.analyzer.terms(str(document.fields.get("note", "")))),
            }
            for i, document in self.documents.items()
        }

    def runs(self, i: str, field: str) -> list[Run]:
        return [self.analyzed[i][name] for name in ([field] if field else ["title", "text"])]

    def vocabulary(self, level: str, field: str) -> set[str]:
        return {
            getattr(terms, level)
            for i in self.documents
            for _weight, run in self.runs(i, field)
            for terms in run
        }

    def word(self, terms: Terms, field: str) -> Word:
        key = (terms, field)
        if key not in self._found:
            self._found[key] = self.look_up(terms, field)
        return self._found[key]  # type: ignore[return-value]

    def look_up(self, terms: Terms, field: str) -> Word:
        lemma_expander, ranking = self.analyzer.lemma_expander, self.ranking
        boost = lemma_expander.rarity(terms.surface) ** ranking.rarity
        variants = {
            word: VARIANT_FACTOR
            for word in self.vocabulary("surface", field)
            if re.fullmatch("[a-z]{2,}", terms.surface)
            and re.fullmatch(re.escape(terms.surface) + r"\d+", word)
        }
        if variants:
            weight = ranking.lemma + ranking.stem + ranking.surface
            counted = {terms.surface: 1.0, **variants}
            levels = [(weight, counter("surface", counted))]
        else:
            related_stems = lemma_expander.related_stems(terms.surface, terms.stem)
            stems = dict.fromkeys((terms.stem, *related_stems), 1.0)
            levels = [
                (ranking.lemma, counter("stem", stems)),
                (ranking.stem, counter("stem", {terms.stem: 1.0})),
                (ranking.surface, counter("surface", {terms.surface: 1.0})),
            ]
        levels = [(weight * boost, count) for weight, count in levels if weight]
        idf = self.idf(len(self.counts(levels[0][1], field)))
        return Word(field, terms, self.levels(field, levels), idf, boost)

    def phrase(
        self, wanted: Sequence[Terms], field: str, slop: int, levels: list[tuple[str, float]]
    ) -> Scores:
        idf = sum(
            self.idf(len(self.counts(counter("stem", {terms.stem: 1.0}), field)))
            for terms in wanted
        )
        counts = [
            (weight, lambda run, level=level: in_a_row(run, wanted, level, slop))
            for level, weight in levels
            if weight
        ]
        return self.levels(field, counts, idf)

    def surfaces(self, counted: Mapping[str, float], field: str) -> Scores:
        return self.levels(field, [(1.0, counter("surface", counted))])

    def similar(self, word: Word, weight: float, idf: float | None) -> Scores:
        """Return what documents score by the stems that look like that of a word."""
        likeness = self.similar_stems(word.terms.stem, word.field)
        return self.levels(word.field, [(weight, counter("stem", likeness))], idf)

    def similar_stems(self, stem: str, field: str) -> dict[str, float]:
        if not stem.isalpha():
            return {}
        found = {other: dice(stem, other) for other in self.vocabulary("stem", field) - {stem}}
        ranked = sorted(found, key=lambda other: (-found[other], other))
        return {
            other: found[other] for other in ranked[:MOST_SIMILAR] if found[other] >= LEAST_LIKENESS
        }

    def similar_bonus(self, i: str, words: Sequence[Word]) -> float:
        bonus = 0.0
        for word in words[:MOST_REFINED]:
            if self.ranking.similar and word.scores and i not in word.scores:
                key = ("similar", word.terms.stem, word.field, word.boost, word.idf)
                if key not in self._found:
                    weight = self.ranking.similar * word.boost
                    self._found[key] = self.similar(word, weight, word.idf)
                bonus += self._found[key].get(i, 0.0)  # type: ignore[attr-defined]
        return bonus

    def near_bonus(self, i: str, words: Sequence[Word]) -> float:
        bonus = 0.0
        for first, second in pairwise(words[:MOST_REFINED]):
            names = [word.field or "text" for word in (first, second)]
            if names[0] != names[1] or first.terms.stem == second.terms.stem:
                continue
            _weight, run = self.analyzed[i][names[0]]
            frequency = sum(
                abs(place - other) <= NEAR
                for place, here in enumerate(run)
                for other, there in enumerate(run)
                if here.stem == first.terms.stem and there.stem == second.terms.stem
            )
            idf = min(first.boost * first.idf, second.boost * second.idf)
            bonus += self.ranking.near * idf * self.saturation(i, frequency)
        return bonus

    def counts(self, count: Count, field: str) -> dict[str, float]:
        """Return how often something stands in each document that holds it."""
        found = {
            i: sum(weight * count(run) for weight, run in self.runs(i, field))
            for i in self.documents
        }
        return {i: frequency for i, frequency in found.items() if frequency}

    def levels(
        self, field: str, levels: Sequence[tuple[float, Count]], idf: float | None = None
    ) -> Scores:
        """Sum the scores of levels, of which the first one says who matches."""
        total: Scores = {}
        for number, (weight, count) in enumerate(levels):
            found = self.counts(count, field)
            rarity = self.idf(len(found)) if idf is None else idf
            for i, frequency in found.items():
                assert number == 0 or i in total
                total[i] = total.get(i, 0.0) + weight * rarity * self.saturation(i, frequency)
        return total

    def idf(self, holders: int) -> float:
        return math.log(1 + (len(self.documents) - holders + 0.5) / (holders + 0.5))

    @cached_property
    def mean_length(self) -> float:
        return sum(map(self.length, self.documents)) / len(self.documents)

    def length(self, i: str) -> float:
        return sum(weight * len(run) for weight, run in self.runs(i, ""))

    def saturation(self, i: str, frequency: float) -> float:
        norm = 1 - B + B * self.length(i) / self.mean_length
        return frequency / (frequency + K1 * norm)


def significant(score: float) -> float:
    """Return a score without the digits in which equal ones may differ."""
    return float(f"{score:.9e}")


def counter(level: str, counted: Mapping[str, float]) -> Count:
    return lambda run: sum(counted.get(getattr(terms, level), 0.0) for terms in run)


def joints(surface: str) -> list[int]:
    """Return where a space may be missing in a word: before the article, behind some letters."""
    places = range(4, len(surface) - 3)
    before_article = [at for at in places if surface[at : at + 2] == "ال"]
    return before_article + [
        at for at in places if at not in before_article and surface[at - 1] in "ادذرزو"
    ]


def dice(first: str, second: str) -> float:
    """Return Dice's coefficient of the sets of letter trigrams of two words and their edges."""
    trigrams = [
        {word[place - 1 : place + 2] for place in range(1, len(word) - 1)}
        for word in (f"<{first}>", f"<{second}>")
    ]
    return 2 * len(trigrams[0] & trigrams[1]) / (len(trigrams[0]) + len(trigrams[1]))


def in_a_row(run: Sequence[Terms], words: Sequence[Terms], level: str, slop: int) -> int:
    """Count the places of a stretch from which the words follow in order, near enough."""
    here = [getattr(terms, level) for terms in run]
    wanted = [getattr(terms, level) for terms in words]

    def ends(place: int, rest: Sequence[str]) -> list[int]:
        if not rest:
            return [place]
        nexts = [at for at in range(place + 1, len(here)) if here[at] == rest[0]]
        return [end for at in nexts for end in ends(at, rest[1:])]

    return sum(
        any(end - start <= len(wanted) - 1 + slop for end in ends(start, wanted[1:]))
        for start in range(len(here))
        if here[start] == wanted[0]
    )


def every(members: Sequence[Scores]) -> Scores:
    first, *others = members
    return {
        i: score + sum(other[i] for other in others)
        for i, score in first.items()
        if all(i in other for other in others)
    }


def either(members: Sequence[Scores]) -> Scores:
    total: Scores = {}
    for member in members:
        for i, score in member.items():
            total[i] = total.get(i, 0.0) + score
    return total


def levenshtein(a: str, b: str) -> int:
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, start=1):
        before, row[0] = row[0], i
        for j, right in enumerate(b, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (left != right))
    return row[-1]
