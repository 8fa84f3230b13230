"""Document frequencies by reading every text: the expected totals of the engines.

Words are compared by their surface form.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from analyzers import Analyzer
from analyzers.stemming.stopwords import is_another_word
from benchmarks.workload import Query, read_documents
from searchd.query.particles import joined_particles


def count_documents(corpus: Path, queries: Iterable[Query]) -> dict[Query, int]:
    """Return in how many documents each query occurs, in the title or the text.

    A phrase occurs where its words are adjacent, but not across title and text. For several words
    that are not a phrase it is the document frequency of the rarest.
    """
    analyzer = Analyzer()
    words = {query: _surfaces(analyzer, query.text) for query in queries}
    wanted = {word for surfaces in words.values() for word in surfaces}
    by_first: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    for phrase in {words[query] for query in words if query.is_phrase and words[query]}:
        by_first[phrase[0]].append(phrase)
    frequencies: Counter[str] = Counter()
    phrases: Counter[tuple[str, ...]] = Counter()
    for document in read_documents(corpus):
        parts = [_surfaces(analyzer, document[name]) for name in ("title", "text")]
        frequencies.update(wanted & {*parts[0], *parts[1]})
        phrases.update({phrase for part in parts for phrase in _phrases(part, by_first)})
    return {
        query: phrases[surfaces]
        if query.is_phrase
        else min((frequencies[word] for word in surfaces), default=0)
        for query, surfaces in words.items()
    }


def is_exact(query: Query) -> bool:
    """Return whether `count_documents` must equal the total of a search by surface form.

    It need not for several words that are not a phrase, nor for a phrase with a particle that
    stands alone ("و تتراوح" finds وتتراوح too), nor for a name that is written like a function word
    but for its last letter (علي does not find على).
    """
    terms = _surfaces(Analyzer(), query.text)
    if len(terms) == 1:
        return not is_another_word(query.text)
    return query.is_phrase and joined_particles(terms) == [*terms]


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
