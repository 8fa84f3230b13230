"""Following words: which words come after some others, read from the texts of a sample of documents.

A cluster does not count pairs of words. It finds the documents that have some words in a row and sends
some of them, drawn at random, or all where they are few; the words that come next are counted here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from analyzers import Analyzer
from analyzers.analyzer import Terms
from analyzers.normalization.spelling import UNKNOWN, spelling
from analyzers.tokenized_text import TokenizedText
from indexer.cluster.encoding import decode
from indexer.segment.segment import DEFAULT_FIELD
from searchd import budget
from searchd.cluster.requests import FollowingLookup, following_query

MOST_DOCUMENTS = 150
"""Documents of a sample."""

LONGEST = 2500
"""Words of the longest document of a sample, with the title as often as its weight: some 30 KB."""

_MOST_DRAWN_FROM = 20_000
"""Documents of a shard that a sample is drawn from, the first that have the words."""

_SEED = 1
"""The same documents are drawn each time, so that letters that are typed next do not change them."""

MOST_WORDS_AFTER = 3
"""Words after the others that are read."""


class FollowingQuestion(NamedTuple):
    """A question for the words that come after some others in a field."""

    field: str
    words: tuple[Terms, ...]

    def searches(self) -> list[dict[str, Any]]:
        """Return what the cluster is asked: for a sample, and whether there are longer documents."""
        found = following_query(FollowingLookup(self.field, self.words))
        short = {"bool": {"filter": [found, {"range": {"length": {"lte": LONGEST}}}]}}
        random = {"seed": _SEED, "field": "ordinal"}
        texts = ["title", "text"] if self.field in ("", "title", "text") else None
        return [
            {
                "query": {
                    "function_score": {
                        "query": short,
                        "random_score": random,
                        "boost_mode": "replace",
                    }
                },
                "size": MOST_DOCUMENTS,
                "terminate_after": _MOST_DRAWN_FROM,
                "track_total_hits": MOST_DOCUMENTS + 1,
                **({} if texts is None else {"_source": texts}),
            },
            {
                "query": {"bool": {"filter": [found, {"range": {"length": {"gt": LONGEST}}}]}},
                "size": 0,
                "track_total_hits": 1,
                "terminate_after": 1,
            },
        ]


@dataclass(frozen=True, slots=True)
class FollowingWords:
    """What comes after some words in a sample of the documents that have them in a row.

    `rows`: how often which words come next, up to `MOST_WORDS_AFTER` in order. `spellings`: how each
    of them is spelled there. `complete`: whether the sample is all documents.
    """

    rows: Counter[tuple[str, ...]]
    spellings: dict[str, Counter[str]]
    complete: bool

    def __len__(self) -> int:
        return len(self.rows) + len(self.spellings)

    def next_words(self, prefixes: Sequence[str]) -> Counter[str]:
        """Return how often words with one of some prefixes come next."""
        found = Counter[str]()
        for row, count in self.rows.items():
            if row[0].startswith(tuple(prefixes)):
                found[row[0]] += count
        return found

    def after(self, words: Sequence[str]) -> tuple[Counter[str], int]:
        """Return how often which words come after some that come next, and how often these do."""
        found, total, size = Counter[str](), 0, len(words)
        for row, count in self.rows.items():
            if row[:size] == tuple(words):
                total += count
                if len(row) > size:
                    found[row[size]] += count
        return found, total


def read_following(
    question: FollowingQuestion, answers: Sequence[Any], analyzer: Analyzer
) -> FollowingWords:
    """Return what the answers to a question say."""
    sample, longer = (answer["hits"] for answer in answers)
    rows, spellings = Counter[tuple[str, ...]](), dict[str, Counter[str]]()
    texts = [
        text for hit in sample["hits"] for text in _texts(hit["_source"], question.field) if text
    ]
    for text in analyzer.tokenize_all(texts):
        budget.check(question.words[-1].surface)
        for position in _ends(text, question.words):
            row = []
            for after in range(position, min(position + MOST_WORDS_AFTER, len(text))):
                surface = text.surface(after)
                row.append(surface)
                if text.is_whole_word(after):
                    spelled = spelling(text.written(after), surface)
                    if UNKNOWN not in spelled:
                        spellings.setdefault(surface, Counter())[spelled] += 1
            if row:
                rows[tuple(row)] += 1
    complete = sample["total"]["value"] <= MOST_DOCUMENTS and not longer["total"]["value"]
    return FollowingWords(rows, spellings, complete)


def _texts(source: Any, field: str) -> tuple[str, ...]:
    if field == DEFAULT_FIELD:
        return source["title"], source["text"]
    if field in ("title", "text"):
        return (source[field],)
    return (str(decode(source)[0].fields.get(field, "")),)


def _ends(text: TokenizedText, words: Sequence[Terms]) -> Iterator[int]:
    """Yield the positions after words in a row: one word by its surface form, several by their stems."""
    if len(words) == 1:
        for positions in text.surface_positions_of({words[0].surface}).values():
            yield from (position + 1 for position in positions)
        return
    places = text.positions_of({word.stem for word in words})
    others = [set(places.get(word.stem, ())) for word in words]
    for position in places.get(words[0].stem, ()):
        if all(position + number in other for number, other in enumerate(others)):
            yield position + len(words)
