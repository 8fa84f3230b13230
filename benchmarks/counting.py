"""Counting without an index: the documents of a query, by reading every text.

What the engines answer is held against this. Words are compared by their surface form.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from analyzers import Analyzer
from benchmarks.workload import Query, read_documents


def count_documents(corpus: Path, queries: Iterable[Query]) -> dict[Query, int]:
    """Return how many documents hold each query in their title or text.

    A phrase counts where its words stand in a row, not across title and text. Several words that
    are no phrase count as often as the rarest of them.
    """
    analyzer = Analyzer()
    words = {query: _surfaces(analyzer, query.text) for query in queries}
    wanted = {word for found in words.values() for word in found}
    by_first: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    for found in {words[query] for query in words if query.is_phrase and words[query]}:
        by_first[found[0]].append(found)
    holding: Counter[str] = Counter()
    phrases: Counter[tuple[str, ...]] = Counter()
    for document in read_documents(corpus):
        parts = [_surfaces(analyzer, document[name]) for name in ("title", "text")]
        holding.update(wanted & {*parts[0], *parts[1]})
        phrases.update({phrase for part in parts for phrase in _phrases(part, by_first)})
    return {
        query: phrases[found]
        if query.is_phrase
        else min((holding[word] for word in found), default=0)
        for query, found in words.items()
    }


def is_exact(query: Query) -> bool:
    """Tell whether `count_documents` counts what a search by surface form finds.

    Not for several words that are no phrase, nor for a Latin word, which also finds itself with a
    number (COVID finds COVID-19).
    """
    terms = _surfaces(Analyzer(), query.text)
    return (query.is_phrase or len(terms) == 1) and not query.text.isascii()


def _surfaces(analyzer: Analyzer, text: str) -> tuple[str, ...]:
    return tuple(terms.surface for terms in analyzer.terms(text))


def _phrases(
    surfaces: tuple[str, ...], by_first: dict[str, list[tuple[str, ...]]]
) -> Iterable[tuple[str, ...]]:
    for index, surface in enumerate(surfaces):
        if surface in by_first:
            for phrase in by_first[surface]:
                if surfaces[index : index + len(phrase)] == phrase:
                    yield phrase
