"""Random queries of every kind, over the words of an index."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from whoosh import query as q
from whoosh.query import spans

Make = Callable[[], q.Query]


class Queries:
    """Makes queries by chance. `vocabulary` has the terms of each field, those of `phrases` runs."""

    def __init__(
        self, seed: int, vocabulary: dict[str, list[str]], phrases: Sequence[Sequence[str]]
    ) -> None:
        self.chance = random.Random(seed)
        self._vocabulary = vocabulary
        self._phrases = phrases
        self.kinds: dict[str, Make] = {
            "term": self.term,
            "or": lambda: q.Or(self._some(self.term, 2, 6)),
            "or-scaled": lambda: q.Or(self._some(self.term, 2, 4), scale=0.8),
            "and": lambda: q.And(self._some(self.common, 2, 3)),
            "not": lambda: q.And([self.common(), q.Not(self.common())]),
            "and-not": lambda: q.AndNot(self.common(), self.common()),
            "and-maybe": lambda: q.AndMaybe(self.common(), self.term()),
            "require": lambda: q.Require(self.common(), self.common()),
            "otherwise": lambda: q.Otherwise(self.term(), self.common()),
            "dis-max": lambda: q.DisjunctionMax(self._some(self.term, 2, 2)),
            "phrase": self.phrase,
            "phrase-slop": lambda: self.phrase(self.chance.randint(2, 6)),
            "sequence": lambda: q.Sequence(self._some(self.common, 2, 3), slop=9),
            "ordered": lambda: q.Ordered(self._some(self.common, 2, 2)),
            "prefix": lambda: q.Prefix(*self._pattern("{}")),
            "prefix-scored": lambda: q.Prefix(*self._pattern("{}"), constantscore=False),
            "wildcard": lambda: q.Wildcard(*self._pattern("*{}?")),
            "regex": lambda: q.Regex(*self._pattern("{}[ا-ي]+")),
            "fuzzy": self.fuzzy,
            "term-range": self.term_range,
            "every": lambda: q.Every(self.chance.choice((None, "title_stem", "section", "date"))),
            "number-range": self.number_range,
            "date-range": self.date_range,
            "keyword": lambda: self.term("section"),
            "id": lambda: self.term("id"),
            "column": lambda: q.ConstantScoreQuery(
                q.ColumnQuery("price", self.chance.uniform(-99, 99).__lt__)
            ),
            "constant": lambda: q.ConstantScoreQuery(self.term(), 2.5),
            "boost": lambda: self.term().with_boost(self.chance.uniform(0.1, 4)),
            "span-near": lambda: q.SpanNear(
                self.common(), self.common(), slop=5, ordered=self.chance.random() < 0.5
            ),
            "span-near-2": lambda: q.SpanNear2(self._some(self.common, 2, 3), slop=8),
            "span-first": lambda: q.SpanFirst(self.common(), limit=self.chance.randrange(9)),
            "span-not": lambda: q.SpanNot(self.common(), self.common()),
            "span-or": lambda: q.SpanOr(self._some(self.common, 2, 3)),
            "span-contains": lambda: q.SpanContains(self._near(), self.common()),
            "span-before": lambda: q.SpanBefore(self.common(), self.common()),
            "span-condition": lambda: spans.SpanCondition(self.common(), self.common()),
            "nested-parent": lambda: q.NestedParent(self.term("section"), self.common()),
            "nested-children": lambda: q.NestedChildren(self.term("section"), self.term("section")),
            "tree": lambda: self.tree(3),
        }

    def make(self, kind: str) -> q.Query:
        """Return a query of one kind."""
        return self.kinds[kind]()

    def term(self, field: str = "") -> q.Term:
        field = field or self._field()
        if self.chance.random() < 0.03:
            return q.Term(field, "كلمةلاتوجد")
        return q.Term(field, self.chance.choice(self._vocabulary[field]))

    def common(self) -> q.Term:
        """Return a frequent word of the text."""
        return q.Term("stem", self.chance.choice(self._vocabulary["common"]))

    def phrase(self, slop: int = 1) -> q.Phrase:
        field = self.chance.choice(("stem", "text_stem"))
        run = self.chance.choice(self._phrases)
        start = self.chance.randrange(max(1, len(run) - 3))
        words = list(run[start : start + self.chance.randint(2, 3)])
        if slop > 1 and len(words) > 2:
            del words[1]
        return q.Phrase(field, words, slop=slop)

    def fuzzy(self) -> q.Query:
        field, word = self._pattern("{}", longest=9)
        distance = self.chance.randint(1, 2)
        prefix = self.chance.randint(0, 2)
        return q.FuzzyTerm(field, word, maxdist=distance, prefixlength=prefix)

    def term_range(self) -> q.Query:
        field = self._field()
        first, last = sorted(self.chance.choices(self._vocabulary[field], k=2))
        excluded = [self.chance.random() < 0.5 for _ in range(2)]
        scored = self.chance.random() < 0.5
        return q.TermRange(field, first, last, *excluded, constantscore=not scored)

    def number_range(self) -> q.Query:
        ends: list[float | None] = sorted(self.chance.uniform(-120, 120) for _ in range(2))
        ends = self.chance.choice((ends, [ends[0], None], [None, ends[1]], [-1.5, 7.0]))
        return q.NumericRange("price", *ends, *(self.chance.random() < 0.5 for _ in range(2)))

    def date_range(self) -> q.Query:
        name = self.chance.choice(("date", "seen"))
        first = datetime(2019, 6, 1) if name == "date" else datetime(1955, 1, 1)
        days = 1000 if name == "date" else 35_000
        ends = sorted(first + timedelta(self.chance.uniform(0, days)) for _ in range(2))
        return q.DateRange(name, *ends)

    def tree(self, depth: int) -> q.Query:
        if depth == 0 or self.chance.random() < 0.2:
            return self.chance.choice((self.term, self.common, self.phrase))()
        parts = [self.tree(depth - 1) for _ in range(self.chance.randint(2, 3))]
        kind = self.chance.randrange(5)
        if kind == 0:
            return q.And(parts)
        if kind == 1:
            return q.AndMaybe(parts[0], parts[1])
        if kind == 2:
            return q.AndNot(parts[0], parts[1])
        if kind == 3:
            return q.Require(parts[0], parts[1])
        return q.Or(parts)

    def _near(self) -> q.Query:
        return q.SpanNear(self.common(), self.common(), slop=9, ordered=False)

    def _field(self) -> str:
        return self.chance.choice(
            ("stem", "stem", "surface", "title_stem", "text_surface", "note_stem")
        )

    def _pattern(self, form: str, longest: int = 3) -> tuple[str, str]:
        field = self._field()
        word = self.chance.choice([word for word in self._vocabulary[field] if word.isalpha()])
        return field, form.format(word[: self.chance.randint(min(2, longest), longest)])

    def _some(self, make: Callable[[], q.Query], least: int, most: int) -> list[q.Query]:
        return [make() for _ in range(self.chance.randint(least, most))]
