"""Every search against a second implementation that reads each document, one by one.

The reference knows no postings, positions or segments: it analyses the documents, walks the tree
of a query for each of them, and scores by the formulas as they are written down.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import pytest

from analyzers import Analyzer, is_stopword
from analyzers.analysis import Terms
from analyzers.characters import fold
from indexer.document import Document
from indexer.fields import FieldMap, FieldSpec
from indexer.segment.values import TITLE_WEIGHT, fold_keyword
from indexer.writer import IndexWriter
from searchd.engine import Engine
from searchd.execution.bm25 import K1, B
from searchd.execution.planner import coordination
from searchd.execution.vocabulary import VARIANT_FACTOR
from searchd.query import (
    All,
    And,
    Clauses,
    Exact,
    Field,
    Fuzzy,
    Node,
    Not,
    Occur,
    Or,
    Pattern,
    Phrase,
    Words,
    parse,
)
from searchd.ranking import GRADED, STEM_ONLY, SURFACE_ONLY, Ranking

FIELDS = FieldMap(extra=(FieldSpec("section"),))
NAMES = {"title", "text", "date", "section"}

Scores = dict[str, float]
Run = tuple[float, Sequence[Terms]]


@dataclass(frozen=True)
class Reference:
    """Documents by id, and the weights of the levels."""

    documents: Mapping[str, Document]
    analyzer: Analyzer
    ranking: Ranking

    @cached_property
    def analyzed(self) -> dict[str, tuple[Run, Run]]:
        """The stretches of words of each document: its title and its text."""
        return {
            i: (
                (float(TITLE_WEIGHT), self.analyzer.terms(document.title)),
                (1.0, self.analyzer.terms(document.text)),
            )
            for i, document in self.documents.items()
        }

    @cached_property
    def mean_length(self) -> float:
        return sum(map(self.length, self.documents.values())) / len(self.documents)

    def search(self, query: str) -> Scores:
        return self.scores(parse(query, NAMES), "")

    def scores(self, node: Node, field: str) -> Scores:
        """Return the score of every document that matches a node."""
        if field == "section" and isinstance(node, Words | Phrase | Exact):
            return self.section(node.text)
        match node:
            case Clauses():
                return self.clauses(node, field)
            case And(nodes):
                return every([self.operand(each, field) for each in nodes])
            case Or(nodes):
                return either([self.operand(each, field) for each in nodes])
            case Not(inner):
                return self.without(self.operand(inner, field))
            case Field(name, inner):
                return self.operand(inner, name)
            case All():
                return dict.fromkeys(self.documents, 0.0)
            case Words():
                return self.operand(node, field)
            case Phrase(text, _, slop):
                words = self.analyzer.terms(text)
                if len(words) == 1:
                    return self.word(words[0], field)
                return self.levels(
                    field,
                    [
                        (weight, lambda run, level=level: phrase(run, words, level, slop), None)
                        for level, weight in self.ranking.levels
                    ],
                    words,
                )
            case Exact(text):
                words = self.analyzer.terms(text)
                if len(words) == 1:
                    return self.surfaces({words[0].surface: 1.0}, field)
                count = lambda run: phrase(run, words, "surface", 0)  # noqa: E731
                return self.levels(field, [(1.0, count, "surface")], words)
            case Pattern(text):
                expression = re.compile(
                    "".join({"*": ".*", "?": "."}.get(part) or re.escape(fold(part))
                    for part in re.split(r"([*?])", text) if part), re.DOTALL
                )  # fmt: skip
                found = [word for word in self.vocabulary(field) if expression.fullmatch(word)]
                return self.surfaces(dict.fromkeys(found, 1.0), field)
            case Fuzzy(text, _, distance):
                (typed,) = self.analyzer.terms(text)
                near = {
                    word: VARIANT_FACTOR
                    for word in self.vocabulary(field)
                    if levenshtein(word, typed.surface) <= distance
                }
                return self.surfaces(near | {typed.surface: 1.0}, field)

    def operand(self, node: Node, field: str) -> Scores:
        if isinstance(node, Words) and field != "section":
            return every([self.word(terms, field) for terms in self.analyzer.terms(node.text)])
        return self.scores(node, field)

    def clauses(self, node: Clauses, field: str) -> Scores:
        should, stop_words, must, must_not = [], [], [], []
        for clause in node.clauses:
            if clause.occur is Occur.MUST:
                must.append(self.operand(clause.node, field))
            elif clause.occur is Occur.MUST_NOT:
                must_not.append(self.operand(clause.node, field))
            elif isinstance(clause.node, Words) and field != "section":
                for terms in self.analyzer.terms(clause.node.text):
                    found = self.word(terms, field)
                    (stop_words if is_stopword(terms.surface) else should).append(found)
            else:
                should.append(self.scores(clause.node, field))
        if not should and not must:
            should = stop_words
        if must:
            added = either(should)
            result = {i: score + added.get(i, 0.0) for i, score in every(must).items()}
        elif should:
            result = either(should)
            if len(should) > 1:
                for i in result:
                    share = sum(i in each for each in should) / len(should)
                    result[i] *= share ** coordination(len(should))
        else:
            result = dict.fromkeys(self.documents, 0.0) if must_not else {}
        return {i: score for i, score in result.items() if i not in either(must_not)}

    def without(self, scores: Scores) -> Scores:
        return {i: 0.0 for i in self.documents if i not in scores}

    def section(self, value: str) -> Scores:
        found = {}
        for i, document in self.documents.items():
            value_here = document.fields.get("section", ())
            keywords = (value_here,) if isinstance(value_here, str) else value_here
            if fold_keyword(value) in map(fold_keyword, keywords):
                found[i] = 0.0
        return found

    def runs(self, document: Document, field: str) -> list[Run]:
        """Return the stretches of words that a field has, and what a word of each counts."""
        title, text = self.analyzed[document.id]
        return {"": [title, text], "title": [title], "text": [text]}[field]

    def vocabulary(self, field: str) -> set[str]:
        return {
            terms.surface
            for document in self.documents.values()
            for _weight, run in self.runs(document, field)
            for terms in run
        }

    def word(self, terms: Terms, field: str) -> Scores:
        variants = {
            word: VARIANT_FACTOR
            for word in self.vocabulary(field)
            if re.fullmatch("[a-z]{2,}", terms.surface)
            and re.fullmatch(re.escape(terms.surface) + r"\d+", word)
        }

        def counter(level: str) -> Callable[[Sequence[Terms]], float]:
            counted = {getattr(terms, level): 1.0, **variants}
            return lambda run: sum(counted.get(getattr(each, level), 0.0) for each in run)

        levels = [(weight, counter(level), None) for level, weight in self.ranking.levels]
        return self.levels(field, levels)

    def surfaces(self, counted: Mapping[str, float], field: str) -> Scores:
        def count(run: Sequence[Terms]) -> float:
            return sum(counted.get(terms.surface, 0.0) for terms in run)

        return self.levels(field, [(1.0, count, None)])

    def levels(self, field: str, levels: Sequence[tuple], words: Sequence[Terms] = ()) -> Scores:
        """Sum the scores of the levels for the documents that match on the first."""
        total: Scores = {}
        for number, (weight, count, only) in enumerate(levels):
            counts = {}
            for i, document in self.documents.items():
                found = sum(each * count(run) for each, run in self.runs(document, field))
                if found:
                    counts[i] = found
            if words:
                level = only or self.ranking.levels[number][0]
                idf = sum(self.idf(self.frequency(getattr(w, level), level, field)) for w in words)
            else:
                idf = self.idf(len(counts))
            for i, frequency in counts.items():
                if number == 0 or i in total:
                    total[i] = total.get(i, 0.0) + weight * idf * self.saturation(i, frequency)
        return total

    def frequency(self, term: str, level: str, field: str) -> int:
        return sum(
            any(
                getattr(each, level) == term
                for _w, run in self.runs(document, field)
                for each in run
            )
            for document in self.documents.values()
        )

    def idf(self, frequency: int) -> float:
        return math.log(1 + (len(self.documents) - frequency + 0.5) / (frequency + 0.5))

    def length(self, document: Document) -> float:
        return sum(weight * len(run) for weight, run in self.runs(document, ""))

    def saturation(self, i: str, frequency: float) -> float:
        norm = 1 - B + B * self.length(self.documents[i]) / self.mean_length
        return frequency / (frequency + K1 * norm)


def phrase(run: Sequence[Terms], words: Sequence[Terms], level: str, slop: int) -> int:
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


WORDS = [
    "كتاب",
    "والكتاب",
    "كتابهم",
    "بِالكتابِ",
    "مدرسة",
    "المدرسة",
    "مدارس",
    "طالب",
    "الطلاب",
    "بغداد",
    "لبغداد",
    "واشنطن",
    "الحشد",
    "الشعبي",
    "رئيس",
    "برئيس",
    "في",
    "من",
    "و",
    "ثم",
    "COVID",
    "COVID-19",
    "covid2",
    "Book",
    "book",
    "٢٠٢٤",
    "2024",
    "قران",
    "قرآن",
]


def random_documents(rng: random.Random, count: int) -> list[Document]:
    def words(most: int) -> str:
        return " ".join(rng.choices(WORDS, k=rng.randint(0, most)))

    sections: list = ["رياضة", "سياسة", ("رياضة", "سياسة"), None]
    documents = []
    for number in range(count):
        section = rng.choice(sections)
        fields = {"section": section} if section else {}
        documents.append(Document(str(number), words(12), title=words(4), fields=fields))
    return documents


def random_query(rng: random.Random, depth: int = 2) -> str:
    """Return a query of every kind that the language knows."""

    def some(low: int, high: int) -> str:
        return " ".join(rng.choices(WORDS, k=rng.randint(low, high)))

    def atom(depth: int) -> str:
        word = rng.choice(WORDS)
        kinds = [
            lambda: word,
            lambda: word,
            lambda: f'"{some(1, 3)}"',
            lambda: f'"{some(2, 3)}"~{rng.randint(1, 4)}',
            lambda: f"={word}",
            lambda: f'="{some(1, 2)}"',
            lambda: fold(word)[: rng.randint(1, 4)] + "*",
            lambda: "*" + fold(word)[-2:],
            lambda: (letters := fold(word)) and f"{letters[0]}?{letters[2:]}*",
            lambda: f"{word}~{rng.randint(0, 2)}",
            lambda: f"{rng.choice(['title', 'text'])}:{word}",
            lambda: f'{rng.choice(["title", "text"])}:"{some(1, 2)}"',
            lambda: f"section:{rng.choice(['رياضة', 'سِياسه', 'أخرى'])}",
            lambda: "*",
            lambda: f"{word}/{rng.choice(WORDS)}",
        ]
        if depth:
            kinds += [lambda: f"({query(depth - 1)})", lambda: f"title:({query(depth - 1)})"]
        return rng.choice(kinds)()

    def query(depth: int) -> str:
        parts = []
        for _ in range(rng.randint(1, 4)):
            joined = rng.choice(["", "", "", "+", "-", " AND ", " OR ", " AND NOT ", "NOT "])
            if joined.strip() in ("", "+", "-", "NOT"):
                parts.append(joined + atom(depth))
            else:
                parts.append(f"{atom(depth)}{joined}{atom(depth)}")
        return " ".join(parts)

    return query(depth)


def check(engine: Engine, reference: Reference, query: str) -> None:
    expected = reference.search(query)
    results = engine.search(query, limit=1000, snippets=0)
    scores = {hit.id: hit.score for hit in results.hits}
    assert results.total == len(results.hits) == len(scores)
    assert scores.keys() == expected.keys(), query
    assert scores == pytest.approx(expected, rel=1e-4, abs=1e-4), query
    ordered = [hit.score for hit in results.hits]
    assert ordered == sorted(ordered, reverse=True)
    assert sorted(engine.ids(query)) == sorted(expected)


def write(directory, documents: Sequence[Document], deleted: Sequence[str] = (), **options) -> None:
    with IndexWriter(directory, FIELDS) as writer:
        for document in documents:
            writer.upsert(document)
        for document_id in deleted:
            assert writer.delete(document_id)
        writer.commit(**options)


SIZES = (34, 16, 7, 3)
"""Documents of each run: every segment is more than twice the next, so no commit merges them."""

SEGMENTS = {"one segment": 1, "four segments": 4, "five with deletions": 5, "merged": 1}


@pytest.fixture(scope="module", params=SEGMENTS)
def collection(request, tmp_path_factory):
    """An index of a random collection and the documents that are live in it."""
    directory = tmp_path_factory.mktemp("reference") / "index"
    documents = random_documents(random.Random(request.param), sum(SIZES))
    live = {document.id: document for document in documents}
    if request.param == "one segment":
        write(directory, documents)
    else:
        for low, size in zip(accumulate(SIZES, initial=0), SIZES, strict=False):
            write(directory, documents[low : low + size])
    if SEGMENTS[request.param] == 5 or request.param == "merged":
        replaced = random_documents(random.Random(1), 11)[10]
        gone = ["3", "31", "46", "47", "56"]
        write(directory, [replaced], gone)
        live[replaced.id] = replaced
        for document_id in gone:
            del live[document_id]
    if request.param == "merged":
        write(directory, [], optimize=True)
    with Engine(directory) as engine:
        assert engine.info().segments == SEGMENTS[request.param]
    return directory, live


RANKINGS = {"graded": GRADED, "stem": STEM_ONLY, "surface": SURFACE_ONLY}


@pytest.mark.parametrize("name", RANKINGS)
def test_random_queries(collection, name):
    directory, live = collection
    rng = random.Random(f"queries {name}")
    with Engine(directory, ranking=RANKINGS[name]) as engine:
        reference = Reference(live, Analyzer(), RANKINGS[name])
        assert engine.info().documents == len(live)
        for _ in range(150 if name == "graded" else 40):
            check(engine, reference, random_query(rng))


@pytest.mark.stress
@pytest.mark.parametrize("seed", range(20))
def test_many_random_queries(collection, seed):
    directory, live = collection
    rng = random.Random(seed)
    with Engine(directory) as engine:
        reference = Reference(live, Analyzer(), GRADED)
        for _ in range(500):
            check(engine, reference, random_query(rng, depth=3))


def test_segments_do_not_change_scores_or_sets(collection, tmp_path):
    directory, live = collection
    write(tmp_path / "merged", list(live.values()))
    rng = random.Random("segments")
    with Engine(directory) as spread, Engine(tmp_path / "merged") as merged:
        for _ in range(100):
            query = random_query(rng)
            first = {hit.id: hit.score for hit in spread.search(query, limit=1000).hits}
            second = {hit.id: hit.score for hit in merged.search(query, limit=1000).hits}
            assert first == pytest.approx(second, rel=1e-5)
