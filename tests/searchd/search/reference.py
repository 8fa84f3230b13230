"""The ranking once more, as plainly as it can be written: what the engine is compared with.

It reads each document one by one, walks the tree of a query, and scores by the formulas of
`docs/ranking.md` in double precision. It knows no postings, arrays or segments, and shares no code
with the engine but the analysis of texts, the synonyms, the parser of queries, and the numbers in
the fields of a `Ranking`.

Read it from the top: `search` has the two stages, `scores` what each kind of query matches. The
levels of one word are in `reference_words`, the formula of BM25 in `reference_bm25`, what the second
stage adds in `reference_rescorer`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter, itemgetter

from analyzers import Analyzer, fold
from analyzers.analyzer import Terms
from analyzers.stemming.stopwords import is_function_word, is_noun_too
from analyzers.synonyms import SynonymEntry, Synonyms
from indexer.document import Document
from indexer.fields import FieldMap, FieldType
from searchd.query import (
    And,
    Boost,
    Clauses,
    Comparison,
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
    Range,
    Wildcard,
    parse,
)
from searchd.ranking import Ranking
from tests.searchd.search.reference_bm25 import Bm25, Scores, either, every, significant
from tests.searchd.search.reference_columns import Columns
from tests.searchd.search.reference_corpus import Corpus, as_written, levenshtein
from tests.searchd.search.reference_rescorer import Rescorer
from tests.searchd.search.reference_words import Listed, WordScorer, unspelled


@dataclass(frozen=True)
class Typed:
    """A word of a query: where it begins, its terms, how it is written, and its boost.

    `part` tells whether it is one of several words that analysis made of what is written.
    """

    position: int
    terms: Terms
    written: str
    part: bool
    boost: float = 1.0


class Reference:
    """Searches documents by id, which come in the order of the index."""

    def __init__(
        self,
        documents: Mapping[str, Document],
        fields: FieldMap,
        analyzer: Analyzer,
        ranking: Ranking,
        synonyms: Synonyms,
    ) -> None:
        texts = [spec.name for spec in fields.extra if spec.type == FieldType.TEXT]
        self.ids = list(documents)
        self.columns = Columns(documents, fields)
        self._corpus = Corpus(documents, analyzer, texts, ranking.title_weight)
        self._bm25 = Bm25(self._corpus, ranking)
        self._scorer = WordScorer(self._corpus, self._bm25, analyzer, ranking)
        self._rescorer = Rescorer(self._corpus, self._bm25, self._scorer, ranking)
        self._types = dict.fromkeys(["title", "text", *texts], FieldType.TEXT) | self.columns.types
        self._analyzer = analyzer
        self._ranking = ranking
        self._synonyms = synonyms

    def search(self, query: str, filters: Sequence[str] = (), *, rescore: bool = True) -> Scores:
        """Return the score of every document that matches and passes all filters.

        The second stage is for results in the order of their scores; leave `rescore` out for others.
        """
        listed: Listed = []
        tree = parse(query, self._types)
        self._common: list[tuple[str, Terms, float]] = []
        self._text: list[tuple[str, float]] = []
        scores = self.scores(tree, "", listed)
        if not all(
            clause.occur is Occur.SHOULD and isinstance(clause.node, FreeText)
            for clause in tree.clauses
        ):
            self._text = []
        scores = {
            i: score
            for i, score in scores.items()
            if all(self.columns.passes(i, condition) for condition in filters)
        }
        words = [word for _place, word in sorted(listed, key=itemgetter(0))]
        words = words[: self._ranking.most_rescored_terms]
        text = self._text if len(self._text) <= self._ranking.most_rescored_terms else []
        rescorer = self._rescorer
        if rescore and (len(words) + len(self._common) > 1 or len(text) > 1):
            for i in self.best(scores)[: self._ranking.candidates]:
                scores[i] += rescorer.similar_bonus(i, words) + rescorer.near_bonus(i, words)
                scores[i] += rescorer.common_bonus(i, self._common) + rescorer.text_bonus(i, text)
        return scores

    def best(self, scores: Scores) -> list[str]:
        """Return the documents by score; those that tie in the order of the index."""
        return sorted((i for i in self.ids if i in scores), key=lambda i: -significant(scores[i]))

    # What a query matches.

    def scores(self, node: Node, field: str, words: Listed) -> Scores:
        """Return the score of every document that matches a node; add its words to `words`."""
        if field in self.columns.types and isinstance(node, FreeText | Phrase | Exact):
            return {i: 0.0 for i in self.ids if self.columns.passes(i, f"{field}={node.text}")}
        match node:
            case Clauses():
                return self.clauses(node, field, words)
            case And(nodes):
                return every([self.operand(each, field, words) for each in nodes])
            case Or(nodes):
                return either([self.operand(each, field, words) for each in nodes])
            case Not(inner):
                excluded = self.excluded(inner, field)
                return {i: 0.0 for i in self.ids if i not in excluded}
            case Field(name, inner):
                return self.operand(inner, name, words)
            case MatchAll():
                held = self.columns.values if field in self.columns.types else self._corpus.words
                return {i: 0.0 for i in self.ids if not field or held(i, field)}
            case Comparison(operator, text):
                condition = f"{field}{operator}{text}"
                return {i: 0.0 for i in self.ids if self.columns.passes(i, condition)}
            case Range(lower, upper):
                conditions = [
                    f"{field}{sign}{'=' * end.inclusive}{end.text}"
                    for sign, end in ((">", lower), ("<", upper))
                    if end
                ]
                return {
                    i: 0.0
                    for i in self.ids
                    if self.columns.values(i, field)
                    and all(self.columns.passes(i, each) for each in conditions)
                }
            case Boost(inner, factor):
                found: Listed = []
                before = len(self._common)
                scores = self.operand(inner, field, found)
                self._common[before:] = [
                    (name, terms, boost * factor) for name, terms, boost in self._common[before:]
                ]
                words += [(place, word.boosted(factor)) for place, word in found]
                return {i: score * factor for i, score in scores.items()}
            case FreeText():
                return self.operand(node, field, words)
            case Phrase(text, _, slop, ordered):
                wanted = as_written(self._analyzer, text, exact=False)
                if len(wanted) == 1:
                    return self.operand(FreeText(text, node.position), field, words)
                by_stem = self._ranking.lemma + self._ranking.stem
                if not by_stem:
                    wanted = list(map(unspelled, wanted))
                levels = [("stem", by_stem), ("surface", self._ranking.surface)]
                alone: Listed = []
                scores = self._scorer.any_spelling(
                    wanted, field, slop, levels, alone, ordered=ordered
                )
                words += [(node.position, word) for _place, word in alone]
                return scores
            case Exact(text, _, slop, ordered):
                wanted = as_written(self._analyzer, text)
                if len(wanted) == 1:
                    return self._bm25.score(self._corpus.spelled_frequencies(field, wanted[0]), 1.0)
                return self._scorer.phrase(wanted, field, slop, [("surface", 1.0)], ordered=ordered)
            case Wildcard(text):
                parts = [part for part in re.split(r"([*?])", text) if part]
                signs = {"*": ".*", "?": "."}
                pattern = "".join(signs.get(part) or re.escape(fold(part)) for part in parts)
                found = re.compile(pattern, re.DOTALL).fullmatch
                terms = filter(found, self._corpus.vocabulary(field, "surface"))
                return self._scorer.surfaces(dict.fromkeys(terms, 1.0), field)
            case Fuzzy(text, _, distance):
                typed = [terms.surface for terms in self._analyzer.terms(text)]
                near = {
                    surface: self._ranking.variant
                    for surface in self._corpus.vocabulary(field, "surface")
                    if any(levenshtein(surface, word) <= distance for word in typed)
                }
                return self._scorer.surfaces(near | dict.fromkeys(typed, 1.0), field)

    def operand(self, node: Node, field: str, words: Listed) -> Scores:
        """Return the documents with every word of what an operator needs."""
        if isinstance(node, FreeText) and field not in self.columns.types:
            found = []
            for _position, same in groupby(self.typed(node), attrgetter("position")):
                first, *others = same
                if others:
                    found.append(self.written_phrase([first, *others], field))
                else:
                    word = self._scorer.word(first.terms, field)
                    words.append((first.position, word))
                    found.append(word.scores)
            return every(found)
        return self.scores(node, field, words)

    def excluded(self, node: Node, field: str) -> Scores:
        """Return the documents of what must not match; its words add to no score."""
        common = list(self._common)
        found = self.operand(node, field, [])
        self._common = common
        return found

    def typed(self, node: FreeText) -> list[Typed]:
        """Return the words of a text."""
        tokens = self._analyzer.analyze(node.text)
        words = as_written(self._analyzer, node.text, exact=False)
        starts = [token.start for token in tokens]
        return [
            Typed(
                node.position + token.start,
                terms,
                node.text[token.start : token.end] if starts.count(token.start) == 1
                else token.surface,
                starts.count(token.start) > 1,
            )
            for token, terms in zip(tokens, words, strict=True)
        ]  # fmt: skip

    def written_phrase(self, words: Sequence[Typed], field: str) -> Scores:
        """Return the scores of the phrase of the parts of one written word."""
        by_stem = self._ranking.lemma + self._ranking.stem
        levels = [("stem", by_stem), ("surface", self._ranking.surface)]
        return self._scorer.phrase([word.terms for word in words], field, 0, levels)

    def clauses(self, node: Clauses, field: str, words: Listed) -> Scores:
        """Return the documents with what must match and without what must not.

        Where nothing must match, one of the other members has to.
        """
        should: list[Scores] = []
        must: list[Scores] = []
        must_not: list[Scores] = []
        plain: list[Typed] = []
        for clause in node.clauses:
            inner, factor = clause.node, 1.0
            if isinstance(inner, Boost):
                inner, factor = inner.node, inner.factor
            if clause.occur is Occur.MUST:
                must.append(self.operand(clause.node, field, words))
            elif clause.occur is Occur.MUST_NOT:
                must_not.append(self.excluded(clause.node, field))
            elif isinstance(inner, FreeText) and field not in self.columns.types:
                plain += [replace(word, boost=factor) for word in self.typed(inner)]
            else:
                should.append(self.scores(clause.node, field, words))
        should += self.plain_words(plain, field, words, alone=not should and not must)
        if must:
            added = either(should)
            result = {i: score + added.get(i, 0.0) for i, score in every(must).items()}
        elif should:
            result = either(should)
            power = self._ranking.coordination if len(should) == 2 else 0.0
            for i in result:
                result[i] *= (sum(i in each for each in should) / len(should)) ** power
        else:
            result = dict.fromkeys(self.ids, 0.0) if must_not else {}
        return {i: score for i, score in result.items() if i not in either(must_not)}

    # Words of which any may match.

    def plain_words(
        self, typed: Sequence[Typed], field: str, words: Listed, *, alone: bool
    ) -> list[Scores]:
        """Return the scores of each word; function words choose nothing where there is anything else.

        Where documents hold one of them, one that no document holds is searched by words like it.
        """
        typed = [part for word in typed for part in self.parts(word, field)]
        telling = [n for n in range(len(typed)) if self.is_content(typed, n)]
        certain = [n for n in telling if not is_noun_too(typed[n].written)]
        if len(certain) >= 3:
            telling = certain
        if alone and not telling:
            telling = list(range(len(typed)))
        phrases, inside = [], set()
        for _position, group in groupby(enumerate(typed), lambda each: each[1].position):
            numbers, parts = zip(*group, strict=True)
            if parts[0].part and len(set(numbers).intersection(telling)) > 1:
                scores = self.written_phrase(parts, field)
                if scores:
                    boost = parts[0].boost
                    phrases.append({i: boost * score for i, score in scores.items()})
                    inside.update(numbers)
        found = {n: self._scorer.word(typed[n].terms, field) for n in telling if n not in inside}
        for start, end, entries in self.expansions([word.terms for word in typed]):
            first = next((n for n in telling if start <= n < end), None)
            if first is not None and first not in inside:
                found[first] = self._scorer.expanded(found[first], entries)
        some = bool(phrases) or any(word.scores for word in found.values())
        scores = []
        for n, unboosted in found.items():
            word = unboosted.boosted(typed[n].boost)
            if word.scores or not some or not self._ranking.similar:
                words.append((typed[n].position, word))
                scores.append(word.scores)
            else:
                widest = max(self._ranking.lemma, self._ranking.stem, self._ranking.surface)
                scores.append(self._scorer.similar(word, widest * word.boost, None))
        name = field or "text"
        for n, word in enumerate(typed):
            if n not in found and n not in inside:
                self._common.append((name, word.terms, word.boost))
            boosted = found[n].boost * found[n].idf if n in found else None
            self._text.append((word.terms.stem, boosted or self._scorer.stem_idf(word.terms, name)))
        return [*scores, *phrases]

    def is_content(self, typed: Sequence[Typed], n: int) -> bool:
        """Tell whether a word of a query is no function word, or a letter beside another."""
        beside = (*typed[max(n - 1, 0) : n], *typed[n + 1 : n + 2])
        letter = len(typed[n].terms.surface) == 1
        if letter and any(len(word.terms.surface) == 1 for word in beside):
            return True
        return not is_function_word(typed[n].written)

    def parts(self, typed: Typed, field: str) -> list[Typed]:
        """Return a word, or the two it is made of where documents hold only those, as written."""
        terms = typed.terms
        if typed.part or is_function_word(typed.written) or self._scorer.word(terms, field).scores:
            return [typed]
        known = self._corpus.vocabulary(field, "surface")
        for at in joints(terms.surface):
            both = self._analyzer.terms(f"{terms.surface[:at]} {terms.surface[at:]}")
            if all(part.surface in known for part in both):
                return [replace(typed, terms=part) for part in both]
        return [typed]

    def expansions(
        self, words: Sequence[Terms]
    ) -> Iterator[tuple[int, int, Sequence[SynonymEntry]]]:
        """Yield from where to where words have synonyms, and those, from left to right."""
        start = 0
        while start < len(words) and self._ranking.synonym:
            found = self._synonyms.longest_match(words, start, self._analyzer)
            end = start + (found.length if found else 1)
            if found:
                yield start, end, found.alternatives
            start = end


def joints(surface: str) -> list[int]:
    """Return where a space may be missing in a word: before the article, after some letters."""
    offsets = range(4, len(surface) - 3)
    before_article = [at for at in offsets if surface[at : at + 2] == "ال"]
    return before_article + [
        at for at in offsets if at not in before_article and surface[at - 1] in "ادذرزو"
    ]
